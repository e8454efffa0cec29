package import ManifestText

/// Which versions the KV engines of a Vault have, as far as somebody says it.
package struct KVVersions: Equatable, Sendable {
  /// The version of an engine.
  package enum Version: String, CaseIterable, Sendable {
    case one = "1", two = "2"
  }

  /// That of engines of which nothing else is said; nil where a path alone has to tell.
  package private(set) var usual: Version?
  private var mounts: [(path: String, version: Version)] = []

  package init() {}

  /// Takes what is said in a text such as `2` or `team/kv=1`; false for any other text.
  package mutating func add(_ text: String) -> Bool {
    if let version = Version(rawValue: text) {
      usual = version
      return true
    }
    guard let sign = text.utf8.lastIndex(of: UInt8(ascii: "=")),
      let version = Version(rawValue: String(text[text.utf8.index(after: sign)...]))
    else { return false }
    return add(version, at: String(text[..<sign]))
  }

  /// Takes the version of the engine at a path; false where that is none.
  @discardableResult
  mutating func add(_ version: Version, at mount: String) -> Bool {
    let path = RequestedPath(mount).text
    guard !path.isEmpty else { return false }
    mounts.append((path, version))
    return true
  }

  /// Two of these texts that give one engine, or all of them, different versions; nil where none do.
  package static func contradiction(among texts: [String]) -> (String, String)? {
    let said = texts.map { text in
      var versions = KVVersions()
      _ = versions.add(text)
      return (mount: versions.namedMounts.first, version: versions.usual ?? versions.mounts.first?.version)
    }
    for (index, one) in said.enumerated() {
      let earlier = said[..<index].firstIndex { $0.mount == one.mount && $0.version != one.version }
      if let earlier { return (texts[earlier], texts[index]) }
    }
    return nil
  }

  package static func == (one: KVVersions, other: KVVersions) -> Bool {
    one.usual == other.usual && one.mounts.elementsEqual(other.mounts, by: ==)
  }

  /// The paths of the engines that are named.
  package var namedMounts: [String] { mounts.map(\.path) }

  /// The engine that is named and that a path is on; of two, the one with the longer path.
  func engine(of path: RequestedPath) -> (mount: String, version: Version)? {
    let found = mounts.filter { path.rest(below: $0.path) != nil }
    return found.max { $0.path.utf8.count < $1.path.utf8.count }.map { ($0.path, $0.version) }
  }
}

/// Which of the engines that were named have paths that pods ask for.
package struct MountAccount {
  /// Those without any so far.
  private var missed: [String]
  /// Those that look like the beginning of a secret's path.
  private let unlikely: [String]
  private var paths: Set<String> = []

  package init(_ versions: KVVersions) {
    missed = versions.namedMounts
    unlikely = missed.filter { $0.split(separator: "/").dropFirst().contains("data") }
  }

  /// Notes a path that a pod asks for.
  package mutating func note(_ path: RequestedPath) {
    guard !missed.isEmpty else { return }
    missed.removeAll { path.rest(below: $0) != nil }
    let parts = path.text.split(separator: "/")
    for count in parts.indices.dropFirst() { paths.insert(parts[..<count].joined(separator: "/")) }
  }

  /// What there is to say of those that are left, now that every pod was read.
  package var findings: [Diagnostic] {
    unlikely.filter { !missed.contains($0) }.map(Diagnostic.dataInMount) + unknown
  }

  private var unknown: [Diagnostic] {
    missed.map { mount in
      let depth = mount.split(separator: "/").count
      let paths = paths.filter { $0.split(separator: "/").count == depth }.sorted()
      return .unknownMount(mount, nearest: NearestName.nearest(to: mount, among: paths), paths)
    }
  }
}
