"""The package for Fedora, RHEL, SUSE and what is made of them."""

import tempfile
from pathlib import Path

import tree
from release import DESCRIPTION, GLIBC, LICENSE, NAME, SUMMARY, output

MACHINES = {"amd64": "x86_64", "arm64": "aarch64"}
# Nothing of the machine that builds, and nothing done to the program, which is as it should be.
MACROS = {
    "_buildhost": "localhost",
    "use_source_date_epoch_as_buildtime": "1",
    "clamp_mtime_to_source_date_epoch": "1",
    "source_date_epoch_from_changelog": "0",
    "__os_install_post": "%{nil}",
    "debug_package": "%{nil}",
    "_build_id_links": "none",
    "_binary_payload": "w10.zstdio",
    "_source_filedigest_algorithm": "8",
    "_binary_filedigest_algorithm": "8",
}


def spec(release, root, paths):
    homepage = f"URL: {release.homepage}\n" if release.homepage else ""
    files = "".join(f"/{name}\n" for name in paths if not name.startswith(tree.DOCUMENTS))
    return f"""\
Name: {NAME}
Version: {release.version}
Release: 1
Summary: {SUMMARY}
License: {LICENSE}
{homepage}AutoReqProv: no
Requires: libc.so.6(GLIBC_{GLIBC})(64bit)
Requires: libgcc_s.so.1()(64bit)
Recommends: libcurl.so.4()(64bit)

%description
{DESCRIPTION}

%install
cp -a {root}/. %{{buildroot}}/

%files
%doc /{tree.DOCUMENTS}
{files}"""


def make(release):
    machine = MACHINES[release.processor]
    path = release.folder / f"{NAME}-{release.version}-1.{machine}.rpm"
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        paths = tree.lay_out(release, folder / "root", tree.RED_HAT)
        tree.settle(folder / "root", release.epoch)
        (folder / "package.spec").write_text(spec(release, folder / "root", paths))
        defined = [word for name, value in MACROS.items() for word in ("--define", f"{name} {value}")]
        output("rpmbuild", "-bb", "--quiet", "--target", f"{machine}-linux", *defined,
               "--define", f"_topdir {folder}/build", "--define", f"_rpmdir {folder}/made",
               folder / "package.spec", env=release.environment)
        made, = (folder / "made").rglob("*.rpm")
        path.write_bytes(made.read_bytes())
    return path
