"""What `preflight` says of pods, beside what becomes of those pods."""

import datetime
import http.server
import json
import random
import re
import signal
import subprocess
import threading
import time
import urllib.error
import urllib.request

import injection
import manifests
from case import Case
from harness.places import EXAMPLES, PROGRAM
from kube_server import make_certificate
from vault_server import ROOT_TOKEN, Relay, VaultServer, free_port


class Preflight(Case):
    """The program, asked about one small workload in the namespace `default`."""

    dialect = manifests.HASHICORP
    secrets = "vault-secrets"

    def setUp(self):
        super().setUp()
        self.vault.kubernetes_role("app", "app")
        self.vault.write("secret/first", user="alice", password="canary-of-a-value")
        self.kubeconfig = self.cluster.kubeconfig(self.folder)

    def preflight(self, path, *words, address=None, env=None, text=None):
        if "--as-operator" in words:
            words = (*words, "--vault-url", address or self.vault.address)
        return self.run_program(
            PROGRAM, "preflight", "-f", path, "--kubeconfig", self.kubeconfig,
            "--vault-addr", address or self.vault.address, *words, env=env, text=text)

    def workload(self, annotations, **options):
        return manifests.workload(self.folder, {"role": "app", **annotations}, dialect=self.dialect, **options)

    def told(self, run):
        """What was printed, without what differs from run to run."""
        text = run.out.replace(str(self.folder), "FOLDER").replace(self.vault.address, "VAULT")
        text = re.sub(r"OpenBao \d+\.\d+\.\d+", "OpenBao VERSION", text)
        return re.sub(r"\d{4}-\d\d-\d\dT[\d:.]+Z", "TIME", text)


    def lines(self, run):
        """The checks of one pod, with the hint under each, and the summary."""
        return [line.strip() for line in self.unwrapped(self.told(run)).splitlines()[1:] if line.strip()]

    @staticmethod
    def unwrapped(text):
        return re.sub(r"\n {4,}(?!hint:)", " ", text)

    def demand_failure(self, run, *lines, code=1):
        """The first failure is this, and its hint."""
        self.assertEqual(run.code, code, run)
        found = self.lines(run)
        first = next(index for index, line in enumerate(found) if line.startswith("✗")) if "✗" in run.out else self.fail(run)
        self.assertEqual(found[first:first + len(lines)], list(lines), run)
        # What cannot be asked says nothing of the pod.
        whether = "it cannot be told whether 1 pod would get its secrets"
        self.assertEqual(found[-1], whether if code == 69 else "1 pod would not get its secrets")

    def policy(self, name, *rules):
        """A policy with a role of the same name for the account `app`."""
        self.vault.call("PUT", f"sys/policies/acl/{name}", {"policy": "\n".join(
            f'path "{path}" {{ capabilities = ["{right}"] }}' for path, right in rules)})
        self.vault.kubernetes_role(name, "app", token_policies=[name])


LOGIN = "login at auth/kubernetes as"
WRITE = "vault write auth/kubernetes/role"


class Yes(Preflight):
    def test_a_secret_of_the_first_engine(self):
        run = self.preflight(self.workload({"agent-inject-secret-first": "secret/first"}))
        self.assertEqual((run.code, run.err), (0, ""), run)
        self.assertEqual(self.told(run), """\
Deployment/app in default, FOLDER/manifest-0.json
  ✓ service account default/app: has a token
  ✓ Vault at VAULT: OpenBao VERSION
  ✓ login at auth/kubernetes as app: has `default`, `everything` for 10m
  ✓ secret/first: is there (KV 1)
  ✓ token: given back

1 pod would get its secrets
""")

    def test_fields_of_the_second_engine_by_their_names_alone(self):
        self.vault.write("kv/second", user="bob", password="canary-of-a-value")
        self.policy("narrow", ("kv/data/second", "read"), ("kv/subkeys/second", "read"))
        template = '{{ with secret "kv/second" }}{{ .Data.data.user }}{{ .Data.metadata.version }}{{ end }}'
        run = self.preflight(self.workload({"role": "narrow", "agent-inject-template-a": template}))
        self.assertEqual(run.code, 0, run)
        self.assertIn("✓ kv/second: is there (KV 2), with `user`", self.lines(run))

    def test_what_issues_secrets_is_not_asked_to(self):
        self.vault.call("POST", "transit/keys/app", {})
        template = '{{ with secret "transit/encrypt/app" "plaintext=YQ==" }}{{ .Data.ciphertext }}{{ end }}'
        run = self.preflight(self.workload({"agent-inject-template-a": template}))
        self.assertEqual(run.code, 0, run)
        self.assertIn(
            "✓ transit/encrypt/app: may be written (transit); not done here, as that may issue a secret",
            self.lines(run))

    def test_a_list_and_a_version(self):
        self.vault.write("kv/versions/one", user="bob")
        self.vault.write("kv/versions/one", other="bob")
        template = ('{{ range secrets "kv/versions" }}{{ . }}{{ end }}'
                    '{{ with secret "kv/data/versions/one?version=1" }}{{ .Data.data.user }}{{ end }}')
        run = self.preflight(self.workload({"agent-inject-template-a": template}))
        self.assertEqual(run.code, 0, run)
        self.assertEqual(self.lines(run)[3:5], [
            "✓ kv/versions: may be listed (KV 2)", "✓ kv/data/versions/one: is there (KV 2), with `user`"])

    def test_lists_of_the_first_engine(self):
        self.vault.write("secret/folder/one", user="bob")
        template = '{{ range secrets "secret/folder" }}{{ . }}{{ end }}'
        for rule in ("secret/folder", "secret/folder/", "secret/folder/*"):
            self.policy("lists", (rule, "list"))
            run = self.preflight(self.workload({"role": "lists", "agent-inject-template-a": template}))
            self.assertEqual(run.code, 0, run)
            self.assertIn("✓ secret/folder: may be listed (KV 1)", self.lines(run))

    def test_the_metadata_of_a_secret(self):
        self.vault.write("kv/described", user="bob")
        template = '{{ with secret "kv/metadata/described" }}{{ .Data.current_version }}{{ end }}'
        run = self.preflight(self.workload({"agent-inject-template-a": template}))
        self.assertEqual(run.code, 0, run)
        self.assertIn("✓ kv/metadata/described: is there (KV 2), with `current_version`", self.lines(run))

    def test_a_key_that_is_made_on_use(self):
        template = '{{ with secret "transit/encrypt/unmade" "plaintext=YQ==" }}{{ .Data.ciphertext }}{{ end }}'
        run = self.preflight(self.workload({"agent-inject-template-a": template}))
        self.assertEqual(run.code, 0, run)
        self.assertIn("✓ transit/encrypt/unmade: may be written (transit), which makes the key", self.lines(run))

    def test_half_of_the_right_to_write(self):
        template = '{{ with secret "kv/data/half" "user=bob" }}{{ .Data.version }}{{ end }}'
        for right, what in [("create", "nothing is yet"), ("update", "something is already")]:
            self.policy("half", ("kv/data/half", right))
            run = self.preflight(self.workload({"role": "half", "agent-inject-template-a": template}))
            self.assertEqual(run.code, 1, run)
            self.assertIn(
                f"? kv/data/half: the policies allow `{right}` alone, which writes only where {what}", self.lines(run))

    def test_rights_that_cannot_be_asked(self):
        self.policy("bare", ("secret/first", "read"))
        self.vault.kubernetes_role("bare", "app", token_policies=["bare"], token_no_default_policy=True)
        run = self.preflight(self.workload({"role": "bare", "agent-inject-secret-first": "secret/first"}))
        self.assertEqual(run.code, 1, run)
        self.assertEqual(self.lines(run)[3:], [
            "? secret/first: the token may not ask for its own rights (permission denied)",
            "? token: could not be given back (permission denied); it ends by itself after 10m",
            "it cannot be told whether 1 pod would get its secrets"])
        self.vault.revoke_all()

    def test_a_batch_token(self):
        self.vault.kubernetes_role("batch", "app", token_type="batch")
        run = self.preflight(self.workload({"role": "batch", "agent-inject-secret-first": "secret/first"}))
        self.assertEqual(run.code, 0, run)
        self.assertIn(
            "? token: could not be given back (batch tokens cannot be); it ends by itself after 10m", self.lines(run))

    def test_a_path_that_leads_elsewhere(self):
        run = self.preflight(self.workload({"agent-inject-secret-a": "secret/../auth/token/lookup-self"}))
        self.assertEqual(run.code, 1, run)
        self.assertIn(
            "? secret/../auth/token/lookup-self: could not be asked: no such request: a part of the address's path "
            "cannot be `..`", self.lines(run))

    def test_an_audience(self):
        self.vault.kubernetes_role("picky", "app", audience="vault")
        path = self.workload({"role": "picky", "agent-inject-secret-first": "secret/first"})
        run = self.preflight(path, "--set", "token.audience=vault")
        self.assertEqual(run.code, 0, run)
        self.assertIn("✓ service account default/app: has a token for vault", self.lines(run))

    def test_a_token_for_few_requests_is_not_used_up(self):
        self.vault.kubernetes_role("few", "app", token_num_uses=3)
        run = self.preflight(self.workload({"role": "few", "agent-inject-secret-first": "secret/first"}))
        self.assertEqual(run.code, 1, run)
        self.assertEqual(self.lines(run)[3:], [
            "? paths: not asked, as the token is good for 3 requests only (token_num_uses of the role)",
            "✓ token: given back", "it cannot be told whether 1 pod would get its secrets"])

    def test_an_unknown_configuration(self):
        run = self.preflight(self.workload({"agent-configmap": "elsewhere"}))
        self.assertEqual(run.code, 1, run)
        self.assertEqual(self.lines(run), [
            "? not told: the ConfigMap elsewhere, which configures the agents, is not in the same input",
            "it cannot be told whether 1 pod would get its secrets"])

    def test_a_vault_namespace(self):
        self.vault.call("POST", "sys/namespaces/crew", {})
        self.addCleanup(self.vault.call, "DELETE", "sys/namespaces/crew")
        self.namespaces.append("crew")
        self.vault.set_up(self.cluster, "crew")
        self.vault.kubernetes_role("app", "app", "crew")
        self.vault.call("POST", "secret/inner", {"user": "carol"}, "crew")
        run = self.preflight(self.workload({"agent-inject-secret-inner": "secret/inner", "namespace": "crew"}))
        self.assertEqual(run.code, 0, run)

    def test_an_approle(self):
        role, secret = self.vault.app_role("app")
        path = self.workload({
            "auth-type": "approle", "auth-path": "auth/approle", "agent-extra-secret": "ids",
            "auth-config-role-id-file-path": "/vault/custom/role",
            "auth-config-secret-id-file-path": "/vault/custom/secret", "agent-inject-secret-first": "secret/first"})
        untold = self.preflight(path)
        self.assertEqual(untold.code, 1, untold)
        self.assertEqual(self.lines(untold)[1:], [
            "? login at auth/approle: needs the ids that the pod has: --role-id-file and --secret-id-file",
            "it cannot be told whether 1 pod would get its secrets"])
        self.write("role", role + "\n")
        self.write("secret", secret + "\n")
        run = self.preflight(path, "--role-id-file", "role", "--secret-id-file", "secret")
        self.assertEqual(run.code, 0, run)
        self.assertEqual(run.err, "note: logging in with the secret id of --secret-id-file uses it once\n")
        self.write("secret", "a-secret-id-of-nobody")
        self.demand_failure(
            self.preflight(path, "--role-id-file", "role", "--secret-id-file", "secret"),
            "✗ login at auth/approle: auth/approle does not take the role id and the secret id",
            "hint: one of them is wrong, or the secret id has expired or is used up; make another one")


class Logins(Preflight):
    """Each refusal of a login in its own words."""

    def refuse(self, annotations, *lines, words=(), **options):
        path = self.workload({"agent-inject-secret-first": "secret/first", **annotations}, **options)
        self.demand_failure(self.preflight(path, *words), *lines)

    def test_an_unknown_role(self):
        self.refuse(
            {"role": "nope"}, f"✗ {LOGIN} nope: auth/kubernetes has no role `nope`",
            f"hint: correct the role, or make it: {WRITE}/nope bound_service_account_names=app "
            "bound_service_account_namespaces=default token_policies=…")

    def test_another_account(self):
        self.refuse(
            {}, f"✗ {LOGIN} app: the role `app` is not for the service account `stranger`",
            f"hint: add it to those it is for: {WRITE}/app bound_service_account_names=…,stranger", account="stranger")

    def test_another_namespace(self):
        self.refuse(
            {}, f"✗ {LOGIN} app: the role `app` is not for the namespace `shop`",
            f"hint: add it to those it is for: {WRITE}/app bound_service_account_namespaces=…,shop",
            words=["-n", "shop"])

    def test_another_audience(self):
        self.vault.kubernetes_role("picky", "app", audience="vault")
        self.refuse(
            {"role": "picky"},
            f"✗ {LOGIN} picky: the role `picky` is for another audience than the pod's token, which is for the API "
            "server's own audience",
            f"hint: give both the same: {WRITE}/picky audience=…, or the setting token.audience")

    def test_no_such_mount(self):
        self.refuse(
            {"auth-path": "auth/k8s-prod"},
            "✗ login at auth/k8s-prod as app: `permission denied`, which says that auth/k8s-prod is not there, or that "
            "Vault cannot check the token",
            "hint: first see whether vault auth list has auth/k8s-prod; if it has, Vault may not create TokenReviews "
            "(its reviewer needs system:auth-delegator, and its token may have expired), or it does not reach this "
            "cluster's API server")

    def test_a_reviewer_that_may_not_review(self):
        self.cluster.reviews_are_forbidden = True
        self.addCleanup(setattr, self.cluster, "reviews_are_forbidden", False)
        self.refuse(
            {},
            "✗ login at auth/kubernetes as app: `permission denied`, which says that auth/kubernetes is not there, or "
            "that Vault cannot check the token")

    def test_a_cluster_that_vault_does_not_reach(self):
        self.vault.call("POST", "sys/auth/lost", {"type": "kubernetes"})
        self.addCleanup(self.vault.call, "DELETE", "sys/auth/lost")
        self.vault.call("POST", "auth/lost/config", {
            "kubernetes_host": f"https://127.0.0.1:{free_port()}", "disable_local_ca_jwt": True,
            "kubernetes_ca_cert": self.cluster.authority.read_text()})
        self.vault.call("POST", "auth/lost/role/app", {
            "bound_service_account_names": ["app"], "bound_service_account_namespaces": ["default"]})
        self.refuse(
            {"auth-path": "auth/lost"},
            "✗ login at auth/lost as app: `permission denied`, which says that auth/lost is not there, or that Vault "
            "cannot check the token")

    def test_no_such_vault_namespace(self):
        self.refuse(
            {"namespace": "nowhere"}, f"✗ {LOGIN} app: Vault has no namespace `nowhere`",
            "hint: vault namespace list shows those there are")


class Accounts(Preflight):
    def test_no_such_account(self):
        self.cluster.missing_accounts.add(("default", "app"))
        self.addCleanup(self.cluster.missing_accounts.clear)
        path = self.workload({"agent-inject-secret-first": "secret/first"})
        self.demand_failure(
            self.preflight(path),
            "✗ service account default/app: the namespace `default` has no service account `app`",
            "hint: create it: kubectl create serviceaccount app -n default")
        with path.open("a") as file:
            file.write("\n---\napiVersion: v1\nkind: ServiceAccount\nmetadata: {name: app}\n")
        both = path.rename(self.folder / "both.yaml")
        self.demand_failure(
            self.preflight(both),
            "✗ service account default/app: it comes with the same input, and is not in the cluster yet",
            "hint: apply it first, or name a file with a token of it: --jwt-file")
        self.write("jwt", self.cluster.issue("default", "app"))
        run = self.preflight(both, "--jwt-file", "jwt")
        self.assertEqual(run.code, 0, run)
        self.assertIn("✓ service account default/app: the token of --jwt-file", self.lines(run))

    def test_tokens_are_not_given(self):
        self.cluster.closed_namespaces.add("shop")
        self.addCleanup(self.cluster.closed_namespaces.clear)
        self.demand_failure(
            self.preflight(self.workload({"agent-inject-secret-first": "secret/first"}), "-n", "shop"),
            '✗ service account shop/app: the cluster gives no token of it: serviceaccounts "app" is forbidden: User '
            '"app" cannot create resource "serviceaccounts/token" in API group "" in the namespace "shop"',
            "hint: check with kubectl auth can-i create serviceaccounts/token -n shop, or name a file with a token: "
            "--jwt-file")

    def test_no_cluster(self):
        path = self.workload({"agent-inject-secret-first": "secret/first"})
        port = free_port()
        run = self.preflight(path, "-s", f"http://127.0.0.1:{port}")
        self.demand_failure(
            run, f"✗ service account default/app: nothing answers at the API server's address http://127.0.0.1:{port}",
            "hint: check that the cluster runs, and the address and port in --server", code=69)


class Paths(Preflight):
    """What is wrong with a path, or with what is there."""

    def refuse(self, text, *lines, role="app"):
        template = {"agent-inject-template-a": text} if "{{" in text else {"agent-inject-secret-a": text}
        run = self.preflight(self.workload({"role": role, **template}))
        self.demand_failure(run, *lines)
        self.assertIn("✓ token: given back", self.lines(run))

    def test_a_missing_secret(self):
        self.refuse(
            "secret/nothere", "✗ secret/nothere: there is no secret at `secret/nothere` (KV 1)",
            "hint: write it, or correct the path; the pod waits until it is there")
        self.refuse(
            "kv/nothere", "✗ kv/nothere: there is no secret at `kv/data/nothere` (KV 2)",
            "hint: write it, or correct the path; the pod waits until it is there")

    def test_a_deleted_version(self):
        self.vault.write("kv/gone", user="bob")
        self.vault.call("DELETE", "kv/data/gone")
        self.refuse(
            "kv/data/gone", "✗ kv/data/gone: the newest version of `kv/data/gone` was deleted at TIME",
            "hint: bring it back with vault kv undelete, or write a new version")
        self.vault.call("PUT", "kv/destroy/gone", {"versions": [1]})
        self.refuse(
            "kv/data/gone", "✗ kv/data/gone: the newest version of `kv/data/gone` was destroyed",
            "hint: write a new version")

    def test_a_version_that_is_gone(self):
        for _ in range(3):
            self.vault.write("kv/numbered", user="bob")
        self.vault.call("POST", "kv/delete/numbered", {"versions": [1]})
        self.vault.call("PUT", "kv/destroy/numbered", {"versions": [2]})
        told = {
            1: ("version 1 of `kv/data/numbered` was deleted at TIME",
                "bring it back with vault kv undelete, or ask for another one"),
            2: ("version 2 of `kv/data/numbered` was destroyed", "ask for another version"),
            9: ("there is no version 9 of a secret at `kv/data/numbered` (KV 2)",
                "write it, or correct the path; the pod waits until it is there"),
        }
        for version, (what, hint) in told.items():
            self.refuse(
                f'{{{{ with secret "kv/data/numbered?version={version}" }}}}{{{{ .Data.data.user }}}}{{{{ end }}}}',
                f"✗ kv/data/numbered: {what}", f"hint: {hint}")

    def test_a_missing_field(self):
        self.vault.write("kv/fields", user="bob", other="x")
        self.refuse(
            '{{ with secret "kv/data/fields" }}{{ .Data.data.user }}{{ .Data.data.password }}{{ end }}',
            "✗ kv/data/fields: the secret has no `.Data.data.password`, which the template takes",
            "hint: it has `other`, `user`")

    def test_fields_of_the_other_version(self):
        self.vault.write("kv/fields", user="bob", other="x")
        self.refuse(
            '{{ with secret "kv/data/fields" }}{{ .Data.user }}{{ end }}',
            "✗ kv/data/fields: the template takes `.Data.user`, and the secret is of KV 2", "hint: write .Data.data.user")
        self.refuse(
            '{{ with secret "secret/first" }}{{ .Data.data.user }}{{ end }}',
            "✗ secret/first: the template takes `.Data.data.user`, and the secret is of KV 1", "hint: write .Data.user")

    def test_a_path_of_the_other_version(self):
        self.refuse(
            "secret/data/first", "✗ secret/data/first: `secret/` is KV 1, which has no secret `secret/data/first`",
            "hint: write the path without `data/`, which only KV 2 has: secret/first")
        self.policy("first", ("secret/first", "read"))
        self.refuse(
            "secret/data/first",
            "✗ secret/data/first: `secret/` is KV 1, and the policies allow `secret/first`, not `secret/data/first`",
            "hint: write the path without `data/`, which only KV 2 has: secret/first", role="first")
        self.policy("second", ("kv/second", "read"))
        self.refuse(
            "kv/second", "✗ kv/second: `kv/` is KV 2, and the policies allow `kv/second`, not `kv/data/second`",
            'hint: write the path into the policy as KV 2 has it: path "kv/data/second" { capabilities = ["read"] }',
            role="second")

    def test_no_right(self):
        self.policy("narrow", ("secret/other", "read"), ("kv/data/*", "read"))
        self.refuse(
            "secret/first", "✗ secret/first: the policies `default`, `narrow` do not allow `read` at `secret/first`",
            'hint: one of them needs path "secret/first" { capabilities = ["read"] }', role="narrow")
        self.refuse(
            '{{ range secrets "kv/a" }}{{ . }}{{ end }}',
            "✗ kv/a: the policies `default`, `narrow` do not allow `list` at `kv/metadata/a/`",
            'hint: one of them needs path "kv/metadata/a/" { capabilities = ["list"] }', role="narrow")

    def test_no_engine(self):
        self.refuse(
            "nowhere/first",
            "✗ nowhere/first: the login sees no engine there: none is mounted, or its policies allow nothing below it",
            "hint: check the path with vault secrets list; a policy needs path \"nowhere/first\" { capabilities = "
            '["read"] }')

    def test_an_engine_without_the_role(self):
        self.vault.call("POST", "sys/mounts/pki", {"type": "pki"})
        self.addCleanup(self.vault.call, "DELETE", "sys/mounts/pki")
        self.refuse(
            '{{ with secret "pki/issue/web" "common_name=a.test" }}{{ .Data.certificate }}{{ end }}',
            "✗ pki/issue/web: the engine `pki/` (pki) has no `pki/roles/web`", "hint: make it, or correct the path")

    def test_what_is_conditional_leaves_doubt(self):
        text = '{{ if env "MORE" }}{{ with secret "secret/nothere" }}{{ .Data.user }}{{ end }}{{ end }}'
        run = self.preflight(self.workload({"agent-inject-template-a": text}))
        self.assertEqual(run.code, 1, run)
        self.assertEqual(self.lines(run)[3:], [
            "? secret/nothere: where the template comes to it, there is no secret at `secret/nothere` (KV 1)",
            "✓ token: given back", "it cannot be told whether 1 pod would get its secrets"])


class Answers(http.server.ThreadingHTTPServer):
    """A server that answers every request with the same, or as a function of it says."""

    def __init__(self, answer):
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                body = self.rfile.read(int(self.headers["content-length"] or 0))
                status, headers, text = answer(self.command, self.path, dict(self.headers), body)
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("content-length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

            do_POST = do_GET

            def log_message(self, *_):
                pass

        super().__init__(("127.0.0.1", 0), Handler)
        self.handle_error = lambda *_: None  # who was interrupted does not wait for the answer
        self.address = f"http://127.0.0.1:{self.server_address[1]}"
        threading.Thread(target=self.serve_forever, daemon=True).start()


class Servers(Preflight):
    """Vault itself, or the way to it."""

    def refuse(self, address, *lines, words=(), code=69, pod=None):
        run = self.preflight(
            self.workload({"agent-inject-secret-first": "secret/first", **(pod or {})}), *words, address=address)
        self.demand_failure(run, *[line.replace("ADDRESS", address) for line in lines], code=code)

    def test_a_sealed_vault(self):
        vault = VaultServer(self.folder / "sealed", self.cluster)
        self.addCleanup(vault.stop)
        vault.call("PUT", "sys/seal")
        self.refuse(
            vault.address, "✗ Vault at ADDRESS: Vault is sealed", "hint: unseal it: vault operator unseal")

    def test_nobody_there(self):
        self.refuse(
            f"http://127.0.0.1:{free_port()}", "✗ Vault at ADDRESS: nothing answers there",
            "hint: check that Vault runs, and its address")

    def test_a_password_in_an_address(self):
        run = self.preflight(
            self.workload({"agent-inject-secret-a": "kv/data/a", "service": "http://user:canary-word@127.0.0.1:1"}))
        self.assertEqual(run.code, 69, run)
        self.assertNotIn("canary-word", run.out + run.err)

    def test_an_unknown_name(self):
        self.refuse(
            "http://vault.nowhere.invalid:8200", "✗ Vault at ADDRESS: its name is not known here",
            "hint: name an address that is: --vault-url or VAULT_ADDR; or ask through the API server: --through-cluster")

    def test_certificates(self):
        authority, certificate, key = make_certificate(self.folder / "tls", "vault.test")
        relay = Relay(self.vault.port, (certificate, key)).up()
        self.addCleanup(relay.down)
        self.cluster.objects[("configMap", "vault-ca")] = {"ca.crt": authority.read_text()}
        self.cluster.objects[("secret", "vault-ca")] = {"ca.crt": authority.read_text()}
        right = {"agent-inject-secret-first": "secret/first"}
        for setting in ("vault.tls.caConfigMap=vault-ca", "vault.tls.caSecret=vault-ca"):
            run = self.preflight(self.workload(right), "--set", setting, "--set", "vault.tls.serverName=vault.test",
                                 address=relay.address)
            self.assertEqual(run.code, 0, run)
        self.refuse(
            relay.address, "✗ Vault at ADDRESS: its certificate is for another name (SSL: no alternative certificate "
            "subject name matches target host name '127.0.0.1')",
            "hint: name the one it is for in the pod's settings (vault.tls.serverName), or use an address it is for",
            words=["--set", "vault.tls.caConfigMap=vault-ca"])
        self.refuse(
            relay.address, "✗ Vault at ADDRESS: its certificate is not to be trusted (SSL certificate problem: unable to "
            "get local issuer certificate)",
            "hint: the pod trusts the authorities it names, and so does preflight; VAULT_CACERT names others")
        self.refuse(
            relay.address, "✗ Vault at ADDRESS: the certificate authority of the pod is in the ConfigMap `nothere`, "
            "which does not exist",
            "hint: the pod does not start without it; VAULT_CACERT names a file to use here instead",
            words=["--set", "vault.tls.caConfigMap=nothere"], code=1)

    def test_an_expired_certificate(self):
        authority, certificate, key = make_certificate(self.folder / "tls", "kubernetes")
        folder = self.folder / "tls"
        past = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(days=3)
        (folder / "index.txt").touch()
        (folder / "serial").write_text("01")
        (folder / "ca.cnf").write_text(
            "[ca]\ndefault_ca=d\n[d]\ndatabase=index.txt\nserial=serial\nnew_certs_dir=.\ndefault_md=sha256\n"
            "policy=p\nx509_extensions=e\n[p]\ncommonName=supplied\n[e]\nsubjectAltName=IP:127.0.0.1\n")
        subprocess.run(
            ["openssl", "ca", "-batch", "-config", "ca.cnf", "-cert", "ca.pem", "-keyfile", "ca-key.pem", "-in",
             "request.pem", "-out", "old.pem", "-notext", "-startdate", past.strftime("%Y%m%d%H%M%SZ"), "-enddate",
             (past + datetime.timedelta(days=1)).strftime("%Y%m%d%H%M%SZ")],
            cwd=folder, check=True, capture_output=True)
        relay = Relay(self.vault.port, (folder / "old.pem", key)).up()
        self.addCleanup(relay.down)
        self.cluster.objects[("configMap", "vault-ca")] = {"ca.crt": authority.read_text()}
        self.refuse(
            relay.address, "✗ Vault at ADDRESS: its certificate has expired, or is not valid yet (SSL certificate "
            "problem: certificate has expired)",
            "hint: whoever runs Vault has to renew it; check the clock of this machine too",
            words=["--set", "vault.tls.caConfigMap=vault-ca"])

    def answering(self, status, text, headers=()):
        server = Answers(lambda *_: (status, dict(headers), text.encode()))
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        return server.address

    def test_too_many_requests(self):
        answer = json.dumps({"errors": ["request path \"sys/health\": rate limit quota exceeded"]})
        self.refuse(
            self.answering(429, answer), "✗ Vault at ADDRESS: Vault asks for fewer requests (429)",
            "hint: run the command again later, or raise the rate limit quota")

    def test_failures(self):
        self.refuse(
            self.answering(502, json.dumps({"errors": ["canary"]})), "✗ Vault at ADDRESS: Vault failed (502)",
            "hint: its log tells why; run the command again")
        self.refuse(
            self.answering(200, "<html>Welcome</html>"), "✗ Vault at ADDRESS: what answers there is not Vault (200)",
            "hint: check the address; a proxy in between may answer in its place")
        self.refuse(
            self.answering(307, "", {"location": "https://elsewhere.invalid/v1/sys/health"}),
            "✗ Vault at ADDRESS: it sends on to another address",
            "hint: name that one: --vault-url; tokens are not sent there unasked")

    def test_a_failure_at_login(self):
        def answer(_, path, *__):
            if path == "/v1/sys/health":
                return 200, {}, b'{"initialized": true, "sealed": false, "version": "1.20.0"}'
            return 500, {}, b'{"errors": ["lookup failed: service account unauthorized"]}'

        server = Answers(answer)
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        self.refuse(
            server.address, "✗ login at auth/kubernetes as app: Vault could not check the login (500): lookup failed: "
            "service account unauthorized",
            "hint: see whether Vault reaches the API server of vault read auth/kubernetes/config", code=1)

    def test_other_addresses(self):
        path = self.workload({"agent-inject-secret-first": "secret/first"})
        unknown = "http://vault.vault.svc:8200"
        for words, env in ((["--vault-url", self.vault.address], {}), ([], {"VAULT_ADDR": self.vault.address})):
            run = self.preflight(path, *words, address=unknown, env=env)
            self.assertEqual(run.code, 0, run)
            self.assertIn("✓ Vault at VAULT: OpenBao VERSION", self.lines(run))

    def test_through_the_cluster(self):
        path = self.workload({"agent-inject-secret-first": "secret/first"})
        unknown = "http://vault.vault.svc:8200"
        self.demand_failure(
            self.preflight(path, "--through-cluster", address=unknown),
            '✗ Vault at http://vault.vault.svc:8200: the API server does not pass requests on: services "nothere" not '
            "found", "hint: check the service, and that it has endpoints; or name Vault's address: --vault-url", code=69)
        self.cluster.services[("vault", "vault")] = self.vault.address
        self.addCleanup(self.cluster.services.clear)
        run = self.preflight(path, "--through-cluster", address=unknown)
        self.assertEqual(run.code, 0, run)
        self.assertIn(
            "✓ Vault at http://vault.vault.svc:8200: OpenBao VERSION, through the API server (service/vault in vault): "
            "tokens pass it, and it does not check Vault's certificate",
            self.lines(run))


class Operators(Preflight):
    """Roles and policies are read, and nobody logs in."""

    def preflight(self, path, *words, **options):
        env = {"VAULT_TOKEN": ROOT_TOKEN, **(options.pop("env", None) or {})}
        return super().preflight(path, "--as-operator", *words, env=env, **options)

    def refuse(self, annotations, *lines, words=(), **options):
        self.demand_failure(self.preflight(self.workload(annotations, **options), *words), *lines)

    def tearDown(self):
        self.assertEqual(self.vault.tokens(), [], "nobody logged in")
        super().tearDown()

    def test_a_pod_that_gets_its_secrets(self):
        self.vault.write("kv/second", user="bob", password="canary-of-a-value")
        self.policy("narrow", ("kv/data/second", "read"))
        template = '{{ with secret "kv/data/second" }}{{ .Data.data.user }}{{ end }}'
        before = len(self.cluster.requests)
        run = self.preflight(self.workload({"role": "narrow", "agent-inject-template-a": template}))
        self.assertEqual((run.code, run.err), (0, ""), run)
        self.assertEqual(self.lines(run), [
            "✓ Vault at VAULT: OpenBao VERSION",
            "✓ role narrow of auth/kubernetes: takes the pod, and gives `narrow`, `default`",
            "✓ kv/data/second: is there (KV 2), with `user`", "1 pod would get its secrets"])
        self.assertEqual(self.cluster.requests[before:], [], "the cluster was not asked")

    def test_an_older_version(self):
        """Vault gives no names of it without values, so that it is read."""
        self.vault.write("kv/old", user="bob")
        self.vault.write("kv/old", other="bob")
        self.policy("narrow", ("kv/data/old", "read"))
        template = '{{ with secret "kv/data/old?version=1" }}{{ .Data.data.user }}{{ end }}'
        run = self.preflight(self.workload({"role": "narrow", "agent-inject-template-a": template}))
        self.assertEqual((run.code, run.err), (0, ""), run)
        self.assertIn("✓ kv/data/old: is there (KV 2), with `user`", self.lines(run))

    def test_the_token_of_a_file(self):
        self.write(".vault-token", ROOT_TOKEN)
        path = self.workload({"agent-inject-secret-first": "secret/first"})
        run = self.preflight(path, env={"VAULT_TOKEN": ""})
        self.assertEqual(run.code, 0, run)
        (self.folder / ".vault-token").unlink()
        run = self.preflight(path, env={"VAULT_TOKEN": ""})
        self.assertEqual((run.code, run.err), (64, (
            "error: --as-operator needs a token, and there is none in $VAULT_TOKEN or ~/.vault-token\n"
            "  hint: log in first: vault login\n")), run)

    def test_the_token_is_not_sent_where_a_manifest_says(self):
        asked = []
        server = Answers(lambda *request: asked.append(request) or (404, {}, b"{}"))
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        path = self.workload({"agent-inject-secret-first": "secret/first", "service": server.address})
        run = self.run_program(PROGRAM, "preflight", "-f", path, "--as-operator", env={"VAULT_TOKEN": ROOT_TOKEN})
        self.assertEqual((run.code, run.err), (64, (
            "error: --as-operator does not send your token to the address in a manifest, and you name no other\n"
            "  hint: name Vault's address: --vault-url, or VAULT_ADDR\n")), run)
        self.assertEqual(asked, [])

    def test_a_pod_that_trusts_anybody_does_not_make_operators_do_so(self):
        authority, *served = make_certificate(self.folder / "tls", "vault.test")
        relay = Relay(self.vault.port, served).up()
        self.addCleanup(relay.down)
        path = self.workload({
            "agent-inject-secret-first": "secret/first", "tls-skip-verify": "true", "tls-server-name": "vault.test"})
        run = self.preflight(path, address=relay.address)
        self.assertEqual(run.code, 69, run)
        self.assertIn(f"✗ Vault at {relay.address}: its certificate is not to be trusted", self.unwrapped(run.out))
        run = self.preflight(path, address=relay.address, env={"VAULT_CACERT": authority})
        self.assertEqual(run.code, 0, run)

    def test_what_operators_do_not_see(self):
        path = self.workload({"role": "unseen", "agent-inject-secret-first": "secret/first"})
        self.vault.kubernetes_role("unseen", "app", audience="vault")
        run = self.preflight(path)
        self.assertEqual(run.code, 1, run)
        self.assertEqual(self.lines(run)[2:], [
            "✓ secret/first: is there (KV 1)",
            "? audience: the role is for `vault`; whether the API server's own is that is not known here",
            "it cannot be told whether 1 pod would get its secrets"])
        self.vault.kubernetes_role(
            "unseen", "app", audience="", bound_service_account_namespaces=[],
            bound_service_account_namespace_selector='{"matchLabels": {"team": "a"}}')
        run = self.preflight(path)
        self.assertEqual(run.code, 1, run)
        self.assertEqual(self.lines(run)[2:], [
            "✓ secret/first: is there (KV 1)",
            "? namespace default: the role chooses namespaces by their labels, which are not looked at here",
            "it cannot be told whether 1 pod would get its secrets"])

    def test_names_with_wildcards_within(self):
        secret = {"role": "globs", "agent-inject-secret-first": "secret/first"}
        for pattern, account in [("a*p", "app"), ("team-*-x*z", "team-1-xyz"), ("a*a", "a"), ("*b*b*", "abc")]:
            self.vault.kubernetes_role("globs", pattern)
            path = self.workload(secret, account=account)
            told = [run(path).code for run in (self.preflight, super().preflight)]
            self.assertEqual(told, [0, 0] if pattern in ("a*p", "team-*-x*z") else [1, 1], pattern)
            self.vault.revoke_all()

    def test_rules_with_slashes(self):
        self.vault.write("kv/folder/one", user="bob")
        self.policy("slashes", ("/secret/first", "read"), ("kv/metadata/folder", "list"))
        template = '{{ range secrets "kv/folder" }}{{ . }}{{ end }}'
        path = self.workload({
            "role": "slashes", "agent-inject-secret-first": "secret/first", "agent-inject-template-a": template})
        for run in (self.preflight, super().preflight):
            run = run(path)
            self.assertEqual(run.code, 0, run)
        self.vault.revoke_all()

    def test_roles_that_are_not_for_the_pod(self):
        title = "✗ role app of auth/kubernetes:"
        secret = {"agent-inject-secret-first": "secret/first"}
        self.refuse(
            secret, f"{title} the role `app` is not for the service account `stranger`", account="stranger")
        self.refuse(secret, f"{title} the role `app` is not for the namespace `shop`", words=["-n", "shop"])
        self.refuse(
            {**secret, "role": "nope"}, "✗ role nope of auth/kubernetes: auth/kubernetes has no role `nope`")
        self.refuse(
            {**secret, "auth-path": "auth/k8s"}, "✗ role app of auth/k8s: there is no auth method at auth/k8s",
            "hint: vault auth list shows those there are; correct the mount, or enable the method there")
        self.vault.kubernetes_role("picky", "app", audience="vault")
        self.refuse(
            {**secret, "role": "picky"},
            "✗ role picky of auth/kubernetes: the role `picky` is for another audience than the pod's token, which is for "
            "`other`", words=["--set", "token.audience=other"])

    def test_paths(self):
        self.policy("narrow", ("secret/*", "read"), ("secret/first", "deny"), ("kv/data/+", "read"))
        self.refuse(
            {"role": "narrow", "agent-inject-secret-first": "secret/first"},
            "✗ secret/first: the policies `narrow`, `default` do not allow `read` at `secret/first`")
        self.refuse(
            {"role": "narrow", "agent-inject-secret-first": "secret/nothere"},
            "✗ secret/nothere: there is no secret at `secret/nothere` (KV 1)")
        self.refuse(
            {"role": "narrow", "agent-inject-secret-first": "nowhere/first"}, "✗ nowhere/first: no engine is mounted there",
            "hint: vault secrets list shows the engines; mount one there, or correct the path")

    def test_templates_of_policies(self):
        accessor = self.vault.call("GET", "sys/auth")["data"]["kubernetes/"]["accessor"]
        metadata = f"{{{{identity.entity.aliases.{accessor}.metadata.service_account_"
        self.vault.write("secret/default/app", user="alice")
        self.policy("templated", (f"secret/{metadata}namespace}}}}/{metadata}name}}}}", "read"))
        path = self.workload({"role": "templated", "agent-inject-secret-a": "secret/default/app"})
        run = self.preflight(path)
        self.assertEqual(run.code, 0, run)
        run = super().preflight(path)
        self.assertEqual(run.code, 0, f"the pod itself: {run}")
        self.vault.revoke_all()
        self.policy("templated", ("secret/{{identity.entity.id}}/*", "read"))
        run = self.preflight(path)
        self.assertEqual(run.code, 1, run)
        self.assertIn(
            "? secret/default/app: a templated rule of a policy may allow it, which only a login shows", self.lines(run))

    def test_the_pods_own_token_is_no_operators(self):
        run = Preflight.preflight(
            self, self.workload({"agent-inject-secret-first": "secret/first"}), "--as-operator",
            env={"VAULT_TOKEN": "s.this-is-nobodys-token"})
        self.demand_failure(
            run, "✗ role app of auth/kubernetes: the operator's token may not read it",
            'hint: it needs path "auth/kubernetes/role/*" { capabilities = ["read"] }')

    def test_rules_match_as_vault_matches_them(self):
        words = ["a", "b", "data", "x", "+", "ab"]
        numbers = random.Random(15)
        paths = ["/".join(numbers.choice(words[:4]) for _ in range(numbers.randint(1, 4))) for _ in range(40)]
        for _ in range(12):
            rules = {}
            for _ in range(numbers.randint(2, 6)):
                pattern = "/".join(numbers.choice(words) for _ in range(numbers.randint(1, 4)))
                pattern += numbers.choice(["", "*", "/*"]) if not pattern.endswith("+") else numbers.choice(["", "/*"])
                rules["kv/data/" + pattern] = numbers.choice(["read", "deny", "update", "list"])
            self.policy("made", *rules.items())
            told = self.preflight(self.workload({"role": "made", **{
                f"agent-inject-secret-{index}": f"kv/data/{path}" for index, path in enumerate(paths)}}))
            found = {path: f"kv/data/{path}: there is no secret" in self.told(told).replace("\n    ", " ")
                     for path in paths}
            token = self.vault.call("POST", "auth/token/create", {"policies": ["made"]})["auth"]["client_token"]
            rights = self.vault.call("POST", "sys/capabilities", {
                "token": token, "paths": [f"kv/data/{path}" for path in paths]})["data"]
            wanted = {path: "read" in rights[f"kv/data/{path}"] for path in paths}
            self.assertEqual(found, wanted, f"{rules}\n{told}")


class Between(Preflight):
    """Somebody between the program and Vault, who changes requests' answers, or keeps them back."""

    def setUp(self):
        super().setUp()
        self.seen = []
        self.server = Answers(self.answer)
        self.addCleanup(self.server.server_close)
        self.addCleanup(self.server.shutdown)

    def answer(self, method, path, headers, body):
        self.seen.append((method, path, headers, body))
        own = self.before(path, headers, body)
        if own is not None:
            return own
        headers = {key: value for key, value in headers.items() if key.lower().startswith(("x-vault", "content-type"))}
        request = urllib.request.Request(f"{self.vault.address}{path}", body or None, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return answer.status, {}, answer.read()
        except urllib.error.HTTPError as error:
            return error.code, {}, error.read()

    def before(self, path, headers, body):
        return None

    def asked(self, part):
        return [path for _, path, *_ in self.seen if part in path]


class Canaries(Between):
    """Nothing secret is shown, written or passed on, also where Vault repeats all that it was sent and holds."""

    FORMS = (["-vv"], ["--report", "json"], ["--report", "sarif"], ["--report", "github"], ["--report", "gitlab"],
             ["-q"], ["--report", "json", "--report-file", "report.json"])

    def before(self, path, headers, body):
        if not self.place or not re.search(self.place, path):
            return None
        said = " ".join([body.decode(), *(f"{name}: {value}" for name, value in headers.items())])
        value = "canary-of-a-value" if self.place in ("subkeys", "/data/|/secret/first") else ""
        words = f"{value} {said} {json.dumps(said)}"
        return self.code, {"warning": f'299 - "{headers.get("X-Vault-Token", "")}"'}, json.dumps(
            {"errors": [words, f"1 error occurred:\n\t* {words}\n\n"], "warnings": [words]}).encode()

    def secrets(self):
        """All that was sent, and what is in Vault."""
        found = {"canary-of-a-value", self.secret, self.role}
        for _, _, headers, body in self.seen:
            found.add(headers.get("X-Vault-Token"))
            if body:
                found |= {value for key, value in json.loads(body).items() if key in ("jwt", "secret_id", "role_id")}
        return found - {None, ""}

    def test_nothing_is_repeated(self):
        self.vault.write("kv/second", user="bob", password="canary-of-a-value")
        self.role, self.secret = self.vault.app_role("app")
        self.write("role", self.role)
        self.write("secret", self.secret)
        self.write("vaults/jwt", self.cluster.issue("default", "app"))
        secrets = {"agent-inject-secret-first": "secret/first", "agent-inject-secret-second": "kv/second"}
        by_account = self.workload(secrets)
        by_approle = self.workload({
            "auth-type": "approle", "auth-path": "auth/approle", "agent-extra-secret": "ids",
            "auth-config-role-id-file-path": "/r", "auth-config-secret-id-file-path": "/s", **secrets})
        ways = ((by_account, []), (by_account, ["--jwt-file", "vaults/jwt"]),
                (by_approle, ["--role-id-file", "role", "--secret-id-file", "secret"]),
                (by_account, ["--as-operator"]))
        places = ("", "/login", "capabilities-self", "ui/mounts", "subkeys", "/data/|/secret/first", "revoke-self",
                  "/role/|/policies/")
        count = 0
        for place in places:
            for code in (400, 403, 404, 500) if place else (200,):
                for path, words in ways:
                    form = self.FORMS[count % len(self.FORMS)]
                    count += 1
                    self.place, self.code = place, code
                    self.seen.clear()
                    with self.subTest(place=place, code=code, words=words, form=form):
                        run = self.preflight(path, *words, *form, address=self.server.address,
                                             env={"VAULT_TOKEN": ROOT_TOKEN})
                        self.assertIn(run.code, (0, 1, 69), run)
                        shown = run.out + run.err
                        if "report.json" in form:
                            shown += (self.folder / "report.json").read_text()
                        self.assertTrue(self.seen)
                        for secret in self.secrets():
                            self.assertNotIn(secret, shown)
                            self.assertNotIn(secret[:16], shown)
                        if place == "revoke-self":
                            self.vault.revoke_all()
        left = [path for path in self.folder.rglob("*") if path.is_file() and path.name not in ("role", "secret", "jwt")]
        for path in left:
            self.assertNotIn("canary", path.read_text(errors="replace"), path)

    def test_a_token_that_cannot_be_given_back(self):
        self.role = self.secret = ""
        self.place, self.code = "revoke-self", 500
        run = self.preflight(
            self.workload({"agent-inject-secret-first": "secret/first"}), address=self.server.address)
        self.assertEqual(run.code, 0, run)
        self.assertIn(
            "? token: could not be given back (Vault answered 500); it ends by itself after 10m", self.lines(run))
        self.assertEqual(len(self.vault.revoke_all()), 1)


class Interruptions(Between):
    """Tokens are given back whatever happens."""

    slow = "ui/mounts"

    def before(self, path, headers, body):
        if self.slow in path:
            self.reached.set()
            time.sleep(self.pause)
        return None

    def interrupted(self, number, pause):
        self.reached, self.pause = threading.Event(), pause
        path = self.workload({"agent-inject-secret-first": "secret/first"})
        process = subprocess.Popen(
            [PROGRAM, "preflight", "-f", path, "--kubeconfig", self.kubeconfig, "--vault-addr", self.server.address],
            env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.assertTrue(self.reached.wait(20))
        self.assertEqual(len(self.vault.tokens()), 0 if "login" in self.slow else 1)
        process.send_signal(number)
        out, err = process.communicate(timeout=30)
        self.assertEqual(process.returncode, -number, out + err)
        self.assertEqual(self.vault.tokens(), [])
        return out, err

    def test_by_signals(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            out, err = self.interrupted(number, pause=1)
            self.assertEqual(err, "error: interrupted; every token that was got has been given back\n")
            self.assertIn("? secret/first: was not asked any more", out)

    def test_while_vault_does_not_answer(self):
        _, err = self.interrupted(signal.SIGINT, pause=12)
        self.assertEqual(err, "error: interrupted; every token that was got has been given back\n")

    def test_while_a_login_is_not_answered(self):
        self.slow = "/login"
        _, err = self.interrupted(signal.SIGINT, pause=7)
        self.assertEqual(err, (
            "warning: a login had no answer\n"
            "  hint: where Vault made a token all the same, nobody has it, and it ends by itself\n"
            "error: interrupted, and not every token could be given back\n"))
        time.sleep(3)
        self.assertEqual(len(self.vault.revoke_all()), 1)

    def test_after_a_timeout(self):
        self.reached, self.pause = threading.Event(), 3
        run = self.preflight(self.workload({"agent-inject-secret-first": "secret/first"}), "--timeout", "1",
                             address=self.server.address)
        self.assertEqual(run.code, 69, run)
        self.assertIn("? secret/first: could not be asked: Vault took too long to answer", self.lines(run))
        self.assertEqual(self.vault.tokens(), [])


class Many(Between):
    """Many pods at once, and each thing once."""

    def test_one_login_for_each_role(self):
        documents = []
        for index in range(500):
            role = f"team-{index % 20}"
            if index < 20:
                self.vault.kubernetes_role(role, "app")
            text = self.workload({"role": role, "agent-inject-secret-first": "secret/first",
                                  "agent-inject-secret-second": f"kv/team-{index % 20}"}).read_text()
            documents.append({**json.loads(text), "metadata": {"name": f"app-{index}"}})
        for index in range(20):
            self.vault.write(f"kv/team-{index}", user="u")
        path = self.write("all.json", json.dumps({"apiVersion": "v1", "kind": "List", "items": documents}))
        before = len(self.cluster.requests)
        run = self.preflight(path, address=self.server.address)
        self.assertEqual(run.code, 0, run)
        self.assertTrue(run.out.endswith("\n500 pods would get their secrets\n"), run.out[-200:])
        self.assertEqual(len(self.asked("/login")), 20)
        self.assertEqual(len(self.asked("capabilities-self")), 20)
        self.assertEqual(len(self.asked("revoke-self")), 20)
        self.assertEqual(len(self.seen), 1 + 20 * (1 + 2 + 1 + 2 + 1))
        tokens = [path for method, path, _ in self.cluster.requests[before:] if path.endswith("/token")]
        self.assertEqual(tokens, ["/api/v1/namespaces/default/serviceaccounts/app/token"])


class Truth(Preflight):
    """Where it says yes, the pod gets its files; where it says no, it does not."""

    # How many pods run at once, and how long one may take that is not expected to succeed.
    AT_ONCE, PATIENCE = 8, 6
    SPENT = "note: logging in with the secret id of --secret-id-file uses it once\n"

    def verdicts(self, path, *words):
        """For each object whether it would get its secrets; None where that cannot be told."""
        run = self.preflight(path, *words)
        self.assertIn(run.code, (0, 1), run)
        self.assertIn(run.err, ("", self.SPENT), run)
        found = {}
        for block in run.out.split("\n\n")[:-1]:
            name = block.split(" in ")[0]
            marks = [line.split()[0] for line in block.splitlines() if re.match(r"  [✓✗?] ", line)]
            doubts = [line for line in block.splitlines() if line.startswith("  ?") and "the application asks" not in line]
            found[name] = False if "✗" in marks else None if doubts else True
        self.assertEqual(run.code, 0 if all(found.values()) else 1)
        return found, run

    def test_made_pods(self):
        numbers = random.Random(115)
        self.vault.write("secret/there", user="alice", password="p")
        self.vault.write("kv/there", user="bob", password="p")
        self.vault.write("kv/gone", user="bob")
        self.vault.call("DELETE", "kv/data/gone")
        self.vault.write("kv/destroyed", user="bob")
        self.vault.call("PUT", "kv/destroy/destroyed", {"versions": [1]})
        self.vault.call("POST", "transit/keys/app", {})
        self.vault.kubernetes_role("good", "app")
        self.vault.kubernetes_role("strangers", "stranger")
        self.vault.kubernetes_role("elsewhere", "app", bound_service_account_namespaces=["shop"])
        self.vault.kubernetes_role("picky", "app", audience="vault")
        self.policy("first", ("secret/there", "read"))
        self.policy("second", ("kv/data/there", "read"), ("kv/subkeys/there", "read"))
        self.policy("wrong", ("kv/there", "read"), ("secret/data/there", "read"))
        self.policy("lists", ("kv/metadata/*", "list"), ("kv/data/+", "read"), ("kv/data/there", "deny"))
        self.policy("writes", ("transit/encrypt/app", "update"))
        roles = ["good"] * 12 + ["first", "second", "wrong", "lists", "writes", "strangers", "elsewhere", "picky", "nope"]
        defaults = ["secret/there", "secret/there", "kv/there", "secret/data/there", "secret/nothere", "kv/there", "kv/data/there", "kv/nothere",
                    "kv/data/gone", "kv/data/destroyed", "nowhere/there"]
        templates = [
            '{{ with secret "secret/there" }}{{ .Data.user }}{{ end }}',
            '{{ with secret "secret/there" }}{{ .Data.data.user }}{{ end }}',
            '{{ with secret "secret/there" }}{{ .Data.missing }}{{ end }}',
            '{{ with secret "kv/data/there" }}{{ .Data.data.user }}{{ end }}',
            '{{ with secret "kv/there" }}{{ .Data.data.user }}{{ end }}',
            '{{ with secret "kv/there" }}{{ .Data.user }}{{ end }}',
            '{{ with secret "kv/data/there" }}{{ .Data.data.missing }}{{ end }}',
            '{{ with secret "kv/data/there?version=1" }}{{ .Data.data.user }}{{ end }}',
            '{{ range secrets "kv/" }}{{ . }} {{ end }}',
            '{{ with secret "transit/encrypt/app" "plaintext=YQ==" }}{{ .Data.ciphertext }}{{ end }}',
        ]
        workloads = {}
        for index in range(60):
            count = numbers.choice([1, 1, 1, 2])
            annotations = {"role": numbers.choice(roles), "agent-pre-populate-only": "true"}
            for number in range(count):
                if numbers.random() < 0.5:
                    annotations[f"agent-inject-secret-{number}"] = numbers.choice(defaults)
                else:
                    annotations[f"agent-inject-template-{number}"] = numbers.choice(templates)
            manifest = json.loads(self.workload(annotations, script="exit 0", kind="Job").read_text())
            manifest["metadata"]["name"] = f"made-{index}"
            path = self.write(f"made/{index}.json", json.dumps(manifest))
            workloads[f"Job/made-{index}"] = (path, count)
        told, run = self.verdicts(self.folder / "made")
        self.assertEqual(set(told), set(workloads))
        self.assertGreater(list(told.values()).count(True), 10, told)
        self.assertGreater(list(told.values()).count(False), 10, told)
        waiting = list(workloads.items())
        while waiting:
            batch, waiting = waiting[:self.AT_ONCE], waiting[self.AT_ONCE:]
            pods = {name: (self.run_file(path), count) for name, (path, count) in batch}
            end = time.monotonic() + self.PATIENCE
            for name, (pod, count) in pods.items():
                found = self.has_files(pod, count, end if told[name] is False else end + 30)
                if told[name] is not None:
                    self.assertEqual(
                        found, told[name], f"{name}: {workloads[name][0].read_text()}\n{run}\n{pod.logs()}")
            self.end([pod for pod, _ in pods.values()])

    def end(self, pods):
        """Deletes pods at once, and ends what tokens they had."""
        threads = [threading.Thread(target=pod.delete) for pod in pods]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.vault.revoke_all()

    def has_files(self, pod, count, end):
        """Whether the pod got as many files until then, without a hole in any."""
        while time.monotonic() < end and pod.phase not in ("Succeeded", "Failed"):
            time.sleep(0.05)
        files = [path for path in pod.volume(self.secrets).iterdir() if path.is_file() and path.name.isdigit()]
        texts = [path.read_text() for path in files]
        return pod.phase == "Succeeded" and len(texts) == count and not any("<no value>" in text for text in texts)

    # For each example its role and account, what is in Vault, and what a container of it says once it has its secrets.
    EXAMPLES = {
        "deployment.yaml": ("shop", "checkout", ["secret/shop/checkout"], "checkout", "checkout: lines of secrets:\n2"),
        "approle.yaml": (None, "billing", ["secret/billing/gateway"], "billing", "billing: lines of secrets:\n2\n"),
        "cronjob.yaml": ("reports", "nightly-report", ["secret/reports/mail"], "report", "report: sent"),
        "job.yaml": ("orders", "orders-migration", ["secret/orders/migration"], "migrate", "migrate: done"),
        "daemonset.yaml": ("metrics", "metrics-shipper", ["secret/metrics/ingest", "secret/metrics/archive"], "shipper",
                           "new session for archive, lines of secrets:\n2\n"),
        "proxy.yaml": ("cards", "cards", [], "cards", "cards: encrypted without a token of our own"),
        "static-env.yaml": ("invoices", "invoices", ["secret/invoices/environment"], "api",
                            "api: the database's password is in the environment"),
        "static-file.yaml": ("search", "search", ["secret/search/bucket"], "search", "with this many settings:\n2\n"),
        "templates.yaml": ("catalog", "catalog", ["secret/catalog/api", "kv/catalog/database", "kv/catalog/partner"],
                           "catalog", "catalog: lines of api-key:\n"),
        "statefulset.yaml": ("ledger", "ledger", ["secret/ledger/database", "secret/ledger/kafka"], "ledger",
                             "ledger: lines of secrets for the database and for Kafka:\n2\n2\n"),
        "list.yaml": ("newsletter", "newsletter", ["secret/newsletter/sender"], "newsletter",
                      "newsletter: lines of secrets:\n2\n"),
        "pod.json": ("support", "support", ["secret/support/shell"], "shell", "shell: lines of secrets:\n2\n"),
        "storefront.yaml": ("shop", "storefront", ["kv/shop/storefront"], "storefront", "lines of secrets:\n2\n"),
        "hashicorp/deployment.yaml": ("checkout", "checkout", ["kv/checkout/database", "kv/checkout/payment"],
                                      "checkout", "checkout: database payment.json"),
        "hashicorp/job.yaml": ("orders", "orders-migration", ["secret/orders/migration"], "migrate", "migrate: "),
        "hashicorp/cronjob.yaml": ("reports", "nightly-report", ["secret/reports/mail"], "report", "report: "),
        "hashicorp/approle.yaml": (None, "billing", ["secret/billing/gateway"], "billing", "key=k\n"),
        "hashicorp/statefulset.yaml": ("ledger", "ledger", ["secret/ledger/tls", "secret/ledger/token"], "ledger",
                                       "value: v\n"),
        "hashicorp/configmap.yaml": ("search", "search", ["secret/search/index"], "search", "k"),
        "hashicorp/pod.json": ("console", "console", [], "console", "0\n"),
    }
    VALUES = {"secret/invoices/environment": {"DATABASE_PASSWORD": "d", "QUEUE_PASSWORD": "q"},
              "kv/checkout/database": {"user": "u", "password": "p"}, "secret/ledger/tls": {"pem": "PEM"},
              "secret/ledger/token": {"value": "v"}}

    def test_examples(self):
        self.vault.call("POST", "transit/keys/cards", {})
        options = {}
        for name, (role, account, paths, container, words) in self.EXAMPLES.items():
            with self.subTest(name):
                options[name] = self.prepare(role, account, paths)
                told, run = self.verdicts(EXAMPLES / name, *options[name])
                self.assertTrue(told and all(told.values()), run)
                pods = self.started(name)
                for pod in pods:
                    if container in [one["name"] for one in pod.spec["containers"]]:
                        self.wait_for_log(pod, container, words, seconds=40)
                self.end(pods)
        names = list(self.EXAMPLES)
        while names:
            batch, names = names[:self.AT_ONCE], names[self.AT_ONCE:]
            pods = {}
            for name in batch:
                role, account, paths, *_ = self.EXAMPLES[name]
                self.prepare(role, account, paths)
            for name in batch:
                self.spoil(*self.EXAMPLES[name][:3])
            for name in batch:
                with self.subTest(name):
                    told, run = self.verdicts(EXAMPLES / name, *options[name])
                    self.assertIn(False, told.values(), run)
                    pods[name] = self.started(name)
            time.sleep(self.PATIENCE)
            for name, started in pods.items():
                container, words = self.EXAMPLES[name][3:]
                with self.subTest(name):
                    for pod in started:
                        self.assertNotIn(words, pod.log(container), pod.logs())
            self.end([pod for started in pods.values() for pod in started])

    def spoil(self, role, account, paths):
        """Takes one thing away that an example needs."""
        if paths:
            path = paths[-1]
            self.vault.call("DELETE", path if path.startswith("secret/") else f"kv/metadata/{path[3:]}")
        elif role:
            self.vault.call("DELETE", f"auth/kubernetes/role/{role}")

    def prepare(self, role, account, paths):
        """Puts into Vault what an example needs; gives the options for an AppRole."""
        for path in paths:
            self.vault.write(path, **self.VALUES.get(path, {"key": "k", "other": "o"}))
        if role:
            self.vault.kubernetes_role(role, account)
            return []
        role_id, secret_id = self.vault.app_role("billing")
        self.cluster.objects[("secret", "billing-approle")] = {"role-id": role_id, "secret-id": secret_id}
        self.write("role", role_id)
        self.write("secret", secret_id)
        return ["--role-id-file", "role", "--secret-id-file", "secret"]

    def started(self, name):
        """The pods of an example that are injected, running."""
        objects = injection.inject(
            EXAMPLES / name, "--vault-addr", self.vault.address, "--set", "templates.renderInterval=1s")
        for item in objects:
            if item["kind"] == "ConfigMap":
                self.cluster.objects[("configMap", item["metadata"]["name"])] = item["data"]
        templates = [injection.pod_template(item) for item in injection.workloads(objects)]
        return [self.start(*template) for template in templates if "vault" in json.dumps(template[1]).lower()]
