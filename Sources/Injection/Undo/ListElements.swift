internal import ManifestText

/// The elements of a list, and which of them are known to be injected.
struct ItemMatch {
  let document: Document
  let items: [NodeID]
  private(set) var taken: Set<Int> = []
  private let recognition: Recognition
  /// What is known of the elements, once one was asked for.
  private var known: Known?

  init(_ document: Document, _ list: NodeID, _ recognition: Recognition) {
    self.document = document
    self.recognition = recognition
    items = Array(document.items(of: list))
  }

  var isAllTaken: Bool { taken.count == items.count }

  /// Takes the first element, or the last, that is what was injected; false where there is none.
  mutating func take(_ element: InjectionRecord.Element, fromEnd: Bool) throws(Diagnostic) -> Bool {
    if known == nil { known = try Known(items, document, recognition) }
    var index = known?.next(of: element.digest, fromEnd: fromEnd, besides: taken)
    if index == nil, let namesake = known?.first(named: element.name, besides: taken),
      recognition.recognizes(try document.value(of: items[namesake]), element.digest)
    {
      index = namesake
    }
    guard let index else { return false }
    taken.insert(index)
    return true
  }

  /// Takes the element that has the name of an injected one and is another, where there is one.
  mutating func takeChanged(_ name: String) throws(Diagnostic) {
    if let index = try changed(name) { taken.insert(index) }
  }

  /// The element that has the name of an injected one and is another; nil where there is none.
  func changed(_ name: String) throws(Diagnostic) -> Int? {
    for (index, item) in items.enumerated() where !taken.contains(index) {
      if try document.isElement(item, named: name) { return index }
    }
    return nil
  }
}

extension ItemMatch {
  /// Where elements are, by what they are and by their names, so that no list is looked through for each of its own.
  ///
  /// Places that were found taken are not looked at again.
  private struct Known {
    private var byDigest: [RecordedDigest: ArraySlice<Int>] = [:]
    private var byName: [ExactText: ArraySlice<Int>] = [:]

    init(_ items: [NodeID], _ document: Document, _ recognition: Recognition) throws(Diagnostic) {
      for (index, item) in items.enumerated() {
        byDigest[recognition.digest(of: try document.value(of: item)), default: []].append(index)
        if let name = try document.elementName(item) { byName[ExactText(name), default: []].append(index) }
      }
    }

    mutating func next(of digest: RecordedDigest, fromEnd: Bool, besides taken: Set<Int>) -> Int? {
      while let index = fromEnd ? byDigest[digest]?.popLast() : byDigest[digest]?.popFirst() {
        if !taken.contains(index) { return index }
      }
      return nil
    }

    mutating func first(named name: String?, besides taken: Set<Int>) -> Int? {
      guard let name = name.map(ExactText.init) else { return nil }
      while let index = byName[name]?.first, taken.contains(index) { byName[name]?.removeFirst() }
      return byName[name]?.first
    }
  }
}

/// The elements of a list that were not injected themselves, found by their names or numbers.
struct FreeElements {
  struct Element {
    let index: Int
    let node: NodeID
  }

  /// How many elements are tried for those that are not found: a list in which so many were renamed and changed as
  /// well is another list.
  private static let mostTrials = 100_000

  private var elements: [Element] = []
  private var places = NameIndex()
  /// Which of the elements belong to a step of the record, by their places among the others.
  private var claimed: [Bool] = []
  /// In front of this place, all are claimed.
  private var firstFree = 0
  private var trials = 0

  init(_ items: ItemMatch) throws(Diagnostic) {
    for (index, item) in items.items.enumerated() where !items.taken.contains(index) {
      if let name = try items.document.elementName(item) { places.insert(name, at: elements.count) }
      elements.append(Element(index: index, node: item))
    }
    claimed = elements.map { _ in false }
  }

  /// The element a step of a record leads to; nil where there is none.
  func element(at step: String) -> Element? { place(of: step).map { elements[$0] } }

  private func place(of step: String) -> Int? {
    guard let place = InjectionRecord.index(of: step) ?? places.place(of: step) else { return nil }
    return elements.indices.contains(place) ? place : nil
  }

  /// Keeps the elements that steps lead to from being taken for those of other steps.
  mutating func reserve(_ steps: [String]) {
    for step in steps {
      if let place = place(of: step) { claimed[place] = true }
    }
  }

  /// True once too many elements were tried to try others.
  var isExhausted: Bool { trials >= FreeElements.mostTrials }

  /// Claims the first element that is still free and the right one, whatever its name; false where there is none.
  mutating func claim(where isRight: (Element) -> Bool) -> Bool {
    while firstFree < claimed.count, claimed[firstFree] { firstFree += 1 }
    for place in firstFree..<elements.count where !claimed[place] && !isExhausted {
      trials += 1
      guard isRight(elements[place]) else { continue }
      claimed[place] = true
      return true
    }
    return false
  }
}
