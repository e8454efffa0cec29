"""apply --prune --applyset: what is gone from the manifests goes from the cluster, and nothing else does."""

import json
import re
import signal
import time

from case import Case, deployment, needs_kubectl
from harness.api_server import APIServer
from test_apply import DEFINITION, WIDGET

PREFIX = "applyset.kubernetes.io/"


def config_map(name, namespace="shop", labels=""):
    return f"apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {name}\n  namespace: {namespace}\n{labels}data:\n  a: b\n"


class SetCase(Case):
    def files(self, *texts, name="in.yaml"):
        return self.write(name, "---\n".join(texts))

    def apply(self, path, *words, parent="set", namespace="shop", **options):
        words = ("-n", namespace, *words) if namespace else words
        return self.inject("apply", "--prune", f"--applyset={parent}", "-f", path, *words, **options)

    def kubectl_apply(self, path, *words, parent="set"):
        return self.kubectl("apply", "--server-side", "--prune", f"--applyset={parent}", "-n", "shop", "-f", path,
                            *words, env={"KUBECTL_APPLYSET": "true"})

    def parent(self, name="set", kind="secrets"):
        return self.live(kind, name, group="api/v1")

    def kinds(self, name="set", kind="secrets"):
        return self.parent(name, kind)["metadata"]["annotations"][PREFIX + "contains-group-kinds"]

    def there(self, *names):
        """Which of these ConfigMaps there are."""
        return [name for name in names if self.live("configmaps", name, group="api/v1")]

    def hand_over(self, tool, name="set"):
        self.demand(self.kubectl("annotate", "--overwrite", f"secret/{name}", "-n", "shop", f"{PREFIX}tooling={tool}"), 0)

    def last_hint(self, run):
        return re.findall(r"hint: (.*)", run.err)[-1]


class PruneTests(SetCase):
    def test_begun_gone_on_with_and_pruned(self):
        run = self.apply(self.files(config_map("one"), config_map("two"), deployment()))
        self.demand(run, 0, "3 applied")
        self.assertNotIn("pruned", run.out)
        metadata = self.parent()["metadata"]
        self.assertRegex(metadata["labels"][PREFIX + "id"], r"^applyset-[\w-]{43}-v1$")
        self.assertEqual(metadata["annotations"], {
            PREFIX + "additional-namespaces": "", PREFIX + "contains-group-kinds": "ConfigMap,Deployment.apps",
            PREFIX + "tooling": "kubectl-vault-inject/v0.2.0"})
        self.assertEqual(self.live("deployments", "web")["metadata"]["labels"][PREFIX + "part-of"],
                         metadata["labels"][PREFIX + "id"])
        run = self.apply(self.files(config_map("one")))
        self.demand(run, 0, "1 applied, 2 pruned")
        self.assertEqual(run.out.splitlines(), ["configmap/one serverside-applied", "deployment.apps/web pruned",
                                               "configmap/two pruned"])
        self.assertEqual(self.there("one", "two"), ["one"])
        self.assertIsNone(self.live("deployments", "web"))
        self.assertEqual(self.kinds(), "ConfigMap")
        run = self.apply(self.files(config_map("one")))
        self.demand(run, 0)
        self.assertEqual(run.out, "configmap/one serverside-applied\n")

    def test_what_others_have_stays(self):
        self.demand(self.inject("apply", "-f", self.files(config_map("mine"))), 0)
        self.demand(self.apply(self.files(config_map("other")), parent="other"), 0)
        self.demand(self.apply(self.files(config_map("one"), config_map("two"))), 0)
        self.demand(self.apply(self.files(config_map("one"))), 0, "1 pruned")
        self.assertEqual(self.there("mine", "other", "one", "two"), ["mine", "other", "one"])

    def test_the_order_of_requests(self):
        """The union is written down before, and what is left after everything else."""
        self.server.write("settings", {"discovery": "v2", "logBodies": True})
        self.demand(self.apply(self.files(config_map("one"), deployment())), 0)
        self.requests()
        self.demand(self.apply(self.files(config_map("two"))), 0)
        found = [(entry["method"], entry["path"].rsplit("/", 2)[-2] + "/" + entry["path"].rsplit("/", 1)[-1])
                 for entry in self.requests() if entry["method"] != "GET" or "labelSelector" not in entry["query"]]
        self.assertEqual(found, [("GET", "secrets/set"), ("PATCH", "secrets/set"), ("PATCH", "configmaps/two"),
                                 ("DELETE", "deployments/web"), ("DELETE", "configmaps/one"), ("PATCH", "secrets/set")])

    def test_nothing_is_deleted_unless_everything_was_accepted(self):
        self.demand(self.apply(self.files(config_map("one"), config_map("two"))), 0)
        run = self.apply(self.files(config_map("one"), deployment("Not_A_Name")))
        self.demand(run, 69, "1 of 2 objects applied")
        self.assertNotIn("pruned", run.out)
        self.assertEqual(self.there("one", "two"), ["one", "two"])
        self.assertEqual(self.kinds(), "ConfigMap,Deployment.apps")
        self.assertEqual([entry for entry in self.requests(method="DELETE")], [])

    def test_trials_delete_nothing_and_say_what_would_be(self):
        self.demand(self.apply(self.files(config_map("one"), config_map("two"))), 0)
        before = self.parent()
        run = self.apply(self.files(config_map("one")), "--dry-run=server")
        self.demand(run, 0, "1 accepted, 1 pruned")
        self.assertEqual(run.out.splitlines()[-1], "configmap/two pruned (server dry run)")
        self.assertEqual(self.there("one", "two"), ["one", "two"])
        self.assertEqual(self.parent(), before)
        self.requests()
        run = self.apply(self.files(config_map("one")), "--dry-run=client")
        self.demand(run, 0, "--dry-run=server tells it")
        self.assertEqual(self.requests(), [])

    def test_names_and_objects_as_output(self):
        self.demand(self.apply(self.files(config_map("one"), config_map("two"))), 0)
        run = self.apply(self.files(config_map("one")), "--dry-run=server", "-o", "name")
        self.assertEqual(run.out, "configmap/one\nconfigmap/two\n")
        run = self.apply(self.files(config_map("one")), "--dry-run=server", "-o", "json")
        self.assertEqual(json.loads(run.out)["metadata"]["name"], "one")

    def test_a_parent_of_a_custom_kind(self):
        path = self.files(config_map("one"), config_map("two", "staging"))
        run = self.apply(path, parent="widgets.example.com/one", namespace=None)
        self.demand(run, 64, "the cluster knows no `widgets.example.com`")
        self.demand(self.inject("apply", "-f", self.write("d.yaml", DEFINITION)), 0)
        run = self.apply(path, parent="widgets.example.com/one", namespace="shop")
        self.demand(run, 64, "kubectl label customresourcedefinition widgets.example.com")
        self.demand(self.kubectl(*self.last_hint(run).split(": kubectl ")[1].split()), 0)
        run = self.apply(self.files(config_map("one")), parent="widgets.example.com/one")
        self.demand(run, 69, "widget.example.com/one in namespace shop does not exist", "create it first")
        self.demand(self.inject("apply", "-f", self.write("w.yaml", WIDGET)), 0)
        run = self.apply(self.files(config_map("one")), parent="widgets.example.com/one")
        self.demand(run, 69, "no set is kept in it")

    def test_members_of_a_custom_kind(self):
        self.demand(self.inject("apply", "-f", self.write("d.yaml", DEFINITION)), 0)
        self.demand(self.apply(self.files(WIDGET, config_map("one"))), 0)
        self.assertEqual(self.kinds(), "ConfigMap,Widget.example.com")
        run = self.apply(self.files(config_map("one")))
        self.demand(run, 0)
        self.assertIn("widget.example.com/one pruned", run.out)

    def test_a_kind_that_is_gone(self):
        self.demand(self.inject("apply", "-f", self.write("d.yaml", DEFINITION)), 0)
        self.demand(self.apply(self.files(WIDGET, config_map("one"), config_map("two"))), 0)
        self.ask_server("DELETE", "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/widgets.example.com")
        run = self.apply(self.files(config_map("one")))
        self.demand(run, 0, "Widget.example.com, which the cluster does not know", "1 pruned")
        self.assertEqual(self.kinds(), "ConfigMap,Widget.example.com")
        command = self.last_hint(run).split("with kubectl ")[1].replace("KINDS", "ConfigMap")
        self.demand(self.kubectl(*command.split()), 0)
        self.assertEqual(self.apply(self.files(config_map("one"))).err.count("warning"), 0)

    def test_several_namespaces_of_a_parent_without_one(self):
        definition = DEFINITION.replace("Namespaced", "Cluster").replace(
            "metadata:\n", f"metadata:\n  labels: {{{PREFIX}is-parent-type: \"\"}}\n", 1)
        self.demand(self.inject("apply", "-f", self.write("d.yaml", definition)), 0)
        parent = {"apiVersion": "example.com/v1", "kind": "Widget", "metadata": {"name": "all", "labels": {}}}
        self.ask_server("POST", "/apis/example.com/v1/widgets", parent)
        words = {"parent": "widgets.example.com/all", "namespace": None}
        run = self.apply(self.files(config_map("one"), config_map("two", "staging")), **words)
        self.demand(run, 69, "no set is kept in it")
        for command in self.last_hint(run).split("one: ")[1].split("; "):
            self.demand(self.kubectl(*command.split()[1:]), 0)
        self.demand(self.apply(self.files(config_map("one"), config_map("two", "staging")), **words), 0)
        run = self.apply(self.files(config_map("one")), **words)
        self.demand(run, 0, "1 pruned")
        self.assertIsNone(self.live("configmaps", "two", "staging", group="api/v1"))

    def test_the_parent_is_never_pruned(self):
        self.demand(self.apply(self.files(config_map("keeper"), config_map("one")), parent="cm/keeper"), 0)
        self.demand(self.apply(self.files(config_map("one")), parent="cm/keeper"), 0)
        self.assertEqual(self.there("keeper", "one"), ["keeper", "one"])

    def test_the_namespace_of_the_parent_is_not_pruned(self):
        namespace = "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n"
        self.demand(self.apply(self.files(namespace, config_map("one"))), 0)
        for _ in range(2):
            run = self.apply(self.files(config_map("one")))
            self.demand(run, 0, "Namespace/shop was not pruned: the set itself is kept in it")
        self.assertIn("Namespace", self.kinds())
        self.demand(self.kubectl(*self.last_hint(run).split("with kubectl ")[1].split(", or")[0].split()), 0)
        self.assertNotIn("warning", self.apply(self.files(config_map("one"))).err)

    def test_members_that_others_own(self):
        self.demand(self.apply(self.files(config_map("one"), config_map("two"))), 0)
        owner = {"apiVersion": "v1", "kind": "ConfigMap", "name": "x", "uid": "1"}
        self.ask_server("PATCH", "/api/v1/namespaces/shop/configmaps/two", {"metadata": {"ownerReferences": [owner]}},
                        "application/merge-patch+json")
        run = self.apply(self.files(config_map("one")))
        self.demand(run, 69, "ConfigMap/two in namespace shop bears the set's label", "owned by another object")
        self.assertEqual(self.there("one", "two"), ["one", "two"])
        self.demand(self.kubectl(*self.last_hint(run).split("with kubectl ")[1].split(", or")[0].split()), 0)
        self.demand(self.apply(self.files(config_map("one"))), 0)
        self.assertEqual(self.there("one", "two"), ["one", "two"])


    def test_an_object_that_moves_from_another_set_of_ours(self):
        both = self.files(config_map("one"), config_map("two"), deployment())
        self.demand(self.apply(both, parent="first"), 0)
        moved = self.write("moved.yaml", config_map("one"))
        for words in (["--dry-run=server"], []):
            run = self.apply(moved, *words, parent="second")
            self.demand(run, 0, "moved.yaml:4:9: warning: ConfigMap/one is moved here from another set, applyset-")
            self.assertEqual(run.err.count("warning:"), 1)
        found = self.kubectl(*self.last_hint(run).split("; kubectl ")[1].split(" shows")[0].split())
        self.assertRegex(found.out, r"(?m)^shop +first ")
        self.assertNotIn("second", found.out)
        self.assertNotIn("warning", self.apply(moved, parent="second").err)
        self.demand(self.apply(self.write("rest.yaml", config_map("two")), parent="first"), 0, "1 pruned")
        self.assertEqual(self.there("one", "two"), ["one", "two"])

    def test_a_move_that_cannot_be_told_is_no_failure(self):
        self.demand(self.apply(self.files(config_map("one")), parent="first"), 0)
        self.rules({"query": "%21%3D", "status": 403})
        self.demand(self.apply(self.files(config_map("one")), parent="second"), 0)
        self.assertEqual(len([entry for entry in self.requests() if entry.get("rule")]), 1)

    def test_members_with_finalizers(self):
        held = "  finalizers: [example.com/hold]\n"
        self.demand(self.apply(self.files(config_map("one"), config_map("two", labels=held), deployment())), 0)
        for _ in range(2):
            run = self.apply(self.files(config_map("one"), deployment()), "-v")
            self.demand(run, 0, "note: ConfigMap/two in namespace shop has been marked for deletion since",
                        "waits for its finalizer example.com/hold; it stays a member")
        self.ask_server("PATCH", "/api/v1/namespaces/shop/configmaps/two", {"metadata": {"finalizers": None}},
                        "application/merge-patch+json")
        self.assertNotIn("finalizer", self.apply(self.files(config_map("one"), deployment()), "-v").err)
        self.assertEqual(self.there("one", "two"), ["one"])

    def test_the_last_member_of_a_kind_with_finalizers_is_not_lost_sight_of(self):
        held = "  finalizers: [example.com/hold]\n"
        self.demand(self.apply(self.files(config_map("two", labels=held), deployment())), 0)
        self.demand(self.apply(self.files(deployment())), 0)
        self.assertEqual(self.kinds(), "ConfigMap,Deployment.apps")

    def test_a_kind_that_is_not_served_any_more(self):
        """Its list is not found, which is not the same as empty."""
        budget = "apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata:\n  name: b\n  namespace: shop\nspec: {}\n"
        self.demand(self.apply(self.files(budget, config_map("one"))), 0)
        self.rules({"path": "*/poddisruptionbudgets", "status": 404})
        run = self.apply(self.files(config_map("one")))
        self.demand(run, 0, "kind PodDisruptionBudget.policy, which the cluster does not know")
        self.assertEqual(self.kinds(), "ConfigMap,PodDisruptionBudget.policy")
        self.rules()
        self.demand(self.apply(self.files(config_map("one"))), 0, "1 pruned")


class DiffTests(SetCase):
    def diff(self, path, *words, parent="set", **options):
        return self.inject("diff", "--prune", f"--applyset={parent}", "-n", "shop", "-f", path, *words, **options)

    def test_what_would_be_pruned(self):
        secret = "apiVersion: v1\nkind: Secret\nmetadata:\n  name: s\n  namespace: shop\nstringData:\n  a: hidden-word\n"
        path = self.files(config_map("one"), config_map("two"), secret)
        run = self.diff(path)
        self.demand(run, 1)
        self.assertEqual(run.out.count("\n+kind: "), 3)
        self.demand(self.apply(path), 0)
        run = self.diff(path)
        self.demand(run, 0)
        self.assertEqual(run.out, "")
        before = self.parent()
        run = self.diff(self.files(config_map("one")))
        self.demand(run, 1)
        self.assertEqual(re.findall(r"^--- (\S+)", run.out, re.M), ["live/v1.ConfigMap.shop.two", "live/v1.Secret.shop.s"])
        self.assertEqual([line for line in run.out.splitlines() if line[:1] == "+" and line[:3] != "+++"], [])
        self.assertNotIn("aGlkZGVuLXdvcmQ", run.out)
        self.assertEqual(self.parent(), before)
        self.assertEqual(self.there("one", "two"), ["one", "two"])

    def test_what_may_be_listed_and_not_read(self):
        self.demand(self.apply(self.files(config_map("one"), config_map("two"))), 0)
        self.rules({"path": "*/configmaps/two", "status": 403})
        run = self.diff(self.files(config_map("one")))
        self.demand(run, 69, "ConfigMap/two in namespace shop would be pruned, and cannot be read",
                    "auth can-i get configmaps/two -n shop")

    def test_with_another_program(self):
        self.demand(self.apply(self.files(config_map("one"), config_map("two"))), 0)
        run = self.diff(self.files(config_map("one")), env={"KUBECTL_EXTERNAL_DIFF": "diff -N -u"})
        self.demand(run, 1)
        self.assertIn("-  name: two", run.out)

    def test_refused(self):
        self.demand(self.inject("apply", "-f", self.files(config_map("plain"))), 0)
        self.demand(self.diff(self.files(config_map("one")), parent="cm/plain"), 69, "no set is kept in it")
        run = self.inject("diff", "--prune", "--applyset=set", "-n", "shop", "deployment/web")
        self.demand(run, 64, "name the manifests of the whole set instead")
        self.demand(self.inject("diff", "--applyset=set", "-f", self.files(config_map("one"))), 64, "needs --prune")


class ParentTests(SetCase):
    def test_an_object_that_keeps_no_set(self):
        self.demand(self.inject("apply", "-f", self.files(config_map("plain"))), 0)
        run = self.apply(self.files(config_map("one")), parent="configmap/plain")
        self.demand(run, 69, "configmap/plain in namespace shop is there already, and no set is kept in it",
                    "0 of 1 objects applied")
        self.assertEqual(self.there("one"), [])

    def change_parent(self, patch):
        self.ask_server("PATCH", "/api/v1/namespaces/shop/secrets/set", {"metadata": patch},
                        "application/merge-patch+json")

    def test_a_copy_of_another_parent(self):
        self.demand(self.apply(self.files(config_map("one"))), 0)
        self.change_parent({"labels": {PREFIX + "id": "applyset-else-v1"}})
        run = self.apply(self.files(config_map("two")))
        self.demand(run, 69, "bears the id applyset-else-v1, and its own is applyset-")
        self.assertEqual(self.there("one", "two"), ["one"])
        self.demand(self.kubectl(*self.last_hint(run).split("label: kubectl ")[1].split()), 0)
        self.demand(self.apply(self.files(config_map("two"))), 0, "1 pruned")

    def test_without_kinds(self):
        self.demand(self.apply(self.files(config_map("one"))), 0)
        self.change_parent({"annotations": {PREFIX + "contains-group-kinds": None}})
        run = self.apply(self.files(config_map("two")))
        self.demand(run, 69, "does not say which kinds the set holds")
        command = self.last_hint(run).split("Deployment.apps: kubectl ")[1].replace("KINDS", "ConfigMap")
        self.demand(self.kubectl(*command.split()), 0)
        self.demand(self.apply(self.files(config_map("two"))), 0, "1 pruned")

    def test_rights(self):
        rules = self.access["rules"]
        resources = ["configmaps", "secrets"]
        self.access_for(["get", "list", "create", "patch"], resources)
        self.demand(self.apply(self.files(config_map("one"), config_map("two")), kubeconfig="deployer"), 0)
        run = self.apply(self.files(config_map("one")), kubeconfig="deployer")
        self.demand(run, 69, "ConfigMap/two in namespace shop was not pruned", "auth can-i delete configmaps/two -n shop",
                    "0 of 1 objects pruned", "not pruned:", "1 applied, 1 not pruned")
        self.access_for(["get", "create", "patch", "delete"], resources)
        run = self.apply(self.files(config_map("one")), kubeconfig="deployer")
        self.demand(run, 69, "nothing is pruned: configmaps in namespace shop cannot be listed",
                    "auth can-i list configmaps -n shop")
        self.access_for(["get", "list"], resources)
        run = self.apply(self.files(config_map("one")), kubeconfig="deployer")
        self.demand(run, 69, "secret/set in namespace shop cannot be written", "auth can-i patch secrets/set -n shop")
        self.access_for(["list"], resources)
        run = self.apply(self.files(config_map("one")), kubeconfig="deployer")
        self.demand(run, 69, "secret/set in namespace shop cannot be read", "auth can-i get secrets/set -n shop")
        self.assertEqual(self.there("one", "two"), ["one", "two"])
        self.server.write("access", {**self.access, "rules": rules})
        self.demand(self.apply(self.files(config_map("one"))), 0, "1 pruned")

    def access_for(self, verbs, resources):
        masters = self.access["rules"][:1]
        rule = {"who": ["deployers"], "verbs": verbs, "resources": resources, "namespaces": ["shop"]}
        self.server.write("access", {**self.access, "rules": [*masters, rule]})

    def test_a_namespace_that_comes_with_the_input(self):
        text = "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: fresh\n"
        path = self.files(text, config_map("one", "fresh"))
        run = self.apply(path, namespace="fresh")
        self.demand(run, 69, "kubectl create namespace fresh")
        self.demand(self.kubectl(*self.last_hint(run).split("kubectl ")[1].split()), 0)
        self.demand(self.apply(path, namespace="fresh"), 0)

    def test_a_member_of_another_set(self):
        label = f"  labels:\n    {PREFIX}part-of: applyset-else-v1\n"
        run = self.apply(self.files(config_map("one", labels=label)))
        self.demand(run, 65, "in.yaml:7:37: error: ConfigMap/one bears the label", "--applyset sets it")
        self.assertEqual(self.requests(), [])

    def test_lists_in_pages(self):
        self.demand(self.apply(self.files(config_map("one"))), 0)
        template = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {
            "name": "many-@N@", "namespace": "@NAMESPACE@", "uid": "@N@", "resourceVersion": "@VERSION@",
            "labels": {PREFIX + "part-of": self.parent()["metadata"]["labels"][PREFIX + "id"]}}}
        self.fill(1200, template)
        self.rules({"path": "*/configmaps", "query": "continue=", "status": 410, "times": 1})
        run = self.apply(self.files(config_map("one")))
        self.demand(run, 69, "nothing is pruned: configmaps in namespace shop cannot be listed", "hint: run the command again")
        run = self.apply(self.files(config_map("one")))
        self.demand(run, 0, "1200 pruned")

    def test_a_list_without_end(self):
        self.demand(self.apply(self.files(config_map("one"), config_map("two"))), 0)
        self.rules({"path": "*/configmaps", "method": "GET", "endless": "same"})
        self.demand(self.apply(self.files(config_map("one"))), 69, "the list does not end")
        self.assertEqual(self.there("one", "two"), ["one", "two"])

    def test_report_for_machines(self):
        self.demand(self.apply(self.files(config_map("one"), config_map("two"))), 0)
        run = self.apply(self.files(config_map("one")), "--report", "json")
        self.assertEqual(json.loads(run.err)["cluster"]["pruned"],
                         [{"object": "configmap/two in shop", "outcome": "pruned"}])


class KilledTests(SetCase):
    """A run that ends in the middle leaves nothing behind that the next one does not find."""

    def test_at_every_request(self):
        old = self.write("old.yaml", "---\n".join([config_map("one"), config_map("two"), deployment()]))
        new = self.write("new.yaml", "---\n".join([
            config_map("one"), config_map("three"), deployment().replace("kind: Deployment", "kind: DaemonSet")]))
        newest = self.write("newest.yaml", config_map("one"))
        total = self.count_of_requests(old, new)
        self.assertGreater(total, 8)
        for number in range(1, total + 1):
            for reset in ("before", "after"):
                with self.subTest(request=number, reset=reset):
                    self.server.start_over()
                    self.demand(self.apply(old), 0)
                    self.rules({"nth": list(range(number, number + 40)), "reset": reset})
                    run = self.apply(new)
                    self.rules()
                    if run.code == 0:
                        self.assertEqual(number, total, run)
                    self.demand(self.apply(newest), 0)
                    self.assertEqual(self.there("one", "two", "three"), ["one"], run)
                    self.assertIsNone(self.live("deployments", "web"))
                    self.assertIsNone(self.live("daemonsets", "web"))
                    self.assertEqual(self.kinds(), "ConfigMap")

    def count_of_requests(self, old, new):
        self.demand(self.apply(old), 0)
        self.requests()
        self.demand(self.apply(new, "--concurrency", "1"), 0)
        return len(self.requests())

    def test_by_force(self):
        """The process is killed while its nth request is under way."""
        old = self.write("old.yaml", "---\n".join([config_map("one"), config_map("two"), deployment()]))
        new = self.write("new.yaml", config_map("three"))
        for number in range(1, self.count_of_requests(old, new) + 1):
            with self.subTest(request=number):
                self.server.start_over()
                self.demand(self.apply(old), 0)
                self.requests()
                self.rules({"nth": list(range(number, number + 40)), "hang": True})
                process = self.start("apply", "--prune", "--applyset=set", "-n", "shop", "-f", new)
                end, hung = time.monotonic() + 20, []
                while not hung and time.monotonic() < end:
                    hung = [entry for entry in self.requests() if entry.get("rule")]
                    time.sleep(0.02)
                self.assertTrue(hung)
                process.kill()
                process.wait()
                self.rules()
                self.demand(self.apply(new), 0)
                self.assertEqual(self.there("one", "two", "three"), ["three"])
                self.assertIsNone(self.live("deployments", "web"))
                self.assertEqual(self.kinds(), "ConfigMap")

    def test_interrupted_while_pruning(self):
        self.demand(self.apply(self.files(*[config_map(f"c-{number}") for number in range(500)])), 0)
        self.rules({"method": "DELETE", "delay": 300})
        self.requests()
        process = self.start("apply", "--prune", "--applyset=set", "-n", "shop", "-f",
                             self.files(config_map("c-0"), name="less.yaml"))
        end = time.monotonic() + 20
        while not self.requests(method="DELETE") and time.monotonic() < end:
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        run = self.finish(process)
        self.rules()
        self.assertIn(run.code, (130, -signal.SIGINT), run)
        done, total = map(int, re.search(r"(\d+) of (\d+) objects pruned", run.err).groups())
        self.assertEqual(total, 499)
        self.assertLess(done, total)
        gone = [number for number in range(500) if not self.there(f"c-{number}")]
        self.assertEqual(len(gone), done, run)
        self.assertEqual(run.out.count(" pruned\n"), done)
        self.demand(self.apply(self.files(config_map("c-0"), name="less.yaml")), 0, f"{total - done} pruned")

    def test_the_server_is_gone_while_pruning(self):
        server = APIServer(self.folder / "own")
        self.addCleanup(server.stop)
        token = {"KUBECONFIG": str(server.folder / "token.kubeconfig")}
        path = self.files(*[config_map(f"c-{number}") for number in range(20)])
        self.demand(self.apply(path, kubeconfig=None, env=token), 0)
        server.write("rules", [{"method": "DELETE", "nth": 10, "exit": True}])
        run = self.apply(self.files(config_map("c-0")), kubeconfig=None, env=token)
        self.demand(run, 69, "objects pruned", "not pruned:")
        self.assertIn("it may have been all the same", run.err)


@needs_kubectl
class KubectlTests(SetCase):
    def test_the_same_parent_as_kubectl_makes(self):
        path = self.files(config_map("one"), deployment(injected=False))
        self.demand(self.kubectl_apply(path, parent="set"), 0)
        theirs = self.parent()
        self.server.start_over()
        self.demand(self.apply(path), 0)
        ours = self.parent()
        for each in (theirs, ours):
            self.assertTrue(each["metadata"]["annotations"].pop(PREFIX + "tooling").startswith("kubectl"))
        for name in ("labels", "annotations", "name", "namespace"):
            self.assertEqual(ours["metadata"][name], theirs["metadata"][name])

    def test_the_same_words_as_kubectl(self):
        both = self.files(config_map("one"), config_map("two"), deployment(injected=False))
        less = self.write("less.yaml", config_map("one"))
        found = []
        for apply in (self.kubectl_apply, self.apply):
            self.server.start_over()
            self.demand(apply(both), 0)
            found.append([sorted(apply(less, *words).out.splitlines())
                          for words in (("--dry-run=server",), ("--dry-run=server", "-o", "name"), ())])
        self.assertEqual(found[0], found[1])

    def test_each_refuses_the_others_set(self):
        path = self.files(config_map("one"))
        self.demand(self.apply(path, parent="ours"), 0)
        self.demand(self.kubectl_apply(path, parent="ours"), 1, 'is managed by tooling "kubectl-vault-inject"')
        self.demand(self.kubectl_apply(self.files(config_map("two")), parent="theirs"), 0)
        run = self.apply(self.files(config_map("two")), parent="theirs")
        self.demand(run, 69, "secret/theirs in namespace shop belongs to another tool: kubectl/v")

    def test_handed_over(self):
        """A set that one has begun is gone on with by the other, once it was told so, and back."""
        both, less = self.files(config_map("one"), config_map("two")), self.write("less.yaml", config_map("one"))
        self.demand(self.kubectl_apply(both), 0)
        hint = self.last_hint(self.apply(less))
        self.demand(self.kubectl(*hint.split("set over: kubectl ")[1].split(" (and")[0].split()), 0)
        self.demand(self.apply(less), 0, "1 pruned")
        self.assertEqual(self.there("one", "two"), ["one"])
        self.demand(self.apply(both), 0)
        self.hand_over("kubectl/v1.32.0")
        run = self.kubectl_apply(less)
        self.demand(run, 0)
        self.assertIn("configmap/two pruned", run.out)
        self.assertEqual(self.there("one", "two"), ["one"])

    def test_a_member_of_a_set_of_kubectls(self):
        path = self.files(config_map("one"))
        self.demand(self.kubectl_apply(path, parent="theirs"), 0)
        run = self.apply(path)
        self.demand(run, 69, 'it is a member of another set, which belongs to "kubectl"', "--force-conflicts moves it")
        self.demand(self.kubectl(*self.last_hint(run).split("first: kubectl ")[1].split("; ")[0].split()), 0)
        self.demand(self.apply(path), 0)
        self.demand(self.kubectl_apply(self.write("two.yaml", config_map("two")), parent="theirs"), 0)
        self.assertEqual(self.there("one", "two"), ["one", "two"])
