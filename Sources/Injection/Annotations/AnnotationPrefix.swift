internal import ManifestText

/// What stands before the slash in a dialect's annotations, and what a person may have written in its place.
///
/// One idea of what is near to it serves keys that were read and text that was not.
final class AnnotationPrefix: Sendable {
  /// How many letters a misspelt prefix may be longer or shorter.
  private static let reach = 3

  private let text: String
  private let bytes: [UInt8]
  private let first: UInt8
  /// The prefix in small letters, with dashes for what is no letter or digit.
  private let dashed: [UInt8]
  /// The domains it belongs to: `vault.talend.org` and `talend.org` of `sidecar.vault.talend.org`.
  private let domains: [[UInt8]]
  /// Whether a byte, if a letter a small one, is a letter or sign of the prefix.
  private let letters: [Bool]
  /// The longest word in it, which stands in it too where its dots are something else.
  private let word: (pattern: TextPattern, offset: Int)

  /// A prefix; nil for a text without a dot or without a word, which cannot be told from anybody else's.
  init?(_ text: String) {
    let bytes = Array(text.utf8)
    let dashed = bytes.map(AnnotationPrefix.dash)
    let words = dashed.split(separator: ASCII.dash)
    guard let first = bytes.first, text.contains("."), let longest = words.max(by: { $0.count < $1.count }) else {
      return nil
    }
    self.text = text
    (self.bytes, self.first) = (bytes, first)
    self.dashed = dashed
    letters = bytes.reduce(into: Array(repeating: false, count: 256)) { $0[Int(ASCII.lowercased($1))] = true }
    domains = bytes.indices.filter { bytes[$0] == ASCII.dot }.map { Array(bytes[($0 + 1)...]) }
      .filter { $0.contains(ASCII.dot) }
    word = (TextPattern(String(decoding: longest, as: UTF8.self), ignoringCase: true), longest.startIndex)
  }

  /// The byte in lower case where it is a letter or a digit, and a dash for everything else.
  private static func dash(_ byte: UInt8) -> UInt8 {
    ASCII.isLetter(byte) || ASCII.isDigit(byte) ? ASCII.lowercased(byte) : ASCII.dash
  }

  // MARK: Keys

  /// What stands in a key after the prefix, which is misspelt or joined by something else than a slash; nil where the
  /// key begins with nothing near to it.
  func name(in key: String) -> String? {
    let key = Array(key.utf8)
    if let slash = ByteText.firstIndex(of: UInt8(ascii: "/"), in: key, key.indices) {
      return isNear(key[..<slash]) ? String(decoding: key[(slash + 1)...], as: UTF8.self) : nil
    }
    return isJoined(at: 0, in: key[...]) ? String(decoding: key[(bytes.count + 1)...], as: UTF8.self) : nil
  }

  /// True for what stands before a slash and is meant for the prefix.
  private func isNear(_ found: ArraySlice<UInt8>) -> Bool {
    if belongs(found) || domains.contains(where: { ByteText.isEqual(found, $0[...]) }) { return true }
    // Most keys of others are told apart by their length or first letter, which costs nothing.
    guard abs(found.count - bytes.count) <= AnnotationPrefix.reach, let first = found.first, isFirstLetter(first) else {
      return false
    }
    // Each sign that the prefix has not is one difference.
    guard found.reduce(0, { letters[Int(ASCII.lowercased($1))] ? $0 : $0 + 1 }) <= AnnotationPrefix.reach else {
      return false
    }
    return NearestName.nearest(to: String(decoding: found, as: UTF8.self), among: [text]) != nil
  }

  /// True for a domain below the prefix.
  private func belongs(_ found: ArraySlice<UInt8>) -> Bool {
    found.count > bytes.count && ByteText.isEqual(found.suffix(bytes.count), bytes[...])
      && found[found.endIndex - bytes.count - 1] == ASCII.dot
  }

  private func isFirstLetter(_ byte: UInt8) -> Bool { byte | 0x20 == first }

  /// True where the prefix stands at an index with other signs for its dots, and yet another before a name.
  private func isJoined(at index: Int, in text: ArraySlice<UInt8>) -> Bool {
    let end = index + bytes.count
    guard index >= text.startIndex, end + 1 < text.endIndex, AnnotationPrefix.dash(text[end]) == ASCII.dash else {
      return false
    }
    return text[index..<end].lazy.map(AnnotationPrefix.dash).elementsEqual(dashed)
  }

  // MARK: Text that was not read

  /// True where what stands before a slash could be the prefix, well spelt or not.
  func mayStand(before slash: Int, in text: [UInt8], from start: Int) -> Bool {
    if ends(bytes, before: slash, in: text, from: start) { return true }
    for index in domains.indices where ends(domains[index], before: slash, in: text, from: start, atBoundary: true) {
      return true
    }
    var first = max(start, slash - bytes.count - AnnotationPrefix.reach)
    let last = slash - max(1, bytes.count - AnnotationPrefix.reach)
    while first <= last {
      if isFirstLetter(text[first]), isBoundary(first, in: text, from: start), isNear(text[first..<slash]) {
        return true
      }
      first += 1
    }
    return false
  }

  /// True where a name could be joined to the prefix by something else than a slash.
  func mayBeJoined(in text: [UInt8], _ range: Range<Int>) -> Bool {
    var start = range.lowerBound
    while let found = word.pattern.firstIndex(in: text, start..<range.upperBound) {
      if isJoined(at: found - word.offset, in: text[range]) { return true }
      start = found + 1
    }
    return false
  }

  private func ends(
    _ end: [UInt8], before slash: Int, in text: [UInt8], from start: Int, atBoundary: Bool = false
  ) -> Bool {
    let first = slash - end.count
    guard first >= start, text[first] == end[0], ByteText.isEqual(text[first..<slash], end[...]) else { return false }
    return !atBoundary || isBoundary(first, in: text, from: start)
  }

  /// True where a key may begin: after white space, a quote, what opens a map, a comma, or a sign beyond ASCII.
  private func isBoundary(_ index: Int, in text: [UInt8], from start: Int) -> Bool {
    guard index > start else { return true }
    return switch text[index - 1] {
    case 0...ASCII.space, ASCII.doubleQuote, ASCII.singleQuote, ASCII.comma, ASCII.openBrace, ASCII.openBracket,
      0x80...:
      true
    default: false
    }
  }
}
