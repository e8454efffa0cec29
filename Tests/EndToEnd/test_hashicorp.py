"""Pods that speak HashiCorp's dialect: what its agents make of their generated configuration."""

import contextlib
import http.client
import urllib.error
import urllib.request

import injection
import manifests
from case import Case
from harness.places import EXAMPLES
from kube_server import make_certificate
from vault_server import Relay, free_port

AGENT = "vault-agent"
INIT = "vault-agent-init"
SLEEP = "exec sleep 1000"
QUICK = {"terminationGracePeriodSeconds": 1}


class HashiCorp(Case):
    secrets = "vault-secrets"
    dialect = manifests.HASHICORP
    revokes_tokens = False

    def setUp(self):
        super().setUp()
        self.vault.kubernetes_role("app", "app")
        self.vault.write("secret/first", user="alice", password="p w <&> \"q\" $x")

    def run_pod(self, annotations, *arguments, script=SLEEP, pod=None, **options):
        return self.run_workload(
            {"role": "app", **annotations}, *arguments, script=script, pod={**QUICK, **(pod or {})}, **options)


class Templates(HashiCorp):
    def test_the_default_template_gives_lines(self):
        pod = self.run_pod({"agent-inject-secret-First": "secret/first"}, script=f"cat /vault/secrets/first; {SLEEP}")
        self.wait_for_log(pod, "app", 'password: p w <&> "q" $x\nuser: alice\n')
        self.assertEqual(pod.order, [INIT, "app", AGENT])

    def test_the_default_template_gives_json(self):
        pod = self.run_pod({"agent-inject-secret-first": "secret/first", "agent-inject-default-template": "JSON"})
        self.wait_for_file(pod, "first", '{"password":"p w \\u003c\\u0026\\u003e \\"q\\" $x","user":"alice"}\n')

    def test_a_template_of_its_own_with_delimiters_file_and_mode(self):
        pod = self.run_pod({
            "agent-inject-template-a": '<% with secret "secret/first" %>é <% .Data.user %>{{ }}<% end %>',
            "agent-template-left-delim-a": "<%", "agent-template-right-delim-a": "%>",
            "agent-inject-file-a": "deep/er.txt", "agent-inject-perms-a": "0600",
        })
        self.wait_for_file(pod, "deep/er.txt", "é alice{{ }}")
        self.assertEqual((pod.volume(self.secrets) / "deep/er.txt").stat().st_mode & 0o777, 0o600)

    def test_a_template_in_a_file_of_a_copied_mount(self):
        template = '{{ with secret "secret/first" }}{{ .Data.user }}{{ end }}'
        self.cluster.objects[("configMap", "templates")] = {"user": template}
        pod = self.run_pod(
            {"agent-inject-template-file-user": "/templates/user", "agent-copy-volume-mounts": "app"},
            container={"volumeMounts": [{"name": "templates", "mountPath": "/templates"}]},
            pod={"volumes": [{"name": "templates", "configMap": {"name": "templates"}}]})
        self.wait_for_file(pod, "user", "alice")

    def test_a_folder_of_its_own(self):
        pod = self.run_pod(
            {"agent-inject-secret-first": "secret/first", "secret-volume-path-first": "/elsewhere"},
            script=f"cat /elsewhere/first; {SLEEP}")
        self.wait_for_log(pod, "app", "user: alice")

    def test_a_change_is_rendered_and_runs_the_command(self):
        self.vault.write("kv/changing", value="1")
        pod = self.run_pod({
            "agent-inject-template-changing": '{{ with secret "kv/data/changing" }}{{ .Data.data.value }}{{ end }}',
            "agent-inject-command-changing": "echo again >> /vault/secrets/notes"})
        self.wait_for_file(pod, "changing", "1")
        self.wait(pod, lambda: pod.order[-1] == AGENT, "the sidecar")
        self.vault.write("kv/changing", value="2")
        self.wait_for_file(pod, "changing", "2")
        self.wait_for_file(pod, "notes", "again\nagain\n")

    def test_a_missing_key_fails_where_it_is_asked_to(self):
        pod = self.run_pod({
            "agent-inject-template-a": '{{ with secret "secret/first" }}{{ .Data.nothing }}{{ end }}',
            "error-on-missing-key-a": "true"})
        self.wait_for_log(pod, INIT, "nothing")
        self.assertNotIn("app", pod.order)

    def test_the_init_container_waits_for_the_secret(self):
        pod = self.run_pod({"agent-inject-secret-later": "secret/later"}, script=f"cat /vault/secrets/later; {SLEEP}")
        self.wait_for_log(pod, INIT, "no secret exists at secret/later")
        self.assertEqual(pod.order, [INIT])
        self.vault.write("secret/later", user="bob")
        self.addCleanup(self.vault.call, "DELETE", "secret/later")
        self.wait_for_log(pod, "app", "user: bob\n")


class ConfigurationAsText(HashiCorp):
    """`agent.configuration: text`: Kubernetes expands what it takes for variables, the shell writes it, the agent reads it."""

    TEXT = ("--set", "agent.configuration=text")

    def test_the_default_template(self):
        pod = self.run_pod({"agent-inject-secret-First": "secret/first"}, *self.TEXT,
                           script=f"cat /vault/secrets/first; {SLEEP}")
        self.wait_for_log(pod, "app", 'password: p w <&> "q" $x\nuser: alice\n')
        self.assertEqual(pod.order, [INIT, "app", AGENT])

    def test_text_that_looks_like_variables(self):
        plain = "$(POD_IP) $(NAMESPACE) $$(POD_IP) ${HOME} $$ $x `id` $(id) 'é' <&> \\ \"q\"\tend"
        pod = self.run_pod({
            "agent-inject-template-a": plain + '\n{{ with secret "secret/first" }}{{ $u := .Data.user }}{{ $u }}{{ end }}'},
            *self.TEXT)
        self.wait_for_file(pod, "a", plain + "\nalice")

    def test_a_native_sidecar_renders_changes(self):
        self.vault.write("kv/changing", value="1")
        pod = self.run_pod({
            "agent-inject-template-changing": '{{ with secret "kv/data/changing" }}{{ .Data.data.value }}{{ end }}',
            "agent-inject-command-changing": "echo again >> /vault/secrets/notes"},
            *self.TEXT, "--sidecars", "native")
        self.wait_for_file(pod, "changing", "1")
        self.vault.write("kv/changing", value="2")
        self.wait_for_file(pod, "changing", "2")
        self.wait_for_file(pod, "notes", "again\nagain\n")


class Login(HashiCorp):
    def test_the_token_is_written_beside_the_secrets(self):
        pod = self.run_pod({"agent-inject-token": "true"})
        token = self.wait_for_file(pod, "token")
        (_, found), *_ = [item for item in self.vault.tokens()]
        self.assertTrue(token)
        self.assertEqual(found["meta"]["service_account_name"], "app")

    def test_approle_by_parameters(self):
        role, secret = self.vault.app_role("app")
        self.cluster.objects[("secret", "ids")] = {"role": role, "secret": secret}
        pod = self.run_workload({
            "auth-type": "approle", "auth-path": "auth/approle", "agent-extra-secret": "ids",
            "auth-config-role-id-file-path": "/vault/custom/role",
            "auth-config-secret-id-file-path": "/vault/custom/secret",
            "auth-config-remove-secret-id-file-after-reading": "false",
            "agent-inject-secret-first": "secret/first"}, script=f"cat /vault/secrets/first; {SLEEP}", pod=QUICK)
        self.wait_for_log(pod, "app", "user: alice")
        self.wait(pod, lambda: len(self.vault.tokens()) == 2, "the sidecar's login")

    def test_a_wrong_account_is_refused(self):
        pod = self.run_pod({"agent-inject-secret-first": "secret/first"}, account="stranger")
        self.wait_for_log(pod, INIT, "service account name not authorized")

    def test_a_token_for_an_audience(self):
        self.vault.kubernetes_role("picky", "app", audience="vault")
        pod = self.run_pod({"role": "picky", "agent-inject-secret-first": "secret/first"},
                           "--set", "token.audience=vault")
        self.wait_for_file(pod, "first")

    def test_login_and_secrets_in_a_namespace(self):
        self.vault.call("POST", "sys/namespaces/crew", {})
        self.addCleanup(self.vault.call, "DELETE", "sys/namespaces/crew")
        self.namespaces.append("crew")
        self.vault.set_up(self.cluster, "crew")
        self.vault.kubernetes_role("app", "app", "crew")
        self.vault.call("POST", "secret/inner", {"user": "carol"}, "crew")
        pod = self.run_pod({"agent-inject-secret-inner": "secret/inner", "namespace": "crew"})
        self.wait_for_file(pod, "inner", "user: carol\n")

    def test_restricted_namespaces_accept_the_containers(self):
        for sidecars in ("container", "native"):
            (_, spec), = self.injected_pods(EXAMPLES / "hashicorp" / "deployment.yaml", "--sidecars", sidecars)
            injected = [one for one in spec["initContainers"] + spec["containers"] if one["name"] != "checkout"]
            self.assertEqual([one["name"] for one in injected],
                             [INIT, AGENT] if sidecars == "container" else [AGENT])
            for context in (one["securityContext"] for one in injected):
                self.assertIs(context["runAsNonRoot"], True)
                self.assertIs(context["allowPrivilegeEscalation"], False)
                self.assertEqual(context["capabilities"], {"drop": ["ALL"]})
                self.assertEqual(context["seccompProfile"], {"type": "RuntimeDefault"})

    def test_a_volume_of_the_pods_own_with_the_token(self):
        pod = self.run_pod(
            {"agent-inject-secret-first": "secret/first", "agent-service-account-token-volume-name": "mine"},
            pod={"volumes": [{"name": "mine", "projected": {"sources": [{"serviceAccountToken": {"path": "jwt"}}]}}]})
        self.wait_for_file(pod, "first")

    def test_revoked_on_shutdown(self):
        pod = self.run_pod({
            "agent-inject-secret-first": "secret/first", "agent-pre-populate": "false",
            "agent-revoke-on-shutdown": "true", "agent-revoke-grace": "0"}, pod={"terminationGracePeriodSeconds": 10})
        self.wait_for_file(pod, "first")
        self.assertEqual(len(self.vault.tokens()), 1)
        pod.delete()
        self.assertEqual(self.vault.tokens(), [])

    def test_tls_with_the_authority_in_a_secret(self):
        authority, certificate, key = make_certificate(self.folder / "tls", "vault.test")
        self.cluster.objects[("secret", "vault-tls")] = {"ca.crt": authority.read_text()}
        relay = Relay(self.vault.port, (certificate, key)).up()
        self.addCleanup(relay.down)
        wanted = {"agent-inject-secret-first": "secret/first"}
        for annotations, arguments in (
            ({"tls-secret": "vault-tls", "ca-cert": "/vault/tls/ca.crt", "tls-server-name": "vault.test"}, []),
            ({}, ["--set", "vault.tls.caSecret=vault-tls", "--set", "vault.tls.serverName=vault.test"]),
            ({"tls-skip-verify": "true"}, []),
        ):
            with self.subTest(annotations=annotations):
                pod = self.run_pod({**wanted, **annotations}, *arguments, address=relay.address)
                self.wait_for_file(pod, "first")
                pod.delete()


class Cache(HashiCorp):
    def ask(self, port, path, method="GET"):
        request = urllib.request.Request(
            f"http://127.0.0.1:{port}{path}", method=method, headers={"X-Vault-Request": "true"})
        with urllib.request.urlopen(request, timeout=5) as answer:
            return answer.read().decode()

    def is_allowed(self, port, path):
        try:
            return bool(self.ask(port, path))
        except urllib.error.HTTPError as error:
            if error.code != 403:
                raise
            return False
        except urllib.error.URLError:
            return False  # It does not listen yet.

    def test_the_cache_answers_with_the_agents_token(self):
        port = free_port()
        pod = self.run_pod({
            "agent-cache-enable": "true", "agent-cache-listener-port": str(port), "agent-pre-populate": "false",
            "agent-inject-secret-first": "secret/first"})
        self.wait_for_file(pod, "first")
        self.assertIn('"user":"alice"', self.ask(port, "/v1/secret/first"))

    def test_the_init_container_hands_its_cache_on(self):
        port = free_port()
        pod = self.run_pod({
            "agent-cache-enable": "true", "agent-cache-listener-port": str(port),
            "agent-inject-secret-first": "secret/first"})
        self.wait_for_log(pod, AGENT, "loaded memcache from persistent storage")
        # Its listener is up before the token it restores is in use: until then it answers 403.
        self.wait(pod, lambda: self.is_allowed(port, "/v1/secret/first"), "the cache to use its token")
        self.assertIn('"user":"alice"', self.ask(port, "/v1/secret/first"))
        self.assertEqual(len(self.vault.tokens()), 1, "one login for both")

    def test_the_quit_endpoint_ends_the_agent(self):
        port = free_port()
        pod = self.run_pod({
            "agent-enable-quit": "true", "agent-cache-listener-port": str(port),
            "agent-inject-secret-first": "secret/first"}, script="sleep 2", pod={"restartPolicy": "Never"})
        self.wait(pod, lambda: AGENT in pod.order, "the sidecar")
        self.wait_for_log(pod, AGENT, "renewed auth token")
        with contextlib.suppress(http.client.RemoteDisconnected):   # it may be gone before it has answered
            self.ask(port, "/agent/v1/quit", "POST")
        self.wait_for_end(pod)
        self.assertEqual((pod.phase, pod.codes[AGENT]), ("Succeeded", 0), pod.logs())


class Ends(HashiCorp):
    def test_pre_populating_only_leaves_no_agent(self):
        pod = self.run_pod(
            {"agent-inject-secret-first": "secret/first", "agent-pre-populate-only": "true"},
            script="cat /vault/secrets/first", kind="Job")
        self.wait_for_end(pod)
        self.assertEqual((pod.phase, pod.codes), ("Succeeded", {INIT: 0, "app": 0}), pod.logs())
        self.assertIn("user: alice", pod.log("app"))

    def test_a_job_ends_by_itself(self):
        pod = self.run_pod({"agent-inject-secret-first": "secret/first"}, script="cat /vault/secrets/first", kind="Job")
        self.wait_for_end(pod)
        self.assertEqual(pod.phase, "Succeeded", pod.logs())
        self.assertEqual(pod.order, [AGENT, "app"])
        self.assertIn("user: alice", pod.log("app"))
        self.assertEqual(len(self.vault.tokens()), 1, "one agent logs in once")


class NativeSidecars(HashiCorp):
    def test_nothing_behind_it_starts_before_its_secrets(self):
        pod = self.run_pod(
            {"agent-inject-secret-later": "secret/later", "agent-native-sidecar": "true", "agent-init-first": "true"},
            script=f"cat /vault/secrets/later; {SLEEP}", pod={"initContainers": [
                {"name": "migrate", "image": "busybox:1", "command": ["cat", "/vault/secrets/later"]}]})
        self.wait_for_log(pod, AGENT, "no secret exists at secret/later")
        self.assertEqual(pod.order, [AGENT])
        self.vault.write("secret/later", user="bob")
        self.addCleanup(self.vault.call, "DELETE", "secret/later")
        self.wait_for_log(pod, "app", "user: bob\n")
        self.assertEqual(pod.log("migrate"), "user: bob\n")
        self.assertEqual(pod.order, [AGENT, "migrate", "app"])

    def test_it_keeps_secrets_up_to_date_and_revokes_its_token(self):
        self.vault.write("kv/changing", value="1")
        pod = self.run_pod({
            "agent-inject-template-changing": '{{ with secret "kv/data/changing" }}{{ .Data.data.value }}{{ end }}',
            "agent-revoke-on-shutdown": "true", "agent-revoke-grace": "0"}, "--sidecars", "native",
            pod={"terminationGracePeriodSeconds": 10})
        self.wait(pod, lambda: "app" in pod.order, "the application")
        self.vault.write("kv/changing", value="2")
        self.wait_for_file(pod, "changing", "2")
        pod.delete()
        self.assertEqual(self.vault.tokens(), [])


class Examples(HashiCorp):
    def run_hashicorp(self, name, *arguments):
        return self.run_file(EXAMPLES / "hashicorp" / name, *arguments)

    def test_deployment(self):
        self.vault.kubernetes_role("checkout", "checkout")
        self.vault.write("kv/checkout/database", user="u", password="p")
        self.vault.write("kv/checkout/payment", key="k")
        pod = self.run_hashicorp("deployment.yaml")
        self.wait_for_log(pod, "checkout", "checkout: database payment.json")
        self.wait_for_file(pod, "database", "\npostgres://u:p@postgres:5432/checkout\n")

    def test_job(self):
        self.vault.kubernetes_role("orders", "orders-migration")
        self.vault.write("secret/orders/migration", user="u")
        pod = self.run_hashicorp("job.yaml")
        self.wait_for_end(pod)
        self.assertEqual((pod.phase, pod.log("migrate")), ("Succeeded", "migrate: user: u\n"), pod.logs())

    def test_cronjob(self):
        self.vault.kubernetes_role("reports", "nightly-report")
        self.vault.write("secret/reports/mail", user="u")
        pod = self.run_hashicorp("cronjob.yaml")
        self.wait_for_end(pod)
        self.assertEqual((pod.phase, pod.log("report")), ("Succeeded", "report: user: u\n"), pod.logs())

    def test_approle(self):
        role, secret = self.vault.app_role("billing")
        self.cluster.objects[("secret", "billing-approle")] = {"role-id": role, "secret-id": secret}
        self.vault.write("secret/billing/gateway", key="k")
        pod = self.run_hashicorp("approle.yaml")
        self.wait_for_log(pod, "billing", "key=k\n")

    def test_statefulset(self):
        self.vault.kubernetes_role("ledger", "ledger")
        self.vault.write("secret/ledger/tls", pem="PEM")
        self.vault.write("secret/ledger/token", value="v")
        pod = self.run_hashicorp("statefulset.yaml")
        self.wait_for_log(pod, "ledger", "PEMvalue: v\n")
        self.assertNotIn("vault-secrets", str(pod.specification("metrics")))

    def test_configmap(self):
        self.vault.kubernetes_role("search", "search")
        self.vault.write("secret/search/index", key="index key")
        path = EXAMPLES / "hashicorp" / "configmap.yaml"
        (config, workload) = injection.inject(path, "--vault-addr", self.vault.address)
        self.cluster.objects[("configMap", config["metadata"]["name"])] = config["data"]
        pod = self.start(*injection.pod_template(workload))
        self.wait_for_log(pod, "search", "index key")
        self.assertEqual(pod.order, [INIT, "search", AGENT])

    def test_pod(self):
        self.vault.kubernetes_role("console", "console")
        pod = self.run_hashicorp("pod.json")
        self.wait_for_log(pod, "console", "0\n")
