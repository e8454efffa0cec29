"""This repository as pre-commit clones it for its hooks."""

import os
import shutil
import subprocess
import sys

from harness.places import ROOT

PRE_COMMIT = [sys.executable, "-m", "pre_commit"]
IDENTITY = {f"GIT_{who}_{what}": value for who in ("AUTHOR", "COMMITTER")
            for what, value in (("NAME", "Test"), ("EMAIL", "test@example.com"), ("DATE", "2020-01-01T00:00:00Z"))}
HOOKS = ("vault-inject", "vault-inject-check", "vault-inject-lint")


def git(*words, cwd):
    done = subprocess.run(
        ["git", *words], cwd=cwd, capture_output=True, text=True, env=os.environ | IDENTITY)
    if done.returncode:
        raise AssertionError(f"git {words}: {done.stdout}{done.stderr}")
    return done.stdout.strip()


def make_repository(folder):
    """Makes a repository with all files of this one as they are now, in one commit."""
    for name in git("ls-files", "-co", "--exclude-standard", cwd=ROOT).splitlines():
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    git("init", "-q", "-b", "main", cwd=folder)
    git("add", "-f", "-A", cwd=folder)
    git("commit", "-q", "-m", "all", cwd=folder)
    return folder


def configuration(repository, hooks):
    """A `.pre-commit-config.yaml` with these hooks of the repository: the lines of each, without its dash."""
    listed = "".join("  - " + "\n    ".join(lines) + "\n" for lines in hooks)
    return f"repos:\n- repo: {repository}\n  rev: {git('rev-parse', 'HEAD', cwd=repository)}\n  hooks:\n{listed}"
