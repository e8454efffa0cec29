internal import ManifestText

/// Takes out of one pod what its record says was injected, as far as it is still what it was.
struct PodRemoval {
  let document: Document
  let recordKey: String
  /// How the record's digests are made.
  let version: InjectionRecord.Version
  var removals: Removals

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
      guard document.isSequence(node) else { throw changed(path, node) }
      try match(part, &items, node, path)
      for index in items.taken { removals.remove(at: path.appending(index)) }
    }
    for entry in part.added { try remove(entry, from: node, at: path, place) }
    for entry in part.replaced { try restore(entry, in: node, at: path, place, items) }
    let names = part.children.map(\.step)
    for entry in part.children { try descend(entry, among: names, from: node, at: path, place, items) }
  }

  private func matches(in list: NodeID, _ place: PodPlace) -> ItemMatch {
    ItemMatch(document, list, Recognition(version: version, place: place.element(0)))
  }

  private func match(
    _ part: InjectionRecord.Part, _ items: inout ItemMatch, _ node: NodeID, _ path: Path
  ) throws(Diagnostic) {
    for element in part.front where !(try items.take(element, fromEnd: false)) {
      throw try missing(element, items, node, path)
    }
    for element in part.back.reversed() where !(try items.take(element, fromEnd: true)) {
      throw try missing(element, items, node, path)
    }
  }

  // MARK: Entries

  private mutating func remove(
    _ entry: InjectionRecord.Entry<InjectionRecord.Injected>, from map: NodeID, at path: Path, _ place: PodPlace
  ) throws(Diagnostic) {
    let inner = path.appending(entry.step)
    guard let own = try document.entry(entry.step, in: map), !own.isMerged else { throw gone(inner, map) }
    if try take(entry.content, own.value, at: inner, place.entry(entry.step)) { removals.remove(at: inner) }
  }

  private mutating func restore(
    _ entry: InjectionRecord.Entry<InjectionRecord.Replaced>, in parent: NodeID, at path: Path, _ place: PodPlace,
    _ items: ItemMatch
  ) throws(Diagnostic) {
    guard let (value, inner) = try child(entry.step, of: parent, at: path, items) else {
      throw gone(path.appending(entry.step), parent)
    }
    guard try take(entry.content.now, value, at: inner, child(entry.step, of: parent, place)) else { return }
    if entry.content.isMerged, try document.merges(entry.step, into: parent) { return removals.remove(at: inner) }
    try removals.restore(entry.content.former, in: value, of: parent, at: inner)
  }

  /// True where the value is what was injected and nothing else; otherwise what was injected of it goes.
  private mutating func take(
    _ injected: InjectionRecord.Injected, _ node: NodeID, at path: Path, _ place: PodPlace
  ) throws(Diagnostic) -> Bool {
    switch injected {
    case .value(let digest):
      guard try isSame(node, digest, place) else { throw changed(path, node) }
      return true
    case .list(let elements):
      guard document.isSequence(node) else { throw changed(path, node) }
      var items = matches(in: node, place)
      for element in elements where !(try items.take(element, fromEnd: false)) {
        throw try missing(element, items, node, path)
      }
      if items.isAllTaken { return true }
      for index in items.taken { removals.remove(at: path.appending(index)) }
      return false
    case .map(let entries):
      return try take(entries, node, at: path, place)
    }
  }

  private func isSame(_ node: NodeID, _ digest: Digest, _ place: PodPlace) throws(Diagnostic) -> Bool {
    Recognition(version: version, place: place).recognizes(try document.value(of: node), digest)
  }

  private mutating func take(
    _ entries: [InjectionRecord.Entry<Digest>], _ map: NodeID, at path: Path, _ place: PodPlace
  ) throws(Diagnostic) -> Bool {
    guard document.isMapping(map) else { throw changed(path, map) }
    for entry in entries {
      let inner = path.appending(entry.step)
      guard let own = try document.entry(entry.step, in: map), !own.isMerged else { throw gone(inner, map) }
      guard try isSame(own.value, entry.content, place.entry(entry.step)) else { throw changed(inner, own.value) }
    }
    if document.entries(of: map).reduce(0, { count, _ in count + 1 }) == entries.count { return true }
    for entry in entries { removals.remove(at: path.appending(entry.step)) }
    return false
  }

  // MARK: Further down

  private mutating func descend(
    _ entry: InjectionRecord.Entry<InjectionRecord.Part>, among names: [String], from parent: NodeID, at path: Path,
    _ place: PodPlace, _ items: ItemMatch
  ) throws(Diagnostic) {
    let innerPlace = child(entry.step, of: parent, place)
    if let (node, inner) = try child(entry.step, of: parent, at: path, items) {
      return try take(entry.content, from: node, at: inner, innerPlace)
    }
    guard document.isSequence(parent) else { throw gone(path.appending(entry.step), parent) }
    // The element was renamed or, where none holds what was injected into it, taken out by its owner.
    for (index, item) in items.items.enumerated() where !items.taken.contains(index) {
      if let name = try document.elementName(item), names.holdsExactly(name) { continue }
      var attempt = self
      let isTaken = (try? attempt.take(entry.content, from: item, at: path.appending(index), innerPlace)) != nil
      guard isTaken else { continue }
      self = attempt
      return
    }
  }

  private func child(_ step: String, of parent: NodeID, _ place: PodPlace) -> PodPlace {
    document.isSequence(parent) ? place.element(0) : place.entry(step)
  }

  /// Where a step leads: to an entry of a map, or to an element of a list that was not injected itself.
  private func child(
    _ step: String, of parent: NodeID, at path: Path, _ items: ItemMatch
  ) throws(Diagnostic) -> (NodeID, Path)? {
    guard document.isSequence(parent) else {
      return try document.entry(step, in: parent).map { ($0.value, path.appending(step)) }
    }
    let others = items.items.enumerated().filter { !items.taken.contains($0.offset) }
    if let number = InjectionRecord.index(of: step) {
      return number < others.count ? (others[number].element, path.appending(others[number].offset)) : nil
    }
    for (index, item) in others where try document.isElement(item, named: step) { return (item, path.appending(index)) }
    return nil
  }
}

/// The elements of a list, and which of them are known to be injected.
struct ItemMatch {
  private let document: Document
  private let recognition: Recognition
  let items: [NodeID]
  private(set) var taken: Set<Int> = []
  private var known: [Recognition.Known] = []

  init(_ document: Document, _ list: NodeID, _ recognition: Recognition) {
    self.document = document
    self.recognition = recognition
    items = Array(document.items(of: list))
  }

  var isAllTaken: Bool { taken.count == items.count }

  /// Takes the first element, or the last, that is what was injected; false where there is none.
  mutating func take(_ element: InjectionRecord.Element, fromEnd: Bool) throws(Diagnostic) -> Bool {
    if known.isEmpty {
      known = try items.map { (item) throws(Diagnostic) in recognition.known(try document.value(of: item)) }
    }
    let free = items.indices.filter { !taken.contains($0) && known[$0].matches(element.digest) }
    if let index = fromEnd ? free.last : free.first {
      taken.insert(index)
      return true
    }
    guard let name = element.name, let index = try changed(name), known[index].matchesSpelling(element.digest) else {
      return false
    }
    taken.insert(index)
    return true
  }

  /// The element that has the name of an injected one and is another; nil where there is none.
  func changed(_ name: String) throws(Diagnostic) -> Int? {
    for (index, item) in items.enumerated() where !taken.contains(index) {
      if try document.isElement(item, named: name) { return index }
    }
    return nil
  }
}

extension PodRemoval {
  private func missing(
    _ element: InjectionRecord.Element, _ items: ItemMatch, _ list: NodeID, _ path: Path
  ) throws(Diagnostic) -> Diagnostic {
    guard let name = element.name else { return gone(path, list, "an element of ") }
    guard let index = try items.changed(name) else { return gone(path, list, "the element `\(name)` of ") }
    return changed(path.appending(index), items.items[index])
  }

  private func changed(_ path: Path, _ node: NodeID) -> Diagnostic {
    .injectedWasChanged("`\(path)` was injected, and was changed since", recordKey, at: document.range(of: node))
  }

  private func gone(_ path: Path, _ parent: NodeID, _ what: String = "") -> Diagnostic {
    .injectedWasChanged("\(what)`\(path)` was injected, and is gone", recordKey, at: document.range(of: parent))
  }
}
