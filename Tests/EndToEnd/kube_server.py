"""The little of a Kubernetes API server that pods and Vault ask: TokenReview, and reading a pod."""

import base64
import http.server
import json
import os
import ssl
import subprocess
import threading
import time
from pathlib import Path

RECORDED = Path(__file__).resolve().parent.parent / "Fixtures" / "kube-apiserver"
AUDIENCE = "https://kubernetes.default.svc"


def recorded(name):
    """The status and body of an answer recorded from a real server."""
    response = json.loads((RECORDED / f"{name}.json").read_text())["response"]
    return response["status"], response["body"]


def make_certificate(folder, name):
    """A certificate authority and a certificate for the loopback address; gives (authority, certificate, key)."""
    folder.mkdir(parents=True, exist_ok=True)
    key, request, certificate = folder / "key.pem", folder / "request.pem", folder / "certificate.pem"
    authority_key, authority = folder / "ca-key.pem", folder / "ca.pem"
    curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]

    def openssl(*words):
        subprocess.run(["openssl", *words], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    openssl("req", "-x509", *curve, "-keyout", authority_key, "-out", authority, "-days", "2", "-subj", "/CN=test-ca",
            "-addext", "keyUsage=critical,keyCertSign")
    openssl("req", *curve, "-keyout", key, "-out", request, "-subj", f"/CN={name}")
    (folder / "names").write_text(f"subjectAltName=DNS:{name}" + (",IP:127.0.0.1" if name == "kubernetes" else ""))
    openssl("x509", "-req", "-in", request, "-CA", authority, "-CAkey", authority_key, "-CAcreateserial", "-days", "2",
            "-out", certificate, "-extfile", folder / "names")
    return authority, certificate, key


class Cluster:
    """Pods, tokens, configMaps and secrets, behind TLS."""

    def __init__(self, folder):
        self.authority, certificate, key = make_certificate(folder, "kubernetes")
        self.pods = {}
        self.tokens = {}
        self.objects = {("configMap", "kube-root-ca.crt"): {"ca.crt": self.authority.read_text()}}
        self.pod_readers = set()
        self.requests = []
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), self.handler())
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self):
        self.server.shutdown()

    def service_variables(self):
        return {"KUBERNETES_SERVICE_HOST": "127.0.0.1", "KUBERNETES_SERVICE_PORT": str(self.port)}

    def data(self, kind, name):
        return self.objects[(kind, name)]

    def issue_token(self, pod, audience):
        """A token of the shape the real server issues, with a signature that only this server could check."""
        claims = {
            "aud": [audience or AUDIENCE],
            "exp": int(time.time()) + 3600,
            "iat": int(time.time()),
            "iss": AUDIENCE,
            "kubernetes.io": {
                "namespace": pod.namespace,
                "pod": {"name": pod.name},
                "serviceaccount": {"name": pod.service_account, "uid": f"uid-of-{pod.service_account}"},
            },
            "sub": f"system:serviceaccount:{pod.namespace}:{pod.service_account}",
        }
        parts = [json.dumps({"alg": "RS256", "kid": "test"}).encode(), json.dumps(claims).encode(), os.urandom(256)]
        token = ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts)
        self.tokens[token] = claims
        return token

    def review(self, token, audiences):
        """The answer to a TokenReview."""
        claims = self.tokens.get(token)
        if claims is None or (audiences and not set(audiences) & set(claims["aud"])):
            status, body = recorded("token-review-rejected")
        else:
            status, body = recorded("token-review-accepted")
            account = claims["kubernetes.io"]["serviceaccount"]
            namespace = claims["kubernetes.io"]["namespace"]
            body["status"]["user"]["username"] = claims["sub"]
            body["status"]["user"]["uid"] = account["uid"]
            body["status"]["user"]["groups"][1] = f"system:serviceaccounts:{namespace}"
            body["status"]["audiences"] = claims["aud"]
        body["spec"]["token"] = token
        return status, body

    def read_pod(self, token, namespace, name):
        claims = self.tokens.get(token)
        if claims is None or AUDIENCE not in claims["aud"]:
            return recorded("unauthorized")
        if claims["sub"] not in self.pod_readers:
            status, body = recorded("forbidden-get")
            body["message"] = (
                f'pods "{name}" is forbidden: User "{claims["sub"]}" cannot get resource "pods" in API group "" '
                f'in the namespace "{namespace}"')
            return status, body
        pod = self.pods.get((namespace, name))
        return recorded("get-missing") if pod is None else (200, pod.manifest())

    def handler(cluster):
        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                parts = self.path.strip("/").split("/")
                if parts[:3] == ["api", "v1", "namespaces"] and parts[4] == "pods":
                    self.answer(*cluster.read_pod(self.bearer(), parts[3], parts[5]))
                else:
                    self.answer(*recorded("get-missing"))

            def do_POST(self):
                request = json.loads(self.rfile.read(int(self.headers["content-length"])))
                if self.path == "/apis/authentication.k8s.io/v1/tokenreviews":
                    self.answer(*cluster.review(request["spec"]["token"], request["spec"].get("audiences")))
                else:
                    self.answer(*recorded("get-missing"))

            def bearer(self):
                return self.headers.get("authorization", "").removeprefix("Bearer ")

            def answer(self, status, body):
                cluster.requests.append((self.command, self.path, status))
                data = json.dumps(body, separators=(",", ":")).encode() + b"\n"
                self.send_response(status)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *_):
                pass

        return Handler
