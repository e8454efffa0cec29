internal import ManifestText

/// A pattern for paths below a folder, with slashes between names: `overlays/prod`, `*/prod/**`, `*.prod.yaml`.
///
/// `*` and `?` stand for characters of one name, `**` for any number of folders. A pattern that matches a folder matches
/// everything in it; one that is a single name matches at any depth, as in `.gitignore`.
package struct PathPattern: Equatable, Sendable {
  /// As it was written.
  package let text: String
  private let names: [String]

  /// Nil for a pattern that is empty, begins with a slash, or leads out of the folder.
  init?(_ text: String) {
    let names = ByteText.pieces(of: text, around: "/").filter { !$0.isEmpty && $0 != "." }
    guard !names.isEmpty, text.utf8.first != UInt8(ascii: "/"), !names.holdsExactly("..") else { return nil }
    self.text = text
    let isAnywhere = names.count == 1 && names != [PathPattern.folders]
    self.names = isAnywhere ? [PathPattern.folders] + names : names
  }

  private static let folders = "**"

  /// True for a path, relative to the folder, that the pattern matches, or that is in a folder it matches.
  package func matches(_ path: String) -> Bool {
    let parts = ByteText.pieces(of: path, around: "/").filter { !$0.isEmpty && $0 != "." }
    return PathPattern.matches(names[...], parts[...])
  }

  /// What comes before the first wildcard, as a path; empty where that is nothing.
  package var fixedPath: String {
    names.prefix { !$0.utf8.contains { $0 == UInt8(ascii: "*") || $0 == UInt8(ascii: "?") } }.joined(separator: "/")
  }

  /// Names in a row; a `**` is tried again with one more folder where the rest does not fit.
  private static func matches(_ names: ArraySlice<String>, _ parts: ArraySlice<String>) -> Bool {
    var (names, parts) = (names, parts)
    var retry: (names: ArraySlice<String>, parts: ArraySlice<String>)?
    while let name = names.first {
      if name == folders {
        names.removeFirst()
        retry = (names, parts)
        continue
      }
      if let part = parts.first, matches(Array(name.utf8)[...], Array(part.utf8)[...]) {
        names.removeFirst()
        parts.removeFirst()
        continue
      }
      guard var again = retry, !again.parts.isEmpty else { return false }
      again.parts.removeFirst()
      (retry, names, parts) = (again, again.names, again.parts)
    }
    return true
  }

  /// One name with wildcards; a `*` is tried again with one more character where the rest does not fit.
  private static func matches(_ pattern: ArraySlice<UInt8>, _ name: ArraySlice<UInt8>) -> Bool {
    var (pattern, name) = (pattern, name)
    var retry: (pattern: ArraySlice<UInt8>, name: ArraySlice<UInt8>)?
    while true {
      switch (pattern.first, name.first) {
      case (UInt8(ascii: "*"), _):
        pattern.removeFirst()
        retry = (pattern, name)
        continue
      case (nil, nil): return true
      case (let wanted?, let found?) where wanted == found || wanted == UInt8(ascii: "?"):
        pattern.removeFirst()
        name.removeFirst()
        continue
      default: break
      }
      guard var again = retry, !again.name.isEmpty else { return false }
      again.name.removeFirst()
      (retry, pattern, name) = (again, again.pattern, again.name)
    }
  }
}
