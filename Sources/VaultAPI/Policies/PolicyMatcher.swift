/// One rule of a policy: what may be done at the paths it matches.
public struct ACLRule: Equatable, Sendable {
  /// The path as it is written: exact, with a `*` at its end, with `+` for a word.
  public let path: String
  /// What may be done there.
  public let capabilities: [String]

  /// A rule for a path.
  ///
  /// Vault takes a slash at its beginning away.
  public init(path: String, capabilities: [String]) {
    self.path = path.hasPrefix("/") ? String(path.dropFirst()) : path
    self.capabilities = capabilities
  }

  /// True where the path holds a template that was not filled in, such as `{{identity.entity.id}}`.
  public var isTemplate: Bool { path.firstRange(of: "{{") != nil }
}

/// Finds what the policies of a token allow at a path, as Vault does.
///
/// Rules of one path are put together, also those of several policies, and `deny` beats all else there. Of those that
/// match, one counts: the exact one, or else the one that says most, by the order of Vault's documentation.
public struct PolicyMatcher: Sendable {
  private let rules: [ACLRule]

  /// Matches the rules of all of a token's policies.
  public init(_ rules: [ACLRule]) { self.rules = rules }

  /// What may be done at a path; nothing where no rule matches it.
  ///
  /// A path with a slash at its end is one that is listed: for it counts a rule for the path without the slash, too.
  public func capabilities(at path: String) -> VaultCapabilities {
    if path.hasSuffix("/"), !rules.contains(where: { $0.path == path }) {
      let folder = String(path.dropLast())
      if rules.contains(where: { $0.path == folder }) { return capabilities(at: folder) }
    }
    let matching = rules.filter { PolicyMatcher.matches($0.path, path) }
    guard let best = matching.max(by: { PolicyMatcher.saysLess($0.path, than: $1.path, of: path) }) else {
      return VaultCapabilities(["deny"])
    }
    let names = matching.filter { $0.path == best.path }.flatMap(\.capabilities)
    return VaultCapabilities(names.contains("deny") || names.isEmpty ? ["deny"] : names)
  }

  /// Whether a rule's path matches: `*` at its end stands for any rest, `+` for one word.
  static func matches(_ pattern: String, _ path: String) -> Bool {
    let isPrefix = pattern.hasSuffix("*")
    let pattern = isPrefix ? String(pattern.dropLast()) : pattern
    let wanted = pattern.split(separator: "/", omittingEmptySubsequences: false)
    let given = path.split(separator: "/", omittingEmptySubsequences: false)
    guard isPrefix ? given.count >= wanted.count : given.count == wanted.count else { return false }
    for (index, word) in wanted.enumerated() {
      let isLast = index == wanted.count - 1
      if word == "+" { continue }
      if isLast && isPrefix ? !given[index].hasPrefix(word) : given[index] != word { return false }
    }
    return true
  }

  /// Vault's order: an exact path first; then a later first wildcard, no `*` at the end, fewer `+`, a longer path, and
  /// the greater text.
  private static func saysLess(_ one: String, than other: String, of path: String) -> Bool {
    if (one == path) != (other == path) { return other == path }
    let (a, b) = (Weight(one), Weight(other))
    if a.firstWildcard != b.firstWildcard { return a.firstWildcard < b.firstWildcard }
    if a.isPrefix != b.isPrefix { return a.isPrefix }
    if a.words != b.words { return a.words > b.words }
    if a.length != b.length { return a.length < b.length }
    return one.utf8.lexicographicallyPrecedes(other.utf8)
  }

  private struct Weight {
    let firstWildcard: Int
    let isPrefix: Bool
    let words: Int
    let length: Int

    init(_ pattern: String) {
      let bytes = Array(pattern.utf8)
      isPrefix = bytes.last == UInt8(ascii: "*")
      words = pattern.split(separator: "/").count { $0 == "+" }
      length = bytes.count
      let plus = bytes.indices.first { index in
        bytes[index] == UInt8(ascii: "+") && (index == 0 || bytes[index - 1] == UInt8(ascii: "/"))
      }
      firstWildcard = plus ?? (isPrefix ? bytes.count - 1 : bytes.count)
    }
  }
}
