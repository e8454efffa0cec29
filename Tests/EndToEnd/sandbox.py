"""One container as a process: its own root, process ids and user, and the pod's volumes at their mount paths."""

import json
import os
import shutil
import signal
import subprocess
import threading

from expansion import expand
from images import image

BWRAP = shutil.which("bwrap")


class Sandbox:
    """Starts a container of a pod, and programs inside it."""

    def __init__(self, pod, spec):
        self.pod = pod
        self.spec = spec
        self.name = spec["name"]
        self.log_path = pod.folder / f"{self.name}.log"
        self.process = None
        self.pid = None

    def arguments(self):
        """What bubblewrap needs to build the container's view of the world."""
        context = {**self.pod.spec.get("securityContext", {}), **self.spec.get("securityContext", {})}
        if context.get("runAsNonRoot") and context.get("runAsUser", 1) == 0:
            raise ValueError(f"container {self.name} must not run as root")
        base = image(self.spec["image"])
        words = [BWRAP, "--unshare-user", "--unshare-pid", "--unshare-ipc", "--unshare-uts", "--die-with-parent"]
        words += ["--uid", str(context.get("runAsUser", 0)), "--gid", str(context.get("runAsGroup", 0))]
        words += ["--cap-drop", "ALL", *base.arguments, "--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp"]
        for mount in sorted(self.spec.get("volumeMounts", []), key=lambda mount: mount["mountPath"]):
            source = self.pod.volume(mount["name"]) / mount.get("subPath", "")
            option = "--ro-bind" if mount.get("readOnly") else "--bind"
            words += [option, str(source), mount["mountPath"]]
        if context.get("readOnlyRootFilesystem"):
            words += ["--remount-ro", "/tmp", "--remount-ro", "/"]
        if "workingDir" in self.spec:
            words += ["--chdir", self.spec["workingDir"]]
        else:
            words += ["--chdir", "/"]
        return words

    def environment(self):
        """The image's, the cluster's and the container's own variables, in this order."""
        base = image(self.spec["image"])
        variables = {"PATH": base.path, "HOSTNAME": self.pod.name, **({"HOME": base.home} if base.home else {})}
        variables.update(self.pod.cluster.service_variables())
        for entry in self.spec.get("env", []):
            variables[entry["name"]] = self.value(entry, variables)
        return variables

    def value(self, entry, variables):
        if "valueFrom" not in entry:
            return expand(entry.get("value") or "", variables)
        source = entry["valueFrom"]
        if "fieldRef" in source:
            return self.pod.field(source["fieldRef"]["fieldPath"])
        kind, reference = next(iter(source.items()))
        return self.pod.cluster.data(kind.removesuffix("KeyRef"), reference["name"])[reference["key"]]

    def start(self):
        variables = self.environment()
        words = [*self.spec["command"], *self.spec.get("args", [])]
        command = [expand(word, variables) for word in words]
        reader, writer = os.pipe()
        log = open(self.log_path, "ab")
        self.process = subprocess.Popen(
            [*self.arguments(), "--as-pid-1", "--info-fd", str(writer), "--", *command],
            env=variables, stdin=subprocess.DEVNULL, stdout=log, stderr=log, pass_fds=[writer])
        log.close()
        os.close(writer)
        with os.fdopen(reader) as info:
            text = info.read()
        self.pid = json.loads(text)["child-pid"] if text else None

    def run_hook(self, command):
        """Runs a program that ends with the pod at the latest; gives its exit code."""
        process = subprocess.Popen(
            [*self.arguments(), "--", *command], env=self.environment(), stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while process.poll() is None:
            if self.pod.deleted.wait(0.05):
                process.kill()
        return process.wait()

    def run(self, command, timeout=None):
        """Runs a program in a second process that sees the same volumes; gives its exit code."""
        words = [*self.arguments(), "--", *command]
        try:
            return subprocess.run(
                words, env=self.environment(), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL, timeout=timeout).returncode
        except subprocess.TimeoutExpired:
            return 124

    def exit_code(self):
        """None while it runs."""
        return None if self.process is None else self.process.poll()

    def signal(self, number):
        if self.exit_code() is None and self.pid:
            try:
                os.kill(self.pid, number)
            except ProcessLookupError:
                pass

    def stop(self, grace):
        """What the kubelet does: the preStop hook, SIGTERM, and SIGKILL when the grace period is over."""
        hook = self.spec.get("lifecycle", {}).get("preStop", {}).get("exec")
        if hook and self.exit_code() is None:
            self.run(hook["command"], timeout=grace)
        self.signal(signal.SIGTERM)
        killer = threading.Timer(grace, lambda: self.signal(signal.SIGKILL))
        killer.start()
        self.process.wait()
        killer.cancel()

    @property
    def log(self):
        return self.log_path.read_text(errors="replace") if self.log_path.exists() else ""
