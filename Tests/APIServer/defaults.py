"""What the server makes of an object before it stores it, as a real one does. Objects are changed in place.

It fills in where nothing is said, leaves out what is empty, and writes amounts in their canonical form.
"""

import base64
import random

from quantities import canonical

SERVICE_ACCOUNT_FOLDER = "/var/run/secrets/kubernetes.io/serviceaccount"
FILE_MODE = 420
LETTERS = "bcdfghjklmnpqrstvwxz2456789"  # those names are made of


def fill(value, **defaults):
    for name, default in defaults.items():
        if name not in value:
            value[name] = default


def drop(value, *names):
    """Leaves out what Go's encoder leaves out: null everywhere, and these where they are empty, zero or false."""
    for name in names:
        if name in value and value[name] in ("", [], {}, 0, False, None):
            del value[name]
    for name in [name for name, each in value.items() if each is None]:
        del value[name]


def canonicalize(amounts):
    for name, amount in (amounts or {}).items():
        amounts[name] = canonical(amount)


def suffix(length=5):
    return "".join(random.choice(LETTERS) for _ in range(length))


# MARK: Pods

SPEC = ("volumes", "initContainers", "nodeSelector", "serviceAccountName", "serviceAccount", "nodeName", "hostNetwork",
        "hostPID", "hostIPC", "imagePullSecrets", "hostname", "subdomain", "tolerations", "hostAliases",
        "priorityClassName", "readinessGates", "topologySpreadConstraints", "overhead", "restartPolicy", "dnsPolicy",
        "schedulerName")
CONTAINER = ("image", "command", "args", "workingDir", "ports", "envFrom", "env", "volumeMounts", "volumeDevices",
             "terminationMessagePath", "terminationMessagePolicy", "imagePullPolicy", "stdin", "stdinOnce", "tty",
             "resizePolicy")
PROBE = ("initialDelaySeconds", "timeoutSeconds", "periodSeconds", "successThreshold", "failureThreshold")


def pod_spec(spec):
    drop(spec, *SPEC)
    for container in spec.get("initContainers") or []:
        default_container(container)
    for container in spec.get("containers") or []:
        default_container(container)
    for volume in spec.get("volumes") or []:
        default_volume(volume)
    fill(spec, restartPolicy="Always", terminationGracePeriodSeconds=30, dnsPolicy="ClusterFirst",
         securityContext={}, schedulerName="default-scheduler")
    # One of the two names is the old one, and they are always alike.
    account = spec.get("serviceAccountName") or spec.get("serviceAccount")
    if account:
        spec["serviceAccountName"] = spec["serviceAccount"] = account


def default_container(container):
    drop(container, *CONTAINER)
    image = container.get("image", "")
    latest = image.endswith(":latest") or ":" not in image.rsplit("/", 1)[-1]
    fill(container, resources={}, terminationMessagePath="/dev/termination-log", terminationMessagePolicy="File",
         imagePullPolicy="Always" if latest and "@" not in image else "IfNotPresent")
    default_resources(container["resources"])
    for port in container.get("ports") or []:
        drop(port, "name", "hostPort", "protocol", "hostIP")
        fill(port, protocol="TCP")
    for variable in container.get("env") or []:
        drop(variable, "value")
        default_field_reference(variable.get("valueFrom") or {})
    for mount in container.get("volumeMounts") or []:
        drop(mount, "readOnly", "subPath", "subPathExpr")
    for name in ("livenessProbe", "readinessProbe", "startupProbe"):
        if container.get(name):
            default_probe(container[name])
    for hook in (container.get("lifecycle") or {}).values():
        if isinstance(hook, dict) and hook.get("httpGet"):
            default_request(hook["httpGet"])


def default_resources(resources):
    for group in ("limits", "requests"):
        canonicalize(resources.get(group))
    drop(resources, "limits", "requests", "claims")


def default_request(request):
    drop(request, "path", "host", "scheme", "httpHeaders")
    fill(request, path="/", scheme="HTTP")


def default_probe(probe):
    drop(probe, *PROBE)
    fill(probe, timeoutSeconds=1, periodSeconds=10, successThreshold=1, failureThreshold=3)
    if probe.get("httpGet"):
        default_request(probe["httpGet"])


def default_field_reference(source):
    if source.get("fieldRef"):
        drop(source["fieldRef"], "apiVersion")
        fill(source["fieldRef"], apiVersion="v1")
    if source.get("resourceFieldRef"):
        fill(source["resourceFieldRef"], divisor="0")
        source["resourceFieldRef"]["divisor"] = canonical(source["resourceFieldRef"]["divisor"])


def default_volume(volume):
    if len(volume) == 1:
        volume["emptyDir"] = {}
    if volume.get("emptyDir"):
        drop(volume["emptyDir"], "medium")
        if "sizeLimit" in volume["emptyDir"]:
            volume["emptyDir"]["sizeLimit"] = canonical(volume["emptyDir"]["sizeLimit"])
    for name in ("configMap", "secret", "projected", "downwardAPI"):
        if volume.get(name) is not None:
            drop(volume[name], "name", "secretName", "items", "sources")
            fill(volume[name], defaultMode=FILE_MODE)
    if volume.get("hostPath"):
        fill(volume["hostPath"], type="")
    for source in (volume.get("projected") or {}).get("sources") or []:
        if source.get("serviceAccountToken"):
            drop(source["serviceAccountToken"], "audience")
            fill(source["serviceAccountToken"], expirationSeconds=3600)
        for item in (source.get("downwardAPI") or {}).get("items") or []:
            default_field_reference(item)
    for item in (volume.get("downwardAPI") or {}).get("items") or []:
        default_field_reference(item)


def template(spec):
    if isinstance(spec.get("template"), dict):
        spec["template"].setdefault("metadata", {})
        pod_spec(spec["template"].setdefault("spec", {}))


def admit_pod(item):
    """What admission adds to a new pod."""
    spec = item["spec"]
    fill(spec, serviceAccountName="default", priority=0, enableServiceLinks=True,
         preemptionPolicy="PreemptLowerPriority")
    spec["serviceAccount"] = spec["serviceAccountName"]
    fill(spec, tolerations=[toleration("not-ready"), toleration("unreachable")])
    if spec.get("automountServiceAccountToken") is not False:
        mount_token(spec)
    item["status"] = {"phase": "Pending", "qosClass": "BestEffort"}


def toleration(name):
    return {"key": f"node.kubernetes.io/{name}", "operator": "Exists", "effect": "NoExecute",
            "tolerationSeconds": 300}


def mount_token(spec):
    containers = [*(spec.get("initContainers") or []), *(spec.get("containers") or [])]
    without = [each for each in containers
               if all(mount.get("mountPath") != SERVICE_ACCOUNT_FOLDER for mount in each.get("volumeMounts") or [])]
    if not without:
        return
    name = "kube-api-access-" + suffix()
    for container in without:
        container.setdefault("volumeMounts", []).append(
            {"name": name, "readOnly": True, "mountPath": SERVICE_ACCOUNT_FOLDER})
    spec.setdefault("volumes", []).append({"name": name, "projected": {"defaultMode": FILE_MODE, "sources": [
        {"serviceAccountToken": {"expirationSeconds": 3607, "path": "token"}},
        {"configMap": {"name": "kube-root-ca.crt", "items": [{"key": "ca.crt", "path": "ca.crt"}]}},
        {"downwardAPI": {"items": [{"path": "namespace",
                                    "fieldRef": {"apiVersion": "v1", "fieldPath": "metadata.namespace"}}]}},
        {"configMap": {"name": "openshift-service-ca.crt", "items": [{"key": "service-ca.crt",
                                                                      "path": "service-ca.crt"}]}}]}})


# MARK: Other kinds

def deployment(item):
    spec = item["spec"]
    template(spec)
    fill(spec, replicas=1, strategy={}, revisionHistoryLimit=10, progressDeadlineSeconds=600)
    fill(spec["strategy"], type="RollingUpdate")
    if spec["strategy"]["type"] == "RollingUpdate":
        fill(spec["strategy"], rollingUpdate={})
        fill(spec["strategy"]["rollingUpdate"], maxUnavailable="25%", maxSurge="25%")


def stateful_set(item):
    spec = item["spec"]
    template(spec)
    fill(spec, replicas=1, podManagementPolicy="OrderedReady", updateStrategy={}, revisionHistoryLimit=10,
         persistentVolumeClaimRetentionPolicy={"whenDeleted": "Retain", "whenScaled": "Retain"})
    fill(spec["updateStrategy"], type="RollingUpdate")
    if spec["updateStrategy"]["type"] == "RollingUpdate":
        fill(spec["updateStrategy"], rollingUpdate={"partition": 0})


def daemon_set(item):
    spec = item["spec"]
    template(spec)
    fill(spec, updateStrategy={}, revisionHistoryLimit=10)
    fill(spec["updateStrategy"], type="RollingUpdate")
    if spec["updateStrategy"]["type"] == "RollingUpdate":
        fill(spec["updateStrategy"], rollingUpdate={"maxUnavailable": 1, "maxSurge": 0})


def replica_set(item):
    template(item["spec"])
    fill(item["spec"], replicas=1)


def job_spec(spec):
    template(spec)
    fill(spec, parallelism=1, completions=1, backoffLimit=6, completionMode="NonIndexed", suspend=False,
         podReplacementPolicy="TerminatingOrFailed")


def job(item):
    spec, uid = item["spec"], item["metadata"].get("uid", "")
    job_spec(spec)
    fill(spec, manualSelector=False)
    if not spec["manualSelector"]:
        fill(spec, selector={"matchLabels": {"batch.kubernetes.io/controller-uid": uid}})
        uid = spec["selector"]["matchLabels"].get("batch.kubernetes.io/controller-uid", uid)
        labels = {"batch.kubernetes.io/controller-uid": uid, "controller-uid": uid,
                  "batch.kubernetes.io/job-name": item["metadata"]["name"], "job-name": item["metadata"]["name"]}
        metadata = spec["template"]["metadata"]
        metadata["labels"] = {**(metadata.get("labels") or {}), **labels}
        # A job without labels takes those of its pods.
        if not item["metadata"].get("labels"):
            item["metadata"]["labels"] = dict(metadata["labels"])


def cron_job(item):
    spec = item["spec"]
    if isinstance(spec.get("jobTemplate"), dict):
        spec["jobTemplate"].setdefault("metadata", {})
        inner = spec["jobTemplate"].setdefault("spec", {})
        template(inner)
    fill(spec, concurrencyPolicy="Allow", suspend=False, successfulJobsHistoryLimit=3, failedJobsHistoryLimit=1)


def service(item):
    spec = item["spec"]
    fill(spec, type="ClusterIP", sessionAffinity="None")
    if spec["type"] != "ExternalName":
        fill(spec, clusterIP=f"10.96.{random.randrange(256)}.{random.randrange(1, 255)}", ipFamilies=["IPv4"],
             ipFamilyPolicy="SingleStack", internalTrafficPolicy="Cluster")
        fill(spec, clusterIPs=[spec["clusterIP"]])
    for port in spec.get("ports") or []:
        fill(port, protocol="TCP", targetPort=port.get("port"))


def secret(item):
    fill(item, type="Opaque")
    texts = item.pop("stringData", None)
    if texts:  # another dictionary: this one may be that of the object as it is
        encoded = {name: base64.b64encode(text.encode()).decode() for name, text in texts.items()}
        item["data"] = {**(item.get("data") or {}), **encoded}


def namespace(item):
    item["metadata"].setdefault("labels", {})["kubernetes.io/metadata.name"] = item["metadata"]["name"]
    item.setdefault("spec", {}).setdefault("finalizers", ["kubernetes"])
    item.setdefault("status", {}).setdefault("phase", "Active")


def role_binding(item):
    for subject in item.get("subjects") or []:
        if subject.get("kind") in ("User", "Group"):
            fill(subject, apiGroup="rbac.authorization.k8s.io")
    fill(item.get("roleRef") or {}, apiGroup="rbac.authorization.k8s.io")


def pod(item):
    pod_spec(item["spec"])
    # What limits and does not say what it requests requests as much; templates are left alone.
    for container in [*(item["spec"].get("initContainers") or []), *(item["spec"].get("containers") or [])]:
        for name, amount in (container["resources"].get("limits") or {}).items():
            container["resources"].setdefault("requests", {}).setdefault(name, amount)


def template_object(item):
    item.setdefault("template", {}).setdefault("metadata", {})
    pod_spec(item["template"].setdefault("spec", {}))


OF_KIND = {
    ("", "Pod"): pod, ("", "Service"): service, ("", "Secret"): secret, ("", "Namespace"): namespace,
    ("", "ReplicationController"): replica_set, ("", "PodTemplate"): template_object,
    ("apps", "Deployment"): deployment, ("apps", "StatefulSet"): stateful_set, ("apps", "DaemonSet"): daemon_set,
    ("apps", "ReplicaSet"): replica_set, ("batch", "Job"): job, ("batch", "CronJob"): cron_job,
    ("rbac.authorization.k8s.io", "RoleBinding"): role_binding,
    ("rbac.authorization.k8s.io", "ClusterRoleBinding"): role_binding,
}
WITH_SPEC = {"Pod", "Service", "ReplicationController", "Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Job",
             "CronJob"}
WITH_STATUS = {"Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Job", "CronJob"}


def set_defaults(item, group):
    kind = item["kind"]
    if kind in WITH_SPEC and not isinstance(item.get("spec"), dict):
        item["spec"] = {}
    default = OF_KIND.get((group, kind))
    if default:
        default(item)
    if default and kind in WITH_STATUS:
        item.setdefault("status", {})
    if kind == "Service":
        item.setdefault("status", {"loadBalancer": {}})
