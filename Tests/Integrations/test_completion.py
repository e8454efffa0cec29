"""Completion in real shells: what is typed, and the words the shell then runs."""

import importlib.util
import shutil
import unittest
from concurrent.futures import ThreadPoolExecutor

from case import Case
from harness.places import PROGRAM
from terminal import RECORDER, Terminal

KUBECONFIG = """\
apiVersion: v1
kind: Config
contexts:
- {name: kind-dev, context: {cluster: kind, user: admin, namespace: shop-dev}}
- {name: production, context: {cluster: prod, user: "", namespace: shop}}
"""

# What is typed after the program's name, and the words that come of it. A space after a tab is the shell's own.
TYPED = [
    ("--outp\tj\t", ["--output", "json"]),
    ("-o js\t", ["-o", "json"]),
    ("--output=js\t", ["--output=json"]),
    ("--set imagePullP\tAl\t", ["--set", "imagePullPolicy=Always"]),
    ("--set=imagePullP\tAl\t", ["--set=imagePullPolicy=Always"]),
    ("--set sidecars=n\t", ["--set", "sidecars=native"]),
    ("--set=sidecars=n\t", ["--set=sidecars=native"]),
    ("-n shop-\t", ["-n", "shop-dev"]),
    ("comp\tba\t", ["completion", "bash"]),
    ("config vi\t--vault-ad\thttp://v:1", ["config", "view", "--vault-addr", "http://v:1"]),
    ("-f we\t", ["-f", "web.yaml"]),
    ("-f my\t", ["-f", "my web.yaml"]),
    ("we\t", ["web.yaml"]),
    ("inject -q we\t", ["inject", "-q", "web.yaml"]),
    ("-k over\t", ["-k", "overlays/"]),
    ("--config=we\t", ["--config=web.yaml"]),
]
LINES = [(f"kubectl-vault-inject {typed}", words) for typed, words in TYPED]
LINES += [(f"kubectl-vault_inject {typed}", words) for typed, words in TYPED[:1]]


SCRIPTS = {
    "bash": ("bash", [f"source <({PROGRAM} completion bash)"]),
    "bash, where signs do not break words": (
        "bash", ["COMP_WORDBREAKS=$' \\t\\n'", f"source <({PROGRAM} completion bash)"]),
    "zsh": ("zsh", [f"source <({PROGRAM} completion zsh)"]),
    "zsh, from its function path": ("zsh", ["fpath=(~/functions $fpath)", "compinit -u -D"]),
    "fish": ("fish", [f"{PROGRAM} completion fish | source"]),
}


@unittest.skipUnless(importlib.util.find_spec("pexpect"), "pexpect is not installed")
class Shells(Case):
    @classmethod
    def setUpClass(cls):
        """Types in all shells at once: nearly all of the time is spent waiting for what they show."""
        home = cls.home = Case()
        home.setUp()
        cls.addClassCleanup(home.doCleanups)
        for name in ("kubectl-vault-inject", "kubectl-vault_inject"):
            (home.bin / name).unlink()
            home.write(f".bin/{name}", RECORDER.format(program=PROGRAM), 0o755)
        for path in ("web.yaml", "web.txt", "my web.yaml", "overlays/kustomization.yaml", "over.yaml"):
            home.write(path, "{}\n")
        home.write(".kube/config", KUBECONFIG)
        home.write("functions/_kubectl-vault-inject", home.check_program(PROGRAM, "completion", "zsh"))
        pool = ThreadPoolExecutor(len(SCRIPTS))
        cls.addClassCleanup(pool.shutdown)
        cls.typed = {
            name: pool.submit(cls.type, *script, home.folder / f".words-{index}")
            for index, (name, script) in enumerate(SCRIPTS.items()) if shutil.which(script[0])}

    @classmethod
    def type(cls, shell, scripts, record):
        """The words of each line, and what is shown where there is a choice."""
        terminal = Terminal(shell, cls.home, scripts, record)
        lines = [(line, terminal.entered(line)) for line, _ in LINES]
        return lines, terminal.type(
            "kubectl-vault-inject --report=\t\t", lambda shown: "json" in shown and "text" in shown)

    def check(self, name):
        if name not in self.typed:
            self.skipTest(f"there is no {SCRIPTS[name][0]} on this machine")
        entered, shown = self.typed[name].result()
        self.assertEqual(entered, LINES)
        self.assertRegex(shown, r"(?s)\bjson\b.*\btext\b|\btext\b.*\bjson\b")

    def test_bash(self):
        self.check("bash")

    def test_bash_where_signs_do_not_break_words(self):
        self.check("bash, where signs do not break words")

    def test_zsh(self):
        self.check("zsh")

    def test_zsh_from_its_function_path(self):
        self.check("zsh, from its function path")

    def test_fish(self):
        self.check("fish")


class Candidates(Case):
    def complete(self, *words):
        return self.check_program(PROGRAM, "__complete", *words).splitlines()

    def test_an_answer_is_candidates_with_their_meaning_and_a_directive(self):
        self.assertEqual(self.complete("--output", "y"), ["yaml", ":4"])
        self.assertEqual(
            self.complete("config", ""),
            ["view\tPrint what is in force, and where each value comes from",
             "export\tPrint a file to start from: every setting, with comments", ":4"])

    def test_every_setting_is_offered(self):
        *offered, directive = self.complete("--set", "")
        self.assertEqual(directive, ":6")
        exported = self.check_program(PROGRAM, "config", "view")
        leaves = {line.split("#")[0].split(":")[0].strip() for line in exported.splitlines() if ":" in line}
        for line in offered:
            self.assertIn(line.split("=")[0].split(".")[-1], leaves)
        self.assertGreater(len(offered), 40)

    def test_a_value_that_cannot_be_known_gets_no_file_names(self):
        self.assertEqual(self.complete("--vault-addr", ""), [":4"])

    def test_a_broken_kubeconfig_has_no_names(self):
        self.write(".kube/config", "contexts: [\n")
        self.assertEqual(self.complete("-n", ""), [":4"])
