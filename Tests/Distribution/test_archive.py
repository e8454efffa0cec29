"""The release archive, and its manifests: krew's against krew's rules, Homebrew's formula as Homebrew runs it."""

import hashlib
import os
import re
import shlex
import shutil
import subprocess
import tarfile
import unittest

from case import HOMEPAGE, LINKS, PACKAGE, URL, Case, artefact, c_library, made, needs_linux, program
from harness.case import needs
from harness.places import BUILD, ROOT

try:
    import yaml
except ImportError:
    yaml = None

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


def unpacked(folder):
    """The program of the archive."""
    with tarfile.open(artefact("*.tar.gz")) as files:
        member, = (each for each in files if each.name == "kubectl-vault-inject")
        path = folder / member.name
        path.write_bytes(files.extractfile(member).read())
    path.chmod(member.mode)
    return path


class Archive(Case):
    def test_it_holds_the_program_and_its_licence(self):
        with tarfile.open(artefact("*.tar.gz")) as files:
            members = {member.name: member for member in files}
        self.assertEqual(members.pop("kubectl-vault-inject").mode, 0o755)
        self.assertEqual(set(members), {"LICENSE"} if (ROOT / "LICENSE").exists() else set())
        self.assertEqual((ROOT / "LICENSE").exists(), "no LICENSE" not in made()[1].err)

    def test_the_program_tells_its_version_and_commit(self):
        said = self.check_program(unpacked(self.folder), "version")
        told = re.fullmatch(r"kubectl-vault-inject (\S+)(?: \((\w+)(?:-changed)?\))?\n", said)
        self.assertIn(f"_v{told[1]}_", artefact("*.tar.gz").name)
        head = subprocess.run(["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True, text=True).stdout
        self.assertEqual(head[:len(told[2] or "")], told[2] or "")
        self.assertEqual(bool(told[2]), (ROOT / ".git").exists())

    @needs_linux
    @needs("bwrap", "ldd")
    def test_it_runs_where_there_is_nothing_but_the_c_library(self):
        root = self.folder / "root"
        for name in ("usr/bin", "tmp", "proc", "dev"):
            (root / name).mkdir(parents=True)
        shutil.copy(unpacked(self.folder), root / "usr/bin")
        for name in LINKS:
            (root / "usr/bin" / name).symlink_to("kubectl-vault-inject")
        for library in c_library():
            (root / library[1:]).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(library, root / library[1:])
        self.demand_program(lambda *words, **options: self.alone(root, *words, **options))
        run = self.alone(root, "kubectl-vault-inject", "-f", "https://127.0.0.1:1/app.yaml")
        self.demand(run, 69, "libcurl")

    @needs_linux
    @needs("readelf")
    def test_where_it_was_built_does_not_show(self):
        """Two clones of one commit give the same program. To see it takes two builds; this is what made them differ."""
        held = unpacked(self.folder).read_bytes()
        for place in (str(ROOT), "/.build/", os.path.expanduser("~/")):
            self.assertNotIn(place.encode(), held)
        # What the linker was given last; more may lie there of older builds.
        listed = BUILD / "plugin/release/kubectl-vault-inject.product/Objects.LinkFileList"
        parts = shlex.split(listed.read_text())
        # The hash of each part is of all it was compiled with, its paths among them.
        hashes = set(re.findall(r"(?m)^  0x[0-9a-f]+ (.{35})", self.check_program(
            "readelf", "--wide", "--hex-dump=.swift_modhash", *parts)))
        self.assertEqual(hashes, {" ".join(["00000000"] * 4)})

    @needs("readelf")
    def test_a_release_runs_with_old_versions_of_glibc(self):
        """RHEL 9 and Amazon Linux 2023 have 2.34, Ubuntu 22.04 has 2.35; the guide says so."""
        path = unpacked(self.folder)
        needed = re.findall(r"\(NEEDED\).*\[(.+)\]", self.check_program("readelf", "--dynamic", "--wide", path))
        self.assertLessEqual(set(needed), SYSTEM)
        asked = self.check_program("readelf", "--version-info", "--wide", path)
        newest = max(tuple(map(int, version.split("."))) for version in re.findall(r"Name: GLIBC_([\d.]+)", asked))
        self.assertEqual(newest, (2, 34), self.check_program("readelf", "--dyn-syms", "--wide", path))
        told = ".".join(map(str, newest))
        self.assertIn(f"glibc {told} or later", (ROOT / "plugin/README.md").read_text())
        self.assertIn(f'GLIBC = "{told}"', (ROOT / "plugin/package/release.py").read_text())


@unittest.skipUnless(yaml, "PyYAML is not installed")
class Krew(Case):
    def test_the_manifest(self):
        plugin = yaml.safe_load(artefact("vault-inject.yaml").read_text())
        self.assertEqual(faults(plugin, "vault-inject.yaml"), [])
        platform, = plugin["spec"]["platforms"]
        archive = artefact("*.tar.gz")
        self.assertEqual(platform["sha256"], hashlib.sha256(archive.read_bytes()).hexdigest())
        self.assertEqual(platform["uri"], f"{URL}/{archive.name}")
        self.assertEqual(platform["bin"], "kubectl-vault-inject")
        self.assertIn(f"_{plugin['spec']['version']}_", archive.name)

    def test_archives_of_other_systems_are_in_the_manifest_too(self):
        version = self.check_program(program(), "version").split()[1]
        (self.folder / "out").mkdir()
        shutil.copy(artefact("*.tar.gz"), self.folder / "out")
        other = self.write(f"out/kubectl-vault-inject_v{version}_darwin_arm64.tar.gz", "an archive")
        self.write("out/kubectl-vault-inject_v0.0.1_darwin_amd64.tar.gz", "an old one")
        manifest = self.check_program(*PACKAGE, "--only", "krew", "out", URL, HOMEPAGE).strip()
        plugin = yaml.safe_load((self.folder / manifest).read_text())
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


# As much of Homebrew as a formula sees, for the system and the processor that are given.
HOMEBREW = r"""
require "digest"
require "fileutils"
require "pathname"
FORMULA, ARCHIVES, PREFIX, SYSTEM, PROCESSOR = ARGV
class Place < Pathname
  def install(name) = (mkpath; FileUtils.install(name, to_s, mode: 0755))
  def install_symlink(names) = names.each { |from, to| FileUtils.ln_s(from, join(to)) }
end
class Formula
  %i[desc homepage version url sha256 license].each do |name|
    define_singleton_method(name) do |*value|
      @told ||= {}
      raise "#{name} is told twice" if !value.empty? && @told.key?(name)
      value.empty? ? @told[name] : @told[name] = value[0]
    end
    define_method(name) { self.class.send(name) }
  end
  def self.test(&block) = define_method(:run_test, &block)
  def self.on_linux = (yield if SYSTEM == "linux")
  def self.on_macos = (yield if SYSTEM == "darwin")
  def self.on_intel = (yield if PROCESSOR == "amd64")
  def self.on_arm = (yield if PROCESSOR == "arm64")
  def bin = Place.new(File.join(PREFIX, "bin"))
  def generate_completions_from_executable(program, command)
    %w[bash zsh fish].each { |shell| raise shell unless system(program.to_s, command, shell, out: File::NULL) }
  end
  def shell_output(command) = `#{command}`
  def assert_match(text, output) = (raise output unless output.include?(text))
end
load FORMULA
formula = KubectlVaultInject.new
archive = File.join(ARCHIVES, File.basename(formula.url))
raise "another sum" unless Digest::SHA256.file(archive).hexdigest == formula.sha256
if ENV["INSTALL"]
  Dir.chdir(PREFIX) do
    raise "no archive" unless system("tar", "-xzf", archive)
    formula.install
    formula.run_test
  end
end
puts formula.desc, formula.homepage, formula.version, formula.url
"""


@needs("ruby")
class Homebrew(Case):
    def evaluate(self, archives, system, processor, **environment):
        (self.folder / "prefix").mkdir(exist_ok=True)
        formula, = archives.glob("*.rb")
        return self.run_program(
            "ruby", self.write("homebrew.rb", HOMEBREW), formula, archives, self.folder / "prefix", system, processor,
            env=environment)

    def test_the_formula_installs_the_program_of_the_archive(self):
        system, processor = artefact("*.tar.gz").name[:-len(".tar.gz")].split("_")[-2:]
        told = self.succeeded(self.evaluate(made()[0], system, processor, INSTALL="1")).splitlines()
        self.assertEqual(told[1:], [HOMEPAGE, "0.2.0", f"{URL}/{artefact('*.tar.gz').name}"])
        self.assertLessEqual(len(told[0]), 80)
        self.assertNotRegex(told[0], r"(?i)^(a|an|the) |kubectl|\.$")
        folder = self.folder / "prefix/bin"
        self.demand_program(lambda name, *words, **options: self.run_program(folder / name, *words, **options))

    def test_each_system_and_processor_has_its_archive(self):
        places = [("darwin", "amd64"), ("darwin", "arm64"), ("linux", "amd64"), ("linux", "arm64")]
        for system, processor in places:
            self.write(f"out/kubectl-vault-inject_v0.2.0_{system}_{processor}.tar.gz", f"{system} {processor}")
        self.check_program(*PACKAGE, "--only", "homebrew", "out", URL, HOMEPAGE)
        for system, processor in places:
            told = self.succeeded(self.evaluate(self.folder / "out", system, processor)).splitlines()
            self.assertTrue(told[3].endswith(f"_{system}_{processor}.tar.gz"), told)
        self.write("out/kubectl-vault-inject_v0.2.0_linux_arm64.tar.gz", "changed")
        self.assertIn("another sum", self.evaluate(self.folder / "out", "linux", "arm64").err)
