internal import ManifestText

/// What policies are called: after the role, or by a pattern with the role in it.
package struct PolicyNaming: Equatable, Sendable {
  /// What stands for the role in a pattern.
  package static let placeholder = "{role}"
  /// Policies that Vault makes itself.
  private static let reserved = ["control-group", "default", "response-wrapping", "root"]
  private static let longest = 200

  private let pattern: String

  /// Names policies by a pattern.
  package init(_ pattern: String = PolicyNaming.placeholder) { self.pattern = pattern }

  /// The policies with their names, no two the same in one Vault namespace.
  ///
  /// Where two roles would name theirs alike, the mounts of their methods stand before them, and then numbers after them.
  func named(_ policies: [VaultPolicy], calling words: [String]) -> [VaultPolicy] {
    var names = words.map(name)
    let clashes = Dictionary(grouping: policies.indices) { Key(policies[$0].role.vaultNamespace, names[$0]) }
    for (key, places) in clashes where places.count > 1 || PolicyNaming.reserved.contains(key.name) {
      for place in places { names[place] = name("\(policies[place].role.mount ?? "")-\(words[place])") }
    }
    var taken: Set<Key> = []
    return zip(policies, names).map { policy, name in
      var policy = policy
      var number = 1
      policy.name = name
      while !taken.insert(Key(policy.role.vaultNamespace, policy.name)).inserted {
        number += 1
        policy.name = "\(name)-\(number)"
      }
      return policy
    }
  }

  private struct Key: Hashable {
    let vaultNamespace: String
    let name: String

    init(_ vaultNamespace: String, _ name: String) { (self.vaultNamespace, self.name) = (vaultNamespace, name) }
  }

  /// In the letters that names of policies, of files and of Terraform's resources have in common: Vault takes capital
  /// letters for small ones.
  private func name(_ word: String) -> String {
    let text = ByteText.pieces(of: pattern, around: PolicyNaming.placeholder).joined(separator: word)
    var bytes: [UInt8] = []
    for byte in text.utf8.prefix(PolicyNaming.longest) {
      let isPlain = ASCII.isLetter(byte) || ASCII.isDigit(byte) || !bytes.isEmpty && "._-".utf8.contains(byte)
      if isPlain {
        bytes.append(ASCII.lowercased(byte))
      } else if bytes.last != ASCII.dash, !bytes.isEmpty {
        bytes.append(ASCII.dash)
      }
    }
    while let last = bytes.last, last == ASCII.dash { bytes.removeLast() }
    return bytes.isEmpty ? "policy" : String(decoding: bytes, as: UTF8.self)
  }
}
