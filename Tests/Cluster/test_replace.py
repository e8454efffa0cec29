"""--replace: nothing is deleted that could not be created again, and what is lost all the same is told and kept."""

import re
import signal
import time
from pathlib import Path

from case import Case, job, needs_kubectl

POD = """\
apiVersion: v1
kind: Pod
metadata:
  name: one
  namespace: shop
spec:
  serviceAccountName: {account}
  containers:
  - name: main
    image: busybox:{version}
    command: [{command}]
"""
ACCOUNT = "apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: {}\n  namespace: shop\n"
QUOTA = "apiVersion: v1\nkind: ResourceQuota\nmetadata:\n  name: few\n  namespace: shop\nspec:\n  hard:\n    {}\n"


class ReplaceTests(Case):
    def setUp(self):
        super().setUp()
        self.demand(self.apply(job()), 0)
        self.before = self.job()
        self.requests()

    def apply(self, text, *words, **options):
        return self.inject("apply", "-f", self.file("in.yaml", text), *words, **options)

    def job(self):
        return self.live("jobs", "once", group="apis/batch/v1")

    def deletions(self):
        return [entry for entry in self.requests() if entry["method"] == "DELETE"]

    def demand_untouched(self):
        self.assertEqual(self.deletions(), [])
        self.assertEqual(self.job(), self.before)

    def test_what_would_not_be_created_is_not_deleted(self):
        invalid = job(image="busybox:2").replace("Never", "Always")
        run = self.apply(invalid, "-q", "--replace")
        self.demand(run, 69, "in.yaml:9:22: error:", 'restartPolicy: Required value: valid values: "OnFailure", "Never"',
                    "was not replaced, and is as it was")
        self.assertEqual(run.out, "")
        self.demand_untouched()

    def test_an_ordinary_mistake_is_told_beside_what_cannot_change(self):
        run = self.apply(job(image="busybox:2").replace("Never", "Always"), "-q")
        self.demand(run, 69, "valid values", "`spec.template` of a Job that exists cannot be changed")
        self.assertEqual(run.err.count("valid values"), 1, run)

    def test_quotas_and_webhooks_have_their_say_before(self):
        self.demand(self.apply(QUOTA.format('count/jobs.batch: "1"')), 0)
        run = self.apply(job(image="busybox:2"), "--replace")
        self.demand(run, 69, "exceeded quota: few", "kubectl describe quota few -n shop")
        self.demand_untouched()
        self.rules({"method": "POST", "path": "*/jobs", "webhook": "w.example.com"})
        self.demand(self.apply(job(image="busybox:2"), "--replace"), 69, "w.example.com")
        self.demand_untouched()

    def test_a_trial_on_the_server_tries_it_too(self):
        self.demand(self.apply(job(image="busybox:2").replace("Never", "Always"), "--replace", "--dry-run=server"), 69)
        run = self.apply(job(image="busybox:2"), "--replace", "--dry-run=server")
        self.demand(run, 0)
        self.assertEqual(run.out, "job.batch/once replaced (server dry run)\n")
        self.demand_untouched()

    def test_a_missing_service_account(self):
        account = ACCOUNT.format("main")
        self.demand(self.apply(account + "---\n" + POD.format(account="main", version=1, command="a")), 0)
        before = self.live("pods", "one", group="api/v1")
        run = self.apply(POD.format(account="nobody", version=1, command="b"), "--replace")
        self.demand(run, 69, 'in.yaml:7:23: error:', 'serviceaccount "nobody" not found',
                    "kubectl create serviceaccount nobody -n shop")
        self.assertEqual(self.live("pods", "one", group="api/v1"), before)

    def lost(self):
        """The run of a replacement whose creation fails after all, once the old one is gone."""
        self.rules({"method": "PATCH", "path": "*/jobs/once", "nth": [2], "status": 403,
                    "message": 'jobs.batch "once" is forbidden: not today'})
        return self.apply(job(image="busybox:2"), "-q", "--replace")

    def test_what_is_lost_is_told_and_kept(self):
        run = self.lost()
        self.demand(run, 69, "was deleted and could not be created again: not today",
                    "Job/once was deleted, and is not there again")
        self.assertIsNone(self.job())
        path = re.search(r"kubectl create -f (\S+)", run.err)[1]
        self.assertIn("busybox:1", Path(path).read_text())
        self.assertEqual((Path(path).stat().st_mode & 0o777, Path(path).parent.stat().st_mode & 0o777), (0o600, 0o700))

    def test_what_cannot_be_kept_is_not_deleted(self):
        run = self.apply(job(image="busybox:2"), "--replace", env={"TMPDIR": str(self.folder / "nowhere")})
        self.demand(run, 69, "Job/once was not deleted, as it cannot be kept as it is", "TMPDIR")
        self.demand_untouched()

    @needs_kubectl
    def test_kubectl_brings_it_back(self):
        path = re.search(r"kubectl create -f (\S+)", self.lost().err)[1]
        self.rules()
        self.demand(self.kubectl("create", "-f", path), 0)
        self.assertEqual(self.job()["spec"]["template"]["spec"]["containers"], self.before["spec"]["template"]["spec"]["containers"])

    def test_it_is_in_the_report_for_machines(self):
        self.rules({"method": "PATCH", "path": "*/jobs/once", "nth": [2], "status": 403, "message": "no"})
        run = self.apply(job(image="busybox:2"), "--report", "json", "--replace")
        self.assertIn('"outcome": "lost"', run.err)
        self.assertIn("kubectl create -f", run.err)

    def test_what_may_pass_is_tried_again(self):
        self.rules({"method": "PATCH", "path": "*/jobs/once", "nth": [2, 3], "status": 500, "message": "etcd is away"})
        run = self.apply(job(image="busybox:2"), "--replace")
        self.demand(run, 0)
        self.assertEqual(run.out, "job.batch/once replaced\n")
        self.assertEqual(list(self.folder.glob("vault-inject-*")), [], "nothing is left of what came back")

    def test_what_is_deleted_is_created_even_after_an_interrupt(self):
        self.rules({"method": "GET", "path": "*/jobs/once", "nth": 2, "delay": 1000})
        process = self.start("apply", "--replace", "-f", self.file("other.yaml", job(image="busybox:2")))
        end = time.monotonic() + 20
        while not self.deletions() and time.monotonic() < end:
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        run = self.finish(process)
        self.assertEqual(self.job()["spec"]["template"]["spec"]["containers"][0]["image"], "busybox:2", run)

    def test_secrets_are_not_kept_in_files(self):
        secret = "apiVersion: v1\nkind: Secret\nmetadata:\n  name: s\n  namespace: shop\nimmutable: true\nstringData:\n  a: {}\n"
        self.demand(self.apply(secret.format("t0p-first")), 0)
        self.rules({"method": "PATCH", "path": "*/secrets/s", "nth": [1], "status": 422, "reason": "Invalid",
                    "message": 'Secret "s" is invalid: data: Forbidden: field is immutable when `immutable` is set'},
                   {"method": "PATCH", "path": "*/secrets/s", "nth": [1], "status": 403, "message": "no"})
        run = self.apply(secret.format("t0p-second"), "--replace")
        self.demand(run, 69, "Secret/s was deleted, and is not there again")
        self.assertNotIn("t0p", run.err + run.out)
        self.assertEqual(list(self.folder.glob("vault-inject-*/*/*")), [])

    def test_finalizers(self):
        waiting = job().replace("  namespace: shop\n", "  namespace: shop\n  finalizers: [example.com/wait]\n", 1)
        self.demand(self.apply(waiting), 0)
        run = self.apply(job(image="busybox:2"), "-q", "--replace", "--timeout", "1")
        self.demand(run, 69, "Job/once is being deleted since 20", "waits for its finalizer example.com/wait",
                    "it was not created again", "kubectl create -f")
        self.assertEqual(run.out, "")
        self.assertLess(run.seconds, 15)
        self.assertEqual(self.job()["spec"]["template"]["spec"]["containers"][0]["image"], "busybox:1")

    def test_what_holds_the_data_of_others_is_not_deleted(self):
        self.rules({"method": "PATCH", "path": "*/persistentvolumeclaims/*", "status": 422, "reason": "Invalid",
                    "message": "PersistentVolumeClaim \"data\" is invalid: spec.x: Forbidden: field is immutable"})
        claim = "apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata:\n  name: data\n  namespace: shop\n"
        run = self.apply(claim, "--replace")
        self.demand(run, 69, "--replace does not delete it: the data in it could go with it")
        self.assertEqual(self.deletions(), [])


class BeingDeletedTests(Case):
    def test_what_is_applied_to_what_is_going_is_told(self):
        text = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: c\n  namespace: shop\n  finalizers: [a.example.com/b]\n"
        path = self.file("c.yaml", text)
        self.demand(self.inject("apply", "-f", path), 0)
        self.ask_server("DELETE", "/api/v1/namespaces/shop/configmaps/c")
        changed = self.file("c.yaml", text + "data:\n  a: b\n")
        for words in (("apply", "--dry-run=server"), ("diff",), ("apply",)):
            with self.subTest(words):
                run = self.inject(*words, "-q", "-f", changed)
                self.demand(run, 69, "ConfigMap/c is being deleted since 20", "waits for its finalizer a.example.com/b",
                            "what is applied to it goes with it")
