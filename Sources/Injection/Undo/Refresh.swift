internal import ManifestText
internal import Workloads

/// Brings a document that this program injected before to what a fresh injection gives.
///
/// What was injected is taken out and injected again, and objects that come out the same stay as they are. They are
/// compared by their meaning, so that a file that was merely reformatted is not written again.
struct Refresh {
  /// A fresh injection into the pods of a document, except those at the `settled` places; the `former` records are those
  /// of injections that were just taken out.
  typealias Injection =
    (_ document: Document, _ settled: Set<Path>, _ former: [Path: InjectionRecord]) throws(Diagnostic) -> DocumentPlan

  private let document: Document
  private let scope: InjectionScope
  private let inject: Injection

  init(of document: Document, in scope: InjectionScope, by inject: @escaping Injection) {
    self.document = document
    self.scope = scope
    self.inject = inject
  }

  /// The plan: nothing where everything is as it should be.
  /// - Throws: A `Diagnostic` where the document cannot be taken apart or edited.
  func plan() throws(Diagnostic) -> DocumentPlan {
    switch try attempt() {
    case .prevented(let plan): plan
    case .made(let everything, let found):
      try plan(found, everything, differing: Set(everything.stale(in: scope)))
    }
  }

  /// What becomes of each object, with all that is to be said of a fresh injection, also where that changes nothing.
  /// - Throws: A `Diagnostic` where the document cannot be taken apart or edited.
  func objects() throws(Diagnostic) -> [ObjectPlan] {
    switch try attempt() {
    case .prevented(let plan): plan.objects
    case .made(let everything, _): everything.objects
    }
  }

  /// Where the pods are that were injected before, when all of them are as they should be; nil where any has to change or
  /// to be refused.
  /// - Throws: A `Diagnostic` where the document cannot be taken apart or edited.
  func settledPods() throws(Diagnostic) -> Set<Path>? {
    guard case .made(let everything, let found) = try attempt(), try everything.stale(in: scope).isEmpty,
      found.indices.allSatisfy({ found.discarded(of: $0).isEmpty })
    else { return nil }
    return found.paths
  }

  /// What comes of taking everything out and injecting it again.
  private enum Attempt {
    /// What is planned instead.
    case prevented(DocumentPlan)
    case made(Reinjection, RecordedObjects)
  }

  private func attempt() throws(Diagnostic) -> Attempt {
    let found = try RecordedObjects(in: document, scope, isForced: scope.handChanges != .kept)
    guard found.refusals.isEmpty else { return .prevented(try unlessAdopted(found)) }
    let everything = try Reinjection(of: found.indices, found, in: document, by: inject)
    return everything.plan.refusals.isEmpty ? .made(everything, found) : .prevented(everything.refused())
  }

  private func plan(
    _ found: RecordedObjects, _ everything: Reinjection, differing: Set<Int>
  ) throws(Diagnostic) -> DocumentPlan {
    // Where what was changed by hand is what is injected now, the record has to be made again.
    let stale = found.indices.filter { differing.contains($0) || !found.discarded(of: $0).isEmpty }
    guard !stale.isEmpty else { return try inject(document, found.paths, [:]) }
    if stale.count == found.indices.count { return try everything.finished(differing: differing, in: scope) }
    return try Reinjection(of: stale, found, in: document, by: inject).finished(differing: differing, in: scope)
  }

  /// Where an injection was changed by hand, none of the document changes, unless each change is what is injected now.
  private func unlessAdopted(_ found: RecordedObjects) throws(Diagnostic) -> DocumentPlan {
    let forced = try RecordedObjects(in: document, scope, isForced: true)
    guard forced.refusals.isEmpty else { return try refused(found) }
    let everything = try Reinjection(of: forced.indices, forced, in: document, by: inject)
    guard everything.plan.refusals.isEmpty else { return try refused(found) }
    let differing = Set(try everything.stale(in: scope))
    guard !found.refusals.contains(where: { differing.contains($0.0) }) else { return try refused(found) }
    return try plan(forced, everything, differing: differing)
  }

  private func refused(_ found: RecordedObjects) throws(Diagnostic) -> DocumentPlan {
    var objects = try inject(document, found.paths, [:]).objects
    for (index, refusal) in found.refusals { objects[index].outcome = .refused(refusal) }
    return .unchanged(document, objects)
  }
}

/// A document with the injection of some objects taken out, and everything it asks for injected again.
struct Reinjection {
  private let document: Document
  private let found: RecordedObjects
  private let refreshed: Set<Int>
  private let undone: DocumentUndo.Result
  /// What is planned for what is left of the document.
  let plan: DocumentPlan
  private let result: Document

  init(
    of indices: [Int], _ found: RecordedObjects, in document: Document, by inject: Refresh.Injection
  ) throws(Diagnostic) {
    self.document = document
    self.found = found
    undone = try found.undone(indices)
    let refreshed = Set(indices)
    self.refreshed = refreshed
    let settled = Set(found.pods.filter { !refreshed.contains($0.key) }.flatMap { $0.value.map(\.path) })
    plan = try inject(undone.document, settled, found.records(of: indices))
    result = plan.refusals.isEmpty ? try plan.result() : undone.document
  }

  /// The objects that do not come out as they are, what the records say of them aside.
  func stale(in scope: InjectionScope) throws(Diagnostic) -> [Int] {
    let keys = scope.allDialects.map(\.recordKey)
    let results = try ManifestObject.objects(of: result)
    var stale: [Int] = []
    for index in found.indices {
      let place = try PodPlace.object(podsAt: scope.podPaths(of: found.objects[index], in: document))
      let node = found.objects[index].node
      let before = try document.value(of: node)
      var after = try result.value(of: results[index].node)
      if try document.isPodOfCluster(node) { after = after.admitted(as: before) }
      if Digest(before, at: place, omitting: keys) != Digest(after, at: place, omitting: keys) { stale.append(index) }
    }
    return stale
  }

  /// What was planned for each object, injected again or not.
  var objects: [ObjectPlan] { plan.objects.indices.map(placed) }

  /// The plan where an object cannot be injected again: nothing of the document changes.
  func refused() -> DocumentPlan {
    .unchanged(
      document,
      plan.objects.indices.map { index in
        var object = placed(index)
        if refreshed.contains(index), object.refusal == nil { object.outcome = .unchanged(.alreadyInjected) }
        return object
      })
  }

  /// The plan that takes out what was injected and puts in what is injected now, of which only some objects differ in
  /// more than their records.
  func finished(differing: Set<Int>, in scope: InjectionScope) throws(Diagnostic) -> DocumentPlan {
    let results = try ManifestObject.objects(of: result)
    var objects: [ObjectPlan] = []
    for index in plan.objects.indices {
      var object = placed(index)
      if refreshed.contains(index) || object.isChange {
        let before = try document.value(of: found.objects[index].node)
        let after = try result.value(of: results[index].node)
        if refreshed.contains(index) {
          object.outcome = outcome(of: index, before, after, scope.handChanges)
          if differing.contains(index) {
            object.findings +=
              scope.handChanges == .adopted ? [] : found.discarded(of: index).map { $0.loss(isInjectedAgain: true) }
          } else if case .refreshed(var changes) = object.outcome {
            changes.isOfRecordOnly = true
            object.outcome = .refreshed(changes)
          }
        }
        object.change = .values(at: found.objects[index].path, from: before, to: after)
      }
      objects.append(object)
    }
    return .revised(document, result: result, objects)
  }

  private func outcome(
    of index: Int, _ old: Value, _ new: Value, _ handChanges: HandChanges
  ) -> ObjectPlan.Outcome {
    let before = found.summary(of: index)
    guard case .injected(let after) = plan.objects[index].outcome else { return .uninjected(before) }
    let length = found.objects[index].path.steps.count
    let pods = (found.pods[index] ?? []).map { Array($0.path.steps.dropFirst(length)) }
    var changes = InjectionOutcome.Changes(from: before, to: after) { name in
      pods.contains { old.digests(named: name, ofPodAt: $0) != new.digests(named: name, ofPodAt: $0) }
    }
    // What is adopted is injected now, so that everything else is another setting.
    let isAsInjected = handChanges == .adopted || found.discarded(of: index).isEmpty
    for name in changes.changed {
      for (pod, recorded) in zip(pods, found.pods[index] ?? []) {
        let record = isAsInjected ? nil : recorded.record
        changes.differences += old.differences(from: new, named: name, ofPodAt: pod, by: record)
      }
    }
    return .refreshed(changes)
  }

  // MARK: Places

  /// What was planned for an object, with the places where they are in the document as it was read.
  private func placed(_ index: Int) -> ObjectPlan {
    let planned = plan.objects[index]
    var object = ObjectPlan(found.objects[index], of: document, outcome: planned.outcome)
    object.findings = planned.findings.map(placed)
    object.assumedAddress = planned.assumedAddress
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
  fileprivate init(
    from before: InjectionOutcome.Summary, to after: InjectionOutcome.Summary, where differs: (String) -> Bool
  ) {
    let (old, new) = (before.names, after.names)
    added = new.filter { !old.holdsExactly($0) }
    removed = old.filter { !new.holdsExactly($0) }
    changed = new.filter { old.holdsExactly($0) && differs($0) }
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
  fileprivate func digests(named name: String, ofPodAt path: [Path.Step]) -> [[Digest]] {
    Value.podLists.map { list in
      let place = PodPlace.pod.entry("spec").entry(list).element(0)
      return elements(named: name, in: list, ofPodAt: path).map { Digest($0, at: place) }
    }
  }

  /// In what the elements of a name differ that are in the same list of both; a container may have moved to the other.
  ///
  /// The record tells what of it was changed by hand; without one nothing was.
  fileprivate func differences(
    from other: Value, named name: String, ofPodAt path: [Path.Step], by record: InjectionRecord?
  ) -> [InjectionOutcome.Changes.Difference] {
    func difference(_ change: ValueChange, isByHand: Bool) -> InjectionOutcome.Changes.Difference {
      InjectionOutcome.Changes.Difference(name: name, change: change, isByHand: isByHand)
    }
    func pairs(_ list: String, _ otherList: String) -> (old: [Value], new: [Value]) {
      (elements(named: name, in: list, ofPodAt: path), other.elements(named: name, in: otherList, ofPodAt: path))
    }
    func compared(_ old: Value, _ new: Value, in list: String) -> [InjectionOutcome.Changes.Difference] {
      let changes = old.changes(to: new)
      let byHand = record.map { old.placesChangedByHand(changes, new, named: name, in: list, by: $0) } ?? []
      return changes.map { difference($0, isByHand: byHand.contains($0.place)) }
    }
    let lists = Value.podLists.map { (name: $0, elements: pairs($0, $0)) }
    let (gone, come) = (
      lists.filter { $0.elements.old.count == 1 && $0.elements.new.isEmpty },
      lists.filter { $0.elements.old.isEmpty && $0.elements.new.count == 1 }
    )
    if gone.count == 1, come.count == 1 {
      let move = ValueChange(place: "list", old: .string(gone[0].name), new: .string(come[0].name))
      return [difference(move, isByHand: false)]
        + compared(gone[0].elements.old[0], come[0].elements.new[0], in: gone[0].name)
    }
    return lists.flatMap { list, elements in
      let (old, new) = elements
      if old.count == new.count { return zip(old, new).flatMap { compared($0, $1, in: list) } }
      return [difference(ValueChange(place: list, old: old.first, new: new.first), isByHand: record != nil)]
    }
  }

  /// As many differences as are looked at to find those made by hand; their sets double with each of them.
  private static let mostDifferences = 8

  /// Where an element was changed by hand: the fewest places which, with what is injected now, make it what was injected;
  /// all of them where none do.
  private func placesChangedByHand(
    _ changes: [ValueChange], _ new: Value, named name: String, in list: String, by record: InjectionRecord
  ) -> Set<String> {
    let recognition = Recognition(
      version: record.version, place: PodPlace.pod.entry("spec").entry(list).element(0))
    let digests = record.pod.digests(of: name, in: list)
    let all = changes.map(\.place)
    guard !digests.isEmpty, all.count <= Value.mostDifferences else { return Set(all) }
    let sets = (0..<(1 << all.count)).sorted { ($0.nonzeroBitCount, $0) < ($1.nonzeroBitCount, $1) }
    let places = sets.lazy.map { bits in Set(all.indices.filter { bits & (1 << $0) != 0 }.map { all[$0] }) }
    return places.first { places in
      let former = taking(places, from: new)
      return digests.contains { recognition.recognizes(former, $0) }
    } ?? Set(all)
  }

  private static let podLists = ["initContainers", "containers", "volumes"]

  private func elements(named name: String, in list: String, ofPodAt path: [Path.Step]) -> [Value] {
    let spec = path.reduce(Optional(self)) { $0?.child($1) }?["spec"]
    return (spec?[list]?.array ?? []).filter { $0["name"] == .string(name) }
  }

  private func child(_ step: Path.Step) -> Value? {
    switch step {
    case .key(let key): self[key]
    case .index(let index): array.flatMap { index < $0.count ? $0[index] : nil }
    }
  }
}

extension InjectionScope {
  /// The paths from an object to its pods.
  fileprivate func podPaths(
    of object: ManifestObject, in document: Document
  ) throws(Diagnostic) -> [ArraySlice<Path.Step>] {
    try templates(of: object, in: document).map { $0.path.steps.dropFirst(object.path.steps.count) }
  }
}

extension ObjectPlan {
  fileprivate var isChange: Bool {
    switch outcome {
    case .injected, .refreshed, .uninjected, .converted, .annotated, .fixed: true
    case .unchanged, .refused, .checked: false
    }
  }
}
