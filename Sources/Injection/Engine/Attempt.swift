internal import ManifestText
internal import Workloads

/// A document with the injection of some objects taken out, and everything it asks for injected again.
struct Attempt {
  private let injector: Injector
  private let document: Document
  private let found: InjectedObjects
  private let refreshed: Set<Int>
  private let undone: Undo.Result
  /// What is planned for what is left of the document.
  let plan: DocumentPlan
  private let result: Document

  init(
    _ injector: Injector, _ document: Document, _ found: InjectedObjects, refreshing indices: [Int]
  ) throws(Diagnostic) {
    self.injector = injector
    self.document = document
    self.found = found
    undone = try found.undone(indices)
    let refreshed = Set(indices)
    self.refreshed = refreshed
    let settled = Set(found.pods.filter { !refreshed.contains($0.key) }.flatMap { $0.value.map(\.path) })
    plan = try injector.injection(into: undone.document, settled: settled, former: found.records(of: indices))
    result = plan.refusals.isEmpty ? try plan.result() : undone.document
  }

  /// The objects that do not come out as they are, what the records say of them aside.
  func stale() throws(Diagnostic) -> [Int] {
    let keys = injector.dialects.map(\.recordKey)
    let results = try ManifestObject.objects(of: result)
    var stale: [Int] = []
    for index in found.indices {
      let place = try PodPlace.object(podsAt: injector.podPaths(of: found.objects[index], in: document))
      let node = found.objects[index].node
      let before = try document.value(of: node)
      var after = try result.value(of: results[index].node)
      if try document.isPodOfCluster(node) { after = after.admitted(as: before) }
      if Digest(before, at: place, omitting: keys) != Digest(after, at: place, omitting: keys) { stale.append(index) }
    }
    return stale
  }

  /// The plan where an object cannot be injected again: nothing of the document changes.
  func refused() -> DocumentPlan {
    DocumentPlan(
      edits: Edits(document: document),
      objects: plan.objects.indices.map { index in
        var object = placed(index)
        if refreshed.contains(index), object.refusal == nil { object.outcome = .unchanged(.alreadyInjected) }
        return object
      })
  }

  /// The plan that takes out what was injected and puts in what is injected now.
  func finished() throws(Diagnostic) -> DocumentPlan {
    let results = try ManifestObject.objects(of: result)
    var objects: [ObjectPlan] = []
    for index in plan.objects.indices {
      var object = placed(index)
      if refreshed.contains(index) || object.isChange {
        let difference = ObjectPlan.Difference(
          path: found.objects[index].path, before: try document.value(of: found.objects[index].node),
          after: try result.value(of: results[index].node))
        if refreshed.contains(index) { object.outcome = outcome(of: index, difference) }
        object.difference = difference
      }
      objects.append(object)
    }
    return DocumentPlan(document, finished: result, edits: plan.edits, objects: objects)
  }

  private func outcome(of index: Int, _ difference: ObjectPlan.Difference) -> ObjectPlan.Outcome {
    let before = found.summary(of: index)
    guard case .injected(let after) = plan.objects[index].outcome else { return .uninjected(before) }
    let paths = (found.pods[index] ?? []).map { Array($0.path.steps.dropFirst(difference.path.steps.count)) }
    return .refreshed(InjectionOutcome.Changes(from: before, to: after, of: difference, podsAt: paths))
  }

  // MARK: Places

  /// What was planned for an object, with the places where they are in the document as it was read.
  private func placed(_ index: Int) -> ObjectPlan {
    let planned = plan.objects[index]
    var object = ObjectPlan(found.objects[index], of: document, outcome: planned.outcome)
    object.findings = planned.findings.map(placed)
    if let refusal = planned.refusal { object.outcome = .refused(placed(refusal)) }
    return object
  }

  private func placed(_ diagnostic: Diagnostic) -> Diagnostic {
    var diagnostic = diagnostic
    if let range = diagnostic.range, let start = undone.kept.origin(of: range.lowerBound) {
      let end = undone.kept.origin(of: range.upperBound) ?? start
      diagnostic.range = start..<max(start, end)
    }
    return diagnostic
  }
}

extension InjectionOutcome.Changes {
  /// What differs in the lists of the pods, by name.
  init(
    from before: InjectionOutcome.Summary, to after: InjectionOutcome.Summary, of difference: ObjectPlan.Difference,
    podsAt paths: [[Path.Step]]
  ) {
    let (old, new) = (before.names, after.names)
    added = new.filter { !old.holdsExactly($0) }
    removed = old.filter { !new.holdsExactly($0) }
    changed = new.filter { name in
      old.holdsExactly(name)
        && paths.contains { path in
          difference.before.elements(named: name, ofPodAt: path)
            != difference.after.elements(named: name, ofPodAt: path)
        }
    }
  }
}

extension InjectionOutcome.Summary {
  /// Every name once, in order.
  fileprivate var names: [String] {
    (initContainers + containers + volumes).reduce(into: []) { names, name in
      if !names.holdsExactly(name) { names.append(name) }
    }
  }
}

extension Value {
  /// What a pod's lists hold under a name.
  fileprivate func elements(named name: String, ofPodAt path: [Path.Step]) -> [[Digest]] {
    let spec = path.reduce(Optional(self)) { $0?.child($1) }?["spec"]
    return ["initContainers", "containers", "volumes"].map { list in
      let place = PodPlace.pod.entry("spec").entry(list).element(0)
      return (spec?[list]?.array ?? []).filter { $0["name"] == .string(name) }.map { Digest($0, at: place) }
    }
  }

  private func child(_ step: Path.Step) -> Value? {
    switch step {
    case .key(let key): self[key]
    case .index(let index): array.flatMap { index < $0.count ? $0[index] : nil }
    }
  }
}

extension Injector {
  /// The ways from an object to its pods.
  fileprivate func podPaths(
    of object: ManifestObject, in document: Document
  ) throws(Diagnostic) -> [ArraySlice<Path.Step>] {
    try PodTemplate.templates(of: object, in: document, kinds: kinds).map {
      $0.path.steps.dropFirst(object.path.steps.count)
    }
  }
}

extension ObjectPlan {
  /// Why the object is refused; nil where it is not.
  var refusal: Diagnostic? {
    if case .refused(let diagnostic) = outcome { diagnostic } else { nil }
  }

  fileprivate var isChange: Bool {
    switch outcome {
    case .injected, .refreshed, .uninjected, .converted: true
    case .unchanged, .refused: false
    }
  }
}
