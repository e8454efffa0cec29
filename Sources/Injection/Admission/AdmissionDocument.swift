package import ManifestText

/// An object for the API server, with comments for those who read it.
package struct AdmissionDocument: Equatable, Sendable {
  /// Lines of text before a part of the object.
  package struct Comment: Equatable, Sendable {
    /// The part; the empty path stands for the whole object.
    package let path: Path
    package let lines: [String]

    package init(_ path: Path, _ lines: [String]) { (self.path, self.lines) = (path, lines) }
  }

  package var value: Value
  package var comments: [Comment]

  package init(_ value: Value, comments: [Comment] = []) { (self.value, self.comments) = (value, comments) }
}

/// Objects as they are written for `kubectl apply`: YAML in block style, what CEL is in it with as few escapes as can be.
package enum AdmissionText {
  /// All of them, with `---` in between.
  package static func text(of documents: [AdmissionDocument]) -> String {
    documents.map(text).joined(separator: "---\n")
  }

  private static func text(of document: AdmissionDocument) -> String {
    let bytes = YAMLWriter.block(document.value, prefersLiterals: true)
    let places = places(of: document.comments, in: bytes)
    var text = ""
    var start = 0
    for (place, lines) in places.sorted(by: { $0.place < $1.place }) {
      text += String(decoding: bytes[start..<place], as: UTF8.self)
      let indent = String(repeating: " ", count: bytes[place...].prefix { $0 == ASCII.space }.count)
      for line in lines { text += line.isEmpty ? "\(indent)#\n" : "\(indent)# \(line)\n" }
      start = place
    }
    return text + String(decoding: bytes[start...], as: UTF8.self)
  }

  /// Where the lines begin that the comments stand before: what was written is read again to find them.
  private static func places(
    of comments: [AdmissionDocument.Comment], in bytes: [UInt8]
  ) -> [(place: Int, lines: [String])] {
    let source = SourceText(name: "policy", bytes: bytes)
    guard
      let document = try? Document(DocumentStream.Piece(range: 0..<bytes.count, mayBeJSON: false), of: source)
    else { preconditionFailure("what was written as YAML cannot be read") }
    return comments.map { comment in
      guard let place = try? place(of: comment.path, in: document) else {
        preconditionFailure("a comment is about \(comment.path), which is not there")
      }
      return (bytes[..<place].lastIndex(of: ASCII.lineFeed).map { $0 + 1 } ?? 0, comment.lines)
    }
  }

  private static func place(of path: Path, in document: Document) throws(Diagnostic) -> Int? {
    guard let last = path.steps.last else { return 0 }
    let parent = try document.node(at: Path(Array(path.steps.dropLast())))
    switch last {
    case .key(let key):
      guard let parent, let entry = try document.entry(key, in: parent) else { return nil }
      return document.range(of: entry.key).lowerBound
    case .index: return try document.node(at: path).map { document.range(of: $0).lowerBound }
    }
  }
}
