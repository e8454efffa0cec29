"""The cluster of a KUBECONFIG, by way of `kubectl proxy`: whatever logs in to it, and requests that cost no process."""

import http.client
import json
import re
import socket
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

# Where objects of each kind are.
PLACES = {
    "Pod": ("api/v1", "pods"),
    "PodTemplate": ("api/v1", "podtemplates"),
    "ReplicationController": ("api/v1", "replicationcontrollers"),
    "Deployment": ("apis/apps/v1", "deployments"),
    "StatefulSet": ("apis/apps/v1", "statefulsets"),
    "DaemonSet": ("apis/apps/v1", "daemonsets"),
    "ReplicaSet": ("apis/apps/v1", "replicasets"),
    "Job": ("apis/batch/v1", "jobs"),
    "CronJob": ("apis/batch/v1", "cronjobs"),
}
POLICIES = {
    "ValidatingAdmissionPolicy": "validatingadmissionpolicies",
    "ValidatingAdmissionPolicyBinding": "validatingadmissionpolicybindings",
    "MutatingAdmissionPolicy": "mutatingadmissionpolicies",
    "MutatingAdmissionPolicyBinding": "mutatingadmissionpolicybindings",
}


@dataclass
class Answer:
    status: int
    body: dict
    warnings: list

    @property
    def is_good(self):
        return self.status < 300

    @property
    def message(self):
        return "" if self.is_good else self.body.get("message", "")


class Failed(Exception):
    """Something that ends the run, with a sentence for whoever started it."""


class Connection(http.client.HTTPConnection):
    """HTTP over a socket in a folder that nobody else can enter, as the proxy lends the login to whoever reaches it."""

    def __init__(self, path):
        super().__init__("localhost", timeout=60)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.path)


class Cluster:
    def __enter__(self):
        self.folder = tempfile.TemporaryDirectory()
        path = str(Path(self.folder.name) / "proxy")
        # A session of its own, so that Ctrl-C leaves it to us: what was made has to be removed through it.
        self.proxy = subprocess.Popen(["kubectl", "proxy", f"--unix-socket={path}"], stdout=subprocess.PIPE,
                                      start_new_session=True)
        if not self.proxy.stdout.readline():
            self.__exit__()
            raise Failed("kubectl proxy does not start; is KUBECONFIG set?")
        self.connection = Connection(path)
        return self

    def __exit__(self, *_):
        self.proxy.terminate()
        self.proxy.wait()
        self.proxy.stdout.close()
        self.folder.cleanup()

    def ask(self, method, path, body=None):
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        try:
            self.connection.request(method, f"/{path}", None if body is None else json.dumps(body), headers)
            answer = self.connection.getresponse()
            text = answer.read()
        except BaseException:
            # A request that was cut short leaves an answer behind that belongs to no other.
            self.connection.close()
            raise
        try:
            body = json.loads(text)
        except ValueError:
            body = {"message": text.decode("utf-8", "replace").strip()}
        return Answer(answer.status, body, answer.headers.get_all("Warning") or [])

    def demand(self, method, path, body=None):
        answer = self.ask(method, path, body)
        if not answer.is_good:
            raise Failed(f"{method} {path}: {answer.message}")
        return answer.body

    def demand_version(self, minor):
        """The server's version, which has to be 1.MINOR at least."""
        told = self.demand("GET", "version")
        if (int(told["major"]), int(re.match(r"\d+", told["minor"])[0])) < (1, minor):
            raise Failed(f"this needs Kubernetes 1.{minor}, and the cluster of KUBECONFIG has {told['gitVersion']}")
        return told["gitVersion"]

    def wait(self, what, condition, seconds=60):
        """Waits until the condition has held several times: what is new takes a moment to be in force everywhere."""
        end, times = time.monotonic() + seconds, 0
        while times < 3:
            times = times + 1 if condition() else 0
            if time.monotonic() > end:
                raise Failed(f"after {seconds} seconds {what}")
            time.sleep(0.1)
