internal import ManifestText
internal import Workloads

/// The value of a variable that names a field of a secret: `vault:secret/data/db#password`.
struct VaultReference: Equatable, Sendable {
  static let scheme = "vault:"

  let path: String
  let field: String

  /// Nil for any other text; a host and its port, as in `vault:8200`, is none.
  ///
  /// Neither is one with a second colon, as no engine's path begins with one, nor what refers to another variable:
  /// Kubernetes fills that in, and nobody tells the agent. And no field is called like a template of Bank-Vaults',
  /// `${.user}`; `${USER}` is what Flux and envsubst fill in.
  init?(_ text: String) {
    guard let rest = ByteText.rest(of: text, after: Self.scheme) else { return nil }
    let parts = rest.split(separator: "#", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2, !parts[1].isEmpty, !parts[0].hasPrefix(":"), VaultPath(parts[0]).words.count > 1,
      ControlCharacter(in: text) == nil, !ByteText.holds(text, "$("), !BankVaults.isTemplate(parts[1]),
      !parts.contains(where: Self.isPadded)
    else { return nil }
    (path, field) = (parts[0], parts[1])
  }

  /// True for text that was perhaps meant to be one: a path without a field, or with more than that.
  static func isLike(_ text: String) -> Bool {
    guard let rest = ByteText.rest(of: text, after: scheme), VaultReference(text) == nil else { return false }
    var bytes = rest.utf8[...]
    while let last = bytes.last, ASCII.isWhite(last) { bytes.removeLast() }
    let trimmed = String(decoding: bytes, as: UTF8.self)
    guard let first = bytes.first, ASCII.isLetter(first) || bytes.contains(UInt8(ascii: "#")) else { return false }
    return bytes.contains(UInt8(ascii: "/")) && ControlCharacter(in: trimmed) == nil
  }

  /// The reference that text with another word before its colon was perhaps meant to be, also in braces, where it is
  /// one for other injectors: `valut:secret/data/db#password`, `${bao:secret/data/db#password}`.
  ///
  /// All the rest has to be right, as texts with a colon are many; an address such as `vaults://host/#top` is none, and
  /// neither is what a shell takes where a variable is empty: `${vault:-folder/file#1}`.
  static func meant(by text: String) -> String? {
    let inner = unwrapped(text)
    guard let colon = (inner ?? text).utf8.prefix(scheme.utf8.count + 1).firstIndex(of: ASCII.colon) else { return nil }
    let (word, rest) = ((inner ?? text)[..<colon], (inner ?? text)[colon...].dropFirst())
    let path = rest.hasPrefix(":") ? rest.dropFirst() : rest
    guard inner != nil || path != rest || !ByteText.isEqual("\(word):", scheme), BankVaults.isScheme(String(word)),
      !rest.hasPrefix("//"), inner.map(BankVaults.isShellDefault(of:)) != true, VaultReference(scheme + path) != nil
    else { return nil }
    return scheme + path
  }

  /// True for what was perhaps meant to be what Vault answers to a write: `>>valut:pki/issue/web#key`.
  static func isMeantToWrite(_ text: String) -> Bool {
    guard let rest = ByteText.rest(of: unwrapped(text) ?? text, after: ">>") else { return false }
    let inner = String(rest.drop { $0 == " " })
    return VaultReference(inner) != nil || meant(by: inner) != nil
  }

  /// What is between `${` and `}`, or `$(` and `)`, where nothing else is there.
  private static func unwrapped(_ text: String) -> String? {
    for (opening, closing) in [("${", "}"), ("$(", ")")] {
      guard let rest = ByteText.rest(of: text, after: opening), rest.hasSuffix(closing) else { continue }
      let inner = String(rest.dropLast())
      if !ByteText.holds(inner, opening), !ByteText.holds(inner, closing) { return inner }
    }
    return nil
  }

  /// True for a word with white space before or after it.
  private static func isPadded(_ word: String) -> Bool {
    word.utf8.first.map(ASCII.isWhite) ?? false || word.utf8.last.map(ASCII.isWhite) ?? false
  }
}

extension Container {
  /// The variables whose values are written out and begin like references to Vault, with the places of the values.
  func likelyReferences() throws(Diagnostic) -> [(name: String, value: String, range: Range<Int>)] {
    guard let list = try document.value("env", in: node), document.isSequence(list) else { return [] }
    var found: [(String, String, Range<Int>)] = []
    for item in document.items(of: list) {
      guard let value = try document.value("value", in: item), document.isString(value) else { continue }
      let text = document.text(of: value)
      guard ByteText.begins(text, with: VaultReference.scheme) else { continue }
      guard let name = try document.value("name", in: item), document.isString(name) else { continue }
      found.append((document.text(of: name), text, document.range(of: value)))
    }
    return found
  }
}
