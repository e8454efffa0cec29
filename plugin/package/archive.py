"""The archive: the program and its licence, as krew and Homebrew want it."""

import gzip
import io
import tarfile

from release import NAME


def member(name, data, mode, epoch):
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode, entry.mtime = len(data), mode, epoch
    return entry, io.BytesIO(data)


def make(release):
    path = release.folder / f"{NAME}_v{release.version}_{release.system}_{release.processor}.tar.gz"
    files = [(NAME, release.program, 0o755)]
    if release.license:
        files.insert(0, ("LICENSE", release.license, 0o644))
    # The stream's header holds neither a name nor the hour.
    with path.open("wb") as file, gzip.GzipFile("", "wb", 9, file, mtime=0) as stream:
        with tarfile.open(fileobj=stream, mode="w", format=tarfile.USTAR_FORMAT) as archive:
            for name, source, mode in files:
                archive.addfile(*member(name, source.read_bytes(), mode, release.epoch))
    return path
