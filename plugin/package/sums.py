"""The sums: SHA-256 of each file, and the list of all."""

import hashlib

from release import NAME

LIST = "SHA256SUMS"


def sha256(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def is_of(release, path):
    """Whether a file of the folder belongs to this version."""
    told = path.name.lower().replace("_", "-")
    return path.is_file() and told.startswith(NAME) and release.version in told or path.name in UNNUMBERED


# The files whose names tell no version.
UNNUMBERED = ("vault-inject.yaml", f"{NAME}.rb")


def make(release):
    """For `sha256sum --check`."""
    path = release.folder / LIST
    files = [each for each in sorted(release.folder.iterdir()) if is_of(release, each)]
    path.write_text("".join(f"{sha256(each)}  {each.name}\n" for each in files))
    return path
