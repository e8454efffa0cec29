"""Jobs that end, with the babysitter and with native sidecars."""

from case import AGENT, BABYSITTER, Case
from vault_server import free_port

SCRIPT = "until [ -s /opt/talend/secrets/secrets.properties ]; do sleep 0.1; done; cat /opt/talend/secrets/*; "


class Jobs(Case):
    def setUp(self):
        super().setUp()
        self.vault.kubernetes_role("app", "app")
        self.vault.write("secret/first", user="alice")
        self.cluster.pod_readers.add("system:serviceaccount:default:app")
        self.addCleanup(self.cluster.pod_readers.clear)

    def run_job(self, script, *arguments, policy="Never", annotations=None):
        annotations = {"role": "app", "mode": "job", "secrets-path": "secret/first", **(annotations or {})}
        pod = self.run_workload(annotations, "--sidecars", "container", *arguments, kind="Job", script=script,
                                pod={"restartPolicy": policy})
        self.wait_for_end(pod)
        return pod

    def test_a_job_that_succeeds(self):
        pod = self.run_job(SCRIPT)
        self.assertEqual(pod.codes, {"app": 0, AGENT: 0, BABYSITTER: 0}, pod.logs())
        self.assertEqual(pod.phase, "Succeeded")
        self.assertEqual(pod.log("app"), "user=alice\n")
        self.assertIn("Container app has ended", pod.log(BABYSITTER))
        self.assertEqual(self.vault.tokens(), [])

    def test_a_job_that_fails(self):
        pod = self.run_job(SCRIPT + "exit 7")
        self.assertEqual(pod.codes, {"app": 7, AGENT: 0, BABYSITTER: 0}, pod.logs())
        self.assertEqual(pod.phase, "Failed")
        self.assertEqual(self.vault.tokens(), [])

    def test_a_container_that_is_started_again_keeps_its_agent(self):
        again = "[ -e /opt/talend/secrets/again ] || { touch /opt/talend/secrets/again; exit 5; }"
        pod = self.run_job(SCRIPT + again, policy="OnFailure")
        self.assertEqual(pod.codes, {"app": 0, AGENT: 0, BABYSITTER: 0}, pod.logs())
        self.assertEqual(pod.restarts, {"app": 1})

    def test_a_job_without_secrets(self):
        pod = self.run_job("true", annotations={"mode": "proxy,job", "proxy-port": str(free_port())})
        self.assertEqual(pod.codes, {"app": 0, AGENT: 0, BABYSITTER: 0}, pod.logs())

    def test_bash_as_shell(self):
        pod = self.run_job(SCRIPT, "--set", "image=registry.test/bash-vault:1")
        self.assertEqual(pod.codes, {"app": 0, AGENT: 0, BABYSITTER: 0}, pod.logs())
        self.assertEqual(self.vault.tokens(), [])

    def test_an_agent_that_ends_by_itself_ends_its_container(self):
        for image in ("hashicorp/vault:1", "registry.test/bash-vault:1"):
            with self.subTest(image=image):
                pod = self.run_workload(
                    {"role": "app", "mode": "job", "secrets-path": "secret/first"}, "--sidecars", "container",
                    "--set", f"image={image}", "--set", "program=false", kind="Job")
                self.wait(pod, lambda: AGENT in pod.codes, "the agent's end")
                self.assertEqual(pod.codes[AGENT], 1, pod.logs())
                pod.delete()

    def test_babysitter_without_permission_says_so(self):
        self.cluster.pod_readers.clear()
        pod = self.run_workload({"role": "app", "mode": "job", "secrets-path": "secret/first"}, "--sidecars",
                                "container", kind="Job", script=SCRIPT)
        self.wait(pod, lambda: BABYSITTER in pod.codes, "the babysitter's end")
        self.assertEqual(pod.codes[BABYSITTER], 1)
        self.assertIn("Code: 403", pod.log(BABYSITTER))
        self.assertIn("needs a role that allows get on pods", pod.log(BABYSITTER))
        pod.delete()

    def test_babysitter_and_agent_have_tokens_of_their_own_audience(self):
        pod = self.run_job(SCRIPT, "--set", "token.audience=vault")
        self.assertEqual(pod.codes, {"app": 0, AGENT: 0, BABYSITTER: 0}, pod.logs())


class NativeJobs(Case):
    """What a job gets where nobody says how its agent runs."""

    def setUp(self):
        super().setUp()
        self.vault.kubernetes_role("app", "app")
        self.vault.write("secret/first", user="alice")

    def test_a_job_that_succeeds(self):
        pod = self.run_job("cat /opt/talend/secrets/secrets.properties")
        self.assertEqual((pod.phase, pod.codes), ("Succeeded", {"app": 0, AGENT: 0}), pod.logs())
        self.assertEqual(pod.log("app"), "user=alice\n")

    def test_a_job_that_fails(self):
        pod = self.run_job("cat /opt/talend/secrets/secrets.properties; exit 9")
        self.assertEqual((pod.phase, pod.codes), ("Failed", {"app": 9, AGENT: 0}), pod.logs())

    def run_job(self, script):
        pod = self.run_workload({"role": "app", "secrets-path": "secret/first"}, kind="Job", script=script)
        self.wait_for_end(pod)
        self.assertEqual(self.vault.tokens(), [])
        return pod
