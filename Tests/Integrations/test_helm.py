"""Helm's post-renderer: by the contracts of Helm 3 and Helm 4, and in the real ones."""

import re
import shutil
import unittest
from pathlib import Path

import helm
from case import Case
from harness.places import ROOT
from manifests import ANNOTATED, REFUSED, without_added_lines

try:
    import yaml
except ImportError:
    yaml = None

PLUGIN = ROOT / "plugin/helm"
FILE_NAME = "postrenderer.helm.sh/postrender-filename"

# As Helm 3 sends a release: headers, templates that rendered to nothing, no hooks.
HELM_3 = f"""\
---
# Source: shop/templates/serviceaccount.yaml
apiVersion: v1
kind: ServiceAccount
metadata:
  name: web
---
# Source: shop/templates/ingress.yaml
---
# Source: shop/templates/deployment.yaml
{ANNOTATED}"""


def tagged(manifest, file, *annotations):
    """As Helm 4 sends a document: read and written by kyaml, with the file it came from."""
    lines = [f"    {FILE_NAME}: '{file}'", *(f'    "helm.sh/hook": {each}' for each in annotations)]
    return manifest.replace("  namespace: shop\n", "  namespace: shop\n  annotations:\n" + "\n".join(lines) + "\n")


JOB = ANNOTATED.replace("apps/v1", "batch/v1").replace("Deployment", "Job").replace("name: web", "name: migrate")
HELM_4 = tagged(ANNOTATED, "shop/templates/deployment.yaml") + "---\n" + tagged(
    JOB, "shop/templates/migrate.yaml", "pre-upgrade")


def plugin_faults(plugin):
    """What Helm 4 would say about a plugin.yaml of this type."""
    faults = []
    if plugin.get("apiVersion") != "v1":
        faults.append("apiVersion")
    if plugin.get("type") != "postrenderer/v1":
        faults.append("type")
    if plugin.get("runtime") != "subprocess":
        faults.append("runtime")
    if not re.fullmatch(r"[A-Za-z0-9_-]+", plugin.get("name", "")):
        faults.append("name")
    if not re.fullmatch(r"\d+\.\d+\.\d+", str(plugin.get("version"))):
        faults.append("version")
    commands = (plugin.get("runtimeConfig") or {}).get("platformCommand") or []
    if not commands or any(set(each) - {"os", "arch", "command", "args"} or not each.get("command") for each in commands):
        faults.append("platformCommand")
    if set(plugin) - {"apiVersion", "type", "name", "version", "runtime", "runtimeConfig", "config", "sourceURL"}:
        faults.append("unknown fields")
    return faults


@unittest.skipUnless(yaml, "PyYAML is not installed")
class Helm(Case):
    def containers(self, printed, kind="Deployment"):
        for document in yaml.safe_load_all(printed):
            if document and document["kind"] == kind:
                return [each["name"] for each in document["spec"]["template"]["spec"]["containers"]]
        self.fail(printed)

    def test_helm_3_runs_a_program_without_arguments(self):
        for program in (self.bin / "kubectl-vault_inject", PLUGIN / "vault-inject-post-renderer"):
            printed = self.check_program(program, text=HELM_3)
            self.assertEqual(without_added_lines(HELM_3, printed), HELM_3)
            self.assertEqual(self.containers(printed), ["tvsi-vault-agent", "app"])

    def test_helm_3_passes_arguments_one_by_one(self):
        printed = self.check_program(
            PLUGIN / "vault-inject-post-renderer", "--set", "image=from/args:1", "--sidecars=native", text=HELM_3)
        self.assertIn("from/args:1", printed)

    def plugin(self):
        """The words Helm 4 runs, as it reads them from the installed plugin."""
        folder = self.folder / "plugins" / "vault-inject"
        shutil.copytree(PLUGIN, folder, dirs_exist_ok=True)
        plugin = yaml.safe_load((folder / "plugin.yaml").read_text())
        self.assertEqual(plugin_faults(plugin), [])
        command, = plugin["runtimeConfig"]["platformCommand"]
        self.environment |= {"HELM_PLUGIN_NAME": plugin["name"], "HELM_PLUGIN_DIR": str(folder)}
        return [command["command"].replace("${HELM_PLUGIN_DIR}", str(folder)), *command.get("args", [])]

    def test_helm_4_gets_hooks_injected_and_finds_its_annotation_again(self):
        printed = self.check_program(*self.plugin(), text=HELM_4)
        self.assertEqual(without_added_lines(HELM_4, printed), HELM_4)
        documents = list(yaml.safe_load_all(printed))
        job, = (document for document in documents if document["kind"] == "Job")
        self.assertIn("tvsi-vault-agent", [each["name"] for each in job["spec"]["template"]["spec"]["initContainers"]])
        names = [document["metadata"]["annotations"][FILE_NAME] for document in documents]
        self.assertEqual(names, ["shop/templates/deployment.yaml", "shop/templates/migrate.yaml"])

    def test_a_pod_keeps_the_annotation_beside_those_it_gets(self):
        pod = yaml.safe_load(ANNOTATED)["spec"]["template"]
        pod["metadata"]["annotations"][FILE_NAME] = "shop/templates/pod.yaml"
        text = yaml.safe_dump({"apiVersion": "v1", "kind": "Pod", **pod})
        read = yaml.safe_load(self.check_program(*self.plugin(), text=text))
        self.assertEqual(read["metadata"]["annotations"][FILE_NAME], "shop/templates/pod.yaml")
        self.assertEqual(read["metadata"]["annotations"]["sidecar.vault.talend.org/status"], "injected")

    def test_a_release_without_manifests_is_never_empty(self):
        for text in ("", "\n\n", " \n  \n"):
            printed = self.check_program(*self.plugin(), text=text)
            self.assertTrue(printed.strip())
            self.assertEqual([each for each in yaml.safe_load_all(printed) if each], [])
        for text in ("---\n", "# Source: shop/templates/ingress.yaml\n"):
            self.assertEqual(self.check_program(*self.plugin(), text=text), text)

    def test_a_refusal_in_helm_3_leaves_nothing_on_standard_output(self):
        done = self.run_program(PLUGIN / "vault-inject-post-renderer", text=HELM_3 + "---\n" + REFUSED)
        self.assertEqual((done.code, done.out), (65, ""))
        self.assertIn("has to be a string", done.err)

    def test_a_refusal_in_helm_4_is_a_document_that_is_no_object(self):
        """Helm 4 shows nothing of standard error, but quotes what it cannot take for an object."""
        words = self.plugin()
        refused = [
            (words, "---\n" + REFUSED, "has to be a string"), (words, "a: [\n", "this is not YAML"), (words, HELM_3.replace('"true"', "true"), "template: shop/templates/deployment.yaml"),
            (words, HELM_4.replace('"true"', "true"), "template: shop/templates/migrate.yaml"),
            ([*words, "--set", "x=y"], HELM_4, "there is no setting `x`"),
            ([*words, "--nope"], HELM_4, "has no option `--nope`"),
            ([*words, "-q", "--report", "json"], "a: \x1b[1m\u2028\x85\n", "control characters")]
        for words, text, message in refused:
            done = self.run_program(*words, text=text)
            self.assertEqual(done.code, 0)
            read, = yaml.safe_load_all(done.out)
            self.assertIn("kubectl-vault-inject refuses this release:\n", read)
            self.assertIn(message, read)

    def test_what_is_told_of_a_refusal_stays_in_the_report(self):
        report = self.folder / "report"
        done = self.run_program(*self.plugin(), text=REFUSED, env={"VAULT_INJECT_REPORT": str(report)})
        self.assertEqual(done.code, 0)
        self.assertIn("Deployment/web refused", report.read_text())

    def test_a_plugin_of_helm_3_that_runs_helm_is_no_post_renderer(self):
        folder = self.folder / "diff"
        self.write("diff/plugin.yaml", "name: diff\nversion: 1.0.0\ncommand: diff\n")
        done = self.run_program(PLUGIN / "vault-inject-post-renderer", text=REFUSED,
                                env={"HELM_PLUGIN_NAME": "diff", "HELM_PLUGIN_DIR": str(folder)})
        self.assertEqual((done.code, done.out), (65, ""))

    def test_a_missing_program_is_named(self):
        for name in ("kubectl-vault-inject", "kubectl-vault_inject"):
            (self.bin / name).unlink()
        report = self.folder / "report"
        done = self.run_program(
            PLUGIN / "vault-inject-post-renderer", text=HELM_3,
            env={"PATH": "/usr/bin:/bin", "VAULT_INJECT_REPORT": str(report)})
        self.assertEqual((done.code, done.out), (69, ""))
        self.assertIn("kubectl-vault_inject is neither on PATH", done.err)
        self.assertEqual(report.read_text(), done.err)
        done = self.run_program(*self.plugin(), text=HELM_4, env={"PATH": "/usr/bin:/bin"})
        self.assertEqual(done.code, 0)
        self.assertIn("kubectl-vault_inject is neither on PATH", yaml.safe_load(done.out))

    def test_the_namespace_of_the_release_counts_for_objects_that_name_none(self):
        text = ANNOTATED.replace("  namespace: shop\n", "")
        printed = self.check_program(*self.plugin(), text=text, env={"HELM_NAMESPACE": "kube-system"})
        self.assertEqual(printed, text)
        self.assertIn("tvsi-", self.check_program(self.bin / "kubectl-vault_inject", "post-render", "-n", "a", text=text,
                                                  env={"HELM_NAMESPACE": "kube-system"}))

    def test_the_version_is_the_programs(self):
        version = self.check_program("kubectl-vault-inject", "version").split()[1]
        self.assertEqual(yaml.safe_load((PLUGIN / "plugin.yaml").read_text())["version"], version)
        self.assertEqual(
            yaml.safe_load((ROOT / "plugin/krew/vault-inject.yaml").read_text())["spec"]["version"], f"v{version}")
        for path in ("plugin/argocd/sidecar.yaml", "plugin/Containerfile"):
            self.assertIn(f"/vault-inject:{version}", Path(ROOT / path).read_text())


CHART = {
    "Chart.yaml": "apiVersion: v2\nname: shop\nversion: 1.0.0\n",
    "templates/service.yaml": "apiVersion: v1\nkind: Service\nmetadata: {name: web}   # the front\n",
    "templates/web.yaml": ANNOTATED.replace("'shop'", "{{ .Values.role | default \"shop\" | quote }}"),
    "templates/migrate.yaml": JOB.replace(
        "  namespace: shop\n", '  namespace: shop\n  annotations: {"helm.sh/hook": pre-install}\n'),
}


@unittest.skipUnless(yaml, "PyYAML is not installed")
class RealHelm(Case):
    def setUp(self):
        super().setUp()
        for name, text in CHART.items():
            self.write(f"chart/{name}", text)
        self.refused = CHART["templates/web.yaml"].replace('"true"', "true")

    def helm(self, version, *words):
        return self.run_program(helm.program(version), *words)

    def template(self, version, *words):
        renderer = PLUGIN / "vault-inject-post-renderer"
        if version != helm.HELM_3:
            # Where this version keeps its plugins; an installed one is a link here.
            self.environment["XDG_DATA_HOME"] = str(self.folder / version)
            if not (self.folder / version).exists():
                installed = self.helm(version, "plugin", "install", PLUGIN)
                self.assertEqual(installed.code, 0, installed.err)
            renderer = "vault-inject"
        return self.helm(version, "template", "shop", "chart", "--post-renderer", renderer, *words)

    def agents(self, printed):
        """The kinds of what was printed, and whether each has an agent."""
        return {each["kind"]: "tvsi-vault-agent" in str(each) for each in yaml.safe_load_all(printed) if each}

    def test_a_release_is_injected(self):
        for version in helm.PACKAGES:
            done = self.template(version)
            self.assertEqual(done.code, 0, done.err)
            agents = self.agents(done.out)
            # Helm 3 gives its hooks to no post-renderer before 3.21; Helm 4 does.
            self.assertEqual(agents, {"Service": False, "Deployment": True, "Job": version != helm.HELM_3})
            self.assertIn("# Source: shop/templates/web.yaml", done.out)
            if version != helm.HELM_3:
                self.assertNotIn(FILE_NAME, done.out)
                self.assertIn("# Source: shop/templates/migrate.yaml", done.out)

    def test_arguments_are_passed_on(self):
        for version in helm.PACKAGES:
            done = self.template(version, "--post-renderer-args", "--set", "--post-renderer-args", "image=from/args:1")
            self.assertIn("from/args:1", done.out, done.err)

    def test_helm_names_the_reason_of_a_refusal(self):
        self.write("chart/templates/web.yaml", self.refused)
        for version in helm.PACKAGES:
            for words in ([], ["--output-dir", "out"]):
                done = self.template(version, *words)
                if words and version == helm.HELM_3:
                    continue
                self.assertNotEqual(done.code, 0)
                self.assertNotIn("tvsi-", done.out)
                self.assertRegex(done.err, r"<stdin>:\d+:\d+: error: the annotation `sidecar.vault.talend.org/inject` is a boolean")
                self.assertIn("hint: quote it", done.err)
                self.assertIn("shop/templates/web.yaml", done.err)

    def test_helm_names_what_is_wrong_with_the_options(self):
        for version in helm.PACKAGES:
            for words, message in ((["--set", "x=y"], "there is no setting `x`"), (["--nope"], "has no option `--nope`")):
                done = self.template(version, *[each for word in words for each in ("--post-renderer-args", word)])
                self.assertNotEqual(done.code, 0)
                self.assertIn(message, done.err)

    def test_helm_names_a_program_that_is_missing(self):
        for name in ("kubectl-vault-inject", "kubectl-vault_inject"):
            (self.bin / name).unlink()
        self.environment["PATH"] = f"{self.bin}:/usr/bin:/bin"
        for version in helm.PACKAGES:
            done = self.template(version)
            self.assertNotEqual(done.code, 0)
            self.assertIn("kubectl-vault_inject is neither on PATH", done.err)

    def test_output_in_a_folder_is_injected_by_helm_4_alone(self):
        for version in helm.PACKAGES:
            done = self.template(version, "--output-dir", version)
            self.assertEqual(done.code, 0, done.err)
            written = (self.folder / version / "shop/templates/web.yaml").read_text()
            self.assertEqual("tvsi-vault-agent" in written, version != helm.HELM_3)

    def test_what_helm_prints_is_injected_with_its_hooks(self):
        """What the README says for versions of Helm that give a post-renderer less than all."""
        for version in helm.PACKAGES:
            printed = self.helm(version, "template", "shop", "chart").out
            injected = self.check_program("kubectl-vault_inject", "-f", "-", text=printed)
            self.assertEqual(self.agents(injected), {"Service": False, "Deployment": True, "Job": True})
            self.assertEqual(without_added_lines(printed, injected), printed)

    def test_a_release_without_manifests_is_no_failure(self):
        for name in CHART:
            if name.startswith("templates/"):
                (self.folder / "chart" / name).unlink()
        for version in helm.PACKAGES:
            done = self.template(version)
            self.assertEqual(done.code, 0, done.err)
