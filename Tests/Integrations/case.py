"""What the tests have in common: a folder, the program under the names it is installed under, and its manifests."""

import functools
import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
WORK = ROOT / ".build" / "integrations"
PROGRAM = Path(os.environ.get("KUBECTL_VAULT_INJECT") or ROOT / ".build/debug/kubectl-vault-inject").resolve()
NAMES = ("kubectl-vault-inject", "kubectl-vault_inject", "kubectl_complete-vault_inject")
EXAMPLE = (ROOT / "examples" / "deployment.yaml").read_text()


def needs(*programs):
    """Skips a test where one of these is not on PATH."""
    missing = [program for program in programs if not shutil.which(program)]
    return unittest.skipIf(missing, f"there is no {' and no '.join(missing)} on this machine")


class Case(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name).resolve()
        self.bin = self.folder / ".bin"
        self.bin.mkdir()
        for name in NAMES:
            (self.bin / name).symlink_to(PROGRAM)
        self.environment = {
            "PATH": f"{self.bin}:{os.environ['PATH']}", "HOME": str(self.folder), "LANG": "C.UTF-8", "TERM": "xterm"}

    def write(self, path, text, mode=None):
        path = self.folder / path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, newline="")
        if mode is not None:
            path.chmod(mode)
        return path

    def run_program(self, *words, input="", cwd=None, **variables):
        """Runs a program to its end; nothing is on standard input unless it is given."""
        done = subprocess.run(
            [str(word) for word in words], cwd=cwd or self.folder, input=input.encode(), capture_output=True,
            timeout=300, env=self.environment | variables)
        # Decoded here, because Python would change the line ends.
        done.stdout, done.stderr = done.stdout.decode(), done.stderr.decode()
        return done

    def check_program(self, *words, **keywords):
        """Runs a program that has to succeed, and gives what it printed."""
        done = self.run_program(*words, **keywords)
        self.assertEqual(done.returncode, 0, f"{words}\n{done.stdout}{done.stderr}")
        return done.stdout


@functools.cache
def release():
    """The folder a release was installed in by plugin/install.sh, once for all tests."""
    folder = WORK / "bin"
    done = subprocess.run(["bash", ROOT / "plugin/install.sh", folder], capture_output=True, text=True)
    if done.returncode:
        raise AssertionError(f"plugin/install.sh failed:\n{done.stdout}{done.stderr}")
    return folder


class ReleaseCase(Case):
    """A case whose PATH begins with an installed release."""

    def setUp(self):
        super().setUp()
        self.environment["PATH"] = f"{release()}:{os.environ['PATH']}"
