"""A program at a terminal of its own, as a person runs it."""

import fcntl
import os
import pty
import struct
import subprocess
import termios


def run(words, *, columns=80, **options):
    """Runs a program whose three streams are a terminal of this width; gives what it showed, with line breaks as \\n."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    with subprocess.Popen(words, stdin=theirs, stdout=theirs, stderr=theirs, close_fds=True, **options) as process:
        os.close(theirs)
        shown = b""
        while part := read(ours):
            shown += part
        os.close(ours)
    return shown.decode("utf-8").replace("\r\n", "\n"), process.returncode


def read(terminal):
    """What comes next; nothing at the end, which a terminal tells of by an error."""
    try:
        return os.read(terminal, 1 << 16)
    except OSError:
        return b""
