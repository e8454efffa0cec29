"""Manifests that are large in one direction each: what a mistake in an algorithm makes slow, and no more lines do."""

import json

POD = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  template:
    metadata:
      labels:
        com.talend.application: shop
        com.talend.service: web
      annotations:
{annotations}    spec:
      containers:
{containers}"""

TALEND = '        sidecar.vault.talend.org/inject: "true"\n'
HASHICORP = '        vault.hashicorp.com/agent-inject: "true"\n        vault.hashicorp.com/role: shop\n'
CONTAINER = "        - name: app\n          image: app:1\n"


def lines(count, text):
    return "".join(text.replace("#", str(index)) for index in range(count))


def listed(count, text):
    return ",".join(text.replace("#", str(index)) for index in range(count))


def talend(annotations="", containers=CONTAINER):
    return POD.format(annotations=TALEND + annotations, containers=containers)


def hashicorp(annotations="", containers=CONTAINER):
    return POD.format(annotations=HASHICORP + annotations, containers=containers)


def item(manifest):
    return "  - " + manifest.rstrip("\n").replace("\n", "\n    ") + "\n"


def json_list(count):
    template = {
        "metadata": {
            "labels": {"com.talend.application": "shop", "com.talend.service": "web"},
            "annotations": {"sidecar.vault.talend.org/inject": "true"},
        },
        "spec": {"containers": [{"name": "app", "image": "app:1"}]},
    }
    items = [
        {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": f"web-{index}"},
         "spec": {"template": template}}
        for index in range(count)
    ]
    return json.dumps({"apiVersion": "v1", "kind": "List", "items": items})


# What grows, the manifest for a count of it, and a count that takes a moment.
SHAPES = (
    ("containers", lambda n: talend("", lines(n, "        - name: c#\n          image: app:1\n")), 2_000),
    ("containers with an empty list", lambda n: talend("", lines(n, "        - name: c#\n          env:\n")), 1_000),
    ("containers merged from another", lambda n: talend("", "        - &c\n          name: app\n"
                                                        + lines(n, "        - {<<: *c, name: c#}\n")), 500),
    ("containers on one line", lambda n: talend("", f"        [{listed(n, '{name: c#, image: app:1}')}]\n"), 1_000),
    ("volume mounts", lambda n: talend("", CONTAINER + "          volumeMounts:\n"
                                       + lines(n, "            - {name: v#, mountPath: /m#}\n")), 10_000),
    ("annotations nobody reads", lambda n: talend(lines(n, "        sidecar.vault.talend.org/zz#: x\n")), 2_000),
    ("annotations in the wrong place", lambda n: talend().replace(
        "spec:\n", "  annotations:\n" + lines(n, "    sidecar.vault.talend.org/zz#: x\n") + "spec:\n", 1), 5_000),
    ("Talend's secrets", lambda n: talend(
        f"        sidecar.vault.talend.org/secrets-path: {listed(n, 'secret/p#')}\n"
        f"        sidecar.vault.talend.org/secrets-destination: {listed(n, 'f#')}\n"), 5_000),
    ("HashiCorp's secrets", lambda n: hashicorp(
        lines(n, "        vault.hashicorp.com/agent-inject-secret-s#: secret/p#\n")), 5_000),
    ("HashiCorp's secrets in folders", lambda n: hashicorp(
        lines(n, "        vault.hashicorp.com/agent-inject-secret-s#: secret/p#\n"
                 "        vault.hashicorp.com/secret-volume-path-s#: /p#\n")), 2_500),
    ("operations of a JSON Patch", lambda n: hashicorp(
        "        vault.hashicorp.com/agent-json-patch: '["
        + listed(n, '{"op":"add","path":"/args/-","value":"a#"}') + "]'\n"), 250),
    ("pods that are aliases of one", lambda n: "apiVersion: v1\nkind: List\nitems:\n" + item(talend().replace(
        "  template:", "  template: &pod")) + lines(n, item(POD.split("  template:")[0] + "  template: *pod\n")), 500),
    ("objects of a List on one line", json_list, 1_000),
    ("comments and empty documents", lambda n: "---\n# a comment\n" * n + talend(), 20_000),
)
