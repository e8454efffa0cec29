internal import KubernetesAPI
package import ManifestText
internal import Platform

/// Text that is safe to show, and the only text that is shown.
///
/// What stands in a literal is trusted. What is put into one may come from anywhere, a manifest, a file's name, a
/// server: characters that a terminal would obey are spelt out, line breaks among them, and secrets are taken out.
///
///     let text: ShownText = "\(name): \(lines: message)"
///     text.line    // `app.yaml: what kubectl said`, and further lines of the message after a bar
package struct ShownText: Equatable, Sendable {
  private var text: String
  /// True for a command to the CI system that reads the log, which has to begin its line.
  private var isCommand = false

  private init(trusted text: String) { self.text = text }

  /// Takes text from anywhere onto one line.
  package init(of text: String) { self.init(trusted: ShownText.safe(text)) }

  /// What is written, which may be several lines; no line but a command's begins as one.
  package var line: String { isCommand ? text : VisibleText.withoutCommands(text) }

  /// The text from anywhere as it may stand in what is shown: its line breaks and tabs, where they are kept, are the
  /// only control characters.
  static func safe(_ text: String, keeping kept: [Unicode.Scalar] = []) -> String {
    VisibleText.spelt(withoutSecrets(FilePath.shown(text)), keeping: kept)
  }

  /// A value whose texts others will show, line by line perhaps.
  package static func safe(_ value: Value) -> Value {
    mapped(value) { VisibleText.withoutCommands(safe($0, keeping: ["\n"])) }
  }

  /// True for text that holds a secret.
  static func holdsSecret(_ text: String) -> Bool { withoutSecrets(text) != text }

  private static func withoutSecrets(_ text: String) -> String {
    SecretsInUse.redacted(URLText.withoutPasswords(text))
  }
}

extension ShownText: ExpressibleByStringInterpolation {
  /// Puts shown text together.
  package struct StringInterpolation: StringInterpolationProtocol, Sendable {
    fileprivate var text = ""

    package init(literalCapacity: Int, interpolationCount: Int) { text.reserveCapacity(literalCapacity) }

    package mutating func appendLiteral(_ literal: String) { text += literal }

    /// Text from anywhere, on one line.
    package mutating func appendInterpolation(_ other: String) { text += ShownText.safe(other) }

    /// Text from anywhere, whose further lines stand after a bar.
    package mutating func appendInterpolation(lines other: String) { text += ShownText.barred(other) }

    package mutating func appendInterpolation(_ number: Int) { text += String(number) }

    package mutating func appendInterpolation(_ other: ShownText) { text += other.text }
  }

  package init(stringInterpolation: StringInterpolation) { self.init(trusted: stringInterpolation.text) }

  package init(stringLiteral: String) { self.init(trusted: stringLiteral) }
}

extension ShownText {
  /// Text from anywhere over as many lines as it has, for what is nothing but such text.
  package init(lines text: String) {
    self.init(trusted: ShownText.lines(of: text).joined(separator: "\n"))
  }

  /// The same in lines of so many columns; what a line has too many goes below it, as far to the right as this says.
  ///
  /// Where the width is not known, or hardly anything would fit, lines stay as they are.
  func wrapped(columns: Int?, indent: Int) -> ShownText {
    guard let columns, columns >= 2 * indent + 20 else { return self }
    let lines = ByteText.pieces(of: text, around: "\n").flatMap {
      WrappedText($0, columns: columns, indent: indent).lines
    }
    var wrapped = self
    wrapped.text = lines.joined(separator: "\n")
    return wrapped
  }

  private static func barred(_ text: String) -> String { lines(of: text).joined(separator: "\n  | ") }

  private static func lines(of text: String) -> [String] {
    let unix = ByteText.pieces(of: text, around: "\r\n").joined(separator: "\n")
    return ByteText.pieces(of: unix, around: "\n").map { line in
      safe(ByteText.pieces(of: line, around: "\t").joined(separator: " "))
    }
  }

  /// A value for machines, on one line: JSON in which everything a terminal would obey is escaped.
  init(json value: Value) {
    let value = ShownText.mapped(value) { ShownText.withoutSecrets(FilePath.shown($0)) }
    let text = String(decoding: JSONWriter.compact(value, spaced: true), as: UTF8.self)
    // Outside of its texts JSON has no character that could be one of these.
    let visible = text.unicodeScalars.contains(where: VisibleText.hides) ? ShownText.escaped(text) : text
    self.init(trusted: VisibleText.withoutMarks(visible, spelling: "\\u0023"))
  }

  private static func escaped(_ json: String) -> String {
    json.unicodeScalars.reduce(into: "") { result, scalar in
      guard VisibleText.hides(scalar) else { return result.unicodeScalars.append(scalar) }
      for unit in UTF16.encode(scalar) ?? UTF16.encodedReplacementCharacter {
        let digits = String(unit, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits
      }
    }
  }

  /// The value with something done to each of its texts.
  private static func mapped(_ value: Value, _ change: (String) -> String) -> Value {
    switch value {
    case .null, .bool, .number: value
    case .string(let text): .string(change(text))
    case .array(let values): .array(values.map { mapped($0, change) })
    case .object(let members):
      .object(members.map { Value.Member(key: change($0.key), value: mapped($0.value, change)) })
    }
  }

  /// A command to the CI system that reads the log; all of it but its name comes from anywhere, and is escaped as such
  /// commands are.
  init(command name: String, properties: [(key: String, value: String)], message: String) {
    let list = properties.map { "\($0.key)=\(ShownText.escaped($0.value, alsoIn: [":": "%3A", ",": "%2C"]))" }
    self.init(trusted: "::\(name) \(list.joined(separator: ","))::\(ShownText.escaped(message, alsoIn: [:]))")
    isCommand = true
  }

  private static func escaped(_ text: String, alsoIn others: [Unicode.Scalar: String]) -> String {
    safe(text, keeping: ["\n"]).unicodeScalars.map { scalar in
      switch scalar {
      case "%": "%25"
      case "\n": "%0A"
      default: others[scalar] ?? String(scalar)
      }
    }.joined()
  }
}

extension FileDescriptor {
  /// Shows a text at once; where nobody is left to read it, nobody is left to tell.
  package func show(_ text: ShownText) { try? write(Array("\(text.line)\n".utf8)) }
}
