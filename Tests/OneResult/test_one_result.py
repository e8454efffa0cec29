"""Law 10 with the real program: whatever way an input comes in, what is printed is what `-i` writes.

Every example and every small fixture is tried with each of the prefixes; what the ways in share is looked at in memory
by OneResultTests, which knows many more documents.
"""

import json
import pathlib
import shutil
import subprocess
import tempfile
import unittest

from harness.places import EXAMPLES, FIXTURES, PROGRAM

PREFIXES = [b"", b"\n", b" \n", b"\r\n\r\n", b"# c\n", b"\n# c\n---\n", b"---\n", b"\xef\xbb\xbf", b"\xef\xbb\xbf\n", b"%YAML 1.1\n---\n"]
LIST = b"""\
apiVersion: config.kubernetes.io/v1
kind: ResourceList
items:
- apiVersion: v1
  kind: Pod
  metadata:
    name: web
    labels: {com.talend.application: a, com.talend.service: s}
    annotations: {sidecar.vault.talend.org/inject: "true"}
  spec: {containers: [{name: app}]}
"""
JSON = b'{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"x"}}\n'


def run(*words, cwd, stdin=b""):
    return subprocess.run([PROGRAM, *words], cwd=cwd, input=stdin, capture_output=True, timeout=60)


def inputs(report):
    """What a report has of each input; what is said of the run as a whole has no name."""
    return [entry for entry in json.loads(report)["inputs"] if entry["name"] is not None]


def sources():
    folders = [EXAMPLES, EXAMPLES / "hashicorp", FIXTURES / "robustness"]
    for folder in folders:
        for path in sorted(folder.glob("*.yaml")) + sorted(folder.glob("*.json")):
            yield path.name, path.read_bytes()
    yield "resource-list.yaml", LIST
    yield "object.json", JSON
    yield "object.json", JSON + JSON
    yield "kept.yaml", b"kind: A\nkept: |+\n  x\n\n"
    yield "unended.yaml", b"kind: A\nkept: |\n  x"


class OneResult(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.holder = tempfile.TemporaryDirectory()
        cls.before, cls.after = (pathlib.Path(cls.holder.name) / name for name in ("before", "after"))
        cls.before.mkdir()
        for number, (name, text) in enumerate(sources()):
            for index, prefix in enumerate(PREFIXES):
                if not text.startswith((b"%", b"---", b"\xef\xbb\xbf")) or not prefix.startswith((b"%", b"---")):
                    (cls.before / f"{number:02}-{index}-{name}").write_bytes(prefix + text)
        shutil.copytree(cls.before, cls.after)
        cls.names = sorted(path.name for path in cls.before.iterdir())
        cls.rewriting = run("-i", "--report", "json", *cls.names, cwd=cls.after)
        cls.inputs = {entry["name"]: entry for entry in inputs(cls.rewriting.stderr)}
        cls.refused = {name for name, entry in cls.inputs.items() if entry["refused"]}

    @classmethod
    def tearDownClass(cls):
        cls.holder.cleanup()

    def old(self, name):
        return (self.before / name).read_bytes()

    def new(self, name):
        return (self.after / name).read_bytes()

    def demand_printed(self, name, done, expected):
        self.assertEqual(done.stdout, b"" if name in self.refused else expected, f"{name}: {done.args}")

    def test_there_is_something_to_look_at(self):
        self.assertGreater(len(self.names), 200)
        changed = [name for name in self.names if self.old(name) != self.new(name)]
        self.assertGreater(len(changed), 150)
        self.assertEqual(changed, [name for name, entry in sorted(self.inputs.items()) if entry["changed"]])
        self.assertLess(len(self.refused), 30)

    def test_files(self):
        for name in self.names:
            self.demand_printed(name, run("-q", "-f", name, cwd=self.before), self.new(name))

    def test_other_ways_in(self):
        """Each file takes one of the other ways in, and the files with one prefix different ones."""
        for number, name in enumerate(self.names):
            ways = [("-q",), ("-q", "-f", "-"), ("post-render", "-q"), ("-q", "-o", "yaml", "-f", "-")]
            way = ways[number % len(ways)]
            if name.endswith("resource-list.yaml") and way in (("-q",), ("-q", "-f", "-")):
                continue   # a function adds its results
            if "json" in name and "yaml" in way:
                continue   # that is converted
            self.demand_printed(name, run(*way, cwd=self.before, stdin=self.old(name)), self.new(name))

    def test_function(self):
        for name in self.names:
            if name.endswith("resource-list.yaml"):
                done = run("-q", cwd=self.before, stdin=self.old(name))
                self.assertTrue(done.stdout.startswith(self.new(name)), f"{name}: {done.stdout.decode()}")
                self.assertIn(b"\nresults:\n", done.stdout[len(self.new(name)) - 1:])

    def test_undone(self):
        for name in self.names[::3]:
            if name not in self.refused:
                self.assertEqual(run("uninject", "-q", name, cwd=self.after).stdout, self.old(name), name)

    def test_check_and_diff(self):
        checked = run("--check", "--report", "json", *self.names, cwd=self.before)
        for entry in inputs(checked.stderr):
            self.assertEqual((entry["changed"], entry["refused"]),
                             (self.old(entry["name"]) != self.new(entry["name"]), entry["name"] in self.refused), entry["name"])
        quick = run("--check", *self.names, cwd=self.before)
        self.assertEqual(quick.returncode, 65 if self.refused else 1)
        told = {line.split(b":")[0].decode() for line in quick.stderr.splitlines() if b" would be injected: " in line}
        self.assertEqual(told, {name for name in self.names for object in self.inputs[name]["objects"]
                                if object["outcome"].endswith("injected")})

    def test_diff_applied(self):
        """What `--diff` shows, handed to `patch`, makes of the files what `-i` writes."""
        folder = pathlib.Path(self.holder.name) / "patched"
        shutil.copytree(self.before, folder)
        shown = run("-q", "--diff", *self.names, cwd=self.before)
        subprocess.run(["patch", "--binary", "-s", "-p0"], cwd=folder, input=shown.stdout, check=True, timeout=60)
        for name in self.names:
            self.assertEqual((folder / name).read_bytes(), self.new(name), name)

    def test_patches(self):
        for name in self.names[::5]:
            if name in self.refused:
                continue
            done = run("-q", "-o", "patch", name, cwd=self.before)
            patches = [json.loads(line) for line in done.stdout.splitlines()]
            self.assertEqual(len(patches), len(self.inputs[name]["objects"]), name)
            self.assertEqual(any(patches), self.old(name) != self.new(name), name)

    def test_json(self):
        decoder = json.JSONDecoder()
        for name in self.names[::3]:
            if name in self.refused:
                continue
            text = run("-q", "-o", "json", name, cwd=self.before).stdout.decode()
            count = 0
            while text.strip():
                _, end = decoder.raw_decode(text.lstrip())
                text, count = text.lstrip()[end:], count + 1
            self.assertGreater(count, 0, name)

    def test_folder(self):
        """Several files at once: each document is there once, in the order of the files."""
        separated = run("-q", "-f", ".", cwd=self.before).stdout
        again = run("-q", "-o", "json", "-f", "-", cwd=self.before, stdin=separated).stdout
        alone = b"".join(run("-q", "-o", "json", *chunk, cwd=self.before).stdout for chunk in (self.names[:200], self.names[200:]))
        self.assertEqual(parsed(again), parsed(alone))

    def test_argocd(self):
        folder = pathlib.Path(self.holder.name) / "app"
        for name in self.names[::7]:
            if name in self.refused or b"apiVersion" not in self.old(name):
                continue   # what is no manifest is left out there
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            (folder / name).write_bytes(self.old(name))
            done = run("argocd-generate", cwd=folder)
            self.assertEqual(done.stdout, self.new(name), f"{name}: {done.stderr.decode()}")


def parsed(text):
    """The values of a stream of JSON; the line break an input's last block scalar was not given does not count."""
    decoder, text, values = json.JSONDecoder(), text.decode(), []
    while text.strip():
        value, end = decoder.raw_decode(text.lstrip())
        text = text.lstrip()[end:]
        values.append(value if "kept" not in value else {**value, "kept": value["kept"].rstrip("\n")})
    return values
