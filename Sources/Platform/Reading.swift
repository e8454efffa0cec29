internal import LibC

extension OpenFile {
  /// Every byte of a file: one allocation of its size, and no more calls than open, fstat, read, close.
  package static func contents(of path: String) throws(SystemError) -> [UInt8] {
    try read(path).bytes
  }

  /// Every byte of a file, and its status from before the first of them was read.
  package static func read(_ path: String) throws(SystemError) -> (bytes: [UInt8], status: FileStatus) {
    let file = try OpenFile(reading: path)
    let status = try file.descriptor.status()
    return (try file.descriptor.readToEnd(status), status)
  }
}

extension FileDescriptor {
  /// Every byte up to the end.
  ///
  /// - Throws: `isADirectory` for a folder; what the system answers.
  package func readToEnd() throws(SystemError) -> [UInt8] { try readToEnd(status()) }

  fileprivate func readToEnd(_ status: FileStatus) throws(SystemError) -> [UInt8] {
    guard status.kind != .folder else { throw .isADirectory }
    guard status.kind == .file, status.size > 0 else { return try readStream() }
    // One byte more than the file is long: where it stays empty, that was the end.
    let bytes = try readChunk(upTo: status.size + 1)
    guard bytes.count > status.size else { return bytes }
    return try readStream(after: [bytes])
  }

  /// Reads what has no length in chunks, then joins them; each is freed as soon as it is copied.
  private func readStream(after first: [[UInt8]] = []) throws(SystemError) -> [UInt8] {
    var chunks = first
    var size = 64 << 10
    var isAtEnd = false
    // A chunk that is not full has met the end; to ask again would make a terminal wait for a second Ctrl-D.
    while !isAtEnd {
      chunks.append(try readChunk(upTo: size))
      isAtEnd = chunks[chunks.count - 1].count < size
      size = min(size * 2, 4 << 20)
    }
    if chunks.count == 1 { return chunks[0] }
    var joined: [UInt8] = []
    joined.reserveCapacity(chunks.reduce(0) { $0 + $1.count })
    for index in chunks.indices {
      joined.append(contentsOf: chunks[index])
      chunks[index] = []
    }
    return joined
  }

  /// As many bytes as there are, but not more than this; fewer only at the end.
  private func readChunk(upTo size: Int) throws(SystemError) -> [UInt8] {
    var failure: SystemError?
    let chunk = unsafe [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      do throws(SystemError) {
        while count < size {
          let all = UnsafeMutableRawBufferPointer(buffer)
          let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: all[count..<size])
          let got = unsafe try readSome(into: rest)
          if got == 0 { break }
          count += got
        }
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    return chunk
  }

  /// One read, of at most a gigabyte because some systems refuse more than two; waits where nothing is there yet.
  func readSome(into buffer: UnsafeMutableRawBufferPointer) throws(SystemError) -> Int {
    while true {
      do throws(SystemError) {
        return try retryingInterrupts { unsafe read(number, buffer.baseAddress, min(buffer.count, 1 << 30)) }
      } catch {
        guard error == .wouldBlock else { throw error }
        try wait(for: Int16(POLLIN))
      }
    }
  }

  func wait(for events: Int16) throws(SystemError) {
    var request = pollfd(fd: number, events: events, revents: 0)
    _ = try retryingInterrupts { unsafe poll(&request, 1, -1) }
  }
}
