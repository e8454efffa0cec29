internal import ManifestText

/// Text in lines that fit a width, broken between words only.
///
/// What a reader copies stays in one piece, even where that makes a line too long, as a terminal gives back what it
/// broke itself in one piece too: what stands in backticks or quotes, commands, options with their values, keys with
/// theirs. A path or an address is one word.
package struct WrappedText {
  /// What each line says, the second and later ones after their indentation.
  package private(set) var lines: [String] = []

  /// Breaks a text into lines of so many columns; it begins in one column, its later lines in another.
  package init(_ text: String, columns: Int, from start: Int = 0, indent: Int = 0) {
    let blank = String(text.prefix { $0 == " " })
    var line = blank
    var width = start + blank.utf8.count
    var isEmpty = true
    for piece in CopiedPieces.of(String(text.dropFirst(blank.count))) {
      let next = CopiedPieces.columns(of: piece)
      if !isEmpty, width + 1 + next > columns {
        lines.append(line)
        line = String(repeating: " ", count: indent) + piece
        width = indent + next
      } else {
        line += isEmpty ? piece : " \(piece)"
        width += next + (isEmpty ? 0 : 1)
      }
      isEmpty = false
    }
    lines.append(line)
  }
}

/// The words of a text, with those together that are copied together.
private enum CopiedPieces {
  /// The programs that messages give commands for.
  private static let programs = ["kubectl", "kubectl-vault-inject", "helm", "vault", "iconv", "chmod", "git"]

  /// A quotation or a command of more words is not looked for.
  private static let longest = 20

  static func of(_ text: String) -> [String] {
    let words = ByteText.pieces(of: text, around: " ")
    var pieces: [String] = []
    var index = 0
    while index < words.count {
      let end = self.end(of: words, from: index)
      pieces.append(words[index..<end].joined(separator: " "))
      index = end
    }
    return pieces
  }

  /// How many columns a piece takes; what sets a colour takes none.
  static func columns(of piece: String) -> Int {
    let parts = ByteText.pieces(of: piece, around: "\u{1B}[")
    return TerminalWidth.columns(of: parts[0])
      + parts.dropFirst().reduce(0) { $0 + TerminalWidth.columns(of: $1.drop { $0 != "m" }.dropFirst()) }
  }

  /// Where the piece ends that begins with a word.
  private static func end(of words: [String], from start: Int) -> Int {
    let word = words[start]
    for quote in ["`", "'", "\""] where opens(word, quote) {
      return words[start...].prefix(longest).firstIndex { closes($0, quote) }.map { $0 + 1 } ?? start + 1
    }
    if programs.contains(word) { return endOfCommand(words, from: start) }
    let takesValue = word.hasPrefix("-") || word.hasSuffix(":") && isArgument(word)
    return takesValue && start + 1 < words.count && isValue(words[start + 1]) ? start + 2 : start + 1
  }

  /// Where a command ends: with its clause where a colon announces it, else with the last word that looks like a part
  /// of one.
  private static func endOfCommand(_ words: [String], from start: Int) -> Int {
    let limit = min(words.count, start + longest)
    let clause = words[start..<limit].firstIndex(where: endsClause) ?? limit - 1
    if start > 0, words[start - 1].hasSuffix(":") { return clause + 1 }
    var end = start
    while let next = words[end...clause].dropFirst().prefix(3).firstIndex(where: isArgument) { end = next }
    return end + 1
  }

  /// Whether a quotation begins with this word and goes on after it.
  private static func opens(_ word: String, _ quote: String) -> Bool {
    let bare = word.drop { $0 == "(" }
    return bare.hasPrefix(quote) && ByteText.pieces(of: word, around: quote).count.isMultiple(of: 2)
  }

  /// Whether a quotation ends with this word.
  private static func closes(_ word: String, _ quote: String) -> Bool {
    !opens(word, quote) && ByteText.pieces(of: word, around: quote).count.isMultiple(of: 2)
  }

  private static func endsClause(_ word: String) -> Bool { word.hasSuffix(";") || word.hasSuffix(",") }

  /// Whether a word looks like a part of a command, or like a key: it holds more than letters.
  private static func isArgument(_ word: String) -> Bool {
    word.utf8.dropLast().contains { "-/=.<".utf8.contains($0) } || isPlaceholder(word)
  }

  private static func isValue(_ word: String) -> Bool {
    isPlaceholder(word) || word.hasPrefix("\"") || word.utf8.contains(UInt8(ascii: "="))
  }

  /// Whether a word stands for something else, such as FILE.
  private static func isPlaceholder(_ word: String) -> Bool {
    word.utf8.count > 1 && word.utf8.allSatisfy { ASCII.uppercased($0) == $0 && ASCII.lowercased($0) != $0 }
  }
}
