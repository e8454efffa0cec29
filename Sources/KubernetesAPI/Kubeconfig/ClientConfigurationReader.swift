public import ManifestText

/// Finds the cluster and its user from kubeconfig files and flags, as kubectl does.
///
///     let reader = ClientConfigurationReader(overrides: overrides, host: host)
///     let result = try reader.read()    // throws KubeconfigError: place, finding, and who has to fix it
///     for warning in result.findings { … }
public struct ClientConfigurationReader: Sendable {
  /// The result of reading.
  public struct Result: Sendable {
    /// How to connect to the cluster.
    public let configuration: ClientConfiguration
    /// Warnings, none of which keeps the configuration from being used.
    public let findings: [Diagnostic]
  }

  let overrides: ClientOverrides
  let host: Host
  /// True where credentials may go to this machine itself without TLS, which only tests want.
  let trustsLoopback: Bool

  /// The variable that lets credentials go over plain http to loopback addresses.
  public static let loopbackVariable = "VAULT_INJECT_CREDENTIALS_OVER_LOOPBACK_HTTP"

  /// Prepares to read flags and the machine's files.
  public init(overrides: ClientOverrides, host: Host) {
    self.overrides = overrides
    self.host = host
    trustsLoopback = host.variable(ClientConfigurationReader.loopbackVariable) == "1"
  }

  /// Reads the files and brings them together with the flags.
  /// - Throws: A `KubeconfigError` for the first thing that cannot be read, is not accepted, or is not there.
  public func read() throws(KubeconfigError) -> Result {
    let kubeconfig = try Kubeconfig.load(naming: overrides.kubeconfig, on: host)
    let context = try context(of: kubeconfig)
    let user = try UserSettings(named: userName(context), of: kubeconfig, reader: self)
    let cluster = try ClusterSettings(named: clusterName(context), of: kubeconfig, reader: self)
    var configuration: ClientConfiguration
    var findings: [Diagnostic] = []
    if let cluster {
      configuration = try cluster.configuration()
      findings += cluster.findings + (try user.complete(&configuration, cluster))
    } else if let inside = try InClusterConfiguration(host)?.configuration(overrides) {
      configuration = inside
    } else {
      throw noCluster(kubeconfig, context)
    }
    try finish(&configuration, context)
    return Result(configuration: configuration, findings: findings)
  }

  // MARK: Context

  /// A context and what it is called; `entry` is nil where the name leads nowhere, which kubectl lets pass.
  private typealias Context = (name: String?, entry: KubeconfigEntry?)

  private func context(of kubeconfig: Kubeconfig) throws(KubeconfigError) -> Context {
    if let name = overrides.context {
      return (name, try kubeconfig.required(.contexts, name, flag: "--context"))
    }
    guard let name = try kubeconfig.currentContext else { return (nil, nil) }
    return (name, kubeconfig.entry(.contexts, name))
  }

  private func clusterName(_ context: Context) throws(KubeconfigError) -> EntryName {
    if let name = overrides.cluster { return EntryName(name, flag: "--cluster") }
    return EntryName(try context.entry?.text("cluster") ?? "", flag: nil)
  }

  private func userName(_ context: Context) throws(KubeconfigError) -> EntryName {
    if let name = overrides.user { return EntryName(name, flag: "--user") }
    return EntryName(try context.entry?.text("user") ?? "", flag: nil)
  }

  private func noCluster(_ kubeconfig: Kubeconfig, _ context: Context) -> KubeconfigError {
    if let name = context.name, context.entry == nil {
      return KubeconfigError(.unavailable, .currentContextMissing(name))
    }
    if let name = context.name, let entry = context.entry {
      return entry.error(at: "cluster", .contextWithoutCluster(name))
    }
    return KubeconfigError(.unavailable, .noCluster(missing: kubeconfig.missing))
  }

  // MARK: The rest

  private func finish(_ configuration: inout ClientConfiguration, _ context: Context) throws(KubeconfigError) {
    let isElsewhere = context.entry == nil || overrides.server != nil
    configuration.context = isElsewhere ? nil : context.name
    configuration.disablesCompression = configuration.disablesCompression || overrides.disablesCompression
    if let text = overrides.requestTimeout {
      guard let timeout = RequestTimeout.milliseconds(text) else {
        throw KubeconfigError(.usage, .requestTimeout(text))
      }
      configuration.timeoutMilliseconds = timeout
    }
    if let namespace = overrides.namespace {
      if let fault = RequestText.fault(ofPathPart: namespace) { throw KubeconfigError(.usage, .namespace("-n", fault)) }
      (configuration.namespace, configuration.namespaceIsForced) = (namespace, true)
    } else {
      let own = try context.entry?.text("namespace")
      if let own, let fault = RequestText.fault(ofPathPart: own), let entry = context.entry {
        throw entry.error(at: "namespace", .namespace("the context", fault))
      }
      configuration.namespace = own ?? InClusterConfiguration.namespace(host) ?? "default"
    }
  }
}

/// The name of an entry, and the flag that gave it, without which the entry may be missing.
struct EntryName {
  let text: String
  let flag: String?

  init(_ text: String, flag: String?) {
    self.text = text
    self.flag = flag
  }

  func entry(_ list: KubeconfigFile.List, of kubeconfig: Kubeconfig) throws(KubeconfigError) -> KubeconfigEntry? {
    guard let flag else { return kubeconfig.entry(list, text) }
    return try kubeconfig.required(list, text, flag: flag)
  }
}

extension ClientConfigurationReader {
  /// A file that a flag or an entry names.
  func contents(of path: String, at place: KubeconfigError.Origin) throws(KubeconfigError) -> [UInt8] {
    do throws(Host.FileFailure) {
      return try host.contents(path)
    } catch {
      throw place.error(.namedFile(path, error))
    }
  }
}

/// What the command line says about the cluster and the user, over what kubeconfig files say.
public struct ClientOverrides: Equatable, Sendable {
  /// The one kubeconfig file to read.
  public var kubeconfig: String?
  /// The context to use.
  public var context: String?
  /// The cluster to use instead of the context's.
  public var cluster: String?
  /// The user instead of the context's.
  public var user: String?
  /// The namespace of objects that name none.
  public var namespace: String?
  /// The API server's URL.
  public var server: String?
  /// The name to check the server's certificate against.
  public var tlsServerName: String?
  /// The file with the certificate authorities to trust.
  public var certificateAuthority: String?
  /// True where the server's certificate is not checked.
  public var skipsVerification = false
  /// True where no compressed answers are asked for.
  public var disablesCompression = false
  /// How long one request may take, as it is written.
  public var requestTimeout: String?
  /// The file with the certificate to show.
  public var clientCertificate: String?
  /// The file with that certificate's key.
  public var clientKey: String?
  /// The token to send.
  public var token: Secret?
  /// The name for basic authentication.
  public var username: String?
  /// The password for basic authentication.
  public var password: Secret?
  /// The user to act as.
  public var impersonatedUser: String?
  /// The id of the user to act as.
  public var impersonatedUID: String?
  /// The groups to act as a member of.
  public var impersonatedGroups: [String] = []
  /// Further facts about the user to act as, each as `key=value`.
  public var impersonatedExtra: [String] = []

  /// Overrides nothing.
  public init() {}
}

/// The value of `--request-timeout`, and of other flags that take a time.
package enum RequestTimeout {
  private static let units: [(name: String, milliseconds: Double)] = [
    ("ns", 1e-6), ("us", 1e-3), ("µs", 1e-3), ("μs", 1e-3), ("ms", 1), ("s", 1000), ("m", 60_000), ("h", 3_600_000),
  ]

  /// Milliseconds of a whole number of seconds, or of a duration as Go writes it (`1m30s`); nil for anything else.
  ///
  /// A duration shorter than a millisecond is one, because 0 means no limit.
  package static func milliseconds(_ text: String) -> Int? {
    if let seconds = Int(text) { return (0...Int(Int32.max)).contains(seconds) ? seconds * 1000 : nil }
    var rest = text[...]
    var sum = 0.0
    repeat {
      guard let part = takePart(from: &rest) else { return nil }
      sum += part
    } while !rest.isEmpty
    guard sum <= Double(Int32.max) * 1000 else { return nil }
    return sum > 0 ? max(1, Int(sum)) : 0
  }

  /// A number and its unit from the front, in milliseconds.
  private static func takePart(from rest: inout Substring) -> Double? {
    let digits = rest.prefix { $0.isASCII && $0.isNumber || $0 == "." }
    guard let amount = Double(digits) else { return nil }
    rest = rest[digits.endIndex...]
    let name = rest.prefix { !($0.isASCII && $0.isNumber) && $0 != "." }
    guard let unit = units.first(where: { $0.name == name }) else { return nil }
    rest = rest[name.endIndex...]
    return amount * unit.milliseconds
  }
}

/// The address and credentials that a pod has for the API server of its own cluster.
struct InClusterConfiguration {
  private static let folder = "/var/run/secrets/kubernetes.io/serviceaccount"

  private let host: Host
  private let server: String
  private let token: Secret

  /// Looks for it; nil where this runs in no pod, or in one without a service account's token.
  init?(_ host: Host) throws(KubeconfigError) {
    guard let address = host.nonEmptyVariable("KUBERNETES_SERVICE_HOST"),
      let port = host.nonEmptyVariable("KUBERNETES_SERVICE_PORT"),
      let token = try? host.contents("\(Self.folder)/token")
    else { return nil }
    self.host = host
    server = address.contains(":") ? "https://[\(address)]:\(port)" : "https://\(address):\(port)"
    self.token = Secret(TokenText.trimmed(token))
    if let name = RequestText.controlCharacter(in: self.token.exposedText) {
      throw KubeconfigError(at: "\(Self.folder)/token", .controlCharacter("the token", name))
    }
  }

  /// The configuration for the pod's own cluster; a token or authorities given by flags win.
  func configuration(_ overrides: ClientOverrides) throws(KubeconfigError) -> ClientConfiguration {
    var configuration = ClientConfiguration(server: server)
    configuration.certificateAuthority = try? host.contents("\(Self.folder)/ca.crt")
    if let path = overrides.certificateAuthority {
      do throws(Host.FileFailure) {
        configuration.certificateAuthority = try host.contents(path)
      } catch {
        throw KubeconfigError(.usage, .namedFile(path, error))
      }
    }
    configuration.user.impersonation = try Impersonating(nil, overrides).value()
    if let token = overrides.token {
      configuration.user.token = Secret(try FlagText.line(token.exposedText, of: "--token"))
    } else {
      configuration.user.token = token
      configuration.user.source = TokenFile("\(Self.folder)/token", fallback: token, on: host)
    }
    return configuration
  }

  /// The namespace of the pod this runs in; nil where this runs in none.
  static func namespace(_ host: Host) -> String? {
    guard host.nonEmptyVariable("KUBERNETES_SERVICE_HOST") != nil,
      host.nonEmptyVariable("KUBERNETES_SERVICE_PORT") != nil,
      (try? host.contents("\(folder)/token")) != nil
    else { return nil }
    if let name = host.nonEmptyVariable("POD_NAMESPACE") { return name }
    guard let bytes = try? host.contents("\(folder)/namespace") else { return nil }
    let name = String(decoding: TokenText.trimmed(bytes), as: UTF8.self)
    return name.isEmpty ? nil : name
  }
}
