internal import ManifestText

/// What a kubeconfig's cluster entry and the flags over it say about the server.
struct ClusterSettings {
  private let name: String
  private let entry: KubeconfigEntry?
  private let reader: ClientConfigurationReader
  private let server: String
  private(set) var findings: [Diagnostic] = []

  /// Brings an entry and the flags together; nil where neither names a server.
  init?(
    named name: EntryName, of kubeconfig: Kubeconfig, reader: ClientConfigurationReader
  ) throws(KubeconfigError) {
    let entry = try name.entry(.clusters, of: kubeconfig)
    if let server = reader.overrides.server {
      self.server = try FlagText.line(server, of: "--server")
    } else if let entry {
      guard let server = try entry.line("server") else { throw entry.error(at: nil, .clusterWithoutServer(name.text)) }
      self.server = server
    } else {
      return nil
    }
    (self.name, self.entry, self.reader) = (name.text, entry, reader)
    SecretsInUse.note(url: server)
    if try entry?.text("certificate-authority") != nil, try entry?.text("certificate-authority-data") != nil {
      findings.append(.dataAndFile("certificate-authority", of: "cluster", name.text))
    }
  }

  private var overrides: ClientOverrides { reader.overrides }

  private var serverOrigin: KubeconfigError.Origin {
    if overrides.server == nil, let entry { .entry(entry, key: "server") } else { .flag }
  }

  /// The configuration for the server, without credentials yet.
  func configuration() throws(KubeconfigError) -> ClientConfiguration {
    let url: ServerURL
    do throws(Diagnostic) {
      url = try ServerURL(server)
    } catch {
      throw serverOrigin.error(error)
    }
    var configuration = ClientConfiguration(server: url.text)
    // A name belongs to a server: it goes with the server it was written for.
    let named = overrides.server == nil ? entry : nil
    configuration.tlsServerName = try named.line("tls-server-name", flag: overrides.tlsServerName)
    configuration.proxy = try proxy()
    configuration.disablesCompression = try entry?.flag("disable-compression") ?? false
    if url.isSecure { try trust(&configuration) }
    return configuration
  }

  private func trust(_ configuration: inout ClientConfiguration) throws(KubeconfigError) {
    if overrides.skipsVerification || overrides.certificateAuthority != nil {
      guard let path = overrides.certificateAuthority else { return configuration.skipsVerification = true }
      if overrides.skipsVerification { throw KubeconfigError(.usage, .authorityAndNoVerification) }
      return configuration.certificateAuthority = try certificates(path, at: .flag)
    }
    guard let entry else { return }
    configuration.skipsVerification = try entry.flag("insecure-skip-tls-verify")
    if let data = try entry.data("certificate-authority-data") {
      let origin = KubeconfigError.Origin.entry(entry, key: "certificate-authority-data")
      configuration.certificateAuthority = try PEM.checked(data, "CERTIFICATE", at: origin)
    } else if let path = try entry.path("certificate-authority") {
      let origin = KubeconfigError.Origin.entry(entry, key: "certificate-authority")
      configuration.certificateAuthority = try certificates(path, at: origin)
    }
    if configuration.skipsVerification, configuration.certificateAuthority != nil {
      throw entry.error(at: "insecure-skip-tls-verify", .authorityAndNoVerification)
    }
  }

  private func certificates(_ path: String, at origin: KubeconfigError.Origin) throws(KubeconfigError) -> [UInt8] {
    try PEM.checked(reader.contents(of: path, at: origin), "CERTIFICATE", at: origin)
  }

  private func proxy() throws(KubeconfigError) -> String? {
    guard let entry, let proxy = try entry.line("proxy-url") else { return nil }
    SecretsInUse.note(url: proxy)
    guard ["http://", "https://", "socks5://"].contains(where: { proxy.lowercased().hasPrefix($0) }) else {
      throw entry.error(at: "proxy-url", .proxyScheme)
    }
    return proxy
  }

  /// The `config` for exec plugins that ask for it; nil where the entry has none.
  func pluginConfiguration() throws(KubeconfigError) -> Value? {
    for extended in try entry?.entries("extensions") ?? []
    where try extended.text("name") == "client.authentication.k8s.io/exec" {
      return try extended.value("extension")
    }
    return nil
  }
}

/// Certificates and keys between lines of dashes.
enum PEM {
  /// The bytes themselves where they hold a block of this kind, such as `CERTIFICATE`.
  static func checked(
    _ bytes: [UInt8], _ kind: String, at origin: KubeconfigError.Origin
  ) throws(KubeconfigError) -> [UInt8] {
    let text = String(decoding: bytes, as: UTF8.self)
    let holds = text.split(separator: "\n").contains { $0.hasPrefix("-----BEGIN ") && $0.contains(kind) }
    guard holds else { throw origin.error(.notPEM(kind)) }
    return bytes
  }
}

/// The API server's address in one form: a scheme, a host, perhaps a port, perhaps a path, no slash at its end.
struct ServerURL: Equatable {
  /// The URL.
  let text: String
  /// True for https.
  let isSecure: Bool

  /// Reads what a kubeconfig or `--server` says; without a scheme it is http, as kubectl has it.
  init(_ server: String) throws(Diagnostic) {
    var rest = server[...]
    if let mark = rest.firstIndex(where: { $0 == "?" || $0 == "#" }) { rest = rest[..<mark] }
    while rest.hasSuffix("/") { rest = rest.dropLast() }
    guard let scheme = rest.firstRange(of: "://") else {
      guard !rest.isEmpty, !rest.contains("/") else { throw .serverURL(server) }
      (text, isSecure) = ("http://\(rest)", false)
      return
    }
    let name = rest[..<scheme.lowerBound].lowercased()
    let host = rest[scheme.upperBound...].prefix { $0 != "/" }
    guard name == "https" || name == "http", !host.isEmpty, !host.contains(where: \.isWhitespace) else {
      throw .serverURL(server)
    }
    (text, isSecure) = ("\(name)\(rest[scheme.lowerBound...])", name == "https")
  }

  /// True where the host is this machine itself.
  var isLoopback: Bool {
    guard let start = text.firstRange(of: "://")?.upperBound else { return false }
    let authority = text[start...].prefix { $0 != "/" }
    let host = authority.hasPrefix("[") ? authority.dropFirst().prefix { $0 != "]" } : authority.prefix { $0 != ":" }
    return host == "localhost" || host == "::1" || ServerURL.isLoopbackNumber(host)
  }

  /// True for 127.0.0.0/8 written as four numbers; a name may begin like one.
  private static func isLoopbackNumber(_ host: Substring) -> Bool {
    let parts = host.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
  }
}
