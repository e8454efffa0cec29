"""The examples of this repository, run as they are."""

import shutil
import unittest

import injection
from case import AGENT, BABYSITTER, INIT, Case
from harness.places import EXAMPLES


class Examples(Case):
    def setUp(self):
        super().setUp()
        if not EXAMPLES.exists():
            raise unittest.SkipTest("examples/ is missing")
        self.addCleanup(self.cluster.pod_readers.clear)

    def role(self, name, account):
        self.vault.kubernetes_role(name, account)

    def test_deployment(self):
        self.role("shop", "checkout")
        self.vault.write("secret/shop/checkout", user="u", password="p")
        pod = self.run_example("deployment")
        self.wait_for_log(pod, "checkout", "checkout: lines of secrets:\n2\n")

    def test_approle(self):
        role, secret = self.vault.app_role("billing")
        self.cluster.objects[("secret", "billing-approle")] = {"role-id": role, "secret-id": secret}
        self.vault.write("secret/billing/gateway", key="k")
        for sidecars in ("container", "native"):
            with self.subTest(sidecars=sidecars):
                pod = self.run_example("approle", "--sidecars", sidecars)
                self.wait_for_log(pod, "billing", "billing: lines of secrets:\n1\n")
                pod.delete()
                self.assertEqual(pod.codes[AGENT], 0)

    def test_cronjob(self):
        self.role("reports", "nightly-report")
        self.vault.write("secret/reports/mail", user="u", password="p")
        self.cluster.pod_readers.add("system:serviceaccount:default:nightly-report")
        pod = self.run_example("cronjob", "--sidecars", "container")
        self.wait_for_end(pod)
        self.assertEqual(pod.codes, {"report": 0, AGENT: 0, BABYSITTER: 0}, pod.logs())
        self.assertIn("report: sent", pod.log("report"))

    def test_job(self):
        self.role("orders", "orders-migration")
        self.vault.write("secret/orders/migration", user="u")
        self.cluster.pod_readers.add("system:serviceaccount:default:orders-migration")
        pod = self.run_example("job", "--sidecars", "container")
        self.wait_for_end(pod)
        self.assertEqual(pod.codes, {"migrate": 0, AGENT: 0, BABYSITTER: 0}, pod.logs())

    def test_job_with_native_sidecars(self):
        self.role("orders", "orders-migration")
        self.vault.write("secret/orders/migration", user="u")
        pod = self.run_example("job")
        self.wait_for_end(pod)
        self.assertEqual(pod.codes, {"migrate": 0, AGENT: 0}, pod.logs())

    def test_daemonset(self):
        self.role("metrics", "metrics-shipper")
        self.vault.write("secret/metrics/ingest", key="k")
        self.vault.write("secret/metrics/archive", key="k", other="o")
        pod = self.run_example("daemonset")
        self.wait_for_log(pod, "shipper", "shipper on node-1: new session for ingest, lines of secrets:\n1\n")
        self.wait_for_log(pod, "shipper", "shipper on node-1: new session for archive, lines of secrets:\n2\n")

    def test_proxy(self):
        self.role("cards", "cards")
        self.vault.call("POST", "transit/keys/cards", {})
        pod = self.run_example("proxy")
        self.wait_for_log(pod, "cards", "cards: encrypted without a token of our own")

    def test_static_environment(self):
        self.role("invoices", "invoices")
        self.vault.write("secret/invoices/environment", DATABASE_PASSWORD="d", QUEUE_PASSWORD="q")
        pod = self.run_example("static-env")
        self.wait_for_log(pod, "api", "api: the database's password is in the environment")
        self.wait_for_log(pod, "queue-worker", "queue-worker: the queue's password is in the environment")
        self.assertEqual(self.vault.tokens(), [])

    def test_static_file(self):
        self.role("search", "search")
        self.vault.write("secret/search/bucket", key="k", secret="s")
        pod = self.run_example("static-file")
        self.wait_for_log(pod, "search", "with this many settings:\n2\n")
        self.assertEqual(pod.codes[INIT], 0)

    def test_templates(self):
        self.role("catalog", "catalog")
        self.vault.write("secret/catalog/api", a="1", b="2")
        self.vault.write("kv/catalog/database", user="u")
        self.vault.write("kv/catalog/partner", key="k")
        pod = self.run_example("templates")
        self.wait_for_log(pod, "catalog", "catalog: lines of api-key:\n")
        self.assertIn('"user": "u"', self.wait_for_file(pod, "database.json"))
        self.assertIn("catalog.a=1\ncatalog.b=2\n", self.wait_for_file(pod, "catalog.properties"))

    def test_statefulset(self):
        self.role("ledger", "ledger")
        self.vault.write("secret/ledger/database", user="u", password="p")
        self.vault.write("secret/ledger/kafka", key="k")
        pod = self.run_example("statefulset")
        self.wait_for_log(pod, "ledger", "ledger: lines of secrets for the database and for Kafka:\n2\n1\n")

    def test_list(self):
        self.role("newsletter", "newsletter")
        self.vault.write("secret/newsletter/sender", user="u")
        pod = self.run_example("list")
        self.wait_for_log(pod, "newsletter", "newsletter: lines of secrets:\n1\n")
        self.wait_for_log(pod, "newsletter", "newsletter: read the same through the proxy")

    def test_pod(self):
        self.role("support", "support")
        self.vault.write("secret/support/shell", user="u")
        pod = self.run_file(EXAMPLES / "pod.json")
        self.wait_for_end(pod)
        self.assertEqual((pod.phase, pod.log("shell")), ("Succeeded", "shell: lines of secrets:\n1\n"), pod.logs())

    def test_storefront(self):
        self.role("shop", "storefront")
        self.vault.write("kv/shop/storefront", key="k")
        manifests = injection.inject(
            EXAMPLES / "storefront.yaml", "--vault-addr", self.vault.address)
        scripts = next(item for item in manifests if item["metadata"]["name"] == "storefront-scripts")
        self.cluster.objects[("configMap", "storefront-scripts")] = scripts["data"]
        storefront, images = [injection.pod_template(item) for item in injection.workloads(manifests)]
        pod = self.start(*storefront, name="storefront-1")
        self.wait_for_log(pod, "storefront", "storefront in storefront-1: lines of secrets:\n1\n")
        self.assertEqual([container["name"] for container in images[1]["containers"]], ["images"])

    def test_kustomize_overlay(self):
        if not shutil.which("kubectl"):
            self.skipTest("kubectl is not installed")
        self.role("accounts", "accounts")
        self.vault.write("secret/production/accounts", user="u")
        done = self.inject("-k", EXAMPLES / "kustomize/overlays/production", "-o", "json",
                           "--vault-addr", self.vault.address)
        self.assertEqual(done.code, 0, done.err)
        (metadata, spec), = [injection.pod_template(item) for item in
                             injection.workloads(injection.objects(done.out))]
        pod = self.start(metadata, spec)
        self.wait_for_log(pod, "accounts", "accounts: lines of secrets:\n1\n")
