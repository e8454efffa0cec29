"""What every test starts from: one server and one cluster for all, and a folder for each."""

import atexit
import functools
import itertools
import shutil
import tempfile
import time
from pathlib import Path

import injection
import manifests
from harness import case
from harness.places import EXAMPLES
from kube_server import Cluster
from pod import Pod
from vault_server import VaultServer

SECRETS = "secrets"
AGENT = "tvsi-vault-agent"
INIT = "tvsi-vault-agent-init"
BABYSITTER = "tvsi-job-babysitter"
# The names the command gives the settings that tests turn.
RENDER_INTERVAL = "templates.renderInterval"
BABYSITTER_INTERVAL = "babysitter.intervalSeconds"
HELPER_IMAGE = "environmentHelper.image"
STATIC_RENDER_INTERVAL = "hashicorp.staticSecretRenderInterval"

numbers = itertools.count(1)


@functools.cache
def world():
    """The cluster and the server of this run."""
    folder = Path(tempfile.mkdtemp(prefix="end-to-end-"))
    folder.chmod(0o755)
    cluster = Cluster(folder / "cluster")
    vault = VaultServer(folder / "vault", cluster)
    atexit.register(shutil.rmtree, folder, True)
    atexit.register(vault.stop)
    return cluster, vault


class Case(case.Case):
    """A test with pods; in the end they are deleted, and no token of theirs may live on."""

    # The volume the secrets are on, and how a workload of the test's own asks for them.
    secrets = SECRETS
    dialect = manifests.TALEND
    # False where agents leave their tokens to expire, as the injector they are made like has it.
    revokes_tokens = True

    def setUp(self):
        super().setUp()
        self.cluster, self.vault = world()
        self.folder.chmod(0o755)
        self.pods = []
        self.namespaces = [None]
        self.addCleanup(self.delete_pods)

    def delete_pods(self):
        for pod in self.pods:
            pod.delete()

    def tearDown(self):
        self.delete_pods()
        left = [self.vault.revoke_all(namespace) for namespace in self.namespaces]
        if self.revokes_tokens and any(left):
            self.fail(f"tokens that nobody revoked: {left}\n" + "\n".join(pod.logs() for pod in self.pods))

    # Pods

    def injected_pods(self, path, *arguments, address=None):
        """The pods of a file: (metadata, specification) of each workload."""
        options = ["--vault-addr", address or self.vault.address, "--set", f"{RENDER_INTERVAL}=1s",
                   "--set", f"{BABYSITTER_INTERVAL}=1", "--set", f"{STATIC_RENDER_INTERVAL}=1s"]
        manifests = injection.inject(path, *options, *arguments)
        return [injection.pod_template(item) for item in injection.workloads(manifests)]

    def start(self, metadata, spec, name=None):
        name = name or f"pod-{next(numbers)}"
        folder = self.folder / name
        folder.mkdir()
        folder.chmod(0o755)
        pod = Pod(self.cluster, folder, name, "default", metadata, spec)
        self.cluster.pods[("default", name)] = pod
        self.pods.append(pod)
        pod.start()
        return pod

    def run_file(self, path, *arguments, address=None):
        """Injects a file with one workload and starts its pod."""
        (metadata, spec), = self.injected_pods(path, *arguments, address=address)
        return self.start(metadata, spec)

    def run_workload(self, annotations, *arguments, address=None, **options):
        """Runs a small workload of the test's own making (see manifests.workload)."""
        path = manifests.workload(self.folder, annotations, dialect=self.dialect, **options)
        return self.run_file(path, *arguments, address=address)

    def run_example(self, name, *arguments, address=None):
        return self.run_file(EXAMPLES / f"{name}.yaml", *arguments, address=address)

    # Waiting

    def wait(self, pod, condition, what, seconds=20):
        """Waits until the condition holds, and fails with the pod's logs when it does not."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            value = condition()
            if value:
                return value
            if pod.problem:
                break
            time.sleep(0.05)
        self.fail(f"waited in vain for {what}\n{pod.logs()}\n{self.listing(pod)}")

    def wait_for_log(self, pod, container, text, seconds=20):
        self.wait(pod, lambda: text in pod.log(container), f"{text!r} in the log of {container}", seconds)

    def wait_for_file(self, pod, name, text=None, seconds=20):
        path = pod.volume(self.secrets) / name

        def is_there():
            return path.exists() and (text is None or path.read_text() == text)

        self.wait(pod, is_there, f"file {name} to hold {text!r}", seconds)
        return path.read_text()

    def wait_for_end(self, pod, seconds=30):
        self.wait(pod, lambda: pod.phase in ("Succeeded", "Failed"), "the pod's end", seconds)

    def listing(self, pod):
        parts = []
        for path in sorted((pod.folder / "volumes").rglob("*")):
            if path.is_file():
                parts.append(f"--- {path.relative_to(pod.folder)}")
        return "\n".join(parts)
