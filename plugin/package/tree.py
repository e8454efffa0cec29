"""What a package of a Linux distribution installs, laid out in a folder."""

import os
from dataclasses import dataclass
from pathlib import Path

import guides
from release import LINKS, NAME, output

# Where shells look for the completions of programs that packages bring; for zsh it depends on the distribution.
COMPLETIONS = {
    "bash": f"usr/share/bash-completion/completions/{NAME}",
    "fish": f"usr/share/fish/vendor_completions.d/{NAME}.fish",
}
DOCUMENTS = f"usr/share/doc/{NAME}"


@dataclass(frozen=True)
class Distribution:
    """Where a family of distributions has what the others have elsewhere."""

    zsh_completions: str
    licence: str


DEBIAN = Distribution("usr/share/zsh/vendor-completions", f"{DOCUMENTS}/copyright")
RED_HAT = Distribution("usr/share/zsh/site-functions", f"usr/share/licenses/{NAME}/LICENSE")


def contents(release, distribution):
    """Each file that is installed: its path, its bytes and its mode."""
    yield f"usr/bin/{NAME}", release.program.read_bytes(), 0o755
    for shell, path in {**COMPLETIONS, "zsh": f"{distribution.zsh_completions}/_{NAME}"}.items():
        yield path, (output(release.program, "completion", shell) + "\n").encode(), 0o644
    for path, data, mode in guides.contents(release):
        yield f"{DOCUMENTS}/{path}", data, mode
    if release.license:
        yield distribution.licence, release.license.read_bytes(), 0o644


def lay_out(release, folder, distribution):
    """Writes all files into the folder, and gives their paths in it."""
    paths = []
    for path, data, mode in contents(release, distribution):
        write(folder / path, data, mode)
        paths.append(path)
    for name in LINKS:
        (folder / "usr/bin" / name).symlink_to(NAME)
        paths.append(f"usr/bin/{name}")
    return sorted(paths)


def write(path, data, mode=0o644):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    path.chmod(mode)


def settle(folder, epoch):
    """Gives all that is in the folder one time, and folders their mode, whoever's umask it was."""
    for parent, folders, files in os.walk(folder):
        os.chmod(parent, 0o755)
        for name in (*folders, *files):
            os.utime(Path(parent, name), (epoch, epoch), follow_symlinks=False)
    os.utime(folder, (epoch, epoch))
