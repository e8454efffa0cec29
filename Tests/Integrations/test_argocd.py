"""Argo CD's plugin: the generate command of its definition, run as the sidecar runs it."""

import json
import re
import shutil
import unittest

import helm
from case import Case
from harness.case import needs
from harness.places import ROOT
from manifests import ANNOTATED, PLAIN, REFUSED

try:
    import yaml
except ImportError:
    yaml = None

FOLDER = ROOT / "plugin/argocd"
STANDARD = {
    "ARGOCD_APP_NAME": "shop", "ARGOCD_APP_NAMESPACE": "shop", "ARGOCD_APP_PROJECT_NAME": "default",
    "ARGOCD_APP_REVISION": "a" * 40, "ARGOCD_APP_SOURCE_PATH": "app", "ARGOCD_APP_PARAMETERS": "[]",
    "KUBE_VERSION": "1.32", "KUBE_API_VERSIONS": "v1,apps/v1,example.com/v1"}

# What lies beside manifests and is none, which Argo CD's own source of folders passes over.
OTHER_YAML = {
    "values.yaml": "image: shop\nkind: none\n",
    "chart.yaml": "apiVersion: v2\nname: shop\nversion: 1.0.0\n",
    "list.yaml": "- a\n- b\n",
    "template.yaml": "{{ if x }}\na: 1\n{{ end }}\n",
    "tsconfig.json": "{\n  // a comment\n  \"a\": 1,\n}\n",
    "package.json": "{\"name\": \"shop\"}\n",
}
CRD = "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: a.example.com}\n"
CHART_MAP = """\
apiVersion: v1
kind: ConfigMap
metadata:
  name: map
data:
  release: {{ .Release.Name }}
  namespace: {{ .Release.Namespace }}
  kube: {{ .Capabilities.KubeVersion }}
  api: {{ .Capabilities.APIVersions.Has "example.com/v1" | quote }}
  zone: {{ .Values.zone | quote }}
  tags: {{ .Values.tags | default list | toString | quote }}
"""


@unittest.skipUnless(yaml, "PyYAML is not installed")
class ArgoCD(Case):
    def setUp(self):
        super().setUp()
        self.plugin = yaml.safe_load((FOLDER / "plugin.yaml").read_text())

    def generate(self, *parameters, **variables):
        generate = self.plugin["spec"]["generate"]
        environment = STANDARD | {"ARGOCD_APP_PARAMETERS": json.dumps(parameters)} | variables
        return self.run_program(
            *generate["command"], *generate.get("args", []), cwd=self.folder / "app", env=environment)

    def objects(self, *parameters, **variables):
        done = self.generate(*parameters, **variables)
        self.assertEqual(done.code, 0, done.err)
        read = [each for each in yaml.safe_load_all(done.out) if each is not None]
        self.assertTrue(all({"apiVersion", "kind", "metadata"} <= set(each) for each in read), done.out)
        return {each["kind"]: each for each in read}

    def agent(self, objects):
        return objects["Deployment"]["spec"]["template"]["spec"]["containers"][0]

    def plain_folder(self):
        self.write("app/web.yaml", ANNOTATED)
        self.write("app/service.json", json.dumps(yaml.safe_load(PLAIN)))
        self.write("app/values.txt", "no manifest")
        self.write("app/.vault-inject.yaml", "image: from/file:1\n")

    def test_a_plain_folder(self):
        self.plain_folder()
        objects = self.objects()
        self.assertEqual(sorted(objects), ["Deployment", "Service"])
        self.assertEqual(self.agent(objects)["image"], "from/file:1")

    def test_an_empty_configuration_file_is_enough(self):
        self.plain_folder()
        self.write("app/.vault-inject.yaml", "")
        self.assertEqual(self.agent(self.objects())["name"], "tvsi-vault-agent")

    @needs("kubectl")
    def test_a_kustomization(self):
        self.write("base/web.yaml", ANNOTATED)
        self.write("base/kustomization.yaml", "resources: [web.yaml]\n")
        for name in ("kustomization.yaml", "kustomization.yml", "Kustomization"):
            shutil.rmtree(self.folder / "app", ignore_errors=True)
            self.write(f"app/{name}", "resources: [../base]\nnamePrefix: team-\n")
            self.write("app/.vault-inject.yaml", "")
            objects = self.objects()
            self.assertEqual(objects["Deployment"]["metadata"]["name"], "team-web")
            self.assertEqual(self.agent(objects)["name"], "tvsi-vault-agent")

    def test_yaml_that_is_no_manifest_is_left_out(self):
        self.plain_folder()
        for name, text in OTHER_YAML.items():
            self.write(f"app/{name}", text)
        done = self.generate()
        self.assertEqual(done.code, 0, done.err)
        self.assertEqual(sorted(each["kind"] for each in yaml.safe_load_all(done.out)), ["Deployment", "Service"])
        for name, text in OTHER_YAML.items():
            what = "cannot be read" if "{{" in text or "//" in text else "is not a manifest"
            self.assertRegex(done.err, rf"(?m)^\./{re.escape(name)}:\d+:\d+: note: this {what}, and is left out")

    def test_a_document_beside_a_manifest_is_left_out_only_where_it_has_nothing_of_one(self):
        self.write("app/web.yaml", "replicas: 2\n---\n" + ANNOTATED + "---\n- a\n---\n# nothing\n")
        self.assertEqual(list(self.objects()), ["Deployment"])
        for broken, missing in ((ANNOTATED.replace("kind:", "knd:"), "kind"),
                                (ANNOTATED.replace("apiVersion:", "apiversion:"), "apiVersion"),
                                (ANNOTATED.replace("  name: web\n", ""), "metadata.name")):
            self.write("app/web.yaml", PLAIN + "---\n" + broken)
            done = self.generate()
            self.assertEqual((done.code, done.out), (65, ""))
            self.assertIn(f"./web.yaml:5:1: error: this manifest has no {missing}\n", done.err)

    def test_what_looks_like_a_manifest_and_cannot_be_read_is_an_error(self):
        self.write("app/web.yaml", ANNOTATED + "broken: [\n")
        self.assertEqual(self.generate().code, 65)

    def test_lists_and_generated_names_are_manifests(self):
        self.write("app/list.yaml", "apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: Pod, metadata: {name: a}}\n")
        self.write("app/job.yaml", "apiVersion: batch/v1\nkind: Job\nmetadata: {generateName: a-}\n")
        read = list(yaml.safe_load_all(self.generate().out))
        self.assertEqual([each["kind"] for each in read], ["Job", "List"])

    def test_a_folder_without_manifests_is_an_empty_application(self):
        for recurse in ("false", "true"):
            self.write("app/.vault-inject.yaml", "")
            done = self.generate({"name": "recurse", "string": recurse})
            self.assertEqual((done.code, done.out, done.err), (0, "", ""))
            self.write("app/docs/README.md", "an application to be")

    def chart(self):
        self.write("app/Chart.yaml", "apiVersion: v2\nname: chart\nversion: 1.0.0\n")
        self.write("app/values.yaml", "role: shop\nname: web\nzone: none\n")
        self.write("app/values-eu.yaml", "zone: eu\nname: from-file\n")
        self.write("app/crds/crd.yaml", CRD)
        self.write("app/templates/web.yaml", ANNOTATED.replace("'shop'", "{{ .Values.role }}").replace(
            "name: web", "name: {{ .Values.name }}").replace("namespace: shop", "namespace: {{ .Release.Namespace }}"))
        self.write("app/templates/map.yaml", CHART_MAP)
        self.write("app/.vault-inject.yaml", "image: from/file:1\n")

    def test_a_chart_is_rendered_by_helm_and_injected(self):
        self.chart()
        for version in helm.PACKAGES:
            self.environment["PATH"] = f"{self.bin}:{helm.program(version).parent}:/usr/bin:/bin"
            objects = self.objects()
            self.assertEqual(sorted(objects), ["ConfigMap", "CustomResourceDefinition", "Deployment"])
            self.assertEqual(self.agent(objects)["image"], "from/file:1")
            data = objects["ConfigMap"]["data"]
            self.assertRegex(data.pop("kube"), r"^v1\.32(\.0)?$")
            self.assertEqual(
                data, {"release": "shop", "namespace": "shop", "api": "true", "zone": "none", "tags": "[]"})
            objects = self.objects(
                {"name": "values-files", "array": ["values-eu.yaml"]},
                {"name": "values", "string": "role: inline\nname: inline\n"},
                {"name": "helm-parameters", "map": {"name": "a", "zone": "x,y", "tags": "{a,b}"}},
                {"name": "release-name", "string": "given"},
                PARAM_VALUES_FILES_0="values-eu.yaml", PARAM_HELM_PARAMETERS_NAME="a")
            self.assertEqual(objects["Deployment"]["metadata"]["name"], "a")
            self.assertIn("inline", str(objects["Deployment"]))
            data = objects["ConfigMap"]["data"]
            del data["kube"]
            self.assertEqual(
                data, {"release": "given", "namespace": "shop", "api": "true", "zone": "x,y", "tags": "[a b]"})

    def test_a_chart_that_cannot_be_rendered_says_why(self):
        self.chart()
        self.environment["PATH"] = f"{self.bin}:{helm.program(helm.HELM_3).parent}:/usr/bin:/bin"
        self.write("app/templates/map.yaml", "{{ .Values.zone.x }}")
        done = self.generate()
        self.assertEqual((done.code, done.out), (65, ""))
        self.assertIn("helm:.: error: helm template ended with exit code 1: ", done.err)
        self.assertIn("map.yaml", done.err)

    def test_a_refusal_in_a_chart_names_the_template(self):
        self.chart()
        self.environment["PATH"] = f"{self.bin}:{helm.program(helm.HELM_3).parent}:/usr/bin:/bin"
        self.write("app/templates/web.yaml", REFUSED)
        done = self.generate()
        self.assertEqual((done.code, done.out), (65, ""))
        self.assertIn("chart/templates/web.yaml", done.err)

    def test_a_chart_is_refused_where_there_is_no_helm(self):
        self.chart()
        done = self.generate(PATH=f"{self.bin}")
        self.assertEqual((done.code, done.out), (69, ""))
        self.assertIn("this folder is a Helm chart, and rendering it needs helm, which is not on PATH", done.err)

    def test_parameters_of_charts_are_for_charts(self):
        self.plain_folder()
        for name in ("values-files", "values", "helm-parameters", "release-name"):
            done = self.generate({"name": name, "string": "x"})
            self.assertEqual((done.code, done.out), (64, ""))
            self.assertIn(f"the parameter `{name}` is for Helm charts, and this folder is none", done.err)

    def test_settings_come_from_the_parameters_before_the_variables_before_the_file(self):
        self.plain_folder()
        variables = {"ARGOCD_ENV_VAULT_INJECT_SETTINGS": "image=from/variable:1\nprogram=bao\n\n"}
        self.assertEqual(self.agent(self.objects(**variables))["image"], "from/variable:1")
        parameter = {"name": "settings", "map": {"image": "from/parameter:1", "agent.logLevel": "debug"}}
        agent = self.agent(self.objects(parameter, PARAM_SETTINGS_IMAGE="from/parameter:1", **variables))
        self.assertEqual(agent["image"], "from/parameter:1")
        self.assertIn("debug", json.dumps(agent))

    def test_subfolders_are_read_where_the_parameter_says_so(self):
        self.plain_folder()
        self.write("app/more/map.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: m}\n")
        self.assertNotIn("ConfigMap", self.objects({"name": "recurse", "string": "false"}))
        self.assertIn("ConfigMap", self.objects({"name": "recurse", "string": "true"}))

    def test_the_applications_namespace_counts_for_objects_that_name_none(self):
        self.plain_folder()
        self.write("app/web.yaml", ANNOTATED.replace("  namespace: shop\n", ""))
        objects = self.objects(ARGOCD_APP_NAMESPACE="kube-system")
        self.assertEqual(self.agent(objects)["name"], "app")

    def test_what_cannot_be_done_fails_and_says_why(self):
        self.plain_folder()
        wrong = [
            ([{"name": "setting", "map": {}}], "this plugin has no parameter `setting`"),
            ([{"name": "settings", "string": "a=b"}], "the parameter `settings` has to be a map"),
            ([{"name": "recurse", "string": "yes"}], "the parameter `recurse` has to be true or false"),
            ([{"name": "settings", "map": {"imag": "x"}}], "there is no setting `imag`"),
        ]
        for parameters, message in wrong:
            done = self.generate(*parameters)
            self.assertEqual((done.code, done.out), (64, ""))
            self.assertIn(message, done.err)
        done = self.generate(ARGOCD_APP_PARAMETERS="[{")
        self.assertEqual((done.code, done.out), (64, ""))
        self.write("app/web.yaml", REFUSED)
        self.assertEqual(self.generate().code, 65)

    def test_the_definition_is_one_argo_takes(self):
        self.assertEqual(self.plugin["apiVersion"], "argoproj.io/v1alpha1")
        self.assertEqual(self.plugin["kind"], "ConfigManagementPlugin")
        spec = self.plugin["spec"]
        self.assertLessEqual(set(spec), {
            "version", "init", "generate", "discover", "parameters", "preserveFileMode", "provideGitCreds"})
        self.assertLessEqual(set(spec["discover"]), {"fileName", "find"})
        for parameter in spec["parameters"]["static"]:
            self.assertLessEqual(set(parameter), {
                "name", "title", "tooltip", "required", "itemType", "collectionType", "string", "array", "map"})
            self.assertIn(parameter.get("collectionType", "string"), ("string", "array", "map"))
        self.plain_folder()
        self.assertTrue(list((self.folder / "app").glob(spec["discover"]["fileName"].removeprefix("./"))))

    @needs("kubectl")
    def test_the_patch_adds_the_sidecar_to_the_repo_server(self):
        self.write("server.yaml", """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: argocd-repo-server}
spec:
  template:
    spec:
      containers: [{name: argocd-repo-server, image: argocd}]
      volumes: [{name: var-files, emptyDir: {}}, {name: plugins, emptyDir: {}}]
""")
        printed = self.check_program(
            "kubectl", "patch", "--local", "-f", "server.yaml", "--patch-file", FOLDER / "sidecar.yaml", "-o", "json")
        spec = json.loads(printed)["spec"]["template"]["spec"]
        self.assertEqual({each["name"] for each in spec["containers"]}, {"argocd-repo-server", "vault-inject"})
        sidecar = next(each for each in spec["containers"] if each["name"] == "vault-inject")
        volumes = {each["name"] for each in spec["volumes"]}
        self.assertLessEqual({each["name"] for each in sidecar["volumeMounts"]}, volumes)
        self.assertEqual(sidecar["securityContext"]["runAsUser"], 999)
        self.assertEqual(sidecar["command"], ["/var/run/argocd/argocd-cmp-server"])
        mounts = {each["mountPath"] for each in sidecar["volumeMounts"]}
        self.assertEqual(mounts, {"/var/run/argocd", "/home/argocd/cmp-server/plugins", "/tmp"})
