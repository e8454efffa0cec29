"""Runs the real program on the transcripts in cases/ and compares exit code, standard error and output whole.

A transcript is made of sections: `--- command`, `--- file NAME` for each file it needs, `--- input` for standard
input, then what is expected: `--- exit`, `--- stderr`, `--- stdout` (left out where the output is not looked at).
With `--- cluster`, KUBECONFIG leads to an API server; the section holds its faults (see ../APIServer/faults.py), and
$CLUSTER is the server's folder, with a kubeconfig for each way to reach it.
`Tests/run --record NAME` writes what really happened into the transcript, and the run fails all the same.
"""

import atexit
import difflib
import functools
import json
import os
import re
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

from harness import command_line, suites, tools
from harness.api_server import APIServer
from harness.places import FIXTURES, install_links

CASES = Path(__file__).resolve().parent / "cases"
RECORDS = bool(os.environ.get("RECORD"))
EXPECTED = ("exit", "stderr", "stdout")


@functools.cache
def api_server():
    """One server for all; it is emptied before each transcript that talks to it."""
    folder = Path(tempfile.mkdtemp(prefix="vault-inject-cluster-"))
    server = APIServer(folder, tools.python())
    atexit.register(shutil.rmtree, folder, True)
    atexit.register(server.stop)
    return server


class Transcript:
    def __init__(self, path):
        self.path = path
        parts = re.split(r"(?m)^--- (\w+)(?: (.*))?\n", path.read_text(encoding="utf-8"))
        self.sections = [(parts[i], parts[i + 1], parts[i + 2]) for i in range(1, len(parts), 3)]

    def text(self, kind):
        """The text of the first section of a kind; None where there is none."""
        return next((text for each, _, text in self.sections if each == kind), None)

    @property
    def rules(self):
        """The faults of the API server; None where it talks to none."""
        text = self.text("cluster")
        return None if text is None else json.loads(text.strip() or "[]")

    def why_skipped(self):
        """What it needs that this machine does not have; None where it has all."""
        if self.rules is not None and not tools.has_modules("cryptography", "h2"):
            return "no Python with the packages of Tests/requirements.txt"
        if re.search(r"(^|[;|& ])kubectl ", self.text("command")) and not shutil.which("kubectl"):
            return "no kubectl"
        return None

    def run(self, folder):
        """What really happens, by kind of section."""
        for kind, name, text in self.sections:
            if kind == "file":
                path = folder / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8", newline="")
        environment = {"PATH": f"{folder}/bin:{os.environ['PATH']}", "HOME": str(folder), "FIXTURES": str(FIXTURES)}
        neutral = str
        if self.rules is not None:
            server = api_server()
            server.start_over(self.rules)
            environment |= {"KUBECONFIG": server.kubeconfig("token"), "CLUSTER": str(server.folder)}
            neutral = server.without_ports
        install_links(folder / "bin")
        done = subprocess.run(["bash", "-c", self.text("command")], cwd=folder, env=environment,
                              input=self.text("input") or "", capture_output=True, text=True, timeout=60)
        return {"exit": f"{done.returncode}\n", "stderr": neutral(done.stderr.replace(str(folder), "FOLDER")),
                "stdout": neutral(done.stdout)}

    def looked_at(self):
        return [kind for kind in EXPECTED if kind != "stdout" or self.text(kind) is not None]

    def record(self, actual):
        kept = [section for section in self.sections if section[0] not in EXPECTED]
        kept += [(kind, None, actual[kind]) for kind in self.looked_at()]
        self.path.write_text("".join(f"--- {kind}{' ' + name if name else ''}\n{text}" for kind, name, text in kept),
                             encoding="utf-8")

    def differences(self, actual):
        for kind in self.looked_at():
            expected = self.text(kind) or ""
            if expected != actual[kind]:
                yield from difflib.unified_diff(expected.splitlines(), actual[kind].splitlines(),
                                                f"{self.path.stem} {kind} expected", "got", lineterm="")
                if expected.splitlines() == actual[kind].splitlines():
                    yield f"{self.path.stem} {kind}: the line ends differ"


class Names(unittest.TestCase):
    def test_none_has_the_name_of_a_suite(self):
        """`Tests/run NAME` would run the suite, and there would be no way to record the transcript."""
        taken = {suite.name for suite in suites.SUITES} | set(command_line.WITHOUT_NAMES)
        self.assertEqual({case.stem for case in CASES.glob("*.txt")} & taken, set())


class Transcripts(unittest.TestCase):
    """A test for each file of cases/, of its name."""

    def check(self, path):
        transcript = Transcript(path)
        if reason := transcript.why_skipped():
            self.skipTest(reason)
        with tempfile.TemporaryDirectory() as folder:
            actual = transcript.run(Path(folder))
        if RECORDS:
            transcript.record(actual)
            self.fail(f"{path.stem}: recorded")
        if differences := list(transcript.differences(actual)):
            self.fail("\n".join(["", *differences]))


for case in sorted(CASES.glob("*.txt")):
    setattr(Transcripts, f"test_{case.stem}", functools.partialmethod(Transcripts.check, case))
