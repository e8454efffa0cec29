"""The API server of these tests answers what kube-apiserver answered when its answers were recorded."""

import json
import re
import sys
import unittest
import urllib.request

from case import Case
from harness.places import FIXTURES, TESTS

sys.path.insert(0, str(TESTS / "APIServer"))
import defaults  # noqa: E402
import quantities  # noqa: E402

RECORDED = FIXTURES / "kube-apiserver"
VARYING = ("uid", "resourceVersion", "creationTimestamp", "deletionTimestamp", "time", "storageVersionHash")


def recording(name):
    found = json.loads((RECORDED / f"{name}.json").read_text())
    return found["request"], found["response"]


def scrubbed(value):
    """A value without what no two servers have in common."""
    if isinstance(value, dict):
        return {name: "*" if name in VARYING else scrubbed(each) for name, each in value.items()
                if name != "storageVersionHash"}
    if isinstance(value, list):
        return [scrubbed(each) for each in value]
    if isinstance(value, str):
        value = re.sub(r"\bmigrate-\w{5}\b", "migrate-*", value)
        value = re.sub(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "UID", value)
        return re.sub(r"kube-api-access-\w{5}\b", "kube-api-access-*", value)
    return value


class RecordingTests(Case):
    def ask(self, request, token):
        headers = {"accept": request["accept"], "authorization": f"Bearer {token}", "user-agent": "curl/8"}
        if "contentType" in request:
            headers["content-type"] = request["contentType"]
        asked = urllib.request.Request(self.server.addresses["plain"] + request["path"], method=request["method"],
                                       data=request.get("body", "").encode() or None, headers=headers)
        try:
            answer = urllib.request.urlopen(asked)
        except urllib.error.HTTPError as failure:
            answer = failure
        with answer:
            return answer.status, {name.lower(): value for name, value in answer.headers.items()}, \
                answer.read().decode()

    def replay(self, *names, token="admin-token"):
        for name in names:
            with self.subTest(name):
                request, response = recording(name)
                status, headers, body = self.ask(request, token)
                self.assertEqual(status, response["status"], body)
                for header, value in response["headers"].items():
                    self.assertEqual(headers.get(header), value)
                if headers["content-type"].startswith("application/json"):
                    body = json.loads(body)
                self.assertEqual(scrubbed(body), scrubbed(response["body"]))

    def test_apply(self):
        self.replay("apply-no-field-manager", "apply-dry-run-create", "apply-create", "apply-unchanged",
                    "apply-conflict", "apply-forced", "get-deployment", "list-page-1", "apply-with-warning",
                    "apply-job", "apply-job-immutable", "apply-pod-with-native-sidecar")

    def put(self, kind, name, api_version="v1", **more):
        """An object of somebody else's in the namespace of the later recordings."""
        item = {"apiVersion": api_version, "kind": kind, "metadata": {"name": name, **more.pop("metadata", {})}, **more}
        folder = {"Namespace": "namespaces", "ServiceAccount": "namespaces/rec2/serviceaccounts",
                  "ResourceQuota": "namespaces/rec2/resourcequotas", "Pod": "namespaces/rec2/pods"}[kind]
        status, _, body = self.ask({"method": "POST", "path": f"/api/v1/{folder}", "accept": "application/json",
                                    "contentType": "application/json", "body": json.dumps(item)}, "admin-token")
        self.assertEqual(status, 201, body)

    def test_own_updates(self):
        """What a patch sets belongs to its manager as an Update, which conflicts with what he applies."""
        self.put("Namespace", "rec2")
        self.replay("own-update-1-create")
        for name in ("own-update-2-json-patch", "own-update-4-get"):
            if name.endswith("get"):
                self.replay("own-update-3-apply-conflict")
            with self.subTest(name):
                request, response = recording(name)
                status, _, body = self.ask(request, "admin-token")
                self.assertEqual(status, 200, body)
                # Controllers, which write the rest, do not run here.
                for read in (lambda item: item["spec"], lambda item: [
                        scrubbed(each) for each in item["metadata"]["managedFields"]
                        if each["manager"] != "kube-controller-manager"]):
                    self.assertEqual(read(json.loads(body)), read(response["body"]))

    def test_finalizers(self):
        self.put("Namespace", "rec2")
        self.replay("finalizer-1-create", "finalizer-2-delete", "finalizer-3-apply-while-deleting")

    def test_types(self):
        self.put("Namespace", "rec2")
        self.replay("apply-type-error", "apply-type-error-configmap")

    def test_replacing(self):
        self.put("Namespace", "rec2")
        self.replay("apply-job-created", "apply-job-immutable-and-invalid", "create-dry-run-under-another-name")

    def test_admission(self):
        self.put("Namespace", "rec2", metadata={"finalizers": ["example.com/wait"]})
        self.replay("create-pod-without-service-account")
        self.put("ServiceAccount", "orders")
        pod = {"serviceAccountName": "orders", "containers": [{"name": "a", "image": "a:1"}]}
        for name in ("a", "b", "c"):
            self.put("Pod", name, spec=pod)
        self.put("ResourceQuota", "q", spec={"hard": {"pods": "0"}})
        self.replay("quota-exceeded")
        self.ask({"method": "DELETE", "path": "/api/v1/namespaces/rec2", "accept": "application/json"}, "admin-token")
        self.replay("namespace-terminating")

    def test_refusals(self):
        self.replay("apply-invalid-name", "apply-missing-namespace", "apply-unknown-field-strict",
                    "apply-unknown-field-warn", "get-missing", "discovery-unknown-group")

    def test_access(self):
        self.server.write("access", {**self.access, "rules": [], "anonymous": False})
        self.replay("forbidden", "forbidden-get", token="viewer-token")
        self.replay("unauthorized", token="not-a-token")

    def test_discovery(self):
        self.replay("version", "discovery-aggregated-api", "discovery-aggregated-apis", "discovery-legacy-apps-v1")

    def test_token_review(self):
        request, response = recording("token-review-rejected")
        status, _, body = self.ask(request, "admin-token")
        self.assertEqual((status, json.loads(body)["status"]), (201, response["body"]["status"]))


def pods(item):
    """The pods of an object, without what only a controller or admission says of them."""
    if item["kind"].endswith("List"):
        return [pod for each in item["items"] for pod in pods(each)]
    if item["kind"] == "Pod":
        spec = {name: value for name, value in item["spec"].items() if name != "tolerations"}
        return [scrubbed(spec)]
    spec = item["spec"]["jobTemplate"]["spec"] if item["kind"] == "CronJob" else item["spec"]
    return [spec["template"]["spec"]]


class StoredFormTests(unittest.TestCase):
    def test_pods_are_stored_as_they_were_when_the_examples_were_recorded(self):
        recordings = sorted((RECORDED / "stored").glob("*.json"))
        self.assertEqual(len(recordings), 38)
        for path in recordings:
            with self.subTest(path.name):
                found = json.loads(path.read_text())
                applied = found["applied"]
                for item in applied["items"] if applied["kind"] == "List" else [applied]:
                    defaults.set_defaults(item, item["apiVersion"].rpartition("/")[0])
                    if item["kind"] == "Pod":
                        defaults.admit_pod(item)
                self.assertEqual(strip(pods(applied)), strip(pods(found["stored"])))

    def test_amounts(self):
        for text, stored in (("0.5", "500m"), ("1000m", "1"), ("1024Mi", "1Gi"), ("1.5Gi", "1536Mi"), (1, "1"),
                             ("0", "0"), ("0.1", "100m"), ("1e3", "1e3"), ("1500", "1500"), ("1000", "1k"),
                             ("512Ki", "512Ki"), ("1000Ki", "1000Ki"), ("1Ki", "1Ki"), ("0.5Ki", "512"), ("x", "x")):
            with self.subTest(text):
                self.assertEqual(quantities.canonical(text), stored)


def strip(value):
    """Without the sources of the token's volume, of which there is one more on OpenShift."""
    if isinstance(value, dict):
        if str(value.get("name", "")).startswith("kube-api-access-") and "projected" in value:
            return {"name": value["name"]}
        return {name: strip(each) for name, each in value.items()}
    return [strip(each) for each in value] if isinstance(value, list) else value
