"""What was applied and is read back is recognised, and conflicts with nothing that means the same."""

import json

from case import Case, deployment

WAYS = [("--sidecars", "container"), ("--sidecars", "native")]
HASHICORP = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata:
      labels: {app: web}
      annotations: {vault.hashicorp.com/agent-inject: "true", vault.hashicorp.com/role: web,
                    vault.hashicorp.com/agent-inject-secret-a: secret/a}
    spec:
      containers: [{name: web, image: "nginx:1.27", volumeMounts: [{name: data, mountPath: /data}]}]
      volumes: [{name: data, emptyDir: {}}]
"""


class ThereAndBack(Case):
    def every_way(self, check):
        for manifest in (deployment(), HASHICORP):
            for way in WAYS:
                self.restart(self.server)
                with self.subTest(way=way, hashicorp=manifest == HASHICORP):
                    check(self.write("web.yaml", manifest), way)

    def read_back(self):
        item = self.live("deployments", "web")
        del item["metadata"]["managedFields"]
        return json.dumps(item)

    def test_what_is_read_back_checks_clean_and_is_taken_out(self):
        self.every_way(self.check_read_back)

    def check_read_back(self, path, way):
        self.demand(self.inject("apply", "-f", path, *way), 0)
        stored = self.read_back()
        self.demand(self.inject("--check", *way, "-f", "-", text=stored), 0)
        bare = self.inject("uninject", "-q", "-f", "-", text=stored)
        self.demand(bare, 0)
        self.assertNotRegex(bare.out, "tvsi-|vault-agent|home-init")
        self.demand(self.inject("apply", "-f", path, *way), 0)
        self.assertEqual(self.live("deployments", "web")["metadata"]["generation"], 1)

    def test_another_manager_of_the_same_fields_is_no_conflict(self):
        self.every_way(self.check_managers)

    def check_managers(self, path, way):
        injected = self.write("injected.yaml", self.inject("-q", "-f", path, *way).out)
        self.demand(self.inject("apply", "--field-manager", "kubectl", "-f", injected, *way), 0)
        self.demand(self.inject("apply", "-f", injected, *way), 0)
        self.demand(self.inject("apply", "--field-manager", "third", "-f", path, *way), 0)
