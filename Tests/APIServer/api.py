"""The API: from a request to its answer, without any network."""

import base64
import json
import os

import openapi
import request as requested
import selecting
from access import Access, Attributes, User
from answers import Answer, Refusal, bad_request, json_answer, method_not_allowed, no_such_path, not_found, \
    warning_header
from resources import Resources, recorded
from store import Store, with_kind
from watching import Watch
from writing import Writing, decoded

AGGREGATED = "application/json;g=apidiscovery.k8s.io;v={};as=APIGroupDiscoveryList"
NAMESPACES = ("default", "kube-system", "kube-public", "kube-node-lease", "shop", "staging")


class API:
    """The state of the server, and what it answers. `settings` is the watched file of switches."""

    def __init__(self, folder, settings):
        self.settings = settings
        self.access = Access(folder / "access.json")
        self.resources = Resources()
        self.store = Store()
        self.writing = Writing(self)
        self.address = ""
        self.logs = {}  # what containers wrote, by namespace, pod and container
        self.populate()

    def populate(self):
        """What is there from the start."""
        for name in NAMESPACES:
            self.add({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}})
        self.add({"apiVersion": "v1", "kind": "Namespace", "metadata": {
            "name": "strict", "labels": {"pod-security.kubernetes.io/warn": "restricted"}}})
        self.add({"apiVersion": "v1", "kind": "Namespace", "metadata": {
            "name": "locked", "labels": {"pod-security.kubernetes.io/enforce": "restricted"}}})
        self.add({"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "app", "namespace": "default"}})

    def add(self, item):
        """Puts an object there as somebody else's, in the way of a request."""
        version = item["apiVersion"]
        group, _, short = version.rpartition("/")
        resource = next(each for each in self.resources.found.values()
                        if (each.group, each.version, each.kind) == (group, short, item["kind"]))
        namespace = item["metadata"].get("namespace", "default") if resource.is_namespaced else ""
        target = requested.Target(group, short, resource.plural, namespace)
        request = requested.Request("POST", "/?fieldManager=kube-controller-manager&fieldValidation=Ignore", [],
                                   json.dumps(item).encode(), user=User("system:kube-controller-manager"))
        return self.writing.create(request, target, resource)

    # MARK: What writing tells

    def attributes(self, verb, target):
        namespace = target.name if target.plural == "namespaces" else target.namespace
        return Attributes(verb, target.group, target.plural, target.subresource, namespace, target.name)

    def noticed(self, resource, item):
        """Custom kinds are there as soon as their definition is."""
        if resource.kind == "CustomResourceDefinition":
            self.resources.define(item)
            conditions = [{"type": name, "status": "True", "reason": reason, "message": "",
                           "lastTransitionTime": item["metadata"]["creationTimestamp"]}
                          for name, reason in (("NamesAccepted", "NoConflicts"), ("Established", "InitialNamesAccepted"))]
            if not item.get("status"):
                item["status"] = {"conditions": conditions, "acceptedNames": item["spec"]["names"],
                                  "storedVersions": [item["spec"]["versions"][0]["name"]]}
                self.store.put(resource, "", item["metadata"]["name"], item)
        elif resource.kind == "Namespace" and "default" not in self.accounts(item):
            self.add({"apiVersion": "v1", "kind": "ServiceAccount",
                      "metadata": {"name": "default", "namespace": item["metadata"]["name"]}})

    def accounts(self, namespace):
        found = self.store.objects.get(("", "serviceaccounts"), {})
        return [name for place, name in found if place == namespace["metadata"]["name"]]

    def forgotten(self, resource, item):
        if resource.kind == "CustomResourceDefinition":
            self.resources.undefine(item)

    # MARK: Answering

    def answer(self, request):
        """The answer to a request; whatever is refused is an answer too."""
        try:
            answer = self.route(request)
        except Refusal as refusal:
            answer = refusal.answer()
        answer.headers.extend(warning_header(text) for text in request.warnings)
        return answer

    def route(self, request):
        self.store.bury()
        request.user = self.access.user_of(request)
        target = requested.target_of(request.path)
        if target is None or not self.resources.has_group(target.group, target.version):
            return self.other(request)
        resource = self.resources.resource(target.group, target.version, target.plural)
        if resource is None or (target.subresource and target.subresource not in resource.subresources):
            self.access.demand(request.user, self.attributes(requested.verb_of(request, target), target))
            return no_such_path()
        if resource.is_namespaced and not target.namespace and (target.name or request.method == "POST"):
            return no_such_path()
        review = self.review(request, target)
        if review:
            return review
        verb = requested.verb_of(request, target)
        self.access.demand(request.user, self.attributes(verb, target))
        if (target.plural, target.subresource, request.method) == ("serviceaccounts", "token", "POST"):
            return self.token(request, target, resource)
        return self.perform(verb, request, target, resource)

    def perform(self, verb, request, target, resource):
        if (target.plural, target.subresource, verb) == ("pods", "log", "get"):
            return self.log(request, target, resource)
        if verb == "get":
            stored = self.store.get(resource, target.namespace, target.name)
            if stored is None:
                raise not_found(target.plural, target.group, target.name)
            return Answer(200, with_kind(stored.text, resource.kind, resource.api_version) + b"\n")
        if verb == "list":
            return self.list(request, target, resource)
        if verb == "watch":
            watch = Watch(self, request, target, resource)
            return Answer(200, b"", watch=watch if self.settings.value.get("watches", True) else None)
        if verb == "deletecollection":
            raise method_not_allowed()
        if verb not in resource.verbs:
            raise method_not_allowed()
        return getattr(self.writing, verb)(request, target, resource)

    def log(self, request, target, resource):
        """The last lines of what a container wrote, which only tests say."""
        if self.store.get(resource, target.namespace, target.name) is None:
            raise not_found(target.plural, target.group, target.name)
        container = request.query.get("container", "")
        text = self.logs.get((target.namespace, target.name, container))
        if text is None:
            raise bad_request(f'container "{container}" in pod "{target.name}" is waiting to start: PodInitializing')
        lines = text.splitlines(keepends=True)[-int(request.query.get("tailLines", 1000)):]
        return Answer(200, "".join(lines).encode()[:int(request.query.get("limitBytes", 1 << 20))],
                      "text/plain; charset=utf-8")

    def list(self, request, target, resource):
        query = request.query
        matches = selecting.matcher(query.get("labelSelector"), query.get("fieldSelector"))
        limit = int(query.get("limit") or 0)
        items, token, left = self.store.page(resource, target.namespace, matches, limit, query.get("continue"))
        metadata = {"resourceVersion": str(self.store.version)}
        if token:
            metadata["continue"] = token
        if left is not None:
            metadata["remainingItemCount"] = left
        head = {"kind": resource.kind + "List", "apiVersion": resource.api_version, "metadata": metadata}
        if resource.is_custom:  # whose items carry their kind
            items = [with_kind(text, resource.kind, resource.api_version) for text in items]
        return Answer(200, json.dumps(head)[:-1].encode() + b',"items":[' + b",".join(items) + b"]}\n")

    # MARK: What is no object

    def other(self, request):
        path, accept = request.path.rstrip("/") or "/", request.headers.get("accept", "")
        if path in ("/healthz", "/livez", "/readyz"):
            return Answer(200, b"ok", "text/plain; charset=utf-8")
        if path == "/version":
            return json_answer(200, recorded("version"))
        if path.startswith("/openapi/v3"):
            return openapi.answer(path, self.resources)
        if path in ("/api", "/apis"):
            return self.discovery(path, accept)
        parts = path.strip("/").split("/")
        if parts[0] == "apis" and len(parts) == 2:
            found = self.resources.group(parts[1])
        elif parts[0] == "apis" and len(parts) == 3:
            found = self.resources.resource_list(parts[1], parts[2])
        else:
            found = self.resources.resource_list("", "v1") if path == "/api/v1" else None
        return json_answer(200, found) if found else no_such_path()

    def discovery(self, path, accept):
        wanted = self.settings.value.get("discovery", "v2")
        for version in ("v2", "v2beta1"):
            if wanted == version and f"g=apidiscovery.k8s.io;v={version};as=APIGroupDiscoveryList" in accept:
                answer = json_answer(200, self.resources.aggregated(path, version))
                answer.content_type = AGGREGATED.format(version)
                return answer
        return json_answer(200, self.resources.api_versions(self.address) if path == "/api"
                           else self.resources.api_groups())

    def review(self, request, target):
        """The answer to a review, which everybody may ask for; None where the request is none."""
        if request.method != "POST" or not target.plural.endswith("reviews"):
            return None
        body = decoded(request.body)
        spec = body.get("spec") or {}
        if target.plural == "selfsubjectaccessreviews":
            status = {"allowed": self.access.allows(request.user, asked(spec))}
        elif target.plural == "selfsubjectreviews":
            status = {"userInfo": request.user.as_info()}
        elif target.plural == "tokenreviews":
            status = self.token_status(spec.get("token", ""))
        else:
            return None
        return json_answer(201, {**body, "status": status})

    def token(self, request, target, resource):
        """A token of a service account, which only its shape makes one."""
        if self.store.get(resource, target.namespace, target.name) is None:
            raise not_found(target.plural, target.group, target.name)
        spec = decoded(request.body).get("spec") or {}
        if spec.get("expirationSeconds", 3600) < 600:
            return json_answer(422, recorded("token-request-too-short"))
        answer = recorded("token-request")
        answer["metadata"].update(name=target.name, namespace=target.namespace)
        answer["spec"] = {**answer["spec"], **spec}
        claims = {"aud": answer["spec"]["audiences"], "sub": f"system:serviceaccount:{target.namespace}:{target.name}"}
        parts = [json.dumps({"alg": "RS256"}).encode(), json.dumps(claims).encode(), os.urandom(32)]
        answer["status"]["token"] = ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts)
        return json_answer(201, answer)

    def token_status(self, token):
        try:
            user = self.access.from_token(token, counts=False)
        except Refusal:
            return {"user": {}, "error": "invalid bearer token"}
        return {"authenticated": True, "user": user.as_info(), "audiences": ["https://kubernetes.default.svc"]}


def asked(spec):
    wanted = spec.get("resourceAttributes")
    if not wanted:
        path = (spec.get("nonResourceAttributes") or {}).get("path", "/")
        return Attributes((spec.get("nonResourceAttributes") or {}).get("verb", "get"), path=path)
    if not wanted.get("verb"):
        raise bad_request("resourceAttributes.verb is missing")
    return Attributes(wanted["verb"], wanted.get("group", ""), wanted.get("resource", ""),
                      wanted.get("subresource", ""), wanted.get("namespace", ""), wanted.get("name", ""))
