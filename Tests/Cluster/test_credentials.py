"""Every way to say who one is, against what the server saw of it, and what kubectl does with the same file."""

import json
import unittest

import yaml

from case import Case, deployment, needs_kubectl

# A kubeconfig, and who the server takes its user for.
ACCEPTED = {
    "token": "admin", "token-file": "file-user", "basic": "basic-user", "certificate": "certificate-admin",
    "certificate-files": "certificate-admin", "exec": "exec-user", "exec-beta": "exec-beta-user",
    "exec-certificate": "certificate-admin", "exec-cluster": "exec-user", "exec-expired": "exec-user",
    "auth-provider-oidc": "oidc-user", "ca-file": "admin", "localhost": "admin", "insecure": "admin",
    "tls-server-name": "admin", "http1": "admin", "uncompressed": "admin",
}


class CredentialTests(Case):
    def setUp(self):
        super().setUp()
        self.manifest = self.write("web.yaml", deployment())

    def apply(self, name, *words, **options):
        return self.inject("apply", "-f", self.manifest, *words, kubeconfig=name, **options)

    def test_accepted(self):
        for name, user in ACCEPTED.items():
            with self.subTest(name):
                self.demand(self.apply(name), 0)
                requests = self.requests()
                self.assertEqual({entry["user"] for entry in requests}, {user}, requests)

    @needs_kubectl
    def test_accepted_by_kubectl_too(self):
        for name, user in ACCEPTED.items():
            with self.subTest(name):
                run = self.kubectl("apply", "--server-side", "-f", self.manifest, kubeconfig=name)
                self.demand(run, 0)
                users = {entry["user"] for entry in self.requests() if entry["method"] == "PATCH"}
                self.assertEqual(users, {user})

    def test_refused_by_the_server(self):
        for name in ("wrong-token", "wrong-basic", "expired-certificate", "strange-certificate"):
            with self.subTest(name):
                self.demand(self.apply(name), 69, "does not take these credentials", "hint:")
                self.assertIsNone(self.live("deployments", "web"))

    def test_refused_before_asking(self):
        for name, text in (("auth-provider-gcp", "gke-gcloud-auth-plugin"), ("token-and-basic", "both a token"),
                           ("insecure-and-ca", "insecure-skip-tls-verify"), ("broken-ca", "PEM")):
            with self.subTest(name):
                run = self.apply(name)
                self.demand(run, 65, text, f"{name}.kubeconfig:")
                self.assertEqual(self.requests(), [])

    def test_plugins_that_cannot_be_used(self):
        for name, text in (("exec-missing", "no-such-credential-plugin is not installed"),
                           ("exec-failing", "failed with exit code 1"), ("exec-always", "standard input")):
            with self.subTest(name):
                self.demand(self.apply(name), 69, text)
                self.assertEqual(self.requests(), [])

    def test_hint_of_a_missing_plugin(self):
        self.demand(self.apply("exec-missing"), 69, "https://example.com.")

    def plugin_calls(self):
        path = self.server.folder / "exec" / "calls.jsonl"
        return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []

    def test_what_a_plugin_is_told(self):
        self.demand(self.apply("exec"), 0)
        self.demand(self.apply("exec-cluster"), 0)
        without, told = self.plugin_calls()
        self.assertEqual(without["info"]["apiVersion"], "client.authentication.k8s.io/v1")
        self.assertEqual(without["info"]["spec"], {"interactive": False})
        self.assertEqual(told["info"]["spec"]["cluster"]["server"], self.server.addresses["main"])
        self.assertIn("certificate-authority-data", told["info"]["spec"]["cluster"])

    @needs_kubectl
    def test_a_plugin_is_told_what_kubectl_tells_it(self):
        for name in ("exec", "exec-beta", "exec-cluster"):
            with self.subTest(name):
                self.apply(name)
                self.kubectl("get", "ns", kubeconfig=name)
                ours, theirs = self.plugin_calls()[-2:]
                theirs["info"]["spec"].get("cluster", {}).pop("config", None)  # null where there is none
                self.assertEqual(ours["info"], theirs["info"])

    def test_a_plugin_is_asked_once(self):
        many = self.deployments(20)
        self.demand(self.inject("apply", "-f", many, kubeconfig="exec"), 0)
        self.assertEqual(len(self.plugin_calls()), 1)

    def test_a_plugin_is_asked_again_after_401(self):
        """A credential that the server takes no more is fetched again, once."""
        self.server.write("access", {**self.access, "tokens": {"exec-token": {"user": "exec-user", "uses": 0,
                                                                              "groups": ["system:masters"]}}})
        self.demand(self.apply("exec"), 69, "does not take these credentials")
        self.assertEqual(len(self.plugin_calls()), 2)

    def test_impersonation(self):
        self.demand(self.apply("impersonating"), 69, 'User "viewer" cannot patch')
        self.assertEqual({entry["user"] for entry in self.requests()}, {"viewer"})
        self.demand(self.apply("token", "--as", "somebody", "--as-group", "system:masters", "--as-group", "b",
                               "--as-uid", "7", "--as-user-extra", "Reason/Why=test"), 0)
        [entry] = self.requests(method="PATCH")
        headers = [tuple(pair) for pair in entry["headers"]]
        self.assertEqual([value for name, value in headers if name == "impersonate-group"], ["system:masters", "b"])
        self.assertIn(("impersonate-user", "somebody"), headers)
        self.assertIn(("impersonate-uid", "7"), headers)
        self.assertEqual([(name.lower(), value) for name, value in headers if name.startswith("impersonate-extra")],
                         [("impersonate-extra-reason%2fwhy", "test")])

    def test_forbidden_impersonation_names_what_is_missing(self):
        run = self.apply("forbidden-impersonating")
        self.demand(run, 69, 'User "viewer" cannot impersonate resource "users"')
        self.assertIn("kubectl auth can-i impersonate users", run.err)

    def test_anonymous(self):
        self.demand(self.apply("anonymous"), 69, 'User "system:anonymous" cannot patch')

    def test_credentials_never_go_over_plain_http(self):
        self.demand(self.apply("plain-http"), 69)
        for entry in self.requests():
            self.assertNotIn("authorization", dict(map(tuple, entry["headers"])))

    def test_flags_win(self):
        main = self.server.addresses["main"]
        authority = self.server.folder / "certificates" / "ca.crt"
        run = self.apply(None, "--server", main, "--token", "viewer-token", "--certificate-authority", authority)
        self.demand(run, 69, 'User "viewer" cannot patch')
        run = self.apply("wrong-token", "--token", "admin-token")
        self.demand(run, 0)
        run = self.apply("token-file", "--token", "viewer-token")
        self.demand(run, 69, 'User "viewer"')
        run = self.apply("viewer", "--client-certificate", self.server.folder / "certificates" / "admin.crt",
                         "--client-key", self.server.folder / "certificates" / "admin.key")
        self.demand(run, 69, 'User "viewer"')  # the token wins, as with kubectl
        run = self.apply("wrong-name", "--tls-server-name", "kubernetes.example.com")
        self.demand(run, 0)

    def test_contexts_and_merged_files(self):
        both = f"{self.kubeconfig('many')}:{self.kubeconfig('viewer')}"
        self.demand(self.apply("many", "--context", "viewer"), 69, 'User "viewer"')
        self.demand(self.apply(None, env={"KUBECONFIG": both}), 0)
        self.demand(self.apply(None, "--context", "viewer", "--user", "admin", env={"KUBECONFIG": both}), 0)
        self.demand(self.apply("many", "--context", "nowhere"), 64, "nowhere")
        self.requests()
        self.demand(self.apply("many", "--context", "there"), 0)
        self.assertEqual({entry["listener"] for entry in self.requests()}, {"other"})

    def test_namespace_of_the_context(self):
        self.write("web.yaml", deployment().replace("  namespace: shop\n", ""))
        self.demand(self.apply("many", "--context", "shop"), 0)
        self.assertIsNotNone(self.live("deployments", "web", "shop"))
        self.demand(self.apply("many"), 0)
        self.assertIsNotNone(self.live("deployments", "web", "default"))
        self.demand(self.apply("many", "--context", "shop", "-n", "staging"), 0)
        self.assertIsNotNone(self.live("deployments", "web", "staging"))

    def test_kuberc_may_forbid_plugins(self):
        kuberc = self.write("home/.kube/kuberc", "apiVersion: kubectl.config.k8s.io/v1beta1\nkind: Preference\n"
                                                "credentialPluginPolicy: DenyAll\n")
        run = self.apply("exec")
        self.demand(run, 69 if run.code == 69 else 65, "credential plugin")
        self.assertEqual(self.plugin_calls(), [])
        self.assertEqual(self.requests(), [])
        kuberc.write_text("apiVersion: kubectl.config.k8s.io/v1beta1\nkind: Preference\n"
                          "credentialPluginPolicy: AllowAll\n")
        self.demand(self.apply("exec"), 0)


class NoConfigurationTests(Case):
    def test_no_kubeconfig(self):
        run = self.inject("apply", "-f", self.write("web.yaml", deployment()), kubeconfig=None)
        self.assertNotEqual(run.code, 0, run)
        self.assertIn("hint:", run.err)

    def test_missing_kubeconfig(self):
        run = self.inject("apply", "-f", self.write("web.yaml", deployment()), "--kubeconfig", "nowhere.yaml")
        self.assertIn(run.code, (65, 66), run)
        self.assertIn("nowhere.yaml", run.err)


class StaleCredentialTests(Case):
    """Credentials that the server takes no more, over HTTP/2, where it ends the connection with that."""

    PLUGIN = """\
#!/bin/sh
echo call >> {folder}/calls
test "$(wc -l < {folder}/calls)" -gt {stale} && token=exec-token || token=stale-token
echo '{{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{{"token":"'$token'"}}}}'
"""

    def setUp(self):
        super().setUp()
        self.server.write("settings", {"discovery": "v2", "unread401": True})

    def kubeconfig_with_plugin(self, stale):
        self.write("calls", "")
        plugin = self.write("plugin.sh", self.PLUGIN.format(folder=self.folder, stale=stale))
        plugin.chmod(0o755)
        value = yaml.safe_load(open(self.kubeconfig("exec"), encoding="utf-8"))
        authority = self.server.folder / "certificates" / "ca.crt"
        value["clusters"][0]["cluster"]["certificate-authority"] = str(authority)
        value["clusters"][0]["cluster"].pop("certificate-authority-data", None)
        value["users"][0]["user"] = {"exec": {"apiVersion": "client.authentication.k8s.io/v1", "command": str(plugin),
                                              "interactiveMode": "Never"}}
        return {"KUBECONFIG": str(self.write("stale.kubeconfig", yaml.safe_dump(value)))}

    def test_a_stale_token_is_refreshed(self):
        """The 401 counts whatever becomes of the connection, and so does what was lost with it."""
        for count in (1, 40):
            with self.subTest(count):
                env = self.kubeconfig_with_plugin(stale=1)
                run = self.inject("apply", "-f", self.deployments(count), kubeconfig=None, env=env)
                self.demand(run, 0)
                self.assertEqual(len(run.out.splitlines()), count, run)
                self.assertEqual((self.folder / "calls").read_text().count("call"), 2)

    def test_what_a_plugin_says_is_shown_as_text_from_anywhere(self):
        """Escapes are spelt out, the token it gave before is redacted, and a child that lives on keeps nobody waiting."""
        words = "printf 'go to \\033]0;x\\007 https://login\\r\\n::error::old stale-token\\nno end' >&2\nsleep 60 >/dev/null &\n"
        env = self.kubeconfig_with_plugin(stale=1)
        plugin = self.folder / "plugin.sh"
        plugin.write_text(plugin.read_text().replace("#!/bin/sh\n", "#!/bin/sh\n" + words))
        run = self.inject("apply", "-f", self.deployments(1), kubeconfig=None, env=env)
        self.demand(run, 0, "go to <U+001B>]0;x<U+0007> https://login\n", "old <redacted>\n", "no end\n")
        self.assertNotIn("\x1b", run.err)
        self.assertNotRegex(run.err, r"(?m)^::error::")

    def test_a_token_that_stays_stale_is_told(self):
        env = self.kubeconfig_with_plugin(stale=9)
        run = self.inject("apply", "-f", self.deployments(1), kubeconfig=None, env=env)
        self.demand(run, 69, "does not take these credentials (Unauthorized)")
        self.assertNotIn("may have been", run.err)


if __name__ == "__main__":
    unittest.main()
