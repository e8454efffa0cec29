"""apply --wait: until workloads are ready, and what is said of those that are not."""

import json
import re
import signal
import threading
import time

import yaml

from case import Case, deployment, job
from harness import terminal
from harness.places import PROGRAM

AGENT = "tvsi-vault-agent"
READY = {"observedGeneration": 1, "replicas": 1, "updatedReplicas": 1, "readyReplicas": 1, "availableReplicas": 1}
POD = {"labels": {"app": "web"}}


def workload(kind, name="web", spec=None, version="apps/v1"):
    template = {"metadata": {"labels": {"app": name}}, "spec": {"containers": [{"name": "web", "image": "nginx"}]}}
    if version == "batch/v1":
        template["spec"]["restartPolicy"] = "Never"
    made = {"apiVersion": version, "kind": kind, "metadata": {"name": name, "namespace": "shop"},
            "spec": {"template": template, **(spec or {})}}
    if version == "apps/v1":
        made["spec"]["selector"] = {"matchLabels": {"app": name}}
    if kind == "StatefulSet":
        made["spec"]["serviceName"] = name
    return made


class WaitCase(Case):
    def wait(self, path, *words, timeout="20", **options):
        return self.inject("apply", "--wait", "--timeout", timeout, "-f", path, *words, **options)

    def status(self, plural, name, status, group="apis/apps/v1"):
        """What a controller tells of an object."""
        self.ask_server("PATCH", f"/{group}/namespaces/shop/{plural}/{name}/status", {"status": status},
                        "application/merge-patch+json")

    def soon(self, *work, seconds=0.7):
        """Does the work a while after the command has begun, one after the other."""
        def run():
            for each in work:
                time.sleep(seconds)
                each()
        thread = threading.Thread(target=run)
        thread.start()
        self.addCleanup(thread.join)
        return thread

    def pod(self, name="web-1", labels=None, **status):
        spec = {"containers": [{"name": "web", "image": "nginx"}, {"name": AGENT, "image": "vault"}],
                "initContainers": [{"name": "vault-agent-init", "image": "vault"}]}
        self.ask_server("POST", "/api/v1/namespaces/shop/pods", {
            "apiVersion": "v1", "kind": "Pod", "metadata": {"name": name, "namespace": "shop",
                                                            "labels": labels or {"app": "web"}}, "spec": spec})
        self.status("pods", name, {"phase": "Pending", **status}, group="api/v1")

    def wrote(self, text, pod="web-1", container=AGENT):
        self.server.ask("/_test/log", {"namespace": "shop", "pod": pod, "container": container, "text": text})

    def watches(self):
        return [entry for entry in self.requests() if entry["query"].get("watch")]


class ReadyTests(WaitCase):
    def test_ready_in_the_end(self):
        path = self.write("web.yaml", deployment())
        self.soon(lambda: self.status("deployments", "web", {**READY, "availableReplicas": 0}),
                  lambda: self.status("deployments", "web", READY))
        run = self.wait(path)
        self.demand(run, 0, "1 applied, 1 ready")
        self.assertEqual(run.out, "deployment.apps/web serverside-applied\n")
        self.assertLess(run.seconds, 5)

    def test_it_is_watched_and_not_asked_again_and_again(self):
        self.soon(lambda: self.status("deployments", "web", READY), seconds=2)
        self.demand(self.wait(self.write("web.yaml", deployment())), 0)
        found = self.requests(method="GET")
        self.assertLessEqual(len(found), 3)
        [query] = [entry["query"] for entry in found if entry["query"].get("watch")]
        self.assertEqual(query, {"watch": "true", "fieldSelector": "metadata.name=web", "timeoutSeconds": "30"})

    def test_where_watching_is_not_possible(self):
        forbidden = {"query": "watch=true", "status": 403}
        cases = {"ends at once": [], "forbidden": [forbidden], "expired": [{**forbidden, "status": 410}],
                 "fault": [{**forbidden, "status": 500}],
                 "event": [{"query": "watch=true", "status": 200, "body": '{"type":"ERROR","object":{"code":410}}\n'}],
                 "nonsense": [{"query": "watch=true", "status": 200, "body": "<html>\n"}],
                 "cut": [{"query": "watch=true", "reset": "before"}]}
        for name, rules in cases.items():
            with self.subTest(name):
                self.server.start_over()
                self.server.write("settings", {"watches": bool(rules)})
                self.rules(*rules)
                self.soon(lambda: self.status("deployments", "web", READY), seconds=1.5)
                run = self.wait(self.write("web.yaml", deployment()))
                self.demand(run, 0, "1 ready")
                asked = len(self.requests(method="GET"))
                self.assertLess(asked, 2 * (run.seconds + 2), "asked more often than once a second, and watched as often")
                self.assertLess(run.seconds, 8)

    def test_a_watch_is_begun_anew(self):
        self.rules({"query": "watch=true", "reset": "before", "times": 2})
        self.soon(lambda: self.status("deployments", "web", READY), seconds=6)
        self.demand(self.wait(self.write("web.yaml", deployment())), 0, "1 ready")

    def test_over_http1(self):
        self.soon(lambda: self.status("deployments", "web", READY), seconds=1)
        self.demand(self.wait(self.write("web.yaml", deployment()), kubeconfig="http1"), 0, "1 ready")

    def test_many(self):
        names = [f"web-{number}" for number in range(120)]
        path = self.deployments(120)

        def finish():
            for name in names:
                self.status("deployments", name, READY)
        self.soon(finish, seconds=2.5)
        self.demand(self.wait(path, timeout="60"), 0, "120 applied, 120 ready")

    def test_the_server_is_away_for_a_moment(self):
        self.rules({"method": "GET", "reset": "before", "times": 5})
        self.soon(lambda: self.status("deployments", "web", READY), seconds=1)
        self.demand(self.wait(self.write("web.yaml", deployment())), 0, "1 ready")

    def test_every_kind(self):
        """As `kubectl rollout status` decides: statuses, from nothing to ready."""
        rows = [
            (workload("StatefulSet"), "statefulsets", [
                {"observedGeneration": 1, "replicas": 1}, {"observedGeneration": 1, "readyReplicas": 1},
                {"observedGeneration": 1, "readyReplicas": 1, "updatedReplicas": 1}]),
            (workload("DaemonSet"), "daemonsets", [
                {"observedGeneration": 1, "desiredNumberScheduled": 2, "updatedNumberScheduled": 1},
                {"observedGeneration": 1, "desiredNumberScheduled": 2, "updatedNumberScheduled": 2},
                {"observedGeneration": 1, "desiredNumberScheduled": 2, "updatedNumberScheduled": 2,
                 "numberAvailable": 2}]),
            (workload("ReplicaSet"), "replicasets", [
                {"observedGeneration": 1, "replicas": 1},
                {"observedGeneration": 1, "replicas": 1, "availableReplicas": 1}])]
        for item, plural, statuses in rows:
            with self.subTest(item["kind"]):
                path = self.write("in.yaml", yaml.safe_dump(item))
                self.soon(*[lambda status=status: self.status(plural, "web", status) for status in statuses],
                          seconds=0.4)
                run = self.wait(path)
                self.demand(run, 0, "1 ready")
                self.assertGreater(run.seconds, 0.4 * len(statuses))

    def test_a_job(self):
        path = self.write("job.yaml", job())
        done = {"succeeded": 1, "conditions": [{"type": "Complete", "status": "True"}]}
        self.soon(lambda: self.status("jobs", "once", {"active": 1}, "apis/batch/v1"),
                  lambda: self.status("jobs", "once", done, "apis/batch/v1"))
        self.demand(self.wait(path), 0, "1 ready")

    def test_live_objects(self):
        self.demand(self.inject("apply", "-f", self.write("web.yaml", deployment())), 0)
        self.soon(lambda: self.status("deployments", "web", READY))
        run = self.inject("apply", "--wait", "--timeout", "10", "deployment/web", "-n", "shop")
        self.demand(run, 0, "0 applied, 1 ready")


class ProgressTests(WaitCase):
    def test_at_a_terminal(self):
        path = self.write("two.yaml", deployment() + "---\n" + deployment("second"))
        self.soon(lambda: self.status("deployments", "web", READY), lambda: self.status("deployments", "second", {
            **READY, "availableReplicas": 0}), lambda: self.status("deployments", "second", READY))
        text, _ = terminal.run([PROGRAM, "apply", "--wait", "-f", path], columns=120, cwd=self.folder, env={
            **self.environment, **self.variables("token"), "TERM": "xterm"})
        self.assertIn("1 of 2 ready; deployment.apps/second: its controller has not seen it yet", text)
        self.assertIn("1 of 2 ready; deployment.apps/second: 0 of 1 updated replicas are available", text)
        self.assertIn("2 ready", text.splitlines()[-1])


class NotReadyTests(WaitCase):
    def container(self, name=AGENT, ready=False, restarts=0, last=None, **state):
        return {"name": name, "image": "x", "imageID": "", "ready": ready, "restartCount": restarts, "state": state,
                "lastState": {"terminated": last} if last else {}}

    def test_the_agents_reason(self):
        """Its state, and its last words, whatever kind of container it is."""
        waiting = self.container(restarts=4, last={"exitCode": 2, "reason": "Error"},
                                 waiting={"reason": "CrashLoopBackOff", "message": "back-off 40s restarting"})
        init = self.container("vault-agent-init", running={"startedAt": "2026-01-01T00:00:00Z"})
        web = self.container("web", waiting={"reason": "PodInitializing"})
        rows = [
            ({"containerStatuses": [web, waiting]},
             "the agent tvsi-vault-agent waits (CrashLoopBackOff), after it exited with code 2, 4 restarts"),
            ({"initContainerStatuses": [init], "containerStatuses": [web]},
             "the agent vault-agent-init has not finished yet"),
            ({"containerStatuses": [self.container(terminated={"exitCode": 137, "reason": "OOMKilled"})]},
             "the agent tvsi-vault-agent exited with code 137 (OOMKilled)"),
            ({"containerStatuses": [self.container(terminated={"exitCode": 0, "signal": 9})]}, "its phase is Pending"),
            ({"containerStatuses": [self.container(running={}, restarts=1)]},
             "the agent tvsi-vault-agent runs, and is not ready, 1 restart"),
        ]
        path = self.write("web.yaml", deployment())
        for number, (status, words) in enumerate(rows):
            with self.subTest(words):
                self.server.start_over()
                self.pod(**status)
                self.wrote("first line\nError authenticating: permission denied\n\n")
                self.wrote("Error authenticating: permission denied\n", container="vault-agent-init")
                run = self.wait(path, timeout="1")
                self.demand(run, 69, "Deployment/web in namespace shop was not ready within 1 s", f"pod web-1: {words}")
                says = "its last words: Error authenticating: permission denied" in run.err
                self.assertEqual(says, "agent" in words, run)
                hint = "kubectl vault-inject preflight deployment.apps/web -n shop"
                self.assertIn(hint if "agent" in words else "kubectl describe pod/web-1 -n shop", run.err)

    def test_other_reasons(self):
        rows = [
            ({"containerStatuses": [self.container("web", waiting={
                "reason": "ErrImagePull", "message": "no such image"}), self.container(ready=True, running={})]},
             "the container web waits (ErrImagePull: no such image)"),
            ({"conditions": [{"type": "PodScheduled", "status": "False", "message": "0/3 nodes are available"}]},
             "it is not scheduled: 0/3 nodes are available"),
            ({"phase": "Failed", "reason": "Evicted", "message": "low on memory"}, "Evicted: low on memory"),
        ]
        for status, words in rows:
            with self.subTest(words):
                self.server.start_over()
                self.pod(**status)
                self.wrote("password=of-the-application", container="web")
                run = self.wait(self.write("web.yaml", deployment()), timeout="1")
                self.demand(run, 69, f"pod web-1: {words}", "kubectl describe pod/web-1 -n shop tells more")
                self.assertNotIn("of-the-application", run.err)

    def test_no_pods_at_all(self):
        failure = {"type": "ReplicaFailure", "status": "True", "message": "exceeded quota: compute"}
        self.soon(lambda: self.status("deployments", "web", {"observedGeneration": 1, "conditions": [failure]}),
                  seconds=0.3)
        run = self.wait(self.write("web.yaml", deployment()), timeout="2")
        self.demand(run, 69, "0 of 1 new replicas have been updated; its pods cannot be created: exceeded quota: compute")

    def test_the_newest_pod_that_is_not_well_is_told(self):
        self.pod("web-old", containerStatuses=[self.container(waiting={"reason": "Old"})])
        ready = {"type": "Ready", "status": "True"}
        time.sleep(1.1)
        self.pod("web-new", containerStatuses=[self.container(waiting={"reason": "New"})])
        time.sleep(1.1)
        self.pod("web-well", phase="Running", conditions=[ready])
        self.demand(self.wait(self.write("web.yaml", deployment()), timeout="1"), 69, "pod web-new:", "(New)")

    def test_failed_for_good(self):
        deadline = {"type": "Progressing", "status": "False", "reason": "ProgressDeadlineExceeded"}
        self.soon(lambda: self.status("deployments", "web", {"observedGeneration": 1, "conditions": [deadline]}))
        run = self.wait(self.write("web.yaml", deployment()), timeout="60")
        self.demand(run, 69, "is not ready, and will not be: it exceeded its progress deadline", "1 applied, 1 not ready")
        self.assertLess(run.seconds, 10)
        failed = {"type": "Failed", "status": "True", "reason": "BackoffLimitExceeded", "message": "too often"}
        self.soon(lambda: self.status("jobs", "once", {"conditions": [failed]}, "apis/batch/v1"))
        run = self.wait(self.write("job.yaml", job()), timeout="60")
        self.demand(run, 69, "Job/once in namespace shop is not ready, and will not be: BackoffLimitExceeded: too often")

    def test_deleted_meanwhile(self):
        self.soon(lambda: self.ask_server("DELETE", "/apis/apps/v1/namespaces/shop/deployments/web"))
        run = self.wait(self.write("web.yaml", deployment()), timeout="60")
        self.demand(run, 69, "will not be: it was deleted")

    def until_said(self, words, process):
        end = time.monotonic() + 20
        while time.monotonic() < end:
            text = (self.folder / "started.err").read_text()
            if words in text:
                self.assertIsNone(process.poll(), text)
                return
            time.sleep(0.05)
        self.fail((self.folder / "started.err").read_text())

    def test_what_fails_is_told_while_others_are_waited_for(self):
        deadline = {"type": "Progressing", "status": "False", "reason": "ProgressDeadlineExceeded"}
        for settings in ({"watches": True}, {"watches": False}):
            with self.subTest(settings):
                self.server.start_over()
                self.rules(*([] if settings["watches"] else [{"query": "watch=true", "status": 403}]))
                self.pod("good-1", {"app": "good"})
                self.pod(containerStatuses=[self.container(waiting={"reason": "CrashLoopBackOff"}, last={"exitCode": 1})])
                self.wrote("permission denied\n")
                paused = workload("Deployment", "off", {"replicas": 0})
                path = self.write("three.yaml", "---\n".join([
                    deployment(), deployment("good"), yaml.safe_dump(paused)]))
                process = self.start("apply", "--wait", "--timeout", "60", "-f", path)
                self.until_said("note: Deployment/off is not waited for: it has 0 replicas", process)
                self.status("deployments", "web", {"observedGeneration": 1, "conditions": [deadline]})
                self.until_said("its last words: permission denied", process)
                self.status("deployments", "good", READY)
                run = self.finish(process)
                self.demand(run, 69, "3 applied, 1 ready, 1 not ready, 1 not waited for")
                self.assertEqual(run.err.count("permission denied"), 1)
                self.assertEqual(run.err.count("is not waited for"), 1)

    def test_a_job_that_is_removed_once_it_has_ended(self):
        done = {"succeeded": 1, "conditions": [{"type": "Complete", "status": "True"}]}
        text = job() + "  ttlSecondsAfterFinished: 0\n"
        remove = lambda: self.ask_server("DELETE", "/apis/batch/v1/namespaces/shop/jobs/once")  # noqa: E731
        self.soon(lambda: (self.status("jobs", "once", done, "apis/batch/v1"), remove()))
        held = text.replace("metadata:\n", "metadata:\n  finalizers: [example.com/hold]\n", 1)
        self.demand(self.wait(self.write("held.yaml", held)), 0, "1 ready")
        self.server.start_over()
        self.soon(remove, seconds=1.2)
        self.demand(self.wait(self.write("job.yaml", text)), 69, "will not be: it was deleted")
        self.rules({"query": "watch=true", "status": 403})
        self.soon(remove, seconds=1.2)
        run = self.wait(self.write("job.yaml", text))
        self.demand(run, 69, "how Job/once in namespace shop ended cannot be told", "ttlSecondsAfterFinished: 60")

    def test_a_server_that_does_not_answer(self):
        """The time is kept, whoever does not answer: the object, its pods, or a server that puts everybody off."""
        put_off = {"method": "GET", "status": 429, "headers": {"retry-after": "1"}}
        self.pod(containerStatuses=[self.container(waiting={"reason": "CrashLoopBackOff"}, last={"exitCode": 1})])
        for rule, words in (({"path": "*/deployments/web", "method": "GET", "hang": True}, "took too long"),
                            ({"path": "*/pods", "hang": True}, "its controller has not seen it yet\n"),
                            ({"path": "*/log", "hang": True}, "the agent tvsi-vault-agent waits"),
                            ({"path": "*/deployments/web", **put_off}, "it cannot be read")):
            with self.subTest(words):
                self.rules(rule)
                run = self.wait(self.write("web.yaml", deployment()), timeout="2", kubeconfig="http1")
                self.demand(run, 69, "was not ready within 2 s", words)
                self.assertLess(run.seconds, 14)

    def test_what_may_not_be_read_itself(self):
        masters = self.access["rules"][:1]
        rule = {"who": ["deployers"], "verbs": ["create", "patch"], "resources": ["deployments"]}
        self.server.write("access", {**self.access, "rules": [*masters, rule]})
        run = self.wait(self.write("web.yaml", deployment()), kubeconfig="deployer")
        self.demand(run, 69, "whether Deployment/web in namespace shop is ready cannot be told: ",
                    "kubectl auth can-i get deployments.apps/web -n shop")

    def test_what_may_not_be_read(self):
        """Without the right to see pods, what is known is said; without the right to see logs, too."""
        masters = self.access["rules"][:1]
        self.pod(containerStatuses=[self.container(waiting={"reason": "CrashLoopBackOff"}, last={"exitCode": 1})])
        self.wrote("secret words")
        for resources, words, said in (
                (["deployments"], "1 s: its controller has not seen it yet\n", False),
                (["deployments", "pods"], "the agent tvsi-vault-agent waits", False),
                (["deployments", "pods", "pods/log"], "its last words: secret words", True)):
            with self.subTest(resources):
                rule = {"who": ["deployers"], "verbs": ["get", "list", "create", "patch"], "resources": resources}
                self.server.write("access", {**self.access, "rules": [*masters, rule]})
                run = self.wait(self.write("web.yaml", deployment()), timeout="1", kubeconfig="deployer")
                self.demand(run, 69, words)
                self.assertEqual("secret words" in run.err, said)

    def test_secrets_and_control_characters_in_a_log(self):
        token, jwt = "hvs.CAESIJlU02LQZq", "eyJhbGciOiJSUzI1NiIsImtpZCI6.eyJpc3MiOiJrdWJl.c2lnbmF0dXJl"
        self.pod(containerStatuses=[self.container(waiting={"reason": "CrashLoopBackOff"}, last={"exitCode": 1})])
        self.wrote(f"\x1b[31mlogin with {jwt} gave {token}{'x' * 20}, token=admin-token\x1b[0m\n")
        run = self.wait(self.write("web.yaml", deployment()), timeout="1")
        self.demand(run, 69, "login with <redacted> gave <redacted>")
        for word in (token, jwt, "admin-token", "\x1b"):
            self.assertNotIn(word, run.err)

    def test_report_for_machines(self):
        run = self.wait(self.write("web.yaml", deployment()), "--report", "json", timeout="1")
        found = json.loads(run.err)
        self.assertEqual(found["cluster"]["waited"], [{"object": "deployment.apps/web in shop", "outcome": "not ready"}])
        self.assertEqual([each["rule"] for entry in found["inputs"] for each in entry["findings"]
                          if each["severity"] == "error"], ["not-ready"])

    def test_not_waited_for_where_something_was_refused(self):
        run = self.wait(self.write("web.yaml", deployment() + "---\n" + deployment("Bad_Name")), timeout="60")
        self.demand(run, 69, "1 of 2 objects applied")
        self.assertLess(run.seconds, 10)


class NeverTests(WaitCase):
    def test_told_and_not_waited_for(self):
        suspended = {"suspend": True}
        template = {"jobTemplate": {"spec": workload("Job", version="batch/v1")["spec"]}, "schedule": "0 1 * * *"}
        rows = [
            (workload("Deployment", spec={"paused": True}), "it is paused"),
            (workload("Deployment", spec={"replicas": 0}), "it has 0 replicas"),
            (workload("StatefulSet", spec={"replicas": 0}), "it has 0 replicas"),
            (workload("ReplicaSet", spec={"replicas": 0}), "it has 0 replicas"),
            (workload("StatefulSet", spec={"updateStrategy": {"type": "OnDelete"}}), "(OnDelete)"),
            (workload("DaemonSet", spec={"updateStrategy": {"type": "OnDelete"}}), "(OnDelete)"),
            (workload("Job", spec=suspended, version="batch/v1"), "it is suspended"),
            (workload("CronJob", spec={"template": None, **template, **suspended}, version="batch/v1"),
             "it is suspended"),
            (workload("CronJob", spec={"template": None, **template}, version="batch/v1"),
             "it makes jobs when their time comes"),
        ]
        for item, words in rows:
            with self.subTest(f"{item['kind']}, {words}"):
                self.server.start_over()
                item["spec"] = {key: value for key, value in item["spec"].items() if value is not None}
                run = self.wait(self.write("in.yaml", yaml.safe_dump(item)), timeout="60")
                self.demand(run, 0, f"note: {item['kind']}/web is not waited for: ", words, "1 not waited for")
                self.assertLess(run.seconds, 5)

    def test_nothing_that_makes_pods(self):
        text = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n  namespace: shop\n"
        self.demand(self.wait(self.write("in.yaml", text)), 0, "there is nothing to wait for")


class InterruptedTests(WaitCase):
    def test_interrupted(self):
        for rules in ([], [{"query": "watch=true", "status": 403}], [{"query": "watch=true", "hang": True}]):
            with self.subTest(rules):
                self.server.start_over()
                self.rules(*rules)
                path = self.write("two.yaml", deployment() + "---\n" + deployment("ready"))
                process = self.start("apply", "--wait", "-f", path)
                self.until_asked("*/ready")
                self.status("deployments", "ready", READY)
                time.sleep(1.5)
                process.send_signal(signal.SIGINT)
                began = time.monotonic()
                run = self.finish(process)
                self.assertLess(time.monotonic() - began, 3)
                self.assertIn(run.code, (130, -signal.SIGINT), run)
                self.assertIn("2 of 2 objects applied:", run.err)
                self.assertRegex(run.err, r"not ready yet:\n  deployment.apps/web in shop \(its controller")
                self.assertIn("1 ready, 1 not ready" if len(rules) == 0 else "not ready", run.err)
                self.assertIn("interrupted", run.err)

    def until_asked(self, path):
        end = time.monotonic() + 20
        while time.monotonic() < end:
            if self.requests(method="GET"):
                return
            time.sleep(0.02)
        self.fail("nothing was asked")


    def test_live_objects_interrupted(self):
        self.demand(self.inject("apply", "-f", self.write("web.yaml", deployment())), 0)
        self.requests()
        process = self.start("apply", "--wait", "deployment/web", "-n", "shop")
        self.until_asked("*/web")
        time.sleep(1)
        process.send_signal(signal.SIGINT)
        run = self.finish(process)
        self.assertIn(run.code, (130, -signal.SIGINT), run)
        self.assertIn("not ready yet:\n  deployment.apps/web in shop", run.err)
        self.assertLess(run.seconds, 4)

    def test_interrupted_after_one_has_failed(self):
        deadline = {"type": "Progressing", "status": "False", "reason": "ProgressDeadlineExceeded"}
        path = self.write("two.yaml", deployment() + "---\n" + deployment("bad"))
        process = self.start("apply", "--wait", "-f", path)
        self.until_asked("*/bad")
        self.status("deployments", "bad", {"observedGeneration": 1, "conditions": [deadline]})
        time.sleep(1)
        process.send_signal(signal.SIGINT)
        run = self.finish(process)
        self.assertIn(run.code, (130, -signal.SIGINT), run)
        self.assertEqual(run.err.count("it exceeded its progress deadline"), 1, run)
        self.assertIn("0 ready, 2 not ready" if "0 ready" in run.err else "2 not ready", run.err)


class ConcurrencyTests(WaitCase):
    def most_at_once(self, delay):
        """How many requests were under way at once at most, as the log of a server that answers late shows it."""
        ends = [entry["at"] for entry in self.requests() if entry["method"] in ("PATCH", "POST")]
        return max(sum(1 for other in ends if each - delay / 1000 * 0.8 < other <= each) for each in ends)

    def test_of_each_command(self):
        path = self.deployments(12)
        for words in (("apply",), ("diff",), ("verify",)):
            for kubeconfig in ("token", "http1"):
                with self.subTest(f"{words}, {kubeconfig}"):
                    self.rules({"delay": 200})
                    self.requests()
                    run = self.inject(*words, "--concurrency", "3", "-f", path, kubeconfig=kubeconfig)
                    self.assertIn(run.code, (0, 1), run)
                    self.assertLessEqual(self.most_at_once(200), 3)
        self.inject("apply", "-f", path)
        self.assertGreater(self.most_at_once(200), 3)

    def test_of_watches(self):
        self.soon(lambda: [self.status("deployments", f"web-{number}", READY) for number in range(3)], seconds=2.5)
        self.demand(self.wait(self.deployments(3), "--concurrency", "2"), 0, "3 ready")
        self.assertEqual(self.watches(), [])
