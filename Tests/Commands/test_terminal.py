"""What is seen at a terminal and nowhere else: colour, and lines that fit its width."""

import re

from harness import terminal
from harness.case import Case
from harness.places import PROGRAM

APP = """\
apiVersion: v1
kind: Pod
metadata:
  name: web
  annotations:
    sidecar.vault.talend.org/inject: true
spec:
  containers:
  - name: app
    image: busybox
"""
ASKING = APP.replace(": true", """: "true"
    sidecar.vault.talend.org/role: shop
    sidecar.vault.talend.org/secrets-path: secret/shop""")
# What is copied from a line is not broken, even where the line is too long.
UNBROKEN = ("`", "/serviceaccount/token", "vault.hashicorp.com/", "sidecar.vault.talend.org/", "openbao.org/")
COLOR = re.compile("\x1b\\[[0-9;]*m")


class TerminalCase(Case):
    def setUp(self):
        super().setUp()
        self.environment["TERM"] = "xterm"
        self.write("app.yaml", APP)

    def shown(self, *words, columns=80, env=None):
        """What the program shows at a terminal."""
        environment = {**self.environment, **(env or {})}
        text, _ = terminal.run([PROGRAM, *words], columns=columns, cwd=self.folder, env=environment)
        return text


class Width(TerminalCase):
    def test_messages_and_hints_fit_with_a_hanging_indent(self):
        text = COLOR.sub("", self.shown("--check", "app.yaml", columns=60))
        self.assertIn("is a boolean, and has\n    to be a string", text)
        self.assertIn("inject: \"true\";\n        the API server takes", text)

    def test_what_is_copied_stays_in_one_piece(self):
        text = COLOR.sub("", self.shown("-q", "uninject", "app.yaml", columns=50))
        self.assertIn("  hint: put it first:\n        kubectl-vault-inject uninject …\n", text)

    def test_COLUMNS_is_heeded(self):
        text = COLOR.sub("", self.shown("--check", "app.yaml", columns=60, env={"COLUMNS": "200"}))
        self.assertIn("is a boolean, and has to be a string", text)

    def test_elsewhere_lines_are_as_long_as_what_they_say(self):
        run = self.inject("--check", "app.yaml", env={"COLUMNS": "40"})
        self.assertIn("hint: quote it: sidecar.vault.talend.org/inject: \"true\"; the API server takes only", run.err)

    def test_help_fits(self):
        lines = self.shown("lint", "--help", columns=76).splitlines()
        examples = [line for line in lines if "kubectl-vault-inject" in line or line.startswith("  #")]
        self.assertTrue(all(len(line) <= 76 for line in lines if line not in examples), lines)


    def test_explanations_fit_as_help_does(self):
        self.write("app.yaml", ASKING)
        for words in (("explain", "-f", "app.yaml"), ("explain", "rule"), ("explain", "annotation", "agent-image")):
            for columns, widest in ((64, 64), (90, 90), (300, 100)):
                with self.subTest(words=words, columns=columns):
                    lines = COLOR.sub("", self.shown(*words, columns=columns)).splitlines()
                    broken = [line for line in lines if len(line) > widest and " " in line.strip()
                              and not any(word in line for word in UNBROKEN)]
                    self.assertEqual(broken, [])
                    self.assertGreater(max(map(len, lines)), widest - 20)


class Color(TerminalCase):
    ENVIRONMENTS = (
        # At a terminal, elsewhere, with these variables and options.
        (True, False, {}, ()),
        (False, False, {"NO_COLOR": "1"}, ()),
        (True, False, {"NO_COLOR": ""}, ()),
        (False, False, {"TERM": "dumb"}, ()),
        (False, False, {"CLICOLOR": "0"}, ()),
        (True, False, {"CLICOLOR": "1"}, ()),
        (True, True, {"CLICOLOR_FORCE": "1"}, ()),
        (True, False, {"CLICOLOR_FORCE": "0"}, ()),
        (True, True, {"FORCE_COLOR": "1", "TERM": "dumb"}, ()),
        (False, False, {"FORCE_COLOR": "0"}, ()),
        (False, False, {"FORCE_COLOR": "1", "NO_COLOR": "1"}, ()),
        (False, False, {"FORCE_COLOR": "1"}, ("--color", "never")),
        (True, True, {"NO_COLOR": "1"}, ("--color=always",)),
        (True, False, {}, ("--color", "auto")),
    )

    def test_the_report_is_coloured_where_the_user_wants_it(self):
        for at_terminal, elsewhere, variables, options in self.ENVIRONMENTS:
            with self.subTest(variables=variables, options=options):
                self.assertEqual(bool(COLOR.search(self.shown("--check", "app.yaml", *options, env=variables))), at_terminal)
                self.assertEqual(bool(COLOR.search(self.inject("--check", "app.yaml", *options, env=variables).err)), elsewhere)

    def test_diffs_are_coloured_alike(self):
        self.write("app.yaml", APP.replace(": true", ': "true"').replace("annotations:", (
            "annotations:\n    sidecar.vault.talend.org/role: web\n    sidecar.vault.talend.org/secrets-path: secret/web")))
        self.assertIn("\x1b[32m+", self.inject("-q", "--diff", "app.yaml", "--color=always").out)
        self.assertNotIn("\x1b", self.inject("-q", "--diff", "app.yaml").out)
        self.assertNotIn("\x1b", self.shown("-q", "--diff", "app.yaml", "--color=never"))

    def test_reports_for_machines_have_none(self):
        self.assertNotIn("\x1b", self.inject("--check", "app.yaml", "--report", "json", "--color=always").err)
