internal import CFiles
internal import LibC

/// New content for a file, written beside it and put in its place in one step.
///
/// Until `commit` the file is as it was, whatever happens. Permissions, owner, extended attributes stay, and a
/// symbolic link goes on leading to its file. Where the system can, the new file has no name before it is complete,
/// so that not even a process that is killed leaves anything behind.
///
/// Whoever begins a replacement ends it, with `commit` or with `discard`.
package struct FileReplacement: Sendable {
  /// Where the new content is written; nil where it is another file's.
  let descriptor: FileDescriptor?
  private let target: String
  let original: FileStatus
  /// The name of the new content before it has the file's; nil while it has none.
  private var temporary: String?
  private var isOpen = true

  /// Begins to replace a file that had this status when the content was read which the new one is made of.
  /// - Throws: why the file is not to be replaced: it has changed, is read-only, or could not keep its owner.
  package init(of path: String, readAs status: FileStatus) throws(WriteFailure) {
    target = try Self.resolved(path)
    original = status
    try Self.checkIsWritable(target, status)
    (descriptor, temporary) = try Self.newFile(in: FilePath.folder(of: target))
    do throws(WriteFailure) {
      try keepAttributes()
    } catch {
      discard()
      throw error
    }
  }

  /// Begins to put a file that was replaced in the place of one of its other names.
  package init(of path: String, readAs status: FileStatus, by replaced: String) throws(WriteFailure) {
    target = try Self.resolved(path)
    original = status
    descriptor = nil
    try Self.checkIsWritable(target, status)
    let source = try Self.resolved(replaced)
    temporary = unsafe try Self.freeName(in: FilePath.folder(of: target)) { name in
      unsafe source.withSystemPath { source in unsafe link(source, name) }
    }
  }

  /// Adds to the new content.
  package func write(_ bytes: ArraySlice<UInt8>) throws(SystemError) { try descriptor?.write(bytes) }

  /// Puts the new content in the place of a file that holds what was read, and ends the replacement.
  ///
  /// - Returns: Which file has the name now.
  /// - Throws: why the file was not replaced, such as that it holds anything else.
  package mutating func commit(replacing content: [UInt8]) throws(WriteFailure) -> FileStatus.Identity? {
    defer { discard() }
    let current = try WriteFailure.wrapping { () throws(SystemError) in try FileStatus(of: target) }
    guard descriptor == nil ? current.isVersion(of: original) : current == original else { throw .changedMeanwhile }
    let name = try named()
    let identity = try? (descriptor?.status() ?? FileStatus(of: name)).identity
    if Self.exchange(name, target) {
      try checkExchanged(name, content, identity)
    } else {
      guard holds(content, at: target) else { throw .changedMeanwhile }
      let isRenamed =
        unsafe name.withSystemPath { name in unsafe target.withSystemPath { unsafe rename(name, $0) } } == 0
      guard isRenamed else { throw .system(.last) }
      temporary = nil
    }
    return identity
  }

  /// Ends the replacement; the file is as it was.
  package mutating func discard() {
    if isOpen { descriptor?.close() }
    isOpen = false
    if let temporary { FileDescriptor.remove(temporary) }
    temporary = nil
  }
}

extension FileReplacement {
  // MARK: Before

  package static func resolved(_ path: String) throws(WriteFailure) -> String {
    guard let resolved = FilePath.resolved(path) else { throw .system(.last) }
    return resolved
  }

  /// The folder's permission would do, but a file made read-only is meant to stay as it is, and so are the files of
  /// a folder made read-only, also where root asks.
  private static func checkIsWritable(_ target: String, _ status: FileStatus) throws(WriteFailure) {
    guard status.isWritable else { throw .readOnlyFile }
    guard unsafe target.withSystemPath({ unsafe access($0, W_OK) }) == 0 else { throw .system(.last) }
    let folder = FilePath.folder(of: target)
    let folderStatus = try WriteFailure.wrapping { () throws(SystemError) in try FileStatus(of: folder) }
    let mayWrite = unsafe folder.withSystemPath { unsafe access($0, W_OK) } == 0
    guard folderStatus.isWritable, mayWrite else { throw .readOnlyFolder }
  }

  /// A new file, for nobody else to read until it has the permissions of the old one; without a name where that works.
  private static func newFile(in folder: String) throws(WriteFailure) -> (FileDescriptor, name: String?) {
    let number = unsafe folder.withSystemPath { unsafe cfiles_open_unnamed($0) }
    if number >= 0 { return (claimed(FileDescriptor(number)), nil) }
    var created: Int32 = -1
    let name = unsafe try freeName(in: folder) { name in
      created = unsafe open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
      return created
    }
    return (claimed(FileDescriptor(created)), name)
  }

  /// Keeps others from taking the file for what a killed process left.
  private static func claimed(_ file: FileDescriptor) -> FileDescriptor {
    file.lock()
    return file
  }

  /// The first name that is not taken yet, once something could be put there.
  private static func freeName(in folder: String, _ put: (UnsafePointer<CChar>) -> Int32) throws(WriteFailure) -> String
  {
    let prefix = "\(folder == "/" ? "" : folder)/\(TemporaryName.ofThisProcess)"
    for number in 0..<10_000 {
      let name = "\(prefix)\(number)"
      if unsafe name.withSystemPath({ unsafe put($0) }) >= 0 { return name }
      guard errno == EEXIST else { throw .system(.last) }
    }
    throw .system(SystemError(code: EEXIST))
  }

  private func keepAttributes() throws(WriteFailure) {
    guard let descriptor else { return }
    let own = try WriteFailure.wrapping { () throws(SystemError) in try descriptor.status() }
    if own.owner != original.owner || own.group != original.group {
      // Only root may give files away.
      guard fchown(descriptor.number, original.owner, original.group) == 0 else { throw .ownerNotKept }
    }
    try WriteFailure.wrapping { () throws(SystemError) in
      let file = try OpenFile(reading: target)
      try ExtendedAttributes.copy(from: file.descriptor, to: descriptor)
    }
    guard fchmod(descriptor.number, original.mode) == 0 else { throw .system(.last) }
  }

  // MARK: In one step

  private mutating func named() throws(WriteFailure) -> String {
    if let temporary { return temporary }
    guard let descriptor else { throw .changedMeanwhile }
    let name = unsafe try Self.freeName(in: FilePath.folder(of: target)) { unsafe cfiles_name(descriptor.number, $0) }
    temporary = name
    return name
  }

  /// Looks at the file that had to give way, which a name of ours leads to now; gives it its place back where somebody
  /// has changed it.
  private mutating func checkExchanged(
    _ name: String, _ content: [UInt8], _ identity: FileStatus.Identity?
  ) throws(WriteFailure) {
    if let status = try? FileStatus(of: name), status.isVersion(of: original), holds(content, at: name) { return }
    guard Self.exchange(name, target) else {
      temporary = nil
      throw .system(.last)
    }
    // What is there now and is not ours belongs to somebody else.
    if (try? FileStatus(of: name))?.identity != identity { temporary = nil }
    throw .changedMeanwhile
  }

  private static func exchange(_ name: String, _ other: String) -> Bool {
    unsafe name.withSystemPath { name in unsafe other.withSystemPath { unsafe cfiles_exchange(name, $0) } } == 0
  }

  private func holds(_ content: [UInt8], at path: String) -> Bool { (try? OpenFile.contents(of: path)) == content }
}

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
      try? FileDescriptor.opening(FilePath.folder(of: $0), O_RDONLY)
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
