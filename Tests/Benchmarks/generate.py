#!/usr/bin/env python3
"""Writes the benchmarks' inputs: the same bytes on every run and machine.

  generate.py deployments COUNT FILE   COUNT annotated Deployments, about 1.55 KB each, in one file
  generate.py hashicorp COUNT FILE     the same Deployments, asking HashiCorp's injector for as much
  generate.py patch FILE               a strategic merge patch that adds to them what an injection adds
  generate.py folder COUNT DIR         COUNT files of a repository in which nothing is to be injected
  generate.py manifests COUNT DIR      COUNT files of one annotated Deployment each
  generate.py list COUNT FILE          one list of JSON with COUNT Deployments
"""

import json
import os
import random
import sys

import shapes

DEPLOYMENT = """\
# {name}: one of the {team} team's services.
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {name}
  namespace: {team}
  labels:
    app.kubernetes.io/name: {name}
spec:
  replicas: {replicas}
  selector:
    matchLabels:
      app.kubernetes.io/name: {name}
  template:
    metadata:
      labels:
        app.kubernetes.io/name: {name}
        com.talend.application: {team}
        com.talend.service: {name}
      annotations:
{annotations}    spec:
      serviceAccountName: {name}
      containers:
        - name: {name}
          image: "registry.example.com/{team}/{name}:{version}"  # bumped by the pipeline
          command: ["/usr/local/bin/{name}", "--listen=:8080"]
          ports:
            - name: http
              containerPort: 8080
          env:
            - name: LOG_LEVEL
              value: {level}
          readinessProbe:
            httpGet:
              path: /ready
              port: http
            periodSeconds: 5
          resources:
            requests:
              cpu: {cpu}m
              memory: {memory}Mi
            limits:
              memory: {memory}Mi
          securityContext:
            allowPrivilegeEscalation: false
            capabilities:
              drop: [ALL]
"""

ANNOTATIONS = """\
        # secrets come from Vault
        sidecar.vault.talend.org/inject: "true"
        sidecar.vault.talend.org/secrets-path: "secret/{team}/{name}"
        sidecar.vault.talend.org/secrets-destination: secrets.properties
"""

HASHICORP = """\
        # secrets come from Vault
        vault.hashicorp.com/agent-inject: "true"
        vault.hashicorp.com/role: "{team}"
        vault.hashicorp.com/agent-inject-secret-secrets.properties: "secret/{team}/{name}"
"""

SCRAPED = """\
        prometheus.io/scrape: "true"
        prometheus.io/port: "8080"
"""

SERVICE = """\
apiVersion: v1
kind: Service
metadata:
  name: {name}
  namespace: {team}
spec:
  selector:
    app.kubernetes.io/name: {name}
  ports:
    - name: http
      port: 80
      targetPort: http
"""

CONFIG_MAP = """\
apiVersion: v1
kind: ConfigMap
metadata:
  name: {name}
  namespace: {team}
data:
  application.yaml: |
    # read once, at start
"""

INGRESS = """\
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: {name}
  namespace: {team}
spec:
  rules:
    - host: {name}.example.com
      http:
        paths:
          - path: /
            pathType: Prefix
            backend:
              service:
                name: {name}
                port:
                  name: http
"""

TEAMS = ("payments", "catalog", "search", "delivery", "accounts", "returns", "pricing", "reports")
NOUNS = ("ledger", "gateway", "worker", "indexer", "mailer", "exporter", "planner", "console", "broker")


def facts(source, index):
    team = source.choice(TEAMS)
    return {
        "team": team,
        "name": f"{source.choice(NOUNS)}-{index:06d}",
        "replicas": source.randint(1, 9),
        "version": f"{source.randint(0, 9)}.{source.randint(0, 40)}.{source.randint(0, 9)}",
        "level": source.choice(("info", "warning", "debug")),
        "cpu": source.choice((50, 100, 250, 500)),
        "memory": source.choice((64, 128, 256, 512)),
    }


def deployment(values, annotations):
    return DEPLOYMENT.format(annotations=annotations.format(**values), **values)


def write_deployments(count, path, annotations=ANNOTATIONS):
    source = random.Random(1)
    with open(path, "w", encoding="utf-8") as file:
        for index in range(count):
            file.write("---\n" if index else "")
            file.write(deployment(facts(source, index), annotations))


def write_patch(path):
    """The container, the volumes and their bulk are those of a file injection with kubernetes auth."""
    script = "\n".join(f"line {line} of script and configuration" for line in range(45))
    agent = {
        "name": "tvsi-vault-agent",
        "image": "hashicorp/vault:2.0.4",
        "command": ["/bin/sh", "-ec", script],
        "env": [{"name": "VAULT_ADDR", "value": "configured"}],
        "resources": {
            "requests": {"cpu": "160m", "memory": "65Mi"}, "limits": {"cpu": "200m", "memory": "80Mi"},
        },
        "volumeMounts": [
            {"name": "secrets", "mountPath": "/opt/talend/secrets"},
            {"name": "tvsi-agent", "mountPath": "/home/vault"},
        ],
    }
    volumes = [{"name": name, "emptyDir": {"medium": "Memory"}} for name in ("secrets", "tvsi-agent")]
    template = {
        "metadata": {"annotations": {"sidecar.vault.talend.org/status": "injected"}},
        "spec": {"containers": [agent], "volumes": volumes},
    }
    with open(path, "w", encoding="utf-8") as file:
        json.dump({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "any"},
                   "spec": {"template": template}}, file)


def config_map(source, values):
    lines = [f"    setting.{line}: {source.randint(0, 10**9)}\n" for line in range(source.randint(3, 300))]
    return CONFIG_MAP.format(**values) + "".join(lines)


def repository_file(source, index):
    """One file as repositories have them: mostly one object, now and then a whole application."""
    values = facts(source, index)
    kind = source.random()
    if kind < 0.35:
        return deployment(values, SCRAPED)
    if kind < 0.55:
        return SERVICE.format(**values)
    if kind < 0.75:
        return config_map(source, values)
    if kind < 0.85:
        return INGRESS.format(**values)
    parts = (config_map(source, values), SERVICE.format(**values), deployment(values, SCRAPED))
    return "---\n".join(parts)


def write_folder(count, path):
    source = random.Random(2)
    for index in range(count):
        folder = os.path.join(path, f"{TEAMS[index % len(TEAMS)]}", f"{index // 100:03d}")
        os.makedirs(folder, exist_ok=True)
        with open(os.path.join(folder, f"{index:06d}.yaml"), "w", encoding="utf-8") as file:
            file.write(repository_file(source, index))


def write_manifests(count, path):
    source = random.Random(3)
    os.makedirs(path, exist_ok=True)
    for index in range(count):
        with open(os.path.join(path, f"{index:06d}.yaml"), "w", encoding="utf-8") as file:
            file.write(deployment(facts(source, index), ANNOTATIONS))


def write_list(count, path):
    """One document, laid out as `kubectl get -o json` does."""
    with open(path, "w", encoding="utf-8") as file:
        json.dump(json.loads(shapes.json_list(count)), file, indent=4)
        file.write("\n")


def main(arguments):
    match arguments:
        case ["deployments", count, path]:
            write_deployments(int(count), path)
        case ["hashicorp", count, path]:
            write_deployments(int(count), path, HASHICORP)
        case ["patch", path]:
            write_patch(path)
        case ["folder", count, path]:
            write_folder(int(count), path)
        case ["list", count, path]:
            write_list(int(count), path)
        case ["manifests", count, path]:
            write_manifests(int(count), path)
        case _:
            sys.exit(__doc__)


if __name__ == "__main__":
    main(sys.argv[1:])
