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
    /// Where each line ends.
    let ends: [Int]
  }

  /// More than these would be different texts rather than variants of a few.
  private static let limit = 64
  /// Fewer bytes take no more room as a copy than as a span.
  private static let leastShared = 64

  private var models: [Int: Model] = [:]

  /// Adds a text to the spans of a larger one.
  mutating func append(_ text: [UInt8], to spans: inout TextSpans) {
    let ends = ByteText.lineEnds(of: text)
    guard let model = models[ends.count] else { return learn(text, ends, &spans) }
    var (index, start, modelStart) = (0, 0, 0)
    while index < ends.count {
      let (first, modelFirst) = (start, modelStart)
      var isSame = false
      repeat {
        let (end, modelEnd) = (ends[index], model.ends[index])
        let isLineSame =
          end - start == modelEnd - modelStart
          && ByteText.isEqual(text, from: start, model.text, from: modelStart, count: end - start)
        if start > first, isLineSame != isSame { break }
        (isSame, start, modelStart, index) = (isLineSame, end, modelEnd, index + 1)
      } while index < ends.count
      if isSame, start - first >= Self.leastShared {
        spans.append(modelFirst..<modelStart, ofSource: model.number)
      } else {
        spans.append(text[first..<start])
      }
    }
  }

  private mutating func learn(_ text: [UInt8], _ ends: [Int], _ spans: inout TextSpans) {
    guard text.count >= Self.leastShared, models.count < Self.limit else { return spans.append(text[...]) }
    let number = spans.adopt(text)
    models[ends.count] = Model(text: text, number: number, ends: ends)
    spans.append(text.indices, ofSource: number)
  }
}
