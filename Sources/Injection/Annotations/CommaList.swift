internal import ManifestText

/// A list with commas, in which spaces count.
struct CommaList {
  private let text: String

  init(_ text: String) { self.text = text }

  /// The list without spaces around its commas and ends.
  var compact: String {
    let parts = text.utf8.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
    return parts.map { part in
      let head = part.drop(while: ASCII.isWhite)
      let end = head.lastIndex { !ASCII.isWhite($0) }.map { head.index(after: $0) } ?? head.endIndex
      return String(decoding: head[..<end], as: UTF8.self)
    }.joined(separator: ",")
  }
}
