"""The suites there are, and what runs a suite or a test of this name."""

import re
from dataclasses import dataclass

from harness.places import TESTS


@dataclass(frozen=True)
class Suite:
    """A folder of `test_*.py`. A module `needs` in it says whether the machine has what all its tests need."""

    name: str
    folder_name: str
    # What the closing line begins with.
    label: str = ""
    # 1 for a dot for each test, 2 for a line.
    verbosity: int = 2

    @property
    def folder(self):
        return TESTS / self.folder_name


SUITES = (
    Suite("readme", "README", label="README: ", verbosity=1),
    Suite("commands", "Commands", verbosity=1),
    Suite("in-place", "InPlace", label="in place: "),
    Suite("hostile", "Hostile", label="hostile input: "),
    Suite("one-result", "OneResult", label="one result: "),
    Suite("integrations", "Integrations"),
    Suite("distribution", "Distribution", label="distribution: "),
    Suite("cluster", "Cluster"),
    Suite("end-to-end", "EndToEnd"),
)


def named(name):
    return next((suite for suite in SUITES if suite.name == name), None)


def read(path):
    return path.read_text(encoding="utf-8")


def with_test(name):
    """The suites with a module, a class or a method of this name, or a transcript."""
    if (TESTS / "Commands/cases" / f"{name}.txt").exists():
        return [named("commands")]
    last = re.escape(name.rpartition(".")[2])
    declared = re.compile(rf"^(class {last}\b|    def (test_)?{last}\()", re.M)
    return [suite for suite in SUITES if any(
        path.stem in (name, f"test_{name}") or declared.search(read(path))
        for path in sorted(suite.folder.glob("test_*.py")))]


def swift_targets(name):
    """The test targets with a Swift suite or a test of this name, or of the target's own name."""
    declared = re.compile(rf"\b(?:struct|func) {re.escape(name)}\b")
    return [folder.name for folder in sorted(TESTS.glob("*Tests")) if folder.name == name
            or any(declared.search(read(path)) for path in folder.rglob("*.swift"))]
