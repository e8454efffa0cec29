internal import ManifestText

/// What Bank-Vaults' webhook reads in manifests, as far as it has to be told from everything else.
enum BankVaults {
  /// What its annotations begin with.
  static let prefix = "vault.security.banzaicloud.io/"
  /// What those of its successor begin with, the secrets-webhook, which asks OpenBao and other servers as well.
  static let laterPrefix = "secrets-webhook.security.bank-vaults.io/"
  /// The annotation, without its prefix, that keeps the webhook from an object where it says `skip`.
  static let mutate = "mutate"
  static let skip = "skip"
  /// What begins a value that it reads from Vault, and one that it writes to Vault to get an answer.
  static let reading = "vault:"
  static let writing = ">>vault:"
  /// What begins a reference among other text.
  static let inline = ["${vault:", "${>>vault:"]

  private static let mark = TextPattern(reading)

  /// True where text that was not read may hold a value that it replaces.
  static func mayReplace(in bytes: [UInt8], _ range: Range<Int>) -> Bool { mark.isHeld(in: bytes, range) }

  private static let annotation = TextPattern(prefix)

  /// True where text that was not read may hold anything that it reads.
  static func mayConcern(_ bytes: [UInt8], _ range: Range<Int>) -> Bool {
    annotation.isHeld(in: bytes, range) || mayReplace(in: bytes, range)
  }

  /// True for a value that it replaces; a host and its port, as in `vault:8200`, is none.
  static func replaces(_ text: String) -> Bool {
    guard ByteText.holds(text, reading) else { return false }
    if ByteText.begins(text, with: writing) || holdsInline(text) { return true }
    guard let rest = ByteText.rest(of: text, after: reading) else { return false }
    return rest == "login" || ByteText.holds(rest, "#") || isCiphertext(rest)
  }

  private static func holdsInline(_ text: String) -> Bool {
    inline.contains { opening in
      ByteText.pieces(of: text, around: opening).dropFirst().contains { !isShellDefault(of: reading + $0) }
    }
  }

  /// True for what a shell takes for a variable and what to do where it is empty, as in `${vault:-8200}`.
  static func isShellDefault(of inner: String) -> Bool {
    let rest = inner.drop { $0 != ":" }.dropFirst()
    return rest.first.map("-=?+".contains) ?? false
  }

  /// True for a word before a colon that begins its references, or nearly does: `vault`, `valut`, and `bao`, which it
  /// asks OpenBao for.
  static func isScheme(_ word: String) -> Bool {
    let word = GoText.lowercased(word)
    return word == "bao" || "\(word):" == reading
      || NearestName.nearest(to: "\(word):", among: [reading], within: 1) != nil
  }

  /// True for text that its webhook fills the fields of a secret in: `${.user}`.
  static func isTemplate(_ text: String) -> Bool {
    ByteText.pieces(of: text, around: "${").dropFirst().contains { $0.utf8.first { $0 != ASCII.space } == ASCII.dot }
  }

  /// True for what its transit engine has encrypted: `v1:` and more.
  static func isCiphertext(_ rest: String) -> Bool {
    guard let digits = ByteText.rest(of: rest, after: "v")?.utf8.prefix(while: ASCII.isDigit), !digits.isEmpty else {
      return false
    }
    return ByteText.begins(String(rest.dropFirst(1 + digits.count)), with: ":")
  }
}
