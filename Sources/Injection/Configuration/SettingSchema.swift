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

  /// What may have been meant by a path that leads nowhere; nil where nothing is close.
  static func nearest(to path: String) -> String? {
    let key = lastKey(of: path)
    let sameKey = rows.filter { lastKey(of: $0.path).lowercased() == key.lowercased() }
    if sameKey.count == 1 { return sameKey[0].path }
    if let sibling = NearestName.nearest(to: key, among: keys(of: parent(of: path))) {
      return parent(of: path).isEmpty ? sibling : "\(parent(of: path)).\(sibling)"
    }
    return NearestName.nearest(to: path, among: rows.map(\.path) + [podPaths])
  }

  private static func lastKey(of path: String) -> String {
    path.split(separator: ".").last.map(String.init) ?? path
  }

  private static func parent(of path: String) -> String {
    path.split(separator: ".").dropLast().joined(separator: ".")
  }
}
