internal import LibC

/// What lies directly in a folder.
package enum Folder {
  /// One thing in a folder.
  package struct Entry: Equatable, Sendable {
    /// Kinds of entry, where links are told from what they lead to.
    package enum Kind: Equatable, Sendable {
      case file
      case folder
      /// A link to a folder, which is never descended into: that is how loops arise.
      case linkToFolder
      /// A link whose file is gone.
      case brokenLink
      /// Anything else: pipes, devices, sockets.
      case other
    }

    package let name: String
    package let kind: Kind
  }

  /// The entries, ordered by the bytes of their names; `.` and `..` are left out.
  ///
  /// Kinds come with the listing; only links, and file systems that do not say, cost a question each.
  package static func entries(of path: String) throws(SystemError) -> [Entry] {
    guard let stream = unsafe path.withSystemPath({ unsafe opendir($0) }) else { throw SystemError.last }
    defer { unsafe closedir(stream) }
    var entries: [Entry] = []
    errno = 0
    while let record = unsafe readdir(stream) {
      let entry = unsafe entry(for: record, in: path)
      if entry.name != ".", entry.name != ".." { entries.append(entry) }
      errno = 0
    }
    guard errno == 0 else { throw SystemError.last }
    return entries.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
  }

  /// The folders that files are in, by their paths.
  package static func holding(_ paths: [String]) -> [String] {
    var seen: Set<[UInt8]> = []
    var folders: [String] = []
    var last: Substring?
    for path in paths {
      let slash = FilePath.lastSlash(in: path)
      let folder = slash.map { $0 == path.startIndex ? "/" : path[..<$0] } ?? "."
      // Most follow one another.
      if folder != last, seen.insert(Array(folder.utf8)).inserted { folders.append(String(folder)) }
      last = folder
    }
    return folders
  }

  /// The name through its address: the record is shorter than the structure that declares it.
  static func name(of record: UnsafeMutablePointer<dirent>) -> UnsafePointer<CChar> {
    let offset = MemoryLayout<dirent>.offset(of: \.d_name) ?? 0
    return unsafe (UnsafeRawPointer(record) + offset).assumingMemoryBound(to: CChar.self)
  }

  private static func entry(for record: UnsafeMutablePointer<dirent>, in folder: String) -> Entry {
    let name = unsafe FilePath.text(self.name(of: record))
    return Entry(name: name, kind: unsafe kind(Int(record.pointee.d_type), of: "\(folder)/\(name)"))
  }

  private static func kind(_ type: Int, of path: String) -> Entry.Kind {
    switch type {
    case Int(DT_REG): return .file
    case Int(DT_DIR): return .folder
    case Int(DT_LNK): return linkedKind(of: path)
    case Int(DT_UNKNOWN): break
    default: return .other
    }
    guard let isLink = FileStatus.isLink(path) else { return .other }
    return isLink ? linkedKind(of: path) : plainKind(of: path)
  }

  private static func linkedKind(of path: String) -> Entry.Kind {
    switch plainKind(of: path) {
    case .folder: .linkToFolder
    case let kind: kind
    }
  }

  private static func plainKind(of path: String) -> Entry.Kind {
    do throws(SystemError) {
      switch try FileStatus(of: path).kind {
      case .file: return .file
      case .folder: return .folder
      case .stream: return .other
      }
    } catch {
      return error == .noSuchFile ? .brokenLink : .other
    }
  }
}

/// Patterns of file names, as shells and kubectl expand them.
package enum Glob {
  /// Whether a path holds a character that makes it a pattern.
  package static func isPattern(_ path: String) -> Bool {
    path.utf8.contains { $0 == UInt8(ascii: "*") || $0 == UInt8(ascii: "?") || $0 == UInt8(ascii: "[") }
  }

  /// The paths a pattern matches, in the order of their bytes; none where nothing matches.
  package static func matches(of pattern: String) -> [String] {
    var result = unsafe glob_t()
    defer { unsafe globfree(&result) }
    guard unsafe pattern.withSystemPath({ unsafe glob($0, 0, nil, &result) }) == 0, let paths = unsafe result.gl_pathv
    else {
      return []
    }
    return unsafe (0..<Int(result.gl_pathc)).compactMap { index in
      unsafe paths[index].map { unsafe FilePath.text($0) }
    }
  }
}
