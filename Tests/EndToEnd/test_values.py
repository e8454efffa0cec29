"""What is said of values that only the agent reads is what the agent says: it starts, or it does not."""

import base64
import json
import subprocess
import time

import manifests
from case import Case
from needs import bao

# Annotations, and whether OpenBao's agent starts with them.
VALUES = [
    ({"auth-min-backoff": "1.5h"}, False),
    ({"auth-min-backoff": "301s"}, False),
    ({"auth-min-backoff": "4m59s"}, True),
    ({"auth-max-backoff": "250ms"}, False),
    ({"auth-max-backoff": "0"}, True),
    ({"auth-min-backoff": "-1s"}, True),
    ({"auth-type": "Kubernetes"}, False),
    ({"auth-type": "k8s"}, False),
    ({"agent-enable-quit": "true", "agent-cache-listener-port": "-5"}, False),
    ({"agent-enable-quit": "true", "agent-cache-listener-port": "70000"}, False),
    ({"agent-enable-quit": "true", "agent-cache-listener-port": "0"}, True),
    ({"client-max-retries": "many"}, False),
    ({"client-max-retries": "-1"}, False),
    ({"client-max-retries": "1.5"}, False),
    ({"client-max-retries": "1"}, True),
    ({"client-timeout": "x"}, False),
    ({"client-timeout": "5"}, True),
    ({"client-timeout": "1h"}, True),
    ({"agent-disable-idle-connections": " auto-auth"}, False),
    ({"agent-disable-idle-connections": "auto-auth,caching"}, True),
    ({"agent-disable-keep-alives": "x"}, False),
    ({"agent-inject-perms-db": "rw-r--r--"}, False),
    ({"agent-inject-perms-db": "0o640"}, False),
    ({"agent-inject-perms-db": "77777"}, False),
    ({"agent-inject-perms-db": "640"}, True),
    ({"template-static-secret-render-interval": "whenever"}, False),
    ({"template-static-secret-render-interval": "5"}, True),
    ({"template-static-secret-render-interval": "1d"}, True),
    ({"log-level": "loud"}, False),
    ({"log-level": "INFO"}, True),
    ({"log-level": " info"}, True),
    ({"log-format": "xml"}, False),
]
# Where Vault's agent and OpenBao's differ, or only an image can tell, there is a warning and no error.
DOUBTFUL = [
    {"auth-min-backoff": "5m"},
    {"auth-min-backoff": "2s", "auth-max-backoff": "2s"},
    {"agent-enable-quit": "true", "agent-cache-listener-port": "http"},
    {"agent-enable-quit": "true", "agent-cache-listener-port": "unheard-of"},
]
NOWHERE = "http://127.0.0.1:1"
# What an agent logs once it has read everything it was given.
STARTED = "error authenticating"


class Values(Case):
    dialect = manifests.HASHICORP

    def test_errors_are_about_what_the_agent_refuses(self):
        for annotations, starts in VALUES:
            with self.subTest(annotations=annotations):
                errors = self.levels(annotations).count("error")
                self.assertEqual((errors == 0, self.agent_starts(annotations)), (starts, starts))

    def test_doubts_are_warnings(self):
        for annotations in DOUBTFUL:
            with self.subTest(annotations=annotations):
                self.assertEqual(self.levels(annotations), ["warning"])

    def manifest(self, annotations):
        return manifests.workload(self.folder, {"role": "app", "agent-inject-secret-db": "secret/db", **annotations},
                                  dialect=self.dialect)

    def levels(self, annotations):
        """How bad what is said of the values is."""
        done = self.inject("lint", "--report", "json", self.manifest(annotations))
        findings = [finding for entry in json.loads(done.err)["inputs"] for finding in entry["findings"]]
        return [finding["severity"] for finding in findings if finding["rule"] == "refused-value"]

    def agent_starts(self, annotations):
        done = self.inject("--exact", "-q", "-o", "json", "-f", self.manifest(annotations))
        pod = json.loads(done.out)
        spec = pod.get("spec", {}).get("template", pod).get("spec")
        agent = next(container for container in spec["containers"] if container["name"] == "vault-agent")
        environment = {variable["name"]: variable.get("value", "") for variable in agent["env"]}
        return self.starts(base64.b64decode(environment.pop("VAULT_CONFIG")).decode(), environment)

    def starts(self, configuration, environment):
        """True where an agent with this configuration gets as far as logging in."""
        token = self.folder / "token"
        token.write_text("token")
        moved = configuration.replace("/var/run/secrets/kubernetes.io/serviceaccount/token", str(token))
        for path in ("/home/vault", "/vault/secrets"):
            moved = moved.replace(path, str(self.folder))
        (self.folder / "agent.json").write_text(json.dumps({**json.loads(moved), "vault": {"address": NOWHERE}}))
        environment = {name: value for name, value in environment.items() if name.startswith("VAULT_")}
        with open(self.folder / "log", "wb") as log:
            process = subprocess.Popen(
                [bao(), "agent", f"-config={self.folder}/agent.json"], stdout=log, stderr=log,
                env={**environment, "HOME": str(self.folder), "VAULT_ADDR": NOWHERE})
        try:
            until = time.monotonic() + 20
            while process.poll() is None and time.monotonic() < until:
                if STARTED in (self.folder / "log").read_text():
                    return True
                time.sleep(0.05)
            self.assertIsNotNone(process.poll(), (self.folder / "log").read_text())
            return False
        finally:
            process.kill()
            process.wait()
