internal import ManifestText

/// Which fields of a secret become variables, and what these are called.
enum HashiCorpVariableChoice: Equatable, Sendable {
  /// A field, and the variable that it becomes.
  struct Field: Equatable, Sendable {
    let variable: String
    let field: String
    /// True where the field holds the value in base64.
    var isEncoded = false
  }

  case none
  /// All fields, each called as it is, after a prefix that may be empty.
  case all(prefix: String)
  case fields([Field])

  /// The variables, as far as the manifest tells.
  var variables: [String] {
    if case .fields(let fields) = self { fields.map(\.variable) } else { [] }
  }
}

extension HashiCorpVariableChoice {
  private static let decoding = "base64Decode"

  /// Reads `true`, a prefix, or fields with their variables.
  init(_ text: String) throws(GoParse.Failure) {
    if let isWanted = try? GoParse.bool(text) {
      self = isWanted ? .all(prefix: "") : .none
    } else if text.utf8.contains(UInt8(ascii: "=")) {
      self = .fields(try GoText.split(text, at: ",").map(Self.field))
    } else if Self.isName(text) {
      self = .all(prefix: text)
    } else {
      throw GoParse.Failure(message: "`\(text)` is no prefix of variables")
    }
  }

  private static func field(_ text: String) throws(GoParse.Failure) -> Field {
    let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(trimmed)
    let failure = GoParse.Failure(message: "`\(trimmed(text[...]))` names no variable and field")
    guard parts.count == 2, isVariable(parts[0]) else { throw failure }
    let words = parts[1].split(separator: "|", omittingEmptySubsequences: false).map(trimmed)
    guard let field = words.first, !field.isEmpty, words.count == 1 || words.count == 2 && words[1] == decoding,
      ControlCharacter(in: field) == nil
    else { throw failure }
    return Field(variable: parts[0], field: field, isEncoded: words.count == 2)
  }

  private static func trimmed(_ text: Substring) -> String {
    var bytes = text.utf8
    while let first = bytes.first, ASCII.isWhite(first) { bytes.removeFirst() }
    while let last = bytes.last, ASCII.isWhite(last) { bytes.removeLast() }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// True for what a shell takes for the beginning of a variable's name.
  private static func isName(_ text: String) -> Bool {
    guard let first = text.utf8.first, !ASCII.isDigit(first) else { return false }
    return text.utf8.allSatisfy { ASCII.isLetter($0) || ASCII.isDigit($0) || $0 == UInt8(ascii: "_") }
  }

  /// True for what Kubernetes takes for a variable's name.
  static func isVariable(_ text: String) -> Bool {
    guard let first = text.utf8.first, !ASCII.isDigit(first) else { return false }
    return text.utf8.allSatisfy {
      ASCII.isLetter($0) || ASCII.isDigit($0) || $0 == UInt8(ascii: "_") || $0 == ASCII.dash || $0 == ASCII.dot
    }
  }
}

extension AnnotationType<HashiCorpVariableChoice> {
  static var variables: AnnotationType {
    AnnotationType(
      "`true` for variables that are called like the fields, a prefix such as `DB_`, "
        + "or fields such as `DB_USER=username,DB_PASSWORD=password`", like: "DB_USER=username,DB_PASSWORD=password"
    ) { (text) throws(GoParse.Failure) in
      try HashiCorpVariableChoice(text)
    }.offWhereNone
  }

  private var offWhereNone: AnnotationType {
    var type = self
    type.isOff = { [parse] text in (try? parse(text)) == HashiCorpVariableChoice.none }
    return type
  }
}

/// What becomes of an application whose variables have changed.
enum VariableChange: String, CaseIterable, Sendable {
  case nothing, restart
}

extension AnnotationType<VariableChange> {
  static var variableChange: AnnotationType {
    AnnotationType("`restart` or `nothing`") { (text) throws(GoParse.Failure) in
      guard let change = VariableChange(rawValue: text) else {
        throw GoParse.Failure(message: "`\(text)` is nothing that can be done")
      }
      return change
    }
  }
}
