internal import ManifestText
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

/// How a text of documents ends, which decides what has to stand between it and a text that follows.
///
/// Both texts keep their bytes, and each document in them means what it would mean alone.
struct StreamEnding {
  private enum Content { case nothing, comments, documents }

  private let isInLine: Bool
  private let newline: String
  private let content: Content
  /// True where all of the text is JSON, which needs no markers.
  private let isJSON: Bool

  /// The end of an output, after another one that was written before it.
  init(_ output: OutputBuffer, isJSON: Bool, after before: StreamEnding? = nil) {
    isInLine = output.lastByte.map { !ASCII.isBreak($0) } ?? false
    content = StreamEnding.content(after: before?.content ?? .nothing, output.opening)
    self.isJSON = isJSON && before?.isJSON ?? true
    newline = self.isJSON ? "\n" : output.newline
  }

  private static func content(after before: Content, _ opening: StreamOpening) -> Content {
    switch opening {
    case .blank: before
    case .comments: before == .nothing ? .comments : before
    case .marker, .prologue, .content: .documents
    }
  }

  /// What has to be written before a text that begins so.
  ///
  /// Blank lines and comments before a document's own marker would belong to the text before it: to a block scalar that
  /// keeps its last line breaks, for one. A directive may stand only where a document has been ended.
  func separator(before opening: StreamOpening, isJSON: Bool) -> String {
    let lineEnd = isInLine ? newline : ""
    if self.isJSON && isJSON { return lineEnd }
    return switch content {
    case .nothing: lineEnd
    case .comments: lineEnd + separatorAfterComments(before: opening, isJSON: isJSON)
    case .documents: lineEnd + separatorAfterDocuments(before: opening)
    }
  }

  private func separatorAfterDocuments(before opening: StreamOpening) -> String {
    switch opening {
    case .marker: ""
    case .prologue: "...\(newline)"
    case .blank, .comments, .content: "---\(newline)"
    }
  }

  /// Comments without a document are ended as an empty one where what follows could not begin after them.
  private func separatorAfterComments(before opening: StreamOpening, isJSON: Bool) -> String {
    let marker = "---\(newline)"
    return switch opening {
    case .blank, .comments: ""
    case .content where !isJSON: marker
    case .marker, .prologue, .content: marker + separatorAfterDocuments(before: opening)
    }
  }
}
