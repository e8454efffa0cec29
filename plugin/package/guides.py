"""The guides that packages install, and their links.

They lie in the documents' folder as in the repository, with what a reader without a clone can use of what they link to.
Their other links lead to the repository where its address is known, and are plain text where it is not.
"""

import os
import re

from release import ROOT

INSTALLED = (
    "README.md", "examples/**/*", "plugin/README.md", "plugin/CHANGELOG.md", "plugin/media/*", "plugin/webhooks/*",
    "plugin/argocd/*", "plugin/github/action.yml", "plugin/gitlab/*", "plugin/helm/*", "plugin/kustomize/*",
    "plugin/tekton/*", "Sources/VaultInjectCLI/README.md", "Sources/Injection/README.md", "Sources/Cluster/README.md",
)
LINK = re.compile(r"(!?)\[([^\]]*)\]\((?!https?:)([^)#\s]+)(#[^)\s]*)?\)")


def with_links(release, path, installed=()):
    """A page, with its links as they have to be where these files are."""
    places = {place for each in installed for place in (each, *parents(each))}

    def link(match):
        image, text, target, heading = match.groups()
        place = os.path.normpath(os.path.join(os.path.dirname(path), target))
        if place in places:
            return match[0]
        if not release.homepage:
            return "" if image else text
        # As GitHub has it: an image as it is, all else on a page of its own.
        kind = "raw" if image else "blob"
        return f"{image}[{text}]({release.homepage}/{kind}/v{release.version}/{place}{heading or ''})"

    return LINK.sub(link, (ROOT / path).read_text(encoding="utf-8"))


def parents(path):
    while path := os.path.dirname(path):
        yield path


def contents(release):
    """Each file that is installed: its path, its bytes and its mode."""
    found = {str(path.relative_to(ROOT)) for pattern in INSTALLED for path in ROOT.glob(pattern) if path.is_file()}
    for name in sorted(found):
        path = ROOT / name
        data = with_links(release, name, found).encode() if path.suffix == ".md" else path.read_bytes()
        yield name, data, 0o755 if path.stat().st_mode & 0o100 else 0o644
