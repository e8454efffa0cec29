"""What the tests have in common: a folder, the program under the names it is installed under, and its manifests."""

import functools
import os

from harness import case, processes
from harness.places import BUILD, EXAMPLES, PLUGIN_NAMES, ROOT, install_links

WORK = BUILD / "integrations"
EXAMPLE = (EXAMPLES / "deployment.yaml").read_text()


class Case(case.Case):
    def setUp(self):
        super().setUp()
        self.bin = self.folder / ".bin"
        install_links(self.bin, (*PLUGIN_NAMES, "kubectl_complete-vault_inject"))
        self.environment |= {"PATH": f"{self.bin}:{self.environment['PATH']}", "TERM": "xterm"}


@functools.cache
def release():
    """The folder a release was installed in by plugin/install.sh, once for all tests."""
    folder = WORK / "bin"
    run = processes.run(["bash", ROOT / "plugin/install.sh", folder], None)
    if run.code:
        raise AssertionError(f"plugin/install.sh failed:\n{run}")
    return folder


class ReleaseCase(Case):
    """A case whose PATH begins with an installed release."""

    def setUp(self):
        super().setUp()
        self.environment["PATH"] = f"{release()}:{os.environ['PATH']}"
