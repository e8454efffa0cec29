#!/usr/bin/env python3
"""Writes schema.json: what the API server knows of the types of its kinds, as far as applying needs it.

  python3 distil_schema.py _definitions.json > schema.json

_definitions.json is Kubernetes' own OpenAPI document as the package kubernetes-validate 1.37.0 carries it, under
kubernetes-json-schema/v1.36.0-local. Only the kinds of the recorded discovery are kept, and of each type only
what decides who owns a field: names, lists' keys, and what is atomic. The forms are:

  "string"  "integer"  "number"  "boolean"  "any"           a scalar, or a value that is not looked into
  "#Type"                                                   another type
  {"map": FORM}                                             keys of the user's choice
  {"list": FORM, "keys": [...]}, {"list": FORM, "set": true}, {"list": FORM}   the last one is atomic
  {"fields": {NAME: FORM}}                                  a type; "open": true takes unknown fields too
Each of the last four may have "atomic": true: it is owned as a whole.
"""

import json
import sys
from pathlib import Path

RECORDED = Path(__file__).resolve().parent.parent / "Fixtures" / "kube-apiserver"
MANY_FORMS = ("IntOrString", "Quantity")


def recorded_kinds():
    for name in ("discovery-aggregated-api", "discovery-aggregated-apis"):
        for group in json.loads((RECORDED / f"{name}.json").read_text())["response"]["body"]["items"]:
            for version in group["versions"]:
                for resource in version["resources"]:
                    yield group["metadata"].get("name", ""), version["version"], resource["responseKind"]["kind"]


def short(name):
    """The last two parts, `v1.PodSpec`, and the group where two have the same."""
    return ".".join(name.split(".")[-3:]) if "pkg" not in name else ".".join(name.split(".")[-2:])


def type_name(schema):
    kind = schema.get("type", "object" if "properties" in schema else "any")
    return next(name for name in kind if name != "null") if isinstance(kind, list) else kind


def form(schema, needed):
    if "$ref" in schema:
        name = schema["$ref"].split("/")[-1]
        if name.split(".")[-1] in MANY_FORMS:
            return "any"
        needed.append(name)
        atomic = schema.get("x-kubernetes-map-type") == "atomic"
        return {"ref": short(name), "atomic": True} if atomic else "#" + short(name)
    kind = type_name(schema)
    if kind == "array":
        found = {"list": form(schema["items"], needed)}
        if schema.get("x-kubernetes-list-type") == "map":
            found["keys"] = schema["x-kubernetes-list-map-keys"]
        elif schema.get("x-kubernetes-list-type") == "set":
            found["set"] = True
        return found
    if kind != "object":
        return kind if kind in ("string", "integer", "number", "boolean") else "any"
    if "properties" in schema:
        found = {"fields": {name: form(field, needed) for name, field in schema["properties"].items()}}
    elif isinstance(schema.get("additionalProperties"), dict):
        found = {"map": form(schema["additionalProperties"], needed)}
    else:
        found = {"fields": {}, "open": True}
    if schema.get("x-kubernetes-map-type") == "atomic":
        found["atomic"] = True
    if schema.get("x-kubernetes-preserve-unknown-fields"):
        found["open"] = True
    return found


def distil(definitions):
    names = {(kind["group"], kind["version"], kind["kind"]): name for name, schema in definitions.items()
             for kind in schema.get("x-kubernetes-group-version-kind", [])}
    kinds = {key: names[key] for key in sorted(set(recorded_kinds())) if key in names}
    needed, types = list(kinds.values()), {}
    while needed:
        name = needed.pop()
        if short(name) not in types:
            types[short(name)] = form(definitions[name], needed)
    return {
        "kinds": {f"{group}/{version} {kind}".lstrip("/"): short(name)
                  for (group, version, kind), name in kinds.items()},
        "types": dict(sorted(types.items())),
    }


if __name__ == "__main__":
    distilled = distil(json.loads(Path(sys.argv[1]).read_text())["$defs"])
    print("{\n\"kinds\": " + json.dumps(distilled["kinds"], indent=0) + ",\n\"types\": {")
    print(",\n".join(f"{json.dumps(name)}: {json.dumps(value)}" for name, value in distilled["types"].items()))
    print("}\n}")
