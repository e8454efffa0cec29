internal import Injection
internal import KubernetesAPI
package import ManifestText
internal import Output

/// An object of a cluster with the JSON Patch it gets.
struct LiveChange {
  /// The object as the cluster has it.
  let object: ClusterObject
  let resource: APIResource
  /// The patch, which fails where the object has changed since it was read.
  let operations: Value
}

/// Plans the changes of a transform to live objects.
struct LivePlanner {
  private let pipeline: DocumentPipeline

  init(_ transform: any DocumentTransform) {
    pipeline = DocumentPipeline(transform: transform, scope: .everyInput)
  }

  /// The object as the transform changes it, with the planned changes; nil where it is refused.
  func plan(_ live: LiveObject) -> (result: DocumentPipeline.Result, plan: DocumentPlan?) {
    var sink = PlanCollector()
    let result = pipeline.run(live.source, into: &sink) { _ in }
    return (result, result.isRefused ? nil : sink.plan)
  }

  /// The changes that the transform makes to an object; nil where it stays as it is, or is refused, which is reported.
  func change(of live: LiveObject, _ report: inout Report) -> Result<LiveChange, Unchangeable>? {
    var injected: ClusterObject?
    return change(of: live, &report, ifInjected: &injected)
  }

  /// The same; `injected` is set to an object that stays as it is because it is injected already.
  func change(
    of live: LiveObject, _ report: inout Report, ifInjected injected: inout ClusterObject?
  ) -> Result<LiveChange, Unchangeable>? {
    let (result, plan) = plan(live)
    guard let plan, !plan.isEmpty, let manifest = plan.objects.first?.object else {
      if let kept = plan?.objects.first, kept.outcome == .unchanged(.alreadyInjected), let manifest = kept.object,
        let document = plan?.document
      {
        injected = ClusterObject(source: live.source, document: document, manifest: manifest, body: live.value)
      }
      report.add(ReportEntry(result, of: live.source))
      return nil
    }
    let object = ClusterObject(
      source: live.source, document: plan.document, manifest: manifest, body: live.value)
    if let refusal = Diagnostic.unchangeable(object) {
      report.fail(.refused, refusal, in: live.source)
      return .failure(Unchangeable(object: object))
    }
    report.add(ReportEntry(result, of: live.source))
    return .success(LiveChange(object: object, resource: live.resource, operations: live.patch(plan)))
  }

  /// An object that cannot be changed where it is.
  struct Unchangeable: Error {
    let object: ClusterObject
  }
}

extension LiveObject {
  /// The planned changes as a patch, which fails where the object has changed since it was read.
  func patch(_ plan: DocumentPlan) -> Value {
    var operations = plan.operations.map { $0.json(relativeTo: Path()) }
    if let version {
      // Replaced by itself: where it is another by then, the server answers with a conflict.
      operations.append(["op": "replace", "path": "/metadata/resourceVersion", "value": version])
    }
    return .array(operations)
  }
}

/// Keeps the plan for the only document of an input.
private struct PlanCollector: DocumentSink {
  private(set) var plan: DocumentPlan?

  mutating func keep(_ range: Range<Int>, of source: SourceText) {}

  mutating func add(_ added: AddedDocument) throws(Diagnostic) { plan = added.plan }
}

extension Diagnostic {
  /// Why an object cannot be changed in place, as far as that is known without a request; nil where it can be.
  fileprivate static func unchangeable(_ object: ClusterObject) -> Diagnostic? {
    let hint: String
    switch "\(object.group)/\(object.kind)" {
    case "/Pod": hint = "inject what makes the pod; one that nothing makes has to be deleted and created again"
    case "batch/Job": hint = "inject its manifest, and apply that with --replace, which deletes it and creates it again"
    default: return nil
    }
    return Diagnostic(
      rule: .immutable, message: "the containers of a \(object.kind) that exists cannot be changed", hint: hint,
      range: object.range)
  }
}

/// One live object.
package struct LiveObject {
  /// The object, without the fields that the server maintains itself.
  let value: Value
  let resource: APIResource
  /// The version of the object, which a change in between changes.
  let version: Value?
  /// True for a pod whose containers have all ended for good.
  let isOver: Bool
  /// The object as a manifest: in YAML, under the name kubectl has for it.
  package let source: SourceText

  /// Takes an object of a list, where kind and version stand only once for all, or one by itself.
  init(_ object: Value, _ resource: APIResource, namesNamespace: Bool) {
    self.resource = resource
    version = object["metadata"]?["resourceVersion"]
    isOver = ["Succeeded", "Failed"].contains(object["status"]?["phase"]?.string ?? "")
    var members: [Value.Member] = [
      .init(key: "apiVersion", value: .string(resource.apiVersion)), .init(key: "kind", value: .string(resource.kind)),
    ]
    members += (object.members ?? []).filter { !["apiVersion", "kind", "status"].contains($0.key) }
    var value = Value.object(members)
    value["metadata"]?.removeMembers(["managedFields"])
    self.value = value
    let group = resource.group.isEmpty ? "" : ".\(resource.group)"
    let title = "\(resource.kind.lowercased())\(group)/\(object["metadata"]?["name"]?.string ?? "")"
    let namespace = object["metadata"]?["namespace"]?.string
    let name = namesNamespace ? namespace.map { "\($0)/\(title)" } ?? title : title
    source = SourceText(name: name, bytes: YAMLWriter.block(value))
  }
}
