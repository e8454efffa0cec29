"""No value begins a header, a line or another part of an address, and no answer reaches a terminal as it is."""

import json

from case import FORMS, pod
from requests_case import RequestCase, Server


class Requests(RequestCase):
    BREAKS = ("\r\nX-Pwned: 1", "\nX-Pwned: 1", "\r", "\0", "\x1b[2J", "\x7f", "\t", "\x85")

    def test_the_way_itself_works(self):
        run = self.ask(kubeconfig=self.kubeconfig({"token": "good-token", "as": "you", "as-user-extra": {"a": ["b"]}}))
        self.assertEqual(run.code, 66, run.err)
        headers = dict(self.server.heads[0][1])
        self.assertEqual(headers["Authorization"], "Bearer good-token")
        self.assertEqual(headers["Impersonate-User"], "you")

    def test_flags(self):
        path = self.kubeconfig()
        for text in self.BREAKS:
            if "\0" in text:
                continue
            for flag, more in (("--token", []), ("--as", []), ("--as-uid", ["--as", "a"]), ("--as-group", ["--as", "a"]),
                               ("--username", []), ("--password", ["--username", "a"]), ("--tls-server-name", []), ("-n", []),
                               ("--server", [])):
                with self.subTest(flag=flag, text=text):
                    run = self.ask(flag, "hidden-value" + text, *more, kubeconfig=path)
                    self.demand_refused(run, [64], flag, "hidden-value")
            with self.subTest(flag="--as-user-extra", text=text):
                self.demand_refused(self.ask("--as", "a", "--as-user-extra", f"k=hidden-value{text}", kubeconfig=path), [64],
                                    "--as-user-extra", "hidden-value")

    def test_kubeconfig(self):
        for text in self.BREAKS:
            value = "hidden-value" + text
            users = {"token": {"token": value}, "username": {"username": value, "password": "p"},
                     "password": {"username": "u", "password": value}, "as": {"as": value},
                     "as-uid": {"as": "a", "as-uid": value}, "as-groups": {"as": "a", "as-groups": ["fine", value]},
                     "as-user-extra": {"as": "a", "as-user-extra": {value: ["b"]}}, value[:6]: {"as": "a", "as-user-extra": {"hidden": [value]}}}
            for key, user in users.items():
                with self.subTest(key=key, text=text):
                    run = self.ask(kubeconfig=self.kubeconfig(user))
                    self.demand_refused(run, [65], key, "hidden-value")
                    self.assertRegex(run.err, r"^\S*/config:\d+:\d+: error: ")
            for key in ("server", "proxy-url", "tls-server-name"):
                with self.subTest(key=key, text=text):
                    run = self.ask(kubeconfig=self.kubeconfig(cluster={key: f"https://u:hidden-value@127.0.0.1{text}"}))
                    self.demand_refused(run, [65], key, "hidden-value")
            with self.subTest(key="namespace", text=text):
                self.demand_refused(self.ask(kubeconfig=self.kubeconfig(context={"namespace": f"a{text}"})), [65], "namespace")

    def test_what_a_file_or_a_program_gives(self):
        (self.folder / "bin").mkdir()
        for text in self.BREAKS:
            (self.folder / "token").write_text(f"hidden-value{text}x")
            with self.subTest(source="file", text=text):
                self.demand_refused(self.ask(kubeconfig=self.kubeconfig({"tokenFile": "token"})), [65], "token", "hidden-value")
            answer = json.dumps({"apiVersion": "client.authentication.k8s.io/v1", "kind": "ExecCredential",
                                 "status": {"token": f"hidden-value{text}x"}})
            (self.folder / "answer").write_text(answer)
            user = {"exec": {"apiVersion": "client.authentication.k8s.io/v1", "command": "cat", "interactiveMode": "Never",
                             "args": [str(self.folder / "answer")]}}
            with self.subTest(source="exec", text=text):
                self.demand_refused(self.ask(kubeconfig=self.kubeconfig(user)), [69], "plugin cat", "hidden-value")

    def test_names_in_addresses(self):
        path = self.kubeconfig()
        for name in ("..", ".", "a%2f..", "a\nb", "a\rb", "a\x1bb"):
            with self.subTest(name=name):
                run = self.inject("apply", f"deployment/{name}", env={"KUBECONFIG": str(path)})
                self.assertEqual((run.code, self.server.heads), (64, []), run.err)
                run = self.inject("diff", "-f", "-", text=pod(name, namespace="a"), env={"KUBECONFIG": str(path)})
                self.assertEqual((run.code, self.server.heads), (65, []), run.err)
                run = self.inject("diff", "-f", "-", text=pod(namespace=name), env={"KUBECONFIG": str(path)})
                self.assertEqual((run.code, self.server.heads), (65, []), run.err)
                run = self.inject("--webhook-config", f"configmap/{name}/x", text=pod(), env={"KUBECONFIG": str(path)})
                self.assertEqual((run.code, self.server.heads), (64, []), run.err)
        run = self.inject("diff", "-f", "-", text=pod("a/../../b"), env={"KUBECONFIG": str(path)})
        self.assertEqual((run.code, self.server.heads), (65, []), run.err)

    def test_parts_of_an_address_are_encoded(self):
        path = self.kubeconfig()
        for api in ("ex.org?a=b/v1", "ex.org#/v1", "ex.org/v1?x", "../../v1", "ex org/v1", "e\r\nx/v1"):
            with self.subTest(api):
                self.server.heads.clear()
                self.inject("diff", "-f", "-", text=pod(api=api, kind="Thing"), env={"KUBECONFIG": str(path)})
                for line, _ in self.server.heads:
                    self.assertRegex(line, r"^GET /apis?(/[A-Za-z0-9.%_~:-]+)* HTTP/1\.1$")
                    self.assertNotIn("..", line)

    def test_addresses_of_inputs(self):
        for text in ("\r\nX: 1", "\n", "\x1b", "\x7f"):
            with self.subTest(text):
                run = self.inject("-f", f"{self.server.address}/a{text}.yaml")
                self.assertEqual((run.code, self.server.heads), (64, []), run.err)

    def test_what_a_server_says(self):
        text = "pwned\x1b]0;PWNED\x07\u202e\u009b\n::error::pwned\n  ::add-mask::x ##[error]y"
        status = json.dumps({"kind": "Status", "status": "Failure", "reason": text, "message": text, "code": 403,
                             "details": {"name": text, "kind": text, "causes": [{"message": text, "field": text, "reason": text}]}})
        for code in (400, 401, 403, 404, 409, 413, 422, 429, 500, 503):
            self.server = Server(self, (code, {"Warning": '299 - "pwned\x1b[2J ::error::x"'}, status.encode()))
            path = self.kubeconfig({"token": "good-token"})
            for words in (["apply", "-f", "-"], ["diff", "-f", "-"], ["verify", "-f", "-"], ["apply", "deployment/web"]):
                for form in ("text", "json", "sarif", "github"):
                    with self.subTest(code=code, words=words, form=form):
                        run = self.inject(*words, *FORMS[form], text=pod(), env={"KUBECONFIG": str(path)})
                        self.assertIn("pwned", run.err)
                        self.demand_safe_report(run, form)
