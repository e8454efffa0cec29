"""The wheel, as pip, uv, pipx and pre-commit install it; none of them reaches an index for it."""

import base64
import csv
import functools
import hashlib
import io
import json
import os
import shutil
import subprocess
import sys
import time
import unittest
import zipfile

from case import EXAMPLE, LINKS, NAME, TOOLS, WORK, Case, artefact, made, needs_module
from harness.case import needs
from harness.hooks import HOOKS, IDENTITY, PRE_COMMIT, git, make_repository
from harness.places import ROOT


def index():
    """A folder with the wheel, and with what the project is built with that depends on it."""
    folder = WORK / "index"
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("kubectl_*.whl"):
        old.unlink()
    shutil.copy(artefact("*.whl"), folder)
    if not list(folder.glob("setuptools-*.whl")):
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
        done = subprocess.run([*pip, "--dest", folder, "setuptools==84.2.1"], capture_output=True, text=True)
        if done.returncode:
            raise unittest.SkipTest(f"setuptools cannot be had from PyPI: {done.stderr.strip().splitlines()[-1]}")
    return folder


# What a wheel says of itself, as an index reads it, which raises an error for what it would refuse.
READ_METADATA = """\
import json, types, release, wheel
from packaging.metadata import Metadata
made = types.SimpleNamespace(version="0.2.0", homepage="https://example.com/a/b", license={licence})
read = Metadata.from_email(wheel.metadata(made))
print(json.dumps([read.name, str(read.version), read.license_files]))
"""


@functools.cache
def hooks():
    """The repository of the hooks."""
    folder = WORK / "hooks"
    shutil.rmtree(folder, ignore_errors=True)
    return make_repository(folder)


class Wheel(Case):
    def setUp(self):
        super().setUp()
        self.environment["PATH"] = f"{TOOLS}:{self.environment['PATH']}"

    def demand_installed(self, folder):
        """All names are in the folder, and are the program."""
        self.assertLessEqual(LINKS | {NAME}, {path.name for path in folder.iterdir()})
        self.demand_program(lambda name, *words, **options: self.run_program(folder / name, *words, **options))

    def test_its_record_is_true(self):
        with zipfile.ZipFile(artefact("*.whl")) as wheel:
            names = wheel.namelist()
            listed, = (name for name in names if name.endswith(".dist-info/RECORD"))
            rows = list(csv.reader(io.StringIO(wheel.read(listed).decode())))
            for name, digest, size in rows:
                data = wheel.read(name)
                told = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
                wanted = ("", "") if name == listed else (f"sha256={told}", str(len(data)))
                self.assertEqual((digest, size), wanted, name)
            self.assertEqual([row[0] for row in rows], names)
            self.assertEqual(len(set(names)), len(names))
            modes = {info.filename.rpartition("/")[2]: info.external_attr >> 16 for info in wheel.infolist()}
        self.assertEqual(modes[NAME], 0o100755)

    @needs_module("packaging")
    def test_an_index_takes_what_it_says_of_itself(self):
        """PyPI refuses fields that are younger than the metadata's version; a licence is yet to be chosen, so both ways."""
        for given, told in (("None", None), ("release.ROOT / 'README.md'", ["LICENSE"])):
            with self.subTest(given):
                read = self.check_program(
                    sys.executable, "-B", "-c", READ_METADATA.format(licence=given), cwd=ROOT / "plugin/package")
                self.assertEqual(json.loads(read), [NAME, "0.2.0", told])

    def test_pip_installs_it(self):
        self.check_program(sys.executable, "-m", "venv", "environment")
        self.check_program("environment/bin/pip", "install", "--quiet", "--disable-pip-version-check", "--no-index",
                           "--find-links", made()[0], NAME)
        self.demand_installed(self.folder / "environment/bin")
        told = self.check_program("environment/bin/python", "-m", "kubectl_vault_inject", "version")
        self.assertRegex(told, r"^kubectl-vault-inject 0\.2\.0")
        self.check_program("environment/bin/pip", "uninstall", "--quiet", "--yes", NAME)
        self.assertEqual([path for path in (self.folder / "environment").rglob("*vault*")], [])

    def test_pip_installs_it_below_a_users_home(self):
        run = self.run_program(
            sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-index",
            "--find-links", made()[0], "--prefix", self.folder / "prefix", NAME)
        self.assertEqual(run.code, 0, run)
        path, = (self.folder / "prefix/lib").glob("python*/site-packages")
        run = self.run_program(
            self.folder / "prefix/bin/kubectl-vault_inject", "version", env={"PYTHONPATH": str(path)})
        self.assertRegex(self.succeeded(run), r"^kubectl-vault-inject 0\.2\.0")

    @needs_module("uv")
    def test_uv_installs_and_runs_it(self):
        links = ["--no-index", "--find-links", made()[0]]
        self.check_program("uv", "tool", "install", "--quiet", *links, NAME, env={"UV_PYTHON": sys.executable})
        self.demand_installed(self.folder / ".local/bin")
        told = self.check_program(
            "uv", "tool", "run", "--quiet", *links, "--isolated", NAME, "version", env={"UV_PYTHON": sys.executable})
        self.assertRegex(told, r"^kubectl-vault-inject 0\.2\.0")

    @needs_module("pipx")
    def test_pipx_installs_and_runs_it(self):
        # pipx has uv do it; what pip is told on its command line is told here to whatever uv does.
        self.write(".config/uv/uv.toml", f'no-index = true\nfind-links = ["{made()[0]}"]\n[pip]\nno-index = true\n'
                                         f'find-links = ["{made()[0]}"]\n')
        self.check_program("pipx", "install", "--backend", "uv", NAME)
        self.demand_installed(self.folder / ".local/bin")
        told = self.check_program("pipx", "run", "--backend", "uv", NAME, "version")
        self.assertRegex(told, r"(?m)^kubectl-vault-inject 0\.2\.0")


@needs("git")
@needs_module("pre_commit")
class PreCommit(Case):
    """What the guide says to write, with the real pre-commit."""

    # What a machine is let wait for at most, where the processor is its own.
    READY = 10

    def setUp(self):
        super().setUp()
        self.environment |= IDENTITY | {
            "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(index()), "PIP_DISABLE_PIP_VERSION_CHECK": "1",
            "PRE_COMMIT_HOME": str(self.folder / "pre-commit")}
        self.repository = self.folder / "repository"
        self.write("repository/web.yaml", EXAMPLE)
        git("init", "-q", cwd=self.repository)

    def configure(self, marker, **more):
        """Writes the block of the guide that holds this, with what it leaves open filled in."""
        text = (ROOT / "plugin/README.md").read_text()
        block = next(each for each in text.split("```yaml\n")[1:] if marker in each.partition("```")[0])
        values = {"URL-OF-THIS-REPOSITORY": hooks(), "v0.2.0": git("rev-parse", "HEAD", cwd=hooks()), **more}
        block = block.partition("```")[0]
        for name, value in values.items():
            self.assertIn(name, block)
            block = block.replace(name, str(value))
        self.write("repository/.pre-commit-config.yaml", block)
        git("add", "-A", cwd=self.repository)

    def pre_commit(self, *words):
        return self.run_program(*PRE_COMMIT, *words, cwd=self.repository)

    def demand_hook(self, name, code, *texts):
        run = self.pre_commit("run", "--all-files", name)
        self.assertEqual(run.code, code, run)
        for text in texts:
            self.assertIn(text, run.out)

    def test_the_hooks_are_ready_in_seconds(self):
        self.configure("vault-inject-check")
        began, used = time.monotonic(), os.times()
        self.succeeded(self.pre_commit("install-hooks"))
        now = os.times()
        processor = now.children_user + now.children_system - used.children_user - used.children_system
        print(f"(ready after {time.monotonic() - began:.1f} s, {processor:.1f} s of a processor) ", end="")
        self.assertLess(processor, self.READY)
        self.demand_hook("vault-inject-check", 1, "Deployment/checkout")
        self.demand_hook("vault-inject-lint", 0)
        self.assertEqual((self.repository / "web.yaml").read_text(), EXAMPLE)
        self.demand_hook("vault-inject", 1, "files were modified by this hook")
        injected = (self.repository / "web.yaml").read_text()
        self.assertIn("tvsi-vault-agent", injected)
        for name in HOOKS:
            self.demand_hook(name, 0)
        self.write("repository/web.yaml", injected.replace("talend.org/inject:", "talend.org/injekt:"))
        self.demand_hook("vault-inject-lint", 1, "[unknown-annotation]")

    def test_a_commit_is_held_until_its_files_are_injected(self):
        self.configure("vault-inject-check")
        self.succeeded(self.pre_commit("install"))
        held = self.run_program("git", "commit", "-m", "web", cwd=self.repository)
        self.demand(held, 1, "files were modified by this hook", "Deployment/checkout")
        self.assertIn("tvsi-vault-agent", (self.repository / "web.yaml").read_text())
        git("add", "-A", cwd=self.repository)
        self.succeeded(self.run_program("git", "commit", "-m", "web", cwd=self.repository))
        self.assertEqual(git("status", "--porcelain", cwd=self.repository), "")

    def test_the_wheel_may_come_from_an_address_of_its_own(self):
        for wheel in index().glob("kubectl_*.whl"):
            wheel.unlink()
        self.configure("additional_dependencies", **{"https://…whl": artefact("*.whl").as_uri()})
        self.demand_hook("vault-inject", 1, "files were modified by this hook")
        self.demand_hook("vault-inject", 0)
