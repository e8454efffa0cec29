internal import ManifestText

/// The elements of a list, found by name without looking through the list each time.
struct NamedElements {
  /// Every element, in order.
  let items: [NodeID]
  private let names: [String?]
  private var places = NameIndex()
  private var repeated: Set<ExactText> = []

  /// Reads the names of a list's elements.
  /// - Throws: A `Diagnostic` where an element has its name twice.
  init(of list: NodeID, in document: Document) throws(Diagnostic) {
    items = Array(document.items(of: list))
    names = try items.map { (item) throws(Diagnostic) in try document.elementName(item) }
    for (index, name) in names.enumerated() {
      guard let name, !places.insert(name, at: index) else { continue }
      _ = repeated.add(name)
    }
  }

  /// The step to an element: by its name where no other has that, and by its number otherwise.
  func step(to index: Int) -> String {
    guard let name = names[index], !name.hasPrefix("#"), !repeated.contains(name) else {
      return InjectionRecord.number(index)
    }
    return name
  }
}

extension InjectionRecord {
  /// The step to an element without a name of its own.
  static func number(_ index: Int) -> String { "#\(index)" }

  /// The element a step leads to by number; nil for a name.
  static func index(of step: String) -> Int? {
    step.hasPrefix("#") ? Int(step.dropFirst()).flatMap { $0 < 0 ? nil : $0 } : nil
  }
}

extension Document {
  /// The `name` of an element of a list; nil where it has none.
  func elementName(_ item: NodeID) throws(Diagnostic) -> String? {
    guard let name = try value("name", in: item), isString(name) else { return nil }
    return text(of: name)
  }

  /// Whether an element of a list has this `name`.
  func isElement(_ item: NodeID, named name: String) throws(Diagnostic) -> Bool {
    try elementName(item).map { ByteText.isEqual($0, name) } ?? false
  }
}
