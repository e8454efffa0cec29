#!/usr/bin/env python3
"""Checks that imports go one way, that the engine stays free of Foundation, that there is one door to standard error,
and that commands alone know exit codes.

LibC <- ManifestText <- Workloads <- Injection <- Output <- Cluster <- VaultInjectCLI, and Output -> KubernetesAPI -> CCurl
and Platform
"""

import pathlib
import re
import sys

LIBC = {"Glibc", "Musl", "Darwin"}
ALLOWED = {
    "LibC": LIBC,
    "Platform": {"CFiles", "LibC"},
    "ManifestText": {"CLibYAML", "LibC"},
    "Workloads": {"ManifestText"},
    "Injection": {"ManifestText", "Workloads"},
    "KubernetesAPI": {"CCurl", "FoundationEssentials", "LibC", "ManifestText", "Platform", "Synchronization"},
    "Output": {"Injection", "KubernetesAPI", "ManifestText", "Platform", "Workloads"},
    "Cluster": {"Injection", "KubernetesAPI", "ManifestText", "Output", "Platform", "Synchronization", "Workloads"},
    "VaultInjectCLI": {
        "ArgumentParser", "Cluster", "FoundationEssentials", "Injection", "KubernetesAPI", "ManifestText", "Output",
        "Platform", "Workloads",
    },
    "kubectl-vault-inject": {"VaultInjectCLI"},
}
KINDS = "struct|class|enum|protocol|typealias|func|let|var"
# What is written to standard error in another way is not made safe to show.
UNSHOWN = re.compile(r"standardError\.(write|try)|\bstderr\b|\bfputs\(|\bdebugPrint\(|\bdump\(")
# Below the commands a failure has a kind; what the process ends with for it is their table's.
EXIT_CODES = re.compile(r"\bExitCode\b|\bexit\(")
COMMANDS = pathlib.Path("Sources/VaultInjectCLI/Commands")
IMPORT = re.compile(rf"^\s*(?:@\w+(?:\(\w+\))?\s+)*(?:(?:public|package|internal|fileprivate|private)\s+)?"
                    rf"import\s+(?:(?:{KINDS})\s+)?(\w+)")


def findings(sources):
    for module in sorted(path for path in sources.iterdir() if path.is_dir()):
        files = sorted(module.rglob("*.swift"))
        if files and module.name not in ALLOWED:
            yield f"{module}: no rule says what this module may import; add one to {__file__}"
            continue
        for file in files:
            for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
                match = IMPORT.match(line)
                if match and match[1] not in ALLOWED[module.name]:
                    accepted = ", ".join(sorted(ALLOWED[module.name]))
                    yield f"{file}:{number}: {module.name} must not import {match[1]} (it may: {accepted})"
                if EXIT_CODES.search(line.partition("//")[0]) and COMMANDS not in file.parents:
                    yield f"{file}:{number}: only {COMMANDS} knows exit codes; throw a Fault of some kind"
                if UNSHOWN.search(line):
                    yield f"{file}:{number}: standard error takes a ShownText alone, by Console or by `show`"


def main():
    found = list(findings(pathlib.Path("Sources")))
    print("\n".join(found) if found else "imports go one way")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
