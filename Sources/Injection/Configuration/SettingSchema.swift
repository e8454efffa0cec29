package import ManifestText
package import Workloads

/// Every setting there is, whatever its name, as the common settings and the dialects tell them.
package enum SettingSchema {
  /// The key under which further kinds are told, whose own keys nobody can know beforehand.
  package static let podPaths = "podPaths"

  /// The settings as each dialect has them, in the order of the dialects.
  package static let ofDialects: [DialectSetting] = Dialects.all.flatMap { $0.settings }

  /// The same, and after them those that are no dialect's.
  package static let owned: [DialectSetting] = ofDialects + LintSettings.settings

  /// The settings that are documented one by one, in order.
  ///
  /// Every common setting can be set for one dialect alone, too; that stands here where the dialect takes other values or
  /// has another default.
  package static let rows: [Setting] = CommonSettings.rows + owned.filter(isListed).map(\.own)

  /// True for a dialect's setting of which there is more to say than that it can be set for that dialect alone.
  static func isListed(_ setting: DialectSetting) -> Bool {
    guard let common = setting.common else { return true }
    return setting.hasRow || setting.builtIn != builtIn(common)
  }

  /// What a common setting is where nobody sets it: the default of the first dialect that uses it.
  package static func builtIn(_ path: String) -> Value { users(of: path).first?.builtIn ?? .null }

  /// The dialects' views of a common setting; one for each that uses it.
  package static func users(of path: String) -> [DialectSetting] { ofDialects.filter { $0.common == path } }

  // MARK: Names

  /// What a path names; nil where it names no setting.
  package static func setting(at path: String) -> NamedSetting? {
    if let row = CommonSettings.row(at: path) { return NamedSetting(path: path, shape: row.shape) }
    if let own = owned.first(where: { $0.own.path == path }) {
      return NamedSetting(path: path, shape: own.own.shape)
    }
    for setting in ofDialects where alias(of: setting) == path {
      guard let row = setting.common.flatMap(CommonSettings.row) else { continue }
      return NamedSetting(path: setting.own.path, shape: row.shape, translated: setting.ownValue)
    }
    return nil
  }

  /// The common path with the dialect's name before it, where the dialect has another name for the setting.
  private static func alias(of setting: DialectSetting) -> String? {
    let path = setting.common.map { "\(setting.dialect).\($0)" }
    return path == setting.own.path ? nil : path
  }

  /// Every path that can be set, in order.
  static var paths: [String] {
    CommonSettings.rows.map(\.path) + owned.map(\.own.path) + ofDialects.compactMap(alias)
  }

  /// True for the path of a group of settings.
  static func isGroup(_ path: String) -> Bool { paths.contains { $0.hasPrefix(path + ".") } }

  /// The keys directly below a group.
  static func keys(of group: String) -> [String] {
    var keys: [String] = []
    for path in paths where path.hasPrefix(group + ".") {
      let key = String(path.dropFirst(group.count + 1).prefix { $0 != "." })
      if !keys.contains(key) { keys.append(key) }
    }
    return keys
  }

  /// What a group has whose names begin with a path that is none: that of `vault.tls.ca` has `vault.tls.caKey`, and more.
  static func members(beginningWith path: String) -> [String] {
    guard let dot = path.lastIndex(of: "."), path.index(after: dot) < path.endIndex else { return [] }
    let group = String(path[..<dot])
    return keys(of: group).map { "\(group).\($0)" }.filter { $0.lowercased().hasPrefix(path.lowercased()) }
  }

  /// Where a path names a setting, or a group of them, for a dialect that has no use for it: the common path, and the
  /// dialects that do use it.
  static func unused(_ path: String) -> (common: String, by: any ConfigurableDialect.Type, users: [String])? {
    for dialect in Dialects.all where path.hasPrefix("\(dialect.name).") {
      let common = String(path.dropFirst(dialect.name.count + 1))
      let users = ofDialects.filter { $0.common.map { $0 == common || $0.hasPrefix(common + ".") } ?? false }
      if !users.isEmpty { return (common, dialect, Dialects.injectors(of: users.map(\.dialect))) }
    }
    return nil
  }

  /// What may have been meant by a path that leads nowhere; nil where nothing is close, or too much is.
  static func nearest(to path: String) -> String? {
    // Of settings that several dialects have of their own, the first stands for all.
    var names: Set<String> = []
    let own = owned.filter {
      $0.common == nil && names.insert(String($0.own.path.dropFirst($0.dialect.count))).inserted
    }
    let plain = CommonSettings.rows.map(\.path) + own.map(\.own.path)
    for name in Dialects.names where path.hasPrefix("\(name).") {
      let own = ofDialects.filter { $0.dialect == name }.map(\.own.path)
      if let found = PathSearch(own).nearest(to: path) { return found }
    }
    return PathSearch([podPaths] + plain).nearest(to: path)
  }
}

/// A setting by one of its names.
package struct NamedSetting: Sendable {
  /// The name its value is kept under.
  package let path: String
  /// What may be written there.
  package let shape: SettingShape
  /// What is kept of what was written.
  var translated: @Sendable (Value) -> Value = { $0 }
}

/// Looks for the path that was meant by one that leads nowhere.
private struct PathSearch {
  private let settings: [String]
  /// Settings and groups.
  private let paths: [String]

  init(_ settings: [String]) {
    self.settings = settings
    var paths: [String] = []
    for keys in settings.map(Self.keys) {
      for depth in 1...keys.count {
        let path = keys.prefix(depth).joined(separator: ".")
        if !paths.contains(path) { paths.append(path) }
      }
    }
    self.paths = paths
  }

  func nearest(to path: String) -> String? {
    let wanted = Self.keys(path)
    let ends = paths.map { (path: $0, end: Self.keys($0).suffix(wanted.count).joined(separator: ".")) }
    let sameEnd = ends.filter { $0.end.lowercased() == path.lowercased() }
    if sameEnd.count == 1 { return sameEnd[0].path }
    if let name = NearestName.nearest(to: path, among: paths) { return name }
    // Misspelt, and its groups forgotten.
    guard let end = NearestName.nearest(to: path, among: ends.map(\.end)) else {
      return sameKey(as: wanted.last ?? path)
    }
    let named = ends.filter { $0.end == end }
    return named.count == 1 ? named[0].path : nil
  }

  /// The one setting with this key, whatever its groups.
  private func sameKey(as key: String) -> String? {
    let found = settings.filter { Self.keys($0).last?.lowercased() == key.lowercased() }
    return found.count == 1 ? found[0] : nil
  }

  private static func keys(_ path: String) -> [String] {
    path.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
  }
}

/// Where one kind keeps its pod templates, as a user told it.
package struct PodPathSetting: Equatable, Sendable {
  /// The API group; empty for the core group.
  package let group: String
  package let kind: String
  /// The paths as they were written, each of which can be read.
  package var paths: [String]

  /// The kind as it is written in files and options: `GROUP/KIND`, or `KIND` alone in the core group.
  package var name: String { group.isEmpty ? kind : "\(group)/\(kind)" }

  var settingPath: String { "\(SettingSchema.podPaths).\(name)" }

  /// The kind with its templates; a kind that is known keeps what is known of its pods.
  package var workloadKind: WorkloadKind {
    let known = WorkloadKinds.known.first { $0.group == group && $0.kind == kind }
    return WorkloadKind(
      group, kind, paths.compactMap(PodPath.init), endsItsPods: known?.endsItsPods ?? false,
      operatorContainer: known?.operatorContainer)
  }
}

extension PodPathSetting {
  /// Why a kind or a path cannot be read.
  enum Fault: Error, Equatable {
    /// It is not of the form `GROUP/KIND`.
    case kind(String)
    /// It has a version, which kinds are told without.
    case version(String, group: String, kind: String)
    /// A step is empty.
    case path(String)
    /// A step is a number, where only every element can be meant.
    case index(String)
  }

  /// - Throws: what is wrong with the kind's name; no path is looked at.
  init(name: String) throws(Fault) {
    let parts = name.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    switch parts.count {
    case 1: (group, kind) = ("", parts[0])
    case 2: (group, kind) = (parts[0], parts[1])
    case 3: throw .version(name, group: parts[0], kind: parts[2])
    default: throw .kind(name)
    }
    guard !kind.isEmpty, kind.utf8.allSatisfy({ $0 > 0x20 && $0 != UInt8(ascii: ".") }) else {
      throw .kind(name)
    }
    paths = []
  }

  /// Adds a path.
  mutating func append(path: String) throws(Fault) {
    guard let steps = PodPath(path)?.steps else { throw .path(path) }
    if steps.contains(where: { Int($0) != nil }) { throw .index(path) }
    paths.append(path)
  }
}
