"""Credentials and secrets appear in no output, however much is asked for."""

import base64
import json

from case import Case, deployment

SECRET = "apiVersion: v1\nkind: Secret\nmetadata:\n  name: s\n  namespace: shop\nstringData:\n  password: {}\n"


class SecretTests(Case):
    def credentials(self):
        """Everything that may not be printed."""
        folder = self.server.folder
        key = (folder / "certificates" / "admin.key").read_text()
        exec_certificate = json.loads((folder / "exec" / "exec-certificate.json").read_text())
        words = ["admin-token", "viewer-token", "not-a-token", "file-token", "exec-token", "exec-beta-token",
                 "basic-password", "not-the-password", base64.b64encode(b"basic-user:basic-password").decode(),
                 base64.b64encode(key.encode()).decode()[40:100], key.splitlines()[1][:40],
                 exec_certificate["status"]["clientKeyData"].splitlines()[1][:40]]
        tokens = [token for token in self.access["tokens"] if token.count(".") == 2]
        return words + tokens

    def test_in_no_output(self):
        manifest = self.write("web.yaml", deployment())
        secrets = self.credentials()
        names = ("token", "viewer", "wrong-token", "token-file", "basic", "wrong-basic", "certificate", "exec",
                 "exec-beta", "exec-certificate", "exec-expired", "auth-provider-oidc", "token-and-basic", "wrong-ca",
                 "refused", "plain-http", "expired-certificate", "insecure-and-ca")
        commands = (("apply", "-f", manifest, "-v"), ("diff", "-f", manifest, "-v"),
                    ("deployments", "-n", "shop", "-o", "yaml", "-v"), ("verify", "-f", manifest, "--report", "json"))
        for name in names:
            for words in commands:
                with self.subTest(name=name, words=words[0]):
                    self.demand_none(secrets, self.inject(*words, kubeconfig=name))

    def test_in_no_output_of_failures(self):
        manifest = self.write("web.yaml", deployment())
        for rule in ({"reset": "before"}, {"truncate": 40}, {"status": 401}, {"status": 500, "retryAfter": 0},
                     {"redirect": "other"}, {"hang": True}):
            with self.subTest(rule):
                self.rules(rule)
                self.demand_none(self.credentials(), self.inject("apply", "-f", manifest, "-v", "--request-timeout",
                                                                 "1"))

    def test_flags_are_not_repeated(self):
        run = self.inject("apply", "-f", self.write("web.yaml", deployment()), "-v", "--token", "flag-token-value",
                          "--server", "https://user:url-password@127.0.0.1:1/", kubeconfig=None)
        self.demand_none(["flag-token-value", "url-password"], run)

    def test_data_of_secrets_is_not_shown(self):
        path = self.write("s.yaml", SECRET.format("secret-in-manifest"))
        encoded = base64.b64encode(b"secret-in-manifest").decode()
        for words in (("apply", "-f", path, "-v"), ("diff", "-f", path, "-v"), ("apply", "-f", path, "--dry-run=server")):
            with self.subTest(words):
                self.demand_none(["secret-in-manifest", encoded], self.inject(*words))
        conflicting = self.write("s2.yaml", SECRET.format("other-secret").replace("stringData", "stringData"))
        run = self.inject("apply", "-f", conflicting, "--field-manager", "other")
        self.demand_none(["secret-in-manifest", "other-secret", encoded], run)

    def test_nothing_is_left_on_disk(self):
        manifest = self.write("web.yaml", deployment())
        for name in ("token", "certificate", "exec-certificate", "basic"):
            self.inject("apply", "-f", manifest, kubeconfig=name)
            self.inject("diff", "-f", manifest, kubeconfig=name)
        self.assertEqual(sorted(path.name for path in self.folder.iterdir()), ["home", "web.yaml"])
        self.assertEqual(list(self.home.iterdir()), [])

    def demand_none(self, secrets, run):
        for secret in secrets:
            self.assertNotIn(secret, run.out + run.err)
