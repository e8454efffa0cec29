internal import Output
internal import ManifestText
internal import Platform

/// A configuration file that was found without being named.
struct ConfigurationFile {
  /// What the file is called that is found without being named.
  static let name = ManifestFolder.configuration

  let source: SourceText
  /// The folder it is in, without symbolic links.
  let folder: String
  private let status: FileStatus

  /// The file of the folder, called by what its path is shown as; nil where it has none.
  /// - Throws: A `Fault` where it cannot be read.
  init?(in folder: String, called name: (_ path: String) -> String) throws(Fault) {
    let path = folder.joined(ConfigurationFile.name)
    do throws(SystemError) {
      let (bytes, status) = try OpenFile.read(path)
      source = SourceText(name: name(path), bytes: bytes)
      (self.folder, self.status) = (folder, status)
    } catch {
      // A link that leads nowhere was meant to lead to settings, and a run without them would do something else.
      if FileStatus.isBrokenLink(path) { throw Fault(.missing, input: name(path), .missingFile(name(path))) }
      // A folder that cannot be searched holds no configuration for the user.
      if error == .noSuchFile || (try? FileStatus(of: path)) == nil { return nil }
      throw .unreadable(error, input: name(path))
    }
  }

  /// True where a path leads to the same file.
  func isSame(as path: String) -> Bool { (try? FileStatus(of: path))?.identity == status.identity }

  /// Who else could have written it, as the end of a sentence; nil where that is nobody but the user and root.
  ///
  /// The file decides which image runs beside an application, and where that image sends the application's secrets.
  var fault: String? { ConfigurationFile.fault(ofFile: folder.joined(ConfigurationFile.name), in: folder) }

  /// The same of any file in a folder.
  static func fault(ofFile path: String, in folder: String) -> String? {
    let files = [try? FileStatus(of: path), try? FileStatus(ofLink: path)].compactMap(\.self)
    for file in files where !CurrentUser.trusts(file.owner) { return "belongs to another user (uid \(file.owner))" }
    // A symbolic link has every permission.
    if let file = files.first, file.mode & 0o002 != 0 { return "can be written by anyone" }
    guard let folder = try? FileStatus(of: folder) else { return nil }
    if !CurrentUser.trusts(folder.owner) { return "is in a folder of another user (uid \(folder.owner))" }
    // Where the sticky bit is set, as on /tmp, nobody can put a file in the place of another's.
    if folder.mode & 0o002 != 0, folder.mode & 0o1000 == 0 { return "is in a folder that anyone can write to" }
    return nil
  }
}
