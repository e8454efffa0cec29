"""What packages show of the guides: every link of theirs leads somewhere."""

import email
import importlib.util
import re
import zipfile

from case import HOMEPAGE, NAME, PACKAGE, Case, artefact, needs_linux
from harness.case import needs
from harness.places import ROOT, TESTS

# What finds dead links in the repository.
_found = importlib.util.spec_from_file_location("links", TESTS / "Style/links.py")
links = importlib.util.module_from_spec(_found)
_found.loader.exec_module(links)
DOCUMENTS = f"usr/share/doc/{NAME}"
ABROAD = f"{HOMEPAGE}/blob/v0.2.0/"
IMAGE = f"{HOMEPAGE}/raw/v0.2.0/plugin/media/inject.svg"


class Documents(Case):
    def demand_links(self, folder):
        """The pages of the folder link to what is in it, and to what is in the repository."""
        pages = sorted(folder.rglob("*.md"))
        self.assertIn(folder / "README.md", pages)
        self.assertIn(folder / "plugin/CHANGELOG.md", pages)
        for page in pages:
            text = page.read_text()
            for target, anchor in links.LINK.findall(text):
                self.assertIsNone(links.fault(page, target, anchor), page.relative_to(folder))
            self.demand_abroad(text)
        return pages

    def demand_abroad(self, text):
        """What is linked to in the repository is there."""
        for place in re.findall(rf"\({re.escape(HOMEPAGE)}/(?:blob|raw)/v0\.2\.0/([^)#]+)", text):
            self.assertTrue((ROOT / place).exists(), place)

    @needs_linux
    @needs("dpkg-deb")
    def test_of_the_package_for_debian(self):
        self.check_program("dpkg-deb", "--extract", artefact("*.deb"), "root")
        self.demand_links(self.folder / "root" / DOCUMENTS)
        # What guides have readers start, starts.
        self.assertTrue((self.folder / "root" / DOCUMENTS / "plugin/helm/vault-inject-post-renderer").stat().st_mode & 1)

    @needs_linux
    @needs("dpkg-deb")
    def test_without_an_address_of_the_repository(self):
        fake = self.write("program", '#!/bin/sh\n[ "$1" != version ] || echo kubectl-vault-inject 0.2.0\n', 0o755)
        self.check_program(*PACKAGE, "--only", "deb,wheel", "--program", fake, "out")
        package, = (self.folder / "out").glob("*.deb")
        self.check_program("dpkg-deb", "--extract", package, "root")
        pages = self.demand_links(self.folder / "root" / DOCUMENTS)
        self.assertFalse([page for page in pages if "/blob/" in page.read_text()])
        wheel, = (self.folder / "out").glob("*.whl")
        self.assertEqual(links.LINK.findall(self.description(wheel)), [])

    @needs_linux
    @needs("rpm")
    def test_of_the_package_for_red_hat(self):
        root = self.folder / "root"
        root.mkdir()
        self.check_program("rpm", "--root", root, "--initdb")
        self.check_program("rpm", "--root", root, "--install", "--nodeps", artefact("*.rpm"))
        self.demand_links(root / DOCUMENTS)
        listed = self.check_program("rpm", "--root", root, "--query", "--docfiles", NAME).split()
        self.assertIn(f"/{DOCUMENTS}/README.md", listed)
        self.check_program("rpm", "--root", root, "--erase", NAME)
        self.assertFalse((root / DOCUMENTS).exists())

    def description(self, wheel):
        with zipfile.ZipFile(wheel) as files:
            name, = (each for each in files.namelist() if each.endswith("/METADATA"))
            text = files.read(name).decode()
        # The body as an index reads it: all behind the first empty line.
        self.assertEqual(email.message_from_string(text)["Description-Content-Type"], "text/markdown")
        return text.partition("\n\n")[2]

    def test_of_the_wheel(self):
        text = self.description(artefact("*.whl"))
        self.assertEqual(links.LINK.findall(text), [])
        self.assertIn(f"({IMAGE})", text)
        self.assertIn(f"({ABROAD}plugin/README.md#files-of-a-release)", text)
        self.demand_abroad(text)
