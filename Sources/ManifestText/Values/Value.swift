/// A manifest's meaning, apart from how it is spelt: what YAML and JSON have in common.
///
/// Objects keep the order of their members, because order reaches the output.
public enum Value: Equatable, Sendable {
  /// One key and its value inside an object.
  public struct Member: Equatable, Sendable {
    /// The member's name.
    public var key: String
    /// What the name stands for.
    public var value: Value

    /// Pairs a name with a value.
    public init(key: String, value: Value) {
      self.key = key
      self.value = value
    }

    /// True where key and value are the same.
    public static func == (one: Member, other: Member) -> Bool {
      ByteText.isEqual(one.key, other.key) && one.value == other.value
    }
  }

  /// JSON's `null`; in YAML also `~` and the empty scalar.
  case null
  /// A truth value.
  case bool(Bool)
  /// A number, as it was spelt (`1.10` stays `1.10`).
  case number(String)
  /// Text.
  case string(String)
  /// A list.
  case array([Value])
  /// A map, in the order it was written.
  case object([Member])
}

extension Value {
  /// True where both are the same: texts byte for byte, numbers as they are spelt, members in the same order.
  public static func == (one: Value, other: Value) -> Bool {
    switch (one, other) {
    case (.null, .null): true
    case (.bool(let a), .bool(let b)): a == b
    case (.number(let a), .number(let b)), (.string(let a), .string(let b)): ByteText.isEqual(a, b)
    case (.array(let a), .array(let b)): a == b
    case (.object(let a), .object(let b)): a == b
    default: false
    }
  }
}

extension Value {
  /// The member of this name; nil where this is not an object or has no such member.
  ///
  /// Setting appends an unknown member, and nil removes; setting on something that is not an object has no effect.
  public subscript(key: String) -> Value? {
    get {
      guard case .object(let members) = self else { return nil }
      let lent = members.span
      for index in lent.indices where ByteText.isEqual(lent[index].key, key) { return lent[index].value }
      return nil
    }
    set {
      guard case .object(var members) = self else { return }
      // Members that nobody else holds change where they are.
      self = .null
      let index = members.firstIndex { ByteText.isEqual($0.key, key) }
      switch (index, newValue) {
      case (let index?, let value?): members[index].value = value
      case (let index?, nil): members.remove(at: index)
      case (nil, let value?): members.append(Member(key: key, value: value))
      case (nil, nil): break
      }
      self = .object(members)
    }
  }

  /// The text of a string; nil for every other kind of value.
  public var string: String? {
    guard case .string(let text) = self else { return nil }
    return text
  }

  /// The elements of an array; nil for every other kind of value.
  public var array: [Value]? {
    guard case .array(let elements) = self else { return nil }
    return elements
  }

  /// The members of an object; nil for every other kind of value.
  public var members: [Member]? {
    guard case .object(let members) = self else { return nil }
    return members
  }

  /// What a person would call this kind of value in a sentence: `a list`, `a string`.
  public var kindName: String {
    switch self {
    case .null: "null"
    case .bool: "a boolean"
    case .number: "a number"
    case .string: "a string"
    case .array: "a list"
    case .object: "a map"
    }
  }
}

extension Value: ExpressibleByStringLiteral, ExpressibleByStringInterpolation {
  /// Text, written as a literal.
  public init(stringLiteral value: String) { self = .string(value) }
}

extension Value: ExpressibleByBooleanLiteral {
  /// A truth value, written as a literal.
  public init(booleanLiteral value: Bool) { self = .bool(value) }
}

extension Value: ExpressibleByIntegerLiteral {
  /// A whole number, written as a literal.
  public init(integerLiteral value: Int) { self = .number(String(value)) }
}

extension Value: ExpressibleByArrayLiteral {
  /// A list, written as a literal.
  public init(arrayLiteral elements: Value...) { self = .array(elements) }
}

extension Value: ExpressibleByDictionaryLiteral {
  /// A map, written as a literal; members keep the order they are written in.
  public init(dictionaryLiteral elements: (String, Value)...) {
    self = .object(elements.map { Member(key: $0.0, value: $0.1) })
  }
}

extension Value {
  /// True for a list or map that holds something.
  var isNonEmptyCollection: Bool {
    switch self {
    case .array(let elements): !elements.isEmpty
    case .object(let members): !members.isEmpty
    default: false
    }
  }
}
