"""The instructions that each release needed, in `releases.tsv`: release, what was measured, how many."""

import os

TABLE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "releases.tsv")


def rows():
    with open(TABLE, encoding="utf-8") as file:
        return [line.rstrip("\n").split("\t") for line in file if line.strip()]


def figures(what):
    """What each release needed, in the order of releases: pairs of its name and a number."""
    return [(release, float(count)) for release, measured, count in rows() if measured == what]


def record(release, what, count):
    """Keeps a figure of a release, in the place of what was kept of it before."""
    kept = [row for row in rows() if row[:2] != [release, what]]
    kept.append([release, what, str(round(count))])
    with open(TABLE, "w", encoding="utf-8") as file:
        file.writelines("\t".join(row) + "\n" for row in kept)
