internal import LibC

/// Folders for files another program is to read, which only this user can; gone with the last one who holds them.
package final class ScratchFolders {
  /// The folders, in order.
  package let paths: [String]
  private let root: String
  private var files: [String] = []

  /// Makes a folder for each name, inside one that nobody else has.
  package init(_ names: [String]) throws(SystemError) {
    let parent = Environment.nonEmpty("TMPDIR") ?? "/tmp"
    var template = FilePath.bytes(of: "\(parent)/vault-inject-XXXXXX").map(CChar.init(bitPattern:)) + [0]
    guard unsafe mkdtemp(&template) != nil else { throw SystemError.last }
    let root = FilePath.text(template.dropLast().map(UInt8.init(bitPattern:)))
    self.root = root
    paths = names.map { "\(root)/\($0)" }
    for path in paths {
      guard unsafe path.withSystemPath({ unsafe mkdir($0, 0o700) }) == 0 else { throw SystemError.last }
    }
  }

  /// Writes a file into one of the folders, and returns its path.
  @discardableResult
  package func write(_ bytes: [UInt8], to name: String, in folder: Int) throws(SystemError) -> String {
    let path = "\(paths[folder])/\(name.replacing("/", with: "_"))"
    let flags = O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC
    let number = try retryingInterrupts { unsafe path.withSystemPath { unsafe open($0, flags, 0o600) } }
    let file = FileDescriptor(number)
    defer { file.close() }
    files.append(path)
    try file.write(bytes)
    return path
  }

  /// Leaves a file, and the folder it is in, where it is.
  package func leave(_ path: String) { files.removeAll { $0 == path } }

  deinit {
    for file in files { _ = unsafe file.withSystemPath { unsafe unlink($0) } }
    for path in paths + [root] { _ = unsafe path.withSystemPath { unsafe rmdir($0) } }
  }
}
