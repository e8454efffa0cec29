"""A shell at a terminal, with somebody who types."""

import os
import re
import time

PROMPT = "READY> "
PATIENCE = 60

# Answers completion as the program does; a command that is entered leaves its words in a file.
RECORDER = """\
#!/bin/sh
[ "$1" != __complete ] || exec {program} "$@"
printf '%s\\0' "$@" > "$RECORD.new"
mv "$RECORD.new" "$RECORD"
"""

SETUP = {
    "bash": (["bash", "--norc", "--noprofile", "-i"], [f"PS1='{PROMPT}'", "bind 'set bell-style none'"]),
    "zsh": (["zsh", "-f", "-i"], [f"PROMPT='{PROMPT}'", "autoload -U compinit", "compinit -u -D", "unsetopt beep auto_remove_slash"]),
    "fish": (
        ["fish", "--no-config", "-i"],
        [f"function fish_prompt; printf '{PROMPT}'; end", "function fish_right_prompt; end"]),
}


class Terminal:
    def __init__(self, shell, case, scripts, record):
        import pexpect
        self.record = str(record)
        command, setup = SETUP[shell]
        self.child = pexpect.spawn(
            command[0], command[1:], env=case.environment | {"RECORD": self.record}, cwd=str(case.folder), encoding="utf-8",
            dimensions=(50, 200), timeout=PATIENCE)
        case.addCleanup(self.child.close, force=True)
        for line in setup + scripts:
            self.child.sendline(line)
        self.child.sendline("echo set' 'up")
        self.shown_until(lambda shown: "set up" in shown)
        self.settle()

    def settle(self, quiet=0.3):
        """Waits until nothing more is printed; gives what was."""
        import pexpect
        text, last = "", time.monotonic()
        while time.monotonic() - last < quiet:
            try:
                text += self.child.read_nonblocking(4096, 0.02)
                last = time.monotonic()
            except pexpect.TIMEOUT:
                pass
        return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", text)

    def shown_until(self, condition):
        """What is shown until it is what is waited for, or for a minute: the machine may be busy."""
        shown, end = "", time.monotonic() + PATIENCE
        while not condition(shown) and time.monotonic() < end:
            shown += self.settle(0.1)
        return shown

    def type(self, keys, condition):
        """Types keys, and gives what is shown until it is what is waited for.

        Shells read keys one after the other, so nothing has to be waited for after a tab.
        """
        self.child.send(keys)
        return self.shown_until(condition)

    def entered(self, keys):
        """The words a line has when it is entered."""
        if os.path.exists(self.record):
            os.remove(self.record)
        shown = self.type(keys + "\r", lambda _: os.path.exists(self.record))
        shown += self.settle()
        if not os.path.exists(self.record):
            return f"nothing was run:\n{shown}"
        return open(self.record).read().split("\0")[:-1]
