"""The resources the server has: those of the recorded discovery, and those that custom kinds bring."""

import copy
import json
from dataclasses import dataclass, field
from pathlib import Path

import schema

RECORDED = Path(__file__).resolve().parent.parent / "Fixtures" / "kube-apiserver"
CUSTOM_VERBS = ["delete", "deletecollection", "get", "list", "patch", "create", "update", "watch"]


@dataclass
class Resource:
    group: str
    version: str
    plural: str
    kind: str
    is_namespaced: bool
    verbs: list
    of_type: schema.Type
    subresources: list = field(default_factory=list)
    is_custom: bool = False

    @property
    def api_version(self):
        return f"{self.group}/{self.version}" if self.group else self.version

    @property
    def key(self):
        return self.group, self.plural


def recorded(name):
    return json.loads((RECORDED / f"{name}.json").read_text())["response"]["body"]


class Resources:
    """What there is, and how discovery tells it."""

    def __init__(self):
        self.core = recorded("discovery-aggregated-api")
        self.groups = recorded("discovery-aggregated-apis")
        self.found = {}
        for group in [*self.core["items"], *self.groups["items"]]:
            for version in group["versions"]:
                for row in version["resources"]:
                    self.add_row(group["metadata"].get("name", ""), version["version"], row)

    def add_row(self, group, version, row, of_type=None):
        api_version = f"{group}/{version}" if group else version
        kind = row["responseKind"]["kind"]
        found = Resource(group, version, row["resource"], kind, row["scope"] == "Namespaced",
                         row["verbs"], of_type or schema.of_kind(api_version, kind) or schema.FREE,
                         [each["subresource"] for each in row.get("subresources", [])], of_type is not None)
        self.found[group, version, row["resource"]] = found
        return found

    def resource(self, group, version, plural):
        return self.found.get((group, version, plural))

    def has_group(self, group, version):
        return any(key[:2] == (group, version) for key in self.found)

    # MARK: Custom kinds

    def define(self, definition):
        """Adds what a CustomResourceDefinition defines."""
        spec = definition["spec"]
        group, names = spec["group"], spec["names"]
        listed = next((each for each in self.groups["items"] if each["metadata"]["name"] == group), None)
        if listed is None:
            listed = {"metadata": {"name": group}, "versions": []}
            self.groups["items"].append(listed)
        for version in spec["versions"]:
            if not version.get("served", True):
                continue
            row = {"resource": names["plural"], "responseKind": {"group": group, "version": version["name"],
                                                                 "kind": names["kind"]},
                   "scope": spec["scope"], "singularResource": names.get("singular", names["kind"].lower()),
                   "verbs": CUSTOM_VERBS}
            for name in ("shortNames", "categories"):
                if names.get(name):
                    row[name] = names[name]
            of_type = schema.of_custom_kind((version.get("schema") or {}).get("openAPIV3Schema"))
            self.add_row(group, version["name"], row, of_type)
            rows = next((each for each in listed["versions"] if each["version"] == version["name"]), None)
            if rows is None:
                rows = {"version": version["name"], "resources": [], "freshness": "Current"}
                listed["versions"].append(rows)
            rows["resources"] = [each for each in rows["resources"] if each["resource"] != row["resource"]] + [row]

    def undefine(self, definition):
        spec = definition["spec"]
        for version in spec["versions"]:
            self.found.pop((spec["group"], version["name"], spec["names"]["plural"]), None)
        for group in self.groups["items"]:
            if group["metadata"]["name"] == spec["group"]:
                for version in group["versions"]:
                    version["resources"] = [each for each in version["resources"]
                                            if each["resource"] != spec["names"]["plural"]]
                group["versions"] = [each for each in group["versions"] if each["resources"]]
        self.groups["items"] = [each for each in self.groups["items"] if each["versions"]]

    # MARK: Discovery

    def aggregated(self, path, version):
        body = copy.copy(self.core if path == "/api" else self.groups)
        body["apiVersion"] = f"apidiscovery.k8s.io/{version}"
        return body

    def api_versions(self, address):
        return {"kind": "APIVersions", "versions": ["v1"],
                "serverAddressByClientCIDRs": [{"clientCIDR": "0.0.0.0/0", "serverAddress": address}]}

    def api_groups(self):
        groups = []
        for item in self.groups["items"]:
            groups.append(self.api_group(item))
        return {"kind": "APIGroupList", "apiVersion": "v1", "groups": groups}

    def api_group(self, item):
        name = item["metadata"]["name"]
        versions = [{"groupVersion": f"{name}/{each['version']}", "version": each["version"]}
                    for each in item["versions"]]
        return {"name": name, "versions": versions, "preferredVersion": versions[0]}

    def group(self, name):
        item = next((each for each in self.groups["items"] if each["metadata"]["name"] == name), None)
        return {"kind": "APIGroup", "apiVersion": "v1", **self.api_group(item)} if item else None

    def resource_list(self, group, version):
        """The legacy list of one version's resources; None where there is no such version."""
        for item in [*self.core["items"], *self.groups["items"]]:
            if item["metadata"].get("name", "") != group:
                continue
            for each in item["versions"]:
                if each["version"] == version:
                    rows = [row for resource in each["resources"] for row in legacy_rows(resource)]
                    return {"kind": "APIResourceList", "apiVersion": "v1",
                            "groupVersion": f"{group}/{version}" if group else version, "resources": rows}
        return None


def legacy_rows(resource):
    namespaced = resource["scope"] == "Namespaced"
    row = {"name": resource["resource"], "singularName": resource["singularResource"], "namespaced": namespaced,
           "kind": resource["responseKind"]["kind"], "verbs": resource["verbs"]}
    for name in ("shortNames", "categories"):
        if resource.get(name):
            row[name] = resource[name]
    yield row
    for each in resource.get("subresources", []):
        kind = each["responseKind"]
        row = {"name": f"{resource['resource']}/{each['subresource']}", "singularName": "", "namespaced": namespaced,
               "kind": kind["kind"], "verbs": each["verbs"]}
        yield {**row, "group": kind["group"], "version": kind["version"]} if kind["group"] else row
