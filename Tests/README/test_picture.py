"""The README's picture is what the program really shows: a terminal with two commands, drawn as SVG.

`Tests/run --record PictureTests` draws it again, and fails all the same.
"""

import html
import os
import re
import subprocess
import tempfile
import unittest
from pathlib import Path

from harness.places import EXAMPLES, ROOT, install_links

PICTURE = ROOT / "plugin/media/inject.svg"
# A command as it is typed, and how many of its lines are shown at the beginning and at the end.
SCENES = [
    ("kubectl vault-inject --diff -f web.yaml", "kubectl-vault_inject --diff -f web.yaml", 18, 3),
    ("kubectl vault-inject -i -f broken.yaml", "kubectl-vault_inject -i -f broken.yaml", 9, 0),
]
COLUMNS, ROW, CHARACTER, MARGIN = 118, 18, 8.0, 16
# The colours that the program uses, as a light terminal on a dark ground has them.
COLOURS = {"31": "#ff7b72", "32": "#7ee787", "33": "#e3b341", "36": "#79c0ff", "1": "#ffffff", "2": "#8b949e"}
STYLED = re.compile(r"\x1b\[([0-9;]*)m")


def output(command, folder):
    """What a command shows at a terminal: the report, and then what it prints."""
    program = folder / "bin"
    environment = {"PATH": f"{program}:{os.environ['PATH']}", "HOME": str(folder), "LC_ALL": "C.UTF-8",
                   "FORCE_COLOR": "1", "COLUMNS": str(COLUMNS)}
    done = subprocess.run(command.split(), cwd=folder, env=environment, text=True, capture_output=True, timeout=60)
    return (done.stdout + done.stderr).splitlines()


def shortened(lines, first, last):
    return lines if len(lines) <= first + last else [*lines[:first], "\x1b[2m⋮\x1b[0m", *lines[len(lines) - last:]]


def spans(line):
    """A line's text in pieces of one colour; what is longer than the terminal is cut off."""
    colour, column = None, 0
    for index, piece in enumerate(STYLED.split(line)):
        if index % 2:
            colour = COLOURS.get(piece.split(";")[-1]) if piece not in ("", "0") else None
        elif piece and column < COLUMNS:
            yield piece[:COLUMNS - column], colour
            column += len(piece)


def drawn(line, row):
    pieces = "".join(
        f'<tspan fill="{colour}">{html.escape(text, quote=False)}</tspan>' if colour else html.escape(text, quote=False)
        for text, colour in spans(line))
    return f'<text x="{MARGIN}" y="{MARGIN + (row + 1) * ROW - 4}" xml:space="preserve">{pieces}</text>'


def picture(lines):
    width, height = int(COLUMNS * CHARACTER + 2 * MARGIN), 2 * MARGIN + len(lines) * ROW
    head = (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
            'font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, \'DejaVu Sans Mono\', monospace" '
            f'font-size="13" fill="#e6edf3">\n<rect width="{width}" height="{height}" rx="8" fill="#0d1117"/>')
    return "\n".join([head, *(drawn(line, row) for row, line in enumerate(lines)), "</svg>", ""])


class PictureTests(unittest.TestCase):
    maxDiff = None

    def test_the_picture_is_what_the_program_shows(self):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            install_links(folder / "bin")
            text = (EXAMPLES / "deployment.yaml").read_text()
            (folder / "web.yaml").write_text(text)
            (folder / "broken.yaml").write_text(text.replace('inject: "true"', "inject: true"))
            (folder / ".vault-inject.yaml").write_text("vault: {address: \"https://vault.example.com:8200\"}\n")
            lines = []
            for shown, command, first, last in SCENES:
                lines += [f"\x1b[32m$\x1b[0m \x1b[1m{shown}\x1b[0m", *shortened(output(command, folder), first, last), ""]
        expected = picture(lines[:-1])
        given = PICTURE.read_text(encoding="utf-8") if PICTURE.exists() else ""
        if given != expected and os.environ.get("RECORD"):
            PICTURE.parent.mkdir(exist_ok=True)
            PICTURE.write_text(expected, encoding="utf-8")
        self.assertMultiLineEqual(given, expected, "Tests/run --record PictureTests draws it again")


if __name__ == "__main__":
    unittest.main()
