"""The agent as a proxy that logs in for the application."""

import base64
import json
import urllib.error
import urllib.request

from case import AGENT, Case
from vault_server import free_port


class Proxy(Case):
    def setUp(self):
        super().setUp()
        self.vault.kubernetes_role("app", "app")
        self.vault.call("POST", "transit/keys/app", {})
        self.port = free_port()

    def ask(self, method, path, body=None):
        data = json.dumps(body).encode() if body else None
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}/v1/{path}", data, method=method)
        with urllib.request.urlopen(request, timeout=5) as answer:
            return json.loads(answer.read())["data"]

    def listens(self):
        try:
            return self.ask("GET", "auth/token/lookup-self")
        except (OSError, urllib.error.HTTPError):
            return False

    def test_transit_without_a_token(self):
        pod = self.run_workload({"role": "app", "mode": "proxy", "proxy-port": str(self.port)})
        self.wait(pod, self.listens, "the proxy")
        plain = base64.b64encode(b"attack at dawn").decode()
        cipher = self.ask("POST", "transit/encrypt/app", {"plaintext": plain})["ciphertext"]
        self.assertTrue(cipher.startswith("vault:v1:"))
        self.assertEqual(self.ask("POST", "transit/decrypt/app", {"ciphertext": cipher})["plaintext"], plain)
        pod.delete()
        self.assertEqual(pod.codes[AGENT], 0)

    def test_proxy_and_files_together(self):
        self.vault.write("secret/first", user="alice")
        pod = self.run_workload({"role": "app", "mode": "secrets,proxy", "proxy-port": str(self.port),
                                 "secrets-path": "secret/first"})
        self.wait_for_file(pod, "secrets.properties", "user=alice\n")
        self.wait(pod, self.listens, "the proxy")
        self.assertEqual(self.ask("GET", "secret/first"), {"user": "alice"})

    def test_native_sidecar_is_started_when_the_proxy_listens(self):
        command = ["busybox", "wget", "-q", "-O", "-", f"http://127.0.0.1:{self.port}/v1/auth/token/lookup-self"]
        pod = self.run_workload({"role": "app", "mode": "proxy", "proxy-port": str(self.port)}, "--sidecars", "native",
                                kind="Job", command=command)
        self.wait_for_end(pod)
        self.assertEqual((pod.phase, pod.codes), ("Succeeded", {AGENT: 0, "app": 0}), pod.logs())
        self.assertIn("auth/kubernetes/login", pod.log("app"))
