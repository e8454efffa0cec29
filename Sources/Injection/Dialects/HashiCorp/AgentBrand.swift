internal import ManifestText

/// What one injector of the family that HashiCorp's began calls things: its annotations, what it injects, what it says.
///
/// The others are forks that do the same under other names, so that everything else in this folder holds for each.
package final class AgentBrand: Sendable {
  /// What is said about the dialect.
  struct Words: Sendable {
    /// What it is called on the command line, and in settings of its own.
    let dialect: String
    /// Whose annotations they are: `HashiCorp's injector`.
    let injector: String
    /// What its refusals call the server.
    let server: String
  }

  /// The images of its agents.
  struct Images: Sendable {
    /// The one that is used unless a setting names another.
    let usual: String
    /// The one that the webhook uses where its operator names none.
    let webhooks: String
  }

  /// Another injector's annotations that count as its own where it has none of the same name.
  package struct Former: Sendable {
    let prefix, requestKey, statusKey: String
    /// True where the webhook writes them under its own prefix.
    let isRewritten: Bool

    init(_ brand: AgentBrand, isRewritten: Bool) {
      (prefix, requestKey, statusKey) = (brand.prefix, brand.requestKey, brand.statusKey)
      self.isRewritten = isRewritten
    }
  }

  /// The environment variables of the agents, by what they say.
  struct Variables: Sendable {
    let timeout, maxRetries, logLevel, logFormat, configuration, authority: String
    let address, caCertificate, caPath, clientCertificate, clientKey, skipVerify, serverName: String

    init(_ prefix: String) {
      (timeout, maxRetries) = (prefix + "CLIENT_TIMEOUT", prefix + "MAX_RETRIES")
      (logLevel, logFormat) = (prefix + "LOG_LEVEL", prefix + "LOG_FORMAT")
      (configuration, authority) = (prefix + "CONFIG", prefix + "CACERT_BYTES")
      (address, caCertificate, caPath) = (prefix + "ADDR", prefix + "CACERT", prefix + "CAPATH")
      (clientCertificate, clientKey) = (prefix + "CLIENT_CERT", prefix + "CLIENT_KEY")
      (skipVerify, serverName) = (prefix + "SKIP_VERIFY", prefix + "TLS_SERVER_NAME")
    }
  }

  /// The annotations of an injector.
  struct Vocabulary: Sendable {
    /// Those of HashiCorp's injector that it does not have.
    let missing: [AnnotationSchema.Row]
    /// Those that it has.
    let schema: AnnotationSchema

    init(of brand: AgentBrand, without missing: [AnnotationSchema.Row] = []) {
      self.missing = missing
      schema = AnnotationSchema(
        prefix: brand.prefix,
        rows: HashiCorpTable.entries.map(\.row).filter { !missing.contains($0) }
          .map { $0.named(for: brand.words.dialect) },
        misnomers: HashiCorpTable.misnomers)
    }
  }

  let words: Words
  /// What stands before the slash in the annotations.
  let prefix: String
  let variables: Variables
  /// The key `agent-inject` after the prefix.
  let requestKey: String
  /// The key `agent-inject-status` after the prefix.
  let statusKey: String
  /// The key `injection` after the prefix.
  let recordKey: String
  /// What the agents' containers are called.
  let initContainer, sidecar: String
  /// What brings the program that starts applications with variables.
  let environmentHelper: String
  /// What the volumes are called.
  let secretsVolume, configMapVolume, tlsVolume, cacheVolume, tokenVolume: String
  /// What the agents write for themselves.
  let home, token, pidFile, configurationFile: String
  /// Where the token is mounted whose volume no container mounts.
  let unmountedTokenPath: String
  let images: Images
  /// True where its images have the program in `/bin`, whatever `PATH` says.
  let hasProgramInBin: Bool
  /// The variable with the token, for a program that looks for it elsewhere than the agents write it; nil where it does not.
  let tokenVariable: String?
  private let vocabulary: @Sendable () -> Vocabulary

  /// A brand whose name stands in those of containers, volumes and paths.
  ///
  /// Its annotations are made when they are first asked for, as most runs look at those of one dialect alone.
  init(
    _ words: Words, name: String, prefix: String, variables: String, tokenDomain: String, images: Images,
    hasProgramInBin: Bool, tokenVariable: String? = nil, vocabulary: @escaping @Sendable () -> Vocabulary
  ) {
    (self.words, self.prefix) = (words, prefix)
    (self.images, self.hasProgramInBin, self.tokenVariable) = (images, hasProgramInBin, tokenVariable)
    self.vocabulary = vocabulary
    self.variables = Variables(variables)
    (requestKey, statusKey) = ("\(prefix)/\(HashiCorpTable.inject.key)", "\(prefix)/\(HashiCorpTable.status.key)")
    recordKey = "\(prefix)/injection"
    (initContainer, sidecar) = (name + "-agent-init", name + "-agent")
    environmentHelper = name + "-agent-env"
    (secretsVolume, configMapVolume) = (name + "-secrets", name + "-config")
    (tlsVolume, cacheVolume, tokenVolume) = (name + "-tls-secrets", name + "-agent-cache", name + "-agent-token")
    home = "/home/" + name
    (token, pidFile, configurationFile) = (home + "/.\(name)-token", home + "/.pid", home + "/config.json")
    unmountedTokenPath = "/var/run/secrets/\(tokenDomain)/serviceaccount"
  }

  /// HashiCorp's own.
  static let hashiCorp: AgentBrand = AgentBrand(
    Words(dialect: HashiCorpSettings.dialect, injector: "HashiCorp's injector", server: "Vault"),
    name: "vault", prefix: "vault.hashicorp.com", variables: "VAULT_", tokenDomain: "vault.hashicorp.com",
    images: Images(usual: CommonDefaults.image, webhooks: CommonDefaults.image), hasProgramInBin: true,
    vocabulary: { hashiCorpVocabulary })

  private static let hashiCorpVocabulary: Vocabulary = Vocabulary(of: .hashiCorp)

  /// The annotations of HashiCorp's injector that it does not have.
  var missing: [AnnotationSchema.Row] { vocabulary().missing }

  /// The annotations that it has.
  var schema: AnnotationSchema { vocabulary().schema }

  /// The full key of an annotation.
  func fullKey(_ key: String) -> String { "\(prefix)/\(key)" }

  /// The path of a setting, of those that are one injector's alone the injector's own.
  func setting(_ path: String) -> String { AgentBrand.setting(path, of: words.dialect) }

  fileprivate static func setting(_ path: String, of dialect: String) -> String {
    guard let rest = ByteText.rest(of: path, after: HashiCorpSettings.dialect + ".") else { return path }
    return "\(dialect).\(rest)"
  }
}

extension AnnotationSchema.Row {
  /// The row with the dialect's own name of the setting that its default comes from.
  fileprivate func named(for dialect: String) -> AnnotationSchema.Row {
    guard let path = setting, case let own = AgentBrand.setting(path, of: dialect), own != path else { return self }
    return AnnotationSchema.Row(
      key, default: AnnotationDefault<HashiCorpAnnotations, Bool>.words(ofSetting: own), accepts: accepted, summary,
      conditions: conditions, setting: own, meaningOfEmpty: meaningOfEmpty, example: example, shape: shape,
      exampleName: exampleName)
  }
}
