import Injection
import KubernetesAPI
import ManifestText
import TestSupport
import Testing

import Cluster

/// What the API server's refusals become, recorded ones and others, with their places in the input.
@Suite struct RefusalTests {
  /// Injects nothing, and reads everything.
  private struct NoTransform: DocumentTransform {
    func mayConcern(_ range: Range<Int>, of source: SourceText) -> Bool { false }
    func plan(for document: Document) -> DocumentPlan { overview(of: document) }
    func overview(of document: Document) -> DocumentPlan { Injector(dialects: []).overview(of: document) }
  }

  private func objects(_ text: String) -> [ClusterObject] {
    ObjectGathering(NoTransform()).objects(of: SourceText(name: "in.yaml", bytes: Array(text.utf8)))
  }

  /// What is said, one finding a line, with its place before it.
  private func sentences(_ text: String, _ response: APIResponse) throws -> [String] {
    let object = try #require(objects(text).first)
    let resource = try #require(BuiltInResources.resource(apiVersion: object.apiVersion, kind: object.kind))
    let status = try #require(APIStatus(response))
    let refused = RefusedObject(object: object, resource: resource, status: status, operation: .applied)
    return refused.diagnostics.flatMap { diagnostic in
      let location = object.source.location(of: diagnostic.range?.lowerBound ?? 0)
      let hint = diagnostic.hint.map { ["  hint: \($0)"] } ?? []
      return ["\(location.line):\(location.column): \(diagnostic.message)"] + hint
    }
  }

  private func recorded(_ name: String) throws -> [String] {
    let recording = try Fixtures.value(try Fixtures.source("kube-apiserver/\(name).json").bytes, name: "\(name).json")
    let answer = try #require(recording["response"])
    guard case .number(let status)? = answer["status"], let body = answer["body"] else { throw CancellationError() }
    let response = APIResponse(status: Int(status) ?? 0, body: JSONWriter.compact(body))
    return try sentences(recording["request"]?["body"]?.string ?? "", response)
  }

  private static let sample = """
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: web
      namespace: shop
      annotations:
        example.com/a.b: x
    spec:
      replicas: 1
      template:
        spec:
          containers:
            - name: web
              image: nginx
              ports:
                - containerPort: 80
    """

  private func status(_ code: Int, _ message: String, _ rest: String = "") -> APIResponse {
    let body = #"{"kind": "Status", "apiVersion": "v1", "status": "Failure", "message": \#(quoted(message))\#(rest)}"#
    return APIResponse(status: code, body: Array(body.utf8))
  }

  private func quoted(_ text: String) -> String {
    String(decoding: JSONWriter.compact(.string(text)), as: UTF8.self)
  }

  private func causes(_ causes: (field: String, message: String)...) -> String {
    let list = causes.map { #"{"field": \#(quoted($0.field)), "message": \#(quoted($0.message))}"# }
    return #", "details": {"causes": [\#(list.joined(separator: ","))]}"#
  }

  // MARK: Recorded

  @Test func conflict() throws {
    #expect(
      try recorded("apply-conflict") == [
        "11:28: Deployment/web in namespace default was not applied: the field"
          + " .spec.template.spec.containers[name=\"web\"].image belongs to \"kubectl-vault-inject\"",
        "  hint: take the fields over with --force-conflicts, leave them out of the manifest, or write the value they have",
      ])
  }

  @Test func invalidName() throws {
    let sentences = try recorded("apply-invalid-name")
    #expect(sentences.count == 1)
    #expect(
      sentences.first?.hasPrefix(
        "3:18: Deployment/Web_Bad in namespace default was not applied: metadata.name: Invalid value: \"Web_Bad\": a")
        == true)
  }

  @Test func immutableJob() throws {
    #expect(
      try recorded("apply-job-immutable") == [
        "5:3: Job/once in namespace default was not applied: `spec.template` of a Job that exists cannot be changed",
        "  hint: --replace deletes it and creates it again, and its pods with it",
      ])
  }

  @Test func missingNamespace() throws {
    #expect(
      try recorded("apply-missing-namespace") == [
        "3:34: Deployment/web in namespace nowhere was not applied: the namespace `nowhere` does not exist",
        "  hint: create it with kubectl create namespace nowhere, or add its manifest: namespaces are applied first",
      ])
  }

  @Test func unknownFieldAnsweredAsFault() throws {
    #expect(
      try recorded("apply-unknown-field-strict") == [
        "11:50: Deployment/web in namespace default was not applied: there is no field"
          + " `spec.template.spec.containers[name=\"web\"].imagee` in Deployment of apps/v1",
        "  hint: see kubectl explain deployments.spec.template.spec.containers for the fields there are",
      ])
  }

  @Test func forbidden() throws {
    #expect(
      try recorded("forbidden") == [
        "3:18: Deployment/web in namespace default was not applied: User \"viewer\" cannot patch resource"
          + " \"deployments\" in API group \"apps\" in the namespace \"default\"",
        "  hint: check with kubectl auth can-i patch deployments.apps/web -n default; applying needs the verbs patch"
          + " and create",
      ])
  }

  @Test func ordinaryMistakesBesideWhatCannotChange() throws {
    #expect(
      try recorded("apply-job-immutable-and-invalid") == [
        "7:22: Job/migrate in namespace rec2 was not applied: spec.template.spec.restartPolicy: Required value: valid"
          + " values: \"OnFailure\", \"Never\"",
        "5:3: Job/migrate in namespace rec2 was not applied: `spec.template` of a Job that exists cannot be changed",
        "  hint: --replace deletes it and creates it again, and its pods with it",
      ])
  }

  @Test func valuesOfAnotherType() throws {
    #expect(
      try recorded("apply-type-error") == [
        "12:32: Deployment/web was not applied: `spec.template.spec.containers[name=\"app\"].env[name=\"A\"].value` is"
          + " a number, and has to be a string",
        "  hint: quote it: \"1\"",
      ])
    #expect(
      try recorded("apply-type-error-configmap") == [
        "4:11: ConfigMap/c was not applied: `data.a` is a boolean, and has to be a string",
        "  hint: quote it: \"true\"",
      ])
  }

  @Test func aNamespaceThatIsGoing() throws {
    #expect(
      try recorded("namespace-terminating") == [
        "3:18: ConfigMap/late was not applied: unable to create new content in namespace rec2 because it is being"
          + " terminated",
        "  hint: wait until the namespace is gone and create it again, or choose another; kubectl get namespace default"
          + " -o yaml tells what it waits for",
      ])
  }

  // MARK: Others

  @Test func strictDecoding() throws {
    let message =
      "Deployment in version \"v1\" cannot be handled as a Deployment: strict decoding error: unknown field"
      + " \"spec.template.spec.containers[0].imge\", duplicate field \"spec.replicas\""
    #expect(
      try sentences(Self.sample, status(400, message)).filter { !$0.hasPrefix("  ") } == [
        "13:11: Deployment/web in namespace shop was not applied: there is no field"
          + " `spec.template.spec.containers[0].imge` in Deployment of apps/v1",
        "9:13: Deployment/web in namespace shop was not applied: the field `spec.replicas` is there twice in"
          + " Deployment of apps/v1",
      ])
  }

  @Test func severalInvalidFields() throws {
    let rest = causes(
      ("spec.template.spec.containers[0].ports[0].containerPort", "Invalid value: 80: taken"),
      ("metadata.annotations.example.com/a.b", "Invalid value: \"x\": no"), ("spec.selector", "Required value"),
      ("", "all of it"))
    #expect(
      try sentences(Self.sample, status(422, "many", rest)) == [
        "16:30: Deployment/web in namespace shop was not applied:"
          + " spec.template.spec.containers[0].ports[0].containerPort: Invalid value: 80: taken",
        "7:22: Deployment/web in namespace shop was not applied: metadata.annotations.example.com/a.b:"
          + " Invalid value: \"x\": no",
        "8:1: Deployment/web in namespace shop was not applied: spec.selector: Required value",
        "4:9: Deployment/web in namespace shop was not applied: all of it",
      ])
  }

  @Test func podsCannotChange() throws {
    let rest = causes(("spec", "Forbidden: pod updates may not change fields other than `spec.containers[*].image`"))
    let pod = "{apiVersion: v1, kind: Pod, metadata: {name: p}, spec: {}}"
    #expect(
      try sentences(pod.replacing("{a", with: " {a"), status(422, "m", rest)).first
        == "1:51: Pod/p was not applied: `spec` of a Pod that exists cannot be changed")
  }

  static let others: [(Int, String, String, String?)] = [
    (
      400, "admission webhook \"w.example.com\" does not support dry run",
      "the admission webhook `w.example.com` of the cluster takes no dry run",
      "it would have to declare sideEffects: None or NoneOnDryRun; --dry-run=client asks no webhook"
    ),
    (
      403, "admission webhook \"w\" denied the request: no latest tags",
      "the admission webhook `w` of the cluster refuses it: no latest tags",
      "webhooks belong to the cluster; kubectl get validatingwebhookconfigurations,mutatingwebhookconfigurations"
    ),
    (
      500, "Internal error occurred: failed calling webhook \"w\": failed to call webhook: Post: refused",
      "the admission webhook `w` of the cluster cannot be asked: failed to call webhook: Post: refused",
      "webhooks belong to the cluster; kubectl get validatingwebhookconfigurations,mutatingwebhookconfigurations"
    ),
    (
      403, "deployments.apps \"web\" is forbidden: exceeded quota: q", "exceeded quota: q",
      "see kubectl describe quota q -n shop: ask for less, free some of it, or have it raised"
    ),
    (
      403, "deployments.apps \"web\" is forbidden: no toleration", "no toleration",
      "a policy of the cluster refuses it; whoever runs the cluster can tell"
    ),
    (
      404, "the server could not find the requested resource", "the cluster knows no Deployment of apps/v1",
      "see kubectl api-resources; its CustomResourceDefinition may be missing, or of another version"
    ),
    (
      409, "Operation cannot be fulfilled on deployments.apps \"web\": the object has been modified",
      "Operation cannot be fulfilled on deployments.apps \"web\": the object has been modified",
      "it was changed or is being deleted at this moment; run the command again"
    ),
    (413, "too big", "is too large for the API server", "it takes about 3 MB; move data out of the object"),
    (429, "busy", "the API server is too busy", "run the command again later"),
    (500, "etcd is down", "etcd is down", "a fault of the API server or of something behind it"),
    (504, "timeout", "timeout", "the API server took too long; run the command again"),
    (400, "bad", "bad", nil),
  ]

  @Test(arguments: others)
  func otherRefusals(code: Int, message: String, sentence: String, hint: String?) throws {
    // Whoever waited in vain for an answer may have been heard all the same.
    let outcome = code == 504 ? "may not have been applied" : "was not applied"
    let expected = ["4:9: Deployment/web in namespace shop \(outcome): \(sentence)"]
    #expect(try sentences(Self.sample, status(code, message)) == expected + (hint.map { ["  hint: \($0)"] } ?? []))
  }

  @Test func answersOfProxies() throws {
    let page = APIResponse(status: 502, contentType: "text/html", body: Array("<html>\nBad Gateway".utf8))
    #expect(
      try sentences(Self.sample, page).first
        == "4:9: Deployment/web in namespace shop was not applied: HTTP 502: <html>")
    #expect(
      try sentences(Self.sample, APIResponse(status: 502, body: [])).first
        == "4:9: Deployment/web in namespace shop was not applied: the API server answered 502")
  }

  @Test func fieldsOfInjectedContainersAreTheInjections() throws {
    let object = try #require(
      ObjectGathering(LoadedConfigurationForTests.injector).objects(
        of: SourceText(name: "in.yaml", bytes: Array(Self.annotated.utf8))
      ).first)
    let containers = object.body["spec"]?["containers"]?.array ?? []
    let own = try #require(containers.firstIndex { $0["name"] == "web" })
    let agent = try #require(containers.firstIndex { $0["name"] == "tvsi-vault-agent" })
    let image = object.place(of: "spec.containers[\(own)].image")
    #expect("\(object.source.location(of: image.range.lowerBound))" == "in.yaml:11:12")
    #expect(image.isExact)
    let added = object.place(of: "spec.containers[\(agent)].image")
    #expect(added.isInjected)
    #expect("\(object.source.location(of: added.range.lowerBound))" == "in.yaml:9:3")
  }

  private static let annotated = """
    apiVersion: v1
    kind: Pod
    metadata:
      name: p
      annotations:
        sidecar.vault.talend.org/inject: "true"
      labels: {com.talend.application: a, com.talend.service: s}
    spec:
      containers:
      - name: web
        image: nginx
    """
}
