"""What a test of the program starts from: a folder of its own, and an environment with nothing of the machine's."""

import os
import shutil
import tempfile
import unittest
from pathlib import Path

from harness import processes
from harness.places import PROGRAM


def needs(*programs):
    """Skips a test where one of these is not on PATH."""
    missing = [program for program in programs if not shutil.which(program)]
    return unittest.skipIf(missing, f"there is no {' and no '.join(missing)} on this machine")


class Case(unittest.TestCase):
    maxDiff = None
    # What becomes of bytes that are no UTF-8, of what is written and of what is printed.
    errors = "strict"

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name).resolve()
        self.environment = {"PATH": os.environ["PATH"], "HOME": str(self.folder), "LANG": "C.UTF-8"}

    def write(self, path, text, mode=None):
        """Writes a file of the test's folder, and the folders it is in."""
        path = self.folder / path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", errors=self.errors, newline="")
        if mode is not None:
            path.chmod(mode)
        return path

    def run_program(self, *words, text="", cwd=None, env=None, timeout=300, **options):
        """Runs a program to its end, in the test's folder and environment, with `env` added to that."""
        words = [word if isinstance(word, bytes) else str(word) for word in words]
        return processes.run(
            words, text, self.errors, cwd=cwd or self.folder, env={**self.environment, **(env or {})},
            timeout=timeout, **options)

    def inject(self, *words, **options):
        """Runs the program under test."""
        return self.run_program(PROGRAM, *words, **options)

    def check_program(self, *words, **options):
        """Runs a program that has to succeed, and gives what it printed."""
        run = self.run_program(*words, **options)
        self.assertEqual(run.code, 0, f"{words}\n{run}")
        return run.out

    def demand(self, run, code, *texts):
        """The run ended with this exit code, and its standard error holds each of the texts."""
        self.assertEqual(run.code, code, run)
        for text in texts:
            self.assertIn(text, run.err, run)
