#!/usr/bin/env python3
"""Keeps the program compiling on macOS, as far as that shows on Linux.

What differs between systems is in few files, each listed here with what differs. Everything else that a Mac compiles is
free of names that only Linux has; and the scripts that build run with the bash and the tools that macOS brings.
"""

import pathlib
import re
import subprocess
import sys

# The files with conditional code, and what differs.
PLACES = {
    "Sources/CFiles/CFiles.c": "unnamed files, exchanging renames, flushing, extended attributes, processors",
    "Sources/CGlibcFloor/GlibcFloor.c": "what glibc's versions need; on other systems it is empty",
    "Sources/KubernetesAPI/Transport/CurlHandle.swift": "the name of libcurl's file",
    "Sources/LibC/LibC.swift": "the name of the C library's module",
    "Sources/Platform/CoreDump.swift": "the type of a resource's number",
    "Sources/Platform/Environment.swift": "the names of the system and the processor",
    "Sources/Platform/FileStatus.swift": "the names of a file's times",
    "Sources/Platform/Subprocess.swift": "the types of posix_spawn's arguments",
}
# Programs that run in pods, which macOS never compiles.
IN_PODS = "Sources/vaultinjector-env/"
# Each condition there is, and whether it holds on a Mac; None where it may.
ON_A_MAC = {
    "canImport(Darwin)": True, "canImport(Musl)": False, "canImport(Glibc)": False, "os(macOS)": True,
    "os(Linux)": False, "arch(arm64)": None, "arch(x86_64)": None, "__APPLE__": True, "__linux__": False, "__GLIBC__": False,
    "O_TMPFILE": False, "RENAME_EXCHANGE": False, "SYNC_FILE_RANGE_WRITE": False, "CPU_COUNT": False,
}
DIRECTIVE = re.compile(r"^\s*#\s*(ifdef|ifndef|if|elseif|elif|else|endif)\b\s*(.*?)\s*(?://.*|/\*.*)?$")
GUARD = re.compile(r"\w+_H$")
LINUX_ONLY = re.compile(
    r"""\b(?:epoll_\w+|eventfd|signalfd|timerfd_\w+|inotify_\w+|prctl|memfd_create|pipe2|accept4|dup3|ppoll
    |sync_file_range|syncfs|fdatasync|renameat2|statx|posix_fadvise|fallocate|mremap|getrandom|gettid|execvpe|clearenv
    |secure_getenv|strchrnul|memrchr|mempcpy|program_invocation_\w+|sched_(?:get|set)affinity|CPU_COUNT|CPU_SET
    |cpu_set_t|O_TMPFILE|O_PATH|O_DIRECT|SOCK_CLOEXEC|SOCK_NONBLOCK|MSG_NOSIGNAL|CLOCK_BOOTTIME|RENAME_\w+HANGE|st_[amc]tim
    |__rlimit_resource_t|RLIMIT_NICE|SO_PEERCRED|POLLRDHUP)\b
    |"/proc/self
    |\#include\s*<(?:linux/.*|features\.h|sys/(?:epoll|eventfd|inotify|prctl|sendfile|signalfd|syscall|timerfd)\.h)>""",
    re.X)
SCRIPTS = ("plugin/install.sh", "plugin/package.sh", "plugin/release.sh", ".ci/setup.sh")
# Of a newer bash than 3.2, and of GNU's tools.
NEWER = re.compile(r"\b(?:mapfile|readarray|coproc|declare -A|local -n|wait -n)\b|\$\{\w+(?:,|\^|@)|\bsed -i|\bdate -d"
                   r"|\bstat -c|\bgrep -\w*P|\bcp -a|\breadlink -f|\|&")


def seen_by_a_mac(lines):
    """Each line with its number, whether a Mac compiles it, and the condition of a directive that nobody knows."""
    held = []   # of each #if that is open: whether its branch holds, and whether one before it did
    for number, line in enumerate(lines, 1):
        match = DIRECTIVE.match(line)
        if not match:
            yield number, line, all(branch is not False for branch, _ in held), None
            continue
        word, condition = match[1], re.sub(r"^defined\((\w+)\)$", r"\1", match[2])
        if word == "endif":
            held.pop()
        elif word == "else":
            _, taken = held.pop()
            held.append((None if taken is None else not taken, True))
        else:
            holds = None if GUARD.match(condition) else ON_A_MAC.get(condition, condition)
            unknown = condition if isinstance(holds, str) else None
            holds = None if unknown else not holds if word == "ifndef" and holds is not None else holds
            taken = held.pop()[1] if word in ("elif", "elseif") else False
            held.append((False if taken is True else holds, True if taken is True or holds is True else
                         None if taken is None or holds is None else False))
            if unknown or not GUARD.match(condition):
                yield number, None, True, unknown
                continue
        yield number, "", True, None


def conditional(path):
    return any(line is None for _, line, _, _ in seen_by_a_mac(path.read_text(encoding="utf-8").splitlines()))


def findings_of_source(path):
    listed = str(path) in PLACES
    for number, line, compiled, unknown in seen_by_a_mac(path.read_text(encoding="utf-8").splitlines()):
        place = f"{path}:{number}"
        if unknown:
            yield f"{place}: Tests/Style/systems.py does not say what `{unknown}` is on a Mac"
        elif line is None and not listed:
            yield f"{place}: conditional code is in the files that Tests/Style/systems.py lists"
        elif line and compiled:
            for match in LINUX_ONLY.finditer(line.partition("//")[0]):
                yield f"{place}: macOS has no {match[0].strip()}"
    if listed and not conditional(path):
        yield f"{path}: Tests/Style/systems.py lists it, and there is no conditional code in it"


def findings():
    listing = ["git", "ls-files", "-co", "--exclude-standard", "Sources"]
    for name in subprocess.run(listing, capture_output=True, text=True, check=True).stdout.splitlines():
        path = pathlib.Path(name)
        if path.suffix in (".swift", ".c", ".h") and not name.startswith(IN_PODS) and path.exists():
            yield from findings_of_source(path)
    for path in filter(pathlib.Path.exists, map(pathlib.Path, SCRIPTS)):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if match := NEWER.search(re.sub(r"(^|\s)#.*", "", line)):
                yield f"{path}:{number}: macOS's bash and tools have no `{match[0]}`"


def main():
    found = list(findings())
    print("\n".join(found) if found else "systems differ where they may")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
