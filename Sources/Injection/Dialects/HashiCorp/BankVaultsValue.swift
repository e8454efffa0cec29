internal import ManifestText

/// What becomes of a variable's value that Bank-Vaults' webhook may replace.
enum BankVaultsValue: Equatable {
  /// Nobody replaces it.
  case plain
  /// It is served as it is written.
  case served
  /// The same is served where it is written so.
  case written(String)
  /// Nothing else replaces it.
  case lost(Loss)

  /// Why a value cannot be had otherwise.
  enum Loss: Equatable, CaseIterable {
    case login, write, template, inline, ciphertext, version, variable, other
  }

  init(_ text: String) {
    guard BankVaults.replaces(text) else {
      self = .plain
      return
    }
    if let rest = ByteText.rest(of: text, after: BankVaults.reading) {
      self = BankVaultsValue.reading(rest)
    } else if ByteText.begins(text, with: BankVaults.writing) {
      self = .lost(.write)
    } else if let inner = BankVaultsValue.whole(text) {
      let value = BankVaultsValue.reading(inner)
      self = value == .served ? .written(BankVaults.reading + inner) : value
    } else {
      self = .lost(.inline)
    }
  }

  /// What is behind `vault:`: a path, a field or a template, and perhaps a version.
  private static func reading(_ rest: String) -> BankVaultsValue {
    if rest == "login" { return .lost(.login) }
    if BankVaults.isCiphertext(rest) { return .lost(.ciphertext) }
    let parts = rest.split(separator: "#", omittingEmptySubsequences: false).map(String.init)
    if parts.count > 2, parts.dropFirst().contains(where: { ByteText.holds($0, BankVaults.reading) }) {
      return .lost(.inline)
    }
    guard parts.count > 1, let field = field(parts[1]) else { return .lost(.template) }
    guard parts.count < 4, let path = path(parts[0], version: parts.count == 3 ? parts[2] : "") else {
      return .lost(.version)
    }
    let text = "\(BankVaults.reading)\(path)#\(field)"
    if ByteText.holds(rest, "$(") { return .lost(.variable) }
    guard VaultReference(text) != nil else { return .lost(.other) }
    return text == BankVaults.reading + rest ? .served : .written(text)
  }

  /// The path of a secret's version, as agents ask for it; nil where that is no number.
  static func path(_ path: String, version: String) -> String? {
    if version.isEmpty { return path }
    guard version.utf8.allSatisfy(ASCII.isDigit), !ByteText.holds(path, "?") else { return nil }
    return "\(path)?version=\(version)"
  }

  /// The one field that is meant, also by a template that is nothing but that; nil for other templates.
  private static func field(_ text: String) -> String? {
    guard ByteText.holds(text, "${") else { return text }
    guard let rest = ByteText.rest(of: text, after: "${"), rest.hasSuffix("}") else { return nil }
    var words = rest.dropLast()[...]
    while words.first == " " { words.removeFirst() }
    while words.last == " " { words.removeLast() }
    guard words.first == ".", case let name = words.dropFirst(), let first = name.utf8.first, !ASCII.isDigit(first),
      name.utf8.allSatisfy({ ASCII.isLetter($0) || ASCII.isDigit($0) || $0 == UInt8(ascii: "_") })
    else { return nil }
    return String(name)
  }

  /// What is between `${vault:` and `}`, where nothing else is there.
  private static func whole(_ text: String) -> String? {
    guard let rest = ByteText.rest(of: text, after: BankVaults.inline[0]), rest.hasSuffix("}") else { return nil }
    let inner = String(rest.dropLast())
    return ByteText.holds(inner, "${") || ByteText.holds(inner, "}") ? nil : inner
  }
}

extension BankVaultsValue.Loss {
  /// What the value is, in a sentence about it.
  var words: String {
    switch self {
    case .login: "asks for a token of Vault's"
    case .write: "is what Vault answers to a write"
    case .template: "is made of a secret by a template"
    case .inline: "has references among other text"
    case .ciphertext: "is decrypted with a key of Vault's"
    case .version: "names a version that is no number"
    case .variable: "depends on another variable"
    case .other: "names no path with a mount and a secret"
    }
  }

  /// What to do about it.
  func hint(_ brand: AgentBrand) -> String {
    let template = brand.fullKey(HashiCorpTable.template.row.key(of: "NAME"))
    return switch self {
    case .login: "\(brand.fullKey(HashiCorpTable.writesToken.key)): \"true\" writes one to a file"
    case .write: "a template can write, too, into a file: {{ with secret \"PATH\" \"KEY=VALUE\" }} in \(template)"
    case .template: "take the field as it is, vault:PATH#FIELD, or let \(template) write a file"
    case .inline: "give each reference a variable of its own, and put the text together in the application's command"
    case .ciphertext: "keep the value in a secret of Vault's, and refer to that: vault:PATH#FIELD"
    case .version: "write the version as a number, such as vault:secret/data/db?version=2#password"
    case .variable: "write the path out: Kubernetes fills $(NAME) in, and nobody tells the agent"
    case .other: "write it as in vault:secret/data/db#password"
    }
  }
}
