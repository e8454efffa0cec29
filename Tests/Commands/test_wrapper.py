"""How the shell's wrapper around an application ends, in each shell that is there: as the application does."""

import json
import shutil
import signal
import subprocess

from harness.case import Case

POD = {
    "apiVersion": "v1", "kind": "Pod",
    "metadata": {"name": "web", "annotations": {
        "vault.hashicorp.com/agent-inject": "true", "vault.hashicorp.com/role": "web",
        "vault.hashicorp.com/agent-inject-secret-db": "secret/db", "vault.hashicorp.com/agent-inject-env-db": "true",
        "vault.hashicorp.com/agent-inject-env-on-change": "restart"}},
    "spec": {"containers": [{"name": "web", "command": ["app"]}]}}
SHELLS = {"dash": ["dash"], "bash": ["bash", "--posix"], "busybox": ["busybox", "sh"], "mksh": ["mksh"]}
# It ends at once where it is told to, before a shell has done more than tell it.
APPLICATION = """\
import os, signal, sys
told = {signal.SIGTERM, signal.SIGWINCH}
signal.pthread_sigmask(signal.SIG_BLOCK, told)
os.write(1, os.environb[b"SECRET"] + b"\\n")
while True:
    number = signal.sigwait(told)
    if number == signal.SIGTERM:
        os._exit(7)
    os.write(1, b"%d\\n" % number)
"""


class Wrapper(Case):
    def setUp(self):
        super().setUp()
        POD["metadata"]["annotations"]["vault.hashicorp.com/secret-volume-path"] = str(self.folder)
        self.write("pod.json", json.dumps(POD))
        self.write(".variables", "set -- 'SECRET=it'\\''s' \"$@\"\n")
        self.write("app.py", APPLICATION)
        injected = self.inject("-q", "-f", "pod.json", "--vault-addr", "https://vault.test").out
        self.words = json.loads(injected)["spec"]["containers"][0]["command"]

    def start(self, shell):
        words = [*shell, *self.words[1:-1], "python3", str(self.folder / "app.py")]
        return subprocess.Popen(
            words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, env=self.environment, start_new_session=True)

    def test_the_code_is_the_application_s_and_signals_reach_it(self):
        shells = {name: words for name, words in SHELLS.items() if shutil.which(words[0])}
        self.assertIn("bash", shells)
        for name, shell in shells.items():
            for _ in range(25):
                with self.subTest(shell=name), self.start(shell) as process:
                    self.assertEqual(process.stdout.readline(), b"it's\n")
                    process.send_signal(signal.SIGWINCH)
                    self.assertEqual(process.stdout.readline(), b"%d\n" % signal.SIGWINCH)
                    process.send_signal(signal.SIGTERM)
                    self.assertEqual(process.wait(20), 7)
