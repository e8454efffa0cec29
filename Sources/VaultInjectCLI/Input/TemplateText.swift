internal import ManifestText
internal import Platform

/// What tells that a file is a template of a Helm chart.
enum HelmTemplateFile {
  /// True for a file in a chart's folder of templates, at any depth.
  static func isNamed(by path: String) -> Bool {
    var folder = path[...]
    while let slash = folder.lastIndex(of: "/") {
      folder = folder[..<slash]
      guard folder == "templates" || folder.hasSuffix("/templates") else { continue }
      if (try? FileStatus(of: folder.dropLast("templates".count) + HelmChart.fileName)) != nil { return true }
    }
    return false
  }

  private static let (opening, closing) = (Array("{{".utf8), Array("}}".utf8))

  /// What stands in the actions of Helm's templates, and not in those of Vault's.
  private static let words = [
    ".Values", ".Release", ".Chart", ".Capabilities", ".Files", ".Template", "include", "tpl", "toYaml", "lookup",
  ].map { Array($0.utf8) }

  /// True where `{{ … }}` outside of comments holds a word that only Helm knows.
  static func holdsAction(_ range: Range<Int>, of source: SourceText) -> Bool {
    let bytes = source.bytes
    var position = range.lowerBound
    var comments = CommentReader(bytes, from: position)
    while var start = ByteText.firstIndex(of: opening, in: bytes, position..<range.upperBound),
      let end = ByteText.firstIndex(of: closing, in: bytes, start..<range.upperBound)
    {
      position = end
      // One that is opened and not closed is no action.
      while let inner = ByteText.firstIndex(of: opening, in: bytes, start + 1..<end) { start = inner }
      if !comments.isInComment(start), holdsWord(bytes[start..<end]) { return true }
    }
    return false
  }

  /// True where an action has one of the words for a name: neither in quotes nor as a part of something else, such as
  /// `.Data.Values`.
  private static func holdsWord(_ action: ArraySlice<UInt8>) -> Bool {
    var quote: UInt8?
    let unquoted = action.map { byte in
      if byte == quote { quote = nil } else if quote == nil, byte == doubleQuote || byte == backtick { quote = byte }
      return quote == nil ? byte : ASCII.space
    }
    return unquoted.split { !isNameByte($0) }.contains(where: isWord)
  }

  private static let (doubleQuote, backtick) = (ASCII.doubleQuote, UInt8(ascii: "`"))

  /// True for a word by itself, for a member of what it names, and for either of what `$` is.
  private static func isWord(_ name: ArraySlice<UInt8>) -> Bool {
    let name = name.starts(with: Array("$.".utf8)) ? name.dropFirst() : name
    return words.contains { word in
      name.starts(with: word) && (name.count == word.count || name.dropFirst(word.count).first == ASCII.dot)
    }
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    ASCII.isLetter(byte) || ASCII.isDigit(byte) || [ASCII.dot, UInt8(ascii: "$"), UInt8(ascii: "_")].contains(byte)
  }
}

/// Tells for one place after the other whether it is in a comment, and looks at no byte twice.
///
/// A line with quotes before its `#` is taken to have no comment.
private struct CommentReader {
  private enum Line { case begun, quoted, comment }

  private let bytes: [UInt8]
  private var position: Int
  private var line = Line.begun
  private var isAfterBlank = true

  init(_ bytes: [UInt8], from start: Int) { (self.bytes, position) = (bytes, start) }

  /// True where a comment begins before a place, on its line; places are asked about in order.
  mutating func isInComment(_ place: Int) -> Bool {
    while position < place {
      read(bytes[position])
      position += 1
    }
    return line == .comment
  }

  private mutating func read(_ byte: UInt8) {
    if ASCII.isBreak(byte) {
      line = .begun
    } else if line == .begun {
      if byte == ASCII.hash, isAfterBlank { line = .comment }
      if byte == ASCII.doubleQuote || byte == ASCII.singleQuote { line = .quoted }
    }
    isAfterBlank = ASCII.isWhite(byte)
  }
}

/// A text that another program has yet to fill in, and that cannot be read before.
enum UnfilledTemplate {
  private static let marks = [("{{", "}}"), ("{%", "%}")].map { (Array($0.0.utf8), Array($0.1.utf8)) }

  /// True where nothing but actions such as `{{ … }}` and `{% … %}` keeps a document from being read.
  static func isHeld(in piece: DocumentStream.Piece, of source: SourceText) -> Bool {
    let bytes = Array(source.bytes[piece.range])
    let filled = SourceText(
      name: source.name,
      bytes: bytes.split(separator: ASCII.lineFeed, omittingEmptySubsequences: false)
        .map(filled).joined(separator: [ASCII.lineFeed]).map(\.self))
    guard filled.bytes != bytes, let pieces = try? DocumentStream(filled) else { return false }
    return pieces.allSatisfy { (try? Document($0, of: filled)) != nil }
  }

  /// A line with a word in place of each of its actions, and with nothing where it holds nothing else.
  private static func filled(_ line: ArraySlice<UInt8>) -> [UInt8] {
    let line = Array(line)
    // Those of Vault's agent are values of a manifest, which can be read as it is.
    if AgentAction.isHeld(in: line) { return line }
    let others = marks.reduce(line) { filled($0, $1.0, $1.1, by: []) }
    return others.allSatisfy(ASCII.isWhite) ? [] : marks.reduce(line) { filled($0, $1.0, $1.1, by: Array("x".utf8)) }
  }

  private static func filled(
    _ line: [UInt8], _ opening: [UInt8], _ closing: [UInt8], by word: [UInt8]
  ) -> [UInt8] {
    var (result, position) = ([UInt8](), 0)
    while let start = ByteText.firstIndex(of: opening, in: line, position..<line.count),
      let end = ByteText.firstIndex(of: closing, in: line, start..<line.count)
    {
      result += line[position..<start] + word
      position = end + closing.count
    }
    return result + line[position...]
  }
}
