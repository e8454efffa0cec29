"""Whatever stands in a manifest, a name or an answer, what is shown of it can be shown."""

import json
import os
import pathlib
import pty
import re
import subprocess
import unicodedata

from case import CLASSES, EVERYTHING, FORMS, UNSAFE, Case, fields, pod, quoted
from harness.places import PROGRAM


class ShownText(Case):
    def test_every_field_in_every_report(self):
        for field, manifest in fields(EVERYTHING):
            for form, words in FORMS.items():
                with self.subTest(field=field, form=form):
                    run = self.inject("-f", "-", *words, text=manifest)
                    self.demand_safe_report(run, form)
                    if form in ("check", "name"):
                        self.demand_safe(run.out)

    def test_every_class_alone(self):
        for name, signs in CLASSES.items():
            for sign in signs:
                with self.subTest(name=name, sign=f"U+{ord(sign):04X}"):
                    run = self.inject("-f", "-", text=pod(f"a{sign}b"))
                    self.demand_safe(run.err)
                    self.assertIn(f"Pod/a<U+{ord(sign):04X}>b", run.err)

    def test_other_commands(self):
        self.write("a.yaml", pod(EVERYTHING, annotations={"sidecar.vault.talend.org/role": EVERYTHING}))
        commands = (["uninject", "a.yaml"], ["convert", "--to", "hashicorp", "a.yaml"], ["post-render"],
                    ["apply", "--dry-run=client", "-f", "a.yaml"], ["apply", "--dry-run=client", "-o", "name", "-f", "a.yaml"])
        for words in commands:
            with self.subTest(words):
                run = self.inject(*words, text=pod(EVERYTHING))
                self.demand_safe(run.err)
                if words[0] == "apply":
                    self.demand_safe(run.out)

    def test_policies(self):
        """What Vault is to be told is exact, and has no character that does not show: what would need one is refused."""
        for field, manifest in fields(EVERYTHING):
            for form in ("hcl", "commands", "terraform", "json"):
                with self.subTest(field=field, form=form):
                    run = self.inject("policy", "-f", "-", "-o", form, text=manifest)
                    self.demand_safe(run.err)
                    self.assertFalse(UNSAFE - {"\n"} & set(run.out), ascii(run.out))
                    if form == "json" and run.out:
                        for text in self.texts(json.loads(run.out)):
                            self.assertFalse(UNSAFE - {"\n"} & set(text), ascii(text))

    def texts(self, value):
        if isinstance(value, str):
            yield value
        for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else []:
            yield from self.texts(inner)

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
                self.demand_safe(self.inject("inject", *words, "a.yaml").err)
        for words in (["help", text], ["config", text], ["completion", text], ["config", "view", "--config", text],
                      ["apply", "a.yaml", "--field-manager", text], ["apply", f"deployment/{text}"], ["diff", text], ["policy", text], ["policy", "--kv", text, "a.yaml"],
                      ["policy", "--dir", text + "/x", "a.yaml"], ["policy", "--token-ttl", text, "a.yaml"],
                      ["policy", "--policy-name", text, "a.yaml"]):
            with self.subTest(words[0]):
                self.demand_safe(self.inject(*words).err)

    def test_names_of_files(self):
        name = EVERYTHING.replace("/", "").encode("utf-8")[:200].decode("utf-8", "ignore") + ".yaml"
        for file in (name, "::error::x.yaml", "##[error]x.yaml"):
            self.write(file, pod())
            for form, words in FORMS.items():
                with self.subTest(file=ascii(file), form=form):
                    self.demand_safe_report(self.inject(file, *words), form)
            with self.subTest(file=ascii(file), form="diff"):
                run = self.inject("--diff", file)
                self.demand_safe("\n".join(line for line in run.out.splitlines() if line[:4] in ("--- ", "+++ ")))
                self.demand_safe(run.err)

    def test_names_that_are_not_utf8(self):
        path = os.path.join(os.fsencode(self.folder), b"b\xff\x1b[2J.yaml")
        pathlib.Path(os.fsdecode(path)).write_text(pod())
        for words in (["-f", "."], [b"b\xff\x1b[2J.yaml"], ["-i", "."]):
            with self.subTest(words):
                self.demand_safe(self.inject(*words).err)

    def test_settings(self):
        for text in (f"{quoted(EVERYTHING)}: 1\n", f"image: [{quoted(EVERYTHING)}]\n", f"sidecars: {quoted(EVERYTHING)}\n",
                     f"podPaths: {{{quoted(EVERYTHING)}: {quoted(EVERYTHING)}}}\n"):
            self.write(".vault-inject.yaml", text)
            with self.subTest(text[:20]):
                self.demand_safe(self.inject("-f", "-", text=pod()).err)

    def test_programs_that_speak(self):
        (self.folder / "bin").mkdir()
        said = self.folder / "said"
        said.write_text(EVERYTHING + "\n")
        for code in (0, 1):
            self.program("kubectl", f'cat "{said}" >&2; exit {code}')
            with self.subTest(code):
                run = self.inject("-k", ".")
                self.demand_safe(run.err)
                self.assertIn("pwned", run.err)

    def test_results_of_a_function(self):
        listed = ("apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nitems:\n- "
                  + pod(EVERYTHING, annotations={"sidecar.vault.talend.org/mode": EVERYTHING}).replace("\n", "\n  ").rstrip() + "\n")
        run = self.inject(text=listed)
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
        run = self.inject("-q", "-f", "-", text=text)
        self.assertEqual(run.out, text, run.err)

    def test_diffs_are_for_patch(self):
        text = pod() + "# \u202e\u200b end\n"
        self.write("a.yaml", text)
        injected = self.inject("-q", "-f", "a.yaml").out
        diff = self.inject("-q", "--diff", "a.yaml").out
        subprocess.run(["git", "apply", "-p0", "-"], input=diff.encode(), cwd=self.folder, check=True, capture_output=True)
        self.assertEqual((self.folder / "a.yaml").read_text(), injected)

    def test_completion(self):
        config = self.folder / "config"
        config.write_text("contexts:\n" + "".join(f"- name: {quoted(f'c{sign}c')}\n" for sign in sorted(UNSAFE)) + "- name: fine\n")
        run = self.inject("__complete", "apply", "--kubeconfig", str(config), "--context", "")
        self.demand_safe(run.out.replace("\t", ""))
        self.assertIn("fine", run.out)

    def test_columns_of_excerpts(self):
        # The caret stands below what it points at, whatever stands before it.
        for before in ("\u202e", "\u00e9", "e\u0301", "\u4e2d", "\u200b", "\U0001f600", "\t"):
            manifest = f'kind: Pod\nmetadata: {{annotations: {{"{before}": "", sidecar.vault.talend.org/inject: true}}}}\n'
            run = self.inject("-f", "-", text=manifest)
            lines = run.err.splitlines()
            caret = next(index for index, line in enumerate(lines) if line.strip(" |").startswith("^"))
            with self.subTest(ascii(before)):
                self.assertEqual(columns(lines[caret - 1][:lines[caret - 1].rindex("true")]), lines[caret].index("^"), run.err)

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
    return sum(0 if unicodedata.combining(sign) else 2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)
