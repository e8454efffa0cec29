"""Writing objects: apply, create, update, patch and delete, with dry runs of each."""

import json
import re
import uuid

import yaml

import admission
import defaults
import managed_fields
import patches
import protobuf
import typed
import validation
from answers import (Answer, Refusal, already_exists, bad_request, details, invalid, json_answer, not_found,
                     precondition, stale, Cause)
from store import text_of, with_kind

WITH_GENERATION = {"Pod", "Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "ReplicationController", "Job",
                   "CronJob", "Ingress", "NetworkPolicy", "PodDisruptionBudget", "CustomResourceDefinition"}
APPLY_TYPES = ("application/apply-patch+yaml", "application/apply-patch+cbor")
# How long garbage collection and kubelets take here.
SECONDS_TO_REMOVE = 0.15
Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class TextLoader(Loader):
    """Dates are strings, as in JSON."""


TextLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in Loader.yaml_implicit_resolvers.items()}


def decoded(body):
    """A body's object, JSON or YAML, or one of the few kinds that are read as protobuf."""
    if len(body) > MOST_SENT:
        raise Refusal(413, "RequestEntityTooLarge", f"Request entity too large: limit is {MOST_SENT}")
    if body.startswith(protobuf.MAGIC):
        found = protobuf.decoded(body)
        if found is None:
            raise Refusal(415, "UnsupportedMediaType", "this server for tests does not read this kind as protobuf")
        return found
    try:
        return json.loads(body)
    except ValueError:
        pass
    try:
        found = yaml.load(body, Loader=TextLoader)
    except yaml.YAMLError as problem:
        mark = getattr(problem, "problem_mark", None)
        line = f"line {mark.line + 1}: " if mark else ""
        raise bad_request("error decoding YAML: error converting YAML to JSON: yaml: "
                          f"{line}{getattr(problem, 'problem', problem)}") from None
    if not isinstance(found, dict):
        raise bad_request("error decoding YAML: json: cannot unmarshal into Go value of type map[string]interface {}")
    return found


class Writing:
    """The requests that change something. `world` has the store, the resources and the access table."""

    def __init__(self, world):
        self.world = world

    @property
    def store(self):
        return self.world.store

    # MARK: Apply

    def patch(self, request, target, resource):
        if request.content_type in APPLY_TYPES:
            return self.apply(request, target, resource)
        if "force" in request.query:
            raise invalid("PatchOptions", "meta.k8s.io", "",
                          [Cause("force", "Forbidden", "may not be specified for non-apply patch")])
        stored = self.store.get(resource, target.namespace, target.name)
        if stored is None:
            raise not_found(target.plural, target.group, target.name)
        live, body = stored.item, json.loads(request.body)
        if request.content_type == "application/json-patch+json":
            new = patches.json_patch(full(live, resource), body)
        elif request.content_type == "application/merge-patch+json":
            new = patches.merge_patch(full(live, resource), body)
        elif request.content_type == "application/strategic-merge-patch+json" and not resource.is_custom:
            new = patches.strategic_patch(full(live, resource), body, resource.of_type)
        else:
            raise Refusal(415, "UnsupportedMediaType", "the body of the request was in an unknown format - accepted "
                          "media types include: application/json-patch+json, application/merge-patch+json, "
                          "application/apply-patch+yaml")
        return self.replace(request, target, resource, live, new)

    def apply(self, request, target, resource):
        manager = request.query.get("fieldManager", "")
        if not manager:
            raise invalid("PatchOptions", "meta.k8s.io", "",
                          [Cause("fieldManager", "Required value", "is required for apply patch")])
        applied = decoded(request.body)
        self.check_applied(applied, target, resource)
        stored = self.store.get(resource, target.namespace, target.name)
        if stored is None:
            self.world.access.demand(request.user, self.world.attributes("create", target))
            return self.apply_new(request, target, resource, applied, manager)
        live = stored.item
        forced = request.query.get("force") in ("true", "1", "")
        forced = forced and "force" in request.query
        merged, managers = managed_fields.apply(live, applied, resource.of_type, manager, forced)
        if manager == "kubectl":
            merged = with_last_applied(merged, live, applied)
        return self.save(request, target, resource, live, merged, managers)

    def check_applied(self, applied, target, resource):
        metadata = applied.get("metadata") if isinstance(applied.get("metadata"), dict) else {}
        if applied.get("apiVersion") != resource.api_version or applied.get("kind") != resource.kind:
            raise bad_request(f"Incorrect version specified in apply patch. Specified patch version: "
                              f"{applied.get('apiVersion')}, expected: {resource.api_version}")
        if "managedFields" in metadata:
            raise bad_request("metadata.managedFields must be nil")
        check_names(metadata, target)
        wrong = [] if typed.fits(applied, resource.of_type) else list(typed.problems(applied, resource.of_type))
        if wrong:
            said = f"{wrong[0][0]}: {wrong[0][1]}" if len(wrong) == 1 else \
                "errors:\n" + "\n".join(f"  {path}: {what}" for path, what in wrong)
            place = f"{metadata.get('namespace', '')}/{target.name}"
            gvk = f"{resource.group}/{resource.version}, Kind={resource.kind}"
            raise Refusal(500, "", f"failed to create typed patch object ({place}; {gvk}): {said}")

    def apply_new(self, request, target, resource, applied, manager):
        merged, managers = managed_fields.apply(None, applied, resource.of_type, manager, False)
        merged["metadata"] = dict(merged.get("metadata", {}), name=target.name)
        return self.insert(request, target, resource, merged, managers)

    # MARK: Create

    def create(self, request, target, resource):
        item = self.strictly_decoded(request, resource)
        metadata = item.setdefault("metadata", {})
        if not metadata.get("name") and metadata.get("generateName"):
            metadata["name"] = metadata["generateName"] + defaults.suffix()
        if not metadata.get("name"):
            raise invalid(resource.kind, resource.group, "",
                          [Cause("metadata.name", "Required value", "name or generateName is required")])
        target.name = metadata["name"]
        check_names(metadata, target)
        stored = self.store.get(resource, target.namespace, target.name)
        if stored:
            if resource.is_namespaced:
                self.namespace_of(target)
            raise already_exists(target.plural, target.group, target.name,
                                 bool(stored.item["metadata"].get("deletionTimestamp")))
        return self.insert(request, target, resource, item, None)

    def strictly_decoded(self, request, resource):
        item = decoded(request.body)
        unknown = [] if request.query.get("fieldValidation") == "Ignore" else \
            [path[1:] for path, what in typed.problems(item, resource.of_type) if "declared" in what]
        if unknown:
            said = ", ".join(f'unknown field "{path}"' for path in map(indexed(item), unknown))
            if request.query.get("fieldValidation") == "Strict":
                raise bad_request(f'{resource.kind} in version "{resource.version}" cannot be handled as a '
                                  f"{resource.kind}: strict decoding error: {said}")
            request.warnings.extend(said.split(", "))
        return item

    def insert(self, request, target, resource, item, managers):
        """Puts a new object in; its managers are those of apply, or come from what was sent."""
        namespace = self.namespace_of(target) if resource.is_namespaced else None
        if namespace:
            admission.demand_living_namespace(namespace, target)
        metadata = dict(item["metadata"], name=target.name)
        if resource.is_namespaced:
            metadata["namespace"] = target.namespace
        metadata.pop("resourceVersion", None)
        metadata.update(uid=str(uuid.uuid4()), creationTimestamp=managed_fields.now())
        if resource.kind in WITH_GENERATION or resource.is_custom:
            metadata["generation"] = 1
        item["metadata"], item["kind"], item["apiVersion"] = metadata, resource.kind, resource.api_version
        item.pop("status", None)
        defaults.set_defaults(item, resource.group)
        if managers is None:
            managers = managed_fields.update(None, item, resource.of_type, manager_of(request))
        metadata["managedFields"] = managers
        if resource.kind == "Pod":
            defaults.admit_pod(item)
        validation.check(item, None, resource.group)
        self.admit(request, resource, item, namespace)
        if namespace:
            admission.demand_quota(self.store, self.world.resources.resource("", "v1", "resourcequotas"), target)
        demand_size(item)
        if not request.is_dry:
            metadata["resourceVersion"] = self.store.next_version()
            stored = self.store.put(resource, target.namespace, target.name, item)
            self.world.noticed(resource, item)
            return Answer(201, with_kind(stored.text, resource.kind, resource.api_version) + b"\n")
        return Answer(201, with_kind(text_of(item), resource.kind, resource.api_version) + b"\n")

    def namespace_of(self, target):
        return admission.demand_namespace(self.store, self.world.resources.resource("", "v1", "namespaces"),
                                          target.namespace)

    def admit(self, request, resource, item, namespace):
        if namespace is not None:
            admission.pod_security(item, namespace, request)
        if resource.kind == "Pod":
            accounts = self.world.resources.resource("", "v1", "serviceaccounts")
            admission.demand_service_account(self.store, accounts, item)

    # MARK: Update

    def update(self, request, target, resource):
        item = self.strictly_decoded(request, resource)
        check_names(item.setdefault("metadata", {}), target)
        stored = self.store.get(resource, target.namespace, target.name)
        if stored is None:
            raise not_found(target.plural, target.group, target.name)
        return self.replace(request, target, resource, stored.item, item)

    def replace(self, request, target, resource, live, new):
        metadata, before = new["metadata"], live["metadata"]
        if metadata.get("resourceVersion", before["resourceVersion"]) != before["resourceVersion"]:
            raise stale(target.plural, target.group, target.name)
        if metadata.get("uid", before["uid"]) != before["uid"]:
            raise precondition(target.plural, target.group, target.name, metadata["uid"], before["uid"])
        kept = {name: before[name] for name in ("name", "namespace", "uid", "creationTimestamp", "generation",
                                                "deletionTimestamp", "resourceVersion") if name in before}
        new = {**new, "metadata": {**metadata, **kept}, "kind": resource.kind, "apiVersion": resource.api_version}
        if target.subresource != "status":
            new.pop("status", None)
            if "status" in live:
                new["status"] = live["status"]
        if resource.kind == "Service" and "clusterIP" in live["spec"]:
            for name in ("clusterIP", "clusterIPs"):
                new["spec"].setdefault(name, live["spec"][name])
        defaults.set_defaults(new, resource.group)
        managers = managed_fields.update(full(live, resource), new, resource.of_type, manager_of(request))
        new["metadata"]["managedFields"] = managers
        return self.save(request, target, resource, live, new, managers)

    def save(self, request, target, resource, live, merged, managers):
        """Stores what live becomes, unless that is what it is already."""
        merged = {**merged, "metadata": {**merged["metadata"], "managedFields": managers},
                  "kind": resource.kind, "apiVersion": resource.api_version}
        defaults.set_defaults(merged, resource.group)
        if not managers:
            merged["metadata"].pop("managedFields")
        before = full(live, resource)
        if merged == before:
            stored = self.store.get(resource, target.namespace, target.name)
            return Answer(200, with_kind(stored.text, resource.kind, resource.api_version) + b"\n")
        validation.check(merged, before, resource.group)
        if content(merged) != content(before):
            if "generation" in merged["metadata"]:
                merged["metadata"]["generation"] = before["metadata"]["generation"] + 1
            self.admit(request, resource, merged, self.namespace_of(target) if resource.is_namespaced else None)
        demand_size(merged)
        if request.is_dry:
            return Answer(200, with_kind(text_of(merged), resource.kind, resource.api_version) + b"\n")
        merged["metadata"]["resourceVersion"] = self.store.next_version()
        stored = self.store.put(resource, target.namespace, target.name, merged)
        if merged["metadata"].get("deletionTimestamp") and not merged["metadata"].get("finalizers"):
            self.store.remove(resource, target.namespace, target.name)
        self.world.noticed(resource, merged)
        return Answer(200, with_kind(stored.text, resource.kind, resource.api_version) + b"\n")

    # MARK: Delete

    def delete(self, request, target, resource):
        stored = self.store.get(resource, target.namespace, target.name)
        if stored is None:
            raise not_found(target.plural, target.group, target.name)
        options = json.loads(request.body) if request.body else {}
        metadata = stored.item["metadata"]
        wanted = (options.get("preconditions") or {}).get("uid", metadata["uid"])
        if wanted != metadata["uid"]:
            raise precondition(target.plural, target.group, target.name, wanted, metadata["uid"])
        policy = options.get("propagationPolicy") or request.query.get("propagationPolicy", "Background")
        # With a body, the query counts for nothing, as in a real server: a dry run has to be in the body.
        dry = options.get("dryRun") == ["All"] if request.body else request.is_dry
        grace = options.get("gracePeriodSeconds", request.query.get("gracePeriodSeconds"))
        lingers = bool(metadata.get("finalizers")) or policy == "Foreground" or \
            (resource.kind == "Pod" and str(grace) != "0")
        if dry or not lingers:
            if not dry:
                self.store.remove(resource, target.namespace, target.name)
                self.world.forgotten(resource, stored.item)
            return json_answer(200, {"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success",
                                     "details": details(target.name, target.group, target.plural,
                                                        uid=metadata["uid"])})
        return self.mark_deleted(target, resource, stored, policy)

    def mark_deleted(self, target, resource, stored, policy):
        """The object stays until its finalizers, its dependents or its processes are gone."""
        item = stored.item
        metadata = dict(item["metadata"], deletionTimestamp=managed_fields.now(), deletionGracePeriodSeconds=0)
        own = metadata.get("finalizers")
        if policy == "Foreground":
            metadata["finalizers"] = [*(own or []), "foregroundDeletion"]
        metadata["resourceVersion"] = self.store.next_version()
        stored = self.store.put(resource, target.namespace, target.name, {**item, "metadata": metadata})
        if not own:
            self.store.remove_later(resource, target.namespace, target.name, SECONDS_TO_REMOVE)
        return Answer(200, with_kind(stored.text, resource.kind, resource.api_version) + b"\n")


# MARK: Small things

MOST_STORED = 3 << 19  # of etcd, for one request
MOST_SENT = 3 << 20


def demand_size(item):
    """etcd has its own limit, of which the server knows nothing."""
    if len(text_of(item)) > MOST_STORED:
        raise Refusal(500, "", "etcdserver: request is too large")


def full(live, resource):
    """An object with kind and apiVersion, which lists leave out."""
    return {**live, "kind": resource.kind, "apiVersion": resource.api_version}


def content(item):
    return {name: value for name, value in item.items() if name not in ("metadata", "status")}


def check_names(metadata, target):
    if target.name and metadata.get("name") and metadata["name"] != target.name:
        raise bad_request(f"the name of the object ({metadata['name']}) does not match the name on the URL "
                          f"({target.name})")
    if metadata.get("namespace") and metadata["namespace"] != target.namespace:
        raise bad_request("the namespace of the provided object does not match the namespace sent on the request")


def manager_of(request):
    return request.query.get("fieldManager") or request.headers.get("user-agent", "unknown").partition("/")[0]


def with_last_applied(merged, live, applied):
    """kubectl's own annotation is kept up to date by the server where kubectl applies."""
    name = managed_fields.LAST_APPLIED
    if name not in (live["metadata"].get("annotations") or {}):
        return merged
    text = json.dumps(applied, sort_keys=True, separators=(",", ":")) + "\n"
    metadata = merged["metadata"]
    return {**merged, "metadata": {**metadata, "annotations": {**(metadata.get("annotations") or {}), name: text}}}


def indexed(item):
    """Turns `containers[name="web"]` into `containers[0]`, which is how decoding says it."""
    def rewrite(path):
        value, said = item, ""
        for part in re.findall(r"\[[^\]]*\]|[^.\[\]]+", path):
            if not part.startswith("["):
                value = value.get(part) if isinstance(value, dict) else None
                said += ("." if said else "") + part
                continue
            pairs = dict(re.findall(r'(\w+)="?([^",\]]*)"?', part))
            index = next((at for at, each in enumerate(value or []) if isinstance(each, dict)
                          and all(str(each.get(key)) == found for key, found in pairs.items())), None) \
                if pairs else int(part[1:-1])
            value = value[index] if index is not None else None
            said += f"[{index}]"
        return said

    return rewrite
