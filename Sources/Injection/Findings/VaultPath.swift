internal import ManifestText

/// A path in Vault, as far as its words alone tell what is there.
struct VaultPath: Equatable {
  /// The words between the slashes, without a query such as `?version=2` and without white space around the path.
  let words: [String]

  init(_ path: String) {
    var text = path.utf8.prefix { $0 != ASCII.question }
    while let first = text.first, ASCII.isWhite(first) { text.removeFirst() }
    while let last = text.last, ASCII.isWhite(last) { text.removeLast() }
    words = text.split(separator: UInt8(ascii: "/")).map { String(decoding: $0, as: UTF8.self) }
  }

  /// Whether it is what the second KV engine calls a secret: `secret/data/app`; the engine may be mounted deeper.
  var isDataOfKV2: Bool { (words.dropFirst().dropLast()).contains("data") }

  /// Without the `data` that the second KV engine has and the first one has not.
  private var logical: [String] {
    guard let data = words.dropFirst().firstIndex(of: "data") else { return words }
    return Array(words[..<data] + words[(data + 1)...])
  }

  /// Whether both lead to one secret; the agent itself puts in the `data` that is missing.
  func isSame(as other: VaultPath) -> Bool { logical == other.logical }

  /// Whether Vault only takes writes there: an engine's name tells which it is, as people call them after their kind.
  var takesOnlyWrites: Bool {
    guard words.dropFirst().dropLast().contains(where: VaultPath.actions.contains) else { return false }
    return VaultPath.writeOnly.contains { engine, actions in
      words.indices.dropFirst().contains { index in
        actions.contains(words[index]) && index + 1 < words.count
          && words[..<index].contains { ByteText.holds($0.lowercased(), engine) }
      }
    }
  }

  /// Whether a path, or a template, asks for what Vault makes separately for each who asks.
  static func isMadeForEach(_ text: String) -> Bool { isLent(text) || ByteText.holds(text, "/issue/") }

  /// Whether it asks for credentials that Vault takes back with the token of who asked.
  static func isLent(_ text: String) -> Bool { ByteText.holds(text, "/creds/") }

  /// Whether something is issued there, or done with a key, so that no KV engine answers: an engine's name tells it, as
  /// people call them after their kind.
  var isOfOtherEngine: Bool {
    guard let mount = words.first?.lowercased() else { return false }
    if VaultPath.systemPaths.contains(mount) { return true }
    return words.count > 1 && !["kv", "secret"].contains { ByteText.holds(mount, $0) }
      && VaultPath.otherEngines.contains { ByteText.holds(mount, $0) }
  }

  private static let systemPaths = ["auth", "cubbyhole", "identity", "sys"]
  private static let otherEngines = [
    "alicloud", "aws", "azure", "consul", "database", "gcp", "kmip", "ldap", "mongodb", "mysql", "nomad", "pki",
    "postgres", "rabbitmq", "ssh", "terraform", "totp", "transit",
  ]

  private static let actions = writeOnly.reduce(into: Set<String>()) { $0.formUnion($1.actions) }
  /// Engines, and what their paths have before the name of a role or a key where only writes are taken.
  private static let writeOnly: [(engine: String, actions: Set<String>)] = [
    ("pki", ["issue", "sign", "sign-verbatim"]),
    ("ssh", ["issue", "sign", "creds", "verify"]),
    ("transit", ["encrypt", "decrypt", "rewrap", "datakey", "hmac", "sign", "verify"]),
  ]
}
