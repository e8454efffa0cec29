"""A JSON file that may be written while the server runs."""

import json
import os
from pathlib import Path


class WatchedFile:
    """The value of a file, read again whenever the file is another one or was written again."""

    def __init__(self, path, default):
        self.path = Path(path)
        self.default, self.version, self.kept = default, None, default
        if not self.path.exists():
            self.write(default)

    @property
    def value(self):
        self.refresh()
        return self.kept

    def refresh(self):
        """True where the file has changed since it was last read."""
        try:
            found = os.stat(self.path)
        except FileNotFoundError:
            version = None
        else:
            version = (found.st_ino, found.st_mtime_ns, found.st_size)
        if version == self.version:
            return False
        if version is None:
            self.kept = self.default
        else:
            try:
                self.kept = json.loads(self.path.read_text())
            except json.JSONDecodeError:
                return False  # being written: the next request sees all of it
        self.version = version
        return True

    def write(self, value):
        partial = self.path.with_suffix(".partial")
        partial.write_text(json.dumps(value, indent=1))
        os.replace(partial, self.path)
