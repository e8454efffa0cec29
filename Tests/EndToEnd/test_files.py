"""Dynamic secrets as files."""

import json

from case import AGENT, SECRETS, Case


class Files(Case):
    def setUp(self):
        super().setUp()
        self.vault.kubernetes_role("app", "app")

    def test_first_kv_engine_gives_lines(self):
        self.vault.write("secret/first", user="alice", password='p w "q" = $x ${y} \\')
        pod = self.run_workload({"role": "app", "secrets-path": "secret/first"})
        self.wait_for_file(pod, "secrets.properties", 'password=p w "q" = $x ${y} \\\nuser=alice\n')

    def test_second_kv_engine_gives_lines_without_its_wrapper(self):
        self.vault.write("kv/second", user="bob", number=7)
        pod = self.run_workload({"role": "app", "secrets-path": "kv/data/second"})
        self.wait_for_file(pod, "secrets.properties", "number=7\nuser=bob\n")

    def test_first_kv_engine_may_hold_keys_called_data_and_metadata(self):
        self.vault.write("secret/wrapped", data="d", metadata="m")
        pod = self.run_workload({"role": "app", "secrets-path": "secret/wrapped"})
        self.wait_for_file(pod, "secrets.properties", "data=d\nmetadata=m\n")

    def test_a_change_is_rendered_and_notified_once(self):
        self.vault.write("kv/changing", value="1")
        self.vault.write("kv/still", value="1")
        pod = self.run_workload({
            "role": "app", "secrets-path": "kv/data/changing,kv/data/still", "secrets-destination": "changing,still",
            "notify": "echo c >> /opt/talend/secrets/notes,echo s >> /opt/talend/secrets/notes",
        })
        self.wait_for_file(pod, "changing", "value=1\n")
        self.wait_for_file(pod, "still", "value=1\n")
        notes = pod.volume(SECRETS) / "notes"
        self.wait(pod, lambda: notes.exists() and sorted(notes.read_text()) == ["\n", "\n", "c", "s"], "two notes")
        for number in "23":
            self.vault.write("kv/changing", value=number)
            self.wait_for_file(pod, "changing", f"value={number}\n")
        self.wait(pod, lambda: notes.read_text().count("c") == 3, "three notes of the changing secret")
        self.assertEqual(notes.read_text().count("s"), 1)

    def test_templates_and_destinations_go_together(self):
        self.vault.write("kv/a", user="alice")
        self.vault.write("secret/b", key="B")
        template = '{{ with secret "kv/data/a" }}{{ .Data.data | toJSON }}{{ end }}---' \
            '{{ with secret "secret/b" }}key is {{ .Data.key }}{{ end }}---fixed $$ $(HOME) ${HOME} \\u0041'
        pod = self.run_workload({
            "role": "app", "secrets-path": "unused", "secrets-template": template,
            "secrets-destination": "a.json,folder/b,fixed"}, labels={
                "com.talend.application": "x", "com.talend.service": "y"})
        self.wait_for_file(pod, "a.json", '{"user":"alice"}\n')
        self.wait_for_file(pod, "folder/b", "key is B\n")
        self.wait_for_file(pod, "fixed", "fixed $$ $(HOME) ${HOME} \\u0041\n")

    def test_lines_that_end_here_documents_arrive(self):
        template = "END\nEND_\nTEMPLATE\n  TEMPLATE\nEND---'END'\nEND"
        for image in ("hashicorp/vault:1", "registry.test/bash-vault:1"):
            with self.subTest(image=image):
                pod = self.run_workload(
                    {"role": "app", "secrets-template": template, "secrets-destination": "a,b"},
                    "--set", f"image={image}", labels={"com.talend.application": "x", "com.talend.service": "y"})
                self.wait_for_file(pod, "a", "END\nEND_\nTEMPLATE\n  TEMPLATE\nEND\n")
                self.wait_for_file(pod, "b", "'END'\nEND\n")

    def test_odd_characters_arrive(self):
        self.vault.write("secret/with%20space", key="value")
        pod = self.run_workload({
            "role": "app", "secrets-path": "secret/with space", "secrets-destination": "two words $(x) ${y}.txt",
            "notify": 'printf "%s" "a\\"b $HOME $(echo c) $$" > "/opt/talend/secrets/note"'})
        self.wait_for_file(pod, "two words $(x) ${y}.txt", "key=value\n")
        note = self.wait_for_file(pod, "note")
        self.assertRegex(note, r'^a"b /home/vault c \d+$')

    def test_hook_holds_the_application_back(self):
        self.vault.write("secret/first", user="alice")
        pod = self.run_workload(
            {"role": "app", "secrets-path": "secret/first,secret/late", "secrets-destination": "a,b",
             "secrets-hook": "true"},
            pod={"containers": [
                {"name": "app", "image": "busybox:1", "command": ["sh", "-c", "exec sleep 1000"]},
                {"name": "next", "image": "busybox:1", "command": ["sh", "-c", "ls /opt/talend/secrets; exec sleep 99"]},
            ], "terminationGracePeriodSeconds": 1})
        self.wait_for_file(pod, "a", "user=alice\n")
        self.assertNotIn("next", pod.containers)
        self.vault.write("secret/late", user="bob")
        self.wait_for_log(pod, "next", "a\nb\n")

    def test_wrong_role_is_named_in_the_log(self):
        pod = self.run_workload({"role": "nobody", "secrets-path": "secret/first"})
        self.wait_for_log(pod, AGENT, "nobody")
        self.assertIn("error authenticating", pod.log(AGENT))

    def test_odd_role_reaches_the_server_as_it_is(self):
        role = 'a "b" \\c $d ${e} $(HOME) $$ \'f\''
        pod = self.run_workload({"role": role, "secrets-path": "secret/first"})
        quoted = role.replace("\\", "\\\\").replace('"', '\\"')
        self.wait(pod, lambda: "error authenticating" in pod.log(AGENT), "an error")
        lines = [json.loads(line) for line in pod.log(AGENT).splitlines() if line.startswith("{")]
        errors = [line["error"] for line in lines if line["@message"] == "error authenticating"]
        self.assertIn(f'invalid role name "{quoted}"', errors[0])

    def test_wrong_account_is_refused(self):
        pod = self.run_workload({"role": "app", "secrets-path": "secret/first"}, account="stranger")
        self.wait_for_log(pod, AGENT, "service account name not authorized")

    def test_token_of_a_killed_agent_is_revoked_by_the_next(self):
        self.vault.write("secret/first", user="alice")
        pod = self.run_workload({"role": "app", "secrets-path": "secret/first"})
        self.wait_for_file(pod, "secrets.properties")
        (killed, _), = self.vault.tokens()
        pod.containers[AGENT].signal(9)
        self.wait(pod, lambda: pod.restarts.get(AGENT) == 1, "a restart")
        self.wait(pod, lambda: [accessor for accessor, _ in self.vault.tokens()] not in ([], [killed]), "a new token")
        self.assertNotIn(killed, [accessor for accessor, _ in self.vault.tokens()])

    def test_bash_as_shell(self):
        self.vault.write("secret/first", user="alice")
        pod = self.run_workload(
            {"role": "app", "secrets-path": "secret/first", "vault-image": "registry.test/bash-vault:1"},
            "--set", "image=registry.test/bash-vault:1")
        self.wait_for_file(pod, "secrets.properties", "user=alice\n")
        pod.delete()
        self.assertEqual(pod.codes[AGENT], 0)
