internal import ManifestText
internal import Platform

/// A path that leads nowhere, and what may have been meant by it.
struct MissingPath {
  let path: String

  init(_ path: String) {
    self.path = path
  }

  /// The path with the first missing part of it replaced by the name nearest to it; nil where none is near.
  var nearest: String? {
    let (folder, name, rest) = parts
    guard let entries = try? Folder.entries(of: folder.isEmpty ? "." : String(folder)) else { return nil }
    let isLast = rest.isEmpty
    let names = entries.filter { isLast || $0.kind == .folder || $0.kind == .linkToFolder }.map(\.name)
    guard let found = NearestName.nearest(to: name, among: names) else { return nil }
    return folder + found + rest
  }

  /// The part that exists, with its slash; the first name that does not; and what is after it.
  private var parts: (folder: Substring, name: String, rest: Substring) {
    var start = path.startIndex
    while let slash = path[start...].firstIndex(of: "/") {
      let next = path.index(after: slash)
      guard (try? FileStatus(of: String(path[..<next]))) != nil else {
        return (path[..<start], String(path[start..<slash]), path[slash...])
      }
      start = next
    }
    return (path[..<start], String(path[start...]), "")
  }
}
