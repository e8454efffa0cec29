"""Names, values and answers that are meant to do something to whoever reads what the program says.

Whatever comes in: no control character reaches a terminal or a log, no line begins as a command to a CI system, no
header is begun by a value, and no settings are taken from a file that somebody else could have written.
"""

import json
import os

from harness import case

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


class Case(case.Case):
    errors = "surrogateescape"

    def setUp(self):
        super().setUp()
        (self.folder / "home").mkdir()
        self.environment = {"PATH": f"{self.folder}/bin:{os.environ['PATH']}", "HOME": str(self.folder / "home")}

    def inject(self, *words, text=None, timeout=60, **options):
        """Runs the program under test; nothing is on standard input unless it is given."""
        return super().inject(*words, text=text, timeout=timeout, **options)

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
