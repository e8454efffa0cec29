#!/usr/bin/env python3
"""Gives the program names, values and answers that are meant to do something to whoever reads what it says.

  python3 Tests/Hostile/run.py [NAME…]     names of tests, without `test_`; all where none is given

Whatever comes in: no control character reaches a terminal or a log, no line begins as a command to a CI system, no
header is begun by a value, and no settings are taken from a file that somebody else could have written.
"""
import http.server, json, os, pathlib, pty, re, stat, subprocess, sys, tempfile, threading, unittest

HERE = pathlib.Path(__file__).resolve().parent
PROGRAM = os.environ.get("KUBECTL_VAULT_INJECT") or str(HERE.parents[1] / ".build/debug/kubectl-vault-inject")

# Every control character of ASCII, DEL, the C1 set, what breaks lines, what reorders them, what shows nothing.
CLASSES = {
    "C0": [chr(code) for code in range(1, 0x20)], "DEL": ["\x7f"], "C1": [chr(code) for code in range(0x80, 0xA0)],
    "separators": ["\u2028", "\u2029"],
    "bidi": [chr(code) for code in (0x61C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))],
    "invisible": ["\u00ad", "\u200b", "\u2060", "\ufeff", "\ufff9", "\U000e0041"],
}
UNSAFE = set("".join("".join(signs) for signs in CLASSES.values())) | {"\0"}
EVERYTHING = "x" + "".join("".join(signs) for signs in CLASSES.values()) + "\n::error::pwned\r\n  ::add-mask::y ##[error]z ##vso[task.x]"

FORMS = {
    "text": [], "verbose": ["-v"], "json": ["--report", "json"], "sarif": ["--report", "sarif"],
    "github": ["--report", "github"], "check": ["--check"], "name": ["-o", "name"], "quiet": ["-q"],
}


def quoted(text):
    """The text in YAML, with nothing but printable ASCII."""
    return '"' + "".join(f"\\U{ord(sign):08X}" if ord(sign) > 0xFFFF else json.dumps(sign)[1:-1] for sign in text) + '"'


def pod(name="web", *, kind="Pod", api="v1", namespace="shop", annotations=None, container="app", extra=""):
    asked = {"sidecar.vault.talend.org/inject": "true", "sidecar.vault.talend.org/role": "shop",
             "sidecar.vault.talend.org/secrets-path": "secret/shop", **(annotations or {})}
    lines = "".join(f"    {quoted(key)}: {quoted(value)}\n" for key, value in asked.items())
    return (f"apiVersion: {quoted(api)}\nkind: {quoted(kind)}\nmetadata:\n  name: {quoted(name)}\n"
            f"  namespace: {quoted(namespace)}\n  annotations:\n{lines}"
            f"spec:\n  containers:\n  - name: {quoted(container)}\n    image: busybox\n{extra}")


def fields(text):
    """A manifest for each place a text can stand in."""
    hashicorp = {"vault.hashicorp.com/agent-inject": "true", "sidecar.vault.talend.org/inject": "no"}
    yield "name", pod(text)
    yield "namespace", pod(namespace=text)
    yield "kind", pod(kind=text)
    yield "apiVersion", pod(api=text)
    yield "container", pod(container=text)
    yield "no command", pod(container=text, annotations={
        "sidecar.vault.talend.org/secrets-type": "static", "sidecar.vault.talend.org/secrets-injection-method": "env"})
    yield "unknown annotation", pod(annotations={"sidecar.vault.talend.org/" + text: "x"})
    for name in ("mode", "auth", "role", "sa-token", "proxy-port", "secrets-type", "secrets-destination", "secrets-path",
                 "secrets-template", "notify", "sidecars", "vault-image", "injection", "status"):
        yield name, pod(annotations={"sidecar.vault.talend.org/" + name: text})
    for name in ("role", "agent-inject-secret-" + text, "agent-inject-template-a", "agent-limits-cpu", "log-level",
                 "agent-inject-containers", "agent-service-account-token-volume-name", text):
        yield "hashicorp " + name[:20], pod(annotations={**hashicorp, "vault.hashicorp.com/role": "a", "vault.hashicorp.com/" + name: text})
    yield "duplicate key", pod(extra=f"{quoted(text)}: 1\n{quoted(text)}: 2\n")
    yield "not YAML", "a: [" + text.replace("\0", "")
    yield "raw", "kind: Pod\nmetadata: {annotations: {sidecar.vault.talend.org/inject: yes}} # " + text.replace("\n", " ").replace("\r", " ")


class Case(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        holder = tempfile.TemporaryDirectory()
        self.addCleanup(holder.cleanup)
        self.folder = pathlib.Path(holder.name)
        self.environment = {"PATH": f"{self.folder}/bin:{os.environ['PATH']}", "HOME": str(self.folder / "home")}
        (self.folder / "home").mkdir()

    def run_program(self, *words, text=None, cwd=None, env=None, program=PROGRAM, **more):
        done = subprocess.run([program, *words], cwd=cwd or self.folder, env={**self.environment, **(env or {})},
                              input=None if text is None else text.encode("utf-8", "surrogateescape"),
                              stdin=subprocess.DEVNULL if text is None else None, capture_output=True, timeout=60, **more)
        done.out, done.err = (stream.decode("utf-8", "surrogateescape") for stream in (done.stdout, done.stderr))
        return done

    def demand_safe(self, text, commands=False):
        """The text can be shown; with `commands` lines may be commands to GitHub, which are the program's own."""
        found = sorted({f"U+{ord(sign):04X}" for sign in text if sign in UNSAFE and sign != "\n"})
        self.assertEqual(found, [], text)
        self.assertFalse(any("\udc80" <= sign <= "\udcff" for sign in text), text)
        for mark in ("##[", "##vso["):
            self.assertNotIn(mark, text)
        for line in text.splitlines():
            if line.strip().startswith("::"):
                self.assertTrue(commands, line)
                self.assertRegex(line, r"^::(error|warning|notice) [^:]*::")

    def demand_safe_report(self, run, form):
        self.demand_safe(run.err, commands=form == "github")
        if form in ("json", "sarif"):
            for text in self.messages(json.loads(run.err)):
                self.assertFalse(UNSAFE - {"\n"} & set(text), ascii(text))

    def messages(self, value):
        """What a report has for people."""
        if isinstance(value, dict):
            for key, inner in value.items():
                if key in ("message", "hint", "text") and isinstance(inner, str):
                    yield inner
                else:
                    yield from self.messages(inner)
        elif isinstance(value, list):
            for inner in value:
                yield from self.messages(inner)


class ShownText(Case):
    def test_every_field_in_every_report(self):
        for field, manifest in fields(EVERYTHING):
            for form, words in FORMS.items():
                with self.subTest(field=field, form=form):
                    run = self.run_program("-f", "-", *words, text=manifest)
                    self.demand_safe_report(run, form)
                    if form in ("check", "name"):
                        self.demand_safe(run.out)

    def test_every_class_alone(self):
        for name, signs in CLASSES.items():
            for sign in signs:
                with self.subTest(name=name, sign=f"U+{ord(sign):04X}"):
                    run = self.run_program("-f", "-", text=pod(f"a{sign}b"))
                    self.demand_safe(run.err)
                    self.assertIn(f"Pod/a<U+{ord(sign):04X}>b", run.err)

    def test_other_commands(self):
        self.write("a.yaml", pod(EVERYTHING, annotations={"sidecar.vault.talend.org/role": EVERYTHING}))
        commands = (["uninject", "a.yaml"], ["convert", "--to", "hashicorp", "a.yaml"], ["post-render"],
                    ["apply", "--dry-run=client", "-f", "a.yaml"], ["apply", "--dry-run=client", "-o", "name", "-f", "a.yaml"])
        for words in commands:
            with self.subTest(words):
                run = self.run_program(*words, text=pod(EVERYTHING))
                self.demand_safe(run.err)
                if words[0] == "apply":
                    self.demand_safe(run.out)

    def test_words_of_the_command_line(self):
        text = EVERYTHING
        self.write("a.yaml", pod())
        lists = [[text], ["--" + text], ["-f", text], ["--kind", text], ["--name", text], ["-l", text], ["-l", f"a in ({text}"],
                 ["--set", text], ["--set", f"image={text}"], ["--set", f"{text}=1"], ["--sidecars", text], ["--pod-path", text],
                 ["--pod-path", f"{text}=a"], ["--config", text], ["--webhook-config", text], ["--vault-addr", text],
                 ["--in-namespace", text], ["-o", text], ["--report-file", text + "/x"], ["-k", text], ["--dialect", text],
                 ["--webhook-config", f"configmap/{text}/x"]]
        for words in lists:
            with self.subTest(words[0]):
                self.demand_safe(self.run_program("inject", *words, "a.yaml").err)
        for words in (["help", text], ["config", text], ["completion", text], ["config", "view", "--config", text],
                      ["apply", "a.yaml", "--field-manager", text], ["apply", f"deployment/{text}"], ["diff", text]):
            with self.subTest(words[0]):
                self.demand_safe(self.run_program(*words).err)

    def test_names_of_files(self):
        name = EVERYTHING.replace("/", "").encode("utf-8")[:200].decode("utf-8", "ignore") + ".yaml"
        for file in (name, "::error::x.yaml", "##[error]x.yaml"):
            self.write(file, pod())
            for form, words in FORMS.items():
                with self.subTest(file=ascii(file), form=form):
                    self.demand_safe_report(self.run_program(file, *words), form)
            with self.subTest(file=ascii(file), form="diff"):
                run = self.run_program("--diff", file)
                self.demand_safe("\n".join(line for line in run.out.splitlines() if line[:4] in ("--- ", "+++ ")))
                self.demand_safe(run.err)

    def test_names_that_are_not_utf8(self):
        path = os.path.join(os.fsencode(self.folder), b"b\xff\x1b[2J.yaml")
        pathlib.Path(os.fsdecode(path)).write_text(pod())
        for words in (["-f", "."], [b"b\xff\x1b[2J.yaml"], ["-i", "."]):
            with self.subTest(words):
                self.demand_safe(self.run_program(*words).err)

    def test_settings(self):
        for text in (f"{quoted(EVERYTHING)}: 1\n", f"image: [{quoted(EVERYTHING)}]\n", f"sidecars: {quoted(EVERYTHING)}\n",
                     f"podPaths: {{{quoted(EVERYTHING)}: {quoted(EVERYTHING)}}}\n"):
            self.write(".vault-inject.yaml", text)
            with self.subTest(text[:20]):
                self.demand_safe(self.run_program("-f", "-", text=pod()).err)

    def test_programs_that_speak(self):
        (self.folder / "bin").mkdir()
        said = self.folder / "said"
        said.write_text(EVERYTHING + "\n")
        for code in (0, 1):
            self.program("kubectl", f'cat "{said}" >&2; exit {code}')
            with self.subTest(code):
                run = self.run_program("-k", ".")
                self.demand_safe(run.err)
                self.assertIn("pwned", run.err)

    def test_results_of_a_function(self):
        listed = ("apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nitems:\n- "
                  + pod(EVERYTHING, annotations={"sidecar.vault.talend.org/mode": EVERYTHING}).replace("\n", "\n  ").rstrip() + "\n")
        run = self.run_program(text=listed)
        self.demand_safe(run.err)
        self.demand_safe(run.out[run.out.index("\nresults:"):])

    def test_at_a_terminal(self):
        self.write("a.yaml", pod(EVERYTHING) + "# PWNED \u202e\u2066\u200b\n")
        for words in (["-f", "a.yaml", "-q", "-o", "name"], ["--diff", "a.yaml"], ["--check", "-v", "a.yaml"]):
            with self.subTest(words):
                shown = self.at_terminal(*words)
                self.assertIn("PWNED" if "--diff" in words else "pwned", shown)
                self.demand_safe(re.sub(r"\x1b\[\d*m|\r\x1b\[K|\r(?=\n)", "", shown))

    def test_what_is_printed_is_the_input(self):
        text = "# \u202e\u200b ::error::x ##[error]y\n" + pod(EVERYTHING, annotations={"sidecar.vault.talend.org/inject": "no"})
        run = self.run_program("-q", "-f", "-", text=text)
        self.assertEqual(run.out, text, run.err)

    def test_diffs_are_for_patch(self):
        text = pod() + "# \u202e\u200b end\n"
        self.write("a.yaml", text)
        injected = self.run_program("-q", "-f", "a.yaml").out
        diff = self.run_program("-q", "--diff", "a.yaml").out
        subprocess.run(["git", "apply", "-p0", "-"], input=diff.encode(), cwd=self.folder, check=True, capture_output=True)
        self.assertEqual((self.folder / "a.yaml").read_text(), injected)

    def test_completion(self):
        config = self.folder / "config"
        config.write_text("contexts:\n" + "".join(f"- name: {quoted(f'c{sign}c')}\n" for sign in sorted(UNSAFE)) + "- name: fine\n")
        run = self.run_program("__complete", "apply", "--kubeconfig", str(config), "--context", "")
        self.demand_safe(run.out.replace("\t", ""))
        self.assertIn("fine", run.out)

    def test_columns_of_excerpts(self):
        # The caret stands below what it points at, whatever stands before it.
        for before in ("\u202e", "\u00e9", "e\u0301", "\u4e2d", "\u200b", "\U0001f600", "\t"):
            manifest = f'kind: Pod\nmetadata: {{annotations: {{"{before}": "", sidecar.vault.talend.org/inject: true}}}}\n'
            run = self.run_program("-f", "-", text=manifest)
            lines = run.err.splitlines()
            caret = next(index for index, line in enumerate(lines) if line.strip(" |").startswith("^"))
            with self.subTest(ascii(before)):
                self.assertEqual(columns(lines[caret - 1][:lines[caret - 1].rindex("true")]), lines[caret].index("^"), run.err)

    def write(self, name, text):
        (self.folder / name).write_bytes(text.encode("utf-8"))

    def program(self, name, script):
        path = self.folder / "bin" / name
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)

    def at_terminal(self, *words):
        leader, follower = pty.openpty()
        process = subprocess.Popen([PROGRAM, *words], cwd=self.folder, env={**self.environment, "TERM": "xterm"},
                                   stdin=follower, stdout=follower, stderr=follower, close_fds=True)
        os.close(follower)
        shown = b""
        try:
            while chunk := os.read(leader, 65536):
                shown += chunk
        except OSError:
            pass
        os.close(leader)
        process.wait(30)
        return shown.decode("utf-8", "surrogateescape")


def columns(text):
    """How wide a terminal shows a text."""
    import unicodedata
    return sum(0 if unicodedata.combining(sign) else 2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)


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


class Requests(Case):
    BREAKS = ("\r\nX-Pwned: 1", "\nX-Pwned: 1", "\r", "\0", "\x1b[2J", "\x7f", "\t", "\x85")

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
        return self.run_program("apply", "deployment/web", *words, env={"KUBECONFIG": str(kubeconfig)}, **more)

    def demand_refused(self, run, codes, setting, secret=None):
        self.assertIn(run.returncode, codes, run.err)
        self.assertIn(setting, run.err)
        self.assertEqual(self.server.heads, [], run.err)
        if secret:
            self.assertNotIn(secret, run.err)
        for sign in UNSAFE - {"\n"}:
            self.assertNotIn(sign, run.err)

    def test_the_way_itself_works(self):
        run = self.ask(kubeconfig=self.kubeconfig({"token": "good-token", "as": "you", "as-user-extra": {"a": ["b"]}}))
        self.assertEqual(run.returncode, 66, run.err)
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
                run = self.run_program("apply", f"deployment/{name}", env={"KUBECONFIG": str(path)})
                self.assertEqual((run.returncode, self.server.heads), (64, []), run.err)
                run = self.run_program("diff", "-f", "-", text=pod(name, namespace="a"), env={"KUBECONFIG": str(path)})
                self.assertEqual((run.returncode, self.server.heads), (65, []), run.err)
                run = self.run_program("diff", "-f", "-", text=pod(namespace=name), env={"KUBECONFIG": str(path)})
                self.assertEqual((run.returncode, self.server.heads), (65, []), run.err)
                run = self.run_program("--webhook-config", f"configmap/{name}/x", text=pod(), env={"KUBECONFIG": str(path)})
                self.assertEqual((run.returncode, self.server.heads), (64, []), run.err)
        run = self.run_program("diff", "-f", "-", text=pod("a/../../b"), env={"KUBECONFIG": str(path)})
        self.assertEqual((run.returncode, self.server.heads), (65, []), run.err)

    def test_parts_of_an_address_are_encoded(self):
        path = self.kubeconfig()
        for api in ("ex.org?a=b/v1", "ex.org#/v1", "ex.org/v1?x", "../../v1", "ex org/v1", "e\r\nx/v1"):
            with self.subTest(api):
                self.server.heads.clear()
                self.run_program("diff", "-f", "-", text=pod(api=api, kind="Thing"), env={"KUBECONFIG": str(path)})
                for line, _ in self.server.heads:
                    self.assertRegex(line, r"^GET /apis?(/[A-Za-z0-9.%_~:-]+)* HTTP/1\.1$")
                    self.assertNotIn("..", line)

    def test_addresses_of_inputs(self):
        for text in ("\r\nX: 1", "\n", "\x1b", "\x7f"):
            with self.subTest(text):
                run = self.run_program("-f", f"{self.server.address}/a{text}.yaml")
                self.assertEqual((run.returncode, self.server.heads), (64, []), run.err)

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
                        run = self.run_program(*words, *FORMS[form], text=pod(), env={"KUBECONFIG": str(path)})
                        self.assertIn("pwned", run.err)
                        self.demand_safe_report(run, form)


class Secrets(Requests):
    """What must not be shown is repeated by whoever can."""

    test_flags = test_kubeconfig = test_what_a_file_or_a_program_gives = test_names_in_addresses = None
    test_parts_of_an_address_are_encoded = test_addresses_of_inputs = test_what_a_server_says = test_the_way_itself_works = None

    def echo(self, request):
        """Everything the client sent, in each place an answer has for words."""
        said = " ".join(f"{name}: {value}" for name, value in request.headers.items())
        credential = request.headers.get("Authorization", "").partition(" ")[2]
        message = f"no good: {said}; {credential!r}; {credential[:30]}"
        body = json.dumps({"kind": "Status", "status": "Failure", "message": message, "reason": credential,
                           "details": {"causes": [{"field": "spec", "message": message}]}})
        return self.code, {"Warning": f'299 - "you sent {credential}"'}, body.encode()

    def test_repeated_by_a_server(self):
        import base64
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
                            run = self.run_program(*words, "-vv", *FORMS[form], text=pod(), env={"KUBECONFIG": str(path)})
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
                self.assertNotEqual(run.returncode, 0)
                self.assertNotIn("proxy-password", run.err)
                run = self.run_program("-f", "https://192.0.2.1:9/a.yaml", env={"HTTPS_PROXY": proxy})
                self.assertNotIn("proxy-password", run.err)
        for url in ("https://me:url-password@127.0.0.1:1/a", "https://me:url-password@:0/", "https://me:url%2Dpassword@127.0.0.1:x/a",
                    "me:url-password@x/y", "ftp://me:url-password@x"):
            with self.subTest(url):
                self.assertNotIn("url-password", self.ask("--server", url, kubeconfig=self.kubeconfig()).err)
                if url.startswith("https:"):
                    self.assertNotIn("url-password", self.run_program("-f", url).err)

    def test_short_ones_are_words(self):
        self.server = Server(self, (403, {}, b'{"kind": "Status", "message": "you sent abc, not abcdef"}'))
        run = self.ask(kubeconfig=self.kubeconfig({"username": "me", "password": "abc"}))
        self.assertIn("you sent <redacted>, not abcdef", run.err)


@unittest.skipUnless(os.geteuid() == 0, "only root can give files away")
class ForeignOwners(Case):
    def test_refused(self):
        place = self.folder / "place"
        place.mkdir()
        file = place / ".vault-inject.yaml"
        file.write_text("image: attacker/vault:1\n")
        cases = {
            "belongs to another user (uid 1234)": lambda: os.chown(file, 1234, 1234),
            "is in a folder of another user (uid 1234)": lambda: os.chown(place, 1234, 1234),
        }
        for fault, change in cases.items():
            os.chown(file, 0, 0), os.chown(place, 0, 0)
            change()
            self.demand_refused(place, fault)
            with self.subTest("sudo"):
                run = self.run_program("-f", "-", text=pod(), cwd=place, env={"SUDO_UID": "1234"})
                self.assertEqual(run.returncode, 0, run.err)

    def test_links(self):
        place = self.folder / "place"
        place.mkdir()
        (self.folder / "mine.yaml").write_text("image: mine/vault:1\n")
        link = place / ".vault-inject.yaml"
        link.symlink_to(self.folder / "mine.yaml")
        self.assertIn("mine/vault:1", self.run_program("-f", "-", text=pod(), cwd=place).out)
        os.chown(link, 1234, 1234, follow_symlinks=False)
        self.demand_refused(place, "belongs to another user (uid 1234)")

    def demand_refused(self, place, fault):
        with self.subTest(fault):
            run = self.run_program("-f", "-", text=pod(), cwd=place)
            self.assertEqual((run.returncode, run.out), (65, ""), run.err)
            self.assertIn(f".vault-inject.yaml: error: this configuration file {fault}, and is not used unasked", run.err)
            self.assertIn("--config .vault-inject.yaml", run.err)
            named = self.run_program("-f", "-", "--config", ".vault-inject.yaml", text=pod(), cwd=place)
            self.assertEqual(named.returncode, 0, named.err)
            self.assertNotIn("warning", named.err)
            (self.folder / "other.yaml").write_text("image: other/vault:1\n")
            other = self.run_program("-f", "-", "--config", "../other.yaml", text=pod(), cwd=place)
            self.assertEqual(other.returncode, 0, other.err)
            self.assertIn("other/vault:1", other.out)
            self.assertIn(f".vault-inject.yaml: warning: this configuration file {fault}", other.err)
            for words in (["config", "view"], ["apply", "--dry-run=client", "-f", "-"], ["--check", "-f", "-"], ["post-render"]):
                self.assertEqual(self.run_program(*words, text=pod(), cwd=place).returncode, 65, words)


class Settings(Case):
    def setUp(self):
        super().setUp()
        self.file = self.folder / ".vault-inject.yaml"
        self.file.write_text("image: found/vault:1\n")
        self.place = self.folder / "a" / "b"
        self.place.mkdir(parents=True)

    def finds(self, **more):
        run = self.run_program("-f", "-", text=pod(), cwd=self.place, **more)
        self.assertEqual(run.returncode, 0, run.err)
        return "found/vault:1" in run.out

    def test_looked_for_above(self):
        self.assertTrue(self.finds())

    def test_not_above_a_repository(self):
        for where in (self.place, self.place.parent):
            for make in (lambda path: path.mkdir(), lambda path: path.write_text("gitdir: x\n")):
                make(where / ".git")
                with self.subTest(where):
                    self.assertFalse(self.finds())
                (where / ".git").rmdir() if (where / ".git").is_dir() else (where / ".git").unlink()

    def test_in_the_root_of_a_repository(self):
        (self.folder / ".git").mkdir()
        self.assertTrue(self.finds())

    def test_not_above_the_home_folder(self):
        self.assertFalse(self.finds(env={"HOME": str(self.place)}))
        self.assertFalse(self.finds(env={"HOME": str(self.place.parent) + "/"}))
        self.assertTrue(self.finds(env={"HOME": str(self.folder)}))
        self.assertTrue(self.finds(env={"HOME": "/nowhere"}))
        self.assertTrue(self.finds(env={"HOME": ""}))

    def test_writable_by_anyone(self):
        def refused():
            run = self.run_program("-f", "-", text=pod(), cwd=self.place)
            return "anyone" in run.err and run.returncode == 65 and not run.out
        self.assertFalse(refused())
        self.file.chmod(0o666)
        self.assertTrue(refused())
        self.file.chmod(0o664)
        self.assertFalse(refused())
        self.folder.chmod(0o777)
        self.assertTrue(refused())
        self.folder.chmod(0o1777)
        self.assertFalse(refused())

    def test_named(self):
        run = self.run_program("-f", "-", text=pod(), cwd=self.place)
        self.assertEqual(run.err.splitlines()[-1], "configuration: ../../.vault-inject.yaml")
        more = self.folder / "more.yaml"
        more.write_text("sidecars: native\n")
        run = self.run_program("-f", "-", "--config", str(more), text=pod(), cwd=self.place)
        self.assertEqual(run.err.splitlines()[-1], f"configuration: ../../.vault-inject.yaml, {more}")
        for words in (["--check"], ["-v"], ["uninject"], ["apply", "--dry-run=client"]):
            run = self.run_program(*words, "-f", "-", text=pod(), cwd=self.place)
            self.assertEqual(run.err.splitlines()[-1], "configuration: ../../.vault-inject.yaml", words)

    def test_named_for_machines(self):
        run = self.run_program("-f", "-", "--report", "json", text=pod(), cwd=self.place)
        self.assertEqual(json.loads(run.err)["configuration"], ["../../.vault-inject.yaml"])
        run = self.run_program("-f", "-", "--report", "sarif", text=pod(), cwd=self.place)
        self.assertEqual(json.loads(run.err)["runs"][0]["properties"]["configuration"], ["../../.vault-inject.yaml"])

    def test_not_named_where_nothing_is_said(self):
        self.assertEqual(self.run_program("-q", "-f", "-", text=pod(), cwd=self.place).err, "")
        (self.place / "a.yaml").write_text("a: 1\n")
        self.assertEqual(self.run_program("-i", "a.yaml", cwd=self.place).err, "")
        self.file.unlink()
        self.assertNotIn("configuration:", self.run_program("-f", "-", text=pod(), cwd=self.place).err)


def main():
    suite = unittest.defaultTestLoader.loadTestsFromModule(sys.modules[__name__])
    if names := {f"test_{name}" for name in sys.argv[1:]}:
        suite = unittest.TestSuite(test for group in suite for test in group if test.id().rpartition(".")[2] in names)
    result = unittest.TextTestRunner(verbosity=2).run(suite)
    failed, skipped = len({str(getattr(test, "test_case", test)) for test, _ in result.failures + result.errors}), len(result.skipped)
    for test, why in result.skipped:
        print(f"!!! SKIPPED: {test}: {why}")
    print(f"hostile input: {result.testsRun - failed - skipped} passed, {failed} failed, {skipped} skipped")
    return 1 if failed or not result.testsRun else 0


if __name__ == "__main__":
    sys.exit(main())
