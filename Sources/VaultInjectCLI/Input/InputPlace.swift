internal import Platform

/// Where an input is, as far as that decides about its configuration.
package enum InputPlace: Equatable, Sendable {
  /// A stream has no place of its own: that of the working directory counts.
  case workingFolder
  /// What is rendered of a folder.
  case folder(String)
  case file(String)

  /// The place a path leads to; nil where nothing is there.
  init?(of path: String) {
    guard let kind = try? FileStatus(of: path).kind else { return nil }
    self = kind == .folder ? .folder(path) : .file(path)
  }
}
