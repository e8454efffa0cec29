"""A pod as processes, in the order and with the restarts of the kubelet."""

import shutil
import threading
import time

from sandbox import Sandbox

# Restarts back off from 10 s in a cluster; tests have no time for that.
BACK_OFF = 0.5
TICK = 0.05


class Pod:
    """Runs a pod's containers in a thread of its own until it ends or is deleted."""

    def __init__(self, cluster, folder, name, namespace, metadata, spec):
        self.cluster = cluster
        self.folder = folder
        self.name = name
        self.namespace = namespace
        self.metadata = metadata
        self.spec = spec
        self.phase = "Pending"
        self.restarts = {}
        self.codes = {}
        self.order = []
        self.containers = {}
        self.deleted = threading.Event()
        self.volumes = {}
        self.problem = None
        for volume in spec.get("volumes", []):
            self.volumes[volume["name"]] = self.make_volume(volume)
        self.thread = threading.Thread(target=self.guarded_life, daemon=True)

    # Volumes

    def volume(self, name):
        return self.volumes[name]

    def make_volume(self, volume):
        path = self.folder / "volumes" / volume["name"]
        path.mkdir(parents=True)
        path.chmod(0o777)
        if "projected" in volume:
            for source in volume["projected"]["sources"]:
                self.project(source, path)
        elif "configMap" in volume:
            self.write_items(path, self.cluster.data("configMap", volume["configMap"]["name"]), volume["configMap"])
        elif "secret" in volume:
            self.write_items(path, self.cluster.data("secret", volume["secret"]["secretName"]), volume["secret"])
        elif "emptyDir" not in volume:
            raise ValueError(f"volume {volume['name']} is of a kind these tests do not know")
        return path

    def project(self, source, path):
        if "serviceAccountToken" in source:
            request = source["serviceAccountToken"]
            token = self.cluster.issue_token(self, request.get("audience"))
            (path / request["path"]).write_text(token)
        elif "configMap" in source:
            self.write_items(path, self.cluster.data("configMap", source["configMap"]["name"]), source["configMap"])
        elif "downwardAPI" in source:
            for item in source["downwardAPI"]["items"]:
                (path / item["path"]).write_text(self.field(item["fieldRef"]["fieldPath"]))

    def write_items(self, path, data, volume):
        items = volume.get("items") or [{"key": key, "path": key} for key in data]
        for item in items:
            (path / item["path"]).write_text(data[item["key"]])

    def field(self, path):
        fields = {
            "metadata.name": self.name,
            "metadata.namespace": self.namespace,
            "spec.serviceAccountName": self.service_account,
            "spec.nodeName": "node-1",
            "status.podIP": "127.0.0.1",
            "status.hostIP": "127.0.0.1",
        }
        return fields[path]

    @property
    def service_account(self):
        return self.spec.get("serviceAccountName", "default")

    # Life

    def start(self):
        self.thread.start()

    def guarded_life(self):
        try:
            self.life()
        except Exception as problem:  # a test reads it; a thread's traceback would drown
            self.problem = problem
            self.phase = "Failed"

    def life(self):
        if not all(self.initialise(spec) for spec in self.spec.get("initContainers", [])):
            return self.end("Failed")
        self.phase = "Running"
        for spec in self.spec["containers"]:
            if self.deleted.is_set():
                break
            self.launch(spec)
        while not self.deleted.is_set() and not self.all_ended():
            self.tend()
            time.sleep(TICK)
        failed = self.deleted.is_set() or any(self.codes.get(spec["name"]) for spec in self.spec["containers"])
        self.end("Failed" if failed else "Succeeded")

    def initialise(self, spec):
        """Whether the next container may start."""
        if spec.get("restartPolicy") == "Always":
            self.launch(spec)
            return self.await_start(spec)
        while not self.deleted.is_set():
            self.launch(spec)
            self.await_exit(spec["name"])
            if self.codes.get(spec["name"]) == 0:
                return True
            if self.restart_policy == "Never":
                return False
            self.deleted.wait(BACK_OFF)
            self.count_restart(spec["name"])
        return False

    def launch(self, spec):
        sandbox = Sandbox(self, spec)
        self.containers[spec["name"]] = sandbox
        if spec["name"] not in self.order:
            self.order.append(spec["name"])
        self.codes.pop(spec["name"], None)
        sandbox.start()
        hook = spec.get("lifecycle", {}).get("postStart", {}).get("exec")
        if hook and sandbox.run_hook(hook["command"]) != 0:
            sandbox.stop(self.grace)

    def await_exit(self, name):
        while not self.deleted.is_set():
            code = self.containers[name].exit_code()
            if code is not None:
                self.codes[name] = code
                return
            self.tend(only_sidecars=True)
            time.sleep(TICK)

    def await_start(self, spec):
        probe = spec.get("startupProbe")
        if not probe:
            return True
        for _ in range(probe.get("failureThreshold", 3)):
            command = probe["exec"]["command"]
            if self.containers[spec["name"]].run(command, probe.get("timeoutSeconds", 1)) == 0:
                return True
            self.deleted.wait(min(0.2, probe.get("periodSeconds", 10)))
            if self.deleted.is_set():
                return False
            self.tend(only_sidecars=True)
        return False

    def tend(self, only_sidecars=False):
        """Notes who has ended, and starts those again that are to be."""
        for name in list(self.order):
            spec = self.specification(name)
            is_sidecar = spec.get("restartPolicy") == "Always"
            is_main = spec in self.spec["containers"]
            if name in self.codes or not (is_sidecar or is_main):
                continue
            code = self.containers[name].exit_code()
            if code is None or (only_sidecars and not is_sidecar):
                continue
            self.codes[name] = code
            if is_sidecar or self.restart_policy == "Always" or (self.restart_policy == "OnFailure" and code):
                self.count_restart(name)
                self.deleted.wait(BACK_OFF)
                if not self.deleted.is_set():
                    self.launch(spec)

    def all_ended(self):
        return all(spec["name"] in self.codes for spec in self.spec["containers"])

    def end(self, phase):
        """Stops what still runs: the main containers together, then the sidecars from the last to the first."""
        mains = [name for name in self.order if self.specification(name) in self.spec["containers"]]
        others = [name for name in reversed(self.order) if name not in mains]
        stops = [threading.Thread(target=self.stop, args=[name]) for name in mains]
        for thread in stops:
            thread.start()
        for thread in stops:
            thread.join()
        for name in others:
            self.stop(name)
        self.phase = phase

    def stop(self, name):
        sandbox = self.containers[name]
        if sandbox.exit_code() is None:
            sandbox.stop(self.grace)
        self.codes[name] = sandbox.exit_code()

    def delete(self):
        """What deleting the pod does; returns when every process has ended."""
        self.deleted.set()
        self.thread.join()
        shutil.rmtree(self.folder / "volumes", ignore_errors=True)

    # What is known of it

    @property
    def grace(self):
        return self.spec.get("terminationGracePeriodSeconds", 30)

    @property
    def restart_policy(self):
        return self.spec.get("restartPolicy", "Always")

    def specification(self, name):
        every = self.spec.get("initContainers", []) + self.spec["containers"]
        return next(spec for spec in every if spec["name"] == name)

    def count_restart(self, name):
        self.restarts[name] = self.restarts.get(name, 0) + 1

    def log(self, name):
        return self.containers[name].log if name in self.containers else ""

    def logs(self):
        """Everything every container wrote, for a failed test's message."""
        parts = [f"phase {self.phase}, exit codes {self.codes}, problem {self.problem}"]
        for name in self.order:
            parts.append(f"--- {name}\n{self.log(name)}")
        return "\n".join(parts)

    def manifest(self):
        """The pod as the API server shows it, with the statuses of its containers."""
        statuses = [self.status(spec["name"]) for spec in self.spec["containers"]]
        return {
            "kind": "Pod",
            "apiVersion": "v1",
            "metadata": {"name": self.name, "namespace": self.namespace, **self.metadata},
            "spec": self.spec,
            "status": {"phase": self.phase, "containerStatuses": statuses},
        }

    def status(self, name):
        if name in self.codes:
            code = self.codes[name]
            state = {"terminated": {"exitCode": code, "reason": "Error" if code else "Completed"}}
        elif name in self.containers:
            state = {"running": {"startedAt": "2026-01-01T00:00:00Z"}}
        else:
            state = {"waiting": {"reason": "PodInitializing"}}
        return {"name": name, "state": state, "lastState": {}, "restartCount": self.restarts.get(name, 0)}
