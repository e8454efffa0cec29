"""The package for Debian, Ubuntu and what is made of them."""

import hashlib
import os
import tempfile
from pathlib import Path

import tree
from release import DESCRIPTION, GLIBC, NAME, SUMMARY, output


def control(release, size):
    """The package's own fields; Maintainer is whoever VAULT_INJECT_MAINTAINER names, as `Name <address>`."""
    fields = {
        "Package": NAME,
        "Version": release.version,
        "Architecture": release.processor,
        "Maintainer": os.environ.get("VAULT_INJECT_MAINTAINER", f"The developers of {NAME}"),
        "Installed-Size": size,
        "Depends": f"libc6 (>= {GLIBC}), libgcc-s1",
        # Opened when a URL is read or a cluster is asked.
        "Recommends": "libcurl4t64 | libcurl4, ca-certificates",
        "Section": "admin",
        "Priority": "optional",
        **({"Homepage": release.homepage} if release.homepage else {}),
        "Description": "\n ".join([SUMMARY, *DESCRIPTION.splitlines()]),
    }
    return "".join(f"{name}: {value}\n" for name, value in fields.items())


def make(release):
    path = release.folder / f"{NAME}_{release.version}_{release.processor}.deb"
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary, "root")
        paths = tree.lay_out(release, folder, tree.DEBIAN)
        files = [name for name in paths if not (folder / name).is_symlink()]
        sums = (f"{hashlib.md5((folder / name).read_bytes()).hexdigest()}  {name}\n" for name in files)
        size = sum(-(-(folder / name).stat().st_size // 1024) for name in files)
        tree.write(folder / "DEBIAN/md5sums", "".join(sums).encode())
        tree.write(folder / "DEBIAN/control", control(release, size).encode())
        tree.settle(folder, release.epoch)
        output("dpkg-deb", "--root-owner-group", "--uniform-compression", "-Zxz", "-z9", "--build", folder, path,
               env=release.environment)
    return path
