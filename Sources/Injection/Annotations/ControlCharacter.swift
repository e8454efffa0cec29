internal import ManifestText

/// A character that ends a line or controls a terminal, where only one line of text makes sense.
struct ControlCharacter: Equatable {
  private let scalar: Unicode.Scalar

  /// The first one in a text; nil where there is none.
  init?(in text: String) {
    // All of them are ASCII, or begin with this byte (U+0080 to U+009F).
    guard text.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F || $0 == 0xC2 }) else { return nil }
    guard let scalar = text.unicodeScalars.first(where: { $0.properties.generalCategory == .control }) else {
      return nil
    }
    self.scalar = scalar
  }

  /// What a person would call it.
  var name: String {
    switch scalar {
    case "\n", "\r": return "a line break"
    case "\t": return "a tab"
    default:
      let digits = String(scalar.value, radix: 16, uppercase: true)
      return "the control character U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
  }
}

extension Diagnostic {
  static func controlCharacter(_ found: ControlCharacter, in what: String, range: Range<Int>?) -> Diagnostic {
    Diagnostic(
      rule: .annotationValue, message: "\(what) holds \(found.name), with which the agent could not use it",
      hint: "write it in one line; a block scalar ends with a line break unless it begins with `|-` or `>-`",
      range: range)
  }
}
