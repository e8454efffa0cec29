"""What is committed for Flux: its post-build substitution finds nothing of ours to replace."""

import re

from case import Case
from harness.places import ROOT

OPTIONS = [
    ["--sidecars", "container"], ["--sidecars", "native"], ["--set", "renderer=consul-template"],
    ["--set", "environmentHelper.image=registry.example.com/helper:1"],
    ["--set", "vault.tls.caConfigMap=ca", "--set", "vault.namespace=team", "--set", "token.audience=vault"],
    ["--set", "security.runAsUser=off", "--set", "agent.logLevel=trace"], ["--exact"],
]


class Flux(Case):
    # What the agents that --exact gives hold, by the folder of their examples.
    EXACT = {"hashicorp": "${VAULT_CONFIG?}", "openbao": "${BAO_CONFIG?}"}

    def test_what_is_injected_into_the_examples_is_left_alone(self):
        examples = sorted(path for path in (ROOT / "examples").rglob("*") if path.suffix in (".yaml", ".json"))
        self.assertGreater(len(examples), 18)
        self.assertEqual(self.variables("".join(path.read_text() for path in examples)), [])
        for options in OPTIONS:
            # An example that goes only without these options is refused, and the others are printed.
            # The agents of HashiCorp's webhook and of its fork, which --exact gives, are below.
            given = [path for path in examples if options != ["--exact"] or path.parent.name not in self.EXACT]
            done = self.run_program("kubectl-vault-inject", "-q", *options, *given)
            self.assertIn(done.code, (0, 65), done.err)
            self.assertGreater(done.out.count("name: tvsi-"), 50)
            if given == examples:
                self.assertGreater(done.out.count("name: vault-agent"), 10)
            self.assertEqual(self.variables(done.out), [], options)

    def test_exact_agents_hold_one_variable_and_a_warning_says_so(self):
        for folder, variable in self.EXACT.items():
            with self.subTest(folder):
                manifest = (ROOT / "examples" / folder / "deployment.yaml").read_text()
                done = self.run_program("kubectl-vault-inject", "--exact", "-f", "-", text=manifest)
                self.assertEqual(done.code, 0, done.err)
                self.assertEqual(set(self.variables(done.out)), {variable})
                self.assertIn(variable, done.err)
                self.assertIn("kustomize.toolkit.fluxcd.io/substitute: disabled", done.err)
                told = manifest.replace(
                    "metadata:\n", "metadata:\n  annotations: {kustomize.toolkit.fluxcd.io/substitute: disabled}\n", 1)
                done = self.run_program("kubectl-vault-inject", "--exact", "-f", "-", text=told)
                self.assertEqual(done.code, 0, done.err)
                self.assertNotIn("fluxcd", done.err)

    def variables(self, text):
        """What envsubst, which Flux builds upon, would replace; `$${` is how one escapes it."""
        return sorted(re.findall(r"\$?\$\{[^}]*\}?", text))

    def test_substitution_would_be_noticed(self):
        self.assertEqual(self.variables("a ${B} $c $${d:-e} ${"), ["$${d:-e}", "${", "${B}"])
