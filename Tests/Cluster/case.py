"""What every test starts from: one API server for all, emptied before each, and a folder of its own."""

import atexit
import functools
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.request
from dataclasses import dataclass
from pathlib import Path

import yaml
from processes import take_default_signals

ROOT = Path(__file__).resolve().parent.parent.parent
SERVER = ROOT / "Tests" / "APIServer" / "server.py"
COMMAND = os.environ["KUBECTL_VAULT_INJECT"]
KUBECTL = shutil.which("kubectl")

needs_kubectl = unittest.skipUnless(KUBECTL, "there is no kubectl on this machine")


@dataclass
class Run:
    """What a command printed, and its exit code."""
    code: int
    out: str
    err: str
    seconds: float
    peak: int = 0

    def __str__(self):
        return f"exit code {self.code}\n--- stdout\n{self.out}--- stderr\n{self.err}"


class Server:
    """The API server in a process of its own."""

    def __init__(self, folder):
        self.folder = folder
        self.process = subprocess.Popen([sys.executable, SERVER, "--folder", folder], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True)
        self.process.stdout.readline()
        self.addresses = json.loads((folder / "ports.json").read_text())
        self.read_until = 0

    def stop(self):
        self.process.kill()
        self.process.wait()
        self.process.stdin.close()
        self.process.stdout.close()

    def ask(self, path, body=None):
        """One of the requests that only tests make."""
        data = None if body is None else json.dumps(body).encode()
        with urllib.request.urlopen(self.addresses["plain"] + path, data=data) as answer:
            return json.loads(answer.read())

    def write(self, name, value):
        partial = self.folder / f"{name}.partial"
        partial.write_text(json.dumps(value))
        os.replace(partial, self.folder / f"{name}.json")

    def read_log(self):
        """What was logged since this was called last."""
        with open(self.folder / "requests.jsonl", "rb") as log:
            log.seek(self.read_until)
            # The last line may be half written.
            lines = log.read().rpartition(b"\n")[0].splitlines(keepends=True)
        self.read_until += sum(map(len, lines)) + (1 if lines else 0)
        return [json.loads(line) for line in lines]


@functools.cache
def world():
    folder = Path(tempfile.mkdtemp(prefix="cluster-"))
    server = Server(folder / "server")
    defaults = json.loads((server.folder / "access.json").read_text())
    atexit.register(shutil.rmtree, folder, True)
    atexit.register(server.stop)
    return folder, server, defaults


class Case(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        folder, self.server, self.access = world()
        self.folder = Path(tempfile.mkdtemp(dir=folder))
        self.home = self.folder / "home"
        self.home.mkdir()
        self.restart(self.server)

    def restart(self, server):
        server.write("rules", [])
        server.write("settings", {"discovery": "v2"})
        server.write("access", self.access)
        (server.folder / "exec" / "calls.jsonl").unlink(missing_ok=True)
        server.ask("/_test/reset", {})
        server.read_log()

    # MARK: Running

    def kubeconfig(self, name):
        return str(self.server.folder / f"{name}.kubeconfig")

    def environment(self, kubeconfig, more=None):
        found = {"PATH": os.environ["PATH"], "HOME": str(self.home), "TMPDIR": str(self.folder), "LANG": "C.UTF-8"}
        if kubeconfig:
            found["KUBECONFIG"] = self.kubeconfig(kubeconfig)
        return {**found, **(more or {})}

    def run_process(self, command, kubeconfig="token", text=None, env=None, timeout=60):
        began = time.monotonic()
        done = subprocess.run([str(word) for word in command], input=text if text is not None else "",
                              capture_output=True, text=True, timeout=timeout, cwd=self.folder,
                              env=self.environment(kubeconfig, env), check=False)
        return Run(done.returncode, done.stdout, done.stderr, time.monotonic() - began)

    def inject(self, *words, **options):
        """Runs the command under test."""
        return self.run_process([COMMAND, *words], **options)

    def kubectl(self, *words, **options):
        return self.run_process([KUBECTL, *words], **options)

    def start(self, *words, kubeconfig="token"):
        """Starts the command under test and returns while it runs."""
        # Into files: nobody reads while it runs.
        with open(self.folder / "started.out", "wb") as out, open(self.folder / "started.err", "wb") as err:
            process = subprocess.Popen([COMMAND, *map(str, words)], stdin=subprocess.DEVNULL, stdout=out, stderr=err,
                                       cwd=self.folder, env=self.environment(kubeconfig),
                                       preexec_fn=take_default_signals)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        return process

    def finish(self, process, timeout=30):
        began = time.monotonic()
        code = process.wait(timeout=timeout)
        return Run(code, (self.folder / "started.out").read_text(), (self.folder / "started.err").read_text(),
                   time.monotonic() - began)

    # MARK: Inputs

    def file(self, name, text):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    def deployments(self, count, name="many.yaml", image="nginx:1.27"):
        return self.file(name, "".join(f"---\n{deployment(f'web-{number}', image=image)}" for number in range(count)))

    def fill(self, count, template=None, namespaces=("shop",)):
        self.server.ask("/_test/fill", {"template": template or live_deployment(), "count": count,
                                        "namespaces": list(namespaces)})

    # MARK: What the server has seen and has

    def rules(self, *rules):
        self.server.write("rules", list(rules))

    def requests(self, **wanted):
        """The requests since the last call; with keywords, those whose entries are so."""
        return [entry for entry in self.server.read_log() if entry["event"] == "request"
                and not entry["path"].startswith("/_test/")
                and all(entry.get(name) == value for name, value in wanted.items())]

    def writes(self):
        return [entry for entry in self.requests() if entry["method"] != "GET"]

    def live(self, kind, name, namespace="shop", group="apis/apps/v1"):
        """An object as the server has it; None where there is none."""
        request = urllib.request.Request(
            f"{self.server.addresses['plain']}/{group}/namespaces/{namespace}/{kind}/{name}",
            headers={"authorization": "Bearer admin-token"})
        try:
            with urllib.request.urlopen(request) as answer:
                return json.loads(answer.read())
        except urllib.error.HTTPError as failure:
            if failure.code == 404:
                return None
            raise

    def containers(self, name, namespace="shop"):
        spec = self.live("deployments", name, namespace)["spec"]["template"]["spec"]
        return {each["name"]: each["image"] for each in spec["containers"]}

    def ask_server(self, method, path, body=None, content_type="application/json"):
        """Somebody else's request, which has to be taken."""
        request = urllib.request.Request(
            self.server.addresses["plain"] + path, method=method, data=None if body is None else json.dumps(body).encode(),
            headers={"authorization": "Bearer admin-token", "content-type": content_type, "user-agent": "somebody/1"})
        with urllib.request.urlopen(request) as answer:
            return json.loads(answer.read())

    # MARK: Demanding

    def demand(self, run, code, *texts):
        """The run ended so, and its standard error holds each of the texts."""
        self.assertEqual(run.code, code, run)
        for text in texts:
            self.assertIn(text, run.err, run)

    def demand_same_words(self, ours, theirs):
        """Both commands said the same on standard output, but for who applied."""
        self.assertEqual(sorted(ours.out.splitlines()), sorted(theirs.out.splitlines()), f"{ours}\n{theirs}")


def deployment(name="web", namespace="shop", image="nginx:1.27", injected=True, extra=""):
    """A small Deployment as people write them."""
    annotations = """
      annotations:
        sidecar.vault.talend.org/inject: "true"
        sidecar.vault.talend.org/role: web""" if injected else ""
    return f"""\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {name}
  namespace: {namespace}
  labels:
    app: {name}
spec:
  selector:
    matchLabels:
      app: {name}
  template:
    metadata:
      labels:
        app: {name}
        com.talend.application: shop
        com.talend.service: {name}{annotations}
    spec:
      containers:
      - name: web
        image: {image}
        ports:
        - containerPort: 8080
{extra}"""


def job(name="once", image="busybox:1"):
    return f"""\
apiVersion: batch/v1
kind: Job
metadata:
  name: {name}
  namespace: shop
spec:
  template:
    spec:
      restartPolicy: Never
      containers:
      - name: main
        image: {image}
"""


def live_deployment():
    """A template for /_test/fill."""
    item = yaml.safe_load(deployment("web-@N@"))
    item["metadata"].update(namespace="@NAMESPACE@", uid="00000000-0000-4000-8000-000000@N@", resourceVersion="@VERSION@", generation=1,
                            creationTimestamp="2026-01-01T00:00:00Z")
    item["metadata"]["labels"]["half"] = "yes"
    return item


def without_times(text):
    """A text without what differs from run to run."""
    return re.sub(r"\d{4}-\d\d-\d\d[T ][\d:.]+Z?( \+0000)?", "TIME", text)
