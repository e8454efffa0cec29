internal import Output

/// Puts between outputs what keeps their documents apart.
struct DocumentSeparator {
  /// False where the outputs are lines of their own.
  let isNeeded: Bool
  private var last: StreamEnding?

  init(isNeeded: Bool) { self.isNeeded = isNeeded }

  /// What has to be written before an output; a byte order mark in it means nothing after others, and goes.
  mutating func separate(_ output: inout OutputBuffer, isJSON: Bool) -> OutputBuffer {
    var between = OutputBuffer()
    guard isNeeded, !output.isEmpty else { return between }
    let ending = StreamEnding(output, isJSON: isJSON, after: last)
    if let last {
      between.append(last.separator(before: output.opening, isJSON: isJSON))
      output.dropByteOrderMark()
    }
    last = ending
    return between
  }
}
