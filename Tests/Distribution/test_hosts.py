"""What CI hosts take: each is valid by its host's schema, and its shell steps are run as the host runs them."""

import importlib.util
import json
import os
import re
import shutil
import sys
import unittest

from case import Case
from harness.places import EXAMPLES, PROGRAM, ROOT

try:
    import yaml
except ImportError:
    yaml = None

PLUGIN = ROOT / "plugin"
CHECK = os.path.join(os.path.dirname(sys.executable), "check-jsonschema")
ADDRESS = "--vault-addr=https://vault.example.com:8200"
NOT_INJECTED = "Deployment/checkout asks for injection and is not injected"
EXPRESSION = re.compile(r"\$\{\{\s*(.+?)\s*\}\}")


def read(name):
    return (PLUGIN / name).read_text()


@unittest.skipUnless(yaml, "PyYAML is not installed")
class Host(Case):
    def setUp(self):
        super().setUp()
        tools = self.folder / ".tools"
        tools.mkdir()
        (tools / "kubectl-vault-inject").symlink_to(PROGRAM)
        (self.folder / "runner").mkdir()
        self.environment |= {"PATH": f"{tools}:{self.environment['PATH']}", "TMPDIR": str(self.folder / "runner")}
        self.project = self.folder / "project"
        for name in ("k8s", "more manifests"):
            (self.project / name).mkdir(parents=True)
        shutil.copy(EXAMPLES / "deployment.yaml", self.project / "k8s")
        self.write("project/more manifests/map.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: map}\n")

    def check(self, schema, path, *options):
        if not importlib.util.find_spec("check_jsonschema"):
            self.skipTest("check-jsonschema cannot be had from PyPI")
        return self.run_program(CHECK, "--builtin-schema", schema, *options, path)

    def inject_all(self):
        self.check_program("kubectl-vault-inject", "-q", "-i", "-R", ADDRESS, "k8s", cwd=self.project)

    def misspell(self):
        path = self.project / "more manifests/web.yaml"
        path.write_text((self.project / "k8s/deployment.yaml").read_text().replace(
            "        sidecar.vault.talend.org/inject:",
            "        sidecar.vault.talend.org/rule: shop\n        sidecar.vault.talend.org/inject:"))


class GitHub(Host):
    def setUp(self):
        super().setUp()
        self.action = yaml.safe_load(read("github/action.yml")) if yaml else None

    def step(self, name, **inputs):
        """Runs a step of the action as a runner does."""
        step = next(each for each in self.action["runs"]["steps"] if each["name"] == name)
        values = {key: each["default"] for key, each in self.action["inputs"].items()} | inputs
        self.assertNotRegex(step["run"], EXPRESSION, "an input in a script is run as a part of it")
        given = {key: EXPRESSION.sub(lambda match: values[match[1].removeprefix("inputs.")], value)
                 for key, value in step["env"].items()}
        script = self.write("runner/step.sh", step["run"])
        return self.run_program(
            "bash", "--noprofile", "--norc", "-eo", "pipefail", script, cwd=self.project,
            env=given | {"GITHUB_WORKSPACE": str(self.project)})

    def test_the_schemas_take_the_action_and_the_workflow(self):
        self.succeeded(self.check("vendor.github-actions", PLUGIN / "github/action.yml"))
        self.succeeded(self.check("vendor.github-workflows", PLUGIN / "github/release.yml"))
        wrong = self.write("action.yml", read("github/action.yml").replace("using: composite", "using: compost"))
        self.assertEqual(self.check("vendor.github-actions", wrong).code, 1)

    def test_what_is_not_injected_is_annotated(self):
        run = self.step("Find what is not injected", paths="k8s\nmore manifests\n", options=ADDRESS)
        self.demand(run, 1, "::error file=k8s/deployment.yaml,line=3", NOT_INJECTED)
        self.inject_all()
        run = self.step("Find what is not injected", paths="k8s\nmore manifests\n", options=ADDRESS)
        self.assertEqual((run.code, run.err), (0, ""))

    def test_code_scanning_gets_a_file(self):
        run = self.step("Find what is not injected", **{"sarif-file": "../runner/check.sarif"})
        self.demand(run, 1, "::error file=k8s/deployment.yaml")
        found = json.loads((self.folder / "runner/check.sarif").read_text())
        self.assertIn(NOT_INJECTED, json.dumps(found))

    def test_what_will_not_work_is_annotated(self):
        self.assertEqual(self.step("Find what will not work", paths="k8s").code, 0)
        self.misspell()
        run = self.step("Find what will not work", paths="k8s\nmore manifests")
        self.demand(run, 1, "file=more manifests/web.yaml,line=", "title=unknown-annotation")

    def test_the_program_is_installed_where_there_is_none(self):
        self.write(".pipx/pipx", '#!/bin/sh\necho "$@"\n', 0o755)
        name = "Install kubectl-vault-inject"
        self.assertNotIn("install", self.step(name).out)
        self.environment["PATH"] = f"{self.folder}/.pipx:/usr/bin:/bin"
        self.assertEqual(self.step(name).out, "install kubectl-vault-inject==0.2.0\n")

    def test_the_workflow_builds_with_the_options_there_are(self):
        text = read("github/release.yml")
        for job in yaml.safe_load(text)["jobs"]["build"]["strategy"]["matrix"]["include"]:
            run = self.run_program("bash", PLUGIN / "package.sh", "--only", f"{job['kinds']},none", "out")
            self.demand(run, 69, "there is no kind none")
        called = re.findall(r"bash plugin/package\.sh (.+)", text)
        self.assertEqual(len(called), 2)
        self.write("out/kubectl-vault-inject_v0.2.0_linux_amd64.tar.gz", "an archive")
        words = called[1].replace("release ", "out ", 1)
        run = self.run_program("bash", "-c", f"bash {PLUGIN}/package.sh {words}",
                               env={"REPOSITORY": "https://example.com/a/b", "TAG": "v0.2.0"})
        made = ["out/vault-inject.yaml", "out/kubectl-vault-inject.rb", "out/SHA256SUMS"]
        self.assertEqual(self.succeeded(run).split(), made)


class GitLab(Host):
    def setUp(self):
        super().setUp()
        self.header, self.text = read("gitlab/vault-inject.yml").split("\n---\n")

    def jobs(self, **inputs):
        """The jobs that an include with these inputs makes."""
        declared = yaml.safe_load(self.header)["spec"]["inputs"]
        values = {name: json.dumps(each["default"]) for name, each in declared.items()}
        values |= {name: json.dumps(value) for name, value in inputs.items()}
        return yaml.safe_load(re.sub(r"\$\[\[ inputs\.(\w+) \]\]", lambda match: values[match[1]], self.text))

    def job(self, name, **inputs):
        """A job with what it extends."""
        jobs = self.jobs(**inputs)
        own = dict(jobs[name])
        return jobs[own.pop("extends")] | own

    def run_job(self, name, **inputs):
        """Runs a job as a runner does in an image whose shell is a small one."""
        job = self.job(name, **inputs)
        lines = "\n".join([*job["before_script"], *job["script"]])
        run = self.run_program("sh", "-ec", lines, cwd=self.project, env=job["variables"])
        report = self.project / job["artifacts"]["reports"]["codequality"]
        return run, json.loads(report.read_text())

    def test_the_schema_takes_the_jobs(self):
        # The schema lets jobs be anything that are there for others to extend.
        text = yaml.safe_dump({name: self.job(name) for name in ("vault-inject-lint", "vault-inject-check")})
        path = self.write("jobs.yml", text)
        self.succeeded(self.check("vendor.gitlab-ci", path, "--data-transform", "gitlab-ci"))
        wrong = self.write("wrong.yml", text.replace("when: always", "when: sometimes"))
        self.assertEqual(self.check("vendor.gitlab-ci", wrong, "--data-transform", "gitlab-ci").code, 1)

    def test_inputs_are_described_and_used(self):
        inputs = yaml.safe_load(self.header)["spec"]["inputs"]
        self.assertEqual(set(inputs), set(re.findall(r"\$\[\[ inputs\.(\w+) \]\]", self.text)))
        for name, each in inputs.items():
            self.assertEqual(set(each), {"description", "default"}, name)

    def test_the_check_fails_with_its_report(self):
        run, report = self.run_job("vault-inject-check", options=ADDRESS)
        self.assertEqual(run.code, 1, run)
        self.assertEqual([(each["location"]["path"], each["check_name"]) for each in report],
                         [("k8s/deployment.yaml", "not-injected")])
        self.inject_all()
        (self.project / "gl-code-quality-report.json").unlink()
        run, report = self.run_job("vault-inject-check", paths="k8s", options=ADDRESS)
        self.assertEqual((run.code, report), (0, []), run)

    def test_lint_fails_with_its_report(self):
        self.misspell()
        run, report = self.run_job("vault-inject-lint")
        self.assertEqual(run.code, 1, run)
        self.assertIn(("more manifests/web.yaml", "unknown-annotation"),
                      [(each["location"]["path"], each["check_name"]) for each in report])


class Tekton(Host):
    def setUp(self):
        super().setUp()
        self.task = yaml.safe_load(read("tekton/task.yaml")) if yaml else None

    def replaced(self, words, values):
        """Arguments with the parameters in them; an array takes the place of the word that names it."""
        for word in words:
            array = re.fullmatch(r"\$\(params\.([\w-]+)\[\*\]\)", word)
            yield from values[array[1]] if array else [word]

    def run_step(self, name, **params):
        step = next(each for each in self.task["spec"]["steps"] if each["name"] == name)
        values = {each["name"]: each.get("default") for each in self.task["spec"]["params"]} | params
        command = step.get("command")
        if not command:
            script = step["script"].replace("$(results.exit-code.path)", str(self.folder / "exit-code"))
            command = [self.write("runner/script", script, 0o755)]
        return self.run_program(*command, *self.replaced(step["args"], values), cwd=self.project)

    def test_it_is_a_task(self):
        """Tekton has no schema on PyPI: these are the rules of its API that concern this task."""
        self.assertEqual((self.task["apiVersion"], self.task["kind"]), ("tekton.dev/v1", "Task"))
        spec = self.task["spec"]
        self.assertLessEqual(set(spec), {"description", "params", "workspaces", "results", "stepTemplate", "steps"})
        for param in spec["params"]:
            self.assertLessEqual(set(param), {"name", "type", "description", "default"})
            self.assertIsInstance(param["default"], list if param["type"] == "array" else str)
        for step in spec["steps"]:
            self.assertFalse({"command", "script"} <= set(step), "a step has a command or a script")
        used = set(re.findall(r"\$\(((?:params|workspaces|results)\.[\w-]+)", read("tekton/task.yaml")))
        declared = {f"{kind}.{each['name']}" for kind in ("params", "workspaces", "results") for each in spec[kind]}
        self.assertEqual(used, declared)

    def test_the_check_fails_and_says_with_what_code(self):
        run = self.run_step("check", paths=["k8s", "more manifests"], options=[ADDRESS])
        self.demand(run, 1, "Deployment/checkout would be injected")
        self.assertEqual((self.folder / "exit-code").read_text(), "1")
        self.inject_all()
        self.assertEqual(self.run_step("check", options=[ADDRESS]).code, 0)
        self.assertEqual((self.folder / "exit-code").read_text(), "0")

    def test_lint(self):
        self.assertEqual(self.run_step("lint").code, 0)
        self.misspell()
        self.demand(self.run_step("lint"), 1, "[unknown-annotation]")


class Versions(Host):
    """Whatever tells a version, tells that of the program."""

    PLACES = {
        "krew/vault-inject.yaml": r"version: v(\S+)", "helm/plugin.yaml": r"version: (\S+)",
        "argocd/sidecar.yaml": r"image: \S+:(\S+)", "Containerfile": r"-t \S+:(\S+)", "CHANGELOG.md": r"## (\S+)",
        "github/action.yml": r"(?:inject==|@v)(\d\S*)", "gitlab/vault-inject.yml": r"(?:inject==|ref: v)(\d\S*)",
        "tekton/task.yaml": r"(?:version: \"|vault-inject:)(\d[^\s\"]*)", "README.md": r"rev: v(\S+)",
        "../pyproject.toml": r"(?:version = \"|inject==)([\d.]+)\"",
    }

    def test_every_file_of_a_release_has_its_number(self):
        number = self.check_program(PROGRAM, "version").split()[1]
        for name, pattern in self.PLACES.items():
            told = re.findall(pattern, read(name))[:1 if name == "CHANGELOG.md" else None]
            self.assertEqual(set(told), {number}, name)
