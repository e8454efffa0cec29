package import ManifestText
package import Platform

/// Output that is written once everything has worked; until then nothing leaves the program.
///
/// What is in memory already, such as the input, and lines that come again and again are not copied, so that a run needs
/// little more memory than its input.
package struct OutputBuffer: Sendable {
  /// From this size on a part of an array that is held is worth a span of its own.
  private static let spanSize = 64
  /// From this size on an array is worth being kept as it is.
  private static let arraySize = 64 << 10
  /// How much is written at a time.
  private static let writingSize = 256 << 10

  private var text = TextSpans()
  private var repeated = RepeatedLines()
  /// The array of which bytes were added last, by its number in the text.
  private var source: Int32?

  /// How many bytes are held.
  package var count: Int { text.count }

  package init() {}

  /// Whether there is nothing to write.
  package var isEmpty: Bool { count == 0 }

  /// Whether nothing but white space is held.
  package var isBlank: Bool { text.pieces.allSatisfy { $0.allSatisfy(ASCII.isWhite) } }

  /// Adds bytes; a long array is kept rather than copied.
  package mutating func append(_ bytes: [UInt8]) {
    guard bytes.count >= Self.arraySize else { return text.append(bytes[...]) }
    text.append(bytes.indices, ofSource: text.adopt(bytes))
  }

  /// Adds a copy of some bytes of an array that need not live on.
  package mutating func append(_ slice: ArraySlice<UInt8>) { text.append(slice) }

  /// Adds some bytes of an array without copying them where they are many; the whole array stays in memory.
  package mutating func append(_ range: Range<Int>, of bytes: [UInt8]) {
    guard range.count >= Self.spanSize else { return text.append(bytes[range]) }
    text.append(range, ofSource: number(of: bytes))
  }

  private mutating func number(of bytes: [UInt8]) -> Int32 {
    if let source, text.isSource(source, bytes) { return source }
    let number = text.adopt(bytes)
    source = number
    return number
  }

  /// Adds some bytes of an array with edits made in them, which are in order.
  package mutating func append(_ range: Range<Int>, of bytes: [UInt8], editedBy edits: [TextEdit]) {
    var position = range.lowerBound
    for edit in edits {
      append(position..<edit.range.lowerBound, of: bytes)
      repeated.append(edit.text, to: &text)
      position = edit.range.upperBound
    }
    append(position..<range.upperBound, of: bytes)
  }

  /// Adds text.
  package mutating func append(_ text: String) {
    append(Array(text.utf8)[...])
  }

  /// How the documents held begin.
  package var opening: StreamOpening {
    var reader = StreamOpening.Reader()
    for piece in text.pieces {
      if let opening = reader.opening(with: piece) { return opening }
    }
    return reader.openingOfAll
  }

  /// The last byte held; nil where there is none.
  package var lastByte: UInt8? { text.last }

  /// How lines end, as the last of them has it.
  package var newline: String { text.endsLinesWithCarriageReturn ? "\r\n" : "\n" }

  /// Takes the byte order mark away, which means nothing where something else is written first.
  package mutating func dropByteOrderMark() {
    var pieces = text.pieces
    if let first = pieces.next(), first.starts(with: ByteOrderMark.utf8) { text.dropFirst(ByteOrderMark.utf8.count) }
  }

  /// A copy of everything that was added, in order.
  package var bytes: [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count)
    for piece in text.pieces { bytes += piece }
    return bytes
  }

  /// Writes everything that was added, in order, and forgets it.
  ///
  /// - Throws: what to tell the user where the output could not be written.
  package mutating func write(
    to descriptor: FileDescriptor = .standardOutput, named name: String = "standard output"
  ) throws(OutputError) {
    do throws(SystemError) {
      try write { (bytes) throws(SystemError) in try descriptor.write(bytes) }
    } catch {
      throw OutputError(name, error)
    }
  }

  /// Writes everything that was added into the new content of a file, and forgets it.
  package mutating func write(to replacement: FileReplacement) throws(SystemError) {
    try write { (bytes) throws(SystemError) in try replacement.write(bytes) }
  }

  private mutating func write(_ body: (ArraySlice<UInt8>) throws(SystemError) -> Void) throws(SystemError) {
    let held = text
    self = OutputBuffer()
    var gathered: [UInt8] = []
    gathered.reserveCapacity(min(held.count, Self.writingSize))
    for piece in held.pieces {
      if gathered.count + piece.count > Self.writingSize {
        try body(gathered[...])
        gathered.removeAll(keepingCapacity: true)
      }
      if piece.count >= Self.writingSize { try body(piece) } else { gathered += piece }
    }
    try body(gathered[...])
  }
}

/// The output could not be written: a full disk, a reader that went away.
package struct OutputError: Error, Equatable {
  /// What was being written: a path, or `standard output`.
  package let output: String
  /// Why it could not be.
  package let failure: WriteFailure

  package init(_ output: String, _ failure: WriteFailure) {
    self.output = output
    self.failure = failure
  }

  package init(_ output: String, _ error: SystemError) {
    self.init(output, .system(error))
  }

  /// What kind of failure it is.
  package var kind: Fault.Kind { .unwritable }

  /// What to tell the user.
  package var diagnostic: Diagnostic { .notWritten("\(output) could not be written", failure) }
}

extension Fault {
  /// Output could not be written.
  package init(_ error: OutputError) { self.init(error.kind, error.diagnostic) }
}

extension Diagnostic {
  /// Writing failed: what it is that did not happen, and why; what was written before that is not to be trusted.
  package static func notWritten(_ sentence: String, _ failure: WriteFailure) -> Diagnostic {
    Diagnostic(rule: .outputFailed, message: "\(sentence): \(failure.reason)", hint: failure.hint)
  }

  /// A file could not be rewritten, and is as it was; its name stands before the sentence.
  package static func notRewritten(_ failure: WriteFailure) -> Diagnostic {
    var diagnostic = notWritten("cannot be rewritten", failure)
    if failure == .system(.noSpaceLeft) { diagnostic.hint = "the disk is full; the file is as it was" }
    return diagnostic
  }
}

extension WriteFailure {
  fileprivate var reason: String {
    switch self {
    case .system(let error): error.reason
    case .readOnlyFile: "it is read-only"
    case .readOnlyFolder: "its folder is read-only"
    case .ownerNotKept: "it belongs to another user or group, which only root could give a new file to"
    case .changedMeanwhile: "somebody changed it since it was read"
    }
  }

  fileprivate var hint: String? {
    switch self {
    case .system(.brokenPipe): "the program that reads it ended early"
    case .system(.noSpaceLeft): "the disk is full; what was written so far is incomplete"
    case .system(.permissionDenied): "neither the file nor its folder may be read-only"
    case .system(.badDescriptor): "it was closed when the command was started"
    case .system: nil
    case .readOnlyFile: "make it writable (chmod u+w), or leave -i out to print the result"
    case .readOnlyFolder: "a new file is put there before it takes the old one's place: make the folder writable"
    case .ownerNotKept: "leave -i out, and write the result yourself"
    case .changedMeanwhile: "it was left as it is now; run the command again"
    }
  }
}
