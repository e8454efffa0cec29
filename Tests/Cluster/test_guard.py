"""guard: what kubectl and the API server take of it, and what --check finds in a cluster."""

import copy
import json

import yaml

from case import Case, deployment, job, needs_kubectl
from harness.places import FIXTURES

ASKS = {"sidecar.vault.talend.org/inject": "true"}
KINDS = {"policy": "validatingadmissionpolicies", "bindings": "validatingadmissionpolicybindings"}
GROUP = "/apis/admissionregistration.k8s.io/v1"


def pod(name, annotations=None, namespace="shop", **more):
    """A pod as an API server has it."""
    return {"apiVersion": "v1", "kind": "Pod",
            "metadata": {"name": name, "namespace": namespace, "annotations": ASKS if annotations is None else annotations,
                         **more},
            "spec": {"containers": [{"name": "web", "image": "nginx:1.27"}]}}


class GuardTests(Case):
    def printed(self, *words):
        run = self.inject("guard", *words, kubeconfig=None)
        self.demand(run, 0)
        return run.out

    def put(self, text):
        for thing in yaml.safe_load_all(text):
            kind = KINDS["bindings" if thing["kind"].endswith("Binding") else "policy"]
            self.ask_server("POST", f"{GROUP}/{kind}", thing)

    def put_pod(self, thing):
        path = f"/api/v1/namespaces/{thing['metadata']['namespace']}/pods"
        return self.ask_server("POST", path, thing)

    def check(self, *words, **options):
        return self.inject("guard", "--check", *words, **options)

    def demand_out(self, run, code, *texts):
        self.demand(run, code)
        for text in texts:
            self.assertIn(text, run.out, run)

    # MARK: What is printed

    @needs_kubectl
    def test_kubectl_takes_it(self):
        for words in ([], ["--workloads"], ["--action", "warn"], ["--dialect", "talend", "--name", "x.y"]):
            with self.subTest(words):
                path = self.write("guard.yaml", self.printed(*words))
                for dry_run in ("client", "server"):
                    self.demand(self.kubectl("apply", f"--dry-run={dry_run}", "-f", path), 0)

    @needs_kubectl
    def test_in_force(self):
        for words in ([], ["--workloads"], ["--action", "audit", "--name", "other"]):
            with self.subTest(words):
                path = self.write("guard.yaml", self.printed(*words))
                self.demand(self.kubectl("apply", "-f", path), 0)
                run = self.check(*words)
                self.demand_out(run, 0, "as it should be")
                self.assertEqual(run.err, "")
                self.demand(self.kubectl("delete", "-f", path), 0)

    def test_applied_by_ourselves(self):
        path = self.write("guard.yaml", self.printed())
        self.demand(self.inject("apply", "-f", path), 0)
        self.demand(self.check(), 0)

    # MARK: The guard of a cluster

    def test_missing(self):
        run = self.check()
        self.demand(run, 1)
        self.assertEqual(run.out, (
            "validatingadmissionpolicy/vault-inject-guard: the cluster does not have it\n"
            "validatingadmissionpolicybinding/vault-inject-guard-pods: the cluster does not have it\n"
            "  hint: kubectl vault-inject guard | kubectl apply -f - puts it in force, with the same options as this check\n"
            "0 of 0 pods would be refused if created now\n"))
        self.assertEqual(self.writes(), [])

    def test_binding_is_missing(self):
        policy = next(yaml.safe_load_all(self.printed()))
        self.put(yaml.safe_dump(policy))
        run = self.check()
        self.demand(run, 1)
        self.assertEqual(run.out.splitlines()[:2], [
            "validatingadmissionpolicy/vault-inject-guard: as it should be",
            "validatingadmissionpolicybinding/vault-inject-guard-pods: the cluster does not have it"])

    def test_defaults_of_the_server_are_no_difference(self):
        things = list(yaml.safe_load_all(self.printed("--workloads")))
        for thing in things:
            spec = thing["spec"]
            for match in [spec[key] for key in ("matchConstraints", "matchResources") if key in spec]:
                match.setdefault("namespaceSelector", {})
                match.update(matchPolicy="Equivalent", objectSelector={})
                for rule in match["resourceRules"]:
                    rule["scope"] = "*"
            thing["metadata"].update(labels={"team": "platform"}, annotations={"by": "argocd"})
        self.put(yaml.safe_dump_all(things))
        self.demand(self.check("--workloads"), 0)

    def test_other_options(self):
        self.put(self.printed("--workloads", "--action", "warn", "--vault-addr", "https://v.test"))
        for words, expected in (
                (["--workloads", "--action", "warn"],
                 ["vault-inject-guard: differs from this guard in spec.variables", ", spec.validations"]),
                (["--workloads", "--vault-addr", "https://v.test"],
                 ["guard-pods: differs from this guard in spec.validationActions",
                  "guard-workloads: differs from this guard in spec.validationActions"]),
                (["--action", "warn", "--vault-addr", "https://v.test"],
                 ["guard: differs from this guard in spec.matchConstraints.resourceRules",
                  "guard-workloads: binds the policy, and is not part of this guard"]),
                (["--workloads", "--action", "warn", "--vault-addr", "https://v.test", "--exempt-namespace-label", "a"],
                 ["guard-pods: differs from this guard in spec.matchResources.namespaceSelector.matchExpressions"])):
            with self.subTest(words):
                run = self.check(*words)
                self.demand(run, 1)
                for text in expected:
                    self.assertIn(text, run.out)
        self.demand(self.check("--workloads", "--action", "warn", "--vault-addr", "https://v.test"), 0)

    def test_changed_by_hand(self):
        things = list(yaml.safe_load_all(self.printed()))
        things[0]["spec"]["failurePolicy"] = "Ignore"
        things[0]["spec"]["variables"][1]["expression"] = "{}"
        things[1]["spec"]["matchResources"]["objectSelector"] = {"matchLabels": {"a": "b"}}
        things[1]["spec"]["matchResources"]["excludeResourceRules"] = [
            {"apiGroups": [""], "apiVersions": ["v1"], "operations": ["CREATE"], "resources": ["pods"]}]
        self.put(yaml.safe_dump_all(things))
        run = self.check()
        self.demand(run, 1)
        self.assertIn("spec.failurePolicy, spec.variables[1].expression\n", run.out)
        self.assertIn("spec.matchResources.excludeResourceRules, spec.matchResources.objectSelector", ", ".join(
            sorted(run.out.splitlines()[1].split(" in ")[1].split(", "))))

    # MARK: What runs

    def test_what_it_would_refuse(self):
        self.put(self.printed())
        self.ask_server("POST", "/api/v1/namespaces", {"apiVersion": "v1", "kind": "Namespace", "metadata": {
            "name": "free", "labels": {"vault-inject-guard": "off"}}})
        self.put_pod(pod("bad"))
        self.put_pod(pod("fine", {}))
        self.put_pod(pod("typo", {"vault.hashicorp.com/agent-inject": "yes"}, namespace="staging"))
        self.put_pod(pod("mirror", {**ASKS, "kubernetes.io/config.mirror": "x"}))
        self.put_pod(pod("exempt", namespace="free"))
        self.put_pod(pod("system", namespace="kube-system"))
        self.put_pod(pod("done"))
        self.ask_server("PATCH", "/api/v1/namespaces/shop/pods/done/status", {"status": {"phase": "Succeeded"}},
                        "application/merge-patch+json")
        self.requests()
        run = self.check()
        self.demand(run, 1)
        lines = run.out.splitlines()
        self.assertEqual(len(lines), 5, run)
        self.assertRegex(lines[2], r"^shop/pod/bad: this pod asks for secrets from Vault \(sidecar.vault.talend.org/inject: "
                                   r"true\) but has no Vault agent, so it would run without them; apply the manifest")
        self.assertRegex(lines[3], r"^staging/pod/typo: the annotation vault.hashicorp.com/agent-inject is \"yes\"")
        self.assertEqual(lines[4], "2 of 4 pods would be refused if created now")
        self.assertEqual(self.writes(), [])
        self.demand_out(self.check("-n", "free"), 0, "0 of 0 pods")
        self.demand_out(self.check("-n", "staging"), 1, "1 of 1 pod would be refused")
        self.demand_out(self.check("--exempt-namespace-label", "none"), 1, "shop/pod/bad")
        self.demand_out(self.check("--action", "warn"), 1, "would be warned of if created now")
        self.demand_out(self.check("--action", "audit"), 1, "would be noted in the audit log if created now")

    def test_what_pods_say_is_shown_safely(self):
        self.put(self.printed())
        self.put_pod(pod("odd", {"vault.hashicorp.com/agent-inject": "yes\x1b[31m\u202e\nno"}))
        run = self.check()
        self.demand_out(run, 1, "shop/pod/odd: the annotation vault.hashicorp.com/agent-inject is ")
        self.assertNotIn("\x1b", run.out)
        self.assertNotIn("\u202e", run.out)
        self.assertEqual(len(run.out.splitlines()), 4)

    def test_workloads(self):
        self.put(self.printed("--workloads"))
        web = self.ask_server("POST", "/apis/apps/v1/namespaces/shop/deployments", yaml.safe_load(deployment()))
        owner = {"apiVersion": "apps/v1", "kind": "Deployment", "name": "web", "uid": web["metadata"]["uid"],
                 "controller": True}
        self.put_pod(pod("web-1", ownerReferences=[owner]))
        self.put_pod(pod("node-1", ownerReferences=[{**owner, "apiVersion": "v1", "kind": "Node"}]))
        self.ask_server("POST", "/apis/batch/v1/namespaces/shop/jobs", yaml.safe_load(job()))
        run = self.check("--workloads")
        self.demand(run, 1)
        self.assertEqual([line.split(": ")[0] for line in run.out.splitlines()[3:]],
                         ["shop/pod/node-1", "shop/deployment.apps/web", "2 of 3 objects would be refused if created now"])
        self.assertIn("the pods of this Deployment ask for secrets", run.out)

    def test_pages(self):
        self.put(self.printed())
        template = pod("web-@N@", {})
        template["metadata"].update(uid="00000000-0000-4000-8000-000000@N@", resourceVersion="@VERSION@",
                                    namespace="@NAMESPACE@")
        self.server.ask("/_test/fill", {"template": template, "count": 1200, "namespaces": ["shop", "staging"]})
        self.put_pod(pod("zz"))
        self.requests()
        self.demand_out(self.check(), 1, "1 of 1201 pods would be refused")
        pages = [entry for entry in self.requests(method="GET") if entry["path"] == "/api/v1/pods"]
        self.assertEqual(len(pages), 3)

    def test_report_for_machines(self):
        self.put_pod(pod("bad"))
        path = self.folder / "report.json"
        self.demand(self.check("--report", "json", "--report-file", path), 1)
        report = json.loads(path.read_text())
        rules = [finding["rule"] for entry in report["inputs"] for finding in entry["findings"]]
        self.assertEqual(rules, ["guard-missing", "guard-missing", "refused-by-guard"])

    # MARK: What cannot be asked

    def test_forbidden(self):
        for path, expected in (
                ("*/validatingadmissionpolicies/*", "kubectl auth can-i get validatingadmissionpolicies"),
                ("*/validatingadmissionpolicybindings", "kubectl auth can-i list validatingadmissionpolicybindings"),
                ("/api/v1/pods", "kubectl auth can-i list pods")):
            with self.subTest(path):
                self.rules({"path": path, "status": 403, "message": "you may not"})
                self.demand(self.check(), 69, "you may not", expected)
        self.rules()
        self.put(self.printed())
        self.demand(self.check(kubeconfig="viewer"), 0)

    def test_a_namespace_that_does_not_exist(self):
        self.put(self.printed())
        run = self.check("-n", "shpo")
        self.demand(run, 66, "namespace shpo does not exist, so nothing runs in it", "leave -n out")
        self.assertNotIn("0 of 0", run.out)

    def test_namespaces_may_not_be_read(self):
        self.put(self.printed())
        self.rules({"path": "/api/v1/namespaces*", "status": 403, "message": "you may not"})
        self.demand(self.check(), 0, "warning: the labels of namespaces cannot be read", "you may not")

    def without(self, *kinds, version="v1.29.4", instead=()):
        """The server as one that does not have some kinds yet, but in other versions."""
        groups = copy.deepcopy(json.loads(self.fixture("discovery-aggregated-apis")))["response"]["body"]
        group = next(each for each in groups["items"] if each["metadata"]["name"] == "admissionregistration.k8s.io")
        rows = group["versions"][0]["resources"]
        group["versions"][0]["resources"] = [row for row in rows if row["responseKind"]["kind"] not in kinds]
        for name in instead:
            group["versions"].append({"version": name, "freshness": "Current", "resources": [
                row for row in rows if row["responseKind"]["kind"] in kinds]})
        discovery = {"status": 200, "contentType": "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"}
        return [{"path": "/apis", "body": groups, **discovery},
                {"path": "/version", "status": 200, "body": {"gitVersion": version}, "contentType": "application/json"},
                {"path": GROUP + "/valid*", "status": 404, "body": "404 page not found\n", "contentType": "text/plain"}]

    def fixture(self, name):
        return (FIXTURES / "kube-apiserver" / f"{name}.json").read_text()

    def test_older_servers(self):
        kinds = ["ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding"]
        path = self.write("guard.yaml", self.printed())
        self.rules(*self.without(*kinds, instead=["v1beta1"]))
        expected = ("the cluster knows no ValidatingAdmissionPolicy of admissionregistration.k8s.io/v1",
                    "it needs Kubernetes 1.30, and the API server is v1.29.4", "admissionregistration.k8s.io/v1beta1")
        self.demand(self.check(), 69, *expected)
        self.demand(self.inject("apply", "-f", path), 65, *expected)
        self.rules(*self.without(*kinds, version="v1.27.0"))
        self.demand(self.check(), 69, "the API server is v1.27.0", "hint: inject the manifests instead")
        self.demand(self.inject("apply", "-f", path), 65, "the API server is v1.27.0", "hint: inject the manifests instead")
        self.rules(*self.without(*kinds)[:1], {"path": "/version", "status": 403, "message": "no"})
        self.demand(self.check(), 69, "it needs Kubernetes 1.30 or later")

    def test_older_servers_and_policies_that_change_pods(self):
        path = self.write("policy.yaml", """\
apiVersion: admissionregistration.k8s.io/v1
kind: MutatingAdmissionPolicy
metadata:
  name: p
spec: {}
""")
        kinds = ["MutatingAdmissionPolicy", "MutatingAdmissionPolicyBinding"]
        self.rules(*self.without(*kinds, version="v1.35.1", instead=["v1beta1"]))
        self.demand(self.inject("apply", "-f", path), 65, "policy.yaml:2:7: error:",
                    "the cluster knows no MutatingAdmissionPolicy of admissionregistration.k8s.io/v1; it needs Kubernetes "
                    "1.36, and the API server is v1.35.1", "it has one of admissionregistration.k8s.io/v1beta1")
