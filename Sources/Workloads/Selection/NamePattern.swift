/// A pattern of names: `*` is any text, `?` any character, `[a-c]` one of several and `[!a-c]` none of them.
public struct NamePattern: Sendable {
  private enum Part: Sendable {
    case anyText
    case character(set: [ClosedRange<Unicode.Scalar>], isInverted: Bool)
  }

  private let parts: [Part]

  /// Reads a pattern; a bracket that nothing closes stands for itself.
  public init(_ text: String) {
    var parts: [Part] = []
    var rest = text.unicodeScalars[...]
    while let scalar = rest.popFirst() {
      switch scalar {
      case "*": parts.append(.anyText)
      case "?": parts.append(.character(set: [], isInverted: true))
      case "[": parts.append(NamePattern.bracket(&rest) ?? NamePattern.literal(scalar))
      default: parts.append(NamePattern.literal(scalar))
      }
    }
    self.parts = parts
  }

  private static func literal(_ scalar: Unicode.Scalar) -> Part {
    .character(set: [scalar...scalar], isInverted: false)
  }

  /// What stands between brackets, the first of which has been read; nil where the second is missing.
  private static func bracket(_ rest: inout Substring.UnicodeScalarView) -> Part? {
    var inside = rest
    let isInverted = inside.first == "!" || inside.first == "^"
    if isInverted { inside.removeFirst() }
    var set: [ClosedRange<Unicode.Scalar>] = []
    while let scalar = inside.popFirst() {
      // A closing bracket that comes first stands for itself.
      if scalar == "]", !set.isEmpty {
        rest = inside
        return .character(set: set, isInverted: isInverted)
      }
      set.append(scalar...upperBound(from: scalar, &inside))
    }
    return nil
  }

  private static func upperBound(
    from scalar: Unicode.Scalar, _ inside: inout Substring.UnicodeScalarView
  ) -> Unicode.Scalar {
    let next = inside.dropFirst()
    guard inside.first == "-", let end = next.first, end != "]" else { return scalar }
    inside = next.dropFirst()
    return max(scalar, end)
  }

  /// True where the whole name is as the pattern has it.
  public func matches(_ name: String) -> Bool {
    let name = Array(name.unicodeScalars)
    var (part, index) = (0, 0)
    /// Where to go on once the text that the last `*` stands for has to be longer.
    var retry: (part: Int, index: Int)?
    while index < name.count {
      if part < parts.count, case .anyText = parts[part] {
        part += 1
        retry = (part, index)
      } else if part < parts.count, NamePattern.isMatch(parts[part], name[index]) {
        (part, index) = (part + 1, index + 1)
      } else if let again = retry {
        (part, index) = (again.part, again.index + 1)
        retry = (part, index)
      } else {
        return false
      }
    }
    return parts[part...].allSatisfy { if case .anyText = $0 { true } else { false } }
  }

  private static func isMatch(_ part: Part, _ scalar: Unicode.Scalar) -> Bool {
    guard case .character(let set, let isInverted) = part else { return false }
    return set.contains { $0.contains(scalar) } != isInverted
  }
}
