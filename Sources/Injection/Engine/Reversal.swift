internal import ManifestText

/// Sees to it that an injection can be undone to the byte, by undoing it and comparing.
struct Reversal {
  let planner: InjectionPlanner

  private var document: Document { planner.document }

  /// The plan with records that hold what undoing it does not give back by itself.
  func reversible(_ plan: DocumentPlan) throws(Diagnostic) -> DocumentPlan {
    let trial = try Trial(plan, pods: planner.pods, of: document)
    guard let supplements = try trial.supplements() else { return try self.plan(withDifferenceOf: trial) }
    guard !supplements.isEmpty else { return trial.plan }
    let (repaired, pods) = try self.plan(with: supplements)
    let second = try Trial(repaired, pods: pods, of: document)
    guard try !second.isExact() else { return second.plan }
    return try self.plan(withDifferenceOf: second, supplements)
  }

  private func plan(
    withDifferenceOf trial: Trial, _ supplements: [Path: InjectionRecord] = [:]
  ) throws(Diagnostic) -> DocumentPlan {
    guard let first = trial.pods.first else { return trial.plan }
    var supplements = supplements
    supplements[first.path, default: InjectionRecord()].difference = trial.difference()
    return try self.plan(with: supplements).plan
  }

  private func plan(
    with supplements: [Path: InjectionRecord]
  ) throws(Diagnostic) -> (plan: DocumentPlan, pods: [Undo.Pod]) {
    var planner = InjectionPlanner(
      injector: planner.injector, document: document, settled: planner.settled, former: planner.former,
      supplements: supplements)
    var plan = try planner.plan()
    plan.textEdits = try plan.edits.textEdits()
    return (plan, planner.pods)
  }
}

/// An injection that is made and undone again.
private struct Trial {
  /// The plan, with its result.
  let plan: DocumentPlan
  let pods: [Undo.Pod]
  private let document: Document
  private let undo: Undo
  private let bare: Undo.Result
  private let kept: [KeptText]

  init(_ plan: DocumentPlan, pods: [Undo.Pod], of document: Document) throws(Diagnostic) {
    var plan = plan
    let edits = plan.textEdits ?? []
    let result = try plan.edits.spliced(by: edits)
    plan.finished = result
    self.plan = plan
    self.pods = pods
    self.document = document
    var undo = Undo(result)
    for pod in pods { try undo.add(pod) }
    self.undo = undo
    bare = try undo.bare()
    kept = edits.kept(in: document.range).followed(by: bare.kept)
  }

  func isExact() throws(Diagnostic) -> Bool {
    let result = try undo.result().document
    return ByteText.isEqual(result.source.bytes[result.range], document.source.bytes[document.range])
  }

  func difference() -> FormerDocument {
    FormerDocument(from: bare.document.source.bytes[bare.document.range], to: document.source.bytes[document.range])
  }

  /// What the records of the pods have to hold for the document to come back as it was; nil where finding it would
  /// take too long.
  func supplements() throws(Diagnostic) -> [Path: InjectionRecord]? {
    var supplements: [Path: InjectionRecord] = [:]
    var searched = 0
    var scopes = Scopes(try bare.document.ranges(ofPodsAt: undo.pods.map(\.path)))
    for gap in kept.gaps(before: document.range, after: bare.document.range) {
      let former = document.source.bytes[gap.before]
      guard !ByteText.isEqual(former, bare.document.source.bytes[gap.after]) else { continue }
      guard searched < SpellingRepair.mostSearched else { return nil }
      guard let (path, repair) = try repair(Array(former), in: gap.after, &scopes) else {
        searched += bare.document.range.count
        continue
      }
      searched += repair.isAnywhere ? bare.document.range.count : scopes.size(of: gap.after)
      supplements[path, default: InjectionRecord()].repairs.append(repair)
    }
    return supplements
  }

  private func repair(
    _ text: [UInt8], in place: Range<Int>, _ scopes: inout Scopes
  ) throws(Diagnostic) -> (Path, SpellingRepair)? {
    let bytes = bare.document.source.bytes
    if let index = scopes.index(of: place),
      let repair = SpellingRepair(text, in: place, of: bytes, scope: scopes.ranges[index], isAnywhere: false)
    {
      return (undo.pods[index].path, repair)
    }
    guard let first = undo.pods.first else { return nil }
    return SpellingRepair(text, in: place, of: bytes, scope: bare.document.range, isAnywhere: true)
      .map { (first.path, $0) }
  }

  /// Where the pods stand, asked for places in ascending order.
  private struct Scopes {
    let ranges: [Range<Int>]
    private var next = 0

    init(_ ranges: [Range<Int>]) { self.ranges = ranges }

    /// How much text is searched for a place.
    mutating func size(of place: Range<Int>) -> Int { index(of: place).map { ranges[$0].count } ?? 0 }

    mutating func index(of place: Range<Int>) -> Int? {
      while next < ranges.count, ranges[next].upperBound < place.upperBound { next += 1 }
      return next < ranges.count && ranges[next].lowerBound <= place.lowerBound ? next : nil
    }
  }
}

extension Document {
  /// True for an edit that puts whole lines between others.
  func isWholeLines(_ edit: TextEdit) -> Bool {
    guard edit.range.isEmpty, let last = edit.text.last, ASCII.isBreak(last) else { return false }
    let place = edit.range.lowerBound
    return place == range.lowerBound || isLineStart(place)
  }
}
