"""Runs the tests of one suite, in a process of its own with the Python that suite needs: `python3 -m harness.runner`."""

import importlib
import importlib.util
import sys
import time
import unittest

from harness import suites


class Result(unittest.TextTestResult):
    """Notes how long each test took."""

    def startTest(self, test):
        self.began = time.monotonic()
        super().startTest(test)

    def addSuccess(self, test):
        if self.showAll:
            self.stream.write(f"({time.monotonic() - self.began:.1f} s) ")
        super().addSuccess(test)


def flattened(tests):
    for test in tests:
        if isinstance(test, unittest.TestSuite):
            yield from flattened(test)
        else:
            yield test


def is_named(test, names):
    """Whether one of the names is the test's, its class's or its module's; `test_` may be left out."""
    module, _, rest = test.id().partition(".")
    group, _, method = rest.partition(".")
    own = {module, group, method, rest, f"{module}.{group}", test.id()}
    return any(name in own or f"test_{name}" in own for name in names)


def why_not(folder):
    """Why the suite cannot run at all on this machine, by its module `needs`; None where it can."""
    if not (folder / "needs.py").exists():
        return None
    return importlib.import_module("needs").why_not()


def written(folder):
    """How many tests a suite that cannot be loaded has."""
    return sum(text.count("\n    def test_") for text in map(suites.read, folder.glob("test_*.py")))


def closing_line(result, label):
    """What is counted: a test that fails in several of its parts is one."""
    def ids(entries):
        return {getattr(test, "test_case", test).id() for test, *_ in entries}

    failed = ids(result.failures) | ids(result.errors) | {test.id() for test in result.unexpectedSuccesses}
    skipped = ids(result.skipped + result.expectedFailures) - failed
    passed = max(0, result.testsRun - len(failed) - len(skipped))
    return len(failed), f"{label}{passed} passed, {len(failed)} failed, {len(skipped)} skipped"


def main(name, names):
    suite = suites.named(name)
    sys.path.insert(0, str(suite.folder))
    if reason := why_not(suite.folder):
        print(f"{'=' * 70}\n{suite.name.upper()} TESTS SKIPPED: {reason}\n{'=' * 70}", file=sys.stderr)
        print(f"{suite.label}0 passed, 0 failed, {written(suite.folder)} skipped")
        return 0
    tests = list(flattened(unittest.defaultTestLoader.discover(str(suite.folder), top_level_dir=str(suite.folder))))
    chosen = unittest.TestSuite(test for test in tests if not names or is_named(test, names))
    if missing := [name for name in names if not any(is_named(test, [name]) for test in tests)]:
        print(f"Tests/run: {suite.name} has no test called {' and none called '.join(missing)}", file=sys.stderr)
        return 64
    began = time.monotonic()
    runner = unittest.TextTestRunner(verbosity=suite.verbosity, resultclass=Result, stream=sys.stdout)
    result = runner.run(chosen)
    for test, reason in result.skipped:
        print(f"!!! SKIPPED: {test}: {reason}")
    failed, line = closing_line(result, suite.label)
    print(f"{time.monotonic() - began:.0f} s")
    print(line)
    return 1 if failed or not result.testsRun else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
