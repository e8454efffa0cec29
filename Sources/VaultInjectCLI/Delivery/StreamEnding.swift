internal import ManifestText

/// How a text of documents ends, which decides what has to stand between it and a text that follows.
///
/// Both texts keep their bytes, and each document in them means what it would mean alone.
struct StreamEnding {
  private let isInLine: Bool
  private let newline: String
  private let isBlank: Bool
  /// True where all of the text is JSON, which needs no markers.
  private let isJSON: Bool

  /// The end of an output, behind another one that was written before it.
  init(_ output: OutputBuffer, isJSON: Bool, behind before: StreamEnding? = nil) {
    isInLine = output.lastByte.map { !ASCII.isBreak($0) } ?? false
    isBlank = output.isBlank && before?.isBlank ?? true
    self.isJSON = isJSON && before?.isJSON ?? true
    newline = self.isJSON ? "\n" : output.newline
  }

  /// What has to be written before a text that begins so.
  ///
  /// Blank lines and comments before a document's own marker would belong to the text before it: to a block scalar that
  /// keeps its last line breaks, for one. A directive may stand only where a document has been ended.
  func separator(before opening: StreamOpening, isJSON: Bool) -> String {
    let lineEnd = isInLine ? newline : ""
    if isBlank || self.isJSON && isJSON { return lineEnd }
    return switch opening {
    case .marker: lineEnd
    case .prologue: "\(lineEnd)...\(newline)"
    case .blank, .content: "\(lineEnd)---\(newline)"
    }
  }
}
