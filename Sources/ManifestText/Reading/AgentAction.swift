/// Tells the actions of Vault's agent, whose templates are values of a manifest, from those of programs that write it.
package enum AgentAction {
  /// What the agent asks Vault by.
  private static let functions = ["secret", "secrets", "writeSecret", "pkiCert"].map { Array($0.utf8) }
  /// What begins a field of what Vault answers.
  private static let data = Array(".Data.".utf8)
  private static let (opening, closing, comment) = (Array("{{".utf8), Array("}}".utf8), Array("/*".utf8))
  /// What stands around words; no word of what is in quotes counts.
  private static let (gaps, quotes) = (Array(" \t()|".utf8), Array("\"'`".utf8))

  /// True where the braces at an offset begin such an action.
  static func stands(at offset: Int, of bytes: [UInt8]) -> Bool {
    let lineEnd = bytes[offset...].firstIndex(where: ASCII.isBreak) ?? bytes.endIndex
    let end = ByteText.firstIndex(of: closing, in: bytes, offset..<lineEnd) ?? lineEnd
    return isOne(bytes[offset..<end])
  }

  /// True where a line holds such an action.
  package static func isHeld(in line: [UInt8]) -> Bool {
    var position = 0
    while let start = ByteText.firstIndex(of: opening, in: line, position..<line.count) {
      let end = ByteText.firstIndex(of: closing, in: line, start..<line.count) ?? line.count
      if isOne(line[start..<end]) { return true }
      position = min(end + closing.count, line.count)
    }
    return false
  }

  /// True for an action without the braces that end it.
  private static func isOne(_ action: ArraySlice<UInt8>) -> Bool {
    let inner = action.drop { $0 == ASCII.openBrace || $0 == ASCII.dash || ASCII.isBlank($0) }
    if inner.starts(with: comment) { return false }
    let words = inner.prefix { !quotes.contains($0) }.split(whereSeparator: gaps.contains)
    return words.contains { word in word.starts(with: data) || functions.contains(where: word.elementsEqual) }
  }
}
