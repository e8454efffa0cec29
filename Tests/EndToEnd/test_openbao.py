"""Pods that speak OpenBao's dialect, with OpenBao's own agent in an image that is laid out like its newer ones."""

import manifests
from case import Case

AGENT = "openbao-agent"
INIT = "openbao-agent-init"
SLEEP = "exec sleep 1000"
QUICK = {"terminationGracePeriodSeconds": 1}
CONFIGURATION = """
pid_file = "/home/openbao/.pid"
exit_after_auth = %s
auto_auth {
  method { type = "kubernetes" config = { role = "app" } }
  sink { type = "file" config = { path = "/home/openbao/.openbao-token" } }
}
template {
  destination = "/vault/secrets/first"
  contents = "{{ with secret \\"secret/first\\" }}{{ .Data.user }}{{ end }}"
}
"""


class OpenBao(Case):
    secrets = "openbao-secrets"
    dialect = manifests.OPENBAO
    revokes_tokens = False

    def setUp(self):
        super().setUp()
        self.vault.kubernetes_role("app", "app")
        self.vault.write("secret/first", user="alice", password="p w <&> \"q\" $x")

    def run_pod(self, annotations, *arguments, script=SLEEP, pod=None, **options):
        return self.run_workload(
            {"role": "app", **annotations}, *arguments, script=script, pod={**QUICK, **(pod or {})}, **options)

    def test_the_default_template_gives_lines(self):
        pod = self.run_pod({"agent-inject-secret-First": "secret/first"}, script=f"cat /vault/secrets/first; {SLEEP}")
        self.wait_for_log(pod, "app", 'password: p w <&> "q" $x\nuser: alice\n')
        self.assertEqual(pod.order, [INIT, "app", AGENT])

    def test_a_native_sidecar_and_a_configuration_as_text(self):
        pod = self.run_pod(
            {"agent-inject-secret-first": "secret/first"}, "--sidecars", "native", "--set", "agent.configuration=text",
            script=f"cat /vault/secrets/first; {SLEEP}")
        self.wait_for_log(pod, "app", "user: alice\n")
        self.assertEqual(pod.order, [AGENT, "app"])

    def test_a_job(self):
        pod = self.run_pod({"agent-inject-secret-first": "secret/first"}, kind="Job", script="cat /vault/secrets/first")
        self.wait_for_end(pod)
        self.assertEqual(pod.phase, "Succeeded", pod.logs())
        self.assertIn("user: alice\n", pod.log("app"))

    def test_it_keeps_secrets_up_to_date(self):
        self.vault.write("kv/changing", value="1")
        pod = self.run_pod(
            {"agent-inject-template-changing": '{{ with secret "kv/data/changing" }}{{ .Data.data.value }}{{ end }}'},
            "--set", "openbao.staticSecretRenderInterval=1s")
        self.wait_for_file(pod, "changing", "1")
        self.vault.write("kv/changing", value="2")
        self.wait_for_file(pod, "changing", "2")

    def test_a_config_map(self):
        self.cluster.objects[("configMap", "agents")] = {
            "config-init.hcl": CONFIGURATION % "true", "config.hcl": CONFIGURATION % "false"}
        pod = self.run_pod({"agent-configmap": "agents"}, script=f"cat /vault/secrets/first; {SLEEP}")
        self.wait_for_log(pod, "app", "alice")
        self.assertEqual(pod.order, [INIT, "app", AGENT])

    def test_revoked_on_shutdown(self):
        pod = self.run_pod({
            "agent-inject-secret-first": "secret/first", "agent-pre-populate": "false",
            "agent-revoke-on-shutdown": "true", "agent-revoke-grace": "0"}, pod={"terminationGracePeriodSeconds": 10})
        self.wait_for_file(pod, "first")
        self.assertEqual(len(self.vault.tokens()), 1)
        pod.delete()
        self.assertEqual(self.vault.tokens(), [])


class OldPrefix(OpenBao):
    dialect = manifests.HASHICORP

    def run_pod(self, annotations, *arguments, **options):
        return super().run_pod(annotations, "--dialect", "openbao", *arguments, **options)


class Chart(Case):
    """OpenBao's chart has HashiCorp's injector, with OpenBao's image in place of Vault's."""

    secrets = "vault-secrets"
    dialect = manifests.HASHICORP
    revokes_tokens = False

    def test_one_setting_is_enough(self):
        self.vault.kubernetes_role("app", "app")
        self.vault.write("secret/first", user="alice")
        pod = self.run_workload(
            {"role": "app", "agent-inject-secret-first": "secret/first"}, "--set", "image=openbao/openbao:2.7.2",
            script=f"cat /vault/secrets/first; {SLEEP}", pod=QUICK)
        self.wait_for_log(pod, "app", "user: alice\n")
