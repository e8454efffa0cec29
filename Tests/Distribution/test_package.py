"""plugin/package.sh itself: what it makes, that it makes the same again, and what it says where it cannot."""

import json
import re
import shutil
import subprocess
import sys

from case import HOMEPAGE, LINKS, PACKAGE, URL, Case, all_kinds, artefact, made, needs_module, program
from harness.case import needs
from harness.places import ROOT


class Package(Case):
    def package(self, *words, **options):
        return self.run_program(*PACKAGE, *words, **options)

    def test_two_runs_give_the_same_bytes(self):
        first, run = made()
        again = self.folder / "again"
        # Another hour, another umask, another folder and another order of files.
        umask = ["bash", "-c", 'umask 077 && exec "$@"', "bash"]
        self.check_program(*umask, *PACKAGE, *all_kinds(), "--program", program(), again, URL, HOMEPAGE)
        names = sorted(path.name for path in first.iterdir())
        self.assertEqual(sorted(path.name for path in again.iterdir()), names)
        self.assertEqual([name for name in names if (first / name).read_bytes() != (again / name).read_bytes()], [])
        self.assertEqual(sorted(path.rpartition("/")[2] for path in run.out.splitlines()), names)

    def test_the_sums_are_those_of_all_files(self):
        folder, _ = made()
        listed = self.check_program("sha256sum", "--check", "SHA256SUMS", cwd=folder)
        self.assertEqual({line.partition(": ")[0] for line in listed.splitlines()},
                         {path.name for path in folder.iterdir()} - {"SHA256SUMS"})

    def test_what_is_of_another_release_has_no_sum(self):
        for name in ("inject_v0.1.9_linux_amd64.tar.gz", "inject_0.2.0_arm64.deb"):
            self.write(f"out/kubectl-vault-{name}", name)
        self.write("out/notes.txt", "of 0.2.0")
        self.check_program(*PACKAGE, "--only", "sums", "out")
        listed = (self.folder / "out/SHA256SUMS").read_text().split()
        self.assertEqual(listed[1::2], ["kubectl-vault-inject_0.2.0_arm64.deb"])

    def test_the_names_are_those_that_installing_from_source_gives(self):
        installed = re.search(r"for name in (.+); do", (ROOT / "plugin/install.sh").read_text())[1]
        told = subprocess.run(
            [sys.executable, "-B", "-c", "import release; print(*release.LINKS)"], cwd=ROOT / "plugin/package",
            capture_output=True, text=True, check=True).stdout
        self.assertEqual((set(installed.split()), set(told.split())), (LINKS, LINKS))

    def test_what_cannot_be_made_is_an_error_that_says_why(self):
        tools = self.folder / "tools"
        tools.mkdir()
        for name in ("bash", "dirname", "python3", "git"):
            (tools / name).symlink_to(shutil.which(name) if name != "python3" else sys.executable)
        for words, environment, message in (
                (["--only", "snap", "out"], {},
                 "there is no kind snap; there are archive, deb, rpm, wheel, sbom, krew, homebrew, sums"),
                (["--only", "krew", "out"], {}, "krew needs the URL of the archives"),
                (["--only", "archive,deb,rpm", "out"], {"PATH": str(tools)},
                 "missing: dpkg-deb (package dpkg, for deb), rpmbuild (package rpm, for rpm); install it, or choose "
                 "kinds with --only"),
                (["--only", "archive", "--program", self.old_program(), "out"], {},
                 "is version 0.1.0, and the sources are 0.2.0")):
            run = self.package(*words, env=environment)
            self.demand(run, 69, f"{message}\n")
            self.assertEqual(run.out, "")

    def old_program(self):
        return self.write("old", "#!/bin/sh\necho kubectl-vault-inject 0.1.0\n", 0o755)

    @needs("dpkg-deb", "rpmbuild", "pkg-config")
    def test_kinds_that_are_left_out_unasked_are_told(self):
        fake = self.write("program", '#!/bin/sh\n[ "$1" != version ] || echo kubectl-vault-inject 0.2.0\n', 0o755)
        run = self.package("--program", fake, "out", env={"SOURCE_DATE_EPOCH": "86400"})
        self.assertEqual(run.code, 0, run)
        for name in ("krew", "homebrew"):
            self.assertIn(f"note: {name} needs the URL of the archives, and is left out\n", run.err)
        self.assertIn("1970-01-02T00:00:00Z", next((self.folder / "out").glob("*.spdx.json")).read_text())

    @needs("pkg-config", "swift")
    @needs_module("spdx_tools")
    def test_the_bill_of_materials_is_one_of_spdx_and_tells_what_is_linked(self):
        path = artefact("*.spdx.json")
        self.check_program(sys.executable, "-c", VALIDATE, path)
        document = json.loads(path.read_text())
        versions = {each["name"]: each["versionInfo"] for each in document["packages"]}
        pins = {pin["identity"]: pin["state"]["version"]
                for pin in json.loads((ROOT / "Package.resolved").read_text())["pins"]}
        yaml = self.check_program("pkg-config", "--modversion", "yaml-0.1").strip()
        told = re.search(r"Swift version (\S+)", self.check_program("swift", "--version"))[1]
        self.assertEqual(versions.pop("kubectl-vault-inject"), "0.2.0")
        wanted = {"swift-argument-parser": pins["swift-argument-parser"], "libyaml": yaml, "swift-runtime": told}
        self.assertLessEqual(wanted.items(), versions.items())
        shared = self.check_program("ldd", program())
        self.assertNotEqual("libstdc++" in versions, "libstdc++" in shared)
        digest = self.check_program("sha256sum", program()).split()[0]
        self.assertEqual(document["packages"][0]["checksums"], [{"algorithm": "SHA256", "checksumValue": digest}])

    @needs_module("spdx_tools")
    def test_a_wrong_bill_of_materials_is_found(self):
        path = self.write("wrong.spdx.json", artefact("*.spdx.json").read_text().replace('"STATIC_LINK"', '"GLUED_TO"'))
        self.assertEqual(self.run_program(sys.executable, "-c", VALIDATE, path).code, 1)


VALIDATE = """\
import sys
from spdx_tools.spdx.parser.parse_anything import parse_file
from spdx_tools.spdx.validation.document_validator import validate_full_spdx_document
found = validate_full_spdx_document(parse_file(sys.argv[1]), "SPDX-2.3")
sys.exit("\\n".join(each.validation_message for each in found) or 0)
"""
