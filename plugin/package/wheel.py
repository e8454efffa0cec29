"""The wheel: the program for pip, uv, pipx and pre-commit, which need no Swift for it."""

import base64
import hashlib
import time
import zipfile

import guides
from release import GLIBC, LICENSE, LINKS, NAME, SUMMARY

MODULE = NAME.replace("-", "_")
MACHINES = {"amd64": "x86_64", "arm64": "aarch64"}
# The program is installed as it is; its other names start it with their own name, which it tells its tasks by. A wheel
# holds no links.
LAUNCHER = f'''\
"""Starts kubectl-vault-inject."""

import os
import sys
import sysconfig

NAME = "{NAME}"


def program():
    """Where the program was installed with this module."""
    folders = [os.path.dirname(os.path.realpath(sys.argv[0])), os.path.dirname(sys.executable),
               sysconfig.get_path("scripts"), sysconfig.get_path("scripts", f"{{os.name}}_user"),
               os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "bin")]
    for folder in folders:
        path = os.path.join(folder, NAME)
        if os.access(path, os.X_OK):
            return path
    sys.exit(f"{{NAME}} is in none of the folders {{', '.join(folders)}}")


def main():
    os.execv(program(), sys.argv)
'''
MAIN = """\
import sys

from . import NAME, main

sys.argv[0] = NAME
main()
"""


def tag(release):
    if release.system == "darwin":
        machine = "x86_64" if release.processor == "amd64" else "arm64"
        return f"py3-none-macosx_15_0_{machine}"
    return f"py3-none-manylinux_{GLIBC.replace('.', '_')}_{MACHINES[release.processor]}"


def metadata(release):
    lines = ["Metadata-Version: 2.4", f"Name: {NAME}", f"Version: {release.version}", f"Summary: {SUMMARY}",
             "Requires-Python: >=3.8", "Description-Content-Type: text/markdown"]
    if release.homepage:
        lines.append(f"Project-URL: Homepage, {release.homepage}")
    if release.license:
        lines += [f"License-Expression: {LICENSE}"] if LICENSE != "NOASSERTION" else []
        lines.append("License-File: LICENSE")
    # What an index shows of it. A wheel installs no guides.
    return "\n".join([*lines, "", guides.with_links(release, "README.md")])


def contents(release):
    """Each file of the wheel: its path, its bytes and its mode."""
    information = f"{MODULE}-{release.version}.dist-info"
    yield f"{MODULE}/__init__.py", LAUNCHER.encode(), 0o644
    yield f"{MODULE}/__main__.py", MAIN.encode(), 0o644
    yield f"{MODULE}-{release.version}.data/scripts/{NAME}", release.program.read_bytes(), 0o755
    entries = "".join(f"{name} = {MODULE}:main\n" for name in LINKS)
    yield f"{information}/entry_points.txt", f"[console_scripts]\n{entries}".encode(), 0o644
    yield f"{information}/METADATA", metadata(release).encode(), 0o644
    yield (f"{information}/WHEEL",
           f"Wheel-Version: 1.0\nGenerator: {NAME}\nRoot-Is-Purelib: false\nTag: {tag(release)}\n".encode(), 0o644)
    if release.license:
        yield f"{information}/licenses/LICENSE", release.license.read_bytes(), 0o644


def record(files):
    """The list of all files with their hashes, which ends with itself."""
    for path, data, _ in files:
        digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
        yield f"{path},sha256={digest},{len(data)}\n"


def make(release):
    files = list(contents(release))
    listed = f"{MODULE}-{release.version}.dist-info/RECORD"
    files.append((listed, ("".join(record(files)) + f"{listed},,\n").encode(), 0o644))
    path = release.folder / f"{MODULE}-{release.version}-{tag(release)}.whl"
    moment = time.gmtime(max(release.epoch, 315532800))[:6]   # an archive of this kind knows no time before 1980
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, data, mode in files:
            entry = zipfile.ZipInfo(name, moment)
            entry.compress_type, entry.create_system = zipfile.ZIP_DEFLATED, 3
            entry.external_attr = (0o100000 | mode) << 16
            archive.writestr(entry, data)
    return path
