internal import ManifestText

/// Every setting there is, in the order they are documented.
package enum SettingSchema {
  /// The key under which further kinds are told, whose own keys nobody can know beforehand.
  package static let podPaths = "podPaths"

  /// The setting at a path; nil where there is none.
  package static func setting(at path: String) -> Setting? { rows.first { $0.path == path } }

  /// True for the path of a group of settings.
  static func isGroup(_ path: String) -> Bool { rows.contains { $0.path.hasPrefix(path + ".") } }

  /// The keys directly below a group; of the root where the path is empty.
  static func keys(of group: String) -> [String] {
    let prefix = group.isEmpty ? "" : group + "."
    var keys: [String] = []
    for row in rows where row.path.hasPrefix(prefix) {
      let key = String(row.path.dropFirst(prefix.count).prefix { $0 != "." })
      if keys.last != key { keys.append(key) }
    }
    return group.isEmpty ? keys + [podPaths] : keys
  }

  /// What may have been meant by a path that leads nowhere; nil where nothing is close, or too much is.
  static func nearest(to path: String) -> String? {
    let wanted = keys(in: path)
    let ends = everyPath.map { (path: $0, end: keys(in: $0).suffix(wanted.count).joined(separator: ".")) }
    let sameEnd = ends.filter { $0.end.lowercased() == path.lowercased() }
    if sameEnd.count == 1 { return sameEnd[0].path }
    if let name = NearestName.nearest(to: path, among: everyPath) { return name }
    // Misspelt, and its groups forgotten.
    guard let end = NearestName.nearest(to: path, among: ends.map(\.end)) else {
      return sameKey(as: wanted.last ?? path)
    }
    let named = ends.filter { $0.end == end }
    return named.count == 1 ? named[0].path : nil
  }

  /// The one setting with this key, whatever its groups.
  private static func sameKey(as key: String) -> String? {
    let found = rows.filter { $0.keys.last?.lowercased() == key.lowercased() }
    return found.count == 1 ? found[0].path : nil
  }

  /// Settings and groups.
  private static var everyPath: [String] {
    var paths = [podPaths]
    for row in rows {
      for depth in 1...row.keys.count {
        let path = row.keys.prefix(depth).joined(separator: ".")
        if !paths.contains(path) { paths.append(path) }
      }
    }
    return paths
  }

  private static func keys(in path: String) -> [String] {
    path.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
  }
}
