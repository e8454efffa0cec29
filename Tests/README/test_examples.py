"""Runs every example of the README and of the guides as a reader would, and compares what comes out.

A ```console block holds commands (`$ command`; lines that begin with `> ` continue it) and, below each, exactly
what it prints on both streams; a line `...` stands for any number of lines. Each block runs in a copy of the
repository of its own, with the built program on PATH under both its names. `Tests/run --record readme` prints what
each command really gave.

Commands that stand in the text or in a table, and name no placeholder, are run where their files are there, and have
to be commands: what they find is not compared. Other blocks of commands say in a comment above which test runs them.
"""

import functools
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest
from dataclasses import dataclass, field

from harness.places import ROOT, install_links

# The maps are for those who change the program: their commands are about its sources and tests.
MAPS = ("Sources/README.md", "Tests/README.md")
PRINTS = bool(os.environ.get("RECORD"))

# Looks plugins up as kubectl does, where there is no kubectl: enough for `kubectl vault-inject` in a README.
STAND_IN = """\
#!/bin/sh
case $1 in
  vault-inject) shift; exec kubectl-vault_inject "$@" ;;
  vault) shift 2; exec kubectl-vault-inject "$@" ;;
esac
echo "no kubectl on this machine" >&2
exit 127
"""


@dataclass
class Example:
    line: int
    command: str
    expected: list = field(default_factory=list)


def blocks(path):
    """The console blocks of a Markdown file, each a list of examples."""
    found, block = [], None
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if block is None:
            if line.strip() == "```console":
                block = []
        elif line.strip() == "```":
            found.append(block)
            block = None
        elif line.startswith("$ "):
            block.append(Example(number, line[2:]))
        elif not block:
            raise ValueError(f"{path}:{number}: output before the first `$ command`")
        elif line.startswith("> ") and not block[-1].expected:
            block[-1].command += "\n" + line[2:]
        else:
            block[-1].expected.append(line)
    return found


def guides():
    """The README and the guides, in the order of their paths."""
    names = (path.relative_to(ROOT) for folder in (".", "Sources", "plugin", "examples")
             for path in (ROOT.glob("README.md") if folder == "." else (ROOT / folder).rglob("README.md")))
    return [ROOT / name for name in sorted(names) if str(name) not in MAPS]


def matches(expected, given):
    """Whether the lines are the expected ones, where `...` stands for any number of lines."""
    if "..." not in expected:
        return expected == given
    cut = expected.index("...")
    head, tail = expected[:cut], expected[cut + 1:]
    if given[:cut] != head:
        return False
    rest = given[cut:]
    return any(matches(tail, rest[start:]) for start in range(len(rest) + 1))


def copy_repository(target):
    """What a clone would hold, with the changes that are not committed yet."""
    listing = subprocess.run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
                             cwd=ROOT, capture_output=True)
    if listing.returncode != 0:
        shutil.copytree(ROOT, target, ignore=shutil.ignore_patterns(".build", ".git"))
        return
    for name in filter(None, os.fsdecode(listing.stdout).split("\0")):
        if (ROOT / name).exists():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, target / name, follow_symlinks=False)


def install(folder):
    install_links(folder)
    if not shutil.which("kubectl"):
        print("README: no kubectl here; a stand-in finds the plugin, and what needs more is SKIPPED")
        (folder / "kubectl").write_text(STAND_IN)
        (folder / "kubectl").chmod(0o755)


def run(example, folder, environment):
    done = subprocess.run(["bash", "-c", example.command], cwd=folder, env=environment, text=True,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=60)
    return done.stdout.splitlines()


def needs_kubectl(example):
    return any(word in example.command for word in ("kubectl kustomize", "kubectl create", " -k "))


class Block(unittest.TestCase):
    """The examples of a block, one after another in one copy of the repository."""

    @classmethod
    def setUpClass(cls):
        holder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(holder.cleanup)
        scratch = pathlib.Path(holder.name)
        cls.clone, home, programs = scratch / "clone", scratch / "home", scratch / "bin"
        home.mkdir()
        copy_repository(cls.clone)
        install(programs)
        cls.environment = {"PATH": f"{programs}:{os.environ['PATH']}", "HOME": str(home), "LC_ALL": "C.UTF-8"}

    def check(self, page, example):
        if needs_kubectl(example) and not shutil.which("kubectl"):
            self.skipTest(f"needs kubectl: {example.command}")
        given = run(example, self.clone, self.environment)
        if PRINTS:
            command = example.command.replace("\n", "\n> ")
            print("\n".join([f"$ {command}", *given]))
        if not matches(example.expected, given):
            shown = "\n".join(f"  | {line}" for line in given)
            self.fail(f"{page}:{example.line}: `{example.command}` gives something else:\n{shown}")


def block_class(page, examples):
    """The tests are named so that they run in the order of the page."""
    name = page.relative_to(ROOT)
    tests = {f"test_line_{each.line:04}": functools.partialmethod(Block.check, name, each) for each in examples}
    place = re.sub(r"\W", "_", str(name.parent)) if name.parent.parts else "README"
    return type(f"{place}_{examples[0].line:04}", (Block,), {"__module__": __name__, **tests})


globals().update((each.__name__, each) for page in guides()
                 for each in map(functools.partial(block_class, page), filter(None, blocks(page))))


class InText(Block):
    """The commands between backquotes: in a folder that has the files they speak of, each is one that exists."""

    # What a command that is understood can end with where there is no cluster, no Vault and no browser of files.
    UNDERSTOOD = {0, 1, 65, 69}
    COMMAND = re.compile(r"`((?:kubectl vault-inject|kubectl-vault[-_]inject) [^`]+)`")

    def test_each_is_understood(self):
        shutil.copytree(self.clone / "examples", self.clone / "k8s")
        shutil.copy(self.clone / "examples/deployment.yaml", self.clone / "app.yaml")
        subprocess.run(["git", "init", "-q"], cwd=self.clone, check=True)
        ran = 0
        for page in guides():
            for number, line in enumerate(page.read_text(encoding="utf-8").splitlines(), 1):
                for command in self.COMMAND.findall(line):
                    if re.search(r"…|\b[A-Z]{2,}\b|shop\b", command):
                        continue
                    ran += 1
                    with self.subTest(f"{page.relative_to(ROOT)}:{number}: {command}"):
                        done = subprocess.run(
                            ["bash", "-c", command.replace("\\|", "|")], cwd=self.clone, env=self.environment, text=True,
                            stdin=subprocess.DEVNULL, capture_output=True, timeout=60)
                        self.assertIn(done.returncode, self.UNDERSTOOD, done.stderr)
        self.assertGreater(ran, 10)

    def test_other_blocks_say_who_runs_them(self):
        for page in guides():
            lines = page.read_text(encoding="utf-8").splitlines()
            for number, line in enumerate(lines):
                if line.strip() not in ("```sh", "```bash"):
                    continue
                with self.subTest(f"{page.relative_to(ROOT)}:{number + 1}"):
                    above = re.fullmatch(r"<!-- run by (\S+) -->", lines[number - 1].strip())
                    self.assertTrue(above, "nobody runs this: write it as a ```console block, or say which test does")
                    self.assertTrue((ROOT / above[1]).exists(), f"there is no {above[1]}")
