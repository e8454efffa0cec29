"""What the cluster refuses is said for what it is: whose mistake, where, and what to do."""


from case import Case, deployment

STATEFUL = """\
apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: db
  namespace: shop
spec:
  serviceName: db
  selector: {matchLabels: {app: db}}
  template:
    metadata:
      labels: {app: db, com.talend.application: shop, com.talend.service: db}
      annotations:
        sidecar.vault.talend.org/inject: "true"
    spec:
      containers:
      - name: db
        image: postgres:17
        volumeMounts:
        - {name: data, mountPath: /data}
  volumeClaimTemplates:
  - metadata: {name: data}
    spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
"""
NAMESPACE = "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: fresh\n"
ACCOUNT = "apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: checkout\n  namespace: shop\n"
POD = """\
apiVersion: v1
kind: Pod
metadata: {name: one, namespace: shop}
spec:
  serviceAccountName: checkout
  containers:
  - {name: main, image: "busybox:1"}
"""


class SentenceTests(Case):
    def apply(self, text, *words, **options):
        return self.inject("apply", "-f", self.write("in.yaml", text), *words, **options)

    # MARK: The manifest's own mistakes

    def test_a_value_of_another_type(self):
        text = deployment(extra="        env:\n        - name: A\n          value: 1\n        - name: B\n          value: true\n")
        run = self.apply(text, "-q")
        self.demand(run, 69, "in.yaml:29:18: error:", '.env[name="A"].value` is a number, and has to be a string',
                    'hint: quote it: "1"', "in.yaml:31:18: error:", "is a boolean, and has to be a string",
                    'hint: quote it: "true"')
        self.assertNotIn("fault", run.err)
        text = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: c\n  namespace: shop\ndata:\n  a: true\n"
        self.demand(self.apply(text), 69, "in.yaml:7:6: error:", "`data.a` is a boolean, and has to be a string")
        run = self.apply(deployment().replace("replicas", "x").replace("  selector:", "  replicas: many\n  selector:"))
        self.demand(run, 69, "`spec.replicas` is a string, and has to be a number", "kubectl explain deployments.spec.replicas")

    def test_values_of_secrets_are_not_repeated(self):
        text = "apiVersion: v1\nkind: Secret\nmetadata:\n  name: s\n  namespace: shop\nstringData:\n  pin: 4711\n"
        run = self.apply(text)
        self.demand(run, 69, "`stringData.pin` is a number, and has to be a string", "hint: quote it\n")
        self.assertNotIn("4711", run.err)

    def test_a_type_as_decoders_tell_it(self):
        """Where an object is created rather than applied, the server does not say which element is meant."""
        self.rules({"method": "POST", "path": "*/pods", "status": 400, "message":
                    'Pod in version "v1" cannot be handled as a Pod: json: cannot unmarshal number into Go struct field '
                    'EnvVar.spec.containers.env.value of type string'})
        text = deployment(extra="        env:\n        - name: A\n          value: x\n        - name: B\n          value: 1\n")
        run = self.inject("verify", "-f", self.write("in.yaml", text))
        self.demand(run, 69, "in.yaml:31:18: error:", "is a number, and has to be a string")

    def test_keys_that_stand_twice(self):
        text = deployment().replace("        image: nginx:1.27\n", "        image: nginx:1.27\n        image: nginx:1.28\n")
        run = self.apply(text)
        self.demand(run, 65, "in.yaml:25:9: error:", "the key `image` stands twice in one map, first at", "hint:")
        self.assertEqual(self.requests(), [])
        self.assertIn("remove one of the two; with --validate=ignore the last one counts", run.err)
        for command in ("diff", "verify"):
            run = self.inject(command, "-f", self.folder / "in.yaml")
            self.demand(run, 65, "`image` stands twice", "hint: remove one of the two\n")
            self.assertNotIn("--validate", run.err)
        self.demand(self.apply(text, "--validate=warn"), 0, "warning: the key `image` stands twice")
        self.assertEqual(self.containers("web")["web"], "nginx:1.28")
        self.assertNotIn("twice", self.apply(text, "--validate=ignore").err)

    def test_a_name_that_stands_twice_is_not_left_out(self):
        text = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n  name: b\n"
        self.demand(self.apply(text), 65, "in.yaml:5:3: error:", "`name` stands twice")

    def test_what_is_left_out_is_told_only_of_what_is_applied(self):
        text = deployment().replace("  selector:", "  sellector: y\n  selector:")
        self.rules({"method": "PATCH", "nth": [2], "status": 403, "message": "no"})
        run = self.apply(text, "--validate=warn")
        self.demand(run, 69, "was not applied: no")
        self.assertNotIn("was applied", run.err)

    def test_validation_decides_about_unknown_fields(self):
        """The server refuses them whatever it is asked for; warn and ignore apply the rest."""
        text = deployment().replace("        image:", "        imagee: x\n        image:").replace(
            "  selector:", "  sellector: y\n  selector:")
        run = self.apply(text)
        self.demand(run, 69, "there is no field `spec.sellector`", 'containers[name="web"].imagee')
        self.assertIsNone(self.live("deployments", "web"))
        run = self.apply(text, "--validate=warn")
        self.demand(run, 0, "in.yaml:9:14: warning:", "was applied without it: there is no field `spec.sellector`", "imagee")
        self.assertEqual(list(self.containers("web")), ["tvsi-vault-agent", "web"])
        run = self.apply(text, "--validate=ignore")
        self.demand(run, 0)
        self.assertNotIn("there is no field", run.err)

    # MARK: Admission

    def test_quota(self):
        quota = "apiVersion: v1\nkind: ResourceQuota\nmetadata:\n  name: few\n  namespace: shop\nspec:\n  hard: {configmaps: '0'}\n"
        self.demand(self.apply(quota), 0)
        run = self.apply("apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: c\n  namespace: shop\n")
        self.demand(run, 69, "exceeded quota: few, requested: configmaps=1", "kubectl describe quota few -n shop")
        self.assertNotIn("policy", run.err)

    def test_a_namespace_that_is_going(self):
        self.demand(self.apply(NAMESPACE + "  finalizers: [example.com/wait]\n"), 0)
        self.ask_server("DELETE", "/api/v1/namespaces/fresh")
        run = self.apply(deployment(namespace="fresh"), "-q")
        self.demand(run, 69, "in.yaml:5:14: error:", "because it is being terminated", "wait until the namespace is gone")
        self.assertNotIn("policy", run.err)

    def test_acting_as_another_where_each_use_has_a_verb_of_its_own(self):
        self.rules({"status": 403, "reason": "Forbidden", "message": 'deployments.apps "web" is forbidden: User "admin" cannot '
                    'impersonate-on:user-info:patch resource "deployments" in API group "apps" in the namespace "shop"'})
        run = self.apply(deployment(), "--as", "somebody")
        self.demand(run, 69, "cannot impersonate-on:user-info:patch", "leave --as out", "the verb impersonate for users")
        self.assertNotIn("can-i impersonate-on", run.err)

    # MARK: The server

    def test_http_to_a_tls_port(self):
        self.rules({"listener": "plain", "status": 400, "contentType": "text/plain; charset=utf-8",
                    "body": "Client sent an HTTP request to an HTTPS server.\n"})
        run = self.apply(deployment(), "--server", self.server.addresses["plain"])
        self.demand(run, 69, "speaks TLS, and was asked without it", "https://")
        self.assertNotIn("in.yaml:4", run.err)

    def test_http_to_a_port_that_hangs_up(self):
        """A server for TLS that has not read the whole request resets the connection, and its words are lost."""
        self.rules({"listener": "plain", "reset": "before"})
        run = self.apply(deployment(), "--server", self.server.addresses["plain"])
        self.demand(run, 69, "broke off", "where the API server speaks TLS, write its address with https://")

    def test_too_large(self):
        value = "x" * 700_000
        two = deployment(extra=f"        env:\n        - {{name: A, value: {value}}}\n        - {{name: B, value: {value}}}\n"
                               f"        - {{name: C, value: {value}}}\n")
        self.demand(self.apply(two), 69, "is too large for the API server", "etcd, where it is kept, takes about 1.5 MB")
        value = "x" * 1_700_000
        run = self.apply(deployment(extra=f"        env:\n        - {{name: A, value: {value}}}\n        - {{name: B, value: {value}}}\n"))
        self.demand(run, 69, "is too large for the API server", "it takes about 3 MB")

    def test_other_statuses(self):
        for code, message, *texts in (
                (405, "the server does not allow this method on the requested resource", "kubectl api-resources -o wide"),
                (415, "the body of the request was in an unknown format", "takes no server-side apply"),
                (503, "the server is currently unable to handle the request", "is not available at this moment"),
                (504, "Timeout: request did not complete within requested timeout", "took too long", "may have been",
                 "may not have been applied: Timeout"),
                (500, "etcdserver: request timed out", "may have been", "may not have been applied: etcdserver"),
                (409, 'object is being deleted: deployments.apps "web" already exists', "is being deleted", "finalizers"),
                (500, 'Internal error occurred: failed calling webhook "w.example.com": failed to call webhook: Post '
                      '"https://w": context deadline exceeded', "w.example.com", "cannot be asked", "deadline exceeded"),
                (403, 'roles.rbac.authorization.k8s.io "r" is forbidden: user "u" is attempting to grant RBAC permissions not '
                      'currently held: {APIGroups:[""], Resources:["pods"], Verbs:["get"]}', "you can only grant permissions you hold"),
                (403, 'pods "x" is forbidden: maximum cpu usage per Container is 1, but limit is 2', "describe limitrange -n shop"),
                (403, "deployments.apps \"web\" is forbidden: ValidatingAdmissionPolicy 'p' with binding 'b' denied request: no",
                 "kubectl get validatingadmissionpolicy p -o yaml")):
            with self.subTest(message):
                reason = {409: "AlreadyExists"}.get(code, "x")
                self.rules({"method": "PATCH", "status": code, "message": message, "reason": reason})
                self.demand(self.apply(deployment()), 69, *texts)


class WholeInputTests(Case):
    """What an input needs and itself brings is no fault of it."""

    def setUp(self):
        super().setUp()
        self.fresh = NAMESPACE + "---\n" + deployment(namespace="fresh")

    def run_on(self, text, *words, **options):
        return self.inject(*words, "-f", self.write("in.yaml", text), **options)

    def test_verify_gives_a_stateful_set_its_claims(self):
        run = self.run_on(STATEFUL, "verify")
        self.demand(run, 0)
        self.assertEqual(run.out, "statefulset.apps/db accepted\n")
        broken = STATEFUL.replace("  volumeClaimTemplates:", "  volumeClaimTemplatez:")
        self.demand(self.run_on(broken, "verify"), 69, "volumeMounts[0].name: Not found")

    def test_verify_of_a_service_account(self):
        text = deployment().replace("    spec:\n      containers", "    spec:\n      serviceAccountName: checkout\n      containers")
        self.demand(self.run_on(text, "verify"), 69, "in.yaml:22:27: error:", "create serviceaccount checkout")
        run = self.run_on(text + "---\n" + ACCOUNT, "verify")
        self.demand(run, 0)
        self.assertEqual(run.out, "deployment.apps/web accepted\n")
        # And nothing else is let pass with it.
        self.demand(self.run_on(text.replace("8080", "0") + "---\n" + ACCOUNT, "verify"), 69, "containerPort")

    def test_verify_of_a_namespace(self):
        run = self.run_on(self.fresh, "verify")
        self.demand(run, 0, "Namespace/fresh, which it needs, comes with the same input")
        self.assertEqual(run.out, "")

    def test_a_trial_on_the_server(self):
        run = self.run_on(self.fresh, "apply", "--dry-run=server")
        self.demand(run, 0, "could not be tried out: Namespace/fresh")
        self.assertEqual(len(run.out.splitlines()), 2)
        self.demand(self.run_on(ACCOUNT + "---\n" + POD, "apply", "--dry-run=server"), 0)
        self.demand(self.run_on(POD, "apply", "--dry-run=server"), 69, "create serviceaccount checkout")
        self.assertIsNone(self.live("pods", "one", group="api/v1"))

    def test_without_the_right_to_create_pods(self):
        run = self.run_on(deployment(), "verify", kubeconfig="viewer")
        self.demand(run, 69, "the pods of Deployment/web in namespace shop could not be tried out",
                    "kubectl auth can-i create pods -n shop")
        self.assertNotIn("would not be accepted", run.err)


class LiveTests(Case):
    def setUp(self):
        super().setUp()
        text = deployment().replace("sidecar.vault", "later.vault")
        self.demand(self.inject("apply", "-f", self.write("web.yaml", text)), 0)
        self.ask_server("PATCH", "/apis/apps/v1/namespaces/shop/deployments/web", [
            {"op": "replace", "path": "/spec/template/metadata/annotations", "value": {
                "sidecar.vault.talend.org/inject": "true", "sidecar.vault.talend.org/role": "web"}}],
            "application/json-patch+json")
        self.requests()

    def test_diff(self):
        before = self.live("deployments", "web")
        run = self.inject("diff", "deployment/web", "-n", "shop")
        self.demand(run, 1)
        self.assertIn("+++ merged/apps.v1.Deployment.shop.web", run.out)
        self.assertRegex(run.out, r"(?m)^\+ +name: tvsi-vault-agent$")
        self.assertNotRegex(run.out, r"(?m)^-[^-]")
        self.assertEqual(self.live("deployments", "web"), before)
        self.demand(self.inject("apply", "deployment/web", "-n", "shop"), 0)
        run = self.inject("diff", "deployment/web", "-n", "shop")
        self.demand(run, 0)
        self.assertEqual(run.out, "")

    def test_verify(self):
        run = self.inject("verify", "deployment/web", "-n", "shop")
        self.demand(run, 0)
        self.assertEqual(run.out, "deployment.apps/web accepted\n")
        self.assertEqual({entry["query"].get("dryRun") for entry in self.writes()}, {"All"})
        self.demand(self.inject("verify", "deployment/nowhere", "-n", "shop"), 66, "nowhere")

    def test_a_list_without_an_end(self):
        self.fill(700)
        for how in ("same", "new", "empty"):
            with self.subTest(how):
                self.rules({"method": "GET", "path": "*/deployments", "endless": how})
                for words in (("deployments", "-o", "name"), ("apply", "--dry-run=client", "deployments")):
                    run = self.inject(*words, "-q", "-n", "shop", timeout=50)
                    self.demand(run, 69, "the API server's list does not end", "hint:")
