#!/usr/bin/env python3
"""Runs every example of the README as a reader would, and compares what comes out.

A ```console block holds commands (`$ command`; lines that begin with `> ` continue it) and, below each, exactly
what it prints on both streams; a line `...` stands for any number of lines. Each block runs in a copy of the
repository of its own, with the built binary on PATH under both its names.

  run.py              checks
  run.py --print      checks, and prints what each command really gave
"""

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field

ROOT = pathlib.Path(__file__).resolve().parents[2]
NAMES = ("kubectl-vault-inject", "kubectl-vault_inject")
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
            sys.exit(f"{path}:{number}: output before the first `$ command`")
        elif line.startswith("> ") and not block[-1].expected:
            block[-1].command += "\n" + line[2:]
        else:
            block[-1].expected.append(line)
    return found


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


def install(binary, folder):
    folder.mkdir()
    for name in NAMES:
        (folder / name).symlink_to(binary)
    if not shutil.which("kubectl"):
        print("README: no kubectl here; a stand-in finds the plugin, and what needs more is SKIPPED")
        (folder / "kubectl").write_text(STAND_IN)
        (folder / "kubectl").chmod(0o755)


def run(example, folder, environment):
    done = subprocess.run(["bash", "-c", example.command], cwd=folder, env=environment, text=True,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=60)
    return done.stdout.splitlines()


def needs_kubectl(example):
    return "kubectl kustomize" in example.command or " -k " in example.command


def check(block, binaries, show):
    """The number of examples of a block that passed, failed and were skipped."""
    passed = failed = skipped = 0
    with tempfile.TemporaryDirectory() as scratch:
        clone, home = pathlib.Path(scratch, "clone"), pathlib.Path(scratch, "home")
        home.mkdir()
        copy_repository(clone)
        environment = {"PATH": f"{binaries}:{os.environ['PATH']}", "HOME": str(home), "LC_ALL": "C.UTF-8"}
        for example in block:
            if needs_kubectl(example) and not shutil.which("kubectl"):
                print(f"README.md:{example.line}: SKIPPED, needs kubectl: {example.command}")
                skipped += 1
                continue
            given = run(example, clone, environment)
            if show:
                command = example.command.replace("\n", "\n> ")
                print("\n".join([f"$ {command}", *given]))
            if matches(example.expected, given):
                passed += 1
                continue
            failed += 1
            print(f"README.md:{example.line}: `{example.command}` gives something else:")
            print("\n".join(f"  | {line}" for line in given))
    return passed, failed, skipped


def main():
    binary = os.environ.get("KUBECTL_VAULT_INJECT") or str(ROOT / ".build/debug/kubectl-vault-inject")
    if not os.access(binary, os.X_OK):
        sys.exit(f"README: there is no program at {binary}; `swift build` makes it")
    with tempfile.TemporaryDirectory() as folder:
        binaries = pathlib.Path(folder, "bin")
        install(os.path.abspath(binary), binaries)
        results = [check(block, binaries, "--print" in sys.argv[1:]) for block in blocks(ROOT / "README.md")]
    passed, failed, skipped = (sum(column) for column in zip(*results)) if results else (0, 0, 0)
    print(f"README: {passed} passed, {failed} failed, {skipped} skipped")
    sys.exit(1 if failed or not passed else 0)


if __name__ == "__main__":
    main()
