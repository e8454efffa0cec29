"""Our hooks in a real repository, run by the real pre-commit; they start the program that is on PATH.

Those that install the wheel are tested with the files of a release.
"""

import functools
import importlib.util
import re
import shutil
import unittest

from case import WORK, Case
from harness.case import needs
from harness.hooks import HOOKS, IDENTITY, PRE_COMMIT, configuration, git, make_repository
from manifests import ANNOTATED, PLAIN, REFUSED, without_added_lines

try:
    import yaml
except ImportError:
    yaml = None


@functools.cache
def hooks():
    """The repository of the hooks, beside the folder in which pre-commit keeps what it clones."""
    shutil.rmtree(WORK / "pre-commit", ignore_errors=True)
    return make_repository(WORK / "pre-commit/repository")


def system_hooks(*more):
    """All hooks of the program on PATH, by the names of those that install it; with more lines for each."""
    return [(f"id: {name}-system", f"alias: {name}", *more) for name in HOOKS]


CHART = {
    "chart/Chart.yaml": "apiVersion: v2\nname: shop\nversion: 1.0.0\n",
    "chart/values.yaml": "image: shop\nreplicas: 1\n",
    "chart/templates/deployment.yaml": ANNOTATED.replace("name: web", "name: {{ .Release.Name }}").replace(
        "spec:\n  template:", "spec:\n  {{- if .Values.replicas }}\n  replicas: {{ .Values.replicas }}\n  {{- end }}\n  template:"),
    "chart/templates/refused.yaml": "{{- if .Values.x }}\n" + REFUSED + "{{- end }}\n",
}
UNCONCERNED = CHART | {
    "overlay/kustomization.yaml": "resources: [../base]\ncommonAnnotations:\n  sidecar.vault.talend.org/inject: \"true\"\n",
    "overlay/patch.yaml": "- op: add\n  path: /spec/template/metadata/annotations/sidecar.vault.talend.org~1inject\n  value: 'true'\n",
    ".github/workflows/ci.yaml": "on: [push]\njobs: {build: {runs-on: ubuntu-latest, steps: [{run: 'echo ${{ github.sha }}'}]}}\n",
    ".gitlab-ci.yml": "build:\n  script:\n  - !reference [.setup, script]\n\t- not yaml at all: [\n",
    "mkdocs.yml": "plugins:\n- search\nextra: !ENV [A, b]\n",
    "tsconfig.json": "{\n  // with a comment\n  \"compilerOptions\": {},\n}\n",
    "package.json": "{\"name\": \"shop\", \"sidecar.vault.talend.org/inject\": true}\n",
    "playbook.yaml": "- hosts: all\n  tasks:\n  - debug: msg=\"{{ item }}\"\n",
    "ansible.yaml.j2.yaml": "{% if x %}\na: 1\n{% endif %}\n",
    "empty.yaml": "", "comment.yaml": "# nothing\n", "line ends.yaml": PLAIN.replace("\n", "\r\n"),
}
INJECTED = {f"deploy/web-{index}.yaml": ANNOTATED.replace("name: web", f"name: web-{index}") for index in range(20)}
INJECTED["deploy/windows.yaml"] = ANNOTATED.replace("\n", "\r\n")
INJECTED["deploy/with space.yaml"] = PLAIN + "---\n" + ANNOTATED
ENVIRONMENTS = {name: f"https://vault.{name}.example.com" for name in ("dev", "stage", "prod")}
OVERLAYS = {
    "base/deployment.yaml": ANNOTATED,
    "base/kustomization.yaml": "resources: [deployment.yaml]\n",
    ".vault-inject.yaml": "image: registry.example.com/vault:1\noverrides:\n" + "".join(
        f"- paths: [overlays/{name}]\n  vault: {{address: \"{address}\"}}\n" for name, address in ENVIRONMENTS.items()),
}
for name in ENVIRONMENTS:
    OVERLAYS[f"overlays/{name}/kustomization.yaml"] = "resources: [../../base]\npatches: [{path: role.yaml}]\n"
    OVERLAYS[f"overlays/{name}/role.yaml"] = (
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web, namespace: shop}\nspec:\n  template:\n"
        f"    metadata: {{annotations: {{sidecar.vault.talend.org/role: shop-{name}}}}}\n")
MANY = {f"many/{index}/service.yaml": PLAIN.replace("web", f"service-{index}") for index in range(400)}


@needs("git")
@unittest.skipUnless(importlib.util.find_spec("pre_commit"), "pre-commit is not installed")
class PreCommit(Case):
    def setUp(self):
        super().setUp()
        self.hooks = hooks()
        self.environment |= IDENTITY | {"PRE_COMMIT_HOME": str(WORK / "pre-commit/home")}
        self.repository = self.folder / "repository"
        self.repository.mkdir()
        git("init", "-q", "-b", "main", cwd=self.repository)
        git("config", "core.autocrlf", "false", cwd=self.repository)
        self.put({".pre-commit-config.yaml": configuration(self.hooks, system_hooks())})

    def put(self, files):
        for name, text in files.items():
            self.write(f"repository/{name}", text)
        git("add", "-A", cwd=self.repository)

    def hook(self, name, *words):
        done = self.run_program(
            *PRE_COMMIT, "run", name, *(words or ["--all-files"]), cwd=self.repository)
        return done.code, done.out

    def contents(self):
        names = git("ls-files", cwd=self.repository).splitlines()
        return {name: (self.repository / name).read_bytes().decode() for name in map(lambda each: each.strip('"'), names)}

    def touched(self):
        return {path: (path.stat().st_ino, path.stat().st_mtime_ns)
                for path in self.repository.rglob("*") if path.is_file() and ".git/" not in str(path)}

    def test_annotated_manifests_are_rewritten_once_and_nothing_else_is(self):
        self.put(UNCONCERNED | INJECTED | MANY)
        before = self.contents()
        code, said = self.hook("vault-inject")
        self.assertEqual(code, 1, said)
        self.assertIn("files were modified by this hook", said)
        after = self.contents()
        self.assertEqual({name for name in after if after[name] != before[name]}, set(INJECTED))
        for name, text in INJECTED.items():
            self.assertEqual(without_added_lines(text, after[name]), text)
            self.assertIn("tvsi-vault-agent", after[name])
            self.assertIn(f"{name}:", said)
        git("add", "-A", cwd=self.repository)
        unchanged = self.touched()
        for name in ("vault-inject", "vault-inject-check"):
            code, said = self.hook(name)
            self.assertEqual(code, 0, said)
        self.assertEqual(self.touched(), unchanged)

    def test_where_there_is_nothing_to_do_nothing_is_said(self):
        self.put(UNCONCERNED | MANY)
        unchanged = self.touched()
        for name in ("vault-inject", "vault-inject-check"):
            code, said = self.hook(name, "--all-files", "--verbose")
            self.assertEqual(code, 0, said)
            lines = [line for line in said.splitlines() if line.strip()]
            self.assertRegex(lines[0], r"\.+Passed$")
            self.assertEqual([line for line in lines[1:] if not line.startswith(("- hook id:", "- duration:"))], [])
        self.assertEqual(self.touched(), unchanged)

    def test_the_check_names_what_is_not_injected_and_changes_nothing(self):
        self.put(UNCONCERNED | INJECTED)
        unchanged = self.touched()
        code, said = self.hook("vault-inject-check")
        self.assertEqual(code, 1, said)
        for name in INJECTED:
            self.assertIn(name, said)
        for name in UNCONCERNED:
            self.assertNotIn(f"{name}:", said)
        self.assertEqual(self.touched(), unchanged)

    def test_lint_names_what_will_not_work_and_changes_nothing(self):
        misspelt = ANNOTATED.replace("secrets-path", "secret-path")
        self.put(UNCONCERNED | INJECTED | MANY)
        code, said = self.hook("vault-inject-lint")
        self.assertEqual(code, 0, said)
        self.put({"misspelt.yaml": misspelt})
        unchanged = self.touched()
        code, said = self.hook("vault-inject-lint")
        self.assertEqual(code, 1, said)
        self.assertIn("misspelt.yaml:", said)
        self.assertIn("[unknown-annotation]", said)
        self.assertEqual(self.touched(), unchanged)

    def test_a_refused_file_fails_with_its_place_and_the_others_are_rewritten(self):
        self.put({"bad.yaml": REFUSED} | INJECTED)
        code, said = self.hook("vault-inject")
        self.assertEqual(code, 1)
        self.assertIn("bad.yaml:10:42: error: the annotation `sidecar.vault.talend.org/inject` is a boolean", said)
        after = self.contents()
        self.assertEqual(after["bad.yaml"], REFUSED)
        self.assertTrue(all("tvsi-" in after[name] for name in INJECTED))

    def test_the_repositorys_own_settings_count(self):
        self.put({"web.yaml": ANNOTATED, ".vault-inject.yaml": "image: from/settings:1\n"})
        self.hook("vault-inject", "--files", "web.yaml")
        self.assertIn("from/settings:1", self.contents()["web.yaml"])
        self.assertEqual(self.contents()[".vault-inject.yaml"], "image: from/settings:1\n")

    @needs("kubectl")
    @unittest.skipUnless(yaml, "PyYAML is not installed")
    def test_one_hook_and_one_configuration_serve_every_environment(self):
        rendered = system_hooks("files: /deployed[.]yaml$")
        self.put(OVERLAYS | {".pre-commit-config.yaml": configuration(self.hooks, rendered)})
        self.put({f"overlays/{name}/deployed.yaml": self.check_program(
            "kubectl", "kustomize", f"overlays/{name}", cwd=self.repository) for name in ENVIRONMENTS})
        before = self.contents()
        code, said = self.hook("vault-inject")
        self.assertEqual(code, 1, said)
        after = self.contents()
        self.assertEqual(self.changed(before, after), {f"overlays/{name}/deployed.yaml" for name in ENVIRONMENTS})
        for name, address in ENVIRONMENTS.items():
            deployed = after[f"overlays/{name}/deployed.yaml"]
            self.assertEqual(self.login(deployed), (address, f"shop-{name}", "registry.example.com/vault:1"))
            built = self.check_program("kubectl-vault-inject", "-q", "-k", f"overlays/{name}", cwd=self.repository)
            self.assertEqual(built, deployed)
        for hook in ("vault-inject", "vault-inject-check"):
            code, said = self.hook(hook)
            self.assertEqual(code, 0, said)
        self.put({".vault-inject.yaml": after[".vault-inject.yaml"].replace("vault.prod", "vault.live")})
        code, said = self.hook("vault-inject-check")
        self.assertEqual(code, 1, said)
        self.hook("vault-inject")
        self.assertEqual(self.changed(after, self.contents()), {".vault-inject.yaml", "overlays/prod/deployed.yaml"})
        self.assertEqual(
            self.login(self.contents()["overlays/prod/deployed.yaml"])[:2],
            ("https://vault.live.example.com", "shop-prod"))

    def changed(self, before, after):
        return {name for name in after if after[name] != before.get(name)}

    def login(self, manifest):
        """The address, the role and the image of the agent of a manifest."""
        agent = yaml.safe_load(manifest)["spec"]["template"]["spec"]["containers"][0]
        values = {variable["name"]: variable.get("value") for variable in agent["env"]}
        roles = re.findall(r'\brole = "(.*)"', agent["command"][-1])
        self.assertEqual(len(roles), 1, agent["command"])
        return values["VAULT_ADDR"], roles[0], agent["image"]
