#!/usr/bin/env python3
"""Records what a real API server says under the policies that this program prints.

  record.py guard       what is let through and what is refused under the guard
  record.py mutate      what admission-policy makes of pods, beside what the program itself makes of them

It needs kubectl, a KUBECONFIG of a cluster (Kubernetes 1.30 for the guard, 1.36 for admission-policy) with the right to
make namespaces and admission policies, and the program (KUBECTL_VAULT_INJECT, or the debug build). It works in two
namespaces of its own, its policies see nothing else of the cluster, objects are sent by dry run, and what it made is
removed at the end, after Ctrl-C as well. It is no part of Tests/run.sh, as no cluster is there.

What is recorded goes to Tests/Fixtures/admission, together with the policies and the options they were printed with.
It fails where a verdict is not what it should be; with --check also where it is not what was recorded.
"""

import argparse
import difflib
import json
import signal
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import guard
import guard_cases
import mutate
import mutate_cases
import program
from cluster import Cluster, Failed
from harness.places import FIXTURES

# The command that prints the policies, what records them, the options of each group, and the version of 1.x it takes.
STEPS = {
    "guard": ("guard", guard, guard_cases.GROUPS, 30),
    "mutate": ("admission-policy", mutate, mutate_cases.GROUPS, 36),
}


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=STEPS)
    parser.add_argument("--check", action="store_true", help="compare with what was recorded, and write nothing")
    parser.add_argument("--policy", type=Path, metavar="FILE",
                        help="policies of a file instead of the program's, for the first group of cases alone")
    parser.add_argument("--output", type=Path, metavar="FOLDER", default=FIXTURES / "admission",
                        help="where the recording is (default: %(default)s)")
    return parser.parse_args()


def texts(name, groups, lines, policies):
    """The files of a recording, by their names."""
    compact = [json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n" for line in lines]
    settings = {group: list(options) for group, options in groups.items()}
    return {
        f"{name}.jsonl": "".join(compact),
        f"{name}.json": json.dumps(settings, indent=2) + "\n",
        **{f"{name}-{group}.yaml": policies(group) for group in groups},
    }


def compare(folder, files):
    """Prints what differs from what was recorded, and tells whether something does."""
    differs = False
    for name, text in files.items():
        path = folder / name
        # Never longer than a screen for each line: what counts stands at its end.
        before = path.read_text(encoding="utf-8").split("\n") if path.exists() else []
        for line in difflib.unified_diff(before, text.split("\n"), str(path), "now", lineterm="", n=0):
            print(line if len(line) < 600 else f"{line[:200]} … {line[-400:]}")
            differs = True
    return differs


def main():
    options = arguments()
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: sys.exit(1))
    command, module, groups, minor = STEPS[options.what]
    if options.policy:
        groups = dict(list(groups.items())[:1])

    def policies(group):
        return options.policy.read_text() if options.policy else program.printed(command, *groups[group])

    with Cluster() as cluster:
        version = cluster.demand_version(minor)
        lines, wrong = module.record(cluster, policies, groups)
    files = texts(options.what, groups, lines, policies)
    for text in wrong:
        print(f"wrong: {text[:500]}")
    print(f"Kubernetes {version}: {module.summary(lines)}; {len(wrong)} wrong")
    if options.check:
        return 1 if compare(options.output, files) or wrong else 0
    options.output.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (options.output / name).write_text(text, encoding="utf-8", newline="")
    return 1 if wrong else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Failed as failure:
        sys.exit(f"record.py: {failure}")
    except KeyboardInterrupt:
        sys.exit(130)
