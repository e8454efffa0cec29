package import ManifestText
package import Platform

/// Output that is written once everything has worked; until then nothing leaves the program.
///
/// Bytes are held in pieces that never grow, so that the memory in use stays near the number of bytes held.
package struct OutputBuffer: Sendable {
  private static let chunkSize = 1 << 20
  /// From this size on a piece is worth keeping as it is instead of being copied.
  private static let sharingSize = 64 << 10

  private var pieces: [ArraySlice<UInt8>] = []
  private var chunk: [UInt8] = []

  /// How many bytes are held.
  package private(set) var count = 0

  package init() {}

  /// Whether there is nothing to write.
  package var isEmpty: Bool { count == 0 }

  /// Whether nothing but white space is held.
  package var isBlank: Bool { pieces.allSatisfy { $0.allSatisfy(ASCII.isWhite) } && chunk.allSatisfy(ASCII.isWhite) }

  /// Adds bytes; a long array is kept rather than copied.
  package mutating func append(_ bytes: [UInt8]) {
    append(sharing: bytes[...])
  }

  /// Adds a copy of some bytes of an array that need not live on.
  package mutating func append(_ slice: ArraySlice<UInt8>) {
    count += slice.count
    var rest = slice
    while !rest.isEmpty {
      if chunk.count == Self.chunkSize { closeChunk() }
      if chunk.isEmpty { chunk.reserveCapacity(Self.chunkSize) }
      let room = Self.chunkSize - chunk.count
      chunk.append(contentsOf: rest.prefix(room))
      rest = rest.dropFirst(room)
    }
  }

  /// Adds some bytes of an array without copying them where they are many; the whole array stays in memory.
  package mutating func append(sharing slice: ArraySlice<UInt8>) {
    guard slice.count >= Self.sharingSize else { return append(slice) }
    count += slice.count
    closeChunk()
    pieces.append(slice)
  }

  /// Adds text.
  package mutating func append(_ text: String) {
    append(Array(text.utf8)[...])
  }

  /// How the documents held begin.
  package var opening: StreamOpening { StreamOpening(pieces + [chunk[...]]) }

  /// The last byte held; nil where there is none.
  package var lastByte: UInt8? { chunk.last ?? pieces.last?.last }

  /// How lines end, as the last of them has it.
  package var newline: String {
    for piece in [pieces, [chunk[...]]].joined().reversed() {
      guard let end = piece.lastIndex(of: ASCII.lineFeed) else { continue }
      return end > piece.startIndex && piece[end - 1] == ASCII.carriageReturn ? "\r\n" : "\n"
    }
    return "\n"
  }

  /// Takes the byte order mark away, which means nothing where something else is written first.
  package mutating func dropByteOrderMark() {
    let mark = ByteOrderMark.utf8
    if let first = pieces.first {
      guard first.starts(with: mark) else { return }
      pieces[0] = first.dropFirst(mark.count)
    } else {
      guard chunk.starts(with: mark) else { return }
      chunk.removeFirst(mark.count)
    }
    count -= mark.count
  }

  /// A copy of everything that was added, in order.
  package var bytes: [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count)
    for piece in pieces { bytes += piece }
    return bytes + chunk
  }

  /// Writes everything that was added, in order, and forgets it.
  ///
  /// - Throws: what to tell the user where the output could not be written.
  package mutating func write(
    to descriptor: FileDescriptor = .standardOutput, named name: String = "standard output"
  ) throws(OutputError) {
    do throws(SystemError) {
      for piece in takePieces() { try descriptor.write(piece) }
    } catch {
      throw OutputError(name, error)
    }
  }

  /// Writes everything that was added into the new content of a file, and forgets it.
  package mutating func write(to replacement: FileReplacement) throws(SystemError) {
    for piece in takePieces() { try replacement.write(piece) }
  }

  private mutating func takePieces() -> [ArraySlice<UInt8>] {
    closeChunk()
    defer { (pieces, count) = ([], 0) }
    return pieces
  }

  private mutating func closeChunk() {
    guard !chunk.isEmpty else { return }
    pieces.append(chunk[...])
    chunk = []
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
  static func notRewritten(_ failure: WriteFailure) -> Diagnostic {
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
