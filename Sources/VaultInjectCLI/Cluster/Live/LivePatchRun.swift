internal import ArgumentParser
internal import Injection
internal import KubernetesAPI
internal import ManifestText
internal import Workloads

/// Changes objects of a cluster where they are, page by page: each gets a JSON Patch of what the transform plans.
struct LivePatchRun: ~Copyable {
  /// An object with the patch it gets.
  private struct Change {
    let object: ClusterObject
    let resource: APIResource
    let operations: Value
  }

  private let pipeline: DocumentPipeline
  private let settings: ApplySettings
  private var objects: LiveObjects
  private var product: ClusterProduct
  private var report: Report
  /// What was not done; of the others, which may be very many, only the number is kept.
  private var entries: [ClusterAccount.Entry] = []
  private var doneCount = 0

  init(
    _ objects: LiveObjects, _ transform: any DocumentTransform, _ settings: ApplySettings, product: ClusterProduct,
    report: consuming Report
  ) {
    pipeline = DocumentPipeline(transform: transform, scope: .everyDocument)
    (self.objects, self.settings, self.product) = (objects, settings, product)
    self.report = report
    TerminationSignals.hold()
  }

  /// Works through the pages; the exit code says what came of it.
  mutating func all() -> ExitCode {
    do throws(InputError) {
      while !isOver, let page = try objects.nextPage(&report) { send(page.compactMap { change(of: $0) }) }
    } catch {
      report.fail(error)
    }
    product.finish(&report)
    report.end(objects.connection)
    if doneCount > 0 || objects.connection.failure == nil {
      report.add(ClusterAccount(entries: entries, othersDone: doneCount, isTrial: settings.dryRun != .none))
    }
    report.finish()
    return report.failure ?? .success
  }

  private var isOver: Bool { objects.connection.failure != nil || TerminationSignals.isPending }

  /// What the transform makes of an object; nil where it stays as it is.
  private mutating func change(of live: LiveObject) -> Change? {
    let source = live.input.source
    var sink = PlanCollector()
    let result = pipeline.run(source, into: &sink) { _ in }
    guard !result.isRefused, let plan = sink.plan, !plan.isEmpty, let manifest = plan.objects.first?.object else {
      report.add(ReportEntry(result, of: source))
      return nil
    }
    var operations = plan.operations.map { $0.json(relativeTo: Path()) }
    if let version = live.version {
      // Replaced by itself: where it is another by then, the server answers with a conflict.
      operations.append(["op": "replace", "path": "/metadata/resourceVersion", "value": version])
    }
    let object = ClusterObject(source: source, document: plan.document, manifest: manifest, body: live.value)
    guard let refusal = Diagnostic.unchangeable(object) else {
      report.add(ReportEntry(result, of: source))
      return Change(object: object, resource: live.resource, operations: .array(operations))
    }
    report.fail(.inputRefused, refusal, in: source)
    note(object, .failed)
    return nil
  }

  private mutating func send(_ changes: [Change]) {
    for start in stride(from: 0, to: changes.count, by: ApplyRun.chunkSize) where !isOver {
      let chunk = changes[start..<min(start + ApplyRun.chunkSize, changes.count)]
      if settings.dryRun == .client {
        for change in chunk { settle(change, nil) }
        continue
      }
      let requests = chunk.map { change in
        ObjectRequests(object: change.object, resource: change.resource, settings: settings).patch(change.operations)
      }
      for (change, answer) in zip(chunk, objects.send(requests)) {
        switch answer {
        case .success(let response): settle(change, response)
        case .failure(let failure): note(change.object, failure.leavesDoubt ? .unknown : .failed)
        }
      }
    }
  }

  private mutating func settle(_ change: Change, _ response: APIResponse?) {
    if let response, let status = APIStatus(response) {
      let refused = RefusedObject(
        object: change.object, resource: change.resource, status: status, operation: .patched)
      for diagnostic in refused.diagnostics { report.fail(.unavailable, diagnostic, in: change.object.source) }
      return note(change.object, .failed)
    }
    note(change.object, .patched)
    let answer = response.map { AppliedObject($0, of: change.object) }
    product.add(change.object, .patched, settings.dryRun, answer, &report)
  }

  private mutating func note(_ object: ClusterObject, _ outcome: ApplyOutcome) {
    if outcome.isDone { return doneCount += 1 }
    // Looked for at once: an entry that looked for it later would keep the whole object until then.
    let place = object.place
    entries.append(
      ClusterAccount.Entry(name: object.qualifiedName, namespace: object.namespace, place: place, outcome: outcome))
  }
}

/// Keeps what is planned for the one document of an input.
private struct PlanCollector: DocumentSink {
  private(set) var plan: DocumentPlan?

  mutating func keep(_ range: Range<Int>, of source: SourceText) {}

  mutating func add(_ document: Document, _ plan: DocumentPlan) throws(Diagnostic) { self.plan = plan }
}

extension Diagnostic {
  /// Why an object cannot be changed where it is, which no server need be asked; nil where it can.
  fileprivate static func unchangeable(_ object: ClusterObject) -> Diagnostic? {
    let hint: String
    switch "\(object.group)/\(object.kind)" {
    case "/Pod": hint = "inject what makes the pod; one that nothing makes has to be deleted and made anew"
    case "batch/Job": hint = "inject its manifest, and apply that with --replace, which deletes and makes it anew"
    default: return nil
    }
    return Diagnostic(
      rule: "immutable", message: "the containers of a \(object.kind) that exists cannot be changed", hint: hint,
      range: object.range)
  }
}
