#!/usr/bin/env python3
"""Checks that the links of the repository's pages, and the names of files in the comments of its Swift sources, lead to
files and headings that are there, and that the maps stay short."""

import pathlib
import re
import subprocess
import sys

LONGEST = {"README.md": 200, "Sources/README.md": 150, "Tests/README.md": 150}
LINK = re.compile(r"\]\((?!https?://)([^)#\s]*)(?:#([^)\s]*))?\)")
# A file of a type's extension, as comments name it: `Type+Purpose`.
EXTENSION = re.compile(r"`([A-Z]\w+\+\w+)`")


def files(pattern):
    names = subprocess.run(["git", "ls-files", pattern], capture_output=True, text=True, check=True).stdout
    return [pathlib.Path(name) for name in names.splitlines() if "Fixtures" not in name and pathlib.Path(name).exists()]


def extensions():
    """Names in comments of files that are not there."""
    sources = files("*.swift")
    names = {source.stem for source in sources}
    for source in sources:
        for number, line in enumerate(source.read_text(encoding="utf-8").splitlines(), 1):
            for name in EXTENSION.findall(line.partition("//")[2]):
                if name not in names:
                    yield f"{source}:{number}: there is no {name}.swift"


def anchors(page):
    """What links to the headings of a page end with."""
    text = re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    headings = re.findall(r"^#+ (.+)$", text, flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def fault(page, target, anchor):
    """Why a link leads nowhere, or None."""
    path = page.parent / target if target else page
    if not path.exists():
        return f"there is no {target}"
    if anchor and path.suffix == ".md" and anchor not in anchors(path):
        return f"{target or page.name} has no heading for #{anchor}"
    return None


def main():
    found = list(extensions())
    for page in files("*.md"):
        lines = page.read_text(encoding="utf-8").splitlines()
        if len(lines) > LONGEST.get(str(page), len(lines)):
            found.append(f"{page}: has {len(lines)} lines, and {LONGEST[str(page)]} are enough")
        for number, line in enumerate(lines, 1):
            for target, anchor in LINK.findall(line):
                if why := fault(page, target, anchor):
                    found.append(f"{page}:{number}: {why}")
    print("\n".join(found) if found else "links lead somewhere")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
