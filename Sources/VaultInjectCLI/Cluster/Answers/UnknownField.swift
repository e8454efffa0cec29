/// Fields an API server does not know, as it tells of them in a sentence.
struct UnknownField: Equatable {
  /// The field, with dots between its parts.
  let path: String
  /// True where the field is known, and given twice.
  let isDuplicate: Bool

  /// The fields of `strict decoding error: unknown field "spec.x", duplicate field "spec.y"`, and of
  /// `.spec.x: field not declared in schema`, which some servers answer to applying.
  static func fields(in message: String) -> [UnknownField] {
    strict(message) + undeclared(message)
  }

  private static func strict(_ message: String) -> [UnknownField] {
    guard message.contains("strict decoding error") || message.contains("error strict decoding") else { return [] }
    var fields: [UnknownField] = []
    for (mark, isDuplicate) in [("unknown field \"", false), ("duplicate field \"", true)] {
      for range in message.ranges(of: mark) {
        let path = String(message[range.upperBound...].prefix { $0 != "\"" })
        fields.append(UnknownField(path: path, isDuplicate: isDuplicate))
      }
    }
    return fields
  }

  private static func undeclared(_ message: String) -> [UnknownField] {
    message.ranges(of: ": field not declared in schema").map { range in
      let before = message[..<range.lowerBound]
      let start = before.lastIndex { $0 == " " || $0 == "\n" }.map(before.index(after:)) ?? before.startIndex
      return UnknownField(path: String(before[start...].drop { $0 == "." }), isDuplicate: false)
    }
  }

  /// What stands around a field, as `kubectl explain` wants it: with a dot before it, without brackets.
  static func parent(of path: String) -> String {
    var text = ""
    var depth = 0
    for character in path {
      switch character {
      case "[": depth += 1
      case "]": depth -= 1
      default: if depth == 0 { text.append(character) }
      }
    }
    let parts = text.split(separator: ".").dropLast()
    return parts.isEmpty ? "" : ".\(parts.joined(separator: "."))"
  }
}
