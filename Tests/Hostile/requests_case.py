"""A server that keeps what it is asked, and what a test of requests starts from."""

import http.server
import json
import threading

from case import UNSAFE, Case


class Server:
    """A server that keeps every byte of what it is asked, and says what it is told to."""

    def __init__(self, case, answer=(200, {}, b"{}")):
        outer = self
        self.heads = []

        class Handler(http.server.BaseHTTPRequestHandler):
            def answer(self):
                outer.heads.append((self.requestline, self.headers.items()))
                self.rfile.read(int(self.headers.get("Content-Length") or 0))
                code, headers, body = answer(self) if callable(answer) else answer
                self.send_response(code)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = answer

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        case.addCleanup(self.server.server_close)
        case.addCleanup(self.server.shutdown)


class RequestCase(Case):
    """A test with a server, and kubeconfig files that lead to it."""

    def setUp(self):
        super().setUp()
        self.environment["VAULT_INJECT_CREDENTIALS_OVER_LOOPBACK_HTTP"] = "1"
        self.server = Server(self, (404, {}, b'{"kind": "Status", "message": "nothing here"}'))

    def kubeconfig(self, user=None, cluster=None, context=None):
        config = {"apiVersion": "v1", "kind": "Config", "current-context": "c",
                  "clusters": [{"name": "k", "cluster": {"server": self.server.address, **(cluster or {})}}],
                  "users": [{"name": "u", "user": user or {}}],
                  "contexts": [{"name": "c", "context": {"cluster": "k", "user": "u", **(context or {})}}]}
        path = self.folder / "config"
        path.write_text(json.dumps(config, indent=1))
        return path

    def ask(self, *words, kubeconfig, **more):
        return self.inject("apply", "deployment/web", *words, env={"KUBECONFIG": str(kubeconfig)}, **more)

    def demand_refused(self, run, codes, setting, secret=None):
        self.assertIn(run.code, codes, run.err)
        self.assertIn(setting, run.err)
        self.assertEqual(self.server.heads, [], run.err)
        if secret:
            self.assertNotIn(secret, run.err)
        for sign in UNSAFE - {"\n"}:
            self.assertNotIn(sign, run.err)
