"""verify, and configuration that lives in the cluster."""

import yaml

from case import Case, deployment, job
from harness.places import ROOT


class VerifyTests(Case):
    def verify(self, text, *words, **options):
        return self.inject("verify", "-f", self.write("web.yaml", text), *words, **options)

    def test_accepted(self):
        run = self.verify(deployment() + "---\n" + job())
        self.demand(run, 0)
        self.assertIn("deployment.apps/web accepted", run.out)
        self.assertIn("job.batch/once accepted", run.out)
        self.assertIsNone(self.live("deployments", "web"))
        writes = self.writes()
        self.assertEqual({(entry["method"], entry["path"].rsplit("/", 1)[1], entry["query"]["dryRun"])
                          for entry in writes}, {("POST", "pods", "All")})

    def test_policy(self):
        run = self.verify(deployment(namespace="locked"))
        self.demand(run, 69, "web.yaml:4:9: error:", 'violates PodSecurity "restricted:latest"', "hint:")

    def test_warnings(self):
        run = self.verify(deployment(namespace="strict"))
        self.demand(run, 0, "would violate PodSecurity")

    def test_service_account(self):
        text = deployment().replace("    spec:\n      containers", "    spec:\n      serviceAccountName: nobody\n"
                                    "      containers")
        run = self.verify(text)
        self.demand(run, 69, 'serviceaccount "nobody" not found')

    def test_webhook(self):
        self.rules({"webhook": "pods.example.com", "path": "*/pods"})
        self.demand(self.verify(deployment()), 69, "pods.example.com")

    def test_invalid(self):
        run = self.verify(deployment().replace("8080", "0"))
        self.demand(run, 69, "web.yaml:26:26: error:", "containerPort")

    def test_forbidden(self):
        self.demand(self.verify(deployment(), kubeconfig="viewer"), 69, 'cannot create resource "pods"',
                    "kubectl auth can-i create pods")


class WebhookConfigurationTests(Case):
    def config_map(self):
        folder = ROOT / "Tests" / "Fixtures" / "talend" / "config"
        data = {path.name: path.read_text() for path in folder.iterdir()}
        return yaml.safe_dump({"apiVersion": "v1", "kind": "ConfigMap",
                               "metadata": {"name": "injector", "namespace": "kube-system"}, "data": data})

    def test_from_the_cluster(self):
        """The same as from a file, whatever the source."""
        path = self.write("config.yaml", self.config_map())
        self.demand(self.inject("apply", "-f", path), 0)
        web = self.write("web.yaml", deployment())
        local = self.inject("-q", "-f", web, "--webhook-config", path)
        remote = self.inject("-q", "-f", web, "--webhook-config", "configmap/kube-system/injector")
        self.demand(remote, 0)
        self.assertIn("name: tvsi", remote.out)
        self.assertEqual(remote.out, local.out)

    def test_missing(self):
        run = self.inject("-f", self.write("web.yaml", deployment()), "--webhook-config", "configmap/kube-system/none")
        self.assertNotEqual(run.code, 0, run)
        self.assertIn("none", run.err)
        self.assertEqual(run.out, "")

    def test_forbidden(self):
        run = self.inject("-f", self.write("web.yaml", deployment()), "--webhook-config",
                          "configmap/kube-system/injector", kubeconfig="deployer")
        self.demand(run, run.code, 'User "deployer" cannot get resource "configmaps"')
        self.assertNotEqual(run.code, 0)

    def test_incomplete(self):
        text = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: injector\n  namespace: kube-system\ndata:\n  a: b\n"
        self.demand(self.inject("apply", "-f", self.write("config.yaml", text)), 0)
        run = self.inject("-f", self.write("web.yaml", deployment()), "--webhook-config",
                          "configmap/kube-system/injector")
        self.assertNotEqual(run.code, 0, run)
        self.assertIn("injectionconfig.yaml", run.err)
