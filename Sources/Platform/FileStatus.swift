package import LibC

/// What the system knows of a file without reading it.
package struct FileStatus: Equatable, Sendable {
  /// The kinds of file that matter here.
  package enum Kind: Equatable, Sendable {
    case file
    case folder
    /// A pipe, a device, a socket: readable perhaps, but of no known length.
    case stream
  }

  /// Which file it is, whatever path leads to it.
  package struct Identity: Hashable, Sendable {
    let device: UInt64
    let number: UInt64
  }

  /// A moment as the file system keeps it.
  package struct Moment: Equatable, Sendable {
    let seconds: Int
    let nanoseconds: Int

    init(_ time: timespec) {
      seconds = Int(time.tv_sec)
      nanoseconds = Int(time.tv_nsec)
    }
  }

  package let kind: Kind
  /// True for a device, such as a terminal or `/dev/null`.
  package let isDevice: Bool
  package let size: Int
  package let identity: Identity
  /// When the content was last changed.
  package let modified: Moment
  /// When anything of the file was last changed: content, permissions, names.
  package let changed: Moment
  /// How many names the file has.
  package let linkCount: Int
  package let mode: mode_t
  package let owner: uid_t
  let group: gid_t

  /// False for a file or folder that nobody may write; only root could do so all the same.
  package var isWritable: Bool { mode & 0o222 != 0 }

  init(_ status: stat) {
    switch status.st_mode & S_IFMT {
    case S_IFREG: kind = .file
    case S_IFDIR: kind = .folder
    default: kind = .stream
    }
    isDevice = status.st_mode & S_IFMT == S_IFCHR || status.st_mode & S_IFMT == S_IFBLK
    size = Int(status.st_size)
    identity = Identity(
      device: UInt64(truncatingIfNeeded: status.st_dev), number: UInt64(truncatingIfNeeded: status.st_ino))
    #if canImport(Darwin)
      (modified, changed) = (Moment(status.st_mtimespec), Moment(status.st_ctimespec))
    #else
      (modified, changed) = (Moment(status.st_mtim), Moment(status.st_ctim))
    #endif
    linkCount = Int(status.st_nlink)
    (mode, owner, group) = (status.st_mode & 0o7777, status.st_uid, status.st_gid)
  }

  /// Asks about the file a path leads to, through symbolic links.
  package init(of path: String) throws(SystemError) {
    var status = stat()
    guard unsafe path.withSystemPath({ unsafe stat($0, &status) }) == 0 else { throw SystemError.last }
    self.init(status)
  }

  /// Asks about what a path itself names, which may be a symbolic link.
  package init(ofLink path: String) throws(SystemError) {
    var status = stat()
    guard unsafe path.withSystemPath({ unsafe lstat($0, &status) }) == 0 else { throw SystemError.last }
    self.init(status)
  }

  /// True where this is the same file with the same content, as far as that can be told without reading it.
  func isVersion(of other: FileStatus) -> Bool {
    identity == other.identity && size == other.size && modified == other.modified
  }

  /// Whether the path itself is a symbolic link; nil where nothing is there.
  package static func isLink(_ path: String) -> Bool? {
    var status = stat()
    guard unsafe path.withSystemPath({ unsafe lstat($0, &status) }) == 0 else { return nil }
    return status.st_mode & S_IFMT == S_IFLNK
  }

  /// Whether the path is a symbolic link to a file that is not there.
  package static func isBrokenLink(_ path: String) -> Bool {
    isLink(path) == true && (try? FileStatus(of: path)) == nil
  }

  /// Whether this process may run the file.
  package static func isProgram(_ path: String) -> Bool {
    unsafe path.withSystemPath { unsafe access($0, X_OK) } == 0 && (try? FileStatus(of: path).kind) == .file
  }
}
