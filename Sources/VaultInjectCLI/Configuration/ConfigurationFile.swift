internal import Output
internal import ManifestText
internal import Platform

/// The files that settings are read from.
enum ConfigurationFile {
  /// What the file is called that is found without being named.
  static let name = ManifestFolder.configuration

  /// The file of that name in a folder or, failing that, in the nearest folder above it that has one.
  ///
  /// What stands above the root of a repository, or above the user's own folder, was put there for something else, and
  /// perhaps by somebody else: the search ends there. The file is named from the working directory, which is also the
  /// folder where none is given: `../.vault-inject.yaml`.
  /// - Throws: A `Fault` where it cannot be read.
  static func nearest(to folder: String?) throws(Fault) -> FoundConfigurationFile? {
    // One folder a slash; where the working directory is gone, there is nothing to find.
    guard let absolute = folder ?? Environment.currentFolder else { return nil }
    let depth = absolute == "/" ? 0 : absolute.utf8.count { $0 == UInt8(ascii: "/") }
    let home = Environment.nonEmpty("HOME").flatMap { try? FileStatus(of: $0).identity }
    var path = folder.map { "\($0)/" } ?? ""
    for _ in 0...depth {
      if let file = try found(in: path) { return file }
      if FileStatus.isLink("\(path).git") != nil { return nil }
      if let home, (try? FileStatus(of: path.isEmpty ? "." : path).identity) == home { return nil }
      path += "../"
    }
    return nil
  }

  /// The file in a folder, which is named with a slash at its end; nil where it has none.
  private static func found(in folder: String) throws(Fault) -> FoundConfigurationFile? {
    let path = folder + name
    do throws(SystemError) {
      let (bytes, status) = try OpenFile.read(path)
      return FoundConfigurationFile(
        source: SourceText(name: path, bytes: bytes), status: status, link: try FileStatus(ofLink: path),
        folder: try FileStatus(of: folder.isEmpty ? "." : folder))
    } catch {
      // A link that leads nowhere was meant to lead to settings, and a run without them would do something else.
      if FileStatus.isBrokenLink(path) { throw Fault(.missing, input: path, .missingFile(path)) }
      // A folder that cannot be searched holds no configuration for the user.
      if error == .noSuchFile || (try? FileStatus(of: path)) == nil { return nil }
      throw .unreadable(error, input: path)
    }
  }

  /// The file of `--config`.
  static func named(_ path: String) throws(Fault) -> SourceText {
    guard !path.isEmpty else { throw Fault(.usage, .emptyOption("--config")) }
    return try InputLoader().source(path)
  }
}

/// A configuration file that was found without being named.
struct FoundConfigurationFile {
  let source: SourceText
  fileprivate let status: FileStatus
  /// The name itself, where that is a symbolic link.
  fileprivate let link: FileStatus
  fileprivate let folder: FileStatus

  /// True where a path leads to the same file.
  func isSame(as path: String) -> Bool { (try? FileStatus(of: path))?.identity == status.identity }

  /// Who else could have written it, as the end of a sentence; nil where that is nobody but the user and root.
  ///
  /// The file decides which image runs beside an application, and where that image sends the application's secrets.
  var fault: String? {
    for file in [status, link] where !CurrentUser.trusts(file.owner) {
      return "belongs to another user (uid \(file.owner))"
    }
    if status.mode & 0o002 != 0 { return "can be written by anyone" }
    if !CurrentUser.trusts(folder.owner) { return "is in a folder of another user (uid \(folder.owner))" }
    // Where the sticky bit is set, as on /tmp, nobody can put a file in the place of another's.
    if folder.mode & 0o002 != 0, folder.mode & 0o1000 == 0 { return "is in a folder that anyone can write to" }
    return nil
  }
}
