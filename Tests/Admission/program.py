"""The program under test: what it prints, and what it makes of an object."""

import json
import re
import subprocess
from dataclasses import dataclass

from cluster import Failed
from harness.places import PROGRAM


def run(*words, text=""):
    # In a folder without a configuration file.
    return subprocess.run([PROGRAM, *words], input=text, text=True, capture_output=True, cwd="/", timeout=120)


def printed(*words):
    """What a command prints that has to succeed."""
    done = run(*words)
    if done.returncode:
        raise Failed(f"{PROGRAM.name} {' '.join(words)}: {done.stderr.strip()}")
    return done.stdout


@dataclass(frozen=True)
class Result:
    """What became of an object: with agents, as it was, or refused; and why."""

    made: dict | None
    is_refused: bool
    said: str

    @property
    def rules(self):
        """The rules it was refused by, as the report names them."""
        return re.findall(r": error: .* \[([a-z0-9-]+)\]$", self.said, re.M)


def inject(thing, options):
    done = run("-f", "-", "-o", "json", *options, text=json.dumps(thing))
    made = json.loads(done.stdout) if done.returncode == 0 else None
    return Result(None if made == thing else made, done.returncode != 0, done.stderr.strip())
