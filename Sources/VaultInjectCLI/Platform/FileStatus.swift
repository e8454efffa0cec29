#if canImport(Darwin)
  internal import Darwin
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Glibc
#endif

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

  package let kind: Kind
  package let size: Int
  package let identity: Identity

  init(_ status: stat) {
    switch status.st_mode & S_IFMT {
    case S_IFREG: kind = .file
    case S_IFDIR: kind = .folder
    default: kind = .stream
    }
    size = Int(status.st_size)
    identity = Identity(
      device: UInt64(truncatingIfNeeded: status.st_dev), number: UInt64(truncatingIfNeeded: status.st_ino))
  }

  /// Asks about the file a path leads to, through symbolic links.
  package init(of path: String) throws(SystemError) {
    var status = stat()
    guard unsafe stat(path, &status) == 0 else { throw SystemError.last }
    self.init(status)
  }

  /// Whether the path itself is a symbolic link; nil where nothing is there.
  static func isLink(_ path: String) -> Bool? {
    var status = stat()
    guard unsafe lstat(path, &status) == 0 else { return nil }
    return status.st_mode & S_IFMT == S_IFLNK
  }

  /// Whether the path is a symbolic link to a file that is not there.
  static func isBrokenLink(_ path: String) -> Bool {
    isLink(path) == true && (try? FileStatus(of: path)) == nil
  }
}
