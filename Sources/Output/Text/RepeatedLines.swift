internal import ManifestText

/// Texts that are alike line by line, as what is injected into one pod after the other, whose lines are held once.
///
/// A text is compared with the first that had as many lines; where a line differs, as one with a name in it does, it is
/// copied.
struct RepeatedLines: Sendable {
  private struct Model {
    let text: [UInt8]
    /// Its number among the sources of the spans.
    let number: Int32
    let lines: [Range<Int>]
  }

  /// More than these would be different texts rather than variants of a few.
  private static let limit = 64
  /// Fewer bytes take no more room as a copy than as a span.
  private static let leastShared = 64

  private var models: [Int: Model] = [:]

  /// Adds a text to the spans of a larger one.
  mutating func append(_ text: [UInt8], to spans: inout TextSpans) {
    let lines = Self.lines(of: text)
    guard let model = models[lines.count] else { return learn(text, lines, &spans) }
    var index = 0
    while index < lines.count {
      let isSame = Self.isSame(lines[index], of: text, model, index)
      let first = index
      repeat { index += 1 } while index < lines.count && Self.isSame(lines[index], of: text, model, index) == isSame
      let shared = model.lines[first].lowerBound..<model.lines[index - 1].upperBound
      if isSame, shared.count >= Self.leastShared {
        spans.append(shared, ofSource: model.number)
      } else {
        spans.append(text[lines[first].lowerBound..<lines[index - 1].upperBound])
      }
    }
  }

  private mutating func learn(_ text: [UInt8], _ lines: [Range<Int>], _ spans: inout TextSpans) {
    guard text.count >= Self.leastShared, models.count < Self.limit else { return spans.append(text[...]) }
    let number = spans.adopt(text)
    models[lines.count] = Model(text: text, number: number, lines: lines)
    spans.append(text.indices, ofSource: number)
  }

  private static func isSame(_ line: Range<Int>, of text: [UInt8], _ model: Model, _ index: Int) -> Bool {
    let other = model.lines[index]
    return line.count == other.count
      && ByteText.isEqual(text, from: line.lowerBound, model.text, from: other.lowerBound, count: line.count)
  }

  private static func lines(of text: [UInt8]) -> [Range<Int>] {
    var lines: [Range<Int>] = []
    var start = 0
    while start < text.count {
      let end = ByteText.firstIndex(of: ASCII.lineFeed, in: text, start..<text.count).map { $0 + 1 } ?? text.count
      lines.append(start..<end)
      start = end
    }
    return lines
  }
}
