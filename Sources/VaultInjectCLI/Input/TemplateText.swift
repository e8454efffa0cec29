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

  private static let opening = Array("{{".utf8)

  /// What stands in the actions of Helm's templates, and not in those of Vault's.
  private static let words = [
    ".Values", ".Release", ".Chart", ".Capabilities", ".Files", ".Template", "include ", "tpl ", "toYaml", "lookup ",
  ]

  /// True where `{{ … }}` holds something that only Helm knows.
  static func holdsAction(_ range: Range<Int>, of source: SourceText) -> Bool {
    guard ByteText.firstIndex(of: opening, in: source.bytes, range) != nil else { return false }
    let text = String(decoding: source.bytes[range], as: UTF8.self)
    return text.split(separator: "{{").dropFirst(text.hasPrefix("{{") ? 0 : 1).contains { part in
      let action = part.firstRange(of: "}}").map { part[..<$0.lowerBound] } ?? part
      return words.contains { action.contains($0) }
    }
  }
}

/// A text that another program has yet to fill in, and that cannot be read before.
enum UnfilledTemplate {
  private static let marks = [("{{", "}}"), ("{%", "%}")].map { (Array($0.0.utf8), Array($0.1.utf8)) }

  /// What stands in the templates of Vault's agent, which are values of a manifest that can be read as it is.
  private static let agentWords = ["secret \"", "secret `", "secret '", ".Data"].map { Array($0.utf8) }

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
    guard !agentWords.contains(where: { ByteText.firstIndex(of: $0, in: line, line.indices) != nil }) else {
      return line
    }
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
