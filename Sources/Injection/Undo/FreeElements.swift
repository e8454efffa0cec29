internal import ManifestText

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
