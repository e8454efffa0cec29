"""The README's table of how to install the program: what it names is there, and is run where its tool is here."""

import os
import re
import subprocess
import sys
import tempfile

from case import LINKS, NAME, TOOLS, Case, artefact, made, needs_module
from harness.places import ROOT


def commands():
    """The commands of the README's table, by what they are for."""
    text = (ROOT / "README.md").read_text()
    table = text[text.index("## Installing"):text.index("## Quick start")]
    rows = re.findall(r"^\| ([^|]+) \| ([^|]+) \|$", table, re.M)[1:]
    return {name: re.findall(r"`(\S+ [^`]+)`", cell) for name, cell in rows if "`" in cell}


class Installing(Case):
    def test_each_file_that_is_named_is_one_of_a_release(self):
        text = (ROOT / "README.md").read_text() + (ROOT / "plugin/README.md").read_text()
        names = set(re.findall(r"\./(kubectl[-_]vault[\w.-]+)", text))
        names |= set(re.findall(r"--manifest=(\S+?)`", text)) | {"kubectl-vault-inject.rb", "SHA256SUMS"}
        artefact("*.deb"), artefact("*.rpm"), artefact("*.spdx.json")
        here = {path.name for path in made()[0].iterdir()}
        if os.uname().machine == "x86_64":
            self.assertEqual(names - here, set())
        for start, _, end in (name.partition("….") for name in re.findall(r"`(kubectl\S+….\S+)`", text)):
            self.assertTrue([name for name in here if name.startswith(start) and name.endswith(end)], start)
        self.assertEqual(len(commands()), 6)

    @needs_module("uv")
    @needs_module("pipx")
    def test_uv_and_pipx(self):
        wheel = artefact("*.whl").name
        command, = commands()["uv, pipx, pip"]
        guide = re.search(r"`(uv \S+ \S+) \./FILE`, `(pipx \S+) \./FILE`", (ROOT / "plugin/README.md").read_text())
        command = re.sub(r"\./kubectl_\S+", f"./{wheel}", command)
        for words in (command, *(f"{start} ./{wheel}" for start in guide.groups())):
            with self.subTest(words), tempfile.TemporaryDirectory() as home:
                environment = {"HOME": home, "PATH": f"{TOOLS}:{os.environ['PATH']}", "UV_PYTHON": sys.executable,
                               "UV_OFFLINE": "1", "PIPX_DEFAULT_BACKEND": "uv"}
                self.check_program("bash", "-c", words, cwd=made()[0], env=environment)
                self.assertLessEqual(LINKS | {NAME}, set(os.listdir(f"{home}/.local/bin")))

    def apt(self, root, *options):
        """Runs the guide's command in a root."""
        command, = commands()["Debian, Ubuntu"]
        package = artefact("*.deb")
        (root / "tmp" / package.name).write_bytes(package.read_bytes())
        command = re.sub(r"_0\.2\.0_\w+\.deb", package.name.removeprefix("kubectl-vault-inject"), command)
        return self.in_root(root, "sh", "-c", " ".join(["cd /tmp &&", command, "--yes", *options]))

    def demand_apt(self, suite, libcurl):
        root = self.root(suite)
        # What it recommends comes over the network: it has to be there, and is not fetched.
        wanted = self.succeeded(self.apt(root, "--simulate"))
        self.assertRegex(wanted, rf"(?m)^Inst {libcurl} ")
        self.succeeded(self.apt(root, "--no-install-recommends"))
        self.assertRegex(self.succeeded(self.in_root(root, "kubectl-vault_inject", "version")), "0\\.2\\.0")

    def test_apt(self):
        self.demand_apt("bookworm", "libcurl4")

    def test_apt_where_libraries_are_called_as_in_ubuntu(self):
        """Ubuntu 24.04 renamed libcurl as Debian 13 did, which a machine with Debian's packages can have."""
        self.demand_apt("trixie", "libcurl4t64")

    def test_apt_refuses_it_where_glibc_is_too_old(self):
        root = self.root("bullseye")
        run = self.apt(root)
        self.assertEqual(run.code, 100, run)
        self.assertIn("kubectl-vault-inject : Depends: libc6 (>= 2.34) but 2.31-", run.out)
        self.assertFalse((root / "usr/bin/kubectl-vault-inject").exists())
        # So does dpkg, whose old version can read the package, too.
        run = self.in_root(root, "sh", "-c", "dpkg -i /tmp/*.deb")
        self.demand(run, 1, "kubectl-vault-inject depends on libc6 (>= 2.34); however:\n", " on system is 2.31-")

    def test_the_sources(self):
        command, = (each for each in commands()["Swift 6.3"] if each.startswith("bash"))
        self.assertTrue((ROOT / command.split()[1]).exists())
        subprocess.run(["bash", "-n", ROOT / command.split()[1]], check=True)
