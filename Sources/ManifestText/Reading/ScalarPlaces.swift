/// Where each byte of a scalar's text is written in its input: through escapes, folded lines and indentation.
///
/// ```swift
/// let places = ScalarPlaces(of: node, in: document)
/// places.range(of: 4..<7)  // the bytes in the input that the text's bytes 4, 5 and 6 are written with
/// ```
public struct ScalarPlaces: Sendable {
  /// Bytes of the text that are written side by side: as they are, or together with one spelling.
  struct Run: Sendable {
    /// Where it begins in the text.
    let text: Int
    /// Where it begins in the input.
    let input: Int
    /// How many bytes its spelling takes; nil where each byte stands for itself.
    let spelling: Int?
  }

  private let runs: [Run]
  /// The text's length.
  private let count: Int
  /// After the last byte of what the scalar is written with.
  private let end: Int

  /// Compares a scalar's text with what is written; an alias' text is that of what it stands for.
  public init(of node: NodeID, in document: Document) {
    let record = document[document.resolved(node)]
    let text = document.textBytes(of: node)
    count = text.count
    end = Int(record.end)
    guard record.kind == .scalar, record.isDecoded else {
      let start = record.kind == .scalar ? text.startIndex : Int(record.contentStart)
      runs = [Run(text: 0, input: start, spelling: record.kind == .scalar ? nil : 0)]
      return
    }
    var reader = ScalarSpellingReader(record, text: text, in: document)
    // What cannot be told apart stands where the scalar does.
    runs = reader.read() ?? [Run(text: 0, input: Int(record.contentStart), spelling: 0)]
  }

  /// Where a byte of the text is written; for the text's end, after what the last byte is written with.
  public func offset(of place: Int) -> Int {
    guard place < count else { return place == 0 ? runs.first?.input ?? end : self.end(of: count - 1) }
    let run = run(of: place)
    return run.spelling == nil ? run.input + place - run.text : run.input
  }

  /// What some bytes of the text are written with.
  public func range(of range: Range<Int>) -> Range<Int> {
    let start = offset(of: range.lowerBound)
    guard !range.isEmpty else { return start..<start }
    return start..<max(start, end(of: range.upperBound - 1))
  }

  private func end(of place: Int) -> Int {
    let run = run(of: min(place, max(count - 1, 0)))
    return run.spelling.map { run.input + $0 } ?? run.input + place - run.text + 1
  }

  /// The last run that begins at a byte of the text, or before it.
  private func run(of place: Int) -> Run {
    var (low, high) = (0, runs.count)
    while high - low > 1 {
      let middle = (low + high) / 2
      if runs[middle].text <= place { low = middle } else { high = middle }
    }
    return runs[low]
  }
}

/// Reads how a scalar is written, beside what it means.
struct ScalarSpellingReader {
  private let record: NodeRecord
  private let text: ArraySlice<UInt8>
  private let bytes: [UInt8]
  private let lines: LineBreaks
  private let isJSON: Bool
  /// The byte of the text that comes next.
  private var place: Int
  /// The byte of the input that comes next.
  private var index: Int
  private let end: Int
  private var runs: [ScalarPlaces.Run] = []

  init(_ record: NodeRecord, text: ArraySlice<UInt8>, in document: Document) {
    self.record = record
    self.text = text
    bytes = document.source.bytes
    isJSON = document.format == .json
    lines = LineBreaks(bytes: bytes, range: document.range, isYAML: !isJSON)
    place = text.startIndex
    let isQuoted = record.style == .singleQuoted || record.style == .doubleQuoted
    index = Int(record.contentStart) + (isQuoted ? 1 : 0)
    end = Int(record.end) - (isQuoted ? 1 : 0)
  }

  /// The runs; nil where what is written does not give the text.
  mutating func read() -> [ScalarPlaces.Run]? {
    switch record.style {
    case .literal, .folded: return readBlock()
    default: return readFlow() && place == text.endIndex ? runs : nil
    }
  }

  /// Takes bytes that stand for themselves; false where the text has others.
  private mutating func take(_ length: Int) -> Bool {
    guard length > 0 else { return true }
    guard index + length <= bytes.count, place + length <= text.endIndex,
      ByteText.isEqual(text[place..<place + length], bytes[index..<index + length])
    else { return false }
    if let last = runs.last, last.spelling == nil,
      last.input - last.text == index - (place - text.startIndex)
    {
      // It goes on where the last run ends.
    } else {
      runs.append(ScalarPlaces.Run(text: place - text.startIndex, input: index, spelling: nil))
    }
    place += length
    index += length
    return true
  }

  /// Takes bytes of the text that are written with other bytes.
  private mutating func take(_ count: Int, writtenWith length: Int, at start: Int) -> Bool {
    guard place + count <= text.endIndex else { return false }
    if count > 0 {
      runs.append(ScalarPlaces.Run(text: place - text.startIndex, input: start, spelling: length))
    }
    place += count
    return true
  }

  /// What a line break is in a text: itself where it is one of the two beyond ASCII that stay, else a line feed.
  private func meaning(ofBreakAt index: Int) -> [UInt8] {
    lines.length(at: index) == 3 ? Array(bytes[index..<index + 3]) : [ASCII.lineFeed]
  }
}

// Plain and quoted scalars.
extension ScalarSpellingReader {
  private mutating func readFlow() -> Bool {
    while index < end {
      let byte = bytes[index]
      if record.style == .doubleQuoted, byte == ASCII.backslash {
        guard readEscape() else { return false }
      } else if record.style == .singleQuoted, byte == ASCII.singleQuote {
        guard take(1, writtenWith: 2, at: index) else { return false }
        index += 2
      } else if !isJSON, ASCII.isBlank(byte) || lines.length(at: index) > 0 {
        guard readSpace() else { return false }
      } else {
        guard take(1) else { return false }
      }
    }
    return true
  }

  /// Takes white space, and folds the lines in it.
  private mutating func readSpace() -> Bool {
    let start = index
    var next = index
    while next < end, ASCII.isBlank(bytes[next]) { next += 1 }
    guard next < end, lines.length(at: next) > 0 else { return take(next - start) }
    var meanings: [(text: [UInt8], at: Int)] = []
    while next < end {
      let length = lines.length(at: next)
      if length > 0 { meanings.append((meaning(ofBreakAt: next), next)) }
      guard length > 0 || ASCII.isBlank(bytes[next]) else { break }
      next += max(length, 1)
    }
    if meanings[0].text == [ASCII.lineFeed] {
      if meanings.count == 1 { meanings[0].text = [ASCII.space] } else { meanings.removeFirst() }
    }
    index = next
    return meanings.allSatisfy { takeBreak($0.text, at: $0.at) }
  }

  private mutating func takeBreak(_ meaning: [UInt8], at start: Int) -> Bool {
    guard text[place...].starts(with: meaning) else { return false }
    return take(meaning.count, writtenWith: max(lines.length(at: start), 1), at: start)
  }

  private mutating func readEscape() -> Bool {
    let start = index
    guard index + 1 < end else { return false }
    let length = lines.length(at: index + 1)
    if length > 0, !isJSON { return readEscapedBreak(length) }
    let letter = bytes[index + 1]
    guard let digits = ScalarSpellingReader.digits[letter] else {
      index += 2
      return take(ScalarSpellingReader.widths[letter] ?? 1, writtenWith: 2, at: start)
    }
    index += 2 + digits
    guard let value = hexadecimal(before: index, digits) else { return false }
    guard isJSON, UTF16.isLeadSurrogate(UInt16(truncatingIfNeeded: value)) else {
      let width = Unicode.Scalar(value).map(UTF8.width) ?? 3
      return take(width, writtenWith: index - start, at: start)
    }
    return readTrailSurrogate(from: start)
  }

  /// Takes the second half of a character beyond U+FFFF; a first half alone is U+FFFD.
  private mutating func readTrailSurrogate(from start: Int) -> Bool {
    let isPair =
      index + 6 <= end && bytes[index] == ASCII.backslash && bytes[index + 1] == UInt8(ascii: "u")
      && hexadecimal(before: index + 6, 4).map { UTF16.isTrailSurrogate(UInt16(truncatingIfNeeded: $0)) } ?? false
    if isPair { index += 6 }
    return take(isPair ? 4 : 3, writtenWith: index - start, at: start)
  }

  private func hexadecimal(before end: Int, _ digits: Int) -> UInt32? {
    guard end <= bytes.count else { return nil }
    return UInt32(String(decoding: bytes[end - digits..<end], as: UTF8.self), radix: 16)
  }

  /// An escaped line break is nothing; each that follows it is a line feed.
  private mutating func readEscapedBreak(_ length: Int) -> Bool {
    index += 1 + length
    while index < end {
      let length = lines.length(at: index)
      if length > 0, !takeBreak(meaning(ofBreakAt: index), at: index) { return false }
      guard length > 0 || ASCII.isBlank(bytes[index]) else { return true }
      index += max(length, 1)
    }
    return true
  }

  private static let digits = [UInt8(ascii: "x"): 2, UInt8(ascii: "u"): 4, UInt8(ascii: "U"): 8]
  /// How many bytes the characters take that have an escape of one letter and are not ASCII.
  private static let widths = [
    UInt8(ascii: "N"): 2, UInt8(ascii: "_"): 2, UInt8(ascii: "L"): 3, UInt8(ascii: "P"): 3,
  ]
}

// Block scalars.
extension ScalarSpellingReader {
  private mutating func readBlock() -> [ScalarPlaces.Run]? {
    let header = BlockScalarHeader(at: Int(record.contentStart), in: lines)
    let start = header.end + lines.length(at: header.end)
    for indentation in indentations(from: start) {
      (index, place, runs) = (start, text.startIndex, [])
      if readLines(indentation) { return runs }
    }
    return nil
  }

  /// How far the text may be indented, most likely first: as the first line that shows is, less its own spaces.
  private func indentations(from start: Int) -> [Int] {
    var line = start
    let end = lines.range.upperBound
    while line < end {
      let spaces = bytes[line..<end].prefix { $0 == ASCII.space }.count
      let content = line + spaces
      if content < end, lines.length(at: content) == 0 {
        let own = text.drop { $0 == ASCII.lineFeed }.prefix { $0 == ASCII.space }.count
        let likely = max(spaces - own, 0)
        return [likely] + (0...min(spaces, 9)).reversed().filter { $0 != likely }
      }
      line = content + lines.length(at: content)
      if content >= end { break }
    }
    return [0]
  }

  private mutating func readLines(_ indentation: Int) -> Bool {
    // Where the line breaks before the next line of content stand.
    var breaks: [Int] = []
    var hasContent = false
    // The scalar's own end is before white space that its last line ends in.
    let end = lines.range.upperBound
    let last = text.lastIndex { $0 != ASCII.lineFeed }
    while index < end, let last, place <= last {
      var spaces = 0
      while spaces < indentation, index < end, bytes[index] == ASCII.space {
        spaces += 1
        index += 1
      }
      let lineEnd = min(lines.lineBreak(after: index), end)
      if lineEnd > index {
        guard takeBreaks(breaks, isFolded: record.style == .folded && hasContent), take(lineEnd - index) else {
          return false
        }
        hasContent = true
        breaks = []
      }
      index = lineEnd
      guard index < end || lines.length(at: index) > 0 else { break }
      breaks.append(index)
      index += max(lines.length(at: index), 1)
    }
    return takeLast(breaks)
  }

  /// Takes the line breaks between two lines of content.
  private mutating func takeBreaks(_ breaks: [Int], isFolded: Bool) -> Bool {
    guard isFolded, let first = breaks.first else {
      return breaks.allSatisfy { takeBreak(meaning(ofBreakAt: $0), at: $0) }
    }
    if breaks.count == 1, text[place...].first == ASCII.space { return takeBreak([ASCII.space], at: first) }
    // Lines that are indented further keep all their breaks; of others the first one goes.
    let all = breaks.map(meaning).reduce(0) { $0 + $1.count }
    let kept = text[place...].prefix { $0 == ASCII.lineFeed }.count
    let isShort = lines.length(at: first) != 3 && kept < all
    return breaks.dropFirst(isShort ? 1 : 0).allSatisfy { takeBreak(meaning(ofBreakAt: $0), at: $0) }
  }

  /// Takes the line breaks at the end, as far as they are kept; the text may have one that is not written.
  private mutating func takeLast(_ breaks: [Int]) -> Bool {
    for start in breaks where place < text.endIndex {
      guard takeBreak(meaning(ofBreakAt: start), at: start) else { return false }
    }
    while place < text.endIndex {
      while index < lines.range.upperBound, bytes[index] == ASCII.space { index += 1 }
      guard lines.length(at: index) > 0, takeBreak(meaning(ofBreakAt: index), at: index) else { break }
      index += lines.length(at: index)
    }
    guard text[place...].allSatisfy({ $0 == ASCII.lineFeed }) else { return false }
    return take(text.endIndex - place, writtenWith: 0, at: min(index, bytes.count))
  }
}
