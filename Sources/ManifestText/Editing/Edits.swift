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
    try set(value, at: path, planned: PlannedPlace(at: path, in: tree))
  }

  private mutating func set(_ value: Value, at path: Path, planned: PlannedPlace) throws(Diagnostic) {
    let place = try outermostPlace(for: value, at: path, planned)
    let target = Path(Array(planned.steps.prefix(place.depth)))
    operations.append(PatchOperation(place.exists ? .replace : .add, at: target, value: place.value))
    tree.update(at: path.steps.prefix(place.depth)) {
      $0 = EditTree()
      $0.replacement = place.value
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

  /// The changes, all of which are inside of one value, as changes of the document that value is by itself; their JSON
  /// Patch leads through this document all the same.
  package func part(at path: Path, as part: Document) -> Edits {
    var edits = Edits(document: part, knowing: constants)
    (edits.tree, edits.operations) = (tree.subtree(at: path.steps[...]) ?? EditTree(), operations)
    return edits
  }

  /// Forgets every change so far.
  package mutating func removeAll() { (tree, operations) = (EditTree(), []) }

  private mutating func insert(
    _ values: [Value], into path: Path, at place: (_ count: Int) -> Int
  ) throws(Diagnostic) {
    guard !values.isEmpty else { return }
    let planned = PlannedPlace(at: path, in: tree)
    if let list = planned.tree?.replacement {
      return insert(values, intoPlanned: list.array ?? [], at: path, planned, place: place)
    }
    if let (depth, outer) = planned.above {
      var elements = outer.value(at: path.steps[depth...])?.array ?? []
      elements.insert(contentsOf: values, at: place(elements.count))
      return try set(.array(elements), at: path, planned: planned)
    }
    guard let list = try cursor.node(at: path), !document.isNull(list) else {
      return try set(.array(values), at: path, planned: planned)
    }
    guard document.isSequence(list) else { throw .notA("list", list, at: path, in: document) }
    let count = document.items(of: list).reduce(0) { count, _ in count + 1 }
    let index = place(count)
    let first = index + (planned.tree?.insertedCount(through: index) ?? 0)
    for (offset, value) in values.enumerated() {
      let last: Path.Step = index == count ? .key("-") : .index(first + offset)
      operations.append(PatchOperation(.add, at: Path(planned.steps + [last]), value: value))
    }
    tree.update(at: path.steps[...]) { $0.insert(values, at: index) }
  }

  private mutating func insert(
    _ values: [Value], intoPlanned list: [Value], at path: Path, _ planned: PlannedPlace, place: (_ count: Int) -> Int
  ) {
    let index = place(list.count)
    var elements = list
    elements.insert(contentsOf: values, at: index)
    for (offset, value) in values.enumerated() {
      let last: Path.Step = index == list.count ? .key("-") : .index(index + offset)
      operations.append(PatchOperation(.add, at: Path(planned.steps + [last]), value: value))
    }
    tree.update(at: path.steps[...]) { $0.replacement = .array(elements) }
  }

  /// The outermost place that has to be made for a value at this path: how many steps lead there, the value with the
  /// maps around it, and whether something stands or is planned there.
  private mutating func outermostPlace(
    for value: Value, at path: Path, _ planned: PlannedPlace
  ) throws(Diagnostic) -> (depth: Int, value: Value, exists: Bool) {
    if let (depth, outer) = planned.above { return (depth, outer.putting(value, at: path.steps[depth...]), true) }
    let reach = try cursor.reach(of: path)
    var (depth, value) = (path.steps.count, value)
    while depth > 0, case .key(let key) = path.steps[depth - 1], depth > reach?.depth ?? 0 {
      if let reach, depth - 1 == reach.depth, !document.isNull(reach.node) {
        if document.isMapping(reach.node) { break }
        throw .notA("map", reach.node, at: Path(Array(path.steps.prefix(reach.depth))), in: document)
      }
      (depth, value) = (depth - 1, .object([Value.Member(key: key, value: value)]))
    }
    let exists = reach.map { depth <= $0.depth } ?? false || planned.tree?.replacement != nil
    return (depth, value, exists)
  }

  /// Where a path of the document leads once the elements planned so far are in.
  private func shifted(_ path: Path) -> Path { Path(PlannedPlace(at: path, in: tree).steps) }
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
