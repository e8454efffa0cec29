internal import ManifestText
internal import Output
internal import Platform

/// Finds configuration files, each folder looked into once.
///
/// What stands above the root of a repository, or above the user's own folder, was put there for something else, and
/// perhaps by somebody else: the search ends there.
final class ConfigurationSearch {
  /// Where streams are, as it was given, and without symbolic links; the latter is nil where the folder is gone.
  private let (given, working): (String?, String?)
  private let home: FileStatus.Identity?
  private var nearest: [String: ConfigurationFile?] = [:]
  /// Folders without symbolic links, by what they are called: many files are in few of them.
  private var resolved: [String: String?] = [:]

  /// Takes a folder for the working directory; nil takes the working directory itself.
  init(workingFolder: String?) {
    given = workingFolder
    working = (workingFolder ?? Environment.currentFolder).flatMap(FilePath.resolved)
    home = Environment.nonEmpty("HOME").flatMap { try? FileStatus(of: $0).identity }
  }

  /// Where an input is, without symbolic links in the folders that lead to it; nil where nothing is there.
  func path(of place: InputPlace) -> String? {
    switch place {
    case .workingFolder: return working
    case .folder(let path): return FilePath.resolved(path.isEmpty ? "." : path)
    case .file(let path):
      let folder = FilePath.folder(of: path)
      return resolved(folder).map { $0.joined(FilePath.name(of: path)) }
    }
  }

  private func resolved(_ folder: String) -> String? {
    if let known = resolved[folder] { return known }
    let path = FilePath.resolved(folder)
    resolved[folder] = .some(path)
    return path
  }

  /// The file in the folder of an input with this path or, failing that, in the nearest folder above it that has one.
  /// - Throws: A `Fault` where it cannot be read.
  func file(for place: InputPlace, at path: String?) throws(Fault) -> ConfigurationFile? {
    guard let path else { return nil }
    if case .file = place { return try nearest(to: FilePath.folder(of: path)) }
    return try nearest(to: path)
  }

  private func nearest(to folder: String) throws(Fault) -> ConfigurationFile? {
    var passed: [String] = []
    var found: ConfigurationFile?
    var next: String? = folder
    while let folder = next {
      if let known = nearest[folder] {
        found = known
        break
      }
      passed.append(folder)
      found = try ConfigurationFile(in: folder, called: name)
      next = found != nil || isEnd(folder) ? nil : FilePath.folder(of: folder)
    }
    for folder in passed { nearest[folder] = .some(found) }
    return found
  }

  /// The root of the repository that a folder is in; nil where it is in none.
  func repository(of folder: String) -> String? {
    var folder = folder
    while FileStatus.isLink(folder.joined(".git")) == nil {
      if isEnd(folder) { return nil }
      folder = FilePath.folder(of: folder)
    }
    return folder
  }

  private func isEnd(_ folder: String) -> Bool {
    if folder == "/" || FileStatus.isLink(folder.joined(".git")) != nil { return true }
    return home != nil && (try? FileStatus(of: folder).identity) == home
  }

  /// What a path is called: as seen from the working directory, such as `../.vault-inject.yaml`, unless they have
  /// nothing in common.
  func name(of path: String) -> String {
    guard let working, let relative = FilePath.relative(path, to: working) else { return path }
    return given.map { $0.joined(relative) } ?? relative
  }
}
