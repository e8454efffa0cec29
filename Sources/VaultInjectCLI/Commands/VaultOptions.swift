internal import ArgumentParser
internal import Cluster
internal import KubernetesAPI
internal import ManifestText
internal import Output
internal import Platform

/// How Vault is reached from here, and as whom.
struct VaultOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Vault's address as it is known here, instead of $VAULT_ADDR and the pods' own.", valueName: "url"))
  var vaultUrl: String?

  @Flag(
    help: """
      Where the pods' address is not known here, ask through the API server's proxy for services. The tokens pass the \
      API server then, which does not check Vault's certificate.
      """)
  var throughCluster = false

  @Option(
    help: ArgumentHelp(
      "A file with a token to log in with, where the cluster is not to be asked for tokens.", valueName: "file"),
    completion: .file())
  var jwtFile: String?

  @Option(help: ArgumentHelp("A file with an AppRole's role id.", valueName: "file"), completion: .file())
  var roleIdFile: String?

  @Option(
    help: ArgumentHelp("A file with an AppRole's secret id, which each login uses once.", valueName: "file"),
    completion: .file())
  var secretIdFile: String?

  @Flag(
    help: """
      Log in as nobody: read the roles and policies with the token in $VAULT_TOKEN or ~/.vault-token, and match them \
      with the pods. It needs --vault-url or $VAULT_ADDR, as the token is not sent to the pods' own address.
      """)
  var asOperator = false

  func validate() throws {
    if let vaultUrl, !URLText.isURL(vaultUrl) {
      throw ValidationError(
        "--vault-url takes an address with http:// or https://", hint: "one looks like https://vault.example.com:8200")
    }
    if asOperator, throughCluster {
      throw ValidationError(
        "--through-cluster asks at the pods' address, to which --as-operator does not send your token",
        hint: "leave --through-cluster out, and name Vault's address as it is known here: --vault-url")
    }
  }

  /// The first of these options that is given; nil where none is.
  var given: String? {
    if vaultUrl != nil { return "--vault-url" }
    if throughCluster { return "--through-cluster" }
    if jwtFile != nil { return "--jwt-file" }
    if roleIdFile != nil { return "--role-id-file" }
    if secretIdFile != nil { return "--secret-id-file" }
    return asOperator ? "--as-operator" : nil
  }

  /// What the environment says, as Vault's own program reads it.
  static func settingsOfEnvironment() throws(Fault) -> PreflightSettings {
    var settings = PreflightSettings()
    if let address = Environment.nonEmpty("VAULT_ADDR") { settings.address = (address, "VAULT_ADDR") }
    if let url = settings.address?.url { SecretsInUse.note(url: url) }
    if let path = Environment.nonEmpty("VAULT_CACERT") {
      settings.authorities = (try contents(of: path, for: "VAULT_CACERT"), "VAULT_CACERT")
    }
    return settings
  }

  /// What the options and the environment ask for.
  func settings() throws(Fault) -> PreflightSettings {
    var settings = try VaultOptions.settingsOfEnvironment()
    settings.isThroughCluster = throughCluster
    if let vaultUrl {
      settings.address = (vaultUrl, "--vault-url")
      SecretsInUse.note(url: vaultUrl)
    }
    settings.identities.jwt = try jwtFile.map { (path) throws(Fault) in try secret(in: path, "--jwt-file") }
    settings.identities.roleID = try roleIdFile.map { (path) throws(Fault) in try secret(in: path, "--role-id-file") }
    settings.identities.secretID = try secretIdFile.map { (path) throws(Fault) in
      try secret(in: path, "--secret-id-file")
    }
    if asOperator {
      guard settings.address != nil else {
        throw Fault(.usage, .noOperatorAddress("--as-operator", "name Vault's address: --vault-url, or VAULT_ADDR"))
      }
      settings.operatorToken = try VaultOptions.operatorToken(for: "--as-operator")
    }
    return settings
  }

  /// The token of whoever runs the command, which an option needs.
  static func operatorToken(for option: String) throws(Fault) -> Secret {
    if let token = Environment.nonEmpty("VAULT_TOKEN") { return Secret(token) }
    guard let home = Environment.nonEmpty("HOME"), let bytes = try? OpenFile.contents(of: "\(home)/.vault-token"),
      let token = VaultOptions.word(bytes)
    else {
      throw Fault(.usage, .noOperatorToken(option))
    }
    return token
  }

  private func secret(in path: String, _ option: String) throws(Fault) -> Secret {
    guard let secret = VaultOptions.word(try VaultOptions.contents(of: path, for: option)) else {
      throw Fault(.missing, input: path, .emptyIdentity(option))
    }
    return secret
  }

  private static func contents(of path: String, for option: String) throws(Fault) -> [UInt8] {
    do throws(SystemError) {
      return try OpenFile.contents(of: path)
    } catch {
      throw Fault(.missing, input: path, .unreadableIdentity(option, error.reason))
    }
  }

  /// What a file holds without the white space around it; nil where that is nothing.
  private static func word(_ bytes: [UInt8]) -> Secret? {
    var word = bytes.drop(while: ASCII.isWhite)
    while let last = word.last, ASCII.isWhite(last) { word.removeLast() }
    return word.isEmpty ? nil : Secret(Array(word))
  }
}

extension Diagnostic {
  fileprivate static func noOperatorToken(_ option: String) -> Diagnostic {
    Diagnostic(
      rule: .noOperatorToken, message: "\(option) needs a token, and there is none in $VAULT_TOKEN or ~/.vault-token",
      hint: "log in first: vault login")
  }

  /// Manifests would else decide who gets the token of whoever reads them.
  static func noOperatorAddress(_ option: String, _ hint: String) -> Diagnostic {
    Diagnostic(
      rule: .noOperatorToken,
      message: "\(option) does not send your token to the address in a manifest, and you name no other", hint: hint)
  }

  fileprivate static func unreadableIdentity(_ option: String, _ reason: String) -> Diagnostic {
    Diagnostic(
      rule: .unreadableIdentity, message: "the file of \(option) cannot be read: \(reason)", hint: nil)
  }

  fileprivate static func emptyIdentity(_ option: String) -> Diagnostic {
    Diagnostic(rule: .unreadableIdentity, message: "the file of \(option) is empty", hint: nil)
  }
}
