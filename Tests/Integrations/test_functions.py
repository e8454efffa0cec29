"""A KRM function, by the contract that kpt and kustomize hold it to."""

import json
import re
import textwrap
import unittest

from case import Case
from harness.case import needs
from manifests import ANNOTATED, PLAIN, REFUSED, without_added_lines

try:
    import yaml
except ImportError:
    yaml = None

ORCHESTRATED = """\
    annotations:
      config.kubernetes.io/index: '0'
      internal.config.kubernetes.io/index: '0'
      config.kubernetes.io/path: 'deploy/web.yaml'
      internal.config.kubernetes.io/path: 'deploy/web.yaml'
      internal.config.kubernetes.io/seqindent: 'compact'
      config.k8s.io/id: '1'
      internal.config.kubernetes.io/id: "1"
"""


def item(manifest, annotations=ORCHESTRATED):
    lines = textwrap.indent(manifest, "  ")
    return "- " + lines[2:].replace("    namespace: shop\n", "    namespace: shop\n" + annotations)


def resource_list(*items, version="v1", config=""):
    return (f"apiVersion: config.kubernetes.io/{version}\nkind: ResourceList   # as kpt writes it\n{config}"
            f"items:\n{''.join(items)}")


CONFIG_MAP = """\
functionConfig:
  apiVersion: v1
  kind: ConfigMap
  metadata:
    name: function-input
  data:
    image: registry.example.com/vault:1
    security.runAsUser: "off"
    vault.tls.skipVerify: "true"
"""
OURS = """\
functionConfig:
  apiVersion: vault-inject/v1
  kind: VaultInject
  metadata: {name: here}
  spec:
    image: registry.example.com/vault:1
    security: {runAsUser: off}
    podPaths: {example.com/Widget: spec.template}
"""


@unittest.skipUnless(yaml, "PyYAML is not installed")
class Function(Case):
    def call(self, text, *words):
        """Runs the function as `kpt fn eval --exec` does: without a word, the list on standard input."""
        done = self.run_program("kubectl-vault_inject", *words, text=text)
        return done.code, done.out

    def test_items_are_injected_and_all_else_stays(self):
        for version in ("v1", "v1beta1", "v1alpha1"):
            text = resource_list(item(PLAIN), item(ANNOTATED), version=version)
            code, printed = self.call(text)
            self.assertEqual(code, 0)
            self.assertEqual(without_added_lines(text, printed), text)
            read = yaml.safe_load(printed)
            self.assertEqual(
                [each["name"] for each in read["items"][1]["spec"]["template"]["spec"]["containers"]],
                ["tvsi-vault-agent", "app"])
            self.assertEqual(read["items"][1]["metadata"], yaml.safe_load(text)["items"][1]["metadata"])

    def test_results_tell_what_happened_to_which_object_of_which_file(self):
        _, printed = self.call(resource_list(item(PLAIN), item(ANNOTATED)))
        result, note = yaml.safe_load(printed)["results"]
        self.assertRegex(result.pop("message"), "^injected: container tvsi-vault-agent")
        self.assertEqual(result, {
            "severity": "info",
            "resourceRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "web", "namespace": "shop"},
            "file": {"path": "deploy/web.yaml", "index": 0}})
        self.assertRegex(note.pop("message"), "^no address of Vault is set")
        self.assertEqual(note, {"severity": "info", "tags": {"rule": "built-in-address"}})

    def test_the_second_time_nothing_changes_and_there_are_no_results(self):
        _, printed = self.call(resource_list(item(PLAIN), item(ANNOTATED)))
        injected = re.sub(r"(?ms)^results:.*", "", printed)
        self.assertEqual(self.call(injected), (0, injected))

    def test_a_list_with_nothing_to_inject_comes_back_byte_for_byte(self):
        windows = "apiVersion: config.kubernetes.io/v1\r\nkind: ResourceList\r\nitems: []"
        for text in (resource_list(item(PLAIN)), resource_list(), windows):
            self.assertEqual(self.call(text), (0, text))

    def test_a_refusal_prints_the_list_as_it_was_with_results_that_say_why(self):
        text = resource_list(item(ANNOTATED), item(REFUSED))
        code, printed = self.call(text)
        self.assertEqual(code, 65)
        self.assertTrue(printed.startswith(text), printed)
        results = yaml.safe_load(printed)["results"]
        error, = [result for result in results if result["severity"] == "error"]
        self.assertIn("has to be a string", error["message"])
        self.assertEqual(error["resourceRef"]["name"], "web")
        self.assertEqual(
            error["field"], {"path": "spec.template.metadata.annotations[sidecar.vault.talend.org/inject]"})
        self.assertEqual(error["file"], {"path": "deploy/web.yaml", "index": 0})
        self.assertEqual(error["tags"], {"rule": "annotation-type"})

    def test_results_of_functions_before_this_one_are_kept(self):
        before = "results:\n- message: earlier   # said\n"
        text = resource_list(item(ANNOTATED)) + before
        _, printed = self.call(text)
        self.assertIn(before, printed)
        self.assertEqual([result["message"][:7] for result in yaml.safe_load(printed)["results"]],
                         ["earlier", "injecte", "no addr"])

    def test_a_warning_is_a_result(self):
        misspelt = ANNOTATED.replace("/inject", "/secret-path: a\n        sidecar.vault.talend.org/inject")
        _, printed = self.call(resource_list(item(misspelt)))
        severities = [result["severity"] for result in yaml.safe_load(printed)["results"]]
        self.assertEqual(severities, ["info", "warning", "info"])

    def test_the_function_is_configured_by_a_config_map_or_by_our_own_kind(self):
        for config in (CONFIG_MAP, OURS):
            code, printed = self.call(resource_list(item(ANNOTATED), config=config))
            self.assertEqual(code, 0, printed)
            self.assertIn(config, printed)
            agent = yaml.safe_load(printed)["items"][0]["spec"]["template"]["spec"]["containers"][0]
            self.assertEqual(agent["image"], "registry.example.com/vault:1")
            self.assertNotIn("runAsUser", agent["securityContext"])

    def test_the_command_line_wins_over_the_functions_configuration_and_that_over_files(self):
        self.write(".vault-inject.yaml", "image: from/file:1\nprogram: bao\n")
        text = resource_list(item(ANNOTATED), config=CONFIG_MAP)
        _, printed = self.call(text)
        self.assertIn("registry.example.com/vault:1", printed.split("items:")[1])
        self.assertIn("bao", printed)
        _, printed = self.call(text, "--set", "image=from/option:1")
        self.assertIn("from/option:1", printed)

    def test_a_configuration_that_cannot_be_used_is_an_error_in_the_results(self):
        wrong = {
            CONFIG_MAP.replace("image:", "imag:"): "there is no setting `imag` (did you mean image?)",
            CONFIG_MAP.replace('"off"', "[1]"): "`security.runAsUser` cannot be a list",
            CONFIG_MAP.replace("image:", "vault:"): "`vault` is a group of settings",
            CONFIG_MAP.replace("image:", "podPaths:"): "a ConfigMap does not reach into podPaths",
            OURS.replace("spec:", "image: x\n  spec:"): "`image` stands beside the settings",
            OURS.replace("VaultInject", "Kustomization"): "an object of kind Kustomization holds no settings",
            "functionConfig: [1]\n": "a configuration is a map of settings, and this is a list",
        }
        for config, message in wrong.items():
            text = resource_list(item(ANNOTATED), config=config)
            code, printed = self.call(text)
            self.assertEqual(code, 65, printed)
            self.assertTrue(printed.startswith(text), printed)
            result, = yaml.safe_load(printed)["results"]
            self.assertEqual(result["severity"], "error")
            self.assertIn(message, result["message"])

    @needs("kpt")
    def test_kpt_shows_the_report_once(self):
        """It shows the results, and would show standard error beside them."""
        self.write("package/Kptfile", "apiVersion: kpt.dev/v1\nkind: Kptfile\nmetadata: {name: package}\n")
        for folder in ("package", "plain"):
            for manifest, message in ((ANNOTATED, "injected: container tvsi-vault-agent"), (REFUSED, "has to be a string")):
                self.write(f"{folder}/web.yaml", manifest)
                done = self.run_program("kpt", "fn", "eval", folder, "--exec", "kubectl-vault_inject")
                self.assertEqual(done.code == 0, manifest is ANNOTATED, done.err)
                self.assertEqual((done.out + done.err).count(message), 1, done.err)

    def test_hosts_that_show_no_results_get_the_report_on_standard_error(self):
        text = resource_list(item(REFUSED))
        kptfile = "- {apiVersion: kpt.dev/v1, kind: Kptfile, metadata: {name: package}}\n"
        self.assertIn("has to be a string", self.run_program("kubectl-vault_inject", text=text).err)
        self.assertEqual(self.run_program("kubectl-vault_inject", text=resource_list(kptfile, item(REFUSED))).err, "")
        # What is in no result is said all the same, and machines get the report they ask for.
        done = self.run_program("kubectl-vault_inject", "-l", "=", text=resource_list(kptfile))
        self.assertIn("error: ", done.err)
        done = self.run_program("kubectl-vault_inject", "--report", "json", text=resource_list(kptfile, item(REFUSED)))
        self.assertTrue(json.loads(done.err)["inputs"][0]["refused"])

    def test_json_stays_json(self):
        text = json.dumps(yaml.safe_load(resource_list(item(ANNOTATED))), indent=2)
        code, printed = self.call(text)
        self.assertEqual(code, 0)
        self.assertEqual(json.loads(printed)["results"][0]["severity"], "info")

    def test_a_list_that_was_named_or_is_to_be_converted_is_a_manifest_like_any_other(self):
        self.write("list.yaml", resource_list(item(ANNOTATED)))
        self.assertNotIn("results:", self.check_program("kubectl-vault_inject", "-f", "list.yaml"))
        printed = self.check_program("kubectl-vault_inject", "-o", "name", text=resource_list(item(ANNOTATED)))
        self.assertEqual(printed, "deployment.apps/web\n")

    def test_what_cannot_be_read_is_said_on_standard_error_alone(self):
        code, printed = self.call(resource_list(item(ANNOTATED)) + "  broken: [\n")
        self.assertEqual((code, printed), (65, ""))
