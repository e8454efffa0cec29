#!/usr/bin/env python3
"""Checks that imports go one way, that the program stays free of Foundation, that there is one door each to standard
output and standard error, and that commands alone know exit codes and ArgumentParser.

A target may import what Package.swift says that it depends on, and nothing else but a few modules of the system. There
a target depends only on those that the map, Sources/README.md, lists before it.
"""

import pathlib
import re
import sys

import floors

# What comes with the compiler; no target may import more of it.
SYSTEM = {
    "LibC": {"Glibc", "Musl", "Darwin"},
    "ManifestText": {"Synchronization"},
    "KubernetesAPI": {"Synchronization"},
    "Cluster": {"Synchronization"},
    "Output": {"Synchronization"},
}
TARGET = re.compile(r'\.(?:target|executableTarget)\(\s*name: "([\w-]+)"(?:,\s*dependencies: \[(.*?)\])?', re.S)
DEPENDENCY = re.compile(r'(?<!package: )"(\w+)"')
KINDS = "struct|class|enum|protocol|typealias|func|let|var"
# What is written to standard error in another way is not made safe to show.
UNSHOWN = re.compile(r"standardError\.(write|try)|\bstderr\b|\bfputs\(|\bdebugPrint\(|\bdump\(")
# What is printed in another way is lost without a word where standard output cannot be written.
PRINTED = re.compile(r"(?<![.\w])(?<!func )print\(|\bSwift\.print\(")
# Below the commands a failure has a kind; what the process ends with for it is their table's.
EXIT_CODES = re.compile(r"\bExitCode\b|\bexit\(")
COMMANDS = pathlib.Path("Sources/VaultInjectCLI/Commands")
IMPORT = re.compile(rf"^\s*(?:@\w+(?:\(\w+\))?\s+)*(?:(?:public|package|internal|fileprivate|private)\s+)?"
                    rf"import\s+(?:(?:{KINDS})\s+)?(\w+)")


def dependencies(package):
    """The targets and products that each target depends on."""
    return {target: set(DEPENDENCY.findall(names or "")) for target, names in TARGET.findall(package)}


def order(depends, listed):
    """Arrows of Package.swift to a target that the map does not list before."""
    places = {target: place for place, target in enumerate(listed)}
    for target, names in depends.items():
        for name in sorted(names & places.keys()):
            if target in places and places[name] >= places[target]:
                yield f"Package.swift: {target} depends on {name}, which {floors.README} does not list before it"


def faults(line, file):
    """What is wrong with a line besides its imports."""
    code = line.partition("//")[0]
    if EXIT_CODES.search(code) and COMMANDS not in file.parents:
        yield f"only {COMMANDS} knows exit codes; throw a Fault of some kind"
    if UNSHOWN.search(line):
        yield "standard error takes a ShownText alone, by Console or by `show`"
    if PRINTED.search(code):
        yield "what is printed goes through ProgramText or an OutputBuffer, which tell where it cannot be written"


def findings(sources, depends):
    for module in sorted(path for path in sources.iterdir() if path.is_dir()):
        files = sorted(module.rglob("*.swift"))
        if files and module.name not in depends:
            yield f"{module}: Package.swift has no such target"
            continue
        allowed = depends.get(module.name, set()) | SYSTEM.get(module.name, set())
        for file in files:
            for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
                match = IMPORT.match(line)
                if match and match[1] not in allowed:
                    accepted = ", ".join(sorted(allowed))
                    yield f"{file}:{number}: {module.name} must not import {match[1]} (it may: {accepted})"
                elif match and match[1] == "ArgumentParser" and COMMANDS not in file.parents:
                    yield f"{file}:{number}: only {COMMANDS} imports ArgumentParser; it hands plain values on"
                for fault in faults(line, file):
                    yield f"{file}:{number}: {fault}"


def main():
    depends = dependencies(pathlib.Path("Package.swift").read_text(encoding="utf-8"))
    listed = floors.declared(floors.README.read_text(encoding="utf-8"))
    found = list(order(depends, listed)) + list(findings(floors.SOURCES, depends))
    print("\n".join(found) if found else "imports go one way")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
