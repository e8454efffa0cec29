package import Injection
internal import KubernetesAPI
internal import ManifestText
package import Output
internal import Platform
package import Workloads

/// Tries out the pods of all objects in dry runs, and reports what the API server, its policies and other webhooks say
/// about each.
package struct VerifyRun: ~Copyable {
  private let settings: ApplySettings
  private let kinds: WorkloadKinds
  private var connection: ClusterConnection
  private var product = ClusterProduct(nil)
  private var report: Report
  private var triedOne = false

  package init(
    _ settings: ApplySettings, kinds: WorkloadKinds, over connection: ClusterConnection, report: consuming Report
  ) {
    (self.settings, self.kinds, self.connection) = (settings, kinds, connection)
    self.report = report
  }

  /// Works through the objects of a plan.
  package mutating func all(of plan: ApplyPlan) -> Ending {
    tryOut(plan)
    return finish()
  }

  /// Works through objects of the cluster, as they are once they are changed, page by page.
  package mutating func all(of targets: LiveTargets, _ transform: any DocumentTransform) -> Ending {
    let gathering = ObjectGathering(transform)
    var live = LiveObjects(targets, over: connection)
    var metOne = false
    do throws(Fault) {
      while live.connection.failure == nil, let page = try live.nextPage(&report) {
        let objects = page.flatMap { gathering.objects(of: $0.source, &report) }
        metOne = metOne || !page.isEmpty
        connection = live.connection
        tryOut(plan(for: objects))
        live.connection = connection
      }
    } catch {
      report.fail(error)
    }
    connection = live.connection
    guard metOne || report.failure != nil || connection.failure != nil else {
      report.fail(.missing, .noLiveObjects)
      return report.finish()
    }
    return finish()
  }

  private mutating func plan(for objects: [ClusterObject]) -> ApplyPlan {
    var resolver = ResourceResolver(objects)
    resolver.ask(about: objects, &connection)
    return ApplyPlan(
      objects, resolver, settings, namespace: connection.configuration.namespace, isForced: false)
  }

  private mutating func tryOut(_ plan: ApplyPlan) {
    let trials = plan.items.indices.flatMap { index in
      PodTrial.trials(of: plan.items[index].object, kinds).map { (index: index, trial: $0) }
    }
    triedOne = triedOne || !trials.isEmpty
    for batch in trials.batches where connection.failure == nil { send(batch, of: plan) }
  }

  private mutating func finish() -> Ending {
    if let failure = connection.failure {
      report.fail(.unavailable, failure.diagnostic(connection.configuration))
    } else if !triedOne, report.failure == nil {
      report.add(.noPods)
    }
    return report.finish()
  }

  private mutating func send(_ trials: ArraySlice<(index: Int, trial: PodTrial)>, of plan: ApplyPlan) {
    let requests = trials.map { trial in
      let namespace = plan.items[trial.index].object.namespace ?? connection.configuration.namespace
      return trial.trial.request(namespace: namespace, settings)
    }
    var again: [(index: Int, trial: PodTrial)] = []
    for (trial, answer) in zip(trials, connection.send(requests)) {
      guard case .success(let response) = answer else { continue }
      if let rest = settle(plan, trial.index, trial.trial, response) { again.append((trial.index, rest)) }
    }
    if !again.isEmpty { send(again[...], of: plan) }
  }

  /// Reports the result for a pod; one that refers to objects which only the same input contains is tried once more
  /// without them.
  private mutating func settle(
    _ plan: ApplyPlan, _ index: Int, _ trial: PodTrial, _ response: APIResponse
  ) -> PodTrial? {
    let item = plan.items[index]
    guard let status = APIStatus(response) else {
      accept(item.object, trial, response)
      return nil
    }
    let pods = BuiltInResources.resource(apiVersion: "v1", kind: "Pod") ?? item.resource
    let refused = RefusedObject(
      object: item.object, resource: pods, status: status, operation: .verified, fieldPrefix: trial.fieldPrefix,
      as: settings.impersonation)
    if let missing = plan.brought(missingFor: refused) {
      if let rest = refused.missingReference.flatMap({ trial.without($0.fields) }) { return rest }
      report.add(.comesWithInput(missing, item.object), in: item.object.source)
      return nil
    }
    warn(item.object, response)
    for diagnostic in refused.diagnostics { report.fail(.unavailable, diagnostic, in: item.object.source) }
    return nil
  }

  private mutating func warn(_ object: ClusterObject, _ response: APIResponse) {
    for text in response.warnings { report.add(.aboutPods(of: object, text), in: object.source) }
  }

  private mutating func accept(_ object: ClusterObject, _ trial: PodTrial, _ response: APIResponse) {
    warn(object, response)
    let foreign = response.json.map(trial.foreignContainers) ?? []
    if !foreign.isEmpty { report.add(.foreignContainers(foreign, object), in: object.source) }
    product.add("\(object.qualifiedName) accepted", &report)
  }
}

extension Diagnostic {
  fileprivate static let noPods = Diagnostic(rule: .noPods, message: "nothing in the input makes pods")

  fileprivate static func aboutPods(of object: ClusterObject, _ text: String) -> Diagnostic {
    Diagnostic(
      rule: .serverWarning, message: "the pods of \(object.displayName): \(text)", range: object.range)
  }

  fileprivate static func foreignContainers(_ names: [String], _ object: ClusterObject) -> Diagnostic {
    Diagnostic(
      rule: .foreignContainers,
      message: "the cluster adds to the pods of \(object.displayName): \(names.joined(separator: ", "))",
      hint: "other webhooks do; they run before the agent where they come first among the init containers",
      range: object.range)
  }
}

/// A pod made from an object's template, to ask the cluster whether it would take it.
struct PodTrial {
  /// Where in the object the template stands, with a dot at its end; empty where the object is the pod itself.
  let fieldPrefix: String
  /// The pod.
  private(set) var pod: Value

  /// The pods of an object, one for each of its templates.
  static func trials(of object: ClusterObject, _ kinds: WorkloadKinds) -> [PodTrial] {
    guard let kind = kinds.kind(of: object.manifest) else { return [] }
    return kind.templates.flatMap { path in
      path.templates(in: object.body).compactMap { PodTrial($0.value, at: $0.path, of: object) }
    }
  }

  private init?(_ template: Value, at path: Path, of object: ClusterObject) {
    guard let spec = template["spec"] else { return nil }
    var metadata: Value = ["generateName": .string("\(object.name.prefix(200))-")]
    metadata["namespace"] = object.namespace.map(Value.string)
    for key in ["labels", "annotations"] { metadata[key] = template["metadata"]?[key] }
    pod = ["apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": PodTrial.withClaims(spec, of: object)]
    fieldPrefix = path.steps.isEmpty ? "" : "\(path)."
  }

  /// A pod's spec with the volumes that a StatefulSet's controller adds for its claims, in place of those of the name.
  private static func withClaims(_ spec: Value, of object: ClusterObject) -> Value {
    let claims = object.body["spec"]?["volumeClaimTemplates"]?.array ?? []
    let names = claims.compactMap { $0["metadata"]?["name"]?.string }
    guard object.kind == "StatefulSet", !names.isEmpty else { return spec }
    var spec = spec
    let others = (spec["volumes"]?.array ?? []).filter { !names.contains($0["name"]?.string ?? "") }
    let volumes = names.map { name -> Value in
      ["name": .string(name), "persistentVolumeClaim": ["claimName": .string("\(name)-\(object.name)-0")]]
    }
    spec["volumes"] = .array(others + volumes)
    return spec
  }

  /// The pod without some fields of its spec; nil where it has none of them.
  func without(_ fields: [String]) -> PodTrial? {
    guard let spec = pod["spec"], fields.contains(where: { spec[$0] != nil }) else { return nil }
    var trial = self
    trial.pod["spec"]?.removeMembers(fields)
    return trial
  }

  /// Creates the pod in a dry run.
  func request(namespace: String, _ settings: ApplySettings) -> APIRequest {
    var settings = settings
    settings.dryRun = .server
    return APIRequest(
      .post, "/api/v1/namespaces/\(namespace)/pods", query: settings.parameters, contentType: "application/json",
      body: JSONWriter.compact(pod))
  }

  /// The containers that the answer has beyond those of the pod: those that other webhooks added.
  func foreignContainers(in answer: Value) -> [String] {
    ["initContainers", "containers"].flatMap { list -> [String] in
      let own = PodTrial.names(in: pod, list)
      return PodTrial.names(in: answer, list).filter { !own.contains($0) }
    }
  }

  private static func names(in pod: Value, _ list: String) -> [String] {
    pod["spec"]?[list]?.array?.compactMap { $0["name"]?.string } ?? []
  }
}
