"""Where things lie in this clone, and which program is tested."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TESTS = ROOT / "Tests"
FIXTURES = TESTS / "Fixtures"
EXAMPLES = ROOT / "examples"
# What tests fetch and build, kept from run to run.
BUILD = ROOT / ".build"

PROGRAM = Path(os.environ.get("KUBECTL_VAULT_INJECT") or BUILD / "debug/kubectl-vault-inject").resolve()
# The names it is installed under; kubectl finds it by either.
PLUGIN_NAMES = ("kubectl-vault-inject", "kubectl-vault_inject")


def install_links(folder, names=PLUGIN_NAMES):
    """Makes a folder with a link of each name to the program under test."""
    folder.mkdir()
    for name in names:
        (folder / name).symlink_to(PROGRAM)
