internal import ManifestText

/// Text as a POSIX shell spells it.
enum ShellText {
  /// One word of a command: bare where that is safe, else in single quotes.
  static func word(_ text: String) -> String {
    let isBare = !text.isEmpty && text.unicodeScalars.allSatisfy(isPlain)
    return isBare ? text : "'" + ByteText.pieces(of: text, around: "'").joined(separator: "'\\''") + "'"
  }

  private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "a"..."z", "A"..."Z", "0"..."9", "/", ".", "-", "_": true
    default: false
    }
  }
}
