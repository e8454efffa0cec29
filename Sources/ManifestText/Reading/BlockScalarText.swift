/// Where the content of a block scalar ends: libyaml's mark is after the blank lines that follow it.
struct BlockScalarText {
  /// After the last line of content, its line ending left out; where blank lines are kept, after those.
  let end: Int
  /// True where kubectl gives the text one more line feed, because the document ends in the middle of a line of it.
  let lacksLineEnding: Bool

  /// Looks at a scalar as libyaml marks it, inside of a collection at this column; nil for none.
  init(_ record: NodeRecord, in lines: LineBreaks, parentColumn: Int?) {
    let header = BlockScalarHeader(at: Int(record.contentStart), in: lines)
    let last = lines.range.upperBound
    // A line feed that follows one of the wide line breaks makes a blank line of its own.
    let isCutOff = header.end < last && !ASCII.isBreak(lines.bytes[last - 1])
    if header.chomping == ASCII.plus {
      // White space that the document ends in is one of the blank lines.
      lacksLineEnding = isCutOff && lines.bytes[Int(record.end)..<last].allSatisfy { $0 == ASCII.space }
      end = lacksLineEnding ? last : Int(record.end)
    } else {
      lacksLineEnding = isCutOff && Int(record.end) == last && header.chomping == nil && lines.length(before: last) == 0
      end = header.lastContent(before: Int(record.end), in: lines, parentColumn)
    }
  }
}

/// The line a block scalar begins with: `|2-`.
struct BlockScalarHeader {
  /// `+`, `-`, or neither.
  var chomping: UInt8?
  /// How far the text is indented against what is around it, where that is told.
  var indentation: Int?
  /// The header's line break.
  var end: Int

  init(at start: Int, in lines: LineBreaks) {
    end = lines.lineBreak(after: start)
    for byte in lines.bytes[start + 1..<end].prefix(2) {
      if byte == ASCII.plus || byte == ASCII.dash { chomping = byte }
      if ASCII.isDigit(byte) { indentation = Int(byte - UInt8(ascii: "0")) }
      if ASCII.isBlank(byte) { break }
    }
  }

  /// After the last line that holds more than its indentation; the header's end where none does.
  func lastContent(before end: Int, in lines: LineBreaks, _ parentColumn: Int?) -> Int {
    let bytes = lines.bytes
    var last = end
    var isBlankLineDeep = false
    while last > self.end {
      if ASCII.isBlank(bytes[last - 1]) {
        isBlankLineDeep = true
        last -= 1
      } else {
        let length = lines.length(before: last)
        guard length > 0 else { break }
        last -= length
      }
    }
    guard isBlankLineDeep, last < end else { return last }
    return lastDeepLine(after: last, before: end, in: lines, column(in: lines, before: end, parentColumn))
  }

  /// After the last of the lines of white space that are longer than the text's indentation.
  private func lastDeepLine(after start: Int, before end: Int, in lines: LineBreaks, _ column: Int) -> Int {
    var last = start
    var index = start
    while index < end {
      let lineEnd = min(lines.lineBreak(after: index), end)
      // What is after the last line that shows is no line of its own.
      let isDeep = lines.lineStart(of: index) == index && index > self.end && lineEnd - index > column
      if isDeep { last = lineEnd }
      index = lineEnd + max(lines.length(at: lineEnd), 1)
    }
    return last
  }

  /// The column of the text: told by the header or else, as libyaml has it, by the first line that is not blank.
  func column(in lines: LineBreaks, before end: Int, _ parentColumn: Int?) -> Int {
    if let indentation { return (parentColumn ?? 0) + indentation }
    var deepest = (parentColumn ?? -1) + 1
    var index = self.end + lines.length(at: self.end)
    while index < end {
      let spaces = lines.bytes[index..<end].prefix { $0 == ASCII.space }.count
      deepest = max(deepest, spaces)
      index += spaces
      let length = lines.length(at: index)
      guard length > 0 else { break }
      index += length
    }
    return max(deepest, 1)
  }
}
