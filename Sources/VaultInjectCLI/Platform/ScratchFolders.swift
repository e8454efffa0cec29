#if canImport(Darwin)
  internal import Darwin
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Glibc
#endif

/// Folders for files another program is to read, which only this user can; gone with the last one who holds them.
final class ScratchFolders {
  /// The folders, in order.
  let paths: [String]
  private let root: String
  private var files: [String] = []

  /// Makes a folder for each name, inside one that nobody else has.
  init(_ names: [String]) throws(SystemError) {
    let parent = Environment.nonEmpty("TMPDIR") ?? "/tmp"
    var template = Array("\(parent)/vault-inject-XXXXXX".utf8CString)
    guard unsafe mkdtemp(&template) != nil else { throw SystemError.last }
    let root = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    self.root = root
    paths = names.map { "\(root)/\($0)" }
    for path in paths { guard unsafe mkdir(path, 0o700) == 0 else { throw SystemError.last } }
  }

  /// Writes a file into one of the folders, and returns its path.
  @discardableResult
  func write(_ bytes: [UInt8], to name: String, in folder: Int) throws(SystemError) -> String {
    let path = "\(paths[folder])/\(name.replacing("/", with: "_"))"
    let number = try retryingInterrupts { unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600) }
    let file = FileDescriptor(number)
    defer { file.close() }
    files.append(path)
    try file.write(bytes)
    return path
  }

  /// Leaves a file, and the folder it is in, where it is.
  func leave(_ path: String) { files.removeAll { $0 == path } }

  deinit {
    for file in files { unsafe unlink(file) }
    for path in paths { unsafe rmdir(path) }
    unsafe rmdir(root)
  }
}
