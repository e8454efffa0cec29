"""The little of a Kubernetes API server that pods, Vault and `preflight` ask.

It issues tokens and reviews them, gives pods, ConfigMaps and Secrets, and passes requests on to services.
"""

import base64
import http.server
import json
import os
import ssl
import subprocess
import re
import threading
import time
import urllib.error
import urllib.request
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
        # What people ask with their kubeconfig: accounts that do not exist, namespaces where they may not ask for tokens
        # or services, and the addresses behind services, by (namespace, name).
        self.missing_accounts = set()
        self.closed_namespaces = set()
        self.services = {}
        self.reviews_are_forbidden = False
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

    def kubeconfig(self, folder):
        """A kubeconfig of somebody who may ask for everything; gives its path."""
        path = folder / "kubeconfig"
        path.write_text(json.dumps({
            "apiVersion": "v1", "kind": "Config", "current-context": "tests",
            "clusters": [{"name": "tests", "cluster": {
                "server": f"https://127.0.0.1:{self.port}",
                "certificate-authority-data": base64.b64encode(self.authority.read_bytes()).decode()}}],
            "users": [{"name": "tests", "user": {"token": "token-of-the-person-who-runs-the-tests"}}],
            "contexts": [{"name": "tests", "context": {"cluster": "tests", "user": "tests"}}],
        }))
        return path

    def issue_token(self, pod, audience):
        """The token that the kubelet gets for a pod."""
        return self.issue(pod.namespace, pod.service_account, audience, {"pod": {"name": pod.name}})

    def issue(self, namespace, account, audience=None, bound=(), seconds=3600):
        """A token of the shape the real server issues, with a signature that only this server could check."""
        claims = {
            "aud": [audience or AUDIENCE],
            "exp": int(time.time()) + seconds,
            "iat": int(time.time()),
            "iss": AUDIENCE,
            "kubernetes.io": {
                "namespace": namespace,
                **dict(bound),
                "serviceaccount": {"name": account, "uid": f"uid-of-{account}"},
            },
            "sub": f"system:serviceaccount:{namespace}:{account}",
        }
        parts = [json.dumps({"alg": "RS256", "kid": "test"}).encode(), json.dumps(claims).encode(), os.urandom(256)]
        token = ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts)
        self.tokens[token] = claims
        return token

    def review(self, token, audiences):
        """The answer to a TokenReview."""
        if self.reviews_are_forbidden:
            return recorded("forbidden")
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

    def request_token(self, namespace, account, spec):
        """The answer to a TokenRequest."""
        if namespace in self.closed_namespaces:
            status, body = recorded("token-request-forbidden")
        elif (namespace, account) in self.missing_accounts:
            status, body = recorded("token-request-no-such-account")
        elif spec.get("expirationSeconds", 3600) < 600:
            return recorded("token-request-too-short")
        else:
            audience, = spec.get("audiences") or [AUDIENCE]
            status, body = recorded("token-request")
            body["spec"] = {"audiences": [audience], "expirationSeconds": spec.get("expirationSeconds", 3600)}
            body["metadata"].update(name=account, namespace=namespace)
            body["status"]["token"] = self.issue(namespace, account, audience, seconds=body["spec"]["expirationSeconds"])
            return status, body
        body["message"] = body["message"].replace("nobody", account).replace("orders", account).replace("rec2", namespace)
        return status, body

    def read_object(self, kind, name):
        """A ConfigMap or a Secret, in whichever namespace."""
        data = self.objects.get((kind, name))
        if data is None:
            return recorded("get-missing")
        if kind == "secret":
            data = {key: base64.b64encode(value.encode()).decode() for key, value in data.items()}
        return 200, {"apiVersion": "v1", "kind": kind[0].upper() + kind[1:], "metadata": {"name": name}, "data": data}

    def pass_on(self, method, namespace, name, path, headers, body):
        """What a service answers; None in place of its body where it has none."""
        address = self.services.get((namespace, name.split(":")[1]))
        if namespace in self.closed_namespaces:
            return recorded("service-proxy-forbidden")
        if address is None:
            return recorded("service-proxy-missing")
        headers = {key: value for key, value in headers.items() if key.lower().startswith(("x-vault", "content-type"))}
        request = urllib.request.Request(f"{address}/{path}", body or None, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                status, text = answer.status, answer.read()
        except urllib.error.HTTPError as error:
            status, text = error.code, error.read()
        return status, json.loads(text) if text else None

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
                kinds = {"configmaps": "configMap", "secrets": "secret"}
                match re.split("/", self.path.strip("/"), maxsplit=6):
                    case ["api", "v1", "namespaces", namespace, "pods", name]:
                        self.answer(*cluster.read_pod(self.bearer(), namespace, name))
                    case ["api", "v1", "namespaces", _, kind, name] if kind in kinds:
                        self.answer(*cluster.read_object(kinds[kind], name))
                    case _:
                        self.do_other(b"")

            def do_POST(self):
                body = self.rfile.read(int(self.headers["content-length"] or 0))
                match self.path.strip("/").split("/"):
                    case ["apis", "authentication.k8s.io", "v1", "tokenreviews"]:
                        spec = json.loads(body)["spec"]
                        self.answer(*cluster.review(spec["token"], spec.get("audiences")))
                    case ["api", "v1", "namespaces", namespace, "serviceaccounts", name, "token"]:
                        self.answer(*cluster.request_token(namespace, name, json.loads(body)["spec"]))
                    case _:
                        self.do_other(body)

            def do_other(self, body):
                match self.path.strip("/").split("/", 7):
                    case ["api", "v1", "namespaces", namespace, "services", name, "proxy", path]:
                        self.answer(*cluster.pass_on(self.command, namespace, name, path, self.headers, body))
                    case _:
                        self.answer(*recorded("get-missing"))

            def bearer(self):
                return self.headers.get("authorization", "").removeprefix("Bearer ")

            def answer(self, status, body):
                cluster.requests.append((self.command, self.path, status))
                data = b"" if body is None else json.dumps(body, separators=(",", ":")).encode() + b"\n"
                self.send_response(status)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *_):
                pass

        return Handler
