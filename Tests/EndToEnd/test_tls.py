"""Vault behind TLS, and Vault namespaces."""

from case import AGENT, Case
from kube_server import make_certificate
from vault_server import Relay


class TLS(Case):
    def setUp(self):
        super().setUp()
        self.vault.kubernetes_role("app", "app")
        self.vault.write("secret/first", user="alice")
        authority, certificate, key = make_certificate(self.folder / "tls", "vault.test")
        self.cluster.objects[("configMap", "vault-ca")] = {"ca.crt": authority.read_text()}
        self.cluster.objects[("secret", "vault-ca")] = {"ca.crt": authority.read_text()}
        self.relay = Relay(self.vault.port, (certificate, key)).up()
        self.addCleanup(self.relay.down)

    def run_with(self, *settings):
        words = [word for setting in settings for word in ("--set", setting)]
        return self.run_workload({"role": "app", "secrets-path": "secret/first"}, *words, address=self.relay.address)

    def test_authority_from_a_config_map(self):
        pod = self.run_with("vault.tls.caConfigMap=vault-ca", "vault.tls.serverName=vault.test")
        self.wait_for_file(pod, "secrets.properties", "user=alice\n")

    def test_authority_from_a_secret(self):
        pod = self.run_with("vault.tls.caSecret=vault-ca", "vault.tls.serverName=vault.test")
        self.wait_for_file(pod, "secrets.properties", "user=alice\n")

    def test_no_check_where_none_is_wanted(self):
        pod = self.run_with("vault.tls.skipVerify=true")
        self.wait_for_file(pod, "secrets.properties", "user=alice\n")

    def test_a_certificate_of_another_name_is_refused(self):
        pod = self.run_with("vault.tls.caConfigMap=vault-ca")
        self.wait_for_log(pod, AGENT, "cannot validate certificate for 127.0.0.1")

    def test_an_unknown_authority_is_refused(self):
        pod = self.run_with("vault.tls.serverName=vault.test")
        self.wait_for_log(pod, AGENT, "certificate signed by unknown authority")


class Namespaces(Case):
    def test_login_and_secrets_in_a_namespace(self):
        self.vault.call("POST", "sys/namespaces/team", {})
        self.addCleanup(self.vault.call, "DELETE", "sys/namespaces/team")
        self.namespaces.append("team")
        self.vault.set_up(self.cluster, "team")
        self.vault.kubernetes_role("app", "app", "team")
        self.vault.call("POST", "secret/inner", {"user": "carol"}, "team")
        pod = self.run_workload({"role": "app", "secrets-path": "secret/inner"}, "--set", "vault.namespace=team")
        self.wait_for_file(pod, "secrets.properties", "user=carol\n")
        self.assertEqual(len(self.vault.tokens("team")), 1)
