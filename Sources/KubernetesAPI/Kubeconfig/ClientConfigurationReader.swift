public import ManifestText

/// From kubeconfig files and flags to the way to a cluster, as kubectl finds it.
///
///     let reader = ClientConfigurationReader(overrides: overrides, host: host)
///     let result = try reader.read()    // throws KubeconfigError: place, finding, and who has to fix it
///     for warning in result.findings { … }
public struct ClientConfigurationReader: Sendable {
  /// What reading gives.
  public struct Result: Sendable {
    /// The way to the cluster.
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

  /// Prepares to read what flags and the machine say.
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
