"""Static secrets: read once, before the application starts."""

import images
from case import HELPER_IMAGE, INIT, Case

HELPER = "tvsi-env-init"
VALUES = {
    "PLAIN": "value", "SPACES": "  two  words ", "EQUALS": "a=b==c", "DOLLAR": "$HOME ${HOME} $(id) $$ `id`",
    "QUOTES": "\"double\" 'single' \\ back", "UMLAUT": "größe", "dotted.key-1": "dots", "EMPTY": "", "line": "l",
    "key": "k", "file": "f", "-u": "dash", "IFS": "x", "two words": "w",
}
EXPECTED = {key: value.strip() for key, value in VALUES.items()}


def environment(text):
    """What `env` prints, as a map."""
    return dict(line.split("=", 1) for line in text.splitlines() if "=" in line)


class Static(Case):
    def setUp(self):
        super().setUp()
        self.vault.kubernetes_role("app", "app")

    def check_environment(self, image, command, *arguments):
        self.vault.write("secret/odd", **VALUES)
        pod = self.run_workload(
            {"role": "app", "secrets-type": "static", "secrets-injection-method": "env", "secrets-path": "secret/odd"},
            *arguments, image=image, command=command, kind="Job")
        self.wait_for_end(pod)
        self.assertEqual(pod.phase, "Succeeded", pod.logs())
        found = environment(pod.log("app"))
        self.assertEqual({key: found.get(key) for key in EXPECTED}, EXPECTED)

    def test_files_are_there_before_the_application_starts_and_the_token_is_gone(self):
        self.vault.write("secret/first", user="alice")
        self.vault.write("kv/second", user="bob")
        pod = self.run_workload(
            {"role": "app", "secrets-type": "static", "secrets-path": "secret/first,kv/data/second",
             "secrets-destination": "one,two"},
            script="cat /opt/talend/secrets/one /opt/talend/secrets/two; exec sleep 1000",
            pod={"terminationGracePeriodSeconds": 1, "initContainers": [
                {"name": "migrate", "image": "busybox:1", "command": ["cat", "/opt/talend/secrets/one"]}]})
        self.wait_for_log(pod, "app", "user=alice\nuser=bob\n")
        self.assertEqual(pod.log("migrate"), "user=alice\n")
        self.assertEqual(pod.codes, {INIT: 0, "migrate": 0})
        self.assertEqual(self.vault.tokens(), [])

    def test_environment_with_dash(self):
        self.check_environment("registry.test/app:1", ["env"])

    def test_environment_with_busybox(self):
        self.check_environment("busybox:1", ["env"])

    def test_environment_written_with_bash(self):
        self.check_environment("registry.test/app:1", ["env"], "--set", "image=registry.test/bash-vault:1")

    def test_environment_without_a_shell(self):
        if not (images.TOOLS / "vaultinjector-env").exists():
            self.skipTest("no C compiler for the static helper")
        self.check_environment("registry.test/no-shell/printer:1", ["/app/env"],
                               "--set", f"{HELPER_IMAGE}=registry.test/vaultinjector-env:1")

    def test_environment_of_a_script_and_its_arguments(self):
        self.vault.write("secret/first", USER_NAME="alice")
        pod = self.run_workload(
            {"role": "app", "secrets-type": "static", "secrets-injection-method": "env",
             "secrets-path": "secret/first"},
            kind="Job", command=["sh", "-c", 'echo "$USER_NAME|$1|$2"; exit 3', "sh"],
            container={"args": ["two words", "*"]})
        self.wait_for_end(pod)
        self.assertEqual(pod.log("app"), "alice|two words|*\n")
        self.assertEqual(pod.codes, {INIT: 0, HELPER: 0, "app": 3})

    def test_several_files_and_lines_that_are_none(self):
        self.vault.write("secret/first", user="alice")
        template = "A = 1 \n\n# no assignment\n=nothing\n  B\t=\t2\r\nlast=3---{{ with secret \"secret/first\" }}" \
            "C={{ .Data.user }}{{ end }}"
        pod = self.run_workload(
            {"role": "app", "secrets-type": "static", "secrets-injection-method": "env",
             "secrets-template": template, "secrets-destination": "one,.two", "secrets-path": "unused"},
            kind="Job", command=["env"])
        self.wait_for_end(pod)
        found = environment(pod.log("app"))
        self.assertEqual([found.get(key) for key in ("A", "B", "C", "last")], ["1", "2", "alice", "3"], pod.logs())
        self.assertNotIn("# no assignment", found)

    def test_secrets_that_do_not_exist_keep_the_application_from_starting(self):
        pod = self.run_workload({"role": "app", "secrets-type": "static", "secrets-path": "secret/missing"})
        self.wait_for_log(pod, INIT, "no secret exists at secret/missing")
        self.assertNotIn("app", pod.containers)
        pod.delete()
        self.assertEqual(pod.codes[INIT], 143)
