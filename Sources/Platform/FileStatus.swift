internal import CFiles
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

/// What a file system keeps beside a file's content: extended attributes, and the access control list among them.
enum ExtendedAttributes {
  /// Gives a file exactly the attributes of another.
  ///
  /// Attributes of the system's own are left to the system where it does not let them be set.
  /// - Throws: what the system answers where an attribute that is the user's cannot be kept.
  static func copy(from source: FileDescriptor, to copy: FileDescriptor) throws(SystemError) {
    let names = names(of: source)
    for name in ExtendedAttributes.names(of: copy) where !names.contains(name) {
      _ = unsafe cfiles_remove_attribute(copy.number, name)
    }
    for name in names {
      guard let value = value(name, of: source) else { continue }
      let isSet = unsafe value.withUnsafeBytes { bytes in
        unsafe cfiles_set_attribute(copy.number, name, bytes.baseAddress, bytes.count)
      }
      if isSet != 0, !isTheSystemsOwn(name) { throw SystemError.last }
    }
    guard cfiles_copy_access(source.number, copy.number) == 0 else { throw SystemError.last }
  }

  private static func isTheSystemsOwn(_ name: String) -> Bool {
    name.hasPrefix("security.") || name.hasPrefix("trusted.")
  }

  private static func names(of file: FileDescriptor) -> [String] {
    let room = cfiles_attribute_names(file.number, nil, 0)
    guard room > 0 else { return [] }
    var buffer = [CChar](repeating: 0, count: room)
    let count = unsafe cfiles_attribute_names(file.number, &buffer, room)
    guard count > 0 else { return [] }
    return buffer[..<count].split(separator: 0).map { name in
      String(decoding: name.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
  }

  private static func value(_ name: String, of file: FileDescriptor) -> [UInt8]? {
    let room = unsafe cfiles_attribute(file.number, name, nil, 0)
    guard room >= 0 else { return nil }
    var value = [UInt8](repeating: 0, count: room)
    let count = unsafe cfiles_attribute(file.number, name, &value, room)
    return count == room ? value : nil
  }
}
