"""Agents as native sidecars: the application finds its secrets when it starts."""

from case import AGENT, Case

APPROLE = {
    "name": "ids", "image": "busybox:1", "command": ["sh", "-c", "cp /ids/* /opt/talend/secrets/"],
    "volumeMounts": [{"name": "ids", "mountPath": "/ids", "readOnly": True}],
}


class Native(Case):
    def setUp(self):
        super().setUp()
        self.vault.kubernetes_role("app", "app")
        self.vault.write("secret/first", user="alice")

    def test_init_containers_and_application_start_with_their_secrets(self):
        pod = self.run_workload(
            {"role": "app", "secrets-path": "secret/first,secret/first", "secrets-destination": "one,two"},
            "--sidecars", "native", script="cat /opt/talend/secrets/two; exec sleep 1000",
            pod={"terminationGracePeriodSeconds": 1, "initContainers": [
                {"name": "migrate", "image": "busybox:1", "command": ["cat", "/opt/talend/secrets/one"]}]})
        self.wait_for_log(pod, "app", "user=alice\n")
        self.assertEqual(pod.log("migrate"), "user=alice\n")
        self.assertEqual(pod.order, [AGENT, "migrate", "app"])

    def test_nothing_starts_before_the_secret_exists(self):
        pod = self.run_workload({"role": "app", "secrets-path": "secret/later"}, "--sidecars", "native",
                                script="cat /opt/talend/secrets/secrets.properties; exec sleep 1000",
                                pod={"terminationGracePeriodSeconds": 1})
        self.wait_for_log(pod, AGENT, "no secret exists at secret/later")
        self.assertEqual(pod.order, [AGENT])
        self.vault.write("secret/later", user="bob")
        self.wait_for_log(pod, "app", "user=bob\n")
        self.vault.call("DELETE", "secret/later")

    def test_app_role_ids_come_from_the_application_before(self):
        role, secret = self.vault.app_role("app")
        self.cluster.objects[("secret", "ids")] = {"approle_roleid": role, "approle_secretid": secret}
        pod = self.run_workload(
            {"auth": "approle", "secrets-path": "secret/first"}, "--sidecars", "native",
            script="cat /opt/talend/secrets/secrets.properties; exec sleep 1000",
            pod={"terminationGracePeriodSeconds": 1, "initContainers": [APPROLE],
                 "volumes": [{"name": "ids", "secret": {"secretName": "ids"}}]})
        self.wait_for_log(pod, "app", "user=alice\n")
        self.assertEqual(pod.order, ["ids", AGENT, "app"])
