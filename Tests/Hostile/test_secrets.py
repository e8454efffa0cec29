"""What must not be shown is not shown either where a server, a proxy or a web page repeats it."""

import base64
import json

from case import FORMS, pod
from requests_case import RequestCase, Server


class Secrets(RequestCase):
    """What must not be shown is repeated by whoever can."""

    def echo(self, request):
        """Everything the client sent, in each place an answer has for words."""
        said = " ".join(f"{name}: {value}" for name, value in request.headers.items())
        credential = request.headers.get("Authorization", "").partition(" ")[2]
        message = f"no good: {said}; {credential!r}; {credential[:30]}"
        body = json.dumps({"kind": "Status", "status": "Failure", "message": message, "reason": credential,
                           "details": {"causes": [{"field": "spec", "message": message}]}})
        return self.code, {"Warning": f'299 - "you sent {credential}"'}, body.encode()

    def test_repeated_by_a_server(self):
        users = {"token": ({"token": "secret-token-of-mine"}, ["secret-token-of-mine"]),
                 "password": ({"username": "me", "password": "secret-password"},
                              ["secret-password", base64.b64encode(b"me:secret-password").decode()])}
        for code in (400, 401, 403, 409, 422, 500):
            self.code = code
            self.server = Server(self, self.echo)
            for name, (user, secrets) in users.items():
                path = self.kubeconfig(user)
                for words in (["apply", "-f", "-"], ["diff", "-f", "-"], ["verify", "-f", "-"], ["apply", "deployment/web"]):
                    for form in ("verbose", "json", "sarif", "github"):
                        with self.subTest(code=code, user=name, words=words, form=form):
                            run = self.inject(*words, "-vv", *FORMS[form], text=pod(), env={"KUBECONFIG": str(path)})
                            self.assertIn("<redacted>", run.err)
                            for secret in secrets:
                                self.assertNotIn(secret, run.out + run.err)
                                self.assertNotIn(secret[:12], run.out + run.err)

    def test_web_pages_are_cut_short(self):
        def page(request):
            return 502, {}, ("<p>" + "x" * 180 + request.headers.get("Authorization", "")).encode()
        self.server = Server(self, page)
        run = self.ask(kubeconfig=self.kubeconfig({"token": "secret-token-of-mine-" * 10}))
        self.assertNotIn("secret-token", run.err)

    def test_in_addresses(self):
        for proxy in ("http://me:proxy-password@127.0.0.1:1", "socks5://me:proxy-password@127.0.0.1:1",
                      "https://me:proxy-password@127.0.0.1:1", "http://me:proxy-password@[::1:1", "ftp://me:proxy-password@x:1"):
            with self.subTest(proxy):
                run = self.ask("-vv", kubeconfig=self.kubeconfig({"token": "t"}, {"server": "https://127.0.0.1:9", "proxy-url": proxy}))
                self.assertNotEqual(run.code, 0)
                self.assertNotIn("proxy-password", run.err)
                run = self.inject("-f", "https://192.0.2.1:9/a.yaml", env={"HTTPS_PROXY": proxy})
                self.assertNotIn("proxy-password", run.err)
        for url in ("https://me:url-password@127.0.0.1:1/a", "https://me:url-password@:0/", "https://me:url%2Dpassword@127.0.0.1:x/a",
                    "me:url-password@x/y", "ftp://me:url-password@x"):
            with self.subTest(url):
                self.assertNotIn("url-password", self.ask("--server", url, kubeconfig=self.kubeconfig()).err)
                if url.startswith("https:"):
                    self.assertNotIn("url-password", self.inject("-f", url).err)

    def test_short_ones_are_words(self):
        self.server = Server(self, (403, {}, b'{"kind": "Status", "message": "you sent abc, not abcdef"}'))
        run = self.ask(kubeconfig=self.kubeconfig({"username": "me", "password": "abc"}))
        self.assertIn("you sent <redacted>, not abcdef", run.err)
