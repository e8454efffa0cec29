"""What every test starts from: one API server for all, emptied before each, and a folder of its own."""

import atexit
import functools
import json
import re
import shutil
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

import yaml
from harness import case
from harness.api_server import APIServer
from harness.case import needs
from harness.places import PROGRAM
from harness.processes import Run, take_default_signals

needs_kubectl = needs("kubectl")


@functools.cache
def world():
    folder = Path(tempfile.mkdtemp(prefix="cluster-"))
    server = APIServer(folder / "server")
    defaults = json.loads((server.folder / "access.json").read_text())
    atexit.register(shutil.rmtree, folder, True)
    atexit.register(server.stop)
    return folder, server, defaults


class Case(case.Case):
    def setUp(self):
        super().setUp()
        _, self.server, self.access = world()
        self.home = self.folder / "home"
        self.home.mkdir()
        self.environment |= {"HOME": str(self.home), "TMPDIR": str(self.folder)}
        self.restart(self.server)

    def restart(self, server):
        server.write("settings", {"discovery": "v2"})
        server.write("access", self.access)
        (server.folder / "exec" / "calls.jsonl").unlink(missing_ok=True)
        server.start_over()

    # MARK: Running

    def kubeconfig(self, name):
        return self.server.kubeconfig(name)

    def variables(self, kubeconfig):
        return {"KUBECONFIG": self.kubeconfig(kubeconfig)} if kubeconfig else {}

    def run_program(self, *words, kubeconfig="token", env=None, timeout=60, **options):
        """Runs a program with the kubeconfig of this name; without any where it has none."""
        return super().run_program(
            *words, env={**self.variables(kubeconfig), **(env or {})}, timeout=timeout, **options)

    def kubectl(self, *words, **options):
        return self.run_program("kubectl", *words, **options)

    def start(self, *words, kubeconfig="token"):
        """Starts the command under test and returns while it runs."""
        # Into files: nobody reads while it runs.
        with open(self.folder / "started.out", "wb") as out, open(self.folder / "started.err", "wb") as err:
            process = subprocess.Popen([PROGRAM, *map(str, words)], stdin=subprocess.DEVNULL, stdout=out, stderr=err,
                                       cwd=self.folder, env=self.environment | self.variables(kubeconfig),
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

    def deployments(self, count, name="many.yaml", image="nginx:1.27"):
        return self.write(name, "".join(f"---\n{deployment(f'web-{number}', image=image)}" for number in range(count)))

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
