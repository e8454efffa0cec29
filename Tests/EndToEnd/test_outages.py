"""Vault is down, comes back, goes away, and lets tokens expire."""

from case import AGENT, INIT, Case
from vault_server import Relay


class Outages(Case):
    def setUp(self):
        super().setUp()
        self.vault.kubernetes_role("app", "app")
        self.vault.write("kv/first", user="alice")
        self.relay = Relay(self.vault.port)
        self.addCleanup(self.relay.down)

    def test_vault_comes_late_goes_away_and_comes_back(self):
        pod = self.run_workload({"role": "app", "secrets-path": "kv/data/first"}, address=self.relay.address)
        self.wait_for_log(pod, AGENT, "connection refused")
        self.relay.up()
        self.wait_for_file(pod, "secrets.properties", "user=alice\n", seconds=30)
        self.relay.down()
        self.vault.write("kv/first", user="bob")
        refused = pod.log(AGENT).count("connection refused")
        self.wait(pod, lambda: pod.log(AGENT).count("connection refused") > refused, "another refusal")
        self.assertIsNone(pod.containers[AGENT].exit_code())
        self.wait_for_file(pod, "secrets.properties", "user=alice\n")
        self.relay.up()
        self.wait_for_file(pod, "secrets.properties", "user=bob\n", seconds=60)
        self.assertEqual(pod.restarts, {})

    def test_static_secrets_wait_for_vault(self):
        pod = self.run_workload({"role": "app", "secrets-type": "static", "secrets-path": "kv/data/first"},
                                address=self.relay.address)
        self.wait_for_log(pod, INIT, "connection refused")
        self.relay.up()
        self.wait_for_file(pod, "secrets.properties", "user=alice\n", seconds=30)

    def test_stopping_while_vault_is_away(self):
        self.relay.up()
        pod = self.run_workload({"role": "app", "secrets-path": "kv/data/first"}, address=self.relay.address)
        self.wait_for_file(pod, "secrets.properties")
        (accessor, _), = self.vault.tokens()
        self.relay.down()
        pod.delete()
        self.assertEqual(pod.codes[AGENT], 0)
        self.assertIn("Error revoking token", pod.log(AGENT))
        self.vault.revoke(accessor)  # nobody could, so it would live until its time is over

    def test_a_token_that_cannot_be_renewed_is_replaced(self):
        self.vault.kubernetes_role("short", "app", token_ttl="4s", token_max_ttl="4s")
        pod = self.run_workload({"role": "short", "secrets-path": "kv/data/first"})
        self.wait_for_file(pod, "secrets.properties", "user=alice\n")
        (first, _), = self.vault.tokens()
        self.wait(pod, lambda: first not in [accessor for accessor, _ in self.vault.tokens()], "the token's end")
        self.vault.write("kv/first", user="bob")
        self.wait_for_file(pod, "secrets.properties", "user=bob\n")
        pod.delete()
        self.wait(pod, lambda: not self.vault.tokens(), "the last token's end", seconds=8)
