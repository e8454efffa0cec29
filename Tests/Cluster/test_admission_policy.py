"""admission-policy: what kubectl and the API server take of it."""

import yaml

from case import Case, needs_kubectl

KINDS = ["MutatingAdmissionPolicy", "MutatingAdmissionPolicyBinding", "ValidatingAdmissionPolicy",
         "ValidatingAdmissionPolicyBinding"]
EVERYWHERE = ["--vault-addr", "https://vault.test"]
SETTINGS = ([], ["--sidecars", "native", "--name", "x.y"], ["--exempt-namespace-label", "team"],
            ["--set", "imagePullSecrets=one,two", "--set", "vault.tls.caSecret=ca", "--set", "talend.annotationPrefix="])


class AdmissionPolicyTests(Case):
    def printed(self, *words):
        run = self.inject("admission-policy", *EVERYWHERE, *words, kubeconfig=None)
        self.demand(run, 0)
        self.assertEqual(run.err, "")
        return run.out

    def test_objects(self):
        for words in SETTINGS:
            with self.subTest(words):
                things = list(yaml.safe_load_all(self.printed(*words)))
                self.assertEqual([thing["kind"] for thing in things], KINDS)
                names = {thing["metadata"]["name"] for thing in things}
                self.assertEqual(names, {thing["spec"].get("policyName", *names) for thing in things})

    @needs_kubectl
    def test_kubectl_takes_it(self):
        for words in SETTINGS:
            with self.subTest(words):
                path = self.write("policy.yaml", self.printed(*words))
                for dry_run in ("client", "server"):
                    self.demand(self.kubectl("apply", f"--dry-run={dry_run}", "-f", path), 0)
                self.demand(self.kubectl("apply", "-f", path), 0)
                self.demand(self.kubectl("delete", "-f", path), 0)

    def test_applied_by_ourselves(self):
        path = self.write("policy.yaml", self.printed())
        run = self.inject("apply", "-f", path)
        self.demand(run, 0)
        for kind in KINDS:
            self.assertIn(f"{kind.lower()}.admissionregistration.k8s.io/vault-inject-talend serverside-applied", run.out)
        again = self.inject("diff", "-f", path)
        self.demand(again, 0)
