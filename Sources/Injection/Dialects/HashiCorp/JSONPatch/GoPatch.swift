internal import ManifestText

/// JSON Patch as the library HashiCorp's injector uses applies it, which is not quite as RFC 6902 has it.
///
/// The library is evanphx/json-patch of version 4, as tagged 5.9.11.
struct GoPatch: Sendable {
  /// One change.
  struct Operation: Sendable {
    let kind: String
    let path: Field
    let from: Field
    /// Nil where there is none; a null is one.
    let value: GoJSONNode?
  }

  /// A member of an operation that has to be text.
  enum Field: Sendable {
    case text(String)
    case missing
    case wrongType(String)
  }

  let operations: [Operation]

  init(_ text: String) throws(GoParse.Failure) {
    let node = try GoJSON.decode(text)
    switch node {
    case .null: operations = []
    case .array(let elements):
      operations = try elements.map { (element) throws(GoParse.Failure) in try GoPatch.operation(element) }
    default: throw .notA("jsonpatch.Patch", node)
    }
  }

  private static func operation(_ node: GoJSONNode?) throws(GoParse.Failure) -> Operation {
    switch node {
    case nil: return Operation([])
    case .object(let members)?: return Operation(members)
    case let node?: throw .notA("jsonpatch.Operation", node)
    }
  }

  /// The document after all operations.
  /// - Throws: A `Failure` with the library's message about the first that cannot be done, or with one of our own about
  ///   the first that exceeds the budget.
  func apply(to document: GoJSONNode) throws(GoParse.Failure) -> GoJSONNode {
    var document = document.opened
    var budget = GoPatchBudget(document)
    for operation in operations {
      try budget.take(operation, to: document)
      try operation.apply(to: &document)
    }
    return document
  }
}

extension GoPatch.Operation {
  fileprivate init(_ members: [GoJSONNode.Member]) {
    func last(_ key: String) -> GoJSONNode?? { members.last { ByteText.isEqual($0.key, key) }?.value }
    func field(_ key: String) -> GoPatch.Field {
      guard let node = last(key) ?? nil else { return .missing }
      return node.value.string.map(GoPatch.Field.text) ?? .wrongType(node.kindName)
    }
    if case .text(let text) = field("op") { kind = text } else { kind = "unknown" }
    path = field("path")
    from = field("from")
    value = last("value").map { $0 ?? .null }
  }

  fileprivate func apply(to document: inout GoJSONNode) throws(GoParse.Failure) {
    switch kind {
    case "add": try add(to: &document)
    case "remove": try remove(from: &document)
    case "replace": try replace(in: &document)
    case "move": try move(in: &document)
    case "test": try test(document)
    case "copy": try copy(in: &document)
    default: throw GoParse.Failure(message: "Unexpected kind: \(kind)")
    }
  }

  private func add(to document: inout GoJSONNode) throws(GoParse.Failure) {
    guard case .text(let path) = path else { throw .missing("add operation failed to decode path") }
    let added: Void? = try document.edit(at: path) { (place, key) throws(GoParse.Failure) in
      try place.add(value, at: key).wrapped("error in add for path: '\(path)'")
    }
    if added == nil { throw .missing("add operation does not apply: doc is missing path: \"\(path)\"") }
  }

  private func remove(from document: inout GoJSONNode) throws(GoParse.Failure) {
    guard case .text(let path) = path else { throw .missing("remove operation failed to decode path") }
    let removed: Void? = try document.edit(at: path) { (place, key) throws(GoParse.Failure) in
      try place.remove(key).wrapped("error in remove for path: '\(path)'")
    }
    if removed == nil { throw .missing("remove operation does not apply: doc is missing path: \"\(path)\"") }
  }

  private func replace(in document: inout GoJSONNode) throws(GoParse.Failure) {
    let path = try self.path.text(of: "path", or: "replace operation failed to decode path")
    if path.isEmpty {
      document = try replacement()
      return
    }
    let replaced: Void? = try document.edit(at: path) { (place, key) throws(GoParse.Failure) in
      guard case .success = place.get(key) else {
        throw .missing("replace operation does not apply: doc is missing key: \(path)")
      }
      try place.set(value, at: key)
    }
    if replaced == nil { throw .missing("replace operation does not apply: doc is missing path: \(path)") }
  }

  private func replacement() throws(GoParse.Failure) -> GoJSONNode {
    switch value {
    case nil: throw .crash("a `replace` of the whole container has no value")
    case .object?, .array?: return value?.opened ?? .null
    default: throw GoParse.Failure(message: "replace operation value must be object or array: %!w(<nil>)")
    }
  }

  private func move(in document: inout GoJSONNode) throws(GoParse.Failure) {
    let from = try self.from.text(of: "from", or: "move operation failed to decode from")
    let moved = try document.edit(at: from) { (place, key) throws(GoParse.Failure) in
      let node = try place.get(key).wrapped("error in move for path: '\(key)'")
      try place.remove(key).wrapped("error in move for path: '\(key)'")
      return node
    }
    guard let moved else { throw .missing("move operation does not apply: doc is missing from path: \(from)") }
    let path = try self.path.text(of: "path", or: "move operation failed to decode path")
    let added: Void? = try document.edit(at: path) { (place, key) throws(GoParse.Failure) in
      try place.add(moved, at: key).wrapped("error in move for path: '\(path)'")
    }
    if added == nil { throw .missing("move operation does not apply: doc is missing destination path: \(path)") }
  }

  private func copy(in document: inout GoJSONNode) throws(GoParse.Failure) {
    let from = try self.from.text(of: "from", or: "copy operation failed to decode from")
    let found = try document.edit(at: from) { (place, key) throws(GoParse.Failure) in
      try place.get(key).wrapped("error in copy for from: '\(from)'")
    }
    guard let found else { throw .missing("copy operation does not apply: doc is missing from path: \(from)") }
    guard case .text(let path) = path else { throw .missing("copy operation failed to decode path") }
    let added: Void? = try document.edit(at: path) { (place, key) throws(GoParse.Failure) in
      try place.add(found?.copied, at: key).wrapped("error while adding value during copy")
    }
    if added == nil { throw .missing("copy operation does not apply: doc is missing destination path: \(path)") }
  }

  private func test(_ document: GoJSONNode) throws(GoParse.Failure) {
    let path = try self.path.text(of: "path", or: "test operation failed to decode path")
    let failed = GoParse.Failure(message: "testing value \(path) failed: test failed")
    if path.isEmpty {
      guard let value else { throw .crash("a `test` of the whole container has no value") }
      guard try document.isSame(as: value) else { throw failed }
      return
    }
    var document = document
    let found = try document.edit(at: path) { (place, key) throws(GoParse.Failure) in
      try place.get(key).wrapped("error in test for path: '\(path)'")
    }
    guard let found else { throw .missing("test operation does not apply: is missing path: \(path)") }
    let isSame =
      if let found, let value { try found.isSame(as: value) } else { found == nil && (value ?? .null) == .null }
    guard isSame else { throw failed }
  }
}

extension GoPatch.Field {
  fileprivate func text(of name: String, or complaint: String) throws(GoParse.Failure) -> String {
    switch self {
    case .text(let text): return text
    case .missing:
      // One of the library's two messages has a comma.
      throw .missing("\(complaint): operation\(name == "from" ? "," : "") missing \(name) field")
    case .wrongType(let kind):
      throw GoParse.Failure(message: "\(complaint): json: cannot unmarshal \(kind) into Go value of type string")
    }
  }
}

extension Result where Failure == GoParse.Failure {
  /// The value, or the failure with words in front of it.
  @discardableResult
  fileprivate func wrapped(_ words: String) throws(GoParse.Failure) -> Success {
    try mapError { GoParse.Failure(message: "\(words): \($0.message)") }.get()
  }
}

extension GoParse.Failure {
  fileprivate static func notA(_ type: String, _ node: GoJSONNode) -> GoParse.Failure {
    GoParse.Failure(message: "json: cannot unmarshal \(node.kindName) into Go value of type \(type)")
  }

  /// Something is not there.
  static func missing(_ complaint: String) -> GoParse.Failure {
    GoParse.Failure(message: "\(complaint): missing value")
  }

  /// What ends the injector itself is refused here, with a sentence of our own.
  static func crash(_ cause: String) -> GoParse.Failure {
    GoParse.Failure(message: "\(cause), which ends the injector's webhook with a crash")
  }
}
