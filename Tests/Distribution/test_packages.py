"""The packages of Linux distributions, installed in roots of their own."""

import functools
import subprocess

from case import LINKS, Case, artefact, c_library, needs_linux
from harness.case import needs


@needs_linux
@needs("dpkg-deb")
class Debian(Case):
    def test_it_is_installed_in_a_small_debian_and_removed_without_a_trace(self):
        root, package = self.root(), artefact("*.deb")
        before = self.files(root)
        (root / "tmp" / package.name).write_bytes(package.read_bytes())
        self.succeeded(self.in_root(root, "dpkg", "-i", f"/tmp/{package.name}"))
        self.demand_program(functools.partial(self.in_root, root))
        self.assertEqual(self.succeeded(self.in_root(root, "dpkg", "--verify", "kubectl-vault-inject")), "")
        self.succeeded(self.in_root(root, "dpkg", "-r", "kubectl-vault-inject"))
        (root / "tmp" / package.name).unlink()
        self.assertEqual(self.files(root), before)

    def files(self, root):
        listed = subprocess.run(["find", "usr", "etc", "opt", "tmp", "-not", "-name", "ld.so.cache*"], cwd=root,
                                capture_output=True, text=True, check=True)
        return sorted(listed.stdout.splitlines())

    def test_what_it_says_of_itself(self):
        package = artefact("*.deb")
        fields = dict(line.split(": ", 1) for line in self.check_program("dpkg-deb", "--field", package).splitlines()
                      if not line.startswith(" "))
        self.assertEqual(fields["Version"], "0.2.0")
        self.assertEqual(fields["Depends"], "libc6 (>= 2.34), libgcc-s1")
        self.assertIn("libcurl4", fields["Recommends"])
        listed = [line.split(None, 5) for line in self.check_program("dpkg-deb", "--contents", package).splitlines()]
        self.assertEqual({line[1] for line in listed}, {"root/root"})
        self.assertEqual({line[0] for line in listed}, {"drwxr-xr-x", "-rwxr-xr-x", "-rw-r--r--", "lrwxrwxrwx"})
        self.assertEqual({line[5].split(" -> ")[0].rpartition("/")[2] for line in listed if line[0][0] == "l"}, LINKS)


@needs_linux
@needs("rpm", "bwrap")
class RedHat(Case):
    def test_it_is_installed_in_an_empty_root(self):
        root = self.folder / "root"
        root.mkdir()
        # What it needs is there as files, which this root's own database knows nothing of.
        self.check_program("rpm", "--root", root, "--initdb")
        self.check_program("rpm", "--root", root, "--install", "--nodeps", artefact("*.rpm"))
        for library in c_library():
            target = root / library[1:]
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(open(library, "rb").read())
            target.chmod(0o755)
        for name in ("tmp", "proc", "dev"):
            (root / name).mkdir(exist_ok=True)
        self.demand_program(functools.partial(self.alone, root))
        self.assertEqual(self.check_program("rpm", "--root", root, "--verify", "--nodeps", "kubectl-vault-inject"), "")
        self.check_program("rpm", "--root", root, "--erase", "kubectl-vault-inject")
        self.assertFalse((root / "usr/bin/kubectl-vault-inject").exists())

    def test_what_it_says_of_itself(self):
        def asked(*words):
            return self.check_program("rpm", "--query", "--package", *words, artefact("*.rpm")).splitlines()
        self.assertEqual(asked("--queryformat", "%{VERSION}-%{RELEASE} %{BUILDHOST}"), ["0.2.0-1 localhost"])
        self.assertLessEqual({"libc.so.6(GLIBC_2.34)(64bit)", "libgcc_s.so.1()(64bit)"}, set(asked("--requires")))
        self.assertEqual(asked("--recommends"), ["libcurl.so.4()(64bit)"])
        self.assertLessEqual({f"/usr/bin/{name}" for name in LINKS}, set(asked("--list")))
        owners = asked("--queryformat", "[%{FILEUSERNAME}:%{FILEGROUPNAME}\n]")
        self.assertEqual(set(owners), {"root:root"})
