internal import ManifestText

/// A spelling that is lost when what was injected is taken out again: a trailing comma, an alias that had to be
/// written out, braces that had to be added.
///
/// It is found by the text in front of it, in the pod or, where it stands elsewhere, in the document; and it is put
/// back only where it is found once and what the document means stays the same.
struct SpellingRepair: Equatable, Sendable {
  /// The text in front of the place, as long as it has to be to be found once.
  let context: [UInt8]
  /// How many bytes after it go.
  let length: Int
  /// The digest of those bytes.
  let digest: RecordedDigest
  /// The text that comes.
  let text: [UInt8]
  /// True where the whole document is searched rather than the pod.
  let isAnywhere: Bool
}

extension SpellingRepair {
  /// How many bytes are searched for the places of repairs, in all: a document that takes more has its former text
  /// kept as a whole.
  static let mostSearched = 16_000_000

  /// The repair as an edit; nil where the place cannot be found, or more than one could be meant.
  func edit(in bytes: [UInt8], _ range: Range<Int>) -> TextEdit? {
    var found: TextEdit?
    var start = range.lowerBound
    while let place = ByteText.firstIndex(of: context, in: bytes, start..<range.upperBound) {
      let end = place + context.count
      start = place + 1
      guard length <= range.upperBound - end, RecordedDigest(bytes: bytes[end..<end + length]) == digest else {
        continue
      }
      guard found == nil else { return nil }
      found = TextEdit(end..<end + length, text)
    }
    return found
  }

  /// The repair that gives back a former text; nil where no text in front of the place tells it apart.
  init?(_ text: [UInt8], in place: Range<Int>, of bytes: [UInt8], scope: Range<Int>, isAnywhere: Bool) {
    let digest = RecordedDigest(bytes: bytes[place])
    var length = 8
    var start = place.lowerBound
    while start > scope.lowerBound {
      start = max(scope.lowerBound, place.lowerBound - length)
      while start > scope.lowerBound, bytes[start] & 0xC0 == 0x80 { start -= 1 }
      length *= 2
      let repair = SpellingRepair(
        context: Array(bytes[start..<place.lowerBound]), length: place.count, digest: digest, text: text,
        isAnywhere: isAnywhere)
      if repair.edit(in: bytes, scope) == TextEdit(place, text) {
        self = repair
        return
      }
    }
    return nil
  }
}

extension SpellingRepair {
  var value: Value {
    var value: Value = [
      "after": .string(String(decoding: context, as: UTF8.self)), "put": .string(String(decoding: text, as: UTF8.self)),
    ]
    if length > 0 {
      value["drop"] = .number(String(length))
      value["was"] = Value(digest)
    }
    if isAnywhere { value["anywhere"] = true }
    return value
  }

  init?(_ value: Value) {
    guard let context = value["after"]?.string, let text = value["put"]?.string else { return nil }
    guard let length = value["drop"].map(\.recordedCount) ?? 0 else { return nil }
    guard let digest = length > 0 ? RecordedDigest(value["was"]) : RecordedDigest(bytes: []) else { return nil }
    self.init(
      context: Array(context.utf8), length: length, digest: digest, text: Array(text.utf8),
      isAnywhere: value["anywhere"] == true)
  }
}

/// The text a document had, as a difference from what undoing by all other means gives.
struct FormerDocument: Equatable, Sendable {
  /// How many bytes at the start stay.
  let head: Int
  /// How many bytes at the end stay.
  let tail: Int
  /// What stood between them.
  let text: [UInt8]
  /// The digest of the text this is a difference from.
  let digest: RecordedDigest

  /// The difference of two texts.
  init(from bytes: ArraySlice<UInt8>, to former: ArraySlice<UInt8>) {
    head = zip(bytes, former).prefix { $0 == $1 }.count
    let left = min(bytes.count, former.count) - head
    tail = zip(bytes.reversed(), former.reversed()).prefix(left).prefix { $0 == $1 }.count
    text = Array(former.dropFirst(head).dropLast(tail))
    digest = RecordedDigest(bytes: bytes)
  }

  /// The difference as an edit of a document; nil where the document has other text than expected.
  func edit(in bytes: [UInt8], _ range: Range<Int>) -> TextEdit? {
    guard head <= range.count, tail <= range.count - head, RecordedDigest(bytes: bytes[range]) == digest else {
      return nil
    }
    return TextEdit(range.lowerBound + head..<range.upperBound - tail, text)
  }

  var value: Value {
    [
      "head": .number(String(head)), "tail": .number(String(tail)),
      "put": .string(String(decoding: text, as: UTF8.self)), "of": Value(digest),
    ]
  }

  init?(_ value: Value) {
    guard let head = value["head"]?.recordedCount, let tail = value["tail"]?.recordedCount,
      let text = value["put"]?.string, let digest = RecordedDigest(value["of"])
    else { return nil }
    (self.head, self.tail, self.text, self.digest) = (head, tail, Array(text.utf8), digest)
  }
}
