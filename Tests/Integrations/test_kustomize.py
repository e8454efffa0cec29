"""kustomize's executable plugin, through the real kubectl."""

import shutil
import unittest

from case import Case
from harness.case import needs
from harness.places import ROOT
from manifests import ANNOTATED, PLAIN

try:
    import yaml
except ImportError:
    yaml = None

KUSTOMIZATION = """\
resources: [web.yaml, service.yaml]
transformers: [vault-inject.yaml]
namePrefix: team-
"""
FUNCTION = """\
apiVersion: vault-inject/v1
kind: VaultInject
metadata:
  name: function
  annotations:
    config.kubernetes.io/function: |
      exec:
        path: kubectl-vault_inject
"""
# Keeps what kustomize sends and gets, beside doing the work.
SPY = """\
#!/bin/sh
tee {folder}/sent | {plugin} "$@" | tee {folder}/got
"""


@needs("kubectl")
@unittest.skipUnless(yaml, "PyYAML is not installed")
class Kustomize(Case):
    def setUp(self):
        super().setUp()
        self.plugin = self.folder / ".config/kustomize/plugin/vault-inject/v1/vaultinject/VaultInject"
        self.plugin.parent.mkdir(parents=True)
        shutil.copy(ROOT / "plugin/kustomize/VaultInject", self.plugin)
        self.write("app/kustomization.yaml", KUSTOMIZATION)
        self.write("app/web.yaml", ANNOTATED)
        self.write("app/service.yaml", PLAIN)
        shutil.copy(ROOT / "plugin/kustomize/transformer.yaml", self.folder / "app/vault-inject.yaml")

    def build(self, *words, folder="app"):
        return self.run_program("kubectl", "kustomize", *words, folder)

    def pod(self, done):
        self.assertEqual(done.code, 0, done.err)
        for document in yaml.safe_load_all(done.out):
            if document["kind"] == "Deployment":
                return document["metadata"], document["spec"]["template"]["spec"]
        self.fail(done.out)

    def test_the_transformer_injects_with_its_settings(self):
        metadata, spec = self.pod(self.build("--enable-alpha-plugins"))
        self.assertEqual(metadata["name"], "team-web")
        agent = spec["containers"][0]
        self.assertEqual(agent["name"], "tvsi-vault-agent")
        self.assertIn({"name": "VAULT_ADDR", "value": "https://vault.example.com:8200"}, agent["env"])

    def test_the_annotations_kustomize_tells_objects_by_survive(self):
        real = self.plugin.rename(self.folder / "VaultInject")
        self.plugin.write_text(SPY.format(folder=self.folder, plugin=real))
        self.plugin.chmod(0o755)
        self.pod(self.build("--enable-alpha-plugins"))
        sent, got = ([document["metadata"].get("annotations") for document in yaml.safe_load_all(
            (self.folder / name).read_text())] for name in ("sent", "got"))
        self.assertEqual(sent, got)
        self.assertTrue(all(any(key.startswith("kustomize.config.k8s.io/id") for key in each) for each in sent), sent)

    def test_options_come_from_the_transformers_one_line_of_arguments(self):
        with open(self.folder / "app/vault-inject.yaml", "a") as file:
            file.write("argsOneLiner: --sidecars native --set image=from/line:1\n")
        _, spec = self.pod(self.build("--enable-alpha-plugins"))
        self.assertEqual(spec["initContainers"][0]["image"], "from/line:1")
        self.assertEqual(spec["initContainers"][0]["restartPolicy"], "Always")

    def test_a_config_map_can_hold_the_settings(self):
        folder = self.plugin.parents[3] / "vault-inject/v1"
        self.assertTrue(folder.is_dir())
        config = self.write("settings.yaml", "apiVersion: v1\nkind: ConfigMap\ndata: {image: 'from/map:1'}\n")
        printed = self.check_program(self.plugin, config, text=ANNOTATED)
        self.assertIn("from/map:1", printed)

    def test_a_refusal_stops_the_build_and_says_why(self):
        self.write("app/web.yaml", ANNOTATED.replace("/role:", "/mode:"))
        done = self.build("--enable-alpha-plugins")
        self.assertNotEqual(done.code, 0)
        self.assertEqual(done.out, "")
        self.assertIn("sidecar.vault.talend.org/mode", done.err)

    def test_kubectl_ignores_functions_that_are_programs(self):
        """So the executable plugin is the only road through kubectl; kustomize's own build runs functions."""
        self.plugin.unlink()
        self.write("app/vault-inject.yaml", FUNCTION)
        done = self.build("--enable-alpha-plugins")
        self.assertNotIn("tvsi-", done.out)

    def test_the_example_is_a_configuration_of_ours(self):
        printed = self.check_program(
            "kubectl-vault-inject", "config", "view", "--config", ROOT / "plugin/kustomize/transformer.yaml")
        self.assertIn("https://vault.example.com:8200", printed)
