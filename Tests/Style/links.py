#!/usr/bin/env python3
"""Checks that the links of the repository's pages lead to files that are there, and that the maps stay short."""

import pathlib
import re
import subprocess
import sys

LONGEST = {"Sources/README.md": 150, "Tests/README.md": 150}
LINK = re.compile(r"\]\((?!https?://|#)([^)#\s]+)(?:#[^)]*)?\)")


def main():
    found = []
    names = subprocess.run(["git", "ls-files", "*.md"], capture_output=True, text=True, check=True).stdout.split("\n")
    for page in (pathlib.Path(name) for name in names if name and "Fixtures" not in name):
        lines = page.read_text(encoding="utf-8").splitlines()
        if len(lines) > LONGEST.get(str(page), len(lines)):
            found.append(f"{page}: has {len(lines)} lines, and {LONGEST[str(page)]} are enough for a map")
        for number, line in enumerate(lines, 1):
            for target in LINK.findall(line):
                if not (page.parent / target).exists():
                    found.append(f"{page}:{number}: there is no {target}")
    print("\n".join(found) if found else "links lead somewhere")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
