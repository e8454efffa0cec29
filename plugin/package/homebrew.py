"""Homebrew's formula, for all archives of this version in the folder."""

from release import LICENSE, LINKS, NAME, SUMMARY
from sums import sha256

SYSTEMS = {"darwin": "on_macos", "linux": "on_linux"}
PROCESSORS = {"arm64": "on_arm", "amd64": "on_intel"}


def places(release):
    """Where each archive is, in the blocks of its system and processor."""
    for system, on_system in SYSTEMS.items():
        found = [(archive, processor) for archive, made_for, processor in release.archives() if made_for == system]
        if not found:
            continue
        yield f"  {on_system} do"
        for archive, processor in found:
            yield f"    {PROCESSORS[processor]} do"
            yield f'      url "{release.url}/{archive.name}"'
            yield f'      sha256 "{sha256(archive)}"'
            yield "    end"
        yield "  end\n"


def make(release):
    path = release.folder / f"{NAME}.rb"
    homepage = f'  homepage "{release.homepage}"\n' if release.homepage else ""
    licence = f'  license "{LICENSE}"\n' if LICENSE != "NOASSERTION" else ""
    links = "\n".join(f'    bin.install_symlink "{NAME}" => "{name}"' for name in LINKS)
    newline = "\n"
    path.write_text(f"""\
class KubectlVaultInject < Formula
  desc "{SUMMARY}"
{homepage}  version "{release.version}"
{licence}
{newline.join(places(release))}
  def install
    bin.install "{NAME}"
{links}
    generate_completions_from_executable(bin/"{NAME}", "completion")
  end

  test do
    assert_match version.to_s, shell_output("#{{bin}}/{NAME} version")
  end
end
""")
    return path
