#!/usr/bin/env python3
"""A real OpenBao whose roles log in with tokens of the tests' cluster: for `preflight`, beside its own client.

As a program it starts both, tells where they are in a line of JSON, and ends when its standard input does.
"""

import json
import os
import pathlib
import subprocess
import sys

from cluster import PYTHON, ROOT

ROLES = 20


def missing():
    """Why they cannot be had here; None where they can."""
    if not os.path.exists(PYTHON):
        return "OpenBao is not installed: run Tests/run.sh once"
    return None


class Vault:
    """Both servers, in a process of their own."""

    def __init__(self, folder):
        self.process = subprocess.Popen(
            [PYTHON, os.path.abspath(__file__), folder], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        facts = json.loads(self.process.stdout.readline())
        self.bao, self.address, self.kubeconfig = facts["bao"], facts["address"], facts["kubeconfig"]
        self.tokens = facts["tokens"]

    def stop(self):
        self.process.stdin.close()
        self.process.wait()


def pods(path, count):
    """Writes as many Deployments, of twenty roles."""
    documents = []
    for index in range(count):
        annotations = {"vault.hashicorp.com/agent-inject": "true", "vault.hashicorp.com/role": f"team-{index % ROLES}",
                       "vault.hashicorp.com/agent-inject-secret-app": f"secret/team-{index % ROLES}"}
        template = {"metadata": {"labels": {"app": "app"}, "annotations": annotations},
                    "spec": {"serviceAccountName": "app", "containers": [{"name": "app", "image": "registry.test/app:1"}]}}
        documents.append({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": f"app-{index}"},
                          "spec": {"selector": {"matchLabels": {"app": "app"}}, "template": template}})
    with open(path, "w", encoding="utf-8") as file:
        file.write("\n---\n".join(json.dumps(document) for document in documents))


def serve(folder):
    tests = pathlib.Path(ROOT) / "Tests"
    sys.path[:0] = [str(tests / "EndToEnd"), str(tests)]
    from kube_server import Cluster
    from needs import bao
    from vault_server import VaultServer

    folder = pathlib.Path(folder)
    cluster = Cluster(folder / "cluster")
    vault = VaultServer(folder / "vault", cluster)
    try:
        tokens = []
        for index in range(ROLES):
            vault.kubernetes_role(f"team-{index}", "app")
            vault.write(f"secret/team-{index}", user="u")
            tokens.append(cluster.issue("default", "app"))
        print(json.dumps({"bao": bao(), "address": vault.address, "kubeconfig": str(cluster.kubeconfig(folder)),
                          "tokens": tokens}), flush=True)
        sys.stdin.read()
    finally:
        vault.stop()


if __name__ == "__main__":
    serve(sys.argv[1])
