"""An OpenBao server in development mode, and relays that stand between it and the pods."""

import json
import socket
import ssl
import subprocess
import threading
import time
import urllib.error
import urllib.request

from needs import bao

ROOT_TOKEN = "root-of-the-tests"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class VaultServer:
    """Holds the engines and auth methods the pods use."""

    def __init__(self, folder, cluster):
        folder.mkdir(parents=True, exist_ok=True)
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.log = open(folder / "server.log", "wb")
        self.process = subprocess.Popen(
            [bao(), "server", "-dev", "-dev-no-store-token", f"-dev-root-token-id={ROOT_TOKEN}",
             f"-dev-listen-address=127.0.0.1:{self.port}"],
            env={"HOME": str(folder)}, stdout=self.log, stderr=self.log)
        self.await_health()
        self.set_up(cluster)

    def await_health(self):
        for _ in range(200):
            try:
                return self.call("GET", "sys/health")
            except OSError:
                time.sleep(0.05)
        raise TimeoutError("the OpenBao server did not start")

    def set_up(self, cluster, namespace=None):
        for path, kind, options in [("kv", "kv", {"version": "2"}), ("transit", "transit", {})]:
            self.call("POST", f"sys/mounts/{path}", {"type": kind, "options": options}, namespace)
        if namespace is None:
            self.call("DELETE", "sys/mounts/secret")
        self.call("POST", "sys/mounts/secret", {"type": "kv", "options": {"version": "1"}}, namespace)
        for kind in ("approle", "kubernetes"):
            self.call("POST", f"sys/auth/{kind}", {"type": kind}, namespace)
        rules = 'path "*" { capabilities = ["create", "read", "update", "list"] }'
        self.call("PUT", "sys/policies/acl/everything", {"policy": rules}, namespace)
        self.call("POST", "auth/kubernetes/config", {
            "kubernetes_host": f"https://127.0.0.1:{cluster.port}",
            "kubernetes_ca_cert": cluster.authority.read_text(),
            "disable_local_ca_jwt": True,
        }, namespace)

    def call(self, method, path, body=None, namespace=None):
        """One request with the root token; gives the answer's JSON, or nothing."""
        data = None if body is None else json.dumps(body).encode()
        headers = {"X-Vault-Token": ROOT_TOKEN}
        if namespace:
            headers["X-Vault-Namespace"] = namespace
        request = urllib.request.Request(f"{self.address}/v1/{path}", data, headers, method=method)
        with urllib.request.urlopen(request, timeout=10) as answer:
            text = answer.read()
        return json.loads(text) if text else None

    def kubernetes_role(self, name, account, namespace=None, **options):
        self.call("POST", f"auth/kubernetes/role/{name}", {
            "bound_service_account_names": [account], "bound_service_account_namespaces": ["default"],
            "token_policies": ["everything"], "token_ttl": "10m", **options,
        }, namespace)

    def app_role(self, name):
        """Makes an AppRole; gives its two ids."""
        self.call("POST", f"auth/approle/role/{name}", {"token_policies": ["everything"], "token_ttl": "10m"})
        role = self.call("GET", f"auth/approle/role/{name}/role-id")["data"]["role_id"]
        secret = self.call("POST", f"auth/approle/role/{name}/secret-id", {})["data"]["secret_id"]
        return role, secret

    def write(self, path, **values):
        """Writes to the first KV engine at `secret/`, or to the second at `kv/`."""
        if path.startswith("kv/"):
            self.call("POST", "kv/data/" + path.removeprefix("kv/"), {"data": values})
        else:
            self.call("POST", path, values)

    def tokens(self, namespace=None):
        """Every living token that was got by logging in, as (accessor, what the server knows of it)."""
        try:
            accessors = self.call("LIST", "auth/token/accessors", namespace=namespace)["data"]["keys"]
        except urllib.error.HTTPError:  # there are none at all
            return []
        found = []
        for accessor in accessors:
            try:
                token = self.call("POST", "auth/token/lookup-accessor", {"accessor": accessor}, namespace)["data"]
            except urllib.error.HTTPError:
                continue
            if token["path"].startswith(("auth/kubernetes/", "auth/approle/")):
                found.append((accessor, token))
        return found

    def revoke(self, accessor, namespace=None):
        self.call("POST", "auth/token/revoke-accessor", {"accessor": accessor}, namespace)

    def revoke_all(self, namespace=None):
        """Ends every token that was got by logging in; gives their names."""
        names = []
        for accessor, token in self.tokens(namespace):
            self.revoke(accessor, namespace)
            names.append(token["display_name"])
        return names

    def stop(self):
        self.process.kill()
        self.process.wait()
        self.log.close()


class Relay:
    """An address that leads to the server while it is up and refuses connections while it is down."""

    def __init__(self, target_port, certificate=None):
        self.target_port = target_port
        self.port = free_port()
        self.context = None
        if certificate:
            self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.context.load_cert_chain(*certificate)
        scheme = "https" if certificate else "http"
        self.address = f"{scheme}://127.0.0.1:{self.port}"
        self.listener = None
        self.open = set()

    def up(self):
        self.listener = socket.create_server(("127.0.0.1", self.port), backlog=50)
        threading.Thread(target=self.accept, args=[self.listener], daemon=True).start()
        return self

    def down(self):
        if self.listener:
            self.listener.shutdown(socket.SHUT_RDWR)
            self.listener.close()
            self.listener = None
        for connection in list(self.open):
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def accept(self, listener):
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=[connection], daemon=True).start()

    def serve(self, connection):
        try:
            if self.context:
                connection = self.context.wrap_socket(connection, server_side=True)
            target = socket.create_connection(("127.0.0.1", self.target_port))
        except OSError:
            return connection.close()
        self.open |= {connection, target}
        back = threading.Thread(target=self.pump, args=[target, connection], daemon=True)
        back.start()
        self.pump(connection, target)
        back.join()
        self.open -= {connection, target}
        connection.close()
        target.close()

    def pump(self, source, sink):
        try:
            while data := source.recv(65536):
                sink.sendall(data)
        except OSError:
            pass
        for end in (source, sink):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
