package import ManifestText

/// JSON as Go's decoder keeps it: taken apart, with its scalars as they are spelt.
///
/// As in Go, a null inside a list or an object is no node at all.
package indirect enum GoJSONNode: Equatable, Sendable {
  /// A null that is the whole text.
  case null
  /// A string, number or truth value, as it is spelt.
  case scalar([UInt8])
  case array([GoJSONNode?])
  /// Members in the order they were read, each as often as it was there.
  case object([Member])

  /// One member of an object.
  package struct Member: Equatable, Sendable {
    package var key: String
    package var value: GoJSONNode?

    package init(_ key: String, _ value: GoJSONNode?) {
      self.key = key
      self.value = value
    }
  }
}

extension GoJSONNode {
  /// The node of what `GoJSON` would write for a value.
  package init(_ value: Value) {
    switch value {
    case .null: self = .null
    case .array(let elements): self = .array(elements.map(GoJSONNode.inside))
    case .object(let members): self = .object(members.map { Member($0.key, GoJSONNode.inside($0.value)) })
    default: self = .scalar(GoJSON.encode(value))
    }
  }

  private static func inside(_ value: Value) -> GoJSONNode? { value == .null ? nil : GoJSONNode(value) }

  /// The value, numbers as they are spelt.
  package var value: Value {
    switch self {
    case .null: return .null
    case .scalar(let spelling): return GoJSONNode.value(ofScalar: spelling)
    case .array(let elements): return .array(elements.map { $0?.value ?? .null })
    case .object(let members):
      return .object(members.map { Value.Member(key: $0.key, value: $0.value?.value ?? .null) })
    }
  }

  private static func value(ofScalar spelling: [UInt8]) -> Value {
    switch spelling.first {
    case ASCII.doubleQuote: .string(GoJSON.unquoted(spelling[...]))
    case UInt8(ascii: "n"): .null
    case UInt8(ascii: "t"): true
    case UInt8(ascii: "f"): false
    default: .number(String(decoding: spelling, as: UTF8.self))
    }
  }

  /// What Go calls this in a message about a value of the wrong type.
  package var kindName: String {
    switch self {
    case .null: "null"
    case .array: "array"
    case .object: "object"
    case .scalar(let spelling):
      switch spelling.first {
      case ASCII.doubleQuote: "string"
      case UInt8(ascii: "t"), UInt8(ascii: "f"): "bool"
      default: "number"
      }
    }
  }
}
