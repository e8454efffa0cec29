"""Runs suites and tests by name.

  Tests/run                          the suites there are
  Tests/run commands                 a suite
  Tests/run refresh-changed          a transcript of Tests/Commands/cases
  Tests/run --record refresh-changed writes down what really happens; it counts as a failure all the same
  Tests/run LawTests                 a Swift suite, or one of its tests, or a test target
  Tests/run DoubtTests               a module, class or method of a suite in Python

What is tested is built first, unless KUBECTL_VAULT_INJECT names the program. `build` builds all there is and demands
that the compiler warns of nothing; `tools` installs what the suites need from PyPI. Tests/run.sh runs all that must pass.
"""

import os
import subprocess
import sys

from harness import suites, tools
from harness.places import ROOT, TESTS

STYLE = (
    ["swift", "format", "lint", "--strict", "-r", "Sources", "Tests", "Package.swift"],
    *(["python3", f"Tests/Style/{name}.py"] for name in ("imports", "floors", "links", "systems", "test_checks")),
)
PROGRAM = ["swift", "build", "--product", "kubectl-vault-inject"]
# The laws look at so many documents that tests are worth optimising: they take a fifteenth of the time.
OPTIMISED = ["-c", "release", "-Xswiftc", "-enable-testing", "--scratch-path", ".build/tests"]
BUILD_TESTS = ["swift", "build", *OPTIMISED, "--build-tests"]
RUN_TESTS = ["swift", "test", *OPTIMISED, "--disable-xctest", "--skip-build"]


def run(command, **environment):
    print(f"$ {' '.join(map(str, command))}", file=sys.stderr, flush=True)
    return exit_code(subprocess.run(command, env={**os.environ, **environment}).returncode)


def exit_code(code):
    """As shells have it: a process that a signal ended failed, too."""
    return code if code >= 0 else 128 - code


def prepare_tools():
    return 0 if tools.has_environment() or tools.make_environment() else 1


def run_style():
    # Checks do not need one another.
    return max([run(command) for command in STYLE])


def run_build():
    """Builds all there is, optimised and not, and demands that the compiler warns of nothing."""
    return max([build_quietly(command) for command in (BUILD_TESTS, ["swift", "build"])])


def build_quietly(command):
    print(f"$ {' '.join(command)}", file=sys.stderr, flush=True)
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    warned = False
    for line in process.stdout:
        print(line, end="", flush=True)
        warned = warned or "warning:" in line
    return exit_code(process.wait()) or int(warned)


def run_swift(names=()):
    """Runs all Swift tests, or those of these names; for names of one target nothing else is built."""
    targets = {target for name in names for target in suites.swift_targets(name)}
    environment = {"VAULT_INJECT_TEST_TARGET": targets.pop()} if len(targets) == 1 else {}
    if code := run(BUILD_TESTS, **environment):
        return code
    filters = [word for name in names for word in ("--filter", name)]
    # Tests write to pipes whose readers have gone; that is an error to look at, not the end of the test process.
    shell = ["bash", "-c", "trap '' PIPE && exec \"$@\"", "bash"]
    return run([*shell, *RUN_TESTS, *filters], **environment)


def run_suite(suite, names=(), record=False):
    if "KUBECTL_VAULT_INJECT" not in os.environ and (code := run(PROGRAM)):
        return code
    return run([tools.python(), "-m", "harness.runner", suite.name, *names], PYTHONPATH=str(TESTS),
               PYTHONDONTWRITEBYTECODE="1", RECORD="1" if record else "")


WITHOUT_NAMES = {"tools": prepare_tools, "style": run_style, "build": run_build, "swift": run_swift}


def steps(names, record):
    """What runs each name: a function without arguments; None for a name that nothing has."""
    wanted = {}
    for name in names:
        if name in WITHOUT_NAMES:
            yield name, WITHOUT_NAMES[name]
        elif suite := suites.named(name):
            yield name, lambda suite=suite: run_suite(suite, record=record)
        elif found := suites.with_test(name):
            for suite in found:
                wanted.setdefault(suite, []).append(name)
        elif suites.swift_targets(name):
            wanted.setdefault("swift", []).append(name)
        else:
            yield name, None
    for suite, chosen in wanted.items():
        yield " ".join(chosen), (lambda suite=suite, chosen=chosen: run_swift(chosen) if suite == "swift"
                                 else run_suite(suite, chosen, record))


def main(words):
    names = [word for word in words if word != "--record"]
    if not names:
        known = [*WITHOUT_NAMES, *(suite.name for suite in suites.SUITES)]
        print(__doc__.strip(), "", "Suites: " + ", ".join(known), sep="\n")
        return 0
    os.chdir(ROOT)
    tools.find_swift()
    found = list(steps(names, "--record" in words))
    for name, step in found:
        if step is None:
            print(f"Tests/run: there is no suite and no test called {name}", file=sys.stderr)
            return 64
    return max([step() for _, step in found])
