"""What is committed for Flux: its post-build substitution finds nothing of ours to replace."""

import re

from case import ROOT, Case

OPTIONS = [
    ["--sidecars", "container"], ["--sidecars", "native"], ["--set", "renderer=consul-template"],
    ["--set", "environmentHelper.image=registry.example.com/helper:1"],
    ["--set", "vault.tls.caConfigMap=ca", "--set", "vault.namespace=team", "--set", "token.audience=vault"],
    ["--set", "security.runAsUser=off", "--set", "agent.logLevel=trace"], ["--exact"],
]


class Flux(Case):
    def test_what_is_injected_into_the_examples_is_left_alone(self):
        # HashiCorp's agents start with `${VAULT_CONFIG?}`, as the webhook writes it; what they need is below.
        examples = sorted(path for path in (ROOT / "examples").rglob("*")
                          if path.suffix in (".yaml", ".json") and "hashicorp" not in path.parts)
        self.assertGreater(len(examples), 10)
        self.assertEqual(self.variables("".join(path.read_text() for path in examples)), [])
        for options in OPTIONS:
            # An example that goes only without these options is refused, and the others are printed.
            done = self.run_program("kubectl-vault-inject", "-q", *options, *examples)
            self.assertIn(done.returncode, (0, 65), done.stderr)
            self.assertGreater(done.stdout.count("name: tvsi-"), 50)
            self.assertEqual(self.variables(done.stdout), [], options)

    def test_hashicorps_agents_hold_one_variable_as_the_webhook_writes_it(self):
        done = self.run_program("kubectl-vault-inject", "-q", ROOT / "examples/hashicorp/deployment.yaml")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(set(self.variables(done.stdout)), {"${VAULT_CONFIG?}"})

    def variables(self, text):
        """What envsubst, which Flux builds upon, would replace; `$${` is how one escapes it."""
        return sorted(re.findall(r"\$?\$\{[^}]*\}?", text))

    def test_substitution_would_be_noticed(self):
        self.assertEqual(self.variables("a ${B} $c $${d:-e} ${"), ["$${d:-e}", "${", "${B}"])
