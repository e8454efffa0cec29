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


class GitHubRelease(Host):
    """The workflow of a release: its scripts are run where they take nothing of GitHub's."""

    def setUp(self):
        super().setUp()
        self.jobs = yaml.safe_load(read("github/release.yml"))["jobs"] if yaml else None
        (self.project / "plugin").symlink_to(PLUGIN)
        (self.project / "Sources").symlink_to(ROOT / "Sources")

    def step(self, job, name, **variables):
        """Runs a step of a job as a runner does, for a tag."""
        step = next(each for each in self.jobs[job]["steps"] if each.get("name") == name)
        self.assertNotRegex(step["run"], EXPRESSION, "what an expression gives is run as a part of the script")
        script = self.write("runner/step.sh", step["run"])
        given = {"TAG": "v0.2.0", "REPOSITORY": "https://example.com/a/b", "GITHUB_REPOSITORY": "a/b", **variables}
        return self.run_program("bash", "--noprofile", "--norc", "-e", script, cwd=self.project, env=given)

    def test_it_builds_with_the_options_there_are(self):
        for job in self.jobs["build"]["strategy"]["matrix"]["include"]:
            run = self.step("build", "Build and pack", KINDS=f"{job['kinds']},none")
            self.demand(run, 69, "there is no kind none")

    def test_a_tag_of_another_version_is_not_built(self):
        name = "Compare the tag with the version of the program"
        self.succeeded(self.step("build", name))
        for tag in ("v0.2", "v0.2.1", "v0x2.0"):
            self.assertEqual(self.step("build", name, TAG=tag).code, 1, tag)

    def test_manifests_and_sums_are_of_all_systems(self):
        archives = [f"kubectl-vault-inject_v0.2.0_{system}.tar.gz"
                    for system in ("darwin_arm64", "linux_amd64", "linux_arm64")]
        wheel = "kubectl_vault_inject-0.2.0-py3-none-macosx_15_0_arm64.whl"
        for name in (*archives, wheel):
            self.write(f"project/release/{name}", name)
        made = self.succeeded(self.step("publish", "Write the manifests and the sums")).split()
        self.assertEqual(made, [f"release/{name}" for name in (
            "vault-inject.yaml", "kubectl-vault-inject.rb", "SHA256SUMS")])
        platforms = yaml.safe_load((self.project / made[0]).read_text())["spec"]["platforms"]
        self.assertEqual([each["uri"] for each in platforms],
                         [f"https://example.com/a/b/releases/download/v0.2.0/{name}" for name in archives])
        listed = (self.project / made[2]).read_text().split()[1::2]
        self.assertEqual(set(listed), {*archives, wheel, "vault-inject.yaml", "kubectl-vault-inject.rb"})

    def test_the_notes_are_those_of_the_version(self):
        name = "Take what is said of this version from the change log"
        self.succeeded(self.step("publish", name, TAG="v0.1.0"))
        text = read("CHANGELOG.md")
        self.assertEqual((self.project / "notes.md").read_text(), text.partition("## 0.1.0\n")[2])
        self.succeeded(self.step("publish", name))
        self.assertEqual((self.project / "notes.md").read_text(),
                         text.partition("## 0.2.0\n")[2].partition("## 0.1.0\n")[0])

    def test_wheels_are_published_that_have_their_sums(self):
        """`gh` is stood in for by a script that has downloaded a release."""
        wheel = "kubectl_vault_inject-0.2.0-py3-none-macosx_15_0_arm64.whl"
        self.write(f"project/release/{wheel}", "a wheel")
        self.write("project/release/kubectl-vault-inject_v0.2.0_linux_amd64.tar.gz", "an archive")
        self.check_program("bash", PLUGIN / "package.sh", "--only", "sums", "release", cwd=self.project)
        (self.project / "release/kubectl-vault-inject_v0.2.0_linux_amd64.tar.gz").unlink()
        self.write(".tools/gh", '#!/bin/sh\necho "$@"\n', 0o755)
        told = self.succeeded(self.step("pypi", "Fetch the wheels"))
        self.assertTrue(told.startswith("release download v0.2.0 --repo a/b --dir release "), told)
        self.assertEqual(os.listdir(self.project / "wheels"), [wheel])
        self.write(f"project/release/{wheel}", "another wheel")
        self.assertEqual(self.step("pypi", "Fetch the wheels").code, 1)

    def test_a_job_may_do_what_its_steps_ask_for(self):
        wanted = {"build": {"contents": "read"},
                  "publish": {"contents": "write", "id-token": "write", "attestations": "write"},
                  "pypi": {"contents": "read", "id-token": "write"}}
        self.assertEqual({name: job["permissions"] for name, job in self.jobs.items()}, wanted)
        events = {name: job.get("if", "").rpartition(" == ")[2] or f"after {job['needs']}"
                  for name, job in self.jobs.items()}
        self.assertEqual(events, {"build": "'push'", "publish": "after build", "pypi": "'release'"})


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

    # Tekton has no schema on PyPI. These are the fields of its definition of a Task, each with whether it has to be
    # there, for as much of it as this task uses.
    FIELDS = {
        "task": {"apiVersion": True, "kind": True, "metadata": True, "spec": True},
        "spec": {"description": False, "params": False, "workspaces": False, "results": False, "stepTemplate": False,
                 "steps": True},
        "params": {"name": True, "type": True, "description": False, "default": False},
        "workspaces": {"name": True, "description": False, "readOnly": False, "optional": False, "mountPath": False},
        "results": {"name": True, "type": False, "description": False},
        # An image is asked for of each step or of what all steps begin as, which this task has.
        "stepTemplate": {"image": True, "workingDir": False, "securityContext": False, "env": False},
        "steps": {"name": True, "command": False, "args": False, "script": False, "image": False},
    }

    def faults(self, task):
        """What Tekton would say about a task."""
        spec = task.get("spec", {})
        lists = [(kind, each) for kind in ("params", "workspaces", "results", "steps") for each in spec.get(kind, [])]
        parts = [("task", task), ("spec", spec), ("stepTemplate", spec.get("stepTemplate", {})), *lists]
        for kind, part in parts:
            yield from (f"{kind}: unknown {name}" for name in part if name not in self.FIELDS[kind])
            yield from (f"{kind}: no {name}" for name, must in self.FIELDS[kind].items() if must and name not in part)
        names = [(kind, each.get("name")) for kind, each in lists]
        yield from (f"{kind}: two of {name}" for kind, name in set(names) if names.count((kind, name)) > 1)
        for param in spec.get("params", []):
            if not isinstance(param.get("default", ""), list if param.get("type") == "array" else str):
                yield f"params: the default of {param['name']} is of another type"
        for step in spec.get("steps", []):
            if {"command", "script"} <= set(step):
                yield f"steps: {step['name']} has a command and a script"
        used = set(re.findall(r"\$\(((?:params|workspaces|results)\.[\w-]+)", json.dumps(spec)))
        declared = {f"{kind}.{name}" for kind, name in names if kind != "steps"}
        yield from (f"{name} is declared or used, and not both" for name in used ^ declared)

    def test_it_is_a_task(self):
        self.assertEqual((self.task["apiVersion"], self.task["kind"]), ("tekton.dev/v1", "Task"))
        self.assertEqual(list(self.faults(self.task)), [])

    def test_what_is_no_task_is_found(self):
        text = read("tekton/task.yaml")
        for old, new, fault in (
                ("command: [", "comand: [", "steps: unknown comand"), ("    image:", "    picture:", "stepTemplate: no image"),
                ("- name: check", "- name: lint", "steps: two of lint"),
                ("default: [.]", "default: .", "params: the default of paths is of another type"),
                ("      script: |", "      command: [sh]\n      script: |", "steps: check has a command and a script"),
                ("params.options[*]", "params.option[*]", "params.option is declared or used, and not both")):
            self.assertIn(old, text)
            self.assertIn(fault, list(self.faults(yaml.safe_load(text.replace(old, new, 1)))))

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
