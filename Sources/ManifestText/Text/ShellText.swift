/// Text as a POSIX shell spells it.
package enum ShellText {
  /// One word of a command: bare where it holds nothing but letters, digits and these signs, else in single quotes.
  package static func word(_ text: String, bare signs: String = "/.-_") -> String {
    let isBare =
      !text.isEmpty && text.utf8.allSatisfy { ASCII.isLetter($0) || ASCII.isDigit($0) || signs.utf8.contains($0) }
    return isBare ? text : "'" + ByteText.pieces(of: text, around: "'").joined(separator: "'\\''") + "'"
  }
}
