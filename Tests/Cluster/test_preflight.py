"""`preflight` and `apply --preflight` with the tests' API server, and a Vault that answers as a real one did."""

import http.server
import json
import threading

from case import Case, deployment
from harness.places import TESTS

RECORDED = TESTS / "Fixtures" / "vault"
# What is asked, by the end of its path, and the recorded answer.
ANSWERS = {
    "sys/health": "health", "kubernetes/login": "login", "revoke-self": "revoke-self", "capabilities-self": None,
    "sys/internal/ui/mounts/secret/web": "mount-kv2", "secret/data/web": "read-kv2", "subkeys/web": "read-no-engine",
}


class Vault(http.server.ThreadingHTTPServer):
    """Answers with what was recorded; `answers` says which, by the end of a path."""

    def __init__(self):
        self.answers = dict(ANSWERS)
        self.asked = []
        vault = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                body = self.rfile.read(int(self.headers["content-length"] or 0))
                vault.asked.append((self.command, self.path, body))
                status, answer = vault.answer(self.path, body)
                text = b"" if answer is None else json.dumps(answer).encode()
                self.send_response(status)
                self.send_header("content-length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

            do_POST = do_GET

            def log_message(self, *_):
                pass

        super().__init__(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server_address[1]}"
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def answer(self, path, body):
        name = next((name for end, name in self.answers.items() if path.endswith(end)), "read-no-engine")
        if name is None:
            return 200, {"data": {path: ["read"] for path in json.loads(body)["paths"]}}
        response = json.loads((RECORDED / f"{name}.json").read_text())["response"]
        return response["status"], response["body"]


class VaultCase(Case):
    def setUp(self):
        super().setUp()
        self.vault = Vault()
        self.addCleanup(self.vault.server_close)
        self.addCleanup(self.vault.shutdown)
        self.environment["VAULT_ADDR"] = self.vault.address

    def manifest(self, name="web", namespace="shop", **options):
        text = deployment(name, namespace, **options)
        return text.replace("/role: web", "/role: web\n        sidecar.vault.talend.org/secrets-path: secret/web")

    def preflight(self, *words, **options):
        return self.inject("preflight", *words, **options)

    def told(self, run):
        return self.server.without_ports(run.out).replace(self.vault.address, "VAULT")


class Preflight(VaultCase):
    BLOCK = """\
Deployment/{0} in {1}, {2}
  ✓ service account {1}/default: has a token
  ✓ Vault at VAULT: OpenBao 2.7.2
  ✓ login at auth/kubernetes as web: has `default`, `shop` for 10m
  ✓ secret/web: is there (KV 2)
  ✓ token: given back

"""

    def test_a_manifest(self):
        run = self.preflight("-f", "-", text=self.manifest())
        self.assertEqual((run.code, run.err), (0, ""), run)
        self.assertEqual(self.told(run), self.BLOCK.format("web", "shop", "<stdin>") + "1 pod would get its secrets\n")
        (request,) = self.writes()
        self.assertEqual(request["path"], "/api/v1/namespaces/shop/serviceaccounts/default/token")

    def test_objects_of_the_cluster(self):
        for namespace in ("shop", "staging"):
            run = self.inject("apply", "-f", "-", text=self.manifest(namespace=namespace))
            self.assertEqual(run.code, 0, run)
        run = self.preflight("deployment/web", "-n", "shop")
        self.assertEqual(run.code, 0, run)
        self.assertEqual(
            self.told(run), self.BLOCK.format("web", "shop", "deployment.apps/web") + "1 pod would get its secrets\n")
        run = self.preflight("deployments", "-A", "-l", "app=web")
        self.assertEqual(run.code, 0, run)
        self.assertIn("2 pods would get their secrets\n", run.out)
        self.assertEqual(len([path for _, path, _ in self.vault.asked if path.endswith("/login")]), 3)

    def test_the_annotations_of_openbao(self):
        self.vault.answers = {"sys/internal/ui/mounts/secret/data/web": "mount-kv2", **ANSWERS}
        block = self.BLOCK.replace("Deployment", "Pod").replace("secret/web", "secret/data/web")
        for prefix, options in (("openbao.org", []), ("vault.hashicorp.com", ["--dialect", "openbao"])):
            text = f"""\
apiVersion: v1
kind: Pod
metadata:
  name: web
  namespace: shop
  annotations:
    {prefix}/agent-inject: "true"
    {prefix}/role: web
    {prefix}/agent-inject-secret-db: secret/data/web
    {prefix}/agent-inject-env: "true"
spec:
  containers: [{{name: app, image: busybox, command: [app]}}]
"""
            run = self.preflight("-f", "-", *options, text=text)
            self.assertEqual((run.code, run.err), (0, ""), run)
            self.assertEqual(
                self.told(run), block.format("web", "shop", "<stdin>") + "1 pod would get its secrets\n")

    def test_refusals_of_the_cluster(self):
        run = self.preflight("-f", "-", text=self.manifest(), kubeconfig="viewer")
        self.assertEqual(run.code, 1, run)
        self.assertIn("cannot create resource", " ".join(run.out.split()))
        text = self.manifest(extra="      serviceAccountName: nobody\n")
        run = self.preflight("-f", "-", text=text)
        self.assertEqual(run.code, 1, run)
        self.assertEqual(run.out.splitlines()[1:4], [
            "  ✗ service account shop/nobody: the namespace `shop` has no service account",
            "    `nobody`",
            "    hint: create it: kubectl create serviceaccount nobody -n shop"])

    def test_no_pods(self):
        run = self.preflight("-f", "-", text=deployment(injected=False))
        self.assertEqual((run.code, run.out, run.err), (
            0, "", "note: no pod asks anything of Vault, so there is nothing to check\n"), run)

    def test_signs_where_there_are_no_others(self):
        run = self.preflight("-f", "-", text=self.manifest(), env={"LANG": "C"})
        self.assertEqual(run.code, 0, run)
        self.assertEqual(
            self.told(run), self.BLOCK.format("web", "shop", "<stdin>").replace("✓", "+")
            + "1 pod would get its secrets\n")

    def test_quietly(self):
        run = self.preflight("-f", "-", "-q", text=self.manifest())
        self.assertEqual((run.code, run.out, run.err), (0, "1 pod would get its secrets\n", ""), run)

    def test_reports(self):
        self.vault.answers["kubernetes/login"] = "login-wrong-namespace"
        message = ("Deployment/web: login at auth/kubernetes as web: the role `web` is not for the namespace `shop`")
        hint = ("add it to those it is for: vault write auth/kubernetes/role/web bound_service_account_namespaces=…,shop")
        path = self.write("app.yaml", self.manifest())
        run = self.preflight("-f", path.name, "--report", "json")
        self.assertEqual(run.code, 1, run)
        (entry,) = json.loads(run.err)["inputs"]
        self.assertEqual(entry["refused"], False)
        self.assertEqual(entry["findings"], [{
            "severity": "error", "rule": "role-namespace", "message": message, "hint": hint, "line": 20, "column": 40}])
        run = self.preflight("-f", path.name, "--report", "github")
        self.assertEqual((run.code, run.err), (
            1, f"::error file=app.yaml,line=20,col=40,endColumn=42,title=role-namespace::{message}%0A{hint}\n"), run)
        run = self.preflight("-f", path.name, "--report", "sarif")
        self.assertEqual(run.code, 1, run)
        (result,) = json.loads(run.err)["runs"][0]["results"]
        self.assertEqual((result["ruleId"], result["level"]), ("role-namespace", "error"))

    def test_options_that_make_no_sense(self):
        for words, message in (
            (["--timeout", "0"], "error: --timeout takes a number of seconds, or a duration\n"
                                 "  hint: use a time to wait such as 30, 90s or 1m30s\n"),
            (["--vault-url", "vault:8200"], "error: --vault-url takes an address with http:// or https://\n"
                                            "  hint: one looks like https://vault.example.com:8200\n"),
            (["--as-operator", "--through-cluster"],
             "error: --through-cluster asks at the pods' address, to which --as-operator does not send your token\n"
             "  hint: leave --through-cluster out, and name Vault's address as it is known here: --vault-url\n"),
        ):
            run = self.preflight("-f", "-", *words, text=self.manifest())
            self.assertEqual((run.code, run.err), (64, message), run)
        run = self.preflight("-f", "-", "--jwt-file", "nothere", text=self.manifest())
        self.assertEqual((run.code, run.err), (
            66, "nothere: error: the file of --jwt-file cannot be read: No such file or directory\n"), run)
        self.write("empty", " \n")
        run = self.preflight("-f", "-", "--jwt-file", "empty", text=self.manifest())
        self.assertEqual((run.code, run.err), (66, "empty: error: the file of --jwt-file is empty\n"), run)


class Applying(VaultCase):
    def writes(self):
        return [entry for entry in super().writes() if not entry["path"].endswith("/token")]

    def test_what_would_get_its_secrets_is_applied(self):
        run = self.inject("apply", "--preflight", "-f", "-", "-o", "json", text=self.manifest())
        self.assertEqual(run.code, 0, run)
        self.assertEqual(json.loads(run.out)["metadata"]["name"], "web")
        self.assertIn("1 pod would get its secrets\n", run.err)
        self.assertEqual([entry["method"] for entry in self.writes()], ["PATCH"])

    def test_nothing_is_sent_otherwise(self):
        self.vault.answers["secret/data/web"] = "read-kv2-missing"
        text = self.manifest() + "---\n" + self.manifest("other")
        run = self.inject("apply", "--preflight", "-f", "-", text=text)
        self.assertEqual((run.code, run.out), (1, ""), run)
        self.assertIn("✗ secret/web: there is no secret at `secret/data/web` (KV 2)\n", run.err)
        self.assertIn("2 pods would not get their secrets\n", run.err)
        self.assertEqual(self.writes(), [])
        self.vault.answers["sys/health"] = "sealed-health"
        run = self.inject("apply", "--preflight", "-f", "-", text=text)
        self.assertEqual((run.code, run.out, self.writes()), (69, "", []), run)

    def test_objects_of_the_cluster(self):
        self.server.ask("/_test/fill", {"template": {
            "apiVersion": "apps/v1", "kind": "Deployment", "metadata": {
                "name": "web-@N@", "namespace": "@NAMESPACE@", "resourceVersion": "@VERSION@",
                "uid": "00000000-0000-4000-8000-000000@N@"},
            "spec": {"selector": {"matchLabels": {"app": "web"}}, "template": {
                "metadata": {"labels": {"app": "web"}, "annotations": {
                    "sidecar.vault.talend.org/inject": "true", "sidecar.vault.talend.org/role": "web",
                    "sidecar.vault.talend.org/secrets-path": "secret/web"}},
                "spec": {"containers": [{"name": "web", "image": "nginx:1"}]}}}}, "count": 1, "namespaces": ["shop"]})
        self.vault.answers["secret/data/web"] = "read-kv2-missing"
        run = self.inject("apply", "--preflight", "deployments", "-n", "shop")
        self.assertEqual((run.code, run.out, self.writes()), (1, "", []), run)
        self.vault.answers["secret/data/web"] = "read-kv2"
        run = self.inject("apply", "--preflight", "deployments", "-n", "shop")
        self.assertEqual(run.code, 0, run)
        self.assertEqual([entry["method"] for entry in self.writes()], ["PATCH"])

    def test_what_does_not_go_together(self):
        for words, message in (
            (["--dry-run=client"], "error: --preflight asks Vault, and --dry-run=client asks nobody\n"
                                   "  hint: use --dry-run=server, or leave one of them out\n"),
            (["--uninject"], "error: --preflight is for pods that are injected, and --uninject takes injections out\n"
                             "  hint: leave one of them out\n"),
        ):
            run = self.inject("apply", "--preflight", "-f", "-", *words, text=self.manifest())
            self.assertEqual((run.code, run.err), (64, message), run)
