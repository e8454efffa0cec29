"""Applying to the tests' own API server, beside kubectl: the same server, the same objects, in turns."""

import json
import os
import re
import subprocess
import urllib.request

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
PYTHON = os.path.join(ROOT, ".build", "end-to-end", "venv", "bin", "python")
# What writing takes a real server beyond its own computing: etcd writes to a disk and waits for it.
WRITE_LATENCY = 10


def missing():
    """Why the server cannot be had here; None where it can."""
    if not os.path.exists(PYTHON):
        return "the server's Python packages are not installed: run Tests/run.sh once"
    return None


class Cluster:
    """The server in a process of its own, empty before each run."""

    def __init__(self, folder):
        self.folder = folder
        self.process = subprocess.Popen(
            [PYTHON, os.path.join(ROOT, "Tests", "APIServer", "server.py"), "--folder", folder],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.process.stdout.readline()
        with open(os.path.join(folder, "ports.json"), encoding="utf-8") as file:
            self.address = json.load(file)["plain"]
        self.kubeconfig = os.path.join(folder, "token.kubeconfig")

    def stop(self):
        self.process.stdin.close()
        self.process.wait()

    def ask(self, path, body=None, **headers):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.address + path, data=data, headers=headers)
        with urllib.request.urlopen(request) as answer:
            return json.loads(answer.read())

    def set_latency(self, milliseconds):
        path = os.path.join(self.folder, "settings")
        with open(path + ".partial", "w", encoding="utf-8") as file:
            json.dump({"discovery": "v2", "writeLatency": milliseconds}, file)
        os.replace(path + ".partial", path + ".json")

    def empty(self, namespaces):
        self.ask("/_test/reset", {})
        for name in namespaces:
            self.ask("/api/v1/namespaces", {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}},
                     authorization="Bearer admin-token")

    def count(self):
        """How many Deployments there are, and how many of them have an agent."""
        items = self.ask("/apis/apps/v1/deployments", authorization="Bearer admin-token")["items"]
        agents = sum(any(each["name"] == "tvsi-vault-agent" for each in item["spec"]["template"]["spec"]["containers"])
                     for item in items)
        return len(items), agents


def namespaces_of(path):
    with open(path, encoding="utf-8") as file:
        return sorted(set(re.findall(r"^  namespace: (\S+)$", file.read(), re.M)))
