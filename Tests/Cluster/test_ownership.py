"""Who owns what: taking over from kubectl and from oneself, and taking out what others own too."""

from case import Case, deployment, needs_kubectl
from test_diff import changes

AGENT = ["tvsi-vault-agent", "web"]


class OwnershipTests(Case):
    def apply(self, path, *words, **options):
        return self.inject("apply", "-f", path, *words, **options)

    def managers(self):
        return sorted((each["manager"], each["operation"]) for each in
                      self.live("deployments", "web")["metadata"]["managedFields"])

    def spec(self):
        return self.live("deployments", "web")["spec"]["template"]["spec"]


class OwnUpdateTests(OwnershipTests):
    """`apply deployment/web` writes as an Update, which is taken over where a manifest is applied."""

    def setUp(self):
        super().setUp()
        plain = self.write("plain.yaml", deployment(injected=False))
        self.demand(self.apply(plain, "--field-manager", "somebody"), 0)
        self.ask_server("PATCH", "/apis/apps/v1/namespaces/shop/deployments/web?fieldManager=somebody-else", [
            {"op": "add", "path": "/spec/template/metadata/annotations", "value": {
                "sidecar.vault.talend.org/inject": "true", "sidecar.vault.talend.org/role": "web"}}],
            "application/json-patch+json")
        self.demand(self.inject("apply", "deployment/web", "-n", "shop"), 0)
        self.assertIn(("kubectl-vault-inject", "Update"), self.managers())
        self.assertEqual(list(self.containers("web")), AGENT)

    def test_applying_the_manifest_is_no_conflict_with_ourselves(self):
        path = self.write("web.yaml", deployment())
        other = ("--set", "agent.logLevel=debug")
        for words in ((), other):
            with self.subTest(words):
                self.demand(self.apply(path, "--force-conflicts", *words), 0)
                self.assertIn(("kubectl-vault-inject", "Apply"), self.managers())
                self.assertNotIn(("kubectl-vault-inject", "Update"), self.managers())

    def test_a_conflict_with_ourselves_alone_needs_no_force(self):
        path = self.write("web.yaml", deployment())
        self.demand(self.apply(path, "--set", "image=hashicorp/vault:9.9.9"), 0)
        self.assertEqual(self.containers("web")["tvsi-vault-agent"], "hashicorp/vault:9.9.9")
        self.assertNotIn(("kubectl-vault-inject", "Update"), self.managers())

    def test_turning_the_injection_off_takes_it_out(self):
        self.demand(self.apply(self.write("plain.yaml", deployment(injected=False))), 0)
        self.assertEqual(list(self.containers("web")), ["web"])
        self.assertNotIn("volumes", self.spec())
        self.assertNotIn("volumeMounts", self.spec()["containers"][0])

    def test_what_was_applied_and_not_taken_over_is_told(self):
        self.rules({"method": "PATCH", "nth": list(range(3, 50)), "reset": "before"})
        run = self.apply(self.write("plain.yaml", deployment(injected=False)))
        self.demand(run, 69, "0 of 1 objects applied", "applied, and not yet taken over from others: apply it again")
        self.assertEqual(run.out, "")

    def test_diff_and_a_trial_show_what_will_go(self):
        path = self.write("plain.yaml", deployment(injected=False))
        before = self.live("deployments", "web")
        run = self.inject("diff", "-f", path)
        self.demand(run, 1)
        self.assertIn("-name: tvsi-vault-agent", changes(run.out))
        run = self.apply(path, "--dry-run=server", "-o", "yaml")
        self.demand(run, 0, "note: Deployment/web: taking it over", "removes", "hint:")
        self.assertNotIn("tvsi-vault-agent", run.out)
        self.assertEqual(self.live("deployments", "web"), before)

    def test_a_live_object_is_uninjected(self):
        self.demand(self.inject("apply", "--uninject", "deployment/web", "-n", "shop"), 0)
        self.assertEqual(list(self.containers("web")), ["web"])
        self.assertNotIn("volumes", self.spec())


class ClientSideTests(OwnershipTests):
    @needs_kubectl
    def test_diff_and_a_trial_show_what_taking_over_removes(self):
        """What kubectl applied on the client's side, and the manifest has no more, goes: in the trial as in truth."""
        path = self.write("web.yaml", deployment(injected=False))
        without = self.write("without.yaml", deployment(injected=False).replace(
            "        ports:\n        - containerPort: 8080\n", ""))
        for image in ("nginx:1.27", "nginx:1.28"):
            with self.subTest(image):
                self.server.ask("/_test/reset", {})
                self.demand(self.kubectl("apply", "-f", path), 0)
                changed = self.write("changed.yaml", without.read_text().replace("nginx:1.27", image))
                shown = self.inject("diff", "-f", changed)
                self.demand(shown, 1)
                self.assertIn("-ports:", changes(shown.out))
                trial = self.apply(changed, "--dry-run=server", "-o", "yaml")
                self.demand(trial, 0, "removes spec.template.spec.containers[0].ports")
                self.assertNotIn("ports:", trial.out)
                done = self.apply(changed)
                self.demand(done, 0, "removes spec.template.spec.containers[0].ports")
                self.assertNotIn("ports", self.spec()["containers"][0])
                self.assertEqual(self.inject("diff", "-f", changed).out, "")


class UninjectTests(OwnershipTests):
    """`apply --uninject` where kubectl applied what was injected too."""

    def setUp(self):
        super().setUp()
        self.injected = self.write("injected.yaml", self.inject("-q", "-f", self.write("web.yaml", deployment())).out)
        self.demand(self.apply(self.injected), 0)

    def kubectl_applies(self):
        self.demand(self.kubectl("apply", "--server-side", "--force-conflicts", "-f", self.injected), 0)
        self.assertIn(("kubectl", "Apply"), self.managers())

    @needs_kubectl
    def test_without_force_it_is_told_who_owns_it(self):
        self.kubectl_applies()
        before = self.live("deployments", "web")
        run = self.apply(self.injected, "--uninject")
        self.demand(run, 69, "what was injected belongs to `kubectl` too, and would stay", "--force-conflicts")
        self.assertEqual(self.live("deployments", "web"), before)

    @needs_kubectl
    def test_with_force_all_of_it_goes(self):
        self.kubectl_applies()
        self.demand(self.apply(self.injected, "--force-conflicts"), 0)
        run = self.apply(self.injected, "--uninject", "--force-conflicts")
        self.demand(run, 0)
        self.assertEqual(list(self.containers("web")), ["web"])
        self.assertNotIn("volumes", self.spec())
        self.assertNotIn("volumeMounts", self.spec()["containers"][0])
        self.demand(self.apply(self.injected), 0)
        self.assertEqual(list(self.containers("web")), AGENT)

    @needs_kubectl
    def test_a_trial_shows_it_and_keeps_nothing(self):
        self.kubectl_applies()
        before = self.live("deployments", "web")
        run = self.apply(self.injected, "--uninject", "--force-conflicts", "--dry-run=server", "-o", "yaml")
        self.demand(run, 0)
        self.assertNotIn("name: tvsi", run.out)
        self.assertEqual(self.live("deployments", "web"), before)

    @needs_kubectl
    def test_what_kubectl_applied_on_the_clients_side_goes(self):
        self.demand(self.kubectl("apply", "-f", self.injected), 0)
        self.demand(self.apply(self.injected, "--uninject"), 0)
        self.assertEqual(list(self.containers("web")), ["web"])
        self.assertNotIn("volumes", self.spec())

    def test_what_is_ours_alone_goes_at_once(self):
        self.demand(self.apply(self.injected, "--uninject"), 0)
        self.assertEqual(list(self.containers("web")), ["web"])
        self.assertNotIn("volumes", self.spec())
