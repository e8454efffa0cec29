"""An installed release, found by the real kubectl under both its names, and what the release needs to run."""

import importlib.util
import os
import shutil
import subprocess
import unittest
from pathlib import Path

from case import EXAMPLE, ReleaseCase, release
from harness.case import needs
from terminal import RECORDER, Terminal

BASH_COMPLETION = "/usr/share/bash-completion/bash_completion"


@needs("kubectl")
class Plugin(ReleaseCase):
    def test_both_names_run_the_program(self):
        self.write("app.yaml", EXAMPLE)
        for words in (["kubectl", "vault-inject"], ["kubectl", "vault", "inject"]):
            printed = self.check_program(*words, "-q", "-f", "app.yaml")
            self.assertIn("tvsi-vault-agent", printed)
            usage = self.run_program("bash", "-c", f"{' '.join(words)} --nonsense")
            self.assertEqual(usage.code, 64)
            self.assertIn(f"{' '.join(words)} inject --help lists", usage.err)

    def test_flags_behind_the_name_reach_the_program_and_its_exit_code_the_shell(self):
        self.write("app.yaml", EXAMPLE)
        self.assertEqual(self.run_program("kubectl", "vault-inject", "--check", "app.yaml").code, 1)
        self.assertEqual(self.run_program("kubectl", "vault-inject", "missing.yaml").code, 66)

    def test_kubectl_lists_it_without_a_warning(self):
        # Only this folder is looked through: other plugins of the machine may deserve theirs.
        kubectl = shutil.which("kubectl")
        listed = self.run_program(kubectl, "plugin", "list", env={"PATH": str(release())})
        self.assertEqual(listed.code, 0, listed.err)
        self.assertEqual(listed.err, "")
        names = [Path(line).name for line in listed.out.splitlines() if line.startswith("/")]
        self.assertEqual(names, ["kubectl-vault-inject", "kubectl-vault_inject"])
        self.assertNotIn("warning", listed.out)

    def complete(self, *words):
        return self.check_program("kubectl", *words).splitlines()

    def test_kubectl_completes_both_names(self):
        for name in (["vault-inject"], ["vault", "inject"]):
            self.assertEqual(
                self.complete("__complete", *name, "--output", "j"), ["json", ":4"])
            self.assertEqual(self.complete("__complete", *name, "-f", ""), ["yaml", "yml", "json", ":8"])
            self.assertEqual(self.complete("__completeNoDesc", *name, "config", ""), ["view", "export", ":4"])
        self.assertIn("vault-inject", self.check_program("kubectl", "__complete", "vault-i"))

    @unittest.skipUnless(importlib.util.find_spec("pexpect"), "pexpect is not installed")
    @unittest.skipUnless(os.path.exists(BASH_COMPLETION), "the package bash-completion is not installed")
    def test_bash_completes_it_through_kubectl(self):
        for name in ("kubectl-vault_inject", "kubectl-vault-inject"):
            self.write(f".tools/{name}", RECORDER.format(program=release() / name), 0o755)
        self.environment["PATH"] = f"{self.folder}/.tools:{self.environment['PATH']}"
        self.write("app.yaml", "")
        self.write("app.txt", "")
        record = self.folder / ".words"
        terminal = Terminal(
            "bash", self, [f"source {BASH_COMPLETION}", "source <(kubectl completion bash)"], record)
        lines = [
            ("kubectl vault-inject --outp\tj\t", ["--output", "json"]),
            ("kubectl vault-inject --output=js\t", ["--output=json"]),
            ("kubectl vault-inject -f app\t", ["-f", "app.yaml"]),
            ("kubectl vault-inject comp\tba\t", ["completion", "bash"]),
            ("kubectl vault-inject --set vault.addr\thttp://v:1", ["--set", "vault.address=http://v:1"]),
            ("kubectl vault-inject --set sidecars=n\t", ["--set", "sidecars=native"]),
            ("kubectl vault inject --outp\tj\t", ["--output", "json"]),
        ]
        self.assertEqual([(line, terminal.entered(line)) for line, _ in lines], lines)


class Release(ReleaseCase):
    @needs("ldd")
    def test_it_needs_no_library_that_a_package_would_bring(self):
        libraries = self.check_program("ldd", release() / "kubectl-vault-inject")
        names = {line.split()[0].split(".so")[0].split("/")[-1] for line in libraries.splitlines()}
        self.assertLessEqual(names, {"linux-vdso", "libm", "libgcc_s", "libc", "ld-linux-x86-64", "ld-linux-aarch64"})

    def test_the_optimised_program_asks_a_cluster_too(self):
        """Every other test of clusters runs the program as it is built for debugging."""
        self.write("app.yaml", EXAMPLE)
        nobody = ["--server", "http://127.0.0.1:1"]
        for words in (["apply", "-f", "app.yaml"], ["apply", "-vv", "-f", "app.yaml"], ["diff", "-f", "app.yaml"],
                      ["verify", "-f", "app.yaml"], ["deployment/web"], ["apply", "deployment/web"],
                      ["apply", "--uninject", "deployment/web"], ["uninject", "deployments", "-A"]):
            with self.subTest(words):
                run = self.run_program(release() / "kubectl-vault-inject", *words, *nobody)
                self.assertEqual(run.code, 69, run.err)
                self.assertIn("nothing answers at the API server's address http://127.0.0.1:1", run.err)
        self.assertIn("serverside-applied (dry run)", self.check_program(
            release() / "kubectl-vault-inject", "apply", "--dry-run=client", "-f", "app.yaml"))

    def hidden(self, *libraries):
        """The words that run a program where these libraries are not installed."""
        empty = self.write("not a library", "")
        found = [path for folder in ("/usr/lib", "/usr/local/lib") for name in libraries
                 for path in Path(folder).rglob(f"{name}.so*") if path.is_file() and not path.is_symlink()]
        self.assertTrue(found, f"none of {libraries} is installed, so nothing would be tested")
        return ["bwrap", "--dev-bind", "/", "/"] + [
            word for path in found for word in ("--ro-bind", str(empty), str(path))]

    def jail(self):
        if not shutil.which("bwrap") or subprocess.run(
                ["bwrap", "--dev-bind", "/", "/", "true"], capture_output=True).returncode:
            self.skipTest("bubblewrap, which hides libraries, cannot be used on this machine")
        return self.hidden("libyaml*", "libcurl*")

    def test_it_runs_without_libyaml_and_libcurl_and_names_the_package_where_a_server_is_asked(self):
        jail = self.jail()
        self.write("app.yaml", EXAMPLE)
        program = release() / "kubectl-vault-inject"
        self.assertIn("tvsi-vault-agent", self.check_program(*jail, program, "-q", "-f", "app.yaml"))
        asked = self.run_program(*jail, program, "-f", "http://127.0.0.1:1/app.yaml")
        self.assertEqual(asked.code, 69, asked.err)
        self.assertIn("needs libcurl", asked.err)
        self.assertIn("apt-get install libcurl4", asked.err)
