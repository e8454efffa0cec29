internal import ManifestText

/// The words of an annotation's key, as people mean them: `agent-auth-path` and `auth_path` are the same words.
struct AnnotationWords: Equatable {
  /// Those that tell it from others, in order and in small letters, each in the form that the tables use.
  let words: [String]

  init(_ key: String) {
    let spelt = AnnotationWords.parts(of: key).map { $0.lowercased() }
    let meant = spelt.flatMap { word -> [String] in
      let word = AnnotationWords.singular(word)
      return AnnotationWords.synonyms[word] ?? [word]
    }
    let telling = meant.filter { !AnnotationWords.noise.contains($0) }
    words = telling.isEmpty ? meant.filter { $0 != "agent" && $0 != "vault" } : telling
  }

  /// The parts between dashes, underscores and dots.
  static func parts(of key: String) -> [Substring] { key.split { $0 == "-" || $0 == "_" || $0 == "." } }

  /// What stands in front of many keys, or is left out of them.
  private static let noise: Set = ["agent", "vault", "inject", "injection", "injector", "injected", "sidecar"]

  /// What people write for a word of the tables, which is in the singular here.
  private static let synonyms: [String: [String]] = [
    "memory": ["mem"], "permission": ["perm"], "mode": ["perm"], "cacert": ["ca", "cert"], "cert": ["cert"],
    "certificate": ["cert"], "prepopulate": ["pre", "populate"], "address": ["service"], "addr": ["service"],
    "url": ["service"], "delimiter": ["delim"], "directory": ["path"], "dir": ["path"], "folder": ["path"],
    "username": ["user"], "uid": ["user"], "gid": ["group"], "error": ["err"], "listen": ["listener"],
  ]

  private static func singular(_ word: String) -> String {
    word.count > 3 && word.hasSuffix("s") && !word.hasSuffix("ss") && !word.hasSuffix("tls")
      ? String(word.dropLast()) : word
  }

  /// True for the same words in any order.
  func isSame(as other: AnnotationWords) -> Bool { Set(words) == Set(other.words) }

  /// True where every one of these words is in the other key.
  func isHeld(in other: AnnotationWords) -> Bool { !words.isEmpty && Set(words).isSubset(of: other.words) }
}

/// Finds the known key that has the words of another.
struct AnnotationWordIndex {
  private let fixed: [(key: String, words: AnnotationWords)]
  private let families: [(stem: String, words: AnnotationWords)]

  init(fixed: [String], families: [String]) {
    self.fixed = fixed.map { ($0, AnnotationWords($0)) }
    self.families = families.map { ($0, AnnotationWords($0)) }
  }

  /// The key with the same words, or the member of the family with the words that this one begins with.
  func sameWords(as key: String) -> String? {
    let wanted = AnnotationWords(key)
    if let found = fixed.first(where: { $0.words.isSame(as: wanted) }) { return found.key }
    return member(key)
  }

  /// The key whose words are all in this one, or else in which all of these words are; the closest of them.
  func nearestWords(to key: String) -> String? {
    let wanted = AnnotationWords(key)
    let held = fixed.filter { $0.words.isHeld(in: wanted) && 2 * $0.words.words.count >= wanted.words.count }
    if let found = held.max(by: { $0.words.words.count < $1.words.words.count }) { return found.key }
    let holding = fixed.filter { wanted.isHeld(in: $0.words) }
    return holding.min { $0.words.words.count < $1.words.words.count }?.key
  }

  /// The member of a family whose words the key begins with, with what follows as it is written.
  private func member(_ key: String) -> String? {
    let parts = AnnotationWords.parts(of: key)
    guard parts.count > 1 else { return nil }
    var found: (stem: String, rest: Substring, count: Int)?
    for part in parts.dropLast() {
      let words = AnnotationWords(String(key[..<part.endIndex]))
      let rest = key[part.endIndex...].dropFirst()
      for family in families where family.words == words && words.words.count > found?.count ?? 0 {
        found = (family.stem, rest, words.words.count)
      }
    }
    return found.map { $0.stem + $0.rest }
  }
}
