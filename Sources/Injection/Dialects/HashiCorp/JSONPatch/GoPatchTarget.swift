internal import ManifestText

/// What a patch does to one object or list.
extension GoJSONNode {
  /// Lets `body` change the object or list that holds what a path names.
  ///
  /// What stands before the first slash does not count. Nil where there is no such object or list.
  mutating func edit<Content>(
    at path: String, _ body: (inout GoJSONNode, _ key: String) throws(GoParse.Failure) -> Content
  ) throws(GoParse.Failure) -> Content? {
    let steps = GoJSONNode.steps(of: path)
    guard let key = steps.last else { return nil }
    return try edit(at: steps.dropLast(), key, body)
  }

  private mutating func edit<Content>(
    at steps: ArraySlice<String>, _ key: String,
    _ body: (inout GoJSONNode, _ key: String) throws(GoParse.Failure) -> Content
  ) throws(GoParse.Failure) -> Content? {
    guard let step = steps.first else { return try body(&self, key) }
    guard case .success(let found?) = get(step), found.isOpenable else { return nil }
    var child = found.opened
    defer { if child != found { try? set(child, at: step) } }
    return try child.edit(at: steps.dropFirst(), key, body)
  }

  static func steps(of path: String) -> [String] { GoText.split(path, at: "/").dropFirst().map(unescaped) }

  private static func unescaped(_ step: String) -> String {
    let parts = GoText.split(step, at: "~1").map { GoText.split($0, at: "~0").joined(separator: "~") }
    return parts.joined(separator: "/")
  }

  /// A null that was copied is taken for an object, unlike every other.
  private static let copiedNull = GoJSONNode.scalar(Array("null".utf8))

  private var isOpenable: Bool {
    switch self {
    case .object, .array: true
    case .scalar: self == GoJSONNode.copiedNull
    case .null: false
    }
  }

  /// The node as it is once the library has looked into it: each key once, in order.
  var opened: GoJSONNode {
    guard case .object(let members) = self else { return self }
    var last: [ExactText: GoJSONNode?] = [:]
    for member in members { last[ExactText(member.key)] = .some(member.value) }
    return .object(
      last.sorted { GoText.precedes($0.key.text, $1.key.text) }.map { Member($0.key.text, $0.value) })
  }

  /// A copy, which goes through Go's encoder: text comes out as that spells it.
  var copied: GoJSONNode {
    switch self {
    case .null: return GoJSONNode.copiedNull
    case .scalar(let spelling):
      guard spelling.first == ASCII.doubleQuote else { return self }
      return .scalar(GoJSON.respelt(spelling))
    case .array(let elements): return .array(elements.map { $0?.copiedInside })
    case .object(let members): return .object(members.map { Member($0.key, $0.value?.copiedInside) })
    }
  }

  private var copiedInside: GoJSONNode? {
    let copy = copied
    return copy == GoJSONNode.copiedNull ? nil : copy
  }

  // MARK: Members and elements

  func get(_ key: String) -> Result<GoJSONNode?, GoParse.Failure> {
    switch self {
    case .object(let members): return .success(members.last { ByteText.isEqual($0.key, key) }?.value)
    case .array(let elements): return index(key, in: elements.count).map { elements[$0] }
    default: return .success(nil)
    }
  }

  /// Puts a node where `get` found one, or found nothing in an object.
  mutating func set(_ node: GoJSONNode?, at key: String) throws(GoParse.Failure) {
    guard case .array(var elements) = self else { return try add(node, at: key).get() }
    elements[try index(key, in: elements.count).get()] = node
    self = .array(elements)
  }

  mutating func add(_ node: GoJSONNode?, at key: String) -> Result<Void, GoParse.Failure> {
    switch self {
    case .object(var members):
      if let index = members.lastIndex(where: { ByteText.isEqual($0.key, key) }) {
        members[index].value = node
      } else {
        members.append(Member(key, node))
      }
      self = .object(GoJSONNode.sorted(members))
      return .success(())
    case .array(let elements): return insert(node, at: key, into: elements)
    default: return .failure(.crash("something is added to a null that was copied"))
    }
  }

  private mutating func insert(
    _ node: GoJSONNode?, at key: String, into elements: [GoJSONNode?]
  ) -> Result<Void, GoParse.Failure> {
    let place = key == "-" ? .success(elements.count) : insertionIndex(key, in: elements.count)
    return place.map { index in
      var elements = elements
      elements.insert(node, at: index)
      self = .array(elements)
    }
  }

  private func insertionIndex(_ key: String, in count: Int) -> Result<Int, GoParse.Failure> {
    do throws(GoParse.Failure) {
      _ = try GoParse.index(key)
    } catch {
      return .failure(GoParse.Failure(message: "value was not a proper array index: '\(key)': \(error.message)"))
    }
    return index(key, in: count + 1)
  }

  mutating func remove(_ key: String) -> Result<Void, GoParse.Failure> {
    if case .array(var elements) = self {
      return index(key, in: elements.count).map { index in
        elements.remove(at: index)
        self = .array(elements)
      }
    }
    guard case .object(var members) = self, members.contains(where: { ByteText.isEqual($0.key, key) }) else {
      return .failure(.missing("Unable to remove nonexistent key: \(key)"))
    }
    members.removeAll { ByteText.isEqual($0.key, key) }
    self = .object(members)
    return .success(())
  }

  private static func sorted(_ members: [Member]) -> [Member] {
    members.sorted { GoText.precedes($0.key, $1.key) }
  }

  /// An index counted from the front, or from the end where it is negative.
  private func index(_ key: String, in count: Int) -> Result<Int, GoParse.Failure> {
    do throws(GoParse.Failure) {
      let index = try GoParse.index(key)
      guard index < count, index >= -count else {
        throw GoParse.Failure(message: "Unable to access invalid index: \(index): invalid index referenced")
      }
      return .success(Int(index < 0 ? index + Int64(count) : index))
    } catch {
      return .failure(error)
    }
  }

  // MARK: Comparing

  /// True where a `test` takes a node of the document for the same as its value: scalars by their spelling.
  func isSame(as value: GoJSONNode) throws(GoParse.Failure) -> Bool {
    switch (self, value) {
    case (GoJSONNode.copiedNull, _): return value == .object([])
    case (.scalar(let spelling), .scalar(let other)): return spelling == other
    case (.null, .null): return true
    case (.array(let elements), .array(let others)): return try GoJSONNode.areSame(elements, others)
    case (.object, .object):
      guard case .object(let members) = opened, case .object(let others) = value.opened else { return false }
      return try GoJSONNode.areSame(members, others)
    default: return false
    }
  }

  private static func areSame(_ members: [Member], _ others: [Member]) throws(GoParse.Failure) -> Bool {
    guard members.map({ ExactText($0.key) }) == others.map({ ExactText($0.key) }) else { return false }
    for (member, other) in zip(members, others) {
      switch (member.value, other.value) {
      case (nil, nil): continue
      case (let node?, let value?): guard try node.isSame(as: value) else { return false }
      default: return false
      }
    }
    return true
  }

  private static func areSame(_ elements: [GoJSONNode?], _ others: [GoJSONNode?]) throws(GoParse.Failure) -> Bool {
    guard elements.count == others.count else { return false }
    for (element, other) in zip(elements, others) {
      guard let element, let other else { throw .crash("a `test` compares a list that holds null") }
      guard try element.isSame(as: other) else { return false }
    }
    return true
  }
}
