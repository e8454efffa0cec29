"""Secrets in the environment of applications that speak HashiCorp's dialect."""

import base64
import json

import images
import manifests
from case import HELPER_IMAGE, Case
from harness.layouts import Layout
from harness.places import EXAMPLES

AGENT, INIT, HELPER = "vault-agent", "vault-agent-init", "vault-agent-env"
QUICK = {"terminationGracePeriodSeconds": 2}
BYTES = bytes(range(1, 256))
VALUES = {
    "PLAIN": "value", "SPACES": "  two  words ", "EQUALS": "a=b==c", "DOLLAR": "$HOME ${HOME} $(id) $$ `id`",
    "QUOTES": "\"double\" 'single' '\\'' \\ back", "UMLAUT": "größe 😀", "dotted.key-1": "dots", "EMPTY": "",
    "LINES": "one\n\n  two\r\nthree\n\n", "set": "-- 'x' \"$@\"", "-u": "dash", "IFS": "x", "two words": "w",
    "it's": "key", "TRUE": True, "NUMBER": 1234567, "LIST": [1, "it's"], "MAP": {"a": {"b": "<c>"}}, "NULL": None,
}
EXPECTED = {
    **VALUES, "TRUE": "true", "NUMBER": "1234567", "LIST": '[1,"it\'s"]', "MAP": '{"a":{"b":"\\u003cc\\u003e"}}',
    "NULL": "",
}
# What an application has to be to show its variables, whatever is in its image.
SHELLS = {
    "dash": ("registry.test/app:1", ["env", "-0"]),
    "busybox": ("busybox:1", ["env", "-0"]),
    "none": ("registry.test/no-shell/printer:1", ["/app/env", "-0"]),
}


def environment(data):
    """What `env -0` prints, as a map of bytes."""
    return dict(item.split(b"=", 1) for item in data.split(b"\0") if b"=" in item)


class Variables(Case):
    secrets = "vault-secrets"
    dialect = manifests.HASHICORP
    revokes_tokens = False

    def setUp(self):
        super().setUp()
        self.vault.kubernetes_role("app", "app")
        self.vault.write("secret/odd", **VALUES)
        self.vault.write("kv/odd", **VALUES)
        self.vault.write("secret/first", username="alice", password="p'w\n", binary=base64.b64encode(BYTES).decode())

    def run_pod(self, annotations, *arguments, **options):
        pod = {**QUICK, **options.pop("pod", {})}
        return self.run_workload({"role": "app", **annotations}, *arguments, pod=pod, **options)

    def output(self, pod, container="app"):
        return pod.containers[container].log_path.read_bytes()

    def variables(self, shell, annotations, *arguments, **options):
        """The variables of an application that has ended."""
        image, command = SHELLS[shell]
        if shell == "none":
            self.assertTrue((images.TOOLS / "vaultinjector-env").exists(), "no C compiler for the static helper")
            arguments = (*arguments, "--set", f"{HELPER_IMAGE}=registry.test/vaultinjector-env:1")
        pod = self.run_pod(annotations, *arguments, image=image, command=command, kind="Job", **options)
        self.wait_for_end(pod)
        self.assertEqual(pod.phase, "Succeeded", pod.logs())
        self.assertEqual(pod.order, [INIT, HELPER, "app"] if shell == "none" else [INIT, "app"])
        found = environment(self.output(pod))
        self.assertFalse((pod.folder / "volumes/home-sidecar").exists())
        return found

    def assert_holds(self, found, expected):
        expected = {key.encode(): value.encode() if isinstance(value, str) else value
                    for key, value in expected.items()}
        self.assertEqual({key: found.get(key) for key in expected}, expected)

    def each_shell(self):
        for shell in SHELLS:
            with self.subTest(shell=shell):
                yield shell


class Forms(Variables):
    def test_all_secrets(self):
        for shell in self.each_shell():
            found = self.variables(
                shell, {"agent-inject-secret-odd": "secret/odd", "agent-inject-secret-first": "secret/first",
                        "agent-inject-env": "true"})
            self.assert_holds(found, {**EXPECTED, "username": "alice", "password": "p'w\n"})

    def test_all_fields_of_the_second_engine_with_a_prefix(self):
        for shell in self.each_shell():
            found = self.variables(shell, {"agent-inject-secret-odd": "kv/data/odd", "agent-inject-env-odd": "MY_"})
            self.assert_holds(found, {f"MY_{key}": value for key, value in EXPECTED.items()})
            self.assertNotIn(b"MY_data", found)

    def test_chosen_fields_with_any_bytes(self):
        for shell in self.each_shell():
            found = self.variables(
                shell, {"agent-inject-secret-first": "secret/first",
                        "agent-inject-env-first": "DB_USER=username, DB_PASSWORD=password,BYTES=binary|base64Decode"})
            self.assert_holds(found, {"DB_USER": "alice", "DB_PASSWORD": "p'w\n", "BYTES": BYTES})
            self.assertNotIn(b"username", found)

    def test_references_in_the_environment(self):
        for shell in self.each_shell():
            found = self.variables(
                shell, {"agent-inject-secret-odd": "kv/data/odd", "agent-inject-env-odd": "true"},
                container={"env": [{"name": "PASSWORD", "value": "vault:secret/first#password"},
                                   {"name": "QUOTES", "value": "vault:kv/data/odd#two words"},
                                   {"name": "HOST", "value": "vault:8200"}, {"name": "NUMBER", "value": "0"}]})
            self.assert_holds(found, {**EXPECTED, "PASSWORD": "p'w\n", "QUOTES": "w", "HOST": "vault:8200"})

    def test_the_configuration_as_text(self):
        found = self.variables("busybox", {"agent-inject-secret-odd": "secret/odd", "agent-inject-env-odd": "true"},
                               "--set", "agent.configuration=text")
        self.assert_holds(found, EXPECTED)

    def test_another_folder_with_spaces(self):
        for shell in self.each_shell():
            found = self.variables(
                shell, {"agent-inject-secret-odd": "secret/odd", "agent-inject-env": "true",
                        "secret-volume-path": "/my 'secrets"})
            self.assert_holds(found, EXPECTED)


class Containers(Variables):
    def test_the_entrypoint_of_an_image_and_the_arguments(self):
        for shell, image, words in (("dash", "registry.test/app:1", '["sh", "-c", "env -0; exit 3", "sh"]'),
                                    ("none", "registry.test/no-shell/printer:1", '["/app/env", "-0"]')):
            with self.subTest(shell=shell):
                path = manifests.workload(
                    self.folder, {"role": "app", "agent-inject-secret-first": "secret/first",
                                  "agent-inject-env": "true"},
                    dialect=self.dialect, kind="Job", image=image, command=["x"])
                path.write_text(path.read_text().replace('"command": [\n', '"x-command": [\n'))
                helper = ["--set", f"{HELPER_IMAGE}=registry.test/vaultinjector-env:1"] if shell == "none" else []
                pod = self.run_file(path, "--entrypoint", f"app={words}", *helper)
                self.wait_for_end(pod)
                self.assert_holds(environment(self.output(pod)), {"username": "alice"})
                self.assertEqual(pod.codes["app"], 0 if shell == "none" else 3)

    def test_the_example(self):
        self.vault.kubernetes_role("wallet", "wallet")
        self.vault.write("secret/wallet/db", username="alice", password="p'w")
        self.vault.write("secret/wallet/api", key="key")
        pod = self.run_file(EXAMPLES / "hashicorp/variables.yaml")
        self.wait_for_log(pod, "wallet", "alice has 3 letters, the key 3\n")

    def test_what_images_start_by_their_configuration(self):
        layout = Layout(self.folder / "layout")
        # In an image's words, unlike in `command`, dollars are what they are.
        script = 'printf "$1 $$(id) $(printf x) $((1 + 1))\\0"; env -0; exit 3'.replace("$$(id)", "$(printf y)")
        layout.add(layout.image(["sh", "-c", script, "sh"], ["from the image"]), "registry.test/app:1")
        for arguments in None, ["given"]:
            with self.subTest(arguments=arguments):
                path = manifests.workload(
                    self.folder, {"role": "app", "agent-inject-secret-first": "secret/first",
                                  "agent-inject-env": "true"},
                    dialect=self.dialect, kind="Job", image="registry.test/app:1", command=["x"],
                    container={"args": arguments} if arguments else {})
                path.write_text(path.read_text().replace('"command": [\n', '"x-command": [\n'))
                pod = self.run_file(path, "--image-config", self.folder / "layout")
                self.wait_for_end(pod)
                self.assertEqual(pod.codes["app"], 3)
                self.assert_holds(environment(self.output(pod)), {"username": "alice"})
                first = self.output(pod).split(b"\0")[0].decode()
                self.assertEqual(first, f"{arguments[0] if arguments else 'from the image'} y x 2")

    def test_files_and_variables(self):
        pod = self.run_pod(
            {"agent-inject-secret-first": "secret/first", "agent-inject-env-first": "USER_NAME=username",
             "agent-inject-file-first": "a file", "agent-inject-secret-odd": "secret/odd"},
            script='echo "$USER_NAME"; cat "/vault/secrets/a file"; exec sleep 1000')
        self.wait_for_log(pod, "app", "alice\n")
        self.wait_for_log(pod, "app", "username: alice\n")
        self.assertEqual(pod.order, [INIT, "app", AGENT])

    def test_containers_get_their_own(self):
        others = {"name": "other", "image": "busybox:1", "command": ["sh", "-c", "env -0; exec sleep 1000"],
                  "env": [{"name": "OTHER", "value": "vault:secret/first#username"}]}
        path = manifests.workload(
            self.folder, {"role": "app", "agent-inject-secret-odd": "secret/odd", "agent-inject-env-odd": "SET=set",
                          "agent-inject-containers": "app"},
            "env -0; exec sleep 1000", dialect=self.dialect, pod=QUICK,
            container={"env": [{"name": "OWN", "value": "vault:secret/first#password"}]})
        manifest = json.loads(path.read_text())
        manifest["spec"]["template"]["spec"]["containers"].append(others)
        path.write_text(json.dumps(manifest))
        pod = self.run_file(path)
        self.wait_for_log(pod, "app", "OWN=")
        self.wait_for_log(pod, "other", "OTHER=")
        self.wait(pod, lambda: self.output(pod).endswith(b"\0") and self.output(pod, "other").endswith(b"\0"), "both")
        own, other = environment(self.output(pod)), environment(self.output(pod, "other"))
        self.assert_holds(own, {"OWN": "p'w\n", "SET": VALUES["set"]})
        self.assert_holds(other, {"OTHER": "alice"})
        self.assertNotIn(b"OTHER", own)
        self.assertNotIn(b"OWN", other)
        self.assertNotIn(b"SET", other)

    def test_an_init_container_after_the_agent(self):
        pod = self.run_pod(
            {"agent-init-first": "true"}, script="exec sleep 1000",
            pod={"initContainers": [{
                "name": "migrate", "image": "busybox:1", "command": ["sh", "-c", 'echo "as $DB_USER"'],
                "env": [{"name": "DB_USER", "value": "vault:secret/first#username"}]}]})
        self.wait_for_log(pod, "migrate", "as alice\n")
        self.assertEqual(pod.order[:2], [INIT, "migrate"])

    def test_a_field_that_is_not_there_keeps_the_application_from_starting(self):
        pod = self.run_pod({"agent-inject-secret-first": "secret/first", "agent-inject-env-first": "A=missing"})
        self.wait_for_log(pod, INIT, "secret/first has no field missing")
        self.assertNotIn("app", pod.order)

    def test_a_byte_that_no_variable_can_hold(self):
        self.vault.write("secret/nul", value="a\0b")
        self.addCleanup(self.vault.call, "DELETE", "secret/nul")
        pod = self.run_pod({"agent-inject-secret-nul": "secret/nul", "agent-inject-env": "true"})
        self.wait_for_log(pod, INIT, "a variable cannot hold the byte 0")
        self.assertNotIn("app", pod.order)


class Changes(Variables):
    ANNOTATIONS = {"agent-inject-secret-changing": "kv/data/changing", "agent-inject-env-changing": "VALUE=value",
                   "agent-inject-env-on-change": "restart"}
    SCRIPT = "trap 'echo told; exit 0' TERM; echo \"value $VALUE\"; while :; do sleep 1 & wait $!; done"

    def change(self, *arguments, **options):
        self.vault.write("kv/changing", value="1")
        pod = self.run_pod(self.ANNOTATIONS, *arguments, **options)
        self.wait_for_log(pod, "app", "value 1\n")
        self.wait(pod, lambda: AGENT in pod.order, "the agent")
        self.vault.write("kv/changing", value="2")
        self.wait_for_log(pod, "app", "value 2\n", seconds=40)
        self.assertEqual(pod.restarts.get("app"), 1)
        return pod

    def test_the_application_is_started_again(self):
        pod = self.change(script=self.SCRIPT)
        self.assertIn("told\n", pod.log("app"))
        self.assertEqual(pod.order, [INIT, "app", AGENT])

    def test_it_is_with_a_native_sidecar_where_it_would_have_ended_well(self):
        pod = self.change("--sidecars", "native", script=self.SCRIPT, pod={"restartPolicy": "OnFailure"})
        self.assertIn("told\n", pod.log("app"))
        self.assertEqual(pod.order, [AGENT, "app"])

    def test_it_is_where_it_hears_nothing(self):
        for image in ("registry.test/app:1", "busybox:1"):
            with self.subTest(image=image):
                pod = self.change(image=image, script="trap '' TERM; echo \"value $VALUE\"; while :; do sleep 1; done")
                pod.delete()

    def test_it_is_by_the_static_helper(self):
        pod = self.change("--set", f"{HELPER_IMAGE}=registry.test/vaultinjector-env:1", script=self.SCRIPT)
        self.assertIn("told\n", pod.log("app"))
        self.assertEqual(pod.order, [INIT, HELPER, "app", AGENT])

    def test_signals_reach_it_and_its_code_is_the_container_s(self):
        for helper in ([], ["--set", f"{HELPER_IMAGE}=registry.test/vaultinjector-env:1"]):
            with self.subTest(helper=helper):
                self.vault.write("kv/changing", value="1")
                pod = self.run_pod(self.ANNOTATIONS, *helper,
                                   script="trap 'echo told; exit 7' TERM; echo $VALUE; while :; do sleep 1 & wait $!; done")
                self.wait_for_log(pod, "app", "1\n")
                self.wait(pod, lambda: AGENT in pod.order, "the agent")
                pod.delete()
                self.assertIn("told\n", pod.log("app"))
                self.assertEqual(pod.codes["app"], 7)

    def test_nothing_happens_unless_it_is_asked_for(self):
        self.vault.write("kv/changing", value="1")
        annotations = {**self.ANNOTATIONS, "agent-inject-env-on-change": "nothing"}
        pod = self.run_pod(annotations, script=self.SCRIPT)
        self.wait_for_log(pod, "app", "value 1\n")
        self.assertEqual(pod.order, [INIT, "app"])


class Preflight(Variables):
    """What is said before is what becomes of the application."""

    def preflight(self, fields):
        path = manifests.workload(
            self.folder, {"role": "app", "agent-inject-secret-first": "secret/first", "agent-inject-env-first": fields},
            dialect=self.dialect, container={"env": [{"name": "B", "value": "vault:kv/data/odd#EQUALS"}]})
        return self.inject("preflight", "-f", path, "--kubeconfig", self.cluster.kubeconfig(self.folder),
                           "--vault-addr", self.vault.address)

    def test_fields_that_are_there(self):
        done = self.preflight("A=username")
        self.assertEqual(done.code, 0, done.out + done.err)
        self.assertIn("secret/first", done.out)
        self.assertIn("kv/data/odd", done.out)

    def test_a_field_that_is_not(self):
        done = self.preflight("A=missing")
        self.assertEqual(done.code, 1, done.out + done.err)
        self.assertIn("missing", done.out)


class Conversions(Variables):
    def test_a_pod_of_bank_vaults(self):
        """It gets what the webhook's program would have read, versions and all."""
        # The engine keeps ten versions: of what no other test writes, the first is there.
        for value in ("value", "newer"):
            self.vault.write("kv/versions", PLAIN=value)
        path = manifests.workload(
            self.folder, {"vault-role": "app", "vault-env-from-path": "secret/first", "enable-json-log": "true"},
            dialect=("vault.security.banzaicloud.io", "vault-skip-verify"), kind="Job", command=["env", "-0"],
            container={"env": [{"name": "PASSWORD", "value": "vault:secret/first#password"},
                               {"name": "OLD", "value": "vault:kv/data/versions#PLAIN#1"},
                               {"name": "NEW", "value": "${vault:kv/data/versions#${.PLAIN}}"},
                               {"name": "NEWER", "value": "vault:kv/data/versions#${ .PLAIN }"},
                               {"name": "HOST", "value": "vault:8200"}]})
        done = self.inject("convert", "--from", "bank-vaults", "-i", path)
        self.assertEqual(done.code, 65, "references in references are not known")
        path.write_text(path.read_text().replace("#${.PLAIN}}", "#PLAIN}"))
        done = self.inject("convert", "--from", "bank-vaults", "-i", path)
        self.assertEqual(done.code, 0, done.err)
        pod = self.run_file(path)
        self.wait_for_end(pod)
        self.assertEqual(pod.phase, "Succeeded", pod.logs())
        self.assertEqual(pod.order, [INIT, "app"])
        self.assert_holds(environment(self.output(pod)), {
            "PASSWORD": "p'w\n", "OLD": "value", "NEW": "newer", "NEWER": "newer", "HOST": "vault:8200",
            "username": "alice"})
