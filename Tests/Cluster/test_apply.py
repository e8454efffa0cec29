"""apply: what it sends, what it says of each answer, and kubectl beside it on the same server."""

import json

import yaml

from case import Case, deployment, job, needs_kubectl

CONFIG_MAP = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings\n  namespace: shop\ndata:\n  a: b\n"
DEFINITION = """\
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: widgets.example.com
spec:
  group: example.com
  scope: Namespaced
  names: {kind: Widget, plural: widgets, singular: widget}
  versions:
  - name: v1
    served: true
    storage: true
    schema:
      openAPIV3Schema:
        type: object
        properties:
          spec: {type: object, properties: {size: {type: integer}}}
"""
WIDGET = "apiVersion: example.com/v1\nkind: Widget\nmetadata:\n  name: one\n  namespace: shop\nspec:\n  size: 3\n"


class ApplyTests(Case):
    def apply(self, path, *words, **options):
        return self.inject("apply", "-f", path, *words, **options)

    def managers(self, name="web"):
        return [(each["manager"], each["operation"]) for each in
                self.live("deployments", name)["metadata"]["managedFields"]]

    def test_created_and_unchanged(self):
        path = self.write("web.yaml", deployment())
        run = self.apply(path)
        self.demand(run, 0, "injected: container tvsi-vault-agent")
        self.assertEqual(run.out, "deployment.apps/web serverside-applied\n")
        self.assertEqual(list(self.containers("web")), ["tvsi-vault-agent", "web"])
        self.assertEqual(self.managers(), [("kubectl-vault-inject", "Apply")])
        before = self.live("deployments", "web")
        self.demand(self.apply(path), 0)
        self.assertEqual(self.live("deployments", "web"), before)
        statuses = [entry["status"] for entry in self.requests(method="PATCH")]
        self.assertEqual(statuses, [201, 200])

    def test_request_is_what_an_apply_needs(self):
        self.demand(self.apply(self.write("web.yaml", deployment())), 0)
        [entry] = self.writes()
        self.assertEqual(entry["path"], "/apis/apps/v1/namespaces/shop/deployments/web")
        self.assertEqual(entry["query"], {"fieldManager": "kubectl-vault-inject", "fieldValidation": "Strict"})
        self.assertEqual(dict(map(tuple, entry["headers"]))["content-type"], "application/apply-patch+yaml")

    @needs_kubectl
    def test_same_object_as_kubectl_makes(self):
        """What we apply is what kubectl applies of the injected manifest."""
        path = self.write("web.yaml", deployment())
        self.demand(self.apply(path, "--field-manager", "kubectl"), 0)
        ours = self.live("deployments", "web")
        self.server.ask("/_test/reset", {})
        injected = self.inject("-q", "-f", path)
        run = self.kubectl("apply", "--server-side", "-f", self.write("injected.yaml", injected.out))
        self.demand(run, 0)
        theirs = self.live("deployments", "web")
        for each in (ours, theirs):
            for name in ("uid", "creationTimestamp", "resourceVersion"):
                del each["metadata"][name]
            each["metadata"]["managedFields"][0].pop("time")
        self.assertEqual(ours, theirs)

    @needs_kubectl
    def test_same_words_as_kubectl(self):
        path = self.write("all.yaml", deployment(injected=False) + "---\n" + CONFIG_MAP + "---\n" + job())
        for words in ((), ("--dry-run=server",), ("-o", "name")):
            with self.subTest(words):
                theirs = self.kubectl("apply", "--server-side", "-f", path, *words)
                ours = self.apply(path, *words, "--field-manager", "kubectl")
                self.assertEqual((theirs.code, ours.code), (0, 0), f"{theirs}\n{ours}")
                self.demand_same_words(ours, theirs)

    def test_conflict(self):
        path = self.write("web.yaml", deployment(injected=False))
        self.demand(self.apply(path), 0)
        other = self.write("other.yaml", deployment(injected=False, image="nginx:1.28"))
        run = self.apply(other, "--field-manager", "somebody")
        self.demand(run, 69, 'other.yaml:21:16: error:', 'image belongs to "kubectl-vault-inject"', "--force-conflicts",
                    "0 of 1 objects applied")
        self.assertEqual(run.out, "")
        self.assertEqual(self.containers("web")["web"], "nginx:1.27")
        self.demand(self.apply(other, "--field-manager", "somebody", "--force-conflicts"), 0)
        self.assertEqual(self.containers("web")["web"], "nginx:1.28")
        self.assertEqual(sorted(self.managers()), [("kubectl-vault-inject", "Apply"), ("somebody", "Apply")])

    @needs_kubectl
    def test_conflict_is_kubectls_too(self):
        self.demand(self.apply(self.write("web.yaml", deployment(injected=False))), 0)
        other = self.write("other.yaml", deployment(injected=False, image="nginx:1.28"))
        theirs = self.kubectl("apply", "--server-side", "-f", other)
        self.assertEqual(theirs.code, 1)
        self.assertIn('conflict with "kubectl-vault-inject": .spec.template.spec.containers[name="web"].image',
                      theirs.err)

    @needs_kubectl
    def test_what_kubectl_applied_on_the_clients_side_is_taken_over(self):
        path = self.write("web.yaml", deployment())
        self.demand(self.kubectl("apply", "-f", path), 0)
        self.assertIn(("kubectl-client-side-apply", "Update"), self.managers())
        changed = self.write("changed.yaml", deployment(image="nginx:1.28"))
        self.demand(self.apply(changed), 0)
        self.assertEqual(self.containers("web")["web"], "nginx:1.28")
        self.assertEqual(self.managers(), [("kubectl-vault-inject", "Apply")])
        # And what the manifest no longer says goes away, which it would not were it still kubectl's.
        without = self.write("without.yaml", deployment(image="nginx:1.28").replace(
            "        ports:\n        - containerPort: 8080\n", ""))
        self.demand(self.apply(without), 0)
        web = self.live("deployments", "web")["spec"]["template"]["spec"]["containers"][-1]
        self.assertNotIn("ports", web)

    def test_removed_fields_go_away(self):
        self.demand(self.apply(self.write("web.yaml", deployment())), 0)
        self.demand(self.apply(self.write("plain.yaml", deployment(injected=False))), 0)
        self.assertEqual(list(self.containers("web")), ["web"])
        self.assertNotIn("volumes", self.live("deployments", "web")["spec"]["template"]["spec"])

    def test_invalid(self):
        bad = self.write("bad.yaml", deployment("Web_Bad"))
        self.demand(self.apply(bad), 69, "bad.yaml:4:9: error:", "Web_Bad", "RFC 1123")
        several = self.write("several.yaml", deployment().replace("8080", "0").replace("nginx:1.27", '""'))
        run = self.apply(several)
        self.demand(run, 69, "containerPort: Invalid value: 0", "image: Required value", "several.yaml:24:16",
                    "several.yaml:26:26")

    def test_unknown_field(self):
        path = self.write("typo.yaml", deployment().replace("image:", "imagee:"))
        run = self.apply(path)
        self.demand(run, 69, "typo.yaml:24:17: error:", 'containers[name="web"].imagee', "kubectl explain")

    def test_forbidden(self):
        run = self.apply(self.write("web.yaml", deployment()), kubeconfig="viewer")
        self.demand(run, 69, 'User "viewer" cannot patch resource "deployments"',
                    "kubectl auth can-i patch deployments.apps/web -n shop")

    @needs_kubectl
    def test_hint_of_forbidden_is_right(self):
        words = "auth can-i patch deployments.apps/web -n shop".split()
        self.assertEqual(self.kubectl(*words, kubeconfig="viewer").out.strip(), "no")
        self.assertEqual(self.kubectl(*words, kubeconfig="deployer").out.strip(), "yes")

    def test_forbidden_in_part(self):
        """What may be applied is, and the account tells the two apart."""
        text = deployment() + "---\n" + CONFIG_MAP + "---\n" + deployment("other", "staging")
        run = self.apply(self.write("all.yaml", text), kubeconfig="deployer")
        self.demand(run, 69, "2 of 3 objects applied", "deployment.apps/other in staging")
        self.assertEqual(sorted(run.out.splitlines()),
                         ["configmap/settings serverside-applied", "deployment.apps/web serverside-applied"])

    def test_missing_namespace(self):
        run = self.apply(self.write("web.yaml", deployment(namespace="nowhere")))
        self.demand(run, 69, "web.yaml:5:14: error:", "the namespace `nowhere` does not exist")

    def test_warnings_are_shown_once_each(self):
        text = "".join("---\n" + deployment(f"web-{number}", "strict", injected=False) for number in range(5))
        run = self.apply(self.write("web.yaml", text))
        self.demand(run, 0)
        self.assertEqual(run.err.count("would violate PodSecurity"), 1, run)

    def test_dry_run_on_the_server_keeps_nothing(self):
        run = self.apply(self.write("web.yaml", deployment()), "--dry-run=server")
        self.demand(run, 0)
        self.assertEqual(run.out, "deployment.apps/web serverside-applied (server dry run)\n")
        self.assertIsNone(self.live("deployments", "web"))
        self.assertEqual([entry["query"].get("dryRun") for entry in self.writes()], ["All"])

    def test_dry_run_on_the_client_asks_nobody(self):
        run = self.apply(self.write("web.yaml", deployment()), "--dry-run=client")
        self.demand(run, 0)
        self.assertEqual(self.requests(), [])
        self.demand(self.apply(self.write("web.yaml", deployment()), "--dry-run=client", kubeconfig="refused"), 0)

    def test_webhook_without_dry_run(self):
        self.rules({"webhook": "vault.example.com", "path": "*/deployments/*"})
        run = self.apply(self.write("web.yaml", deployment()), "--dry-run=server")
        self.demand(run, 69, "vault.example.com", "dry run", "hint:")
        self.demand(self.apply(self.write("web.yaml", deployment())), 0)

    def test_namespaces_and_definitions_come_first(self):
        namespace = "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: fresh\n"
        text = "---\n".join([WIDGET, deployment(namespace="fresh"), DEFINITION, namespace, CONFIG_MAP])
        run = self.apply(self.write("all.yaml", text))
        self.demand(run, 0)
        self.assertEqual([line.split()[0] for line in run.out.splitlines()][:2],
                         ["namespace/fresh", "customresourcedefinition.apiextensions.k8s.io/widgets.example.com"])
        self.assertEqual(len(run.out.splitlines()), 5)
        self.assertEqual(self.live("widgets", "one", group="apis/example.com/v1")["spec"], {"size": 3})

    def test_unknown_kind(self):
        run = self.apply(self.write("widget.yaml", "# a comment\n" + WIDGET))
        self.demand(run, 65, "widget.yaml:3:7: error:", "Widget")
        self.assertEqual(self.writes(), [])

    def test_kind_of_another_version(self):
        """Versions that servers have given up are named with what there is instead."""
        self.demand(self.apply(self.write("definition.yaml", DEFINITION)), 0)
        old = self.write("old.yaml", WIDGET.replace("example.com/v1", "example.com/v1beta1"))
        cron = self.write("cron.yaml", "apiVersion: batch/v1beta1\nkind: CronJob\nmetadata:\n  name: nightly\n")
        for age in ("v2", "v2beta1"):
            with self.subTest(age):
                self.server.write("settings", {"discovery": age})
                self.demand(self.apply(old), 65, "old.yaml:2:7: error:", "knows no Widget of example.com/v1beta1",
                            "hint: it has one of example.com/v1\n")
                self.demand(self.apply(cron), 65, "knows no CronJob of batch/v1beta1", "hint: it has one of batch/v1\n")
        self.server.write("settings", {"discovery": "legacy"})
        self.demand(self.apply(old), 65, "knows no Widget of example.com/v1beta1")

    def test_a_deployment_needs_no_discovery(self):
        self.demand(self.apply(self.write("web.yaml", deployment())), 0)
        self.assertEqual([entry["path"] for entry in self.requests(method="GET")], [])

    def test_requests_are_shown(self):
        run = self.apply(self.write("web.yaml", deployment()), "-vv")
        self.demand(run, 0)
        self.assertRegex(run.err, r"(?m)^PATCH https://\S+/apis/apps/v1/namespaces/shop/deployments/web\?\S+: 201 in \d+ ms$")
        self.assertNotIn("PATCH", self.apply(self.write("web.yaml", deployment()), "-v").err)
        gone = self.apply(self.write("web.yaml", deployment()), "-vv", kubeconfig="refused")
        self.assertRegex(gone.err, r"(?m)^PATCH https://\S+: no answer in \d+ ms$")

    def test_discovery_of_every_age(self):
        definition = self.write("definition.yaml", DEFINITION)
        self.demand(self.apply(definition), 0)
        for age in ("v2", "v2beta1", "legacy"):
            with self.subTest(age):
                self.server.write("settings", {"discovery": age})
                run = self.apply(self.write("widget.yaml", WIDGET))
                self.demand(run, 0)
                self.assertEqual(run.out, "widget.example.com/one serverside-applied\n")

    def test_built_in_kinds_need_no_discovery(self):
        self.demand(self.apply(self.write("all.yaml", deployment() + "---\n" + CONFIG_MAP + "---\n" + job())), 0)
        self.assertEqual({entry["method"] for entry in self.requests()}, {"PATCH"})

    def test_namespace_of_the_command_line(self):
        path = self.write("web.yaml", deployment().replace("  namespace: shop\n", ""))
        self.demand(self.apply(path, "-n", "staging"), 0)
        self.assertIsNotNone(self.live("deployments", "web", "staging"))
        run = self.apply(self.write("other.yaml", deployment()), "-n", "staging")
        self.demand(run, 65, 'the namespace from the provided object "shop" does not match the namespace "staging"')

    def test_output_formats(self):
        path = self.write("web.yaml", deployment())
        self.assertEqual(self.apply(path, "-o", "name").out, "deployment.apps/web\n")
        as_json = json.loads(self.apply(path, "-o", "json").out)
        as_yaml = yaml.load(self.apply(path, "-o", "yaml").out, Loader=yaml.BaseLoader)
        self.assertEqual((as_json["kind"], as_yaml["kind"]), ("Deployment", "Deployment"))
        self.assertEqual(as_json["metadata"]["uid"], self.live("deployments", "web")["metadata"]["uid"])
        self.assertNotIn("managedFields", as_json["metadata"])

    def test_immutable_job(self):
        self.demand(self.apply(self.write("job.yaml", job())), 0)
        other = self.write("other.yaml", job(image="busybox:2"))
        run = self.apply(other)
        self.demand(run, 69, "Job/once", "--replace")
        self.assertNotIn('"TerminationMessagePath"', run.err, "the server's own dump of the template helps nobody")
        before = self.live("jobs", "once", group="apis/batch/v1")
        run = self.apply(other, "--replace")
        self.demand(run, 0)
        after = self.live("jobs", "once", group="apis/batch/v1")
        self.assertNotEqual(after["metadata"]["uid"], before["metadata"]["uid"])
        self.assertEqual(after["spec"]["template"]["spec"]["containers"][0]["image"], "busybox:2")
        deletions = [entry for entry in self.requests() if entry["method"] == "DELETE"]
        self.assertEqual(len(deletions), 1)

    def test_replace_deletes_nothing_that_can_be_changed(self):
        self.demand(self.apply(self.write("all.yaml", deployment() + "---\n" + job())), 0)
        path = self.write("all.yaml", deployment(image="nginx:1.28") + "---\n" + job())
        self.requests()
        self.demand(self.apply(path, "--replace"), 0)
        self.assertEqual({entry["method"] for entry in self.writes()}, {"PATCH"})

    def test_immutable_pod(self):
        pod = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: one\n  namespace: shop\nspec:\n  containers:\n" \
              "  - name: main\n    image: busybox:1\n"
        self.demand(self.apply(self.write("pod.yaml", pod)), 0)
        more = self.write("more.yaml", pod + "  - name: more\n    image: busybox:1\n")
        self.demand(self.apply(more), 69, "Pod/one", "--replace")
        self.demand(self.apply(more, "--replace"), 0)
        self.assertEqual(len(self.live("pods", "one", group="api/v1")["spec"]["containers"]), 2)

    def test_nothing_is_sent_while_an_input_is_refused(self):
        broken = self.write("broken.yaml", "a: [\n")
        run = self.inject("apply", "-f", self.write("web.yaml", deployment()), "-f", broken)
        self.assertEqual(run.code, 65, run)
        self.assertEqual(self.requests(), [])

    def test_input_from_standard_input(self):
        run = self.inject("apply", "-f", "-", text=deployment())
        self.demand(run, 0, "<stdin>")

    def test_order_of_init_containers_is_kept(self):
        extra = "      initContainers:\n      - name: b\n        image: busybox\n      - name: a\n        image: busybox\n"
        path = self.write("web.yaml", deployment(injected=False, extra=extra))
        self.demand(self.apply(path), 0)
        names = [each["name"] for each in self.live("deployments", "web")["spec"]["template"]["spec"]["initContainers"]]
        self.assertEqual(names, ["b", "a"])
