internal import ManifestText
internal import Output
internal import Platform

/// A folder named as an input: its manifests, told by the endings kubectl knows.
struct ManifestFolder {
  /// The name of configuration files, which are no manifests.
  static let configuration = ".vault-inject.yaml"

  let path: String
  let isRecursive: Bool
  /// True where it is no mistake that there is none.
  var mayBeEmpty = false

  /// The manifests, in the order of their names; one input that says what is wrong where there is none.
  func inputs() -> [Input] {
    var inputs: [Input] = []
    var subfolders = 0
    collect(path, into: &inputs, subfolders: &subfolders)
    if !inputs.isEmpty || mayBeEmpty { return inputs }
    let nothing = Diagnostic.noManifests(unreadSubfolders: isRecursive ? 0 : subfolders)
    return [.unusable(path, Fault(.missing, input: path, nothing))]
  }

  private func collect(_ folder: String, into inputs: inout [Input], subfolders: inout Int) {
    let entries: [Folder.Entry]
    do throws(SystemError) {
      entries = try Folder.entries(of: folder)
    } catch {
      return inputs.append(.unusable(folder, .unreadable(error, input: folder)))
    }
    for entry in entries {
      switch entry.kind {
      case .file, .brokenLink:
        if isManifest(entry.name) { inputs.append(.file(join(folder, entry.name))) }
      case .folder:
        subfolders += 1
        if isRecursive { collect(join(folder, entry.name), into: &inputs, subfolders: &subfolders) }
      case .linkToFolder, .other: break
      }
    }
  }

  private func isManifest(_ name: String) -> Bool {
    name != Self.configuration && Format.isOfManifest(name)
  }

  private func join(_ folder: String, _ name: String) -> String {
    folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)"
  }
}

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

  /// The same for a pattern, where a folder that stands before its signs is missing.
  var nearestFolder: String? {
    let (_, name, rest) = parts
    return rest.isEmpty || Glob.isPattern(name) ? nil : nearest
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
