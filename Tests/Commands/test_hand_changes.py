"""What people and their tools do to injected text, by hand: each change is kept, adopted or thrown away as asked."""

import json
import re
import subprocess

import yaml

from harness.case import Case
from harness.places import PROGRAM

SETTINGS = 'vault: {address: "https://vault.example.com"}\n'
ASKS = """\
# A shop
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  template:
    metadata:
      annotations:
        {annotations}
    spec:
      containers:
      - name: web
        image: nginx
"""
TALEND = ASKS.format(annotations="""\
sidecar.vault.talend.org/inject: "true"
        sidecar.vault.talend.org/role: web
        sidecar.vault.talend.org/secrets-path: secret/web""")
HASHICORP = ASKS.format(annotations="""\
vault.hashicorp.com/agent-inject: "true"
        vault.hashicorp.com/role: web
        vault.hashicorp.com/agent-inject-secret-db: secret/data/web""")


# Changes of the text

def replaced(old, new):
    def change(text):
        return text.replace(old, new)
    return change


def after(line, more, count=0):
    """Adds lines behind those that match."""
    return lambda text: re.sub(rf"(?m)^({line})$", lambda match: match[1] + "\n" + more, text, count=count)


def rewritten(change):
    """Changes the values, and writes all of it in another layout."""
    def whole(text):
        value = yaml.safe_load(text)
        change(value, value["spec"]["template"]["spec"])
        return yaml.safe_dump(value, sort_keys=False, width=1000)
    return whole


def container(pod, name):
    return next(item for item in pod["containers"] + pod.get("initContainers", []) if item["name"] == name)


def indented_lists(text):
    """Lists one step further in than their keys, as prettier has them, and other quotes."""
    class Dumper(yaml.SafeDumper):
        def increase_indent(self, flow=False, indentless=False):
            return super().increase_indent(flow, False)
    return yaml.dump(yaml.safe_load(text), Dumper=Dumper, sort_keys=False, default_style="'", width=80)


def sorted_keys(text):
    return yaml.safe_dump(yaml.safe_load(text), width=80)


def as_json(text):
    return json.dumps(yaml.safe_load(text), indent=2)


def volumes_reversed(value, pod):
    pod["volumes"].reverse()


def variables_reversed(value, pod):
    for item in pod["containers"]:
        item.get("env", []).reverse()


KEPT = {
    "a label": after("  name: web", "  labels: {team: shop}", 1),
    "a comment in what is injected": after("      volumes:", "      # of the agent"),
    "the application's image": replaced("image: nginx", "image: nginx:2"),
    "a variable of the application": replaced("image: nginx\n", "image: nginx\n        env: [{name: A, value: b}]\n"),
    "volumes in another order": rewritten(volumes_reversed),
    "lists indented, other quotes, folded lines": indented_lists,
    "keys in order": sorted_keys,
    "JSON": as_json,
}


class HandChanges(Case):
    asks, agent = TALEND, "tvsi-vault-agent"

    def setUp(self):
        super().setUp()
        self.write(".vault-inject.yaml", SETTINGS)
        self.write("asks.yaml", self.asks)
        self.injected = self.program("-q", "-f", "asks.yaml").stdout

    def program(self, *words, code=0):
        done = subprocess.run([PROGRAM, *words], cwd=self.folder, env=self.environment, capture_output=True, text=True,
                              timeout=300)
        self.assertEqual(done.returncode, code, f"{words}: {done.stderr}")
        return done

    def value(self, text):
        return yaml.safe_load(text)

    def changed(self, name, change):
        """A file of that change, in settings of its own."""
        text = change(self.injected)
        self.assertNotEqual(text, self.injected, name)
        self.write("x.yaml", text)
        self.write(".vault-inject.yaml", SETTINGS)
        return text

    def read(self, name="x.yaml"):
        return (self.folder / name).read_text()

    # What becomes of a change

    def test_kept(self):
        """It makes no difference to the injection, and what is taken out leaves it as it is."""
        for name, change in KEPT.items():
            with self.subTest(name):
                text = self.changed(name, change)
                self.program("--check", "-q", "-f", "x.yaml")
                for force in ([], ["--force"], ["--adopt"]):
                    self.program("-i", "-q", *force, "-f", "x.yaml")
                    self.assertEqual(self.read(), text, force)
                bare = self.value(self.program("uninject", "-q", "-f", "x.yaml").stdout)
                self.assertEqual(bare, self.value(self.program("uninject", "--force", "-q", "-f", "x.yaml").stdout))
                self.write("bare.yaml", json.dumps(bare))
                self.assertNotIn(self.agent, self.read("bare.yaml"))
                again = self.value(self.program("-q", "-f", "bare.yaml").stdout)
                self.demand_same_but_order(again, self.value(text))

    def demand_same_but_order(self, one, other):
        """The same, but for the order of lists with names and the record."""
        def plain(value):
            if isinstance(value, dict):
                return {key: plain(inner) for key, inner in value.items() if not key.endswith("/injection")}
            if isinstance(value, list):
                return sorted(map(plain, value), key=lambda item: json.dumps(item, sort_keys=True))
            return value
        self.assertEqual(plain(one), plain(other))

    def test_adopted(self):
        """A setting makes it so: that is written, and the manifest stays as it is but for its record."""
        for name, (change, settings) in self.adopted.items():
            with self.subTest(name):
                text = self.changed(name, change)
                refused = self.program("--check", "-f", "x.yaml", code=65).stderr
                for setting in settings:
                    self.assertIn(setting, refused)
                self.program("-i", "-q", "--adopt", "-f", "x.yaml")
                self.assertEqual(self.without_record(self.read()), self.without_record(text))
                view = self.program("config", "view", "x.yaml").stdout
                for setting in settings:
                    self.assertIn(setting.partition("=")[2], view)
                self.demand_clean_and_reversible()
                self.demand_thrown_away(name, change)

    def test_thrown_away(self):
        """No setting makes it so: it stays until it is forced out, and the result is what was injected."""
        for name, change in self.without_settings.items():
            with self.subTest(name):
                text = self.changed(name, change)
                self.assertIn("no setting makes", self.program("--check", "-f", "x.yaml", code=65).stderr)
                self.program("-i", "-q", "--adopt", "-f", "x.yaml", code=65)
                self.program("-i", "-q", "-f", "x.yaml", code=65)
                self.program("uninject", "-i", "-q", "-f", "x.yaml", code=65)
                self.assertEqual((self.read(), self.read(".vault-inject.yaml")), (text, SETTINGS))
                self.demand_thrown_away(name, change)

    def demand_thrown_away(self, name, change):
        self.changed(name, change)
        said = self.program("-i", "--force", "-f", "x.yaml").stderr
        self.assertRegex(said, "thrown away|injected again")
        self.assertEqual(self.value(self.read()), self.value(self.injected))
        self.assertEqual(self.read(".vault-inject.yaml"), SETTINGS)
        self.demand_clean_and_reversible()
        self.changed(name, change)
        bare = self.program("uninject", "--force", "-q", "-f", "x.yaml").stdout
        self.assertEqual(self.value(bare), self.value(self.asks))

    def demand_clean_and_reversible(self):
        self.program("--check", "-q", "-f", "x.yaml")
        bare = self.program("uninject", "-q", "-f", "x.yaml").stdout
        self.assertEqual(self.value(bare), self.value(self.asks))

    @staticmethod
    def without_record(text):
        return re.sub(r"(?m)^.*/injection: .*\n", "", text)

    adopted = {
        "an image": (replaced("hashicorp/vault:2.", "hashicorp/vault:3."), ["image=hashicorp/vault:3."]),
        "another registry": (
            replaced("image: hashicorp/vault:", "image: registry.example.com:5000/vault:"),
            ["image=registry.example.com:5000/vault:"]),
        "resources": (
            lambda text: re.sub(r"cpu: (500|200)m", "cpu: 700m", re.sub("memory: (80|128)Mi", "memory: 300Mi", text)),
            ["limits.cpu=700m", "limits.memory=300Mi"]),
        "a user": (replaced("runAsUser: 100\n", "runAsUser: 1234\n"), ["security.runAsUser=1234"]),
        "an address": (replaced("https://vault.example.com", "https://other.example.com"),
                       ["vault.address=https://other.example.com"]),
    }
    without_settings = {
        "a volume taken out": rewritten(lambda value, pod: pod["volumes"].remove(
            next(volume for volume in pod["volumes"] if volume["name"] == "tvsi-agent"))),
        "a variable for the agent": rewritten(lambda value, pod: container(pod, "tvsi-vault-agent")["env"].append(
            {"name": "HTTPS_PROXY", "value": "http://proxy"})),
        "the agent taken out": rewritten(lambda value, pod: pod["containers"].remove(container(pod, "tvsi-vault-agent"))),
        "a mount of the agent": rewritten(lambda value, pod: container(pod, "tvsi-vault-agent")["volumeMounts"].append(
            {"name": "tvsi-agent", "mountPath": "/more"})),
        "a command": rewritten(lambda value, pod: container(pod, "tvsi-vault-agent")["command"].__setitem__(2, "exit 0")),
        "a file system that can be written": replaced("readOnlyRootFilesystem: true", "readOnlyRootFilesystem: false"),
        "a mount of the application": rewritten(lambda value, pod: container(pod, "web").pop("volumeMounts")),
    }


class HandChangesOfHashiCorpsPods(HandChanges):
    asks, agent = HASHICORP, "vault-agent"
    adopted = {name: case for name, case in HandChanges.adopted.items() if name != "an address"}
    without_settings = {
        "a volume taken out": rewritten(lambda value, pod: pod["volumes"].remove(
            next(volume for volume in pod["volumes"] if volume["name"] == "home-sidecar"))),
        "a variable for the agent": rewritten(lambda value, pod: container(pod, "vault-agent")["env"].append(
            {"name": "HTTPS_PROXY", "value": "http://proxy"})),
        "variables in another order": rewritten(variables_reversed),
        "the agent taken out": rewritten(lambda value, pod: pod["containers"].remove(container(pod, "vault-agent"))),
        "the init container taken out": rewritten(lambda value, pod: pod["initContainers"].pop()),
        "a mount of the agent": rewritten(lambda value, pod: container(pod, "vault-agent")["volumeMounts"].append(
            {"name": "home-sidecar", "mountPath": "/more"})),
        "an image of one of the two": rewritten(lambda value, pod: container(pod, "vault-agent").update(image="other:1")),
        "a file system that can be written": replaced("readOnlyRootFilesystem: true", "readOnlyRootFilesystem: false"),
        "a mount of the application": rewritten(lambda value, pod: container(pod, "web").pop("volumeMounts")),
    }
