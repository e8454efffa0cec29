internal import CFiles
internal import LibC

/// What makes replaced files outlast a loss of power: content goes to the disk before it takes a file's place.
///
/// Each wait for the disk takes milliseconds, so that many files wait together, as their file system's.
extension FileReplacement {
  /// From so many files or folders on, one wait for a whole file system is shorter than one for each.
  private static let many = 8

  /// Lets the system write the content to the disk while others are asked for.
  package func beginFlush() {
    if let descriptor { _ = cfiles_begin_flush(descriptor.number) }
  }

  /// Waits until the content is on the disk.
  package func flush() throws(SystemError) {
    if let descriptor { _ = try retryingInterrupts { cfiles_flush(descriptor.number) } }
  }

  /// Waits until the contents of many files are on the disk; false where that has to be asked of each of them.
  package static func flushTogether(_ replacements: [FileReplacement]) -> Bool {
    guard replacements.count >= many else { return replacements.isEmpty }
    return flushFileSystems(of: replacements.compactMap(\.descriptor))
  }

  /// Waits until names given to files are on the disk, in the folders of these files.
  package static func flushFolders(of paths: [String]) {
    let folders = paths.compactMap { try? resolved($0) }.compactMap {
      try? FileDescriptor.opening(folder(of: $0), O_RDONLY)
    }
    defer { for folder in folders { folder.close() } }
    if folders.count >= many, flushFileSystems(of: folders) { return }
    for folder in folders { _ = fsync(folder.number) }
  }

  private static func flushFileSystems(of files: [FileDescriptor]) -> Bool {
    var flushed: Set<UInt64> = []
    return files.allSatisfy { file in
      guard let status = try? file.status() else { return false }
      let isFirst = flushed.insert(status.identity.device).inserted
      return !isFirst || cfiles_flush_file_system(file.number) == 0
    }
  }
}
