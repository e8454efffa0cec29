"""What tests need of the processes they start, wherever the suite was started and the clone lies."""

import shutil
import signal
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path


@dataclass
class Run:
    """What a program printed, and its exit code."""

    code: int
    out: str
    err: str
    seconds: float
    peak: int = 0

    def __str__(self):
        return f"exit code {self.code}\n--- stdout\n{self.out}--- stderr\n{self.err}"


def run(words, text, errors="strict", **options):
    """Runs a program to its end; where `text` is None its standard input is `/dev/null`."""
    given = {"stdin": subprocess.DEVNULL} if text is None else {"input": text.encode("utf-8", errors)}
    began = time.monotonic()
    done = subprocess.run(words, capture_output=True, check=False, **given, **options)
    # Decoded here, because Python would change the line ends.
    return Run(done.returncode, done.stdout.decode("utf-8", errors), done.stderr.decode("utf-8", errors),
               time.monotonic() - began)


def take_default_signals():
    """Lets a child die of signals that were ignored when the suite was started, under nohup or after `&`."""
    for number in (signal.SIGHUP, signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)


def for_everybody(case, program):
    """A copy of a program that every user can run, which the folder it was built in may not let them; gone after the case."""
    folder = tempfile.TemporaryDirectory()
    case.addCleanup(folder.cleanup)
    path = Path(folder.name)
    path.chmod(0o755)
    return str(shutil.copy(program, path))
