internal import LibC

/// Files of one folder that are written beside their places first, and take them when all of them are complete.
///
/// Whoever begins ends it, with `commit` or with `discard`.
package struct NewFiles {
  private let folder: String
  private var files: [(temporary: String, path: String)] = []

  /// Makes the folder where there is none.
  package init(in folder: String) throws(SystemError) {
    self.folder = folder.utf8.last == UInt8(ascii: "/") ? folder : folder + "/"
    guard unsafe folder.withSystemPath({ unsafe mkdir($0, 0o777) }) != 0 else { return }
    let error = SystemError.last
    guard error == .exists else { throw error }
  }

  /// Writes a file that is to have this name.
  package mutating func add(_ bytes: [UInt8], as name: String) throws(SystemError) {
    let temporary = "\(folder)\(TemporaryName.ofThisProcess)\(files.count)"
    let flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC
    let number = try retryingInterrupts { unsafe temporary.withSystemPath { unsafe open($0, flags, 0o666) } }
    let file = FileDescriptor(number)
    defer { file.close() }
    files.append((temporary, folder + name))
    file.lock()
    try file.write(bytes)
    _ = try retryingInterrupts { fsync(file.number) }
  }

  /// Gives each file its name, in order.
  package mutating func commit() throws(SystemError) {
    defer { discard() }
    while let (temporary, path) = files.first {
      let isRenamed =
        unsafe temporary.withSystemPath { name in unsafe path.withSystemPath { unsafe rename(name, $0) } } == 0
      guard isRenamed else { throw SystemError.last }
      files.removeFirst()
    }
  }

  /// Takes away what has no name of its own yet.
  package mutating func discard() {
    for file in files { FileDescriptor.remove(file.temporary) }
    files = []
  }
}
