/// The changes planned for one document, in order, each seen by the next.
///
/// A plan is rendered twice: as text edits (`Splicer`) and as JSON Patch (`operations`); the two agree.
/// Paths lead through the document as it was read; elements that were inserted earlier do not shift them.
public struct Edits: Sendable {
  /// The document the changes are planned for.
  public let document: Document
  /// Every change so far, as a model of what the document becomes.
  public private(set) var tree = EditTree()
  /// Every change so far, as JSON Patch (RFC 6902).
  public private(set) var operations: [PatchOperation] = []

  private var cursor: PathCursor
  private let constants: ConstantValues

  /// Plans nothing yet.
  public init(document: Document) { self.init(document: document, knowing: .none) }

  /// The same, where some of the values that come are always the same.
  package init(document: Document, knowing constants: ConstantValues) {
    self.document = document
    self.constants = constants
    cursor = PathCursor(document)
  }

  /// True where nothing is planned.
  public var isEmpty: Bool { operations.isEmpty }

  /// Adds elements to the end of a list, making the list where there is none (absent or null).
  /// - Throws: A `Diagnostic` where something that is not a list stands there.
  public mutating func append(_ values: [Value], to path: Path) throws(Diagnostic) {
    try insert(values, into: path) { $0 }
  }

  /// Adds elements to the front of a list, making the list where there is none (absent or null).
  /// - Throws: A `Diagnostic` where something that is not a list stands there.
  public mutating func prepend(_ values: [Value], to path: Path) throws(Diagnostic) {
    try insert(values, into: path) { _ in 0 }
  }

  /// Puts a value at the end of a path, in place of what stands there or as a new entry; maps missing on
  /// the way are made.
  /// - Throws: A `Diagnostic` where something that is not a map is in the way.
  public mutating func set(_ value: Value, at path: Path) throws(Diagnostic) {
    let (place, value) = try creatingParents(of: path, for: value)
    let isPlanned = tree.subtree(at: place.steps[...])?.replacement != nil
    let exists = try cursor.node(at: place) != nil || isPlanned
    operations.append(PatchOperation(exists ? .replace : .add, at: shifted(place), value: value))
    tree.update(at: place.steps[...]) {
      $0 = EditTree()
      $0.replacement = value
    }
  }

  /// Takes an entry out of a map.
  /// - Throws: A `Diagnostic` where the document has no such place.
  package mutating func remove(at path: Path) throws(Diagnostic) {
    guard try cursor.node(at: path) != nil else { return }
    operations.append(PatchOperation(removing: shifted(path)))
    tree.update(at: path.steps[...]) { $0.isRemoved = true }
  }

  /// Gives an entry of a map a key that the map does not have, and leaves it where it is.
  /// - Throws: A `Diagnostic` where the document has no such place.
  package mutating func rename(at path: Path, to key: String) throws(Diagnostic) {
    guard let node = try cursor.node(at: path), let map = path.parent else { return }
    let value = try document.value(of: node)
    operations.append(PatchOperation(.add, at: shifted(map).appending(key), value: value))
    operations.append(PatchOperation(removing: shifted(path)))
    tree.update(at: path.steps[...]) { $0.newKey = key }
  }

  private mutating func insert(
    _ values: [Value], into path: Path, at place: (_ count: Int) -> Int
  ) throws(Diagnostic) {
    guard !values.isEmpty else { return }
    if let planned = tree.subtree(at: path.steps[...])?.replacement {
      return insert(values, intoPlanned: planned.array ?? [], at: path, place: place)
    }
    if let (depth, planned) = tree.replacement(above: path.steps[...]) {
      var elements = planned.value(at: path.steps[depth...])?.array ?? []
      elements.insert(contentsOf: values, at: place(elements.count))
      return try set(.array(elements), at: path)
    }
    guard let list = try cursor.node(at: path), !document.isNull(list) else {
      return try set(.array(values), at: path)
    }
    guard document.isSequence(list) else { throw .notA("list", list, at: path, in: document) }
    let count = document.items(of: list).reduce(0) { count, _ in count + 1 }
    let index = place(count)
    for (offset, value) in values.enumerated() {
      let inserted = tree.subtree(at: path.steps[...])?.insertedCount(through: index) ?? 0
      let target = index == count ? shifted(path).appending("-") : shifted(path).appending(index + inserted + offset)
      operations.append(PatchOperation(.add, at: target, value: value))
    }
    tree.update(at: path.steps[...]) { $0.insert(values, at: index) }
  }

  private mutating func insert(
    _ values: [Value], intoPlanned planned: [Value], at path: Path, place: (_ count: Int) -> Int
  ) {
    let index = place(planned.count)
    var elements = planned
    elements.insert(contentsOf: values, at: index)
    for (offset, value) in values.enumerated() {
      let last: Path.Step = index == planned.count ? .key("-") : .index(index + offset)
      operations.append(PatchOperation(.add, at: Path(shifted(path).steps + [last]), value: value))
    }
    tree.update(at: path.steps[...]) { $0.replacement = .array(elements) }
  }

  /// The outermost place that has to be made for a value at this path, and the value with the maps around it.
  private mutating func creatingParents(of path: Path, for value: Value) throws(Diagnostic) -> (Path, Value) {
    if let (depth, planned) = tree.replacement(above: path.steps[...]) {
      return (Path(Array(path.steps.prefix(depth))), planned.putting(value, at: path.steps[depth...]))
    }
    var place = path
    var value = value
    while let last = place.steps.last, case .key(let key) = last {
      let parent = Path(Array(place.steps.dropLast()))
      let node = try cursor.node(at: parent)
      if let node, document.isMapping(node) { break }
      if let node, !document.isNull(node) { throw .notA("map", node, at: parent, in: document) }
      (place, value) = (parent, .object([Value.Member(key: key, value: value)]))
    }
    return (place, value)
  }

  /// Where a path of the document leads once the elements planned so far are in.
  private func shifted(_ path: Path) -> Path {
    var steps: [Path.Step] = []
    steps.reserveCapacity(path.steps.count + 1)
    tree.shift(path.steps[...], into: &steps)
    return Path(steps)
  }
}

extension Edits {
  /// The planned changes as edits of the document's text, in order.
  /// - Throws: A `Diagnostic` where a change cannot be made.
  package func textEdits() throws(Diagnostic) -> [TextEdit] {
    try Splicer.edits(for: tree, in: document, knowing: constants.texts)
  }

  /// The document's bytes with every planned change made, read again and compared with the plan.
  /// - Throws: A `Diagnostic` where a change cannot be made, or where the result is not what was planned;
  ///   nothing of the document may be written then.
  public func spliced() throws(Diagnostic) -> Document { try spliced(by: textEdits()) }

  /// The same, by text edits that are known already.
  /// - Throws: As without them.
  package func spliced(by edits: [TextEdit]) throws(Diagnostic) -> Document {
    try document.spliced(by: edits, meaning: tree)
  }
}

extension Value {
  /// What stands at the end of some steps; nil where nothing does.
  fileprivate func value(at steps: ArraySlice<Path.Step>) -> Value? {
    guard let step = steps.first else { return self }
    switch step {
    case .key(let key): return self[key]?.value(at: steps.dropFirst())
    case .index(let index):
      guard let array, array.indices.contains(index) else { return nil }
      return array[index].value(at: steps.dropFirst())
    }
  }

  /// The same with a value at the end of some steps; maps missing on the way are made.
  fileprivate func putting(_ value: Value, at steps: ArraySlice<Path.Step>) -> Value {
    guard let step = steps.first else { return value }
    switch step {
    case .key(let key):
      var map = if case .object = self { self } else { Value.object([]) }
      map[key] = (map[key] ?? .null).putting(value, at: steps.dropFirst())
      return map
    case .index(let index):
      guard var array, array.indices.contains(index) else { return self }
      array[index] = array[index].putting(value, at: steps.dropFirst())
      return .array(array)
    }
  }
}

extension Diagnostic {
  /// A value of another kind than its place in the manifest wants.
  public static func notA(_ expected: String, _ node: NodeID, at path: Path, in document: Document) -> Diagnostic {
    Diagnostic(
      rule: .wrongType, message: "`\(path)` is \(document.kindName(of: node)), and has to be a \(expected)",
      hint: "the API server would refuse it too", range: document.range(of: node))
  }
}
