"""What stands between a valid request and the store: namespaces, service accounts, quotas, Pod Security, webhooks."""

from answers import Refusal, forbidden, not_found, with_group

# Kinds whose pod template Pod Security's warnings look at.
TEMPLATE_PATHS = {"Deployment": ("spec", "template"), "StatefulSet": ("spec", "template"),
                  "DaemonSet": ("spec", "template"), "ReplicaSet": ("spec", "template"), "Job": ("spec", "template"),
                  "ReplicationController": ("spec", "template"), "PodTemplate": ("template",),
                  "CronJob": ("spec", "jobTemplate", "spec", "template")}


def demand_namespace(store, namespaces, namespace):
    """The namespace object; a refusal where there is none."""
    stored = store.get(namespaces, "", namespace)
    if stored is None:
        raise not_found("namespaces", "", namespace)
    return stored.item


def demand_living_namespace(namespace, target):
    """Nothing new goes into a namespace that is being deleted."""
    if not namespace["metadata"].get("deletionTimestamp"):
        return
    name = namespace["metadata"]["name"]
    refusal = forbidden(target.plural, target.group, target.name,
                        f"unable to create new content in namespace {name} because it is being terminated")
    refusal.details["causes"] = [{"reason": "NamespaceTerminating", "message": f"namespace {name} is being terminated",
                                  "field": "metadata.namespace"}]
    raise refusal


def demand_quota(store, quotas, target):
    """One more object has to be within what each quota of the namespace allows of its kind."""
    counted = with_group(target.plural, target.group)
    for (namespace, name), stored in store.objects.get(quotas.key, {}).items():
        hard = (stored.item.get("spec") or {}).get("hard") or {}
        for key in (f"count/{counted}", *((target.plural,) if not target.group else ())):
            used = sum(place == target.namespace for place, _ in store.objects.get((target.group, target.plural), {}))
            if namespace == target.namespace and key in hard and used + 1 > int(hard[key]):
                raise forbidden(target.plural, target.group, target.name, f"exceeded quota: {name}, requested: "
                                f"{key}=1, used: {key}={used}, limited: {key}={hard[key]}")


def demand_service_account(store, accounts, item):
    metadata, account = item["metadata"], item["spec"].get("serviceAccountName", "default")
    if store.get(accounts, metadata["namespace"], account) is None:
        raise forbidden("pods", "", metadata["name"], "error looking up service account "
                        f'{metadata["namespace"]}/{account}: serviceaccount "{account}" not found')


def pod_security(item, namespace, request):
    """Warns of, or refuses, what a namespace's labels do not want."""
    labels = namespace["metadata"].get("labels") or {}
    level = labels.get("pod-security.kubernetes.io/warn")
    spec = pod_spec_of(item)
    if spec is None:
        return
    enforced = labels.get("pod-security.kubernetes.io/enforce")
    if item["kind"] == "Pod" and enforced in ("restricted", "baseline"):
        faults = violations(spec, enforced)
        if faults:
            raise forbidden("pods", "", item["metadata"]["name"],
                            f'violates PodSecurity "{enforced}:latest": {", ".join(faults)}')
    if level in ("restricted", "baseline"):
        faults = violations(spec, level)
        if faults:
            request.warnings.append(f'would violate PodSecurity "{level}:latest": {", ".join(faults)}')


def pod_spec_of(item):
    if item["kind"] == "Pod":
        return item.get("spec")
    value = item
    for name in TEMPLATE_PATHS.get(item["kind"], ("-",)):
        value = value.get(name) if isinstance(value, dict) else None
    return (value or {}).get("spec") if value is not None else None


def violations(spec, level):
    containers = [*(spec.get("initContainers") or []), *(spec.get("containers") or [])]
    pod = spec.get("securityContext") or {}
    own = {each.get("name"): each.get("securityContext") or {} for each in containers}
    faults = []
    privileged = [name for name, context in own.items() if context.get("privileged")]
    if privileged:
        faults.append(f"privileged ({plural(privileged)} must not set securityContext.privileged=true)")
    paths = [volume["name"] for volume in spec.get("volumes") or [] if volume.get("hostPath") is not None]
    if paths:
        faults.append(f'hostPath volumes ({plural(paths, "volume")})')
    return faults + restricted_violations(own, pod) if level == "restricted" else faults


def restricted_violations(own, pod):
    faults = []
    escalating = [name for name, context in own.items() if context.get("allowPrivilegeEscalation") is not False]
    if escalating:
        faults.append(f"allowPrivilegeEscalation != false ({plural(escalating)} must set "
                      "securityContext.allowPrivilegeEscalation=false)")
    capable = [name for name, context in own.items()
               if "ALL" not in ((context.get("capabilities") or {}).get("drop") or [])]
    if capable:
        faults.append(f'unrestricted capabilities ({plural(capable)} must set securityContext.capabilities.drop='
                      '["ALL"])')
    rooted = [name for name, context in own.items() if context.get("runAsNonRoot", pod.get("runAsNonRoot")) is not True]
    if rooted:
        faults.append(f"runAsNonRoot != true (pod or {plural(rooted)} must set securityContext.runAsNonRoot=true)")
    profiles = ("RuntimeDefault", "Localhost")
    free = [name for name, context in own.items()
            if (context.get("seccompProfile") or pod.get("seccompProfile") or {}).get("type") not in profiles]
    if free:
        faults.append(f"seccompProfile (pod or {plural(free)} must set securityContext.seccompProfile.type to "
                      '"RuntimeDefault" or "Localhost")')
    return faults


def plural(names, word="container"):
    quoted = ", ".join(f'"{name}"' for name in names)
    return f"{word} {quoted}" if len(names) == 1 else f"{word}s {quoted}"


def webhook_without_dry_run(name):
    return Refusal(400, "BadRequest", f'admission webhook "{name}" does not support dry run')
