"""Where objects are sent: two namespaces of the run's own, and policies that see nothing else of the cluster."""

import contextlib
import copy
import json
import signal
import subprocess
import uuid

from cluster import PLACES, POLICIES, Failed

# On all that a run makes, with the run's name: `kubectl delete -l vault-inject-test=…` removes what a kill -9 left.
LABEL = "vault-inject-test"


class Stage:
    """What one run makes in a cluster, and removes again whatever happens."""

    def __init__(self, cluster, exempting=()):
        """`exempting` are the labels of a second namespace, which policies leave alone."""
        self.cluster = cluster
        self.run = uuid.uuid4().hex[:8]
        self.namespaces = {"own": f"{LABEL}-{self.run}", "exempt": f"{LABEL}-{self.run}-exempt"}
        self.labels = {"own": {}, "exempt": dict(exempting)}
        # Without controllers nobody else makes service accounts, nor finishes what is being deleted.
        self.has_controllers = cluster.ask("GET", "api/v1/namespaces/kube-system/serviceaccounts/default").is_good

    def __enter__(self):
        try:
            for role in self.namespaces:
                self.make_namespace(role)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        with undisturbed():
            for name in self.namespaces.values():
                self.remove_namespace(name)

    def make_namespace(self, role):
        name = self.namespaces[role]
        labels = {LABEL: self.run, **self.labels[role]}
        with undisturbed():
            self.cluster.demand("POST", "api/v1/namespaces", {"metadata": {"name": name, "labels": labels}})
        account = f"api/v1/namespaces/{name}/serviceaccounts"
        if not self.has_controllers:
            self.cluster.demand("POST", account, {"metadata": {"name": "default"}})
        self.cluster.wait(f"{name} has no service account",
                          lambda: self.cluster.ask("GET", f"{account}/default").is_good)

    def remove_namespace(self, name):
        if not self.has_controllers:
            for version, kind in PLACES.values():
                self.cluster.ask("DELETE", f"{version}/namespaces/{name}/{kind}?gracePeriodSeconds=0")
        self.cluster.ask("DELETE", f"api/v1/namespaces/{name}")
        if not self.has_controllers:
            self.cluster.ask("PUT", f"api/v1/namespaces/{name}/finalize", {
                "apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}, "spec": {"finalizers": []}})

    def path(self, thing, role="own", name="", subresource=""):
        """Where an object of this kind is, or with its name, or a subresource of that."""
        version, kind = PLACES[thing["kind"]]
        return "/".join(filter(None, (version, "namespaces", self.namespaces[role], kind, name, subresource)))

    def without_names(self, text):
        """A message without what differs from run to run."""
        return text.replace(f"-{self.run}", "")

    @contextlib.contextmanager
    def policies(self, text):
        """Puts policies in force while the body runs, under names of their own, for the run's namespaces only."""
        made = []
        try:
            for policy in map(self.confined, read(text)):
                with undisturbed():
                    made.insert(0, policy_path(policy, policy["metadata"]["name"]))
                    self.cluster.demand("POST", policy_path(policy), policy)
            yield
        finally:
            with undisturbed():
                for path in made:
                    self.cluster.ask("DELETE", path)

    def confined(self, policy):
        policy = copy.deepcopy(policy)
        policy["metadata"]["name"] += f"-{self.run}"
        policy["metadata"].setdefault("labels", {})[LABEL] = self.run
        if policy["kind"].endswith("Binding"):
            policy["spec"]["policyName"] += f"-{self.run}"
            selector = policy["spec"].setdefault("matchResources", {}).setdefault("namespaceSelector", {})
            selector.setdefault("matchExpressions", []).append({"key": LABEL, "operator": "In", "values": [self.run]})
        return policy


def policy_path(policy, name=""):
    return "/".join(filter(None, ("apis", policy["apiVersion"], POLICIES[policy["kind"]], name)))


def read(text):
    """The objects of a manifest, by kubectl, which refuses what it does not understand."""
    run = subprocess.run(["kubectl", "apply", "--dry-run=client", "-o", "json", "-f", "-"], input=text, text=True,
                         capture_output=True, timeout=60)
    if run.returncode:
        raise Failed(f"kubectl does not take the policies: {run.stderr.strip()}")
    printed = json.loads(run.stdout)
    objects = printed["items"] if printed["kind"] == "List" else [printed]
    for thing in objects:
        thing["metadata"].get("annotations", {}).pop("kubectl.kubernetes.io/last-applied-configuration", None)
        if thing["kind"] not in POLICIES:
            raise Failed(f"{thing['kind']} {thing['metadata']['name']} is no policy")
    return objects


@contextlib.contextmanager
def undisturbed():
    """Lets nobody interrupt what makes something or removes it: Ctrl-C waits until that is done."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM, signal.SIGHUP})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
