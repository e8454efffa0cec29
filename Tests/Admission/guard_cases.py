"""The objects that the guard has to judge, each with the verdict it should get.

An object is written without agents. `injected` has the program under test inject it first, with these options; `then`
changes what came of that. An edit is of an object that is in the cluster before the guard is.
"""

import copy
import json
from collections.abc import Callable
from dataclasses import dataclass, replace

from harness.places import FIXTURES

VAULT = "http://vault.vault.svc:8200"
ADDRESS = ("--vault-addr", VAULT)
# What the guard is printed with for each group of cases.
GROUPS = {
    "workloads": ("--workloads", "--allowed-image", "hashicorp/vault:", *ADDRESS),
    "pods": ADDRESS,
    "warn": ("--action", "warn", *ADDRESS),
    "prefix": ("--set", "talend.annotationPrefix=vault.example.com", *ADDRESS),
    "talend": ("--dialect", "talend", *ADDRESS),
    "hashicorp": ("--dialect", "hashicorp", *ADDRESS),
    "openbao": ("--dialect", "openbao", "--vault-addr", "http://openbao.openbao.svc:8200"),
    "exempt": ("--workloads", "--exempt-namespace-label", "example.com/vault=none", *ADDRESS),
    "webhook": ("--allowed-image", "registry.test/vault:", "--vault-addr", "https://vault.test:8200"),
}
# The labels of a namespace in which nothing is refused.
EXEMPTING = {"vault-inject-guard": "off", "example.com/vault": "none"}

HASHICORP = {
    "vault.hashicorp.com/agent-inject": "true",
    "vault.hashicorp.com/role": "web",
    "vault.hashicorp.com/agent-inject-secret-db": "secret/data/db",
}
TALEND = {"sidecar.vault.talend.org/inject": "true", "sidecar.vault.talend.org/role": "web"}
LABELS = {"com.talend.application": "shop", "com.talend.service": "checkout"}
GO_TRUE = ("1", "t", "T", "true", "True", "TRUE")
GO_FALSE = ("", "0", "f", "F", "false", "False", "FALSE")
NEITHER = ("yes", "on", "y", "2", "tRUE", " true", "true ", "enabled", "no", "off", "null", "\u0442rue", "a\nb",
           "a\r\tb", "'\"\\${x}", "\u001b[31m", "\u0085\u2028", 70 * "\u00fc", 100_000 * "x")
TALEND_TRUE = ("y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "tRuE", "on", "On", "ON")
TALEND_FALSE = ("", "false", "no", "n", "off", "1", "t", " true", "true ", "yes,", "ja", "\uff59")


@dataclass(frozen=True)
class Case:
    name: str
    object: dict
    refused: bool = False
    injected: tuple | None = None
    then: Callable | None = None
    edit: Callable | None = None
    operation: str = "create"
    subresource: str = ""
    namespace: str = "own"
    group: str = "workloads"
    # Some of what webhooks were recorded with is nothing that a cluster takes, and is left out.
    is_recorded: bool = False


# MARK: Objects

def hashicorp(**more):
    """HashiCorp's annotations, with others under its prefix."""
    return HASHICORP | {f"vault.hashicorp.com/{key.replace('_', '-')}": value for key, value in more.items()}


def talend(prefix="sidecar.vault.talend.org", **more):
    return {f"{prefix}/inject": "true", f"{prefix}/role": "web"} | {
        f"{prefix}/{key.replace('_', '-')}": value for key, value in more.items()}


def pod(name, annotations, labels=LABELS, **spec):
    metadata = {"name": name, "labels": labels, "annotations": annotations}
    containers = [{"name": "app", "image": "nginx", "command": ["sleep", "1"]}]
    return {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": {"containers": containers, **spec}}


def template(name, annotations, **spec):
    body = pod(name, annotations, **spec)
    return {"metadata": {"labels": {"app": name, **LABELS}, "annotations": annotations}, "spec": body["spec"]}


def workload(kind, name, annotations):
    """An object of this kind that starts nothing, should it get to a cluster with controllers."""
    def made(version, **spec):
        return {"apiVersion": version, "kind": kind, "metadata": {"name": name}, "spec": spec}

    pods, selector = template(name, annotations), {"matchLabels": {"app": name}}
    ending = template(name, annotations, restartPolicy="Never")
    never = {"nodeSelector": {"vault-inject-test": "no-node"}}
    return {
        "Deployment": lambda: made("apps/v1", replicas=0, selector=selector, template=pods),
        "StatefulSet": lambda: made("apps/v1", replicas=0, serviceName=name, selector=selector, template=pods),
        "DaemonSet": lambda: made("apps/v1", selector=selector, template=template(name, annotations, **never)),
        "ReplicaSet": lambda: made("apps/v1", replicas=0, selector=selector, template=pods),
        "ReplicationController": lambda: made("v1", replicas=0, selector={"app": name}, template=pods),
        "Job": lambda: made("batch/v1", suspend=True, template=ending),
        "CronJob": lambda: made("batch/v1", suspend=True, schedule="0 0 * * *", jobTemplate={
            "spec": {"template": ending}}),
        "PodTemplate": lambda: {"apiVersion": "v1", "kind": kind, "metadata": {"name": name}, "template": pods},
    }[kind]()


KINDS = ("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Job", "CronJob", "PodTemplate",
         "ReplicationController")


def template_of(thing):
    """Where the pod's metadata and spec are."""
    if thing["kind"] == "Pod":
        return thing
    if thing["kind"] == "PodTemplate":
        return thing["template"]
    return (thing["spec"]["jobTemplate"] if thing["kind"] == "CronJob" else thing)["spec"]["template"]


# MARK: What is done to objects

def annotated(**annotations):
    def change(thing):
        template_of(thing)["metadata"].setdefault("annotations", {}).update(annotations)
    return change


def without_agents(thing):
    """As if somebody had taken the agents out, and left the rest."""
    spec = template_of(thing)["spec"]
    for key in ("containers", "initContainers"):
        if key in spec:
            spec[key] = [each for each in spec[key] if each["name"] in ("app", "i")]


def without_mode(thing):
    """As Talend's webhook makes a pod whose mode it does not know: without an agent."""
    annotated(**{"sidecar.vault.talend.org/mode": "secret"})(thing)
    without_agents(thing)


def each_agent(**changes):
    def change(thing):
        spec = template_of(thing)["spec"]
        for each in spec["containers"] + spec.get("initContainers", []):
            if each["name"] not in ("app", "i"):
                each.update(copy.deepcopy(changes))
    return change


def extended_environment(**entry):
    """One more variable for the agents; of two of a name the last one counts."""
    def change(thing):
        spec = template_of(thing)["spec"]
        for each in spec["containers"] + spec.get("initContainers", []):
            if each["name"] not in ("app", "i"):
                each["env"] = [*each.get("env", []), entry]
    return change


def debug_copy(keeps_init=True):
    """What `kubectl debug POD --copy-to=…` creates: no labels, one container more."""
    def change(thing):
        thing["metadata"] = {"name": thing["metadata"]["name"], "annotations": thing["metadata"]["annotations"]}
        thing["spec"]["containers"].append({"name": "debugger", "image": "busybox", "stdin": True, "tty": True})
        if not keeps_init:
            thing["spec"].pop("initContainers", None)
    return change


def started_by(kind):
    """What a controller makes of the workload's template."""
    def change(thing):
        made, name = template_of(thing), thing["metadata"]["name"]
        owner = {"apiVersion": thing["apiVersion"], "kind": kind, "name": name, "controller": True,
                 "uid": "00000000-0000-4000-8000-000000000000"}
        thing.clear()
        thing.update({"apiVersion": "v1", "kind": "Pod", "spec": made["spec"], "metadata": {
            **made["metadata"], "generateName": f"{name}-", "ownerReferences": [owner]}})
    return change


def run_of_cronjob(thing):
    made, name = thing["spec"]["jobTemplate"], thing["metadata"]["name"]
    thing.clear()
    thing.update({"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": f"{name}-29400000"},
                  "spec": made["spec"]})


def generated_name(thing):
    thing["metadata"]["generateName"] = thing["metadata"].pop("name") + "-"


def image_of_app(thing):
    spec = template_of(thing)["spec"]
    next(each for each in spec["containers"] if each["name"] == "app")["image"] = "nginx:1"


def labelled(thing):
    thing["metadata"].setdefault("labels", {})["team"] = "shop"


def scaled(thing):
    thing["spec"]["replicas"] = 2


def suspended(thing):
    thing["spec"]["suspend"] = False


def debugged(thing):
    thing["spec"]["ephemeralContainers"] = [
        {"name": "debugger", "image": "busybox", "command": ["sh"], "stdin": True, "tty": True}]


# MARK: Cases

def injected_pods():
    """What this program makes passes; another image or another Vault does not."""
    def h(name, annotations=HASHICORP, refused=False, options=(), then=None, **spec):
        return Case(name, pod(name, annotations, **spec), refused, (*ADDRESS, *options), then)

    def t(name, refused=False, options=(), then=None, spec=None, **annotations):
        return Case(name, pod(name, talend(**annotations), **(spec or {})), refused, (*ADDRESS, *options), then)

    elsewhere = ("--vault-addr", "http://elsewhere:8200")
    native = ("--sidecars", "native")
    yield h("h-inj")
    yield h("h-inj-exact", options=("--exact",))
    yield h("h-inj-native", options=native)
    yield h("h-inj-text", options=("--set", "agent.configuration=text"))
    yield h("h-inj-only", hashicorp(agent_pre_populate_only="true"))
    yield h("h-inj-nopre", hashicorp(agent_pre_populate="false"))
    yield h("h-inj-anno-native", hashicorp(agent_native_sidecar="true"))
    yield h("h-inj-configmap", hashicorp(agent_configmap="cm"))
    yield h("h-inj-initfirst", hashicorp(agent_init_first="true"), initContainers=[{"name": "i", "image": "busybox"}])
    yield h("h-inj-otherimage", hashicorp(agent_image="evil/vault:1"), refused=True)
    yield h("h-inj-digest", hashicorp(agent_image="hashicorp/vault@sha256:" + 64 * "0"))
    yield h("h-inj-registry", hashicorp(agent_image="evil.example/hashicorp/vault:2"), refused=True)
    yield h("h-inj-otherservice", hashicorp(service="http://elsewhere:8200"), refused=True)
    yield h("h-inj-otheraddr", refused=True, options=elsewhere)
    yield h("h-inj-otheraddr-text", refused=True, options=(*elsewhere, "--set", "agent.configuration=text"))
    yield h("h-inj-otheraddr-native", refused=True, options=(*elsewhere, *native))
    yield h("h-inj-longeraddr", refused=True, options=("--vault-addr", f"{VAULT}.evil.example"))
    yield h("h-inj-agents-out", refused=True, then=without_agents)
    yield h("h-inj-image-by-hand", refused=True, then=each_agent(image="evil/vault:1"))
    yield h("h-inj-generated-name", then=generated_name)
    yield h("h-inj-debug-copy", then=debug_copy())
    yield h("h-inj-debug-copy-no-init", then=debug_copy(keeps_init=False))
    yield h("h-inj-only-debug-copy-no-init", hashicorp(agent_pre_populate_only="true"), refused=True,
            then=debug_copy(keeps_init=False))
    yield t("t-inj")
    yield t("t-inj-native", options=native)
    yield t("t-inj-static", secrets_type="static")
    yield t("t-inj-env", secrets_type="static", secrets_injection_method="env")
    yield t("t-inj-proxy", mode="proxy")
    yield t("t-inj-job", mode="job", spec={"restartPolicy": "Never"})
    yield t("t-inj-babysitter", mode="job", spec={"restartPolicy": "Never"}, options=("--sidecars", "container"))
    yield t("t-inj-approle", auth="approle")
    yield t("t-inj-two", secrets_path="secret/a,secret/b", secrets_destination="a,b")
    yield t("t-inj-template", secrets_template='{{ with secret "secret/a" }}{{ .Data.x }}{{ end }}')
    yield t("t-inj-consul", options=("--set", "renderer=consul-template"))
    yield t("t-inj-otherimage", refused=True, vault_image="evil/vault:1")
    yield t("t-inj-otheraddr", refused=True, options=elsewhere)
    yield t("t-inj-second-addr", refused=True, then=extended_environment(name="VAULT_ADDR", value="http://elsewhere"))
    yield t("t-inj-addr-from-elsewhere", refused=True, then=extended_environment(
        name="VAULT_ADDR", valueFrom={"fieldRef": {"fieldPath": "metadata.namespace"}}))
    yield t("t-inj-agents-out", refused=True, then=without_agents)
    # No injection gives them an agent, so that the sentence must not say that one does.
    yield h("h-inj-none", hashicorp(agent_pre_populate="false", agent_pre_populate_only="true"), refused=True)
    yield t("t-inj-none", refused=True, then=without_mode)
    yield t("t-inj-generated-name", then=generated_name)
    yield t("t-inj-debug-copy", then=debug_copy())
    yield t("t-inj-sa-token", secrets_type="static", sa_token="/var/run/secrets/kubernetes.io/serviceaccount/token")


def of_openbao():
    """What is said of HashiCorp's annotations, of OpenBao's."""
    for case in (*injected_pods(), *pods_not_injected()):
        text = json.dumps(case.object)
        if "vault.hashicorp.com/" in text:
            renamed = text.replace("vault.hashicorp.com/", "openbao.org/").replace("vault-agent", "openbao-agent")
            yield replace(case, name=f"openbao-{case.name}", object=json.loads(renamed))


def large():
    """Pods of a size that some have: a policy that costs too much refuses them, whatever they are."""
    many = [{"name": f"c-{index}", "image": "nginx", "env": [
        {"name": f"N{number}", "value": "v"} for number in range(100)]} for index in range(30)]
    secrets = {f"agent-inject-secret-s{index}": f"secret/data/s{index}" for index in range(150)}
    names = ",".join(f"folder/file-{index}.env" for index in range(200))
    paths = ",".join(f"secret/{index}" for index in range(200))
    template = '{{ with secret "secret/a" }}' + 60_000 * "x" + "{{ end }}"
    yield Case("large-h-inj", pod("large", HASHICORP, initContainers=many), False, ADDRESS)
    yield Case("large-h-not", pod("large", HASHICORP, initContainers=many), True)
    yield Case("large-t-inj", pod("large", TALEND, initContainers=many), False, ADDRESS)
    yield Case("large-t-not", pod("large", TALEND, initContainers=many), True)
    yield Case("large-secrets-inj", pod("large", hashicorp(**secrets)), False, ADDRESS)
    yield Case("large-files-inj", pod("large", talend(secrets_destination=names, secrets_path=paths)), False, ADDRESS)
    yield Case("large-h-template-inj", pod("large", hashicorp(agent_inject_template_db=template)), False, ADDRESS)
    yield Case("large-t-template-inj", pod("large", talend(secrets_template=template)), False, ADDRESS)
    yield Case("large-none", pod("large", {"a": 200_000 * "b"}, initContainers=many))


def changed_files():
    """The annotation that names the files, as it is, and changed after the injection."""
    def t(name, refused=False, then=None, options=(), **annotations):
        return Case(f"files-{name}", pod(name, talend(**annotations)), refused, (*ADDRESS, *options), then)

    key = "sidecar.vault.talend.org/secrets-destination"
    other = annotated(**{key: "other.env"})
    yield t("changed", True, other)
    yield t("changed-static", True, other, secrets_type="static")
    yield t("changed-native", True, other, ("--sidecars", "native"))
    yield t("changed-template", True, other, secrets_template="x", secrets_destination="a")
    yield t("changed-consul", True, other, ("--set", "renderer=consul-template"))
    yield t("changed-exact", True, other, ("--exact",))
    yield t("more", True, annotated(**{key: "secrets.properties,other.env"}))
    yield t("begins-alike", True, annotated(**{key: "secrets"}))
    yield t("proxy", mode="proxy", then=other)
    # Sentences are made for pods that pass as well, which must not cost anything.
    yield t("commas", then=annotated(**{key: 200_000 * ","}))
    yield t("many", then=annotated(**{key: 50_000 * "b,"}))
    for index, name in enumerate(("a b", "\u00fc", "a/b/c.env", ".hidden", "a.b-c_d", "x,y,z")):
        paths = ",".join("s" for _ in name.split(","))
        yield t(f"odd-{index}", secrets_destination=name, secrets_path=paths)


def pods_not_injected():
    def refused(name, annotations, **spec):
        return Case(name, pod(name, annotations, **spec), True)

    yield refused("h-not", HASHICORP)
    yield refused("t-not", TALEND)
    yield refused("h-not-status", hashicorp(agent_inject_status="injected"))
    yield refused("t-not-status", talend(status="injected"))
    yield refused("h-not-initempty", HASHICORP, initContainers=[])
    yield refused("t-not-initnull", TALEND, initContainers=None)
    yield refused("h-not-other-agent", HASHICORP, initContainers=[{"name": "tvsi-vault-agent", "image": "a"}])
    yield refused("t-not-other-agent", TALEND, initContainers=[{"name": "vault-agent", "image": "a"}])
    yield refused("h-not-like-agent", HASHICORP, initContainers=[{"name": "vault-agent-2", "image": "a"}])
    yield refused("both", HASHICORP | TALEND)
    yield refused("both-misspelt", {"vault.hashicorp.com/agent-inject": "yes", **TALEND})
    yield Case("h-not-generated-name", pod("h-not", HASHICORP), True, then=generated_name)
    yield Case("h-not-exempt", pod("h-not", HASHICORP), namespace="exempt")
    yield Case("t-not-exempt", pod("t-not", TALEND), namespace="exempt")
    yield Case("mirror", pod("mirror", HASHICORP | {"kubernetes.io/config.mirror": "x"}, nodeName="n"))
    yield Case("none", pod("none", None))
    yield Case("annempty", pod("annempty", {}))
    yield Case("other", pod("other", {"a": "b"}, initContainers=None))
    yield Case("h-other-annotations", pod("h", {"vault.hashicorp.com/role": "web"}))
    yield Case("h-in-labels", pod("h", None, labels={"vault.hashicorp.com/agent-inject": "true"}))


def words():
    """Every word that the injectors take for yes or no, and some that they do not."""
    def h(name, value, refused):
        return Case(name, pod(name, hashicorp(agent_inject=value)), refused)

    def t(name, value, refused):
        return Case(name, pod(name, talend(inject=value)), refused)

    yield from (h(f"h-not-{index}", value, True) for index, value in enumerate(GO_TRUE))
    yield from (h(f"h-off-{index}", value, False) for index, value in enumerate(GO_FALSE))
    yield from (h(f"h-bad-{index}", value, True) for index, value in enumerate(NEITHER))
    yield from (t(f"t-not-{index}", value, True) for index, value in enumerate(TALEND_TRUE))
    yield from (t(f"t-off-{index}", value, False) for index, value in enumerate(TALEND_FALSE))
    # Any of them, once it is injected.
    for index, value in enumerate(GO_TRUE):
        yield Case(f"h-inj-{index}", pod(f"h-inj-{index}", hashicorp(agent_inject=value)), False, ADDRESS)
    for index, value in enumerate(TALEND_TRUE):
        yield Case(f"t-inj-{index}", pod(f"t-inj-{index}", talend(inject=value)), False, ADDRESS)


def workloads():
    for kind in KINDS:
        name = kind.lower()
        for letter, annotations in (("h", HASHICORP), ("t", TALEND)):
            if kind in ("Job", "CronJob") and letter == "t":
                annotations = talend(mode="job")
            yield Case(f"{name}-not-{letter}", workload(kind, f"{name}-not-{letter}", annotations), True)
            yield Case(f"{name}-inj-{letter}", workload(kind, f"{name}-inj-{letter}", annotations), False, ADDRESS)
        yield Case(f"{name}-off", workload(kind, f"{name}-off", {"vault.hashicorp.com/agent-inject": "false"}))
        yield Case(f"{name}-none", workload(kind, f"{name}-none", None))
        yield Case(f"{name}-exempt", workload(kind, f"{name}-exempt", HASHICORP), namespace="exempt")


def made_by_controllers():
    """Pods and Jobs as controllers make them, of templates that were injected and of some that were there before."""
    owners = {"Deployment": "ReplicaSet", "StatefulSet": "StatefulSet", "DaemonSet": "DaemonSet", "Job": "Job",
              "ReplicationController": "ReplicationController"}
    for kind, owner in owners.items():
        name = f"pod-of-{kind.lower()}"
        thing = workload(kind, name, talend(mode="job") if kind == "Job" else HASHICORP)
        yield Case(f"{name}-not", thing, True, then=started_by(owner))
        yield Case(f"{name}-inj", thing, False, ADDRESS, then=started_by(owner))
    run = workload("CronJob", "run", talend(mode="job"))
    yield Case("run-of-cronjob-not", run, True, then=run_of_cronjob)
    yield Case("run-of-cronjob-inj", run, False, ADDRESS, then=run_of_cronjob)


def edits():
    """What is done to objects that were there before the guard: those without agents can be looked after, too."""
    def of(kind, what, edit, refused=False, injected=None, annotations=HASHICORP, **more):
        name = f"{kind.lower()}-{what}" + ("-inj" if injected is not None else "")
        return Case(name, workload(kind, name, annotations), refused, injected, edit=edit, operation="update", **more)

    for kind in KINDS:
        yield of(kind, "label", labelled)
        if kind != "Job":
            yield of(kind, "image", image_of_app, refused=True)
            yield of(kind, "image", image_of_app, injected=ADDRESS)
            yield of(kind, "agents-out", without_agents, refused=True, injected=ADDRESS)
            yield of(kind, "turned-on", annotated(**HASHICORP), refused=True, annotations={})
            yield of(kind, "turned-off", annotated(**{"vault.hashicorp.com/agent-inject": "false"}))
    for kind in ("Deployment", "StatefulSet", "ReplicaSet", "ReplicationController"):
        yield of(kind, "replicas", scaled)
        yield of(kind, "scale", scaled, subresource="scale")
    for kind in ("Job", "CronJob"):
        yield of(kind, "resume", suspended)

    def of_pod(what, edit, **more):
        name = f"pod-{what}"
        # The gate keeps it from being started.
        thing = pod(name, HASHICORP, schedulingGates=[{"name": "example.com/never"}])
        return Case(name, thing, edit=edit, **{"operation": "update", **more})

    yield of_pod("label", labelled)
    yield of_pod("image", image_of_app)
    yield of_pod("annotation", annotated(**{"vault.hashicorp.com/agent-inject": "yes"}))
    yield of_pod("ephemeral-container", debugged, subresource="ephemeralcontainers")
    yield of_pod("delete", None, operation="delete")
    yield Case("deployment-delete", workload("Deployment", "deployment-delete", HASHICORP), operation="delete")


def other_guards():
    """The guard as other options print it."""
    deployment = workload("Deployment", "deployment", HASHICORP)
    changed = "vault.example.com"
    for group in ("pods", "warn"):
        yield Case(f"{group}-h-not", pod("h-not", HASHICORP), True, group=group)
        yield Case(f"{group}-t-not", pod("t-not", TALEND), True, group=group)
        yield Case(f"{group}-h-inj", pod("h-inj", HASHICORP), False, ADDRESS, group=group)
        yield Case(f"{group}-both", pod("both", HASHICORP | talend(inject="on")), True, group=group)
        yield Case(f"{group}-deployment-not", deployment, group=group)
        yield Case(f"{group}-controls", pod("controls", hashicorp(agent_inject="a\r\tb")), True, group=group)
        agent = {"name": "vault-agent", "image": "example.com/va\tu\nlt", "command": ["sleep", "1"]}
        yield Case(f"{group}-image", pod("image", HASHICORP, containers=[agent]), True, group=group)
    for role in ("own", "exempt"):
        yield Case(f"exempt-h-not-{role}", pod("h-not", HASHICORP), role == "own", namespace=role, group="exempt")
        yield Case(f"exempt-deployment-{role}", deployment, role == "own", namespace=role, group="exempt")
    yield Case("prefix-not", pod("not", talend(changed)), True, group="prefix")
    yield Case("prefix-status", pod("status", talend(changed, status="injected")), True, group="prefix")
    yield Case("prefix-inj", pod("inj", talend(changed)), False, GROUPS["prefix"], group="prefix")
    yield Case("prefix-before", pod("before", TALEND), group="prefix")
    yield Case("prefix-h-not", pod("h-not", HASHICORP), True, group="prefix")
    yield Case("talend-t-not", pod("t-not", TALEND), True, group="talend")
    yield Case("talend-h-not", pod("h-not", HASHICORP), group="talend")
    yield Case("talend-both", pod("both", HASHICORP | TALEND), True, group="talend")
    yield Case("hashicorp-h-not", pod("h-not", HASHICORP), True, group="hashicorp")
    yield Case("hashicorp-t-not", pod("t-not", TALEND), group="hashicorp")
    yield Case("hashicorp-both", pod("both", HASHICORP | TALEND), True, group="hashicorp")
    # Spoken alone, OpenBao's dialect takes HashiCorp's annotations for its own.
    yield Case("openbao-former-not", pod("h-not", HASHICORP), True, group="openbao")
    yield Case("openbao-former-inj", pod("h-inj", HASHICORP), False, GROUPS["openbao"], group="openbao")
    idle = {"agent_pre_populate": "false", "agent_pre_populate_only": "true"}
    own = {"openbao.org/agent-pre-populate": "0"}
    yield Case("openbao-former-idle", pod("h-idle", hashicorp(**idle)), True, group="openbao")
    yield Case("openbao-former-idle-split", pod("h-idle", hashicorp(**idle) | own), True, group="openbao")
    yield Case("openbao-former-awake", pod("h-awake", hashicorp(**idle) | {
        "openbao.org/agent-pre-populate": "true"}), True, group="openbao")
    yield Case("openbao-former-status", pod("h-status", hashicorp(agent_inject_status="injected")), True,
               group="openbao")
    yield Case("openbao-former-status-outranked", pod("h-status", hashicorp(agent_inject_status="injected") | {
        "openbao.org/agent-inject-status": ""}), True, group="openbao")
    elsewhere = ("--dialect", "openbao", "--vault-addr", "http://elsewhere:8200")
    yield Case("openbao-former-service", pod("h-service", hashicorp(service="http://elsewhere:8200")), True,
               GROUPS["openbao"], group="openbao")
    yield Case("openbao-former-otheraddr", pod("h-otheraddr", HASHICORP), True, elsewhere, group="openbao")
    yield Case("openbao-t-not", pod("t-not", TALEND), group="openbao")


# MARK: What the webhooks made

def recorded(path):
    # Lines end with LF only: some values hold other line separators.
    text = (FIXTURES / path).read_text(encoding="utf-8")
    return [json.loads(line) for line in text.split("\n") if line]


def admissible(thing):
    """A recorded pod as an empty namespace takes it: with the default service account, and a volume for each mount."""
    thing = {"apiVersion": "v1", "kind": "Pod", **copy.deepcopy(thing)}
    thing["metadata"].setdefault("name", "pod")
    spec = thing["spec"]
    spec.pop("serviceAccountName", None)
    volumes = spec.setdefault("volumes", [])
    mounts = [mount["name"] for key in ("containers", "initContainers") for each in spec.get(key) or []
              for mount in each.get("volumeMounts") or []]
    for name in dict.fromkeys(mounts):
        if not any(volume["name"] == name for volume in volumes):
            volumes.append({"name": name, "emptyDir": {}})
    return thing


def made_by_webhooks(count=30):
    """Pods as the webhooks made them, spread over the recordings: a webhook that works is let through."""
    for letter, path, group in (("h", "hashicorp/cases.jsonl", "workloads"), ("t", "talend/cases.jsonl", "webhook"),
                                ("b", "openbao/cases.jsonl", "openbao")):
        cases = [case for case in recorded(path) if case["outcome"] == "injected" and is_plain(case["pod"])]
        for case in cases[::len(cases) // count][:count]:
            yield Case(f"webhook-{letter}-{case['name']}", admissible(case["pod"]), group=group, is_recorded=True)


def is_plain(thing):
    """Whether the agents have the images and the Vault that the group's guard allows."""
    spec = thing["spec"]
    agents = [each for each in spec["containers"] + (spec.get("initContainers") or [])
              if each["name"].partition("-")[2].startswith(("agent", "vault-agent"))]
    annotations = thing["metadata"]["annotations"]
    return agents and not {"vault.hashicorp.com/service", "openbao.org/service"} & annotations.keys() and all(
        each["image"].startswith(("hashicorp/vault:", "registry.test/vault:", "openbao/openbao:")) for each in agents)


def cases():
    return [*injected_pods(), *of_openbao(), *changed_files(), *large(), *pods_not_injected(), *words(), *workloads(),
            *made_by_controllers(), *edits(), *other_guards(), *made_by_webhooks()]
