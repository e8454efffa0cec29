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

/// The names new contents have beside the files they are for, until they take their places.
enum TemporaryName {
  private static let prefix = Array(".vault-inject-".utf8)

  /// What all names of this process begin with.
  static let ofThisProcess = "\(String(decoding: prefix, as: UTF8.self))\(getpid())-"

  /// The process that gave a file such a name; nil for every other name.
  ///
  /// Most names in a folder are others, which their first bytes tell.
  static func process(of name: UnsafePointer<CChar>) -> pid_t? {
    guard unsafe strncmp(name, ".vault-inject-", prefix.count) == 0 else { return nil }
    let parts = unsafe String(cString: name).dropFirst(prefix.count).split(
      separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 2, parts.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy { (0x30...0x39).contains($0) } })
    else { return nil }
    return parts[0].first == "0" ? nil : pid_t(parts[0])
  }
}

/// What processes that were killed left beside the files they were replacing.
package enum Leftovers {
  /// Removes from a folder what processes of this user's left there that are gone.
  ///
  /// Call it when this process has no such files itself. Whatever is not certain to be a leftover stays: what is no
  /// plain file, what belongs to another user, what a process is alive for that has the number in the name, and what
  /// a process out of sight, in a container perhaps, holds locked. What cannot be removed stays as well.
  package static func clear(in folder: String) {
    guard let stream = unsafe folder.withSystemPath({ unsafe opendir($0) }) else { return }
    defer { unsafe closedir(stream) }
    var names: [String] = []
    while let record = unsafe readdir(stream) {
      let name = unsafe Folder.name(of: record)
      guard let process = unsafe TemporaryName.process(of: name), isGone(process) else { continue }
      names.append(unsafe String(cString: name))
    }
    for name in names { remove("\(folder == "/" ? "" : folder)/\(name)") }
  }

  /// A number of this process's own was another's before.
  private static func isGone(_ process: pid_t) -> Bool {
    process == getpid() || kill(process, 0) != 0 && errno == ESRCH
  }

  private static func remove(_ path: String) {
    guard let file = try? FileDescriptor.opening(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK) else { return }
    defer { file.close() }
    guard let status = try? file.status(), status.kind == .file, status.owner == geteuid(), file.lock() else { return }
    _ = unsafe path.withSystemPath { unsafe unlink($0) }
  }
}

extension FileDescriptor {
  /// Claims a file as long as it is open; false where another process has claimed it, or where nobody can.
  @discardableResult
  func lock() -> Bool { flock(number, LOCK_EX | LOCK_NB) == 0 }
}
