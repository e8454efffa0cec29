"""The little of OpenAPI v3 that kubectl asks before it applies: which queries a resource's patch takes."""

from answers import json_answer, no_such_path

QUERIES = ("dryRun", "fieldManager", "fieldValidation", "force")


def answer(path, resources):
    versions = {("api/v1" if not group else f"apis/{group}/{version}"): (group, version)
                for group, version, _ in resources.found}
    wanted = path.removeprefix("/openapi/v3").strip("/")
    if not wanted:
        return json_answer(200, {"paths": {each: {"serverRelativeURL": f"/openapi/v3/{each}?hash=0"}
                                           for each in versions}})
    if wanted not in versions:
        return no_such_path()
    return json_answer(200, {"openapi": "3.0.0", "info": {"title": "Kubernetes", "version": "v1.36.0"},
                             "paths": paths(wanted, versions[wanted], resources), "components": {"schemas": {}}})


def paths(prefix, of_version, resources):
    found = {}
    for (*version, _), resource in resources.found.items():
        if tuple(version) != of_version:
            continue
        place = "namespaces/{namespace}/" if resource.is_namespaced else ""
        kind = {"group": resource.group, "version": resource.version, "kind": resource.kind}
        found[f"/{prefix}/{place}{resource.plural}/{{name}}"] = {"patch": {
            "x-kubernetes-action": "patch", "x-kubernetes-group-version-kind": kind,
            "parameters": [{"name": name, "in": "query", "schema": {"type": "string"}} for name in QUERIES],
            "responses": {}}}
    return found
