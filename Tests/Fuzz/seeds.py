#!/usr/bin/env python3
"""Writes what fuzzing begins with into a folder: the examples, and the pods of the fixtures.

    Tests/Fuzz/seeds.py FOLDER
"""
import json
import pathlib
import sys

root = pathlib.Path(__file__).parents[2]
folder = pathlib.Path(sys.argv[1])

for number, path in enumerate(sorted((root / "examples").rglob("*.yaml"))):
    (folder / f"example-{number}").write_bytes(path.read_bytes())
for file in ["talend/cases.jsonl", "hashicorp/cases.jsonl"]:
    with open(root / "Tests/Fixtures" / file, encoding="utf-8") as lines:
        for number, line in zip(range(150), lines):
            pod = json.loads(line)["input"]
            name = f"{file.replace('/', '-')}-{number}"
            indent = 2 if number % 2 else None
            (folder / name).write_text(("# flow\n" if number % 3 == 0 else "") + json.dumps(pod, indent=indent))
