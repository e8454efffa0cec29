"""The tests' own API server (Tests/APIServer), in a process of its own."""

import json
import os
import re
import subprocess
import sys
import urllib.request

from harness.places import TESTS


class APIServer:
    """A server whose files are in a folder: its addresses, kubeconfigs, certificates, faults and log."""

    def __init__(self, folder, python=sys.executable):
        self.folder = folder
        self.process = subprocess.Popen(
            [python, TESTS / "APIServer/server.py", "--folder", folder], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, text=True)
        self.process.stdout.readline()
        self.addresses = json.loads((folder / "ports.json").read_text())
        self.read_until = 0

    def stop(self):
        self.process.kill()
        self.process.wait()
        self.process.stdin.close()
        self.process.stdout.close()

    def kubeconfig(self, name):
        return str(self.folder / f"{name}.kubeconfig")

    def ask(self, path, body=None):
        """One of the requests that only tests make."""
        data = None if body is None else json.dumps(body).encode()
        with urllib.request.urlopen(self.addresses["plain"] + path, data=data) as answer:
            return json.loads(answer.read())

    def write(self, name, value):
        """Sets what the server reads with every request, such as its faults."""
        partial = self.folder / f"{name}.partial"
        partial.write_text(json.dumps(value))
        os.replace(partial, self.folder / f"{name}.json")

    def start_over(self, rules=()):
        """Forgets every object and request, and sets the faults (see Tests/APIServer/faults.py)."""
        self.write("rules", list(rules))
        self.ask("/_test/reset", {})
        self.read_log()

    def read_log(self):
        """What was logged since this was called last."""
        with open(self.folder / "requests.jsonl", "rb") as log:
            log.seek(self.read_until)
            # The last line may be half written.
            lines = log.read().rpartition(b"\n")[0].splitlines(keepends=True)
        self.read_until += sum(map(len, lines)) + (1 if lines else 0)
        return [json.loads(line) for line in lines]

    def without_ports(self, text):
        """A text with words instead of what differs from server to server."""
        for name, address in self.addresses.items():
            port = address.rpartition(":")[2]
            text = re.sub(rf"\b{port}\b", name.upper(), text)
        return text.replace(str(self.folder), "CLUSTER")
