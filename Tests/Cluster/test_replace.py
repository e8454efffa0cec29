"""--replace: nothing is deleted that could not be created again, and what is lost all the same is told and kept."""

import re
import shlex
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
        return self.inject("apply", "-f", self.write("in.yaml", text), *words, **options)

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
        self.demand(run, 69, "tried beside the one that is there: exceeded quota: few", "kubectl describe quota few -n shop",
                    "if the quota has room without that one, run kubectl delete job.batch/once -n shop, and apply again")
        self.demand_untouched()
        self.rules({"method": "POST", "path": "*/jobs", "webhook": "w.example.com"})
        self.demand(self.apply(job(image="busybox:2"), "--replace"), 69, "w.example.com")
        self.demand_untouched()

    def test_the_trial_is_named_where_it_is_the_reason(self):
        message = "Invalid value: 30080: provided port is already allocated"
        self.rules({"method": "POST", "path": "*/jobs", "status": 422, "body": {
            "kind": "Status", "apiVersion": "v1", "status": "Failure", "code": 422, "reason": "Invalid", "message": "x",
            "details": {"causes": [{"reason": "FieldValueInvalid", "message": message, "field": "spec.ports[0].nodePort"}]}}})
        run = self.apply(job(image="busybox:2"), "--replace")
        self.demand(run, 69, f"was not replaced, and is as it was: tried beside the one that is there: spec.ports[0].nodePort: {message}",
                    "the trial is made while the old one is there; if nothing else has it, run kubectl delete job.batch/once -n shop")
        self.demand_untouched()
        denied = 'admission webhook "w.example.com" denied the request: the host is taken'
        self.rules({"method": "POST", "path": "*/jobs", "status": 403, "message": denied})
        run = self.apply(job(image="busybox:2"), "--replace")
        self.demand(run, 69, "tried beside the one that is there: the admission webhook", "the host is taken",
                    "if that is all it objects to, run kubectl delete job.batch/once -n shop")
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
                    "Job/once was deleted, and is not there again",
                    "hint: fix what keeps it from being created, and apply ", "in.yaml:1 again; kubectl create -f")
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
        process = self.start("apply", "--replace", "-f", self.write("other.yaml", job(image="busybox:2")))
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
        self.demand(run, 69, "Job/once has been marked for deletion since 20", "waits for its finalizer example.com/wait",
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


class DoubtTests(Case):
    """No object is given up, and no manifest thrown away, because an answer did not come."""

    NAMES = ("j1", "j2", "j3")
    # One request alone loses its answer: a connection that is lost takes those of the others with it, or not.
    BEFORE, AFTER = ({"reset": when, "streamOnly": True} for when in ("before", "after"))

    def setUp(self):
        super().setUp()
        self.demand(self.replace(1), 0)
        self.requests()

    def replace(self, version, *words, **options):
        text = "---\n".join(job(name, f"busybox:{version}") for name in self.NAMES)
        return self.inject("apply", "-f", self.write("in.yaml", text), *words, **options)

    def versions(self):
        found = [self.live("jobs", name, group="apis/batch/v1") for name in self.NAMES]
        return [each and each["spec"]["template"]["spec"]["containers"][0]["image"][-1] for each in found]

    def kept(self, run):
        """What the file holds that the report names."""
        self.assertEqual(run.err.count("kubectl create -f"), 1, run)
        return Path(re.search(r"kubectl create -f (\S+)", run.err)[1]).read_text()

    def test_a_deletion_without_an_answer(self):
        for fault in (self.AFTER, {"status": 504, "message": "request timed out", "carriedOut": True},
                      {"status": 500, "message": "etcd is away", "carriedOut": True}):
            with self.subTest(fault):
                self.rules()
                self.demand(self.replace(1, "--replace"), 0)
                self.rules({"method": "DELETE", "path": "*/j1", **fault})
                run = self.replace(2, "--replace")
                self.demand(run, 0)
                self.assertEqual(self.versions(), ["2"] * 3, run)
                self.assertEqual(sorted(run.out.splitlines()), [f"job.batch/{name} replaced" for name in self.NAMES])
                self.assertEqual(list(self.folder.glob("vault-inject-*")), [], "nothing is left of what came back")

    def test_a_deletion_without_an_answer_that_was_not_carried_out(self):
        for fault, words in ((self.BEFORE, "no answer came"),
                             ({"status": 504, "message": "request timed out"}, "request timed out")):
            with self.subTest(fault):
                self.rules({"method": "DELETE", "path": "*/j1", **fault})
                run = self.replace(2, "--replace", "--timeout", "1")
                self.demand(run, 69, f"Job/j1 may have been deleted: {words}; it is still there",
                            "hint: check with kubectl get job.batch/j1 -n shop, and apply ", "in.yaml:1 again; if it is gone, kubectl create")
                self.assertNotIn("was not deleted", run.err)
                self.assertIn("busybox:1", self.kept(run))
                self.assertEqual(self.versions(), ["1", "2", "2"], run)
                self.rules()
                self.demand(self.replace(1, "--replace"), 0)

    def test_a_deletion_that_was_refused(self):
        self.rules({"method": "DELETE", "path": "*/j1", "status": 403, "message": "no"})
        run = self.replace(2, "-q", "--replace")
        self.demand(run, 69, "Job/j1 in namespace shop was not deleted: no")
        self.assertNotIn("kubectl create", run.err)
        self.assertEqual(self.versions(), ["1", "2", "2"])

    def test_nobody_can_say_what_became_of_it(self):
        self.rules({"method": "DELETE", "path": "*/j1", **self.AFTER},
                   {"method": "GET", "path": "*/j1", "nth": list(range(2, 500)), **self.BEFORE})
        run = self.replace(2, "--replace", "--timeout", "1")
        self.demand(run, 69, "Job/j1 may have been deleted: no answer came\n", "in.yaml:1, perhaps deleted: there was no clear answer)")
        self.assertIn("busybox:1", self.kept(run))
        self.rules()
        self.assertEqual(self.versions(), [None, "2", "2"], run)

    def test_a_creation_without_an_answer_is_tried_again(self):
        for when in ("before", "after"):
            with self.subTest(when):
                self.rules({"method": "PATCH", "path": "*/j2", "nth": [2], "reset": when})
                self.demand(self.replace(2, "--replace"), 0)
                self.assertEqual(self.versions(), ["2"] * 3)
                self.rules()
                self.demand(self.replace(1, "--replace"), 0)

    def test_a_creation_that_has_no_answer_at_all(self):
        for fault in ({"reset": "after"}, {"status": 504, "message": "request timed out"}):
            with self.subTest(fault):
                self.rules({"method": "PATCH", "path": "*/j2", "nth": list(range(2, 50)), **fault})
                run = self.replace(2, "-q", "--replace")
                self.demand(run, 69, "Job/j2 may not be there again", "if it is gone, kubectl create -f")
                self.assertNotIn("is not there again", run.err)
                self.assertNotIn("could not be created", run.err)
                self.assertIn("busybox:1", self.kept(run))
                self.rules()
                self.demand(self.replace(1, "--replace"), 0)

    def test_a_look_without_an_answer_shows_nothing(self):
        """What is not seen to be gone is waited for, and not taken for gone."""
        self.ask_server("PATCH", "/apis/batch/v1/namespaces/shop/jobs/j3", {"metadata": {"finalizers": ["example.com/wait"]}},
                        "application/merge-patch+json")
        self.requests()
        self.rules({"method": "GET", "path": "*/j3", "nth": [2, 3, 4, 5], "reset": "before"})
        run = self.replace(2, "-q", "--replace", "--timeout", "2")
        self.demand(run, 69, "Job/j3 has been marked for deletion since 20", "it was not created again")
        self.assertEqual(len([entry for entry in self.requests(method="PATCH") if entry["path"].endswith("/j3")]), 1)
        self.assertIn("busybox:1", self.kept(run))

    def test_what_was_gone_before_was_not_deleted(self):
        for when in ("GET", "DELETE"):
            with self.subTest(when):
                self.rules({"method": when, "path": "*/j1", "nth": [1], "status": 404, "message": 'jobs "j1" not found',
                            "reason": "NotFound"},
                           {"method": "PATCH", "path": "*/j1", "nth": [2], "status": 403, "message": "no"})
                run = self.replace(2, "--replace")
                self.demand(run, 69, "Job/j1 in namespace shop is gone and could not be created again: no",
                            "Job/j1 is gone, and is not there again", "in.yaml:1, gone and not created again)")
                self.assertNotIn("was deleted", run.err)
                self.rules()
                self.demand(self.replace(1, "--replace"), 0)


class KeptTests(Case):
    """The file a report names is there, however long its name, and the command with it can be pasted."""

    def test_long_names_and_odd_folders(self):
        namespace, name = "n" * 63, ".".join(["p" * 50] * 4)
        head = f"apiVersion: v1\nkind: Namespace\nmetadata:\n  name: {namespace}\n---\n"
        pod = POD.replace("name: one", f"name: {name}").replace("namespace: shop", f"namespace: {namespace}")
        folder = self.folder / "it's a folder"
        folder.mkdir()
        self.demand(self.inject("apply", "-f", self.write("in.yaml", head + pod.format(account="default", version=1, command="a"))), 0)
        self.rules({"method": "PATCH", "path": "*/pods/*", "nth": [2], "status": 403, "message": "no"})
        path = self.write("in.yaml", pod.format(account="default", version=1, command="b"))
        run = self.inject("apply", "--replace", "-f", path, env={"TMPDIR": str(folder)})
        self.demand(run, 69, "was deleted, and is not there again")
        command = re.search(r"kubectl create -f .*(?= brings it back)", run.err)[0]
        words = shlex.split(command)
        self.assertEqual(len(words), 4, command)
        self.assertIn("- a", Path(words[3]).read_text())


class BeingDeletedTests(Case):
    def test_what_is_applied_to_what_is_going_is_told(self):
        text = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: c\n  namespace: shop\n  finalizers: [a.example.com/b]\n"
        path = self.write("c.yaml", text)
        self.demand(self.inject("apply", "-f", path), 0)
        self.ask_server("DELETE", "/api/v1/namespaces/shop/configmaps/c")
        changed = self.write("c.yaml", text + "data:\n  a: b\n")
        for words in (("apply", "--dry-run=server"), ("diff",), ("apply",)):
            with self.subTest(words):
                run = self.inject(*words, "-q", "-f", changed)
                self.demand(run, 69, "ConfigMap/c has been marked for deletion since 20", "waits for its finalizer a.example.com/b",
                            "what is applied to it is lost with it")
