"""What tests need of the processes they start, wherever the suite was started and the clone lies."""

import pathlib
import shutil
import signal
import tempfile


def take_default_signals():
    """Lets a child die of signals that were ignored when the suite was started, under nohup or behind `&`."""
    for number in (signal.SIGHUP, signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)


def for_everybody(case, program):
    """A copy of a program that every user can run, which the folder it was built in may not let them; gone after the case."""
    folder = tempfile.TemporaryDirectory()
    case.addCleanup(folder.cleanup)
    path = pathlib.Path(folder.name)
    path.chmod(0o755)
    return str(shutil.copy(program, path))
