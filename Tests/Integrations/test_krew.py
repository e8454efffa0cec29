"""The release archive and the manifest for it, against krew's rules."""

import hashlib
import re
import subprocess
import tarfile
import unittest

from case import Case
from harness.case import needs
from harness.places import ROOT

try:
    import yaml
except ImportError:
    yaml = None

URL = "https://example.com/releases/v0.2.0"
# The libraries of glibc, and the one of gcc's that each system with glibc has.
SYSTEM = {"libc.so.6", "libm.so.6", "libdl.so.2", "libpthread.so.0", "librt.so.1", "libgcc_s.so.1",
          "ld-linux-x86-64.so.2", "ld-linux-aarch64.so.1"}
DEVICE_NAMES = {"con", "prn", "aux", "nul", *(f"{kind}{number}" for kind in ("com", "lpt") for number in range(1, 10))}
SEMVER = r"v(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?"


def faults(plugin, file_name):
    """What krew's validation, and the review of its index, would say about a manifest."""
    found = []

    def want(condition, fault):
        if not condition:
            found.append(fault)

    want(plugin.get("apiVersion") == "krew.googlecontainertools.github.com/v1alpha2", "apiVersion")
    want(plugin.get("kind") == "Plugin", "kind")
    name = plugin.get("metadata", {}).get("name", "")
    want(name == file_name.removesuffix(".yaml"), "the name is not the file's")
    want(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name), "the name is not in kebab case")
    want(name.lower() not in DEVICE_NAMES, "the name is a device's on Windows")
    want(not name.startswith("kube"), "the name begins with kube")
    spec = plugin.get("spec", {})
    known = {"version", "shortDescription", "description", "homepage", "caveats", "platforms"}
    want(set(spec) <= known, f"unknown fields {set(spec) - known}")
    want(re.fullmatch(SEMVER, spec.get("version", "")), "the version is not a semantic version with a v")
    short = spec.get("shortDescription", "")
    want(short and "\n" not in short, "shortDescription is not a single line")
    want(len(short) <= 50, "shortDescription is longer than 50 characters")
    want(spec.get("description", "").strip(), "there is no description")
    want(max(map(len, spec.get("description", "").splitlines()), default=0) <= 80, "the description is not wrapped")
    want(spec.get("homepage", "").startswith("https://"), "there is no homepage")
    platforms = spec.get("platforms") or []
    want(platforms, "there is no platform")
    seen = []
    for platform in platforms:
        selector = platform.get("selector") or {}
        labels = selector.get("matchLabels") or {}
        expressions = selector.get("matchExpressions") or []
        want(labels or expressions, "an empty selector")
        want(set(labels) | {rule.get("key") for rule in expressions} <= {"os", "arch"}, "selectors know os and arch only")
        want(labels.get("os") in ("linux", "darwin", "windows"), "an unknown system")
        want(labels.get("arch") in ("amd64", "arm64", "386", "arm"), "an unknown processor")
        want(labels not in seen, "two platforms for one system")
        seen.append(labels)
        want(re.fullmatch(r"https://\S+\.(tar\.gz|zip)", platform.get("uri", "")), "uri")
        want(re.fullmatch(r"[0-9a-f]{64}", platform.get("sha256", "")), "sha256")
        want(platform.get("bin"), "there is no bin")
        want(labels.get("os") != "windows" or platform.get("bin", "").endswith(".exe"), "bin without .exe")
        want(set(platform) <= {"selector", "uri", "sha256", "bin", "files"}, "unknown fields of a platform")
        for rule in platform.get("files") or []:
            want(set(rule) == {"from", "to"}, "a rule of files without from and to")
    return found


@unittest.skipUnless(yaml, "PyYAML is not installed")
class Krew(Case):
    def package(self, *arguments):
        done = subprocess.run(
            ["bash", ROOT / "plugin/package.sh", self.folder / "out", *arguments], capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done

    def test_the_archive_and_its_manifest(self):
        done = self.package(URL, "https://example.com/vault-inject")
        archive, manifest = map(str.strip, done.stdout.splitlines())
        plugin = yaml.safe_load(open(manifest))
        self.assertEqual(faults(plugin, "vault-inject.yaml"), [])
        platform, = plugin["spec"]["platforms"]
        self.assertEqual(platform["sha256"], hashlib.sha256(open(archive, "rb").read()).hexdigest())
        self.assertEqual(platform["uri"], f"{URL}/{archive.rsplit('/', 1)[1]}")
        with tarfile.open(archive) as files:
            members = {member.name: member for member in files}
            binary = files.extractfile(platform["bin"]).read()
        self.assertEqual(members[platform["bin"]].mode, 0o755)
        program = self.write("kubectl-vault-inject", "", 0o755)
        program.write_bytes(binary)
        told = re.fullmatch(r"kubectl-vault-inject (\S+)(?: \((\w+)(?:-changed)?\))?\n", self.check_program(program, "version"))
        self.assertEqual(told[1], plugin["spec"]["version"][1:])
        head = subprocess.run(["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True, text=True).stdout
        self.assertEqual(head[:len(told[2] or "")], told[2] or "")
        self.assertEqual(bool(told[2]), (ROOT / ".git").exists())
        self.assertEqual(
            set(members) - {platform["bin"]}, {"LICENSE"} if (ROOT / "LICENSE").exists() else set())
        self.assertEqual((ROOT / "LICENSE").exists(), "no LICENSE" not in done.stderr)

    @needs("readelf")
    def test_a_release_runs_with_old_versions_of_glibc(self):
        """RHEL 9 and Amazon Linux 2023 have 2.34, Ubuntu 22.04 has 2.35; the guide says so."""
        archive, = self.package().stdout.split()
        program = self.folder / "kubectl-vault-inject"
        with tarfile.open(archive) as files:
            program.write_bytes(files.extractfile(program.name).read())
        needed = re.findall(r"\(NEEDED\).*\[(.+)\]", self.check_program("readelf", "--dynamic", "--wide", program))
        self.assertLessEqual(set(needed), SYSTEM)
        asked = self.check_program("readelf", "--version-info", "--wide", program)
        newest = max(tuple(map(int, version.split("."))) for version in re.findall(r"Name: GLIBC_([\d.]+)", asked))
        self.assertLessEqual(newest, (2, 34), self.check_program("readelf", "--dyn-syms", "--wide", program))
        self.assertIn(f"glibc {'.'.join(map(str, newest))} or later", (ROOT / "plugin/README.md").read_text())

    def test_every_file_of_a_release_has_its_number(self):
        number = self.check_program("kubectl-vault-inject", "version").split()[1]
        for name, pattern in {"krew/vault-inject.yaml": r"version: v(\S+)", "helm/plugin.yaml": r"version: (\S+)",
                              "argocd/sidecar.yaml": r"image: \S+:(\S+)", "argocd/Containerfile": r"-t \S+:(\S+)",
                              "CHANGELOG.md": r"## (\S+)"}.items():
            told = re.search(pattern, (ROOT / "plugin" / name).read_text())[1]
            self.assertEqual(told, number, name)

    def test_archives_of_other_systems_are_in_the_manifest_too(self):
        version = self.check_program("kubectl-vault-inject", "version").split()[1]
        other = self.write(f"out/kubectl-vault-inject_v{version}_darwin_arm64.tar.gz", "an archive")
        self.write("out/kubectl-vault-inject_v0.0.1_darwin_amd64.tar.gz", "an old one")
        manifest = self.package(URL, "https://example.com/vault-inject").stdout.splitlines()[-1]
        plugin = yaml.safe_load(open(manifest))
        self.assertEqual(faults(plugin, "vault-inject.yaml"), [])
        self.assertEqual(len(plugin["spec"]["platforms"]), 2)
        sums = {each["selector"]["matchLabels"]["os"]: each["sha256"] for each in plugin["spec"]["platforms"]}
        self.assertEqual(sums["darwin"], hashlib.sha256(other.read_bytes()).hexdigest())

    def test_the_rules_find_what_is_wrong(self):
        plugin = yaml.safe_load((ROOT / "plugin/krew/vault-inject.yaml").read_text())
        self.assertEqual(faults(plugin, "vault-inject.yaml"), ["there is no homepage", "there is no platform"])
        plugin["spec"]["version"] = "0.1"
        plugin["metadata"]["name"] = "Vault_Inject"
        self.assertEqual(len(faults(plugin, "vault-inject.yaml")), 5)
