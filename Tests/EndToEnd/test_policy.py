"""What `policy` writes, written into OpenBao: every example gets its secrets, and with any one line taken out one fails."""

import json
import os
import re
import unittest
import urllib.parse
from pathlib import Path

import injection
import manifests
from case import Case
from harness import processes
from harness.places import EXAMPLES
from needs import bao
from vault_server import ROOT_TOKEN

# What the templates of the examples take of their secrets.
FIELDS = {name: f"value of {name}" for name in (
    "user", "password", "key", "value", "pem", "a", "username", "DATABASE_PASSWORD", "QUEUE_PASSWORD")}
# What the examples' applications ask through their agents, which no manifest tells.
BY_HAND = {"cards": 'path "transit/encrypt/cards" { capabilities = ["update"] }'}
# What the applications of pods say that need no line, or more than files.
SAID = {
    "proxy.yaml": ("cards", "cards: encrypted without a token of our own"),
    "list.yaml": ("newsletter", "newsletter: read the same through the proxy"),
    "pod.json": ("console", "0\n"),
}
# The volumes that hold the tokens of service accounts and agents.
TOKENS = ("vault-agent-token", "tvsi-sa-token", "tvsi-agent")
DENIED = re.compile(r"permission denied|Code: 403|status 403", re.IGNORECASE)


class PolicyCase(Case):
    # HashiCorp's agents leave their tokens to expire.
    revokes_tokens = False

    def policies(self, path, *options):
        """What is written of the pods of a manifest, for machines."""
        done = injection.run("policy", "-f", path, "-o", "json", "--kv", "secret=1", *options)
        self.assertEqual(done.code, 0, done.err)
        return json.loads(done.out)["policies"]

    def write_all(self, path, *options):
        """Has OpenBao's own program write policies and roles, by the script that is printed."""
        done = injection.run(
            "policy", "-f", path, "-o", "commands", "--kv", "secret=1", "--set", "program=bao", *options)
        self.assertEqual(done.code, 0, done.err)
        address = {"BAO_ADDR": self.vault.address, "BAO_TOKEN": ROOT_TOKEN, "VAULT_ADDR": self.vault.address,
                   "VAULT_TOKEN": ROOT_TOKEN, "PATH": f"{Path(bao()).parent}:{os.environ['PATH']}"}
        self.check_program("sh", "-c", done.out, env=address)

    def write_policy(self, name, text):
        self.vault.call("PUT", f"sys/policies/acl/{name}", {"policy": text})

    def write_secrets(self, policies):
        for rule in (rule for policy in policies for rule in policy["rules"]):
            path = rule["path"].replace("kv/data/", "kv/")
            if path.startswith(("kv/", "secret/")):
                self.vault.write(path, **FIELDS)

    def start_pods(self, path, *options):
        manifests_of = injection.inject(path, "--vault-addr", self.vault.address, *options)
        for item in manifests_of:
            if item["kind"] == "ConfigMap":
                self.cluster.objects[("configMap", item["metadata"]["name"])] = item.get("data", {})
        pods = [injection.pod_template(item) for item in injection.workloads(manifests_of)]
        return [self.start(*pod) for pod in pods if self.is_injected(pod)]

    @staticmethod
    def is_injected(pod):
        metadata, _ = pod
        return any(key.endswith(("/injection", "agent-inject-status")) for key in metadata.get("annotations", {}))

    def is_served(self, pod, policies):
        """Whether every file is there that a line of the policies is needed for."""
        names = {need["file"] for policy in policies for rule in policy["rules"] for need in rule["neededBy"]}
        return all(self.finds(pod, name) for name in names)

    @staticmethod
    def finds(pod, name):
        # Of the files of a ConfigMap's templates the names are not told.
        is_configured = " of the ConfigMap " in name
        found = (pod.folder / "volumes").glob("vault-secrets/*" if is_configured else f"*/{Path(name).name}")
        return any(path.stat().st_size for path in found if path.parent.name not in TOKENS)

    def agents_logs(self, pod):
        return "\n".join(pod.log(name) for name in list(pod.order) if name.startswith(("tvsi-", "vault-agent")))

    def wait_for_files(self, pod, policies):
        self.wait(pod, lambda: self.is_served(pod, policies), "the files of every line")

    def wait_for_denial(self, pod, policies):
        self.wait(pod, lambda: DENIED.search(self.agents_logs(pod)), "Vault to refuse something")
        self.assertFalse(self.is_served(pod, policies), pod.logs())

    def stop(self, pods):
        for pod in pods:
            pod.spec["terminationGracePeriodSeconds"] = 1
            pod.delete()
            self.pods.remove(pod)

    # Examples

    def check(self, path, *options):
        policies = self.policies(path, *options)
        self.write_secrets(policies)
        self.vault.call("POST", "transit/keys/cards", {})
        self.write_all(path, *options)
        for policy in policies:
            self.give_app_role(policy)
            for name, rules in BY_HAND.items():
                if policy["role"].get("name") == name:
                    self.write_policy(policy["name"], policy["hcl"] + rules)
        pods = self.start_pods(path, *options)
        self.assertTrue(pods)
        for pod in pods:
            self.wait_for_files(pod, policies)
            container, text = SAID.get(path.name, ("", ""))
            if container in [spec["name"] for spec in pod.spec["containers"]]:
                self.wait_for_log(pod, container, text)
            else:
                self.assertTrue(any(policy["rules"] for policy in policies), path)
        self.stop(pods)
        for policy in policies:
            for rule in policy["rules"]:
                with self.subTest(without=rule["path"]):
                    self.check_without(rule, policy, policies, path, *options)

    def check_without(self, rule, policy, policies, path, *options):
        """Takes one line out of a policy, and finds that it was needed."""
        parts = re.split(r"(?m)^(?=path )", policy["hcl"])
        rest = [part for part in parts if self.path_of(part) != rule["path"]]
        self.assertEqual(len(rest), len(parts) - 1)
        self.write_policy(policy["name"], "".join(rest))
        pods = self.start_pods(path, *options)
        for pod in pods:
            self.wait_for_denial(pod, policies)
        self.write_policy(policy["name"], policy["hcl"])
        for pod in pods:
            # A container that is held back by a hook cannot be stopped before its files are there.
            if any("lifecycle" in container for container in pod.spec["containers"]):
                self.wait_for_files(pod, policies)
        self.stop(pods)

    @staticmethod
    def path_of(part):
        """The path of a rule; None for what stands before the first."""
        found = re.match(r'path ("(?:[^"\\]|\\.)*") ', part)
        return found and json.loads(found[1])

    def check_refusal(self, path, role):
        """Finds that Vault refuses what an application asks through its agent, until somebody allows it by hand."""
        policy, = self.policies(path)
        self.assertEqual(len(policy["untold"]), 1)
        self.write_all(path)
        self.vault.call("POST", "transit/keys/cards", {})
        pod, = self.start_pods(path)
        container, text = SAID[path.name]
        self.wait(pod, lambda: self.agents_logs(pod).count("forwarding request") > 2, "the application to ask again")
        self.assertNotIn(text, pod.log(container))
        self.write_policy(policy["name"], policy["hcl"] + BY_HAND[role])
        self.wait_for_log(pod, container, text)
        self.stop([pod])

    def give_app_role(self, policy):
        """The role of an AppRole is not told: its ids are what the pods have."""
        if policy["role"]["method"] != "approle":
            return
        self.vault.call("POST", "auth/approle/role/billing", {"token_policies": [policy["name"]]})
        role = self.vault.call("GET", "auth/approle/role/billing/role-id")["data"]["role_id"]
        secret = self.vault.call("POST", "auth/approle/role/billing/secret-id", {})["data"]["secret_id"]
        self.cluster.objects[("secret", "billing-approle")] = {"role-id": role, "secret-id": secret}


class PolicyExamples(PolicyCase):
    """Each example is a test, made below."""

    def test_what_is_not_told_is_refused(self):
        self.check_refusal(EXAMPLES / "proxy.yaml", "cards")


def example_test(path):
    def test(self):
        self.check(path)

    return test


for example in sorted([*EXAMPLES.glob("*.yaml"), *EXAMPLES.glob("*.json"), *EXAMPLES.glob("hashicorp/*")]):
    where = "" if example.parent == EXAMPLES else "hashicorp_"
    setattr(PolicyExamples, f"test_{where}{example.stem.replace('-', '_')}", example_test(example))


class PolicySpellings(PolicyCase):
    """Paths and roles that have to be quoted, and what is more than reading."""

    dialect = manifests.HASHICORP

    def check_template(self, template, files, kinds, *options):
        path = manifests.workload(
            self.folder, {"role": "spell", "agent-inject-template-f": template}, dialect=self.dialect)
        policies = self.policies(path, *options)
        rules = [(rule["path"], rule["capabilities"]) for rule in policies[0]["rules"]]
        self.assertEqual(rules, kinds)
        for name, values in files.items():
            self.vault.write(name, **values)
        self.write_all(path, *options)
        pods = self.start_pods(path)
        self.wait_for_files(pods[0], policies)
        self.stop(pods)
        for rule in policies[0]["rules"]:
            with self.subTest(without=rule["path"]):
                self.check_without(rule, policies[0], policies, path)

    def test_signs_in_paths(self):
        asked = ["it's", "a b", "é", "semi;colon", "(id)", "${v}", "$(id)", "a.b"]
        template = "".join(
            f'{{{{ with secret "kv/data/{name}" }}}}{{{{ .Data.data.user }}}}{{{{ end }}}}' for name in asked)
        self.check_template(
            template, {f"kv/{urllib.parse.quote(name)}": FIELDS for name in asked},
            sorted((f"kv/data/{name}", ["read"]) for name in asked))

    def test_vault_tells_the_versions(self):
        """Engines of either version, one deep, one that is no KV engine, and one that is not there."""
        self.vault.call("POST", "sys/mounts/team/kv", {"type": "kv", "options": {"version": "2"}})
        self.addCleanup(self.vault.call, "DELETE", "sys/mounts/team/kv")
        paths = ["secret/one", "kv/two", "team/kv/three", "transit/four", "nowhere/five"]
        template = "".join(f'{{{{ with secret "{path}" }}}}{{{{ .Data.x }}}}{{{{ end }}}}' for path in paths)
        path = manifests.workload(
            self.folder, {"role": "spell", "agent-inject-template-f": template}, dialect=self.dialect)
        asked = self.paths_of(path, "--ask-vault")
        self.assertEqual(asked, self.paths_of(path, "--kv", "secret=1,kv=2,team/kv=2"))
        self.assertEqual(asked, ["kv/data/two", "nowhere/five", "secret/one", "team/kv/data/three", "transit/four"])
        self.assertEqual(
            self.paths_of(path, "--ask-vault", "--kv", "kv=1"),
            ["kv/two", "nowhere/five", "secret/one", "team/kv/data/three", "transit/four"])

    def paths_of(self, path, *options):
        done = processes.run(
            [injection.PROGRAM, "policy", "-f", str(path), "-o", "json", *options], "", timeout=60,
            env={**os.environ, "VAULT_ADDR": self.vault.address, "VAULT_TOKEN": ROOT_TOKEN})
        self.assertEqual(done.code, 0, done.err)
        self.assertNotIn(ROOT_TOKEN, done.out + done.err)
        [policy] = json.loads(done.out)["policies"]
        return [rule["path"] for rule in policy["rules"]]

    def test_lists(self):
        self.check_template(
            '{{ range secrets "kv/metadata/listed" }}{{ . }}{{ end }}', {"kv/listed/one": FIELDS},
            [("kv/metadata/listed", ["list"])])

    def test_the_agent_puts_data_into_lists_and_reads(self):
        self.check_template(
            '{{ range secrets "kv/listed" }}{{ . }}{{ end }}{{ with secret "kv/listed/one" }}{{ .Data.data.user }}{{ end }}',
            {"kv/listed/one": FIELDS},
            [("kv/data/listed/one", ["read"]), ("kv/metadata/listed", ["list"])], "--kv", "kv=2")

    def test_writes(self):
        self.vault.call("POST", "transit/keys/spell", {})
        self.check_template(
            '{{ with secret "transit/encrypt/spell" "plaintext=eA==" }}{{ .Data.ciphertext }}{{ end }}', {},
            [("transit/encrypt/spell", ["update"])])

    def test_writes_of_kv(self):
        self.vault.call("DELETE", "kv/metadata/made")
        self.check_template(
            '{{ with secret "kv/data/made" "x=1" }}{{ .Data.version }}{{ end }}', {},
            [("kv/data/made", ["create", "update"])])


if __name__ == "__main__":
    unittest.main()
