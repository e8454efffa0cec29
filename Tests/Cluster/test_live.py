"""Objects that live in the cluster: shown injected, and applied, page by page."""

import json
import os
import subprocess
import unittest

import yaml

from case import Case, deployment, live_deployment, needs_kubectl
from harness.places import PROGRAM


class LiveTests(Case):
    def put(self, *names, namespace="shop", **options):
        """Objects as somebody else's, before the command is run."""
        text = "".join(f"---\n{deployment(name, namespace, **options)}" for name in names)
        self.demand(self.inject("apply", "-f", self.write("put.yaml", text.replace("sidecar.vault", "later.vault"))), 0)
        for name in names:
            patch = [{"op": "add", "path": "/spec/template/metadata/annotations", "value": {
                "sidecar.vault.talend.org/inject": "true", "sidecar.vault.talend.org/role": "web"}}]
            self.patch(name, namespace, patch)
        self.requests()

    def patch(self, name, namespace, operations):
        import urllib.request
        request = urllib.request.Request(
            f"{self.server.addresses['plain']}/apis/apps/v1/namespaces/{namespace}/deployments/{name}", method="PATCH",
            data=json.dumps(operations).encode(), headers={
                "authorization": "Bearer admin-token", "content-type": "application/json-patch+json",
                "user-agent": "somebody/1"})
        urllib.request.urlopen(request).close()

    def test_shown(self):
        self.put("web")
        before = self.live("deployments", "web")
        run = self.inject("deployment/web", "-n", "shop", "-o", "yaml")
        self.demand(run, 0, "Deployment/web injected")
        shown = yaml.load(run.out, Loader=yaml.BaseLoader)
        names = [each["name"] for each in shown["spec"]["template"]["spec"]["containers"]]
        self.assertEqual(names, ["tvsi-vault-agent", "web"])
        self.assertEqual(self.live("deployments", "web"), before)
        self.assertEqual(self.writes(), [])

    def test_a_migration_is_told_before_and_after(self):
        self.put("web")
        before = json.loads(self.inject("migrate", "deployments", "-A", "-o", "json").out)
        self.assertEqual([(pod["name"], pod["namespace"], pod["state"]) for pod in before["pods"]],
                         [("web", "shop", "asks")])
        self.assertIn("kubectl vault-inject -i -R -f FOLDER", [step.get("command") for step in before["steps"]])
        self.assertEqual(self.writes(), [])
        self.demand(self.inject("apply", "deployment/web", "-n", "shop"), 0)
        after = json.loads(self.inject("migrate", "deployments", "-A", "-o", "json").out)
        self.assertEqual([pod["state"] for pod in after["pods"]], ["injected-here"])
        self.assertEqual(after["steps"], [])

    def test_every_way_to_name_it(self):
        self.put("web")
        for words in (("deployment/web",), ("deploy/web",), ("deployments/web",), ("deployment.apps/web",),
                      ("deployment", "web"), ("deployments", "-l", "app=web"), ("deploy", "-l", "app in (web,x)")):
            with self.subTest(words):
                run = self.inject(*words, "-n", "shop", "-o", "name")
                self.demand(run, 0)
                self.assertEqual(run.out, "deployment.apps/web\n")

    def test_formats(self):
        self.put("web")
        as_json = json.loads(self.inject("-q", "deployment/web", "-n", "shop", "-o", "json").out)
        self.assertEqual(as_json["kind"], "Deployment")
        patch = json.loads(self.inject("-q", "deployment/web", "-n", "shop", "-o", "patch").out)
        self.assertIn("/spec/template", json.dumps(patch))
        diff = self.inject("-q", "deployment/web", "-n", "shop", "-o", "diff").out
        self.assertIn("+        - name: tvsi-vault-agent", diff)

    def test_applied(self):
        self.put("web", "api")
        run = self.inject("apply", "deployment/web", "-n", "shop")
        self.demand(run, 0)
        self.assertTrue(run.out.startswith("deployment.apps/web "), run)
        self.assertEqual(list(self.containers("web")), ["tvsi-vault-agent", "web"])
        self.assertEqual(list(self.containers("api")), ["web"])
        again = self.inject("apply", "deployment/web", "-n", "shop")
        self.demand(again, 0)
        self.assertEqual(list(self.containers("web")), ["tvsi-vault-agent", "web"])

    def test_applied_by_labels_in_all_namespaces(self):
        self.put("web")
        self.put("web", namespace="staging")
        run = self.inject("apply", "deployments", "-A", "-l", "app=web")
        self.demand(run, 0)
        self.assertEqual(len(run.out.splitlines()), 2)
        for namespace in ("shop", "staging"):
            self.assertEqual(list(self.containers("web", namespace)), ["tvsi-vault-agent", "web"])

    def test_changes_of_others_in_between_are_not_lost(self):
        """What changed after it was read is not overwritten with what was read."""
        self.put("web")
        self.rules({"method": "PATCH", "path": "*/deployments/web", "delay": 1500, "times": 1})
        process = self.start("apply", "deployment/web", "-n", "shop")
        while not [entry for entry in self.requests(method="GET")]:
            pass
        self.scale(7)
        run = self.finish(process)
        self.assertEqual(self.live("deployments", "web")["spec"]["replicas"], 7, run)

    def scale(self, replicas):
        import urllib.request
        body = json.dumps([{"op": "add", "path": "/spec/replicas", "value": replicas}]).encode()
        request = urllib.request.Request(
            f"{self.server.addresses['plain']}/apis/apps/v1/namespaces/shop/deployments/web?fieldManager=scaler",
            method="PATCH", data=body, headers={"authorization": "Bearer admin-token",
                                                "content-type": "application/json-patch+json"})
        self.rules()
        urllib.request.urlopen(request).close()

    def test_uninjected(self):
        """What the server has filled into injected containers does not keep them from being taken out."""
        path = self.write("web.yaml", deployment())
        self.demand(self.inject("apply", "-f", path), 0)
        shown = yaml.load(self.inject("uninject", "-q", "deployment/web", "-n", "shop", "-o", "yaml").out,
                          Loader=yaml.BaseLoader)
        self.assertEqual([each["name"] for each in shown["spec"]["template"]["spec"]["containers"]], ["web"])
        self.assertNotIn("volumes", shown["spec"]["template"]["spec"])

    def test_uninjected_in_the_cluster(self):
        """`apply --uninject` takes out what was injected: in place for live objects, from the manifest for files."""
        path = self.write("web.yaml", deployment())
        for words in (("deployment/web", "-n", "shop"), ("-f", path)):
            with self.subTest(words):
                self.demand(self.inject("apply", "-f", path), 0)
                self.assertEqual(list(self.containers("web")), ["tvsi-vault-agent", "web"])
                self.demand(self.inject("apply", "--uninject", *words), 0)
                self.assertEqual(list(self.containers("web")), ["web"])
                self.assertNotIn("volumes", self.live("deployments", "web")["spec"]["template"]["spec"])

    def test_missing(self):
        run = self.inject("deployment/nowhere", "-n", "shop")
        self.assertNotEqual(run.code, 0, run)
        self.assertIn("nowhere", run.err)
        self.assertIn("shop", run.err)

    def test_unknown_kind(self):
        run = self.inject("gadget/one", "-n", "shop")
        self.assertNotEqual(run.code, 0, run)
        self.assertIn("gadget", run.err)

    def test_forbidden(self):
        self.put("web")
        run = self.inject("deployments", "-n", "staging", kubeconfig="deployer")
        self.demand(run, 69, 'User "deployer" cannot list resource "deployments"', "kubectl auth can-i list deployments")

    def test_nothing_to_do_the_second_time(self):
        self.put("web")
        self.demand(self.inject("apply", "deployment/web", "-n", "shop"), 0)
        self.requests()
        self.assertEqual(self.inject("-q", "deployment/web", "-n", "shop", "-o", "diff").out, "")
        self.demand(self.inject("apply", "deployment/web", "-n", "shop"), 0)
        self.assertEqual(self.writes(), [])

    @needs_kubectl
    def test_kubectl_sees_the_result(self):
        self.put("web")
        self.demand(self.inject("apply", "deployment/web", "-n", "shop"), 0)
        names = self.kubectl("get", "deployment/web", "-n", "shop", "-o",
                             "jsonpath={.spec.template.spec.containers[*].name}").out
        self.assertEqual(names, "tvsi-vault-agent web")


class PagingTests(Case):
    """Lists come in pages, and what was done with is let go."""

    def measured(self, *words):
        """How a run went, with its peak memory; the output goes to a file."""
        with open(self.folder / "out", "wb") as out, open(self.folder / "err", "wb") as err:
            process = subprocess.Popen([PROGRAM, *words], stdin=subprocess.DEVNULL, stdout=out, stderr=err,
                                       env=self.environment | self.variables("token"))
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        self.assertEqual(process.returncode, 0, (self.folder / "err").read_text()[:2000])
        return usage.ru_maxrss * 1024

    def demand_bounded(self, most, mark, *words):
        """Many objects take no more memory than a page of them; each is printed with the mark, once."""
        peaks = {}
        for count in (500, most):
            self.server.ask("/_test/reset", {})
            self.fill(count)
            peaks[count] = self.measured(*words)
            with open(self.folder / "out", "rb") as out:
                self.assertEqual(sum(line.count(mark) for line in out), count)
        self.assertLess(peaks[most], peaks[500] * 1.2 + 4_000_000, peaks)

    def test_memory_of_changes_is_bounded(self):
        self.demand_bounded(4_000, b"\n", "apply", "--dry-run=client", "-q", "deployments", "-n", "shop")

    def test_memory_is_bounded(self):
        self.demand_bounded(6_000, b'"name": "tvsi-vault-agent"', "-q", "deployments", "-n", "shop", "-o", "json")

    def test_memory_of_trials_is_bounded(self):
        self.demand_bounded(2_000, b" accepted\n", "verify", "-q", "deployments", "-n", "shop")

    def test_trials_of_none(self):
        self.demand(self.inject("verify", "deployments", "-n", "shop", "-l", "half=no"), 66, "no such objects")

    def test_trials_go_on_after_one_that_is_refused(self):
        self.fill(600)
        broken = live_deployment()
        broken["metadata"] = {"name": "a-first", "namespace": "shop"}
        broken["spec"]["template"]["metadata"]["annotations"]["sidecar.vault.talend.org/secrets-type"] = "odd"
        self.ask_server("POST", "/apis/apps/v1/namespaces/shop/deployments", broken)
        run = self.inject("verify", "deployments", "-n", "shop", "-q")
        self.demand(run, 65, "secrets-type")
        self.assertEqual(run.out.count(" accepted\n"), 600)

    def test_pages(self):
        self.fill(1300, namespaces=("shop", "staging"))
        run = self.inject("-q", "deployments", "-A", "-o", "name", "-l", "half=yes")
        self.demand(run, 0)
        self.assertEqual(len(set(run.out.splitlines())), 1300)
        lists = [entry["query"] for entry in self.requests(method="GET") if entry["path"].endswith("/deployments")]
        self.assertGreater(len(lists), 2)
        self.assertTrue(all(query.get("limit") for query in lists))
        self.assertTrue(all("continue" in query for query in lists[1:]))

    def test_expired_continue(self):
        """The list has changed too much in between: the rest as it is now, or told, but never a part taken for all."""
        self.fill(1300)
        self.rules({"expireContinue": "rest", "times": 1})
        run = self.inject("-q", "deployments", "-n", "shop", "-o", "name")
        self.demand(run, 0)
        self.assertEqual((len(run.out.splitlines()), len(set(run.out.splitlines()))), (1300, 1300))
        self.rules({"expireContinue": True, "times": 1})
        self.demand(self.inject("-q", "deployments", "-n", "shop", "-o", "name"), 69, "too old", "hint:")

    def test_applying_many(self):
        self.fill(700)
        run = self.inject("apply", "deployments", "-n", "shop")
        self.demand(run, 0)
        self.assertEqual(len(run.out.splitlines()), 700)
        self.assertEqual(list(self.containers("web-000699")), ["tvsi-vault-agent", "web"])


if __name__ == "__main__":
    unittest.main()
