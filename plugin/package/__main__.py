"""Makes the files of a release; see plugin/package.sh."""

import argparse
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Callable

import archive
import debian
import homebrew
import krew
import redhat
import sbom
import sums
import wheel
from release import Release, Unavailable


@dataclass(frozen=True)
class Kind:
    """What can be made: what makes it, on which systems, and with which tools, each with the package that has it."""

    make: Callable
    systems: tuple = ("linux", "darwin")
    tools: tuple = ()
    needs_url: bool = False


# In the order in which they are made: sums are of all that is there by then.
KINDS = {
    "archive": Kind(archive.make),
    "deb": Kind(debian.make, systems=("linux",), tools=(("dpkg-deb", "dpkg"),)),
    "rpm": Kind(redhat.make, systems=("linux",), tools=(("rpmbuild", "rpm"),)),
    "wheel": Kind(wheel.make),
    "sbom": Kind(sbom.make, tools=(("swift", "swift"), ("pkg-config", "pkg-config"))),
    "krew": Kind(krew.make, needs_url=True),
    "homebrew": Kind(homebrew.make, needs_url=True),
    "sums": Kind(sums.make),
}


def chosen(names, release):
    """The kinds that are made; it is an error if a named one cannot be."""
    found = {}
    for name in names or KINDS:
        kind = KINDS.get(name)
        why = (f"there is no kind {name}; there are {', '.join(KINDS)}" if kind is None
               else f"{name} is not made on {release.system}" if release.system not in kind.systems
               else f"{name} needs the URL of the archives" if kind.needs_url and not release.url
               else None)
        if not why:
            found[name] = kind
        elif names:
            raise Unavailable(why)
        else:
            print(f"note: {why}, and is left out", file=sys.stderr)
    missing = [f"{tool} (package {package}, for {name})" for name, kind in found.items()
               for tool, package in kind.tools if not shutil.which(tool)]
    if missing:
        raise Unavailable(f"missing: {', '.join(missing)}; install it, or choose kinds with --only")
    return [kind for name, kind in KINDS.items() if name in found]


def main(words):
    parser = argparse.ArgumentParser(prog="plugin/package.sh", description="Make the files of a release.")
    parser.add_argument("--only", type=lambda text: text.split(","), default=[], metavar="KIND,KIND…")
    parser.add_argument("--program", type=Path, metavar="FILE")
    parser.add_argument("folder", type=Path, metavar="FOLDER")
    parser.add_argument("url", nargs="?", default="", metavar="URL")
    parser.add_argument("homepage", nargs="?", default="", metavar="HOMEPAGE")
    options = parser.parse_args(words)
    try:
        release = Release(options.folder, options.url.rstrip("/"), options.homepage, options.program)
        kinds = chosen(options.only, release)
        release.folder.mkdir(parents=True, exist_ok=True)
        for kind in kinds:
            print(kind.make(release), flush=True)
    except Unavailable as why:
        print(f"error: {why}", file=sys.stderr)
        return 69
    return 0


sys.exit(main(sys.argv[1:]))
