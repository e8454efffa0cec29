internal import ManifestText

/// The undoing of one pod's injection: takes out what its record says was injected, as far as it is still what it was.
struct PodUndo {
  let document: Document
  let recordKey: String
  /// How the record's digests are made.
  let version: InjectionRecord.Version
  /// True in a pod as a cluster has it.
  let isAdmitted: Bool
  /// True where what was changed since goes with the rest.
  let isForced: Bool
  private(set) var revision: Revision
  /// What was changed since, and goes all the same.
  private(set) var discarded: [LostChange] = []

  /// Plans nothing yet.
  init(
    document: Document, recordKey: String, version: InjectionRecord.Version, isAdmitted: Bool, isForced: Bool = false
  ) {
    self.isForced = isForced
    self.document = document
    self.recordKey = recordKey
    self.version = version
    self.isAdmitted = isAdmitted
    revision = Revision(of: document)
  }

  /// Plans the removal of what the record says was injected into the pod at a path.
  /// - Throws: A `Diagnostic` that points at what was changed since.
  mutating func take(_ part: InjectionRecord.Part, fromPod node: NodeID, at path: Path) throws(Diagnostic) {
    try take(part, from: node, at: path, .pod)
  }

  private mutating func take(
    _ part: InjectionRecord.Part, from node: NodeID, at path: Path, _ place: PodPlace
  ) throws(Diagnostic) {
    let elements = part.front + part.back
    var items = matches(in: node, place)
    if !elements.isEmpty {
      guard document.isSequence(node) else { return try settle(changed(path, node)) }
      try match(part, &items, node, path)
      for index in items.taken { revision.remove(at: path.appending(index)) }
    }
    for entry in part.added { try remove(entry, from: node, at: path, place) }
    guard !part.replaced.isEmpty || !part.children.isEmpty else { return }
    var others = try FreeElements(items)
    for entry in part.replaced { try restore(entry, in: node, at: path, place, others) }
    others.reserve(part.children.map(\.step))
    for entry in part.children { try descend(entry, from: node, at: path, place, &others) }
  }

  private func matches(in list: NodeID, _ place: PodPlace) -> ItemMatch {
    ItemMatch(document, list, Recognition(version: version, place: place.element(0), isAdmitted: isAdmitted))
  }

  private mutating func match(
    _ part: InjectionRecord.Part, _ items: inout ItemMatch, _ node: NodeID, _ path: Path
  ) throws(Diagnostic) {
    var missing: [InjectionRecord.Element] = []
    for element in part.front where !(try items.take(element, fromEnd: false)) { missing.append(element) }
    for element in part.back.reversed() where !(try items.take(element, fromEnd: true)) { missing.append(element) }
    try settle(missing, &items, node, path)
  }

  /// Does without elements that are not as they were injected, where that is wanted.
  private mutating func settle(
    _ missing: [InjectionRecord.Element], _ items: inout ItemMatch, _ list: NodeID, _ path: Path
  ) throws(Diagnostic) {
    for element in missing {
      try settle(self.missing(element, items, list, path))
      if let name = element.name { try items.takeChanged(name) }
    }
  }

  /// Goes on without what is not as it was injected, where that is wanted.
  /// - Throws: What refuses the change where it is not.
  private mutating func settle(_ change: LostChange) throws(Diagnostic) {
    guard isForced else { throw change.refusal }
    discarded.append(change)
  }

  // MARK: Entries

  private mutating func remove(
    _ entry: InjectionRecord.Entry<InjectionRecord.Injected>, from map: NodeID, at path: Path, _ place: PodPlace
  ) throws(Diagnostic) {
    let inner = path.appending(entry.step)
    guard let own = try document.entry(entry.step, in: map), !own.isMerged else {
      return try settle(gone(inner, map))
    }
    if try take(entry.content, own.value, at: inner, place.entry(entry.step)) { revision.remove(at: inner) }
  }

  private mutating func restore(
    _ entry: InjectionRecord.Entry<InjectionRecord.Replaced>, in parent: NodeID, at path: Path, _ place: PodPlace,
    _ others: FreeElements
  ) throws(Diagnostic) {
    guard let (value, inner) = try child(entry.step, of: parent, at: path, others) else {
      return try settle(gone(path.appending(entry.step), parent))
    }
    let innerPlace = child(entry.step, of: parent, place)
    if entry.content.isMerged, case .value(let digest) = entry.content.now {
      // Written out with everything that was merged, the pod's metadata holds the record itself, which knows nothing of
      // that.
      if try !isSame(value, digest, innerPlace, omitting: [recordKey]) { try settle(changed(inner, value)) }
    } else {
      guard try take(entry.content.now, value, at: inner, innerPlace) else { return }
    }
    if entry.content.isMerged, try document.merges(entry.step, into: parent) { return revision.remove(at: inner) }
    try revision.restore(entry.content.former, in: value, of: parent, at: inner)
  }

  /// True where the value is what was injected and nothing else; otherwise what was injected of it goes.
  private mutating func take(
    _ injected: InjectionRecord.Injected, _ node: NodeID, at path: Path, _ place: PodPlace
  ) throws(Diagnostic) -> Bool {
    switch injected {
    case .value(let digest):
      if try !isSame(node, digest, place) { try settle(changed(path, node)) }
      return true
    case .list(let elements):
      guard document.isSequence(node) else {
        try settle(changed(path, node))
        return true
      }
      var items = matches(in: node, place)
      var missing: [InjectionRecord.Element] = []
      for element in elements where !(try items.take(element, fromEnd: false)) { missing.append(element) }
      try settle(missing, &items, node, path)
      if items.isAllTaken { return true }
      for index in items.taken { revision.remove(at: path.appending(index)) }
      return false
    case .map(let entries):
      return try take(entries, node, at: path, place)
    }
  }

  private func isSame(
    _ node: NodeID, _ digest: RecordedDigest, _ place: PodPlace, omitting omitted: [String] = []
  ) throws(Diagnostic) -> Bool {
    let recognition = Recognition(
      version: version, place: place, omitted: omitted, isAdmitted: isAdmitted)
    return recognition.recognizes(try document.value(of: node), digest)
  }

  private mutating func take(
    _ entries: [InjectionRecord.Entry<RecordedDigest>], _ map: NodeID, at path: Path, _ place: PodPlace
  ) throws(Diagnostic) -> Bool {
    guard document.isMapping(map) else {
      try settle(changed(path, map))
      return true
    }
    var present: [Path] = []
    for entry in entries {
      let inner = path.appending(entry.step)
      guard let own = try document.entry(entry.step, in: map), !own.isMerged else {
        try settle(gone(inner, map))
        continue
      }
      if try !isSame(own.value, entry.content, place.entry(entry.step)) { try settle(changed(inner, own.value)) }
      present.append(inner)
    }
    if document.entries(of: map).reduce(0, { count, _ in count + 1 }) == present.count { return true }
    for inner in present { revision.remove(at: inner) }
    return false
  }

  // MARK: Further down

  private mutating func descend(
    _ entry: InjectionRecord.Entry<InjectionRecord.Part>, from parent: NodeID, at path: Path, _ place: PodPlace,
    _ others: inout FreeElements
  ) throws(Diagnostic) {
    let innerPlace = child(entry.step, of: parent, place)
    if let (node, inner) = try child(entry.step, of: parent, at: path, others) {
      return try take(entry.content, from: node, at: inner, innerPlace)
    }
    guard document.isSequence(parent) else { return try settle(gone(path.appending(entry.step), parent)) }
    // The element was renamed or, where none holds what was injected into it, taken out by its owner.
    var found: Revision?
    let isFound = others.claim { element in
      var trial = PodUndo(
        document: document, recordKey: recordKey, version: version, isAdmitted: isAdmitted)
      let inner = path.appending(element.index)
      guard (try? trial.take(entry.content, from: element.node, at: inner, innerPlace)) != nil else { return false }
      found = trial.revision
      return true
    }
    if let found { revision.add(found) }
    if !isFound, others.isExhausted { try settle(gone(path.appending(entry.step), parent)) }
  }

  private func child(_ step: String, of parent: NodeID, _ place: PodPlace) -> PodPlace {
    document.isSequence(parent) ? place.element(0) : place.entry(step)
  }

  /// Where a step leads: to an entry of a map, or to an element of a list that was not injected itself.
  private func child(
    _ step: String, of parent: NodeID, at path: Path, _ others: FreeElements
  ) throws(Diagnostic) -> (NodeID, Path)? {
    guard document.isSequence(parent) else {
      return try document.entry(step, in: parent).map { ($0.value, path.appending(step)) }
    }
    return others.element(at: step).map { ($0.node, path.appending($0.index)) }
  }
}

extension PodUndo {
  private func missing(
    _ element: InjectionRecord.Element, _ items: ItemMatch, _ list: NodeID, _ path: Path
  ) throws(Diagnostic) -> LostChange {
    guard let name = element.name else { return gone(path, list, "an element of ") }
    guard let index = try items.changed(name) else { return gone(path, list, "the element `\(name)` of ") }
    return changed(path.appending(index), items.items[index])
  }

  private func changed(_ path: Path, _ node: NodeID) -> LostChange {
    .changed("`\(path)` was injected, and was changed since", document.range(of: node))
  }

  private func gone(_ path: Path, _ parent: NodeID, _ what: String = "") -> LostChange {
    .gone("\(what)`\(path)` was injected, and is gone", document.range(of: parent))
  }
}

/// A change by hand that keeps an injection from being taken out, or is lost with it.
enum LostChange {
  /// Something is not as it was injected.
  case changed(String, Range<Int>)
  /// Something that was injected is not there any more.
  case gone(String, Range<Int>)
  /// Nothing tells what was injected, for this reason.
  case untold(Diagnostic)

  /// Why the injection stays.
  var refusal: Diagnostic {
    switch self {
    case .changed(let text, let range), .gone(let text, let range): .injectedWasChanged(text, at: range)
    case .untold(let reason): reason
    }
  }

  /// What is said of it where the injection is taken out, and perhaps made again.
  func loss(isInjectedAgain: Bool) -> Diagnostic {
    var finding = refusal
    (finding.severity, finding.hint) = (.warning, nil)
    switch self {
    case .changed: finding.message += "; the change is thrown away"
    case .gone: finding.message += isInjectedAgain ? "; it is injected again" : ""
    case .untold(let reason): return .takenOutByName(reason)
    }
    return finding
  }
}

/// Why an injection cannot be taken out again.
extension Diagnostic {
  fileprivate static func injectedWasChanged(_ what: String, at range: Range<Int>) -> Diagnostic {
    Diagnostic(
      rule: .injectedChanged, message: what,
      hint: "make the change in the configuration or the annotations; `inject` and `uninject` with --force throw away "
        + "what was changed by hand",
      range: range)
  }

  static func recordDamaged(_ recordKey: String, at range: Range<Int>) -> Diagnostic {
    Diagnostic(
      rule: .recordDamaged,
      message: "the annotation `\(recordKey)` was changed by hand, so it no longer tells what was injected here",
      hint: "put it back as it was, from the file's history for instance; or let `uninject --force` take out what has "
        + "the names of an injection, and inject again",
      range: range)
  }

  static func recordTooNew(_ recordKey: String, _ version: String, at range: Range<Int>) -> Diagnostic {
    Diagnostic(
      rule: .recordVersion,
      message: "the annotation `\(recordKey)` is of version \(version), which this program does not know",
      hint: "use the release that injected this, or a later one; or let `uninject --force` take out what has the names "
        + "of an injection, and inject again",
      range: range)
  }

  static func injectedWithoutRecord(_ statusKey: String, _ recordKey: String, at range: Range<Int>?) -> Diagnostic {
    Diagnostic(
      rule: .noRecord,
      message: "`\(statusKey)` says this pod was injected, and nothing says what was there before",
      hint:
        "only what was injected by this program without --exact can be undone to the byte: it leaves the annotation "
        + "\(recordKey) behind; --force takes out what has the names of an injection",
      range: range)
  }
}
