"""What the server refuses with 422, in its words: names, what has to be there, and what may not change."""

import json
import re

from answers import Cause, Verbatim, invalid

SUBDOMAIN = r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*"
LABEL = r"[a-z0-9]([-a-z0-9]*[a-z0-9])?"
NOT_A_SUBDOMAIN = ("a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and "
                   f"must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation "
                   f"is '{SUBDOMAIN}')")
NOT_A_LABEL = ("a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start "
               f"and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is "
               f"'{LABEL}')")
LABEL_VALUE = r"(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?"
NOT_A_LABEL_VALUE = ("a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and "
                     "must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', "
                     f"regex used for validation is '{LABEL_VALUE}')")
# Where the template of a kind's pods is.
TEMPLATES = {"Deployment": "spec.template", "StatefulSet": "spec.template", "DaemonSet": "spec.template",
             "ReplicaSet": "spec.template", "ReplicationController": "spec.template", "Job": "spec.template",
             "CronJob": "spec.jobTemplate.spec.template", "PodTemplate": "template"}
MAY_CHANGE_IN_PODS = ("image", )
POD_MAY_CHANGE = ("spec: Forbidden: pod updates may not change fields other than `spec.containers[*].image`,"
                  "`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to "
                  "existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was "
                  "previously negative)")


def check(item, live, group):
    """Raises a refusal where an object may not be, or may not become of live what it is."""
    causes = [*metadata_causes(item), *content_causes(item, live), *(immutable_causes(item, live) if live else ())]
    if causes:
        raise invalid(item["kind"], group, item["metadata"]["name"], causes)


def metadata_causes(item):
    name = item["metadata"]["name"]
    if not re.fullmatch(SUBDOMAIN, name):
        yield Cause("metadata.name", "Invalid value", NOT_A_SUBDOMAIN, name)
    for key, value in sorted((item["metadata"].get("labels") or {}).items()):
        if not re.fullmatch(LABEL_VALUE, value) or len(value) > 63:
            yield Cause("metadata.labels", "Invalid value", NOT_A_LABEL_VALUE, value)


def at(value, path):
    for name in path.split("."):
        value = value.get(name) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else {}


def content_causes(item, live=None):
    kind = item["kind"]
    if kind == "Pod":
        yield from pod_causes(item.get("spec") or {}, "spec", is_pod=True)
    elif kind in TEMPLATES:
        path = TEMPLATES[kind]
        template = at(item, path)
        if kind in ("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet"):
            yield from selector_causes(item["spec"], template)
        claims = [(each.get("metadata") or {}).get("name") for each in item["spec"].get("volumeClaimTemplates") or []] \
            if kind == "StatefulSet" else []
        yield from pod_causes(template.get("spec") or {}, path + ".spec", policies=policies_of(kind), claims=claims)
        # Updates look at it twice.
        yield from job_causes(kind, template, path) * (2 if live and kind == "Job" else 1)
    elif kind == "Service" and item["spec"].get("type") != "ExternalName" and not item["spec"].get("ports"):
        yield Cause("spec.ports", "Required value")


def job_causes(kind, template, path):
    """A job's pods have to end some time."""
    policy = (template.get("spec") or {}).get("restartPolicy")
    if kind not in ("Job", "CronJob") or policy in ("OnFailure", "Never"):
        return []
    return [Cause(f"{path}.spec.restartPolicy", "Required value", 'valid values: "OnFailure", "Never"')]


def policies_of(kind):
    return ("Always",) if kind in ("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet") else ()


def selector_causes(spec, template):
    selector = spec.get("selector")
    if not selector:
        yield Cause("spec.selector", "Required value")
    labels = (template.get("metadata") or {}).get("labels") or {}
    wanted = (selector or {}).get("matchLabels") or {}
    if any(labels.get(name) != value for name, value in wanted.items()) or not wanted:
        shown = Verbatim(json.dumps(labels, sort_keys=True, separators=(",", ":")))
        yield Cause("spec.template.metadata.labels", "Invalid value",
                    "`selector` does not match template `labels`", shown)


def pod_causes(spec, path, is_pod=False, policies=(), claims=()):
    volumes = [volume.get("name") for volume in spec.get("volumes") or []]
    yield from name_causes(volumes, f"{path}.volumes")
    volumes = [*volumes, *claims]
    if not spec.get("containers"):
        yield Cause(f"{path}.containers", "Required value")
    for list_name in ("containers", "initContainers"):
        containers = spec.get(list_name) or []
        yield from name_causes([each.get("name") for each in containers], f"{path}.{list_name}")
        for index, container in enumerate(containers):
            yield from container_causes(container, f"{path}.{list_name}[{index}]", volumes)
    policy = spec.get("restartPolicy")
    if policies and policy not in policies:
        supported = ", ".join(f'"{each}"' for each in policies)
        yield Cause(f"{path}.restartPolicy", "Unsupported value", f"supported values: {supported}", policy)


def name_causes(names, path):
    seen = set()
    for index, name in enumerate(names):
        if not name:
            yield Cause(f"{path}[{index}].name", "Required value")
        elif not re.fullmatch(LABEL, name) or len(name) > 63:
            yield Cause(f"{path}[{index}].name", "Invalid value", NOT_A_LABEL, name)
        if name in seen:
            yield Cause(f"{path}[{index}].name", "Duplicate value", value=name)
        seen.add(name)


def container_causes(container, path, volumes):
    if not container.get("image"):
        yield Cause(f"{path}.image", "Required value")
    seen = set()
    for index, mount in enumerate(container.get("volumeMounts") or []):
        place = f"{path}.volumeMounts[{index}]"
        if mount.get("name") not in volumes:
            yield Cause(f"{place}.name", "Not found", value=mount.get("name"))
        if not mount.get("mountPath"):
            yield Cause(f"{place}.mountPath", "Required value")
        elif mount["mountPath"] in seen:
            yield Cause(f"{place}.mountPath", "Invalid value", "must be unique", mount["mountPath"])
        seen.add(mount.get("mountPath"))
    for index, port in enumerate(container.get("ports") or []):
        number = port.get("containerPort")
        if number is None:
            yield Cause(f"{path}.ports[{index}].containerPort", "Required value")
        elif not 0 < number < 65536:
            yield Cause(f"{path}.ports[{index}].containerPort", "Invalid value",
                        "must be between 1 and 65535, inclusive", number)
    policy = container.get("imagePullPolicy")
    if policy not in ("Always", "IfNotPresent", "Never"):
        yield Cause(f"{path}.imagePullPolicy", "Unsupported value",
                    'supported values: "Always", "IfNotPresent", "Never"', policy)


# MARK: What may not change

def immutable_causes(item, live):
    kind, spec, before = item["kind"], item.get("spec") or {}, live.get("spec") or {}
    if kind == "Job" and spec.get("template") != before.get("template"):
        yield Cause("spec.template", "Invalid value", "field is immutable",
                    Verbatim(internal_template(spec["template"])))
    if kind in ("Job", "Deployment", "DaemonSet", "ReplicaSet") and spec.get("selector") != before.get("selector"):
        shown = Verbatim(json.dumps(spec.get("selector"), sort_keys=True, separators=(",", ":")))
        yield Cause("spec.selector", "Invalid value", "field is immutable", shown)
    if kind == "StatefulSet":
        changing = ("replicas", "ordinals", "template", "updateStrategy", "revisionHistoryLimit",
                    "persistentVolumeClaimRetentionPolicy", "minReadySeconds")
        if {**spec, **dict.fromkeys(changing)} != {**before, **dict.fromkeys(changing)}:
            yield Cause("spec", "Forbidden", "updates to statefulset spec for fields other than 'replicas', 'ordinals', "
                        "'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' "
                        "and 'minReadySeconds' are forbidden")
    if kind == "Pod":
        yield from pod_change_causes(spec, before)


def pod_change_causes(spec, before):
    for name in ("containers", "initContainers"):
        if len(spec.get(name) or []) != len(before.get(name) or []):
            yield Cause(f"spec.{name}", "Forbidden", "pod updates may not add or remove containers")
            return
    if stable(spec) != stable(before):
        yield Cause("spec", "Forbidden", POD_MAY_CHANGE.split("Forbidden: ", 1)[1] + "\n" + text_difference(before, spec))


def stable(spec):
    found = {name: value for name, value in spec.items() if name not in ("activeDeadlineSeconds", "tolerations")}
    for name in ("containers", "initContainers"):
        found[name] = [{**container, "image": None} for container in spec.get(name) or []]
    return found


def text_difference(before, after):
    """A real server prints a comparison of Go values here; what matters is that there are several lines."""
    lines = ["  core.PodSpec{"]
    for name in sorted({*before, *after}):
        if before.get(name) != after.get(name):
            lines.append(f"- \t{name.capitalize()}: {json.dumps(before.get(name))},")
            lines.append(f"+ \t{name.capitalize()}: {json.dumps(after.get(name))},")
    return "\n".join([*lines, "  }"]) + "\n"


# A server's own names for the fields of pods and containers, in its order, with what stands there where nothing is
# set. Where a field has a value it is shown as it was sent, which a real server does not do; nobody reads that far.
CONTAINER_FIELDS = {
    "Name": "", "Image": "", "Command": None, "Args": None, "WorkingDir": "", "Ports": None, "EnvFrom": None,
    "Env": None, "Resources": {"Limits": None, "Requests": None, "Claims": None}, "ResizePolicy": None,
    "RestartPolicy": None, "RestartPolicyRules": None, "VolumeMounts": None, "VolumeDevices": None,
    "LivenessProbe": None, "ReadinessProbe": None, "StartupProbe": None, "Lifecycle": None,
    "TerminationMessagePath": "", "TerminationMessagePolicy": "", "ImagePullPolicy": "", "SecurityContext": None,
    "Stdin": False, "StdinOnce": False, "TTY": False}
SECURITY_FIELDS = {
    "HostNetwork": False, "HostPID": False, "HostIPC": False, "ShareProcessNamespace": None, "HostUsers": None,
    "SELinuxOptions": None, "WindowsOptions": None, "RunAsUser": None, "RunAsGroup": None, "RunAsNonRoot": None,
    "SupplementalGroups": None, "SupplementalGroupsPolicy": None, "FSGroup": None, "FSGroupChangePolicy": None,
    "Sysctls": None, "SeccompProfile": None, "AppArmorProfile": None, "SELinuxChangePolicy": None}
POD_FIELDS = {
    "Volumes": None, "InitContainers": None, "Containers": None, "EphemeralContainers": None, "RestartPolicy": "",
    "TerminationGracePeriodSeconds": None, "ActiveDeadlineSeconds": None, "DNSPolicy": "", "NodeSelector": None,
    "ServiceAccountName": "", "AutomountServiceAccountToken": None, "NodeName": "", "SecurityContext": None,
    "ImagePullSecrets": None, "Hostname": "", "Subdomain": "", "SetHostnameAsFQDN": None, "Affinity": None,
    "SchedulerName": "", "Tolerations": None, "HostAliases": None, "PriorityClassName": "", "Priority": None,
    "PreemptionPolicy": None, "DNSConfig": None, "ReadinessGates": None, "RuntimeClassName": None, "Overhead": None,
    "EnableServiceLinks": None, "TopologySpreadConstraints": None, "OS": None, "SchedulingGates": None,
    "ResourceClaims": None, "Resources": None, "HostnameOverride": None, "SchedulingGroup": None}


def internal_template(template):
    """The template as the server prints it in its refusal."""
    spec = template.get("spec") or {}
    found = internal(spec, POD_FIELDS)
    found["SecurityContext"] = internal(spec.get("securityContext") or {}, SECURITY_FIELDS)
    for name, field in (("InitContainers", "initContainers"), ("Containers", "containers")):
        found[name] = [internal(each, CONTAINER_FIELDS) for each in spec.get(field) or []] or None
    labels = (template.get("metadata") or {}).get("labels") or {}
    return json.dumps({"labels": dict(sorted(labels.items())), "Spec": found}, separators=(",", ":"))


def internal(value, fields):
    found = {}
    for name, empty in fields.items():
        external = "dnsPolicy" if name == "DNSPolicy" else name[:1].lower() + name[1:]
        found[name] = value.get(external) or empty
    return found
