internal import Output
internal import Cluster
internal import Injection
internal import KubernetesAPI
internal import ManifestText
internal import Workloads

/// A command's task in a cluster: which objects it concerns, and how they are changed.
struct ClusterTask {
  let configurations: Configurations
  let selection: Selection
  /// What is selected by, as it is written on the command line.
  let words: SelectionWords
  /// The manifests that are named.
  let manifests: InputResolver
  /// The objects that are named in the cluster; nil where manifests are named.
  let targets: LiveTargets?
  /// The namespace that is chosen on the command line; nil where none is.
  let namespace: String?
  let access: ClusterAccess
  let settings: ApplySettings

  /// What is done to objects of the cluster before they are sent again; those that name no namespace are taken to be in this one.
  func transform(namespace: String?) -> any DocumentTransform { transform(configurations.base, namespace: namespace) }

  private func transform(_ loaded: LoadedConfiguration, namespace: String?) -> any DocumentTransform {
    settings.uninjects
      ? loaded.uninjector(namespace: namespace, selection: selection)
      : loaded.injector(namespace: namespace, selection: selection)
  }

  /// Reads the manifests that are named, and finds out what is needed to ask about it.
  func plan(_ report: inout Report) throws(Reported) -> (ApplyPlan, ClusterConnection) {
    // What is wrong with the command line is told without a cluster.
    let inputs = try inputs(&report)
    let client = try access.configuration(&report)
    let objects = try objects(of: inputs, namespace: client.namespace, &report)
    var connection = try access.open(client, &report)
    var resolver = ResourceResolver(objects)
    resolver.ask(about: objects, &connection)
    if let failure = connection.failure {
      report.fail(.unavailable, failure.diagnostic(client))
      throw Reported()
    }
    let set = try report.catching { () throws(Fault) in
      try settings.set?.set(inNamespace: namespace, &connection)
    }
    let plan = ApplyPlan(
      objects, resolver, settings, namespace: client.namespace, isForced: client.namespaceIsForced, in: set)
    for refusal in plan.refusals { report.fail(.refused, refusal.diagnostic, in: refusal.source) }
    if !plan.refusals.isEmpty { throw Reported() }
    return (plan, connection)
  }

  /// The selected objects of all manifests, changed, in the order of the input; there is at least one.
  func objects(namespace: String?, _ report: inout Report) throws(Reported) -> [ClusterObject] {
    try objects(of: try inputs(&report), namespace: namespace, &report)
  }

  private func objects(
    of inputs: [Input], namespace: String?, _ report: inout Report
  ) throws(Reported) -> [ClusterObject] {
    report.account(for: words, selection, configurations.base.kinds)
    let objects = try gathered(inputs, namespace: namespace, &report)
    if report.failure != nil { throw Reported() }
    var selected: [ClusterObject] = []
    for object in objects where try selects(object, &report) { selected.append(object) }
    refuseDuplicates(selected, &report)
    if report.failure != nil { throw Reported() }
    let missed = objects.isEmpty ? nil : report.missedSelection
    if selected.isEmpty || missed != nil {
      report.fail(missed?.rule == .unknownKind ? .usage : .missing, nothingSelected(missed))
      throw Reported()
    }
    return selected
  }

  /// What is named, all of which is there.
  private func inputs(_ report: inout Report) throws(Reported) -> [Input] {
    let inputs = try report.catching { (report) throws(Fault) in try manifests.resolve(checking: &report) }
    let missing = inputs.filter(\.isMissing)
    for input in missing {
      try? report.catching { () throws(Fault) in _ = try input.load() }
    }
    if !missing.isEmpty { throw Reported() }
    return inputs
  }

  /// The objects of all manifests; the report tells what became of each, and of what could not be read.
  private func gathered(
    _ inputs: [Input], namespace: String?, _ report: inout Report
  ) throws(Reported) -> [ClusterObject] {
    let transforms = InputTransforms(configurations) { transform($0, namespace: namespace) }
    let (all, indices) = try transforms.all(for: inputs, &report)
    let gatherings = all.map(ObjectGathering.init)
    var gathered = GatheredObjects()
    for (input, index) in zip(inputs, indices) { gathered.add(input, by: gatherings[index], &report) }
    return gathered.reported(to: &report)
  }

  private func selects(_ object: ClusterObject, _ report: inout Report) throws(Reported) -> Bool {
    do throws(Diagnostic) {
      return try selection.includes(object.manifest, of: object.document)
    } catch {
      report.fail(.refused, error, in: object.source)
      throw Reported()
    }
  }

  /// What there is to say where no object is selected, and so nothing would be done.
  private func nothingSelected(_ finding: Diagnostic?) -> Diagnostic {
    var diagnostic = finding ?? .noObjects
    diagnostic.severity = .error
    return diagnostic
  }

  /// A key that is there twice never reaches the server, so that it cannot tell.
  private func refuseDuplicates(_ objects: [ClusterObject], _ report: inout Report) {
    for object in objects {
      for var diagnostic in object.duplicateKeys {
        guard settings.validation.leavesOutUnknown else {
          if settings.takesValidation {
            diagnostic.hint = diagnostic.hint.map { "\($0); with --validate=ignore the last one counts" }
          }
          report.fail(.refused, diagnostic, in: object.source)
          continue
        }
        diagnostic.severity = .warning
        if settings.validation.warns { report.add(diagnostic, in: object.source) }
      }
    }
  }
}

/// The objects of inputs, with what is reported once all inputs have been read: nothing is sent of any before that.
private struct GatheredObjects {
  private enum Outcome {
    case entry(ReportEntry)
    case fault(Fault)
  }

  private var objects: [ClusterObject] = []
  private var outcomes: [Outcome] = []

  /// Takes the objects of an input.
  mutating func add(_ input: Input, by gathering: ObjectGathering, _ report: inout Report) {
    do throws(Fault) {
      var (objects, entry) = gathering.gathered(of: try input.load())
      report.look(in: &entry)
      self.objects += objects
      outcomes.append(.entry(entry))
    } catch {
      outcomes.append(.fault(error))
    }
  }

  /// The objects; the report tells what became of each, and of what could not be read.
  func reported(to report: inout Report) -> [ClusterObject] {
    let isHeldBack = report.waitsForSelection || outcomes.contains(where: GatheredObjects.holdsBack)
    for outcome in outcomes {
      switch outcome {
      case .entry(var entry):
        if isHeldBack { entry.fate = .withheld }
        report.add(entry)
      case .fault(let fault): report.fail(fault)
      }
    }
    return objects
  }

  /// True for what nothing is sent beside.
  private static func holdsBack(_ outcome: Outcome) -> Bool {
    switch outcome {
    case .entry(let entry): entry.isRefused
    case .fault: true
    }
  }
}

extension Diagnostic {
  fileprivate static let noObjects = Diagnostic(
    rule: .noObjects, message: "the input holds no objects, so there is nothing to do",
    hint: "a program that should have made them may have failed; look at what it prints")
}
