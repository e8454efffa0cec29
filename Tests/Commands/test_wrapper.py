"""How the shell's wrapper around an application ends, in each shell that is there: as the application does."""

import json
import os
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
# Not mksh: a signal that reaches it while it heeds another may wait until what runs has ended.
SHELLS = {"dash": ["dash"], "bash": ["bash", "--posix"], "busybox": ["busybox", "sh"]}
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


def end(group):
    """Ends all processes of a group that are still there."""
    try:
        os.killpg(group, signal.SIGKILL)
    except ProcessLookupError:
        pass


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
        process = subprocess.Popen(
            words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, env=self.environment, start_new_session=True)
        # What did not end by itself must not be waited for.
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.wait)
        self.addCleanup(end, process.pid)
        return process

    def test_the_code_is_the_application_s_and_signals_reach_it(self):
        shells = {name: words for name, words in SHELLS.items() if shutil.which(words[0])}
        self.assertIn("bash", shells)
        for name, shell in shells.items():
            with self.subTest(shell=name):
                codes = [self.code_of_run(shell) for _ in range(25)]
                # Once in some thousand times a shell forgets how the application ended, and tells the signal.
                self.assertLessEqual(set(codes), {7, 128 + signal.SIGTERM})
                self.assertGreaterEqual(codes.count(7), 24)

    def code_of_run(self, shell):
        """What the wrapper ends with after two signals, both of which have to reach the application."""
        process = self.start(shell)
        self.assertEqual(process.stdout.readline(), b"it's\n")
        process.send_signal(signal.SIGWINCH)
        self.assertEqual(process.stdout.readline(), b"%d\n" % signal.SIGWINCH)
        process.send_signal(signal.SIGTERM)
        return process.wait(20)
