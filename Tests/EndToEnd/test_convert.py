"""Converted manifests: HashiCorp's agents write the files that Talend's write."""

import manifests
from case import Case

QUICK = {"terminationGracePeriodSeconds": 1}
APPROLE = {
    "name": "ids", "image": "busybox:1", "command": [
        "sh", "-ec", "cd /opt/talend/secrets; cat /ids/role > approle_roleid; cat /ids/secret > approle_secretid"],
    "volumeMounts": [{"name": "ids", "mountPath": "/ids"}],
}


class Conversion(Case):
    # HashiCorp's agents leave their tokens to expire.
    revokes_tokens = False

    def setUp(self):
        super().setUp()
        self.vault.kubernetes_role("app", "app")
        self.vault.write("secret/first", user="alice", password='p w "q" = $x <&>')
        self.vault.write("kv/second", user="bob", number=7)

    def converted(self, path):
        done = self.inject("convert", "--to", "hashicorp", "-f", path)
        self.assertEqual(done.code, 0, done.err)
        result = path.with_name(f"converted-{path.name}")
        result.write_text(done.out)
        self.assertNotIn("sidecar.vault.talend.org", done.out)
        return result

    def files(self, pod, volume, names):
        folder = pod.volume(volume)
        self.wait(pod, lambda: all((folder / name).exists() for name in names), f"the files {names}")
        return {name: ((folder / name).read_bytes(), (folder / name).stat().st_mode & 0o777) for name in names}

    def check(self, annotations, names, **options):
        path = manifests.workload(self.folder, annotations, pod={**QUICK, **options.pop("pod", {})}, **options)
        original = self.files(self.run_file(path), "secrets", names)
        converted = self.files(self.run_file(self.converted(path)), "vault-secrets", names)
        self.assertEqual(converted, original)
        self.assertTrue(all(content for content, _ in original.values()))

    def test_paths_of_both_engines(self):
        self.check({"role": "app", "secrets-path": "secret/first,kv/data/second",
                    "secrets-destination": "first.properties,Deep/second file"},
                   ["first.properties", "Deep/second file"])

    def test_templates_with_every_ending(self):
        self.check({"role": "app", "secrets-path": "unused", "secrets-destination": "a,b,file-c,d", "secrets-template":
                    '{{ with secret "secret/first" }}{{ .Data.user }}{{ end }}---'
                    'two\n{{ with secret "kv/data/second" }}{{ .Data.data.user }}{{ end }}\n---'
                    '{{- with secret "secret/first" -}}\n{{ .Data | toJSON }}\n{{- end -}}\n---$$ ${x} <&>'},
                   ["a", "b", "file-c", "d"], labels={"com.talend.application": "x", "com.talend.service": "y"})

    def test_static_secrets(self):
        self.check({"role": "app", "secrets-type": "static", "secrets-path": "secret/first"}, ["secrets.properties"])

    def test_a_hook_and_a_command(self):
        self.check({"role": "app", "secrets-hook": "true", "secrets-path": "secret/first",
                    "notify": "echo done > /opt/talend/secrets/note"}, ["secrets.properties", "note"])

    def test_role_and_path_from_labels(self):
        self.vault.write("secret/app/service", key="value")
        self.check({}, ["secrets.properties"],
                   labels={"com.talend.application": "app", "com.talend.service": "service"})

    def variables(self, path, container="app"):
        pod = self.run_file(path)
        self.wait_for_end(pod)
        return sorted(line for line in pod.log(container).splitlines() if not line.startswith("HOSTNAME="))

    def test_the_environment(self):
        template = '{{ with secret "kv/data/second" -}}\nA_USER = {{ .Data.data.user }}\nA={{ .Data.data.number }}\n{{ end }}'
        for annotations in ({"secrets-path": "secret/first,kv/data/second", "secrets-destination": "a,b"},
                            {"secrets-path": "unused", "secrets-destination": "a", "secrets-template": template}):
            with self.subTest(annotations=annotations):
                path = manifests.workload(
                    self.folder, {"role": "app", "secrets-type": "static", "secrets-injection-method": "env",
                                  **annotations}, kind="Job", command=["env"], pod=QUICK)
                original = self.variables(path)
                self.assertTrue(any("user=" in line.lower() for line in original), original)
                self.assertEqual(self.variables(self.converted(path)), original)

    def test_approle(self):
        role, secret = self.vault.app_role("app")
        self.cluster.objects[("secret", "ids")] = {"role": role, "secret": secret}
        self.check({"auth": "approle", "secrets-path": "secret/first"}, ["secrets.properties"],
                   labels={"com.talend.application": "x", "com.talend.service": "y"},
                   pod={"initContainers": [APPROLE], "volumes": [{"name": "ids", "secret": {"secretName": "ids"}}]})
