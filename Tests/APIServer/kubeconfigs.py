"""Kubeconfig files, one for each way to reach the server and to say who one is. They are JSON, which is YAML."""

import base64
import json
import socket

from access import ID_TOKEN

EXEC = """\
#!/bin/sh
# Notes each call and what it was told; prints the credential that lies beside it.
terminal=$(test -t 0 && echo true || echo false)
info=$(printf %s "$KUBERNETES_EXEC_INFO" | tr -d '\\n')
printf '{"plugin":"%s","info":%s,"terminal":%s}\\n' "$1" "$info" "$terminal" >> "$(dirname "$0")/calls.jsonl"
cat "$(dirname "$0")/$1.json"
"""


def inline(text):
    return base64.b64encode(text.encode()).decode()


class Kubeconfigs:
    def __init__(self, folder, certificates, addresses):
        self.folder, self.certificates, self.addresses = folder, certificates, addresses
        (folder / "exec").mkdir(exist_ok=True)
        self.trusting = {"certificate-authority-data": inline(certificates.authority.text)}
        self.token = {"token": "admin-token"}

    def write(self, name, cluster, user, **context):
        value = {"apiVersion": "v1", "kind": "Config", "current-context": name,
                 "clusters": [{"name": "test", "cluster": cluster}], "users": [{"name": "tester", "user": user}],
                 "contexts": [{"name": name, "context": {"cluster": "test", "user": "tester", **context}}]}
        self.keep(name, value)

    def keep(self, name, value):
        path = self.folder / f"{name}.kubeconfig"
        path.write_text(json.dumps(value, indent=2) + "\n")
        path.chmod(0o600)

    def cluster(self, listener="main", **more):
        return {"server": self.addresses[listener], **self.trusting, **more}

    def write_all(self):
        self.users()
        self.plugins()
        self.clusters()
        self.many()

    # MARK: Who one is

    def users(self):
        made, cluster = self.certificates, self.cluster()
        (self.folder / "token").write_text("file-token\n")
        self.write("token", cluster, self.token)
        self.write("viewer", cluster, {"token": "viewer-token"})
        self.write("deployer", cluster, {"token": "deployer-token"}, namespace="shop")
        self.write("wrong-token", cluster, {"token": "not-a-token"})
        self.write("token-file", cluster, {"tokenFile": "token"})
        self.write("basic", cluster, {"username": "basic-user", "password": "basic-password"})
        self.write("wrong-basic", cluster, {"username": "basic-user", "password": "not-the-password"})
        self.write("certificate", cluster, self.pair(made.admin))
        self.write("viewer-certificate", cluster, self.pair(made.viewer))
        self.write("certificate-files", self.cluster(), {"client-certificate": "certificates/admin.crt",
                                                         "client-key": "certificates/admin.key"})
        self.write("expired-certificate", cluster, self.pair(made.expired_client))
        self.write("strange-certificate", cluster, self.pair(made.strange_client))
        self.write("anonymous", cluster, {})
        self.write("impersonating", cluster, {**self.token, "as": "viewer", "as-groups": ["viewers"]})
        self.write("forbidden-impersonating", cluster, {"token": "viewer-token", "as": "admin"})
        self.write("auth-provider-gcp", cluster, {"auth-provider": {"name": "gcp", "config": {}}})
        self.write("auth-provider-oidc", cluster, {"auth-provider": {"name": "oidc", "config": {
            "client-id": "test", "idp-issuer-url": "https://issuer.example.com", "id-token": ID_TOKEN}}})
        self.write("token-and-basic", cluster, {**self.token, "username": "basic-user", "password": "basic-password"})

    def pair(self, certificate):
        return {"client-certificate-data": inline(certificate.text), "client-key-data": inline(certificate.key_text)}

    def plugins(self):
        script = self.folder / "exec" / "credential"
        script.write_text(EXEC)
        script.chmod(0o755)
        admin = self.certificates.admin
        self.plugin("exec", "v1", {"token": "exec-token"}, interactiveMode="Never")
        self.plugin("exec-beta", "v1beta1", {"token": "exec-beta-token"})
        self.plugin("exec-certificate", "v1", {"clientCertificateData": admin.text, "clientKeyData": admin.key_text},
                    interactiveMode="Never")
        self.plugin("exec-cluster", "v1", {"token": "exec-token"}, interactiveMode="IfAvailable",
                    provideClusterInfo=True)
        self.plugin("exec-expired", "v1", {"token": "exec-token", "expirationTimestamp": "2020-01-01T00:00:00Z"},
                    interactiveMode="Never")
        self.plugin("exec-always", "v1", {"token": "exec-token"}, interactiveMode="Always")
        command = {"apiVersion": "client.authentication.k8s.io/v1", "interactiveMode": "Never"}
        self.write("exec-missing", self.cluster(), {"exec": {
            **command, "command": "no-such-credential-plugin", "installHint": "Install it from\nhttps://example.com."}})
        self.write("exec-failing", self.cluster(), {"exec": {**command, "command": "false"}})

    def plugin(self, name, version, status, **more):
        version = f"client.authentication.k8s.io/{version}"
        credential = {"apiVersion": version, "kind": "ExecCredential", "status": status}
        (self.folder / "exec" / f"{name}.json").write_text(json.dumps(credential) + "\n")
        self.write(name, self.cluster(), {"exec": {"apiVersion": version, "command": "exec/credential", "args": [name],
                                                   "env": [{"name": "FROM_KUBECONFIG", "value": "1"}], **more}})

    # MARK: Where the server is

    def clusters(self):
        address = self.addresses["main"]
        other = {"certificate-authority-data": inline(self.certificates.other_authority.text)}
        port = address.rsplit(":", 1)[1]
        self.write("ca-file", {"server": address, "certificate-authority": "certificates/ca.crt"}, self.token)
        self.write("localhost", self.cluster("main", server=f"https://localhost:{port}"), self.token)
        self.write("insecure", {"server": address, "insecure-skip-tls-verify": True}, self.token)
        self.write("insecure-and-ca", self.cluster(**{"insecure-skip-tls-verify": True}), self.token)
        self.write("no-ca", {"server": address}, self.token)
        self.write("wrong-ca", {"server": address, **other}, self.token)
        self.write("expired-server", self.cluster("expired"), self.token)
        self.write("wrong-name", self.cluster("wrong-name"), self.token)
        self.write("tls-server-name", self.cluster("wrong-name", **{"tls-server-name": "kubernetes.example.com"}),
                   self.token)
        self.write("http1", self.cluster("http1"), self.token)
        self.write("plain-http", {"server": self.addresses["plain"]}, self.token)
        self.write("refused", {"server": f"https://127.0.0.1:{free_port()}", **self.trusting}, self.token)
        self.write("unknown-host", {"server": f"https://no-such-host.invalid:{port}", **self.trusting}, self.token)
        self.write("broken-ca", {"server": address, "certificate-authority-data": inline("no certificate")}, self.token)
        self.write("uncompressed", self.cluster(**{"disable-compression": True}), self.token)

    def many(self):
        """One file with several contexts, as most people have it."""
        self.keep("many", {
            "apiVersion": "v1", "kind": "Config", "current-context": "admin",
            "clusters": [{"name": "here", "cluster": self.cluster()}, {"name": "there", "cluster": self.cluster("other")}],
            "users": [{"name": "admin", "user": self.token}, {"name": "viewer", "user": {"token": "viewer-token"}}],
            "contexts": [{"name": "admin", "context": {"cluster": "here", "user": "admin"}},
                         {"name": "shop", "context": {"cluster": "here", "user": "admin", "namespace": "shop"}},
                         {"name": "viewer", "context": {"cluster": "here", "user": "viewer"}},
                         {"name": "there", "context": {"cluster": "there", "user": "admin"}}]})


def free_port():
    """A port where nobody listens."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]
