"""The tools the suites run with: Swift, Debian's packages, and a private Python environment with those of PyPI."""

import functools
import os
import shutil
import subprocess
import sys

from harness.places import BUILD, ROOT, TESTS

ENVIRONMENT = BUILD / "end-to-end/venv"
PINS = TESTS / "requirements.txt"


def find_swift():
    """Swift's own archive unpacks to a folder that is on nobody's PATH."""
    if not shutil.which("swift"):
        os.environ["PATH"] += ":/opt/swift/usr/bin"


def need_packages(*names):
    """Whether Debian's packages of these names are there, or could be installed."""
    return subprocess.run(["bash", "-c", '. .ci/setup.sh && need_packages "$@"', "bash", *names], cwd=ROOT).returncode == 0


@functools.cache
def python():
    """The Python with the packages of Tests/requirements.txt; where they cannot be had, the one that runs this."""
    chosen = os.environ.get("VAULT_INJECT_TEST_PYTHON")
    if chosen:
        return chosen
    return str(ENVIRONMENT / "bin/python") if has_environment() or make_environment() else sys.executable


def has_environment():
    note = ENVIRONMENT / "installed.txt"
    return note.exists() and note.read_bytes() == PINS.read_bytes()


def make_environment():
    """Installs the pinned packages, and again when the pins have changed; True where they could be had."""
    shutil.rmtree(ENVIRONMENT, ignore_errors=True)
    install = [ENVIRONMENT / "bin/pip", "install", "--quiet", "--disable-pip-version-check", "-r", PINS]
    for command in ([sys.executable, "-m", "venv", ENVIRONMENT], install):
        if subprocess.run(command).returncode:
            return False
    shutil.copy(PINS, ENVIRONMENT / "installed.txt")
    return True


@functools.cache
def has_modules(*names):
    """Whether the Python of the environment has these modules."""
    return subprocess.run([python(), "-c", f"import {', '.join(names)}"], capture_output=True).returncode == 0
