"""The image of plugin/Containerfile, without an engine: its stages are taken apart, and steps run in roots of their own.

Stages that begin with an image of somebody else's, which cannot be had here, are stood in for: Debian's by a small
Debian, kubectl's by that of this machine, Helm's by a script. The program is the one that the build stage's script makes.
"""

import functools
import json
import re
import shutil
import subprocess
import unittest
from dataclasses import dataclass, field

from case import EXAMPLE, LINKS, NAME, WORK, Case, debian, needs_linux, program
from harness.case import needs
from harness.places import ROOT

CONTAINERFILE = ROOT / "plugin/Containerfile"
# What a test of this image stands in for: the image, without its tag.
DEBIAN, SWIFT = "docker.io/library/debian", "docker.io/library/swift"
KRM = """\
apiVersion: config.kubernetes.io/v1
kind: ResourceList
items:
- apiVersion: v1
  kind: Pod
  metadata:
    name: web
    labels: {com.talend.application: web, com.talend.service: web}
    annotations: {sidecar.vault.talend.org/inject: "true"}
  spec:
    containers: [{name: web, image: web, command: [web]}]
"""


@dataclass
class Stage:
    image: str
    name: str
    steps: list = field(default_factory=list)


def stages():
    """The stages of the file, each with its steps: an instruction and its words."""
    found = []
    for line in re.sub(r" *\\\n *", " ", CONTAINERFILE.read_text()).splitlines():
        keyword, _, rest = line.partition(" ")
        if keyword == "FROM":
            image, _, name = rest.partition(" AS ")
            found.append(Stage(image, name))
        elif keyword and not keyword.startswith("#"):
            found[-1].steps.append((keyword, rest))
    return found


@functools.cache
def system():
    """What the stage `system` makes, its steps run in a copy of Debian; kept as long as those are the same."""
    stage = next(each for each in stages() if each.name == "system")
    copied = [(ROOT / rest.split()[0]).read_text() for keyword, rest in stage.steps if keyword == "COPY"]
    folder, stamp, wanted = WORK / "image/system", WORK / "image/steps.json", json.dumps([stage.steps, copied])
    if not stamp.exists() or stamp.read_text() != wanted:
        root = WORK / "image/root"
        for old in (root, folder):
            shutil.rmtree(old, ignore_errors=True)
        folder.parent.mkdir(parents=True, exist_ok=True)
        subprocess.run(["cp", "-a", debian(), root], check=True)
        case = Case()
        case.setUp()
        for keyword, rest in stage.steps:
            if keyword == "COPY":
                source, target = rest.split()
                shutil.copy(ROOT / source, root / target[1:])
            else:
                run = case.in_root(root, "sh", "-c", rest)
                if run.code and "apt-get" in rest:
                    raise unittest.SkipTest(f"Debian's packages cannot be had: {run.err.strip().splitlines()[-1]}")
                if run.code:
                    raise AssertionError(f"{rest}\n{run}")
        case.doCleanups()
        (root / "system").rename(folder)
        shutil.rmtree(root)
        stamp.write_text(wanted)
    return folder


@needs_linux
@needs("bwrap", "kubectl")
class Image(Case):
    def setUp(self):
        super().setUp()
        self.image = self.folder / "image"
        self.last = stages()[-1]
        subprocess.run(["cp", "-a", system(), self.image], check=True)
        helm = self.write("helm", "#!/bin/sh\necho stands in for Helm\n", 0o755)
        self.sources = {"kubectl": shutil.which("kubectl"), "helm": helm, "build": None}
        for keyword, rest in self.last.steps:
            if keyword == "COPY":
                self.copy(*rest.removeprefix("--from=").split())
        for name in ("proc", "dev"):
            (self.image / name).mkdir(exist_ok=True)

    def copy(self, *words):
        stage, source, target = words if len(words) == 3 else (None, *words)
        place = self.image / target[1:]
        if stage == "system":
            self.assertEqual((source, target), ("/system/", "/"))
        elif stage == "build":
            shutil.copy(program(), place / NAME)
            for name in LINKS:
                (place / name).symlink_to(NAME)
        else:
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(self.sources[stage] if stage else ROOT / source, place)

    def run_image(self, *words, entrypoint=None, folder="/tmp", **options):
        """Starts a container: the entry point with these words, as the image's user."""
        own = json.loads(dict(self.last.steps)["ENTRYPOINT"])
        user = options.pop("user", int(dict(self.last.steps)["USER"].partition(":")[0]))
        pairs = dict(self.last.steps)["ENV"].split()
        variables = [word for pair in pairs for word in ("--setenv", *pair.split("=", 1))]
        started = own if entrypoint is None else entrypoint
        return self.alone(self.image, *variables, "--chdir", folder, *started, *words, user=user, **options)

    def test_its_own_check_passes(self):
        for keyword, rest in self.last.steps:
            if keyword == "RUN":
                self.succeeded(self.run_image(entrypoint=["/bin/sh", "-c", rest], user=0))

    def test_it_is_small_and_nobody_in_it_is_root(self):
        self.assertEqual(dict(self.last.steps)["USER"], "65532:65532")
        files = [path for path in self.image.rglob("*") if path.is_file() and not path.is_symlink()]
        own = sum(path.stat().st_size for path in files if path.name not in ("kubectl", "helm"))
        print(f"({own / 1e6:.0f} MB without kubectl and Helm) ", end="")
        self.assertLess(own, 60e6)
        names = {path.name for path in files}
        self.assertFalse(names & {"dpkg", "apt", "apt-get", "bash", "perl", "su", "mount"}, names)
        self.assertEqual([path for path in files if path.stat().st_mode & 0o6000], [])

    def test_it_is_a_function_of_kpt_and_kustomize(self):
        self.assertIn("tvsi-vault-agent", self.succeeded(self.run_image(text=KRM, user=65534)))

    def test_jobs_of_ci_have_a_shell(self):
        self.write("app.yaml", EXAMPLE)
        script = ("kubectl-vault-inject --check /tmp/app.yaml || code=$?\n"
                  "report=$(mktemp -d)/report.json\necho $code > $report\ncat $report")
        run = self.run_image(entrypoint=["/bin/sh", "-c", script], binds=[(self.folder / "app.yaml", "/tmp/app.yaml")])
        self.assertEqual(self.succeeded(run), "1\n")

    def test_it_generates_applications_of_argo_cd(self):
        self.write("app/web.yaml", EXAMPLE)
        self.write("app/.vault-inject.yaml", "")
        definition = (self.image / "home/argocd/cmp-server/config/plugin.yaml").read_text()
        command = re.search(r"command: \[(.+)\]", definition)[1].split(", ")
        sidecar = {"entrypoint": [], "user": 999, "folder": "/tmp/app", "binds": [(self.folder / "app", "/tmp/app")]}
        run = self.run_image(*command, **sidecar)
        self.assertIn("tvsi-vault-agent", self.succeeded(run))
        (self.folder / "app/kustomization.yaml").write_text("resources: [web.yaml]\nnamePrefix: team-\n")
        run = self.run_image(*command, **sidecar)
        self.assertIn("name: team-checkout", self.succeeded(run))

    def test_a_server_can_be_asked(self):
        """libcurl is there, with all it needs and its certificates: it is the network that is not."""
        run = self.run_image("-f", "https://127.0.0.1:1/app.yaml")
        self.assertNotIn("libcurl", run.err)
        self.demand(run, 69, "127.0.0.1")
        self.assertGreater((self.image / "etc/ssl/certs/ca-certificates.crt").stat().st_size, 100_000)


class Containerfile(Case):
    """What holds of the file without running it."""

    def test_stages_are_named_before_they_are_used(self):
        names = []
        for stage in stages():
            for keyword, rest in stage.steps:
                self.assertIn(keyword, ("RUN", "COPY", "ENV", "USER", "ENTRYPOINT"))
                source, *_ = rest.split()
                if keyword == "COPY" and source.startswith("--from="):
                    self.assertIn(source.removeprefix("--from="), names)
                elif keyword == "COPY":
                    self.assertTrue((ROOT / source).exists(), source)
            names.append(stage.name)
        self.assertEqual(stages()[-1].image, "scratch")

    def test_images_have_full_names_and_versions(self):
        for stage in stages()[:-1]:
            self.assertRegex(stage.image, r"^[a-z0-9.]+\.[a-z]+(/[\w-]+)+:(?!latest$)[\w.-]+$")
        images = {stage.name: stage.image.partition(":")[0] for stage in stages()}
        self.assertEqual((images["build"], images["system"]), (SWIFT, DEBIAN))

    def test_the_build_stage_installs_what_the_build_asks_for_and_runs_a_script_that_is_there(self):
        steps = next(stage for stage in stages() if stage.name == "build").steps
        install, script = (rest for keyword, rest in steps if keyword == "RUN")
        wanted = re.search(r"^need_packages (.+?) \|\|", (ROOT / "plugin/release.sh").read_text(), re.M)[1]
        self.assertLessEqual(set(wanted.split()), set(install.split()))
        self.assertTrue((ROOT / re.search(r"/source/(\S+)", script)[1]).exists())
        self.assertIn(("COPY", ". /source"), steps)
