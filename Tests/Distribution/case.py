"""What the tests have in common: the files of one release, and roots to install them in."""

import functools
import importlib.util
import os
import platform
import shutil
import subprocess
import sys
import unittest

from harness import case, processes
from harness.places import BUILD, PLUGIN_NAMES, ROOT

WORK = BUILD / "distribution"
URL = "https://example.com/releases/v0.2.0"
HOMEPAGE = "https://example.com/vault-inject"
EXAMPLE = (ROOT / "examples/deployment.yaml").read_text()
# The other names it is installed under.
LINKS = {"kubectl-vault_inject", "kubectl_complete-vault_inject", "kubectl_complete-vault-inject"}
PACKAGE = ["bash", ROOT / "plugin/package.sh"]
NAME = "kubectl-vault-inject"
# Where the programs of the tests' Python environment are.
TOOLS = os.path.dirname(sys.executable)


# The kinds that take a tool which not every machine has.
TOOLS_OF_KINDS = {"deb": "dpkg-deb", "rpm": "rpmbuild", "sbom": "pkg-config"}
OTHER_KINDS = ("archive", "wheel", "krew", "homebrew", "sums")


def missing():
    """The tools that are not here, of the kinds that are not made."""
    return [tool for tool in TOOLS_OF_KINDS.values() if not shutil.which(tool)]


def all_kinds():
    """The options that make all this machine can make: none where that is everything."""
    kinds = [*OTHER_KINDS, *(kind for kind, tool in TOOLS_OF_KINDS.items() if tool not in missing())]
    return ["--only", ",".join(kinds)] if missing() else []


@functools.cache
def made():
    """The folder with all that plugin/package.sh makes, once for all tests, and what it told."""
    folder = WORK / "made"
    shutil.rmtree(folder, ignore_errors=True)
    run = processes.run([*PACKAGE, *all_kinds(), folder, URL, HOMEPAGE], None)
    if run.code:
        raise AssertionError(f"plugin/package.sh failed:\n{run}")
    return folder, run


def artefact(pattern):
    """The one file of the release with such a name; skips the test where this machine cannot make it."""
    found = list(made()[0].glob(pattern))
    if not found and missing():
        raise unittest.SkipTest(f"{pattern} is not made: there is no {' and no '.join(missing())} on this machine")
    path, = found
    return path


def program():
    """The program that was packed."""
    made()
    return BUILD / "plugin/release/kubectl-vault-inject"


@functools.cache
def debian(suite="bookworm"):
    """A root with a small Debian in it, made once and kept; skips the test where it cannot be had.

    It has sudo, as a machine has that somebody follows the guide on; the smallest Debian does without.
    """
    folder = WORK / "roots" / suite
    stamp = folder.with_suffix(".complete")
    command = ["debootstrap", "--variant=minbase", "--include=sudo", suite, folder]
    if not shutil.which("debootstrap") or os.geteuid():
        raise unittest.SkipTest("a root with Debian takes debootstrap, and being root")
    # Where the command has changed since, the root is not what it would make.
    made_with = " ".join(map(str, command))
    if not stamp.exists() or stamp.read_text() != made_with:
        shutil.rmtree(folder, ignore_errors=True)
        folder.parent.mkdir(parents=True, exist_ok=True)
        run = processes.run(command, None)
        if run.code:
            raise unittest.SkipTest(f"Debian's {suite} cannot be had: {(run.err or run.out).strip().splitlines()[-1]}")
        stamp.write_text(made_with)
    return folder


def c_library():
    """The files of glibc and of gcc's library that the program is linked with, and nothing else."""
    listed = subprocess.run(["ldd", program()], capture_output=True, text=True, check=True).stdout
    return sorted(word for word in listed.split() if word.startswith("/"))


class Case(case.Case):
    def root(self, suite="bookworm"):
        """A copy of a Debian that a test may change."""
        folder = self.folder / suite
        subprocess.run(["cp", "-a", debian(suite), folder], check=True)
        return folder

    def in_root(self, root, *words, **options):
        """Runs a program as root in a root of its own, with the machine's network."""
        environment = {**os.environ, "HOME": "/root", "LC_ALL": "C.UTF-8", "DEBIAN_FRONTEND": "noninteractive",
                       "PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "TMPDIR": "/tmp"}
        own = ("unshare", "--mount", "--pid", "--fork", f"--root={root}", "--mount-proc")
        return self.run_program(*own, *words, env=environment, **options)

    def alone(self, root, *words, binds=(), user=65532, **options):
        """Runs a program as nobody in particular in a root of its own, without a network, with nothing of the machine's."""
        mounts = [word for source, target in binds for word in ("--ro-bind", source, target)]
        return self.run_program(
            "bwrap", "--unshare-all", "--uid", user, "--gid", user,
            "--clearenv", "--setenv", "PATH", "/usr/local/bin:/usr/bin:/bin", "--ro-bind", root, "/", "--tmpfs", "/tmp", "--proc", "/proc", "--dev", "/dev", *mounts, *words, **options)

    def demand_program(self, run_in):
        """What is installed is the program: by each name it tells its version, and injects and undoes an example."""
        for name in PLUGIN_NAMES:
            self.assertRegex(self.succeeded(run_in(name, "version")), r"^kubectl-vault-inject 0\.2\.0")
            injected = self.succeeded(run_in(name, "-q", "-f", "-", text=EXAMPLE))
            self.assertIn("name: tvsi-vault-agent", injected)
            self.assertEqual(self.succeeded(run_in(name, "uninject", "-q", "-f", "-", text=injected)), EXAMPLE)
        # kubectl runs the plugin by the one name, and asks for completions by the other.
        self.assertIn("kubectl vault-inject", self.succeeded(run_in("kubectl-vault_inject", "--help")))
        self.assertIn("uninject", self.succeeded(run_in("kubectl_complete-vault_inject", "unin")))

    def succeeded(self, run):
        self.assertEqual(run.code, 0, run)
        return run.out


def needs_module(name):
    return unittest.skipUnless(importlib.util.find_spec(name), f"{name} cannot be had from PyPI")


needs_linux = unittest.skipUnless(platform.system() == "Linux", "these are packages for Linux")
