"""What `preflight` says of pods, beside what becomes of those pods."""

import re

import manifests
from case import Case
from harness.places import PROGRAM


class Preflight(Case):
    """The program, asked about one small workload in the namespace `default`."""

    dialect = manifests.HASHICORP
    secrets = "vault-secrets"

    def setUp(self):
        super().setUp()
        self.vault.kubernetes_role("app", "app")
        self.vault.write("secret/first", user="alice", password="canary-of-a-value")
        self.kubeconfig = self.cluster.kubeconfig(self.folder)

    def preflight(self, path, *words, address=None, env=None, text=None):
        return self.run_program(
            PROGRAM, "preflight", "-f", path, "--kubeconfig", self.kubeconfig,
            "--vault-addr", address or self.vault.address, *words, env=env, text=text)

    def workload(self, annotations, **options):
        return manifests.workload(self.folder, {"role": "app", **annotations}, dialect=self.dialect, **options)

    def told(self, run):
        """What was printed, without what differs from run to run."""
        text = run.out.replace(str(self.folder), "FOLDER").replace(self.vault.address, "VAULT")
        text = re.sub(r"OpenBao \d+\.\d+\.\d+", "OpenBao VERSION", text)
        return re.sub(r"\d{4}-\d\d-\d\dT[\d:.]+Z", "TIME", text)


class Yes(Preflight):
    def test_a_secret_of_the_first_engine(self):
        run = self.preflight(self.workload({"agent-inject-secret-first": "secret/first"}))
        self.assertEqual((run.code, run.err), (0, ""), run)
        self.assertEqual(self.told(run), """\
Deployment/app in default, FOLDER/manifest-0.json
  ✓ service account default/app: has a token
  ✓ Vault at VAULT: OpenBao VERSION
  ✓ login at auth/kubernetes as app: has `default`, `everything` for 10m
  ✓ secret/first: is there (KV 1)
  ✓ token: given back

1 pod would get its secrets
""")
