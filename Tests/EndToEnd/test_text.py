"""What is true of the text of every injected pod, whoever runs it."""

import json
import subprocess

import manifests
from case import Case

VARIANTS = [
    ({"secrets-hook": "true", "notify": "kill 1"}, "Deployment", []),
    ({"mode": "secrets,proxy"}, "Deployment", ["--sidecars", "native"]),
    ({"mode": "job"}, "Job", []),
    ({"mode": "job"}, "Job", ["--sidecars", "container"]),
    ({"mode": "secrets,proxy,job"}, "Job", ["--set", "renderer=consul-template"]),
    ({"secrets-type": "static", "secrets-injection-method": "env"}, "Deployment", []),
    ({"auth": "approle"}, "Deployment", ["--sidecars", "native", "--set", "renderer=consul-template"]),
]


class Text(Case):
    def variants(self):
        for annotations, kind, arguments in VARIANTS:
            path = manifests.workload(
                self.folder, {"role": "app", "secrets-path": "secret/first", **annotations}, kind=kind)
            (metadata, spec), = self.injected_pods(path, *arguments)
            yield annotations, metadata, spec

    def injected(self, spec):
        every = spec.get("initContainers", []) + spec["containers"]
        return [container for container in every if container["name"].startswith("tvsi-")]

    def test_nothing_is_left_for_others_to_substitute(self):
        for annotations, metadata, spec in self.variants():
            # The annotations too: what undoing needs is kept there.
            text = json.dumps([metadata, spec])
            with self.subTest(annotations=annotations):
                self.assertNotIn("${", text)
                self.assertNotIn("<VSI_", text)
                for container in self.injected(spec):
                    self.assertNotIn("$$", json.dumps(container))

    def test_restricted_namespaces_accept_the_containers(self):
        for annotations, _, spec in self.variants():
            for container in self.injected(spec):
                with self.subTest(annotations=annotations, container=container["name"]):
                    context = container["securityContext"]
                    self.assertIs(context["runAsNonRoot"], True)
                    self.assertGreater(context["runAsUser"], 0)
                    self.assertIs(context["allowPrivilegeEscalation"], False)
                    self.assertEqual(context["capabilities"], {"drop": ["ALL"]})
                    self.assertEqual(context["seccompProfile"], {"type": "RuntimeDefault"})
                    self.assertIs(context["readOnlyRootFilesystem"], True)

    def test_what_is_written_to_is_memory_of_a_limited_size(self):
        for annotations, _, spec in self.variants():
            for volume in spec["volumes"]:
                with self.subTest(annotations=annotations, volume=volume["name"]):
                    if "emptyDir" in volume:
                        self.assertEqual(volume["emptyDir"]["medium"], "Memory")
                        self.assertIn("sizeLimit", volume["emptyDir"])

    def test_every_shell_can_read_the_scripts(self):
        for annotations, _, spec in self.variants():
            for container in self.injected(spec):
                script = container["command"][2]
                for shell in (["dash"], ["bash", "--posix"], ["busybox", "sh"]):
                    with self.subTest(annotations=annotations, container=container["name"], shell=shell):
                        done = subprocess.run([*shell, "-n"], input=script, text=True, capture_output=True)
                        self.assertEqual((done.returncode, done.stderr), (0, ""))
