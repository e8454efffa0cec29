"""The manifest of krew's index, for all archives of this version in the folder."""

import re

from release import NAME, PLUGIN
from sums import sha256

TEMPLATE = PLUGIN / "krew/vault-inject.yaml"


def make(release):
    path = release.folder / TEMPLATE.name
    text = re.sub(r"(?m)^  version: .*$", f"  version: v{release.version}", TEMPLATE.read_text())
    if release.homepage:
        text += f"  homepage: {release.homepage}\n"
    text += "  platforms:\n"
    for archive, system, processor in release.archives():
        text += f"""\
    - selector:
        matchLabels:
          os: {system}
          arch: {processor}
      uri: {release.url}/{archive.name}
      sha256: {sha256(archive)}
      bin: {NAME}
"""
    path.write_text(text)
    return path
