internal import ManifestText

/// A part of an object that does not fit its schema, as an API server's message describes it.
///
/// Servers report it in three forms: with the path and the reason when applying, as a strict decoding error when
/// creating, and as Go's JSON decoder does where a value is of another type.
struct SchemaProblem: Equatable {
  /// What is wrong.
  enum Kind: Equatable {
    /// There is no such field.
    case unknown
    /// The field is given twice.
    case duplicate
    /// The value is of another type than this one, in the server's word.
    case type(expected: String)
    /// An element of a list has the same key as another one.
    case duplicateElement(String)
    /// Something else, in the server's words.
    case other(String)
  }

  /// The field, with dots between its parts; the part that tells elements of lists apart may be missing.
  let path: String
  /// What is wrong with it.
  let kind: Kind

  /// The problems that a message describes; empty where it is about something else.
  static func problems(in message: String) -> [SchemaProblem] {
    typed(message) + strict(message) + decoded(message)
  }

  // MARK: The three ways

  /// `failed to create typed patch object (shop/web; apps/v1, Kind=Deployment): .spec.x: field not declared in schema`,
  /// and with `errors:` and a line for each where there are several.
  private static func typed(_ message: String) -> [SchemaProblem] {
    guard let head = message.firstRange(of: "failed to create typed patch object (") else { return [] }
    guard let end = message[head.upperBound...].firstRange(of: "): ") else { return [] }
    let lines = message[end.upperBound...].split(separator: "\n").map { $0.drop(while: \.isWhitespace) }
    return lines.filter { $0 != "errors:" }.compactMap(SchemaProblem.init(line:))
  }

  private init?(line: Substring) {
    guard let colon = SchemaProblem.endOfPath(line) else { return nil }
    path = String(line[..<colon].drop { $0 == "." })
    kind = Kind(line[colon...].dropFirst(2))
  }

  /// The `: ` after a path; keys in brackets may hold one.
  private static func endOfPath(_ line: Substring) -> Substring.Index? {
    var isQuoted = false
    for index in line.indices {
      if line[index] == "\"" { isQuoted.toggle() }
      if !isQuoted, line[index...].hasPrefix(": ") { return index }
    }
    return nil
  }

  /// `strict decoding error: unknown field "spec.x", duplicate field "spec.y"`.
  private static func strict(_ message: String) -> [SchemaProblem] {
    guard message.contains("strict decoding error") || message.contains("error strict decoding") else { return [] }
    let marks: [(String, Kind)] = [("unknown field \"", .unknown), ("duplicate field \"", .duplicate)]
    return marks.flatMap { mark, kind in
      message.ranges(of: mark).map { range in
        SchemaProblem(path: String(message[range.upperBound...].prefix { $0 != "\"" }), kind: kind)
      }
    }
  }

  /// `json: cannot unmarshal number into Go struct field EnvVar.spec.containers.env.value of type string`, where the
  /// path begins with the name of the innermost structure, and says nothing of elements.
  private static func decoded(_ message: String) -> [SchemaProblem] {
    guard let mark = message.firstRange(of: "json: cannot unmarshal "),
      let field = message[mark.upperBound...].firstRange(of: " into Go struct field "),
      let type = message[field.upperBound...].firstRange(of: " of type ")
    else { return [] }
    let path = message[field.upperBound..<type.lowerBound].drop { $0 != "." }.dropFirst()
    let expected = message[type.upperBound...].prefix { $0 != " " && $0 != "," && $0 != "\n" }
    return [SchemaProblem(path: String(path), kind: .type(expected: SchemaProblem.name(ofGoType: expected)))]
  }

  private static func name(ofGoType type: Substring) -> String {
    switch type {
    case "string": "string"
    case "bool": "boolean"
    case _ where type.hasPrefix("int") || type.hasPrefix("uint") || type.hasPrefix("float"): "number"
    case _ where type.hasPrefix("[]"): "list"
    default: "map"
    }
  }

  private init(path: String, kind: Kind) {
    (self.path, self.kind) = (path, kind)
  }
}

extension SchemaProblem.Kind {
  /// What the server says after a path.
  fileprivate init(_ words: Substring) {
    if words.hasPrefix("field not declared in schema") {
      self = .unknown
    } else if words.hasPrefix("expected "), let comma = words.firstIndex(of: ",") {
      let expected = words[..<comma].dropFirst("expected ".count)
      self = .type(expected: expected.hasPrefix("numeric") ? "number" : String(expected))
    } else if words.hasPrefix("duplicate entries for key ") {
      self = .duplicateElement(String(words.dropFirst("duplicate entries for key ".count)))
    } else {
      self = .other(String(words))
    }
  }
}

extension SchemaProblem {
  /// The parent of a field, as `kubectl explain` takes it: with a dot before it, without brackets.
  static func parent(of path: String) -> String {
    let parts = field(path).split(separator: ".").dropLast()
    return parts.isEmpty ? "" : ".\(parts.joined(separator: "."))"
  }

  /// A field, as `kubectl explain` takes it: with a dot before it, without brackets.
  static func explained(_ path: String) -> String {
    let field = field(path)
    return field.isEmpty ? "" : ".\(field)"
  }

  private static func field(_ path: String) -> String {
    var text = ""
    var depth = 0
    for character in path {
      switch character {
      case "[": depth += 1
      case "]": depth -= 1
      default: if depth == 0 { text.append(character) }
      }
    }
    return text
  }
}
