"""diff: what applying would change, with kubectl's exit codes, and kubectl's own diff beside it."""

from case import Case, deployment, needs_kubectl


def changes(text):
    """The lines of a unified diff that are taken away or added, without the places they are at."""
    return [line[0] + line[1:].strip() for line in text.splitlines()
            if line[:1] in "+-" and line[:3] not in ("+++", "---") and "generation:" not in line]


class DiffTests(Case):
    def setUp(self):
        super().setUp()
        self.manifest = self.write("web.yaml", deployment(injected=False))

    def diff(self, path, *words, **options):
        return self.inject("diff", "-f", path, *words, **options)

    def test_new_object(self):
        run = self.diff(self.manifest)
        self.demand(run, 1)
        self.assertIn("+kind: Deployment", run.out)
        self.assertFalse([line for line in changes(run.out) if line.startswith("-")])
        self.assertIsNone(self.live("deployments", "web"))

    def test_no_difference(self):
        self.demand(self.inject("apply", "-f", self.manifest), 0)
        run = self.diff(self.manifest)
        self.demand(run, 0)
        self.assertEqual(run.out, "")

    def test_changed(self):
        self.demand(self.inject("apply", "-f", self.manifest), 0)
        run = self.diff(self.write("other.yaml", deployment(injected=False, image="nginx:1.28")))
        self.demand(run, 1)
        self.assertEqual(changes(run.out), ["-- image: nginx:1.27", "+- image: nginx:1.28"])
        self.assertEqual(self.containers("web")["web"], "nginx:1.27")
        for text in ("managedFields", "status"):
            self.assertNotIn(text, run.out)
        self.assertNotIn("\x1b", run.out, "no colours where there is no terminal")

    def test_injected(self):
        self.demand(self.inject("apply", "-f", self.manifest), 0)
        run = self.diff(self.write("injected.yaml", deployment()))
        self.demand(run, 1)
        self.assertIn("tvsi-vault-agent", run.out)

    @needs_kubectl
    def test_same_changes_as_kubectl_shows(self):
        self.demand(self.inject("apply", "-f", self.manifest, "--field-manager", "kubectl"), 0)
        for name, text in (("image", deployment(injected=False, image="nginx:1.28")),
                           ("label", deployment(injected=False).replace("    app: web\nspec", "    app: web\n    b: c\nspec")),
                           ("ports", deployment(injected=False).replace("8080", "9090")),
                           ("same", deployment(injected=False))):
            with self.subTest(name):
                path = self.write(f"{name}.yaml", text)
                theirs = self.kubectl("diff", "--server-side", "-f", path)
                ours = self.diff(path, "--field-manager", "kubectl")
                self.assertEqual(ours.code, theirs.code, f"{ours}\n{theirs}")
                self.assertEqual(sorted(changes(ours.out)), sorted(changes(theirs.out)))

    @needs_kubectl
    def test_external_program(self):
        self.demand(self.inject("apply", "-f", self.manifest), 0)
        other = self.write("other.yaml", deployment(injected=False, image="nginx:1.28"))
        tool = self.write("tool.sh", "#!/bin/sh\necho \"called with $# $(ls $1) $(ls $2)\"\nexit 1\n")
        tool.chmod(0o755)
        for value in (str(tool), "diff -N -u"):
            with self.subTest(value):
                env = {"KUBECTL_EXTERNAL_DIFF": value}
                ours, theirs = self.diff(other, env=env), self.kubectl("diff", "--server-side", "--field-manager",
                                                                      "kubectl-vault-inject", "-f", other, env=env)
                self.assertEqual((ours.code, theirs.code), (1, 1), f"{ours}\n{theirs}")
                if "tool" in value:
                    self.assertEqual(ours.out, theirs.out)
                else:
                    self.assertEqual(changes(ours.out), changes(theirs.out))

    def test_external_program_that_fails(self):
        self.demand(self.inject("apply", "-f", self.manifest), 0)
        other = self.write("other.yaml", deployment(injected=False, image="nginx:1.28"))
        run = self.diff(other, env={"KUBECTL_EXTERNAL_DIFF": "no-such-diff-program"})
        self.assertGreater(run.code, 1, run)
        self.assertIn("no-such-diff-program", run.err)

    def test_refused(self):
        run = self.diff(self.manifest, kubeconfig="viewer")
        self.assertGreater(run.code, 1, run)
        self.assertIn('User "viewer" cannot patch', run.err)
        run = self.diff(self.manifest, kubeconfig="refused")
        self.assertGreater(run.code, 1, run)

    def test_secrets_are_not_shown(self):
        """As kubectl does it: that a value differs is told, the value is not."""
        secret = "apiVersion: v1\nkind: Secret\nmetadata:\n  name: s\n  namespace: shop\nstringData:\n  password: {}\n"
        self.demand(self.inject("apply", "-f", self.write("s.yaml", secret.format("first-password"))), 0)
        run = self.diff(self.write("s.yaml", secret.format("second-password")))
        self.demand(run, 1)
        import base64
        for word in ("first-password", "second-password"):
            self.assertNotIn(word, run.out + run.err)
            self.assertNotIn(base64.b64encode(word.encode()).decode(), run.out + run.err)
