#!/usr/bin/env python3
"""Checks that the folders of each target use one another in one direction only.

The order is read from the map, Sources/README.md: a line in its block `floors` names a target and its folders from the
bottom up, `A <- B, C <- D`. A folder uses what is below it; those with a comma between them do not use one another.
What a file uses is told by the names in it: of types and functions that stand alone, of enum cases, and of members
that only one extension in the target declares.

It is a reader of texts, not a compiler. It does not see the use of a member that is declared inside a type, nor of a
name that two files of the target declare, nor of what a value's type alone leads to. An arrow that it misses is
therefore possible; one that it finds is there. Between targets the compiler and imports.py see every arrow.
"""

import collections
import pathlib
import re
import sys

SOURCES = pathlib.Path("Sources")
README = SOURCES / "README.md"
FENCE = re.compile(r"^```floors\n(.*?)^```", re.M | re.S)
WORDS = r"(?:(?:public|package|internal|final|indirect|static|mutating|consuming|borrowing|nonisolated) )*"
ATTRIBUTES = r"(?:@\w+(?:\([^)]*\))?\s+)*"
ALONE = re.compile(rf"^{ATTRIBUTES}{WORDS}(?:struct|class|enum|protocol|typealias|func|let|var) `?(\w+)", re.M)
BODY = re.compile(rf"^{ATTRIBUTES}{WORDS}(extension|struct|class|enum|protocol) [^\n{{]*\{{\n(.*?)^\}}", re.M | re.S)
MEMBER = re.compile(rf"^(  )?( *){ATTRIBUTES}{WORDS}(?:func|let|var) `?(\w+)", re.M)
CASE = re.compile(r"(?:^ +|\{ )(?:indirect )?case (\w+(?:\([^)\n]*\))?(?:, \w+(?:\([^)\n]*\))?)*)", re.M)

# Members that the standard library's types have as well, which tell nothing.
COMMON = {"description", "remove"}


def code(text):
    """The text without comments, and without texts but for what is put into them."""
    output, index, depths = [], 0, []
    while index < len(text):
        if depths and depths[-1] is None:
            if text.startswith("\\(", index):
                depths[-1:] = [None, 1]
                index += 2
            elif text.startswith(quotes[-1], index):
                index += len(quotes.pop())
                depths.pop()
            else:
                index += 2 if text[index] == "\\" else 1
            continue
        if text.startswith("//", index):
            index = text.find("\n", index) if "\n" in text[index:] else len(text)
            continue
        if text[index] == '"':
            quote = '"""' if text.startswith('"""', index) else '"'
            quotes = quotes + [quote] if depths else [quote]
            depths.append(None)
            index += len(quote)
            continue
        if depths and text[index] in "()":
            depths[-1] += 1 if text[index] == "(" else -1
            if depths[-1] == 0:
                depths.pop()
                output.append(" ")
                index += 1
                continue
        output.append(text[index])
        index += 1
    return "".join(output)


def declared(readme):
    """Each target's folders with the height of their floor."""
    floors = {}
    for line in FENCE.search(readme)[1].splitlines():
        if not line.strip():
            continue
        target, _, rooms = line.partition(":")
        floors[target.strip()] = {
            room.strip(): height for height, floor in enumerate(rooms.split("<-")) for room in floor.split(",")
        }
    return floors


class Target:
    def __init__(self, folder):
        self.folder = folder
        self.texts = {path: code(path.read_text(encoding="utf-8")) for path in sorted(folder.rglob("*.swift"))}
        self.alone = self.owners((name, path) for path, text in self.texts.items() for name in self.names(text))
        self.members = self.extension_members()

    @staticmethod
    def names(text):
        return [match[1] for match in ALONE.finditer(text) if not re.match(r"(?:file)?private ", match[0])]

    @staticmethod
    def owners(pairs):
        owners = collections.defaultdict(set)
        for name, path in pairs:
            owners[name].add(path)
        return {name: paths.pop() for name, paths in owners.items() if len(paths) == 1}

    def extension_members(self):
        found = collections.defaultdict(set)
        for path, text in self.texts.items():
            for body in BODY.finditer(text):
                for member in MEMBER.finditer(body[2]):
                    # What is declared further in belongs to a nested type, or to nobody else.
                    found[member[3]].add(("nested" if member[2] else body[1], path))
            for cases in CASE.finditer(text):
                for name in re.findall(r"(?:^|, )(\w+)", cases[1]):
                    found[name].add(("case", path))
        return {name: next(iter(places))[1] for name, places in found.items()
                if len(places) == 1 and next(iter(places))[0] == "extension" and name not in COMMON}

    def room(self, path):
        parts = path.relative_to(self.folder).parts
        return "/".join(parts[:-1]) or "."

    def arrows(self):
        """Each use of a name of another folder: the file, the name, and the file that declares it."""
        for path, text in self.texts.items():
            words = set(re.findall(r"(?<![.\w])[A-Za-z_]\w*", text))
            members = set(re.findall(r"\.(\w+)", text))
            used = [(name, self.alone[name]) for name in sorted(words & self.alone.keys())]
            used += [(f".{name}", self.members[name]) for name in sorted(members & self.members.keys())]
            for name, owner in used:
                if self.room(owner) != self.room(path):
                    yield path, name, owner


def findings(floors):
    for folder in sorted(path for path in SOURCES.iterdir() if path.is_dir() and any(path.rglob("*.swift"))):
        target = Target(folder)
        heights = floors.get(folder.name, {".": 0})
        rooms = {target.room(path) for path in target.texts}
        for room in sorted(rooms - heights.keys()):
            yield f"{folder}/{room}: no floor of Sources/README.md has this folder"
        for room in sorted(heights.keys() - rooms):
            yield f"Sources/README.md: there is no folder {folder.name}/{room}"
        for path, name, owner in target.arrows():
            here, there = target.room(path), target.room(owner)
            if heights.get(there, -1) >= heights.get(here, 99):
                yield f"{path}: uses {name} of {there}, which is not below {here}"


def main():
    found = list(findings(declared(README.read_text(encoding="utf-8"))))
    print("\n".join(found) if found else "folders use one another in one direction")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
