"""A shell at a terminal, with somebody who types."""

import os
import re
import time

PROMPT = "READY> "

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
            dimensions=(50, 200), timeout=20)
        case.addCleanup(self.child.close, force=True)
        for line in setup + scripts:
            self.child.sendline(line)
        self.child.sendline("echo set' 'up")
        self.child.expect("set up")
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
        return text

    def type(self, keys):
        """Types keys, pausing behind each tab; gives what the screen showed."""
        shown = ""
        for part in keys.replace("\t", "\t\0").split("\0"):
            self.child.send(part)
            shown += self.settle()
        return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", shown)

    def entered(self, keys):
        """The words a line has when it is entered."""
        if os.path.exists(self.record):
            os.remove(self.record)
        shown = self.type(keys + "\r")
        for _ in range(50):
            if os.path.exists(self.record):
                return open(self.record).read().split("\0")[:-1]
            time.sleep(0.1)
        return f"nothing was run:\n{shown}"
