"""What may go wrong on the way, one fault after the other: never silently, never with credentials where they do
not belong, and with a true account of what was applied."""

import json
import re
import signal
import time

from case import Case, deployment
from harness.api_server import APIServer


class FaultTests(Case):
    def setUp(self):
        super().setUp()
        self.manifest = self.write("web.yaml", deployment())

    def apply(self, *words, **options):
        return self.inject("apply", "-f", self.manifest, *words, **options)

    def applied(self):
        return self.live("deployments", "web") is not None

    # MARK: Busy servers

    def test_retry_after(self):
        for status in (429, 503, 500):
            with self.subTest(status):
                self.rules({"method": "PATCH", "status": status, "retryAfter": 1, "times": 2})
                run = self.apply()
                self.demand(run, 0)
                self.assertGreaterEqual(run.seconds, 2)
                self.assertEqual([entry["status"] for entry in self.requests(method="PATCH")][:2], [status] * 2)

    def test_retry_after_ends_some_time(self):
        self.rules({"method": "PATCH", "status": 429, "retryAfter": 0})
        self.demand(self.apply(), 69, "web.yaml", "not applied")
        self.assertLessEqual(len(self.requests(method="PATCH")), 11)

    def test_errors_without_retry_after_are_not_repeated(self):
        for status, text in ((500, "etcd is away"), (503, "etcd is away"), (429, "too busy")):
            with self.subTest(status):
                self.rules({"method": "PATCH", "status": status, "message": "etcd is away"})
                self.demand(self.apply(), 69, text, "0 of 1 objects applied")
                self.assertEqual(len(self.requests(method="PATCH")), 1)

    def test_html_of_a_proxy(self):
        self.rules({"method": "PATCH", "status": 502, "body": "<html><h1>Bad Gateway</h1></html>",
                    "contentType": "text/html"})
        self.demand(self.apply(), 69, "502", "Bad Gateway")

    def test_answer_that_is_no_object(self):
        for body in ("", "{", "[]", "null", "hello"):
            with self.subTest(body):
                self.rules({"method": "PATCH", "status": 200, "body": body})
                run = self.apply()
                self.demand(run, 69, "not JSON, or cut short", "may have been")

    # MARK: Time

    def test_slow(self):
        self.rules({"method": "PATCH", "delay": 700})
        run = self.apply()
        self.demand(run, 0)
        self.assertGreaterEqual(run.seconds, 0.7)

    def test_time_limit(self):
        self.rules({"method": "PATCH", "hang": True})
        run = self.apply("--request-timeout", "1")
        self.demand(run, 69, "hint:", "may have been")
        self.assertLess(run.seconds, 10)
        self.assertIn("--request-timeout", run.err)

    def test_time_limit_for_bytes_that_drip(self):
        self.rules({"method": "PATCH", "drip": 200, "piece": 100})
        run = self.apply("--request-timeout", "1500ms")
        self.demand(run, 69)
        self.assertLess(run.seconds, 10)

    # MARK: Lost connections

    def test_reset_before_anything(self):
        self.rules({"method": "PATCH", "reset": "before"})
        run = self.apply()
        self.demand(run, 69, "0 of 1 objects applied", "may have been")
        self.assertEqual(len(self.requests(method="PATCH")), 1, "writing is not tried again")

    def test_reset_after_it_was_carried_out(self):
        self.rules({"method": "PATCH", "reset": "after"})
        run = self.apply()
        self.demand(run, 69, "may have been")
        self.assertTrue(self.applied())

    def test_reset_in_the_body(self):
        for only in (False, True):
            with self.subTest(streamOnly=only):
                self.rules({"method": "PATCH", "reset": 50, "streamOnly": only})
                self.demand(self.apply(), 69, "may have been")

    def test_reset_over_http1(self):
        for when in ("before", "after", 50):
            with self.subTest(when):
                self.rules({"method": "PATCH", "reset": when})
                self.demand(self.apply(kubeconfig="http1"), 69, "may have been")

    def test_truncated_json(self):
        self.rules({"method": "PATCH", "truncate": 100})
        self.demand(self.apply(), 69, "not JSON, or cut short", "may have been")
        self.assertTrue(self.applied())

    def test_reading_is_tried_again_once(self):
        self.demand(self.inject("apply", "-f", self.write("plain.yaml", deployment(injected=False))), 0)
        for fault in ({"reset": "before"}, {"reset": 20}, {"reset": 20, "streamOnly": True}, {"goaway": "refuse"}):
            with self.subTest(fault):
                self.rules({"method": "GET", **fault, "times": 1})
                run = self.inject("deployment/web", "-n", "shop", "-o", "name")
                self.demand(run, 0)
                self.assertEqual(run.out, "deployment.apps/web\n")

    def test_reading_is_not_tried_for_ever(self):
        self.rules({"method": "GET", "reset": "before"})
        run = self.inject("deployment/web", "-n", "shop", "-o", "name")
        self.demand(run, 69, "hint:")
        self.assertLessEqual(len(self.requests(method="GET")), 3)

    def test_orderly_end_of_the_connection(self):
        """A server that shuts down answers what it has seen, and the rest goes over another connection."""
        self.rules({"method": "PATCH", "goaway": "after", "nth": 20})
        run = self.inject("apply", "-f", self.deployments(60))
        self.demand(run, 0)
        self.assertEqual((len(run.out.splitlines()), self.count_live(60)), (60, 60))

    def test_end_of_the_connection_with_a_request_refused(self):
        """libcurl does not tell that the request was never seen; what is said has to be true all the same."""
        self.rules({"method": "PATCH", "goaway": "refuse", "nth": 20})
        run = self.inject("apply", "-f", self.deployments(60))
        self.assertEqual(len(run.out.splitlines()), self.count_live(60), run)
        self.assertEqual(run.code, 0 if self.count_live(60) == 60 else 69, run)

    def count_live(self, count):
        return sum(self.live("deployments", f"web-{number}") is not None for number in range(count))

    # MARK: Answers that are too large

    def test_100_megabytes(self):
        self.rules({"method": "PATCH", "size": 100_000_000})
        run = self.apply()
        self.assertEqual(run.code, 69, run)
        self.assertIn("error:", run.err)
        self.assertLess(len(run.out) + len(run.err), 10_000)

    def test_100_megabytes_of_a_list(self):
        self.rules({"method": "GET", "size": 100_000_000})
        run = self.inject("deployments", "-n", "shop", "-o", "name")
        self.assertEqual(run.code, 69, run)
        self.assertLess(len(run.out) + len(run.err), 10_000)

    # MARK: Refusals that do not end

    def test_a_limit_is_told_for_what_it_is(self):
        """An answer that is cut by a limit of this side is no refusal without a reason."""
        self.rules({"method": "PATCH", "status": 403, "size": 100_000_000})
        self.demand(self.apply(), 69, "is longer than is accepted")
        self.rules({"method": "PATCH", "status": 403, "message": "x" * 100_000, "drip": 500, "piece": 1000})
        self.demand(self.apply("--request-timeout", "1"), 69, "took too long to answer")

    def test_an_interrupt_is_told_for_what_it_is(self):
        self.rules({"method": "PATCH", "status": 403, "message": "x" * 100_000, "drip": 500, "piece": 1000})
        process = self.start("apply", "-f", self.manifest)
        end = time.monotonic() + 20
        while not self.requests(method="PATCH") and time.monotonic() < end:
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        self.assertIn("interrupted, and some of what was under way was not answered in time", self.finish(process).err)

    # MARK: Redirects

    def test_credentials_do_not_follow_a_redirect(self):
        for name in ("token", "basic", "certificate", "exec", "impersonating"):
            for status in (302, 307, 308):
                with self.subTest(name=name, status=status):
                    self.rules({"listener": "main", "redirect": "other", "status": status})
                    for words in (("apply", "-f", self.manifest), ("deployment/web", "-n", "shop")):
                        self.inject(*words, kubeconfig=name)
                    for entry in self.requests():
                        if entry["listener"] == "other":
                            headers = dict(map(tuple, entry["headers"]))
                            self.assertNotIn("authorization", headers)
                            self.assertNotIn("certificate", entry)
                            self.assertNotIn("impersonate-user", headers)

    def test_a_redirect_is_told(self):
        self.rules({"listener": "main", "redirect": "https://elsewhere.example.com/secret?token=hidden-in-url"})
        run = self.apply()
        self.demand(run, 69, "elsewhere.example.com", "hint:")
        self.assertNotIn("hidden-in-url", run.err)
        self.assertFalse(self.applied())

    def test_a_redirect_to_plain_http(self):
        self.rules({"listener": "main", "redirect": "plain"})
        self.assertEqual(self.apply().code, 69)
        self.assertEqual([entry for entry in self.requests() if entry["listener"] == "plain"], [])

    # MARK: What is in the answer

    def test_warnings_of_any_kind(self):
        texts = ['quoted "text"', "a comma, and more", "back\\slash", "unknown field \"spec.x\""]
        self.rules({"method": "PATCH", "warnings": texts})
        run = self.inject("apply", "-f", self.deployments(5))
        self.demand(run, 0, *texts)
        for text in texts:
            self.assertEqual(run.err.count(text), 1, run)

    def test_order_of_init_containers_that_was_not_kept(self):
        """Init containers run one after the other, and some servers keep them in another order than was asked for."""
        names = ["first", "second"]
        template = {"metadata": {"labels": {"app": "web"}}, "spec": {
            "initContainers": [{"name": name, "image": "busybox"} for name in names],
            "containers": [{"name": "web", "image": "nginx"}]}}
        manifest = {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web", "namespace": "shop"},
                    "spec": {"selector": {"matchLabels": {"app": "web"}}, "template": template}}
        path = self.write("ordered.json", json.dumps(manifest))
        for swapped in (False, True):
            with self.subTest(swapped=swapped):
                answer = json.loads(json.dumps(manifest))
                containers = answer["spec"]["template"]["spec"]["initContainers"]
                answer["spec"]["template"]["spec"]["initContainers"] = containers[::-1] if swapped else containers
                self.rules({"method": "PATCH", "status": 200, "body": answer})
                run = self.inject("apply", "-f", path)
                self.demand(run, 0)
                text = "the server keeps the init containers as second, first, and not as first, second"
                self.assertEqual(text in run.err, swapped, run)

    def test_warning_cannot_drive_the_terminal(self):
        self.rules({"method": "PATCH", "warnings": ["red \x1b[31m text"]})
        run = self.apply(kubeconfig="http1")  # HTTP/2 lets no such header pass
        self.demand(run, 0)
        self.assertNotIn("\x1b", run.err)

    def test_typed_patch_error_of_another_field(self):
        self.rules({"method": "PATCH", "typed": '.spec.template.spec.containers[name="web"].image'})
        self.demand(self.apply(), 69, "web.yaml:24:16: error:", "image")


class AccountTests(Case):
    """What was applied when it ended early is said, and is true."""

    def account(self, run):
        """How many the command says it applied."""
        found = re.search(r"(\d+) of (\d+) objects applied", run.err)
        self.assertIsNotNone(found, run)
        return int(found[1]), int(found[2])

    def live_names(self, count):
        return {f"web-{number}" for number in range(count) if self.live("deployments", f"web-{number}")}

    def said_not_applied(self, run):
        """The names under `not applied:`, and those of them that may have been."""
        names = re.findall(r"^  deployment\.apps/(\S+) in shop \((.*)\)$", run.err, re.M)
        return {name for name, _ in names}, {name for name, rest in names if "may have been" in rest}

    def demand_true(self, run, count):
        applied, total = self.account(run)
        self.assertEqual(total, count)
        there = self.live_names(count)
        missing, unsure = self.said_not_applied(run)
        said = {f"web-{number}" for number in range(count)} - missing
        self.assertEqual(len(said), applied)
        self.assertTrue(said <= there, f"said to be applied, and is not there: {said - there}\n{run}")
        self.assertTrue(there - said <= unsure, f"is there, and was said not to be: {there - said - unsure}\n{run}")
        printed = {line.split()[0].split("/")[1] for line in run.out.splitlines()}
        self.assertEqual(printed, said, run)

    def test_some_fail(self):
        self.rules({"method": "PATCH", "path": "*/web-*3", "status": 500, "message": "no"})
        run = self.inject("apply", "-f", self.deployments(40))
        self.assertEqual(run.code, 69, run)
        self.demand_true(run, 40)
        self.assertEqual(self.account(run)[0], 36)

    def test_interrupted(self):
        self.rules({"method": "PATCH", "delay": 400})
        path = self.deployments(600)
        process = self.start("apply", "-f", path)
        self.wait_for_writes(50)
        process.send_signal(signal.SIGINT)
        run = self.finish(process)
        self.rules()
        self.assertIn(run.code, (130, -signal.SIGINT), run)
        applied, _ = self.account(run)
        self.assertLess(applied, 600)
        self.demand_true(run, 600)

    def test_interrupted_twice_ends_at_once(self):
        self.rules({"method": "PATCH", "hang": True})
        process = self.start("apply", "-f", self.deployments(5))
        self.wait_for_writes(1)
        process.send_signal(signal.SIGINT)
        time.sleep(0.3)
        process.send_signal(signal.SIGINT)
        run = self.finish(process, timeout=10)
        self.assertIn(run.code, (130, -signal.SIGINT), run)

    def test_terminated(self):
        self.rules({"method": "PATCH", "delay": 400})
        process = self.start("apply", "-f", self.deployments(300))
        self.wait_for_writes(20)
        process.send_signal(signal.SIGTERM)
        run = self.finish(process)
        self.assertIn(run.code, (143, -signal.SIGTERM), run)

    def wait_for_writes(self, count):
        seen, end = 0, time.monotonic() + 20
        while seen < count and time.monotonic() < end:
            seen += len(self.requests(method="PATCH"))
            time.sleep(0.02)
        self.assertGreaterEqual(seen, count)

    def test_server_gone_in_the_middle(self):
        """The plug is pulled: the process of a server of its own ends while requests are under way."""
        server = APIServer(self.folder / "own")
        self.addCleanup(server.stop)
        server.write("rules", [{"method": "PATCH", "nth": 100, "exit": True}])
        run = self.inject("apply", "-f", self.deployments(300), kubeconfig=None,
                          env={"KUBECONFIG": str(server.folder / "token.kubeconfig")})
        self.assertEqual(run.code, 69, run)
        carried_out = {entry["path"].rsplit("/", 1)[1] for entry in server.read_log()
                       if entry["event"] == "request" and entry["status"] == 201}
        missing, unsure = self.said_not_applied(run)
        said = {f"web-{number}" for number in range(300)} - missing
        self.assertTrue(said <= carried_out, said - carried_out)
        self.assertTrue(carried_out - said <= unsure, f"{carried_out - said - unsure}\n{run.err[-3000:]}")
        self.assertEqual(len(said), self.account(run)[0])
        self.assertEqual(len(run.out.splitlines()), len(said))
