import KubernetesAPI
import ManifestText
import TestSupport
import Testing
import Workloads

import Cluster
import ClusterTestSupport
import Output

@Suite struct ApplyPlanTests {
  private func objects(_ text: String, name: String = "in.yaml") -> [ClusterObject] {
    ObjectGathering(LoadedConfigurationForTests.injector).objects(
      of: SourceText(name: name, bytes: Array(text.utf8)))
  }

  private func plan(_ text: String, namespace: String = "default", isForced: Bool = false) -> ApplyPlan {
    let objects = objects(text)
    return ApplyPlan(
      objects, ResourceResolver(objects), ApplySettings(), namespace: namespace, isForced: isForced)
  }

  private func object(_ apiVersion: String, _ kind: String, _ name: String, _ rest: String = "") -> String {
    "---\napiVersion: \(apiVersion)\nkind: \(kind)\nmetadata: {name: \(name)\(rest)}\n"
  }

  @Test func dependentsComeBehindWhatTheyNeed() {
    let crd = """
      ---
      apiVersion: apiextensions.k8s.io/v1
      kind: CustomResourceDefinition
      metadata: {name: widgets.example.com}
      spec: {group: example.com, names: {kind: Widget, plural: widgets}, scope: Cluster, versions: [{name: v1}]}

      """
    let text =
      object("example.com/v1", "Widget", "w") + object("apps/v1", "Deployment", "web") + object("v1", "Service", "s")
      + object("v1", "Secret", "x") + object("v1", "ConfigMap", "c")
      + object("rbac.authorization.k8s.io/v1", "RoleBinding", "b")
      + object("rbac.authorization.k8s.io/v1", "Role", "r") + object("v1", "ServiceAccount", "a") + crd
      + object("v1", "Namespace", "team") + object("batch/v1", "Job", "j")
    let plan = plan(text)
    #expect(plan.refusals.isEmpty)
    #expect(
      plan.steps.map { $0.map { plan.items[$0].object.displayName } } == [
        ["Namespace/team"], ["CustomResourceDefinition/widgets.example.com"], ["ServiceAccount/a"], ["Role/r"],
        ["RoleBinding/b"], ["Secret/x", "ConfigMap/c"], ["Service/s"], ["Deployment/web", "Job/j"], ["Widget/w"],
      ])
    #expect(plan.items[0].resource.path(namespace: nil, name: "w") == "/apis/example.com/v1/widgets/w")
  }

  @Test func namespacesAreFilledInAndTakenAway() {
    let text =
      object("v1", "ConfigMap", "c") + object("v1", "ConfigMap", "d", ", namespace: own")
      + object("v1", "Namespace", "team", ", namespace: never")
    let plan = plan(text, namespace: "shop")
    #expect(plan.items.map(\.object.namespace) == ["shop", "own", nil])
    #expect(plan.items[2].object.body["metadata"] == ["name": "team"])
  }

  private func refusals(_ plan: ApplyPlan) -> [String] {
    plan.refusals.map { refusal in
      let place = refusal.source.location(of: refusal.diagnostic.range?.lowerBound ?? 0)
      return "\(place): \(refusal.diagnostic.message)"
    }
  }

  @Test func anotherNamespaceThanTheForcedOne() {
    let text = object("v1", "ConfigMap", "c", ", namespace: a") + object("v1", "ConfigMap", "d")
    #expect(
      refusals(plan(text, namespace: "b", isForced: true)) == [
        "in.yaml:4:32: the namespace from the provided object \"a\" does not match the namespace \"b\""
      ])
    #expect(refusals(plan(text, namespace: "b")) == [])
  }

  @Test func theSameObjectTwice() {
    let text =
      object("v1", "ConfigMap", "c") + object("v1", "ConfigMap", "c", ", namespace: other")
      + object("v1", "ConfigMap", "c", ", namespace: default")
    #expect(refusals(plan(text)) == ["in.yaml:12:18: ConfigMap/c stands twice in the input, first at in.yaml:2"])
  }

  @Test func unknownKindsAreAskedForOncePerVersion() {
    let text =
      object("example.com/v1", "Widget", "w") + object("example.com/v1", "Wigdet", "x")
      + object("v1", "Podd", "p")
    let objects = objects(text)
    let list: Value = [
      "kind": "APIResourceList",
      "resources": [
        ["name": "widgets", "kind": "Widget", "namespaced": true],
        ["name": "widgets/status", "kind": "Widget", "namespaced": false],
      ],
    ]
    let transport = TransportDouble { request in
      request.path == "/apis/example.com/v1"
        ? APIResponse(status: 200, body: JSONWriter.compact(list)) : .status(404, "NotFound", "no")
    }
    var connection = ClusterConnection(ClientConfiguration(server: "https://a"), over: transport)
    var resolver = ResourceResolver(objects)
    resolver.ask(about: objects, &connection)
    #expect(
      transport.asked.withLock { $0 } == ["GET /apis", "GET /api", "GET /api/v1", "GET /apis/example.com/v1"])
    let plan = ApplyPlan(objects, resolver, ApplySettings(), namespace: "default", isForced: false)
    #expect(
      refusals(plan) == [
        "in.yaml:7:7: Wigdet/x: the cluster knows no Wigdet of example.com/v1",
        "in.yaml:11:7: Podd/p: the cluster knows no Podd of v1",
      ])
    #expect(plan.refusals.first?.diagnostic.hint == "did you mean Widget?")
  }

  @Test func objectsNoClusterCanTake() {
    for text in ["kind: X\nmetadata: {name: a}", "apiVersion: v1\nkind: X", "apiVersion: v1\nkind: X\nmetadata: {}"] {
      #expect(objects(text).isEmpty)
    }
    #expect(objects("apiVersion: v1\nkind: Pod\nmetadata: {generateName: a-}").isEmpty)
    #expect(objects("# nothing\n").isEmpty)
  }

  @Test func whatTheServerKeepsForItselfIsNotSent() throws {
    let text = object("v1", "ConfigMap", "c", ", managedFields: [{}], uid: u") + "status: {}\ndata: {a: b}\n"
    #expect(
      try #require(objects(text).first).body == [
        "apiVersion": "v1", "kind": "ConfigMap", "metadata": ["name": "c", "uid": "u"], "data": ["a": "b"],
      ])
  }
}

@Suite struct ComparedObjectTests {
  private func compared(_ kind: String, live: Value?, merged: Value) throws -> ComparedObject {
    let text = "apiVersion: v1\nkind: \(kind)\nmetadata: {name: a, namespace: team}"
    let gathering = ObjectGathering(LoadedConfigurationForTests.injector)
    let object = try #require(gathering.objects(of: SourceText(name: "x", bytes: Array(text.utf8))).first)
    return ComparedObject(object, live: live, merged: merged)
  }

  @Test func whatTheServerWritesMakesNoDifference() throws {
    let live: Value = ["metadata": ["uid": "u", "resourceVersion": "1", "generation": 1], "status": ["a": 1]]
    let merged: Value = ["metadata": ["uid": "u", "managedFields": [[:]], "generation": 2]]
    #expect(try compared("Service", live: live, merged: merged).isSame)
    let new = try compared("Service", live: nil, merged: merged)
    #expect(new.fileName == "v1.Service.team.a")
    #expect(new.live == [])
    #expect(String(decoding: new.merged, as: UTF8.self) == "metadata: {}\n")
  }

  @Test func valuesOfSecretsAreNotShown() throws {
    let annotation = "kubectl.kubernetes.io/last-applied-configuration"
    let live: Value = [
      "metadata": ["annotations": .object([.init(key: annotation, value: "t0p")])],
      "data": ["same": "t0p", "changed": "t0p1", "gone": "t0p"],
    ]
    let merged: Value = ["metadata": [:], "data": ["same": "t0p", "changed": "t0p2", "new": "t0p"]]
    let compared = try compared("Secret", live: live, merged: merged)
    #expect(
      String(decoding: compared.live, as: UTF8.self) == """
        metadata:
          annotations:
            kubectl.kubernetes.io/last-applied-configuration: "***"
        data:
          same: "***"
          changed: "*** (before)"
          gone: "***"

        """)
    #expect(
      String(decoding: compared.merged, as: UTF8.self) == """
        metadata: {}
        data:
          same: "***"
          changed: "*** (after)"
          new: "***"

        """)
  }
}

@Suite struct LiveTargetsTests {
  private func read(
    _ words: String..., labels: String? = nil, everywhere: Bool = false, manifests: Bool = false
  ) throws -> [String]? {
    let targets = try LiveTargets(
      words: words, namesManifests: manifests, labels: labels, isEverywhere: everywhere, kinds: WorkloadKinds())
    return targets?.targets.map { "\($0.kind.group)/\($0.kind.kind) \($0.names?.joined(separator: " ") ?? "*")" }
  }

  @Test func namesAndKinds() throws {
    #expect(try read("deployment/web", "sts/db") == ["apps/Deployment web", "apps/StatefulSet db"])
    #expect(try read("deploy", "web", "api") == ["apps/Deployment web api"])
    #expect(try read("deployments.apps,cronjobs") == ["apps/Deployment *", "batch/CronJob *"])
    #expect(try read("rollout/x") == ["argoproj.io/Rollout x"])
    #expect(try read("pods", labels: "a=b", everywhere: true) == ["/Pod *"])
    let usual = ["apps/Deployment *", "apps/StatefulSet *", "apps/DaemonSet *", "batch/CronJob *"]
    #expect(try read(labels: "a=b") == usual)
    #expect(try read(everywhere: true) == usual)
  }

  @Test func manifests() throws {
    #expect(try read() == nil)
    #expect(try read("-") == nil)
    #expect(try read("app.yaml") == nil)
    #expect(try read("https://example.com/deployment") == nil)
    #expect(try read("configmap/x") == nil)
    #expect(try read("deployment/a/b") == nil)
    #expect(try read("/etc/passwd") == nil)
    #expect(try read(labels: "a=b", manifests: true) == nil)
    let folder = try TemporaryFolder()
    try folder.write("deployment/web", "")
    #expect(try read(folder.path("deployment/web")) == nil)
  }

  @Test func whatMakesNoSenseTogether() {
    #expect(throws: Fault.self) { try read(everywhere: true, manifests: true) }
    #expect(throws: Fault.self) { try read("app.yaml", everywhere: true) }
    #expect(throws: Fault.self) { try read("deployment/web", labels: "a=b") }
    #expect(throws: Fault.self) { try read("deployment/web", everywhere: true) }
  }
}
