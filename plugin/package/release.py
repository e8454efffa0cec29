"""What all files of a release tell alike: names, versions, dates and texts."""

import functools
import os
import platform
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

PLUGIN = Path(__file__).resolve().parents[1]
ROOT = PLUGIN.parent
NAME = "kubectl-vault-inject"
# The other names it is found under, as in plugin/install.sh.
LINKS = ("kubectl-vault_inject", "kubectl_complete-vault_inject", "kubectl_complete-vault-inject")
SUMMARY = "Inject Vault Agents without an admission webhook"
DESCRIPTION = """\
Adds to annotated manifests, on your machine, the Vault Agent containers,
volumes and mounts that the injector's admission webhook would add to the
pods, and changes nothing else: comments, quoting, key order and line
endings stay, byte for byte."""
# The oldest version of glibc that a release runs with.
GLIBC = "2.34"
# SPDX's name of the licence, which the owner chooses; the text is LICENSE, at the top of the repository.
LICENSE = "NOASSERTION"
# Go's names of processors.
PROCESSORS = {"x86_64": "amd64", "amd64": "amd64", "aarch64": "arm64", "arm64": "arm64"}


class Unavailable(Exception):
    """Something that cannot be made here, and why."""


def output(*words, **options):
    """What a program prints, which has to succeed."""
    done = subprocess.run(list(map(str, words)), stdout=subprocess.PIPE, text=True, **options)
    if done.returncode:
        raise Unavailable(f"{words[0]} ended with exit code {done.returncode}")
    return done.stdout.strip()


def note(text):
    print(text, file=sys.stderr)


@dataclass(frozen=True)
class Release:
    folder: Path
    url: str = ""
    homepage: str = ""
    given_program: Path = None

    @property
    def system(self):
        return platform.system().lower()

    @property
    def processor(self):
        machine = platform.machine()
        if machine not in PROCESSORS:
            raise Unavailable(f"nobody has tried a release for this processor: {machine}")
        return PROCESSORS[machine]

    @functools.cached_property
    def version(self):
        return re.search(r'number = "(.+)"', (ROOT / "Sources/Output/Text/Version.swift").read_text())[1]

    @functools.cached_property
    def program(self):
        """The program as it is released."""
        path = self.given_program or Path(output("bash", PLUGIN / "release.sh"))
        told = output(path, "version").split()
        if told[1] != self.version:
            raise Unavailable(f"{path} is version {told[1]}, and the sources are {self.version}")
        return path

    @functools.cached_property
    def epoch(self):
        """The time that files of the release have: their commit's, or that of sources that lie in no repository."""
        if "SOURCE_DATE_EPOCH" in os.environ:
            return int(os.environ["SOURCE_DATE_EPOCH"])
        if (ROOT / ".git").exists():
            return int(output("git", "-C", ROOT, "log", "-1", "--format=%ct"))
        return int((ROOT / "Package.swift").stat().st_mtime)

    @functools.cached_property
    def license(self):
        """The file with the text of the licence; None while there is none."""
        path = ROOT / "LICENSE"
        if path.exists():
            return path
        note("warning: there is no LICENSE; krew's index takes no archive without the text of its licence")
        return None

    @functools.cached_property
    def environment(self):
        """What the tools that pack files run with, so that the machine and the hour do not show."""
        return {**os.environ, "SOURCE_DATE_EPOCH": str(self.epoch), "LC_ALL": "C", "TZ": "UTC",
                "DPKG_DEB_THREADS_MAX": "1"}

    def archives(self):
        """The archives of this version in the folder, each with its system and processor."""
        prefix, ending = f"{NAME}_v{self.version}_", ".tar.gz"
        for path in sorted(self.folder.glob(f"{prefix}*{ending}")):
            system, _, processor = path.name[len(prefix):-len(ending)].partition("_")
            yield path, system, processor
