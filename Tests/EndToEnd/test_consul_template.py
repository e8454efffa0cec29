"""Consul Template beside an agent that only keeps the token."""

from case import AGENT, BABYSITTER, Case

RENDERER = "tvsi-consul-template"
SETTING = ["--set", "renderer=consul-template"]


class ConsulTemplate(Case):
    def setUp(self):
        super().setUp()
        self.vault.kubernetes_role("app", "app")
        self.vault.write("kv/first", user="alice")

    def test_files_and_notifications(self):
        pod = self.run_workload(
            {"role": "app", "secrets-path": "kv/data/first", "notify": "echo n >> /opt/talend/secrets/notes"}, *SETTING)
        self.wait_for_file(pod, "secrets.properties", "user=alice\n")
        self.vault.write("kv/first", user="bob")
        self.wait_for_file(pod, "secrets.properties", "user=bob\n")
        self.wait_for_file(pod, "notes", "n\nn\n")
        self.assertNotIn("rendered", pod.log(AGENT))
        pod.delete()
        self.assertEqual((pod.codes[AGENT], pod.codes[RENDERER]), (0, 0), pod.logs())

    def test_a_job(self):
        self.cluster.pod_readers.add("system:serviceaccount:default:app")
        self.addCleanup(self.cluster.pod_readers.clear)
        pod = self.run_workload(
            {"role": "app", "mode": "job", "secrets-path": "kv/data/first"}, *SETTING, "--sidecars", "container",
            kind="Job",
            script="until [ -s /opt/talend/secrets/secrets.properties ]; do sleep 0.1; done")
        self.wait_for_end(pod)
        self.assertEqual(pod.codes, {"app": 0, AGENT: 0, RENDERER: 0, BABYSITTER: 0}, pod.logs())

    def test_a_job_with_native_sidecars(self):
        pod = self.run_workload(
            {"role": "app", "secrets-path": "kv/data/first"}, *SETTING, "--sidecars", "native", kind="Job",
            script="cat /opt/talend/secrets/secrets.properties")
        self.wait_for_end(pod)
        self.assertEqual(pod.codes, {"app": 0, AGENT: 0, RENDERER: 0}, pod.logs())
        self.assertEqual(pod.log("app"), "user=alice\n")
