internal import AgentTemplates
internal import ManifestText
internal import Workloads

/// The configuration of HashiCorp's agents as JSON, byte for byte what the webhook generates.
///
/// It is written straight as bytes: building and printing a value would cost more than the rest of an injection.
struct AgentConfiguration {
  /// What comes before the part in which the two agents differ, and what comes after the second such part.
  private let head: [UInt8]
  private let middle: [UInt8]
  private let tail: [UInt8]
  private let pod: HashiCorpPod

  /// - Throws: A `Diagnostic` where a number has no spelling in JSON.
  init(_ pod: HashiCorpPod) throws(Diagnostic) {
    self.pod = pod
    head = Self.login(pod)
    middle = Self.vaultAndTemplates(pod)
    tail = try Self.options(pod)
  }

  /// The whole of it, for the agent that ends after its first work or for the one that stays.
  func text(exitsAfterAuth: Bool) -> [UInt8] {
    var json = ConfigurationBytes(head)
    json.raw(exitsAfterAuth ? "true" : "false")
    json.bytes += middle
    appendCache(to: &json, isSidecar: !exitsAfterAuth)
    json.bytes += tail
    return json.bytes
  }

  /// Texts of which one stands in the variable with the configuration, in whatever form, where the agents ask this Vault.
  static func marks(ofAddress address: String) -> [String] {
    var json = ConfigurationBytes()
    json.raw("\"vault\":{\"address\":")
    json.text(address)
    return Base64.marks(of: json.bytes) + [
      "\"address\": \(String(decoding: JSONWriter.compact(.string(address)), as: UTF8.self))"
    ]
  }

  // MARK: Login

  private static func login(_ pod: HashiCorpPod) -> [UInt8] {
    let annotations = pod.annotations
    var json = ConfigurationBytes()
    json.raw("{\"auto_auth\":{\"method\":{\"type\":")
    json.text(pod.authType)
    json.member("mount_path", pod.authPath)
    json.member("min_backoff", annotations[HashiCorpTable.authMinBackoff])
    json.member("max_backoff", annotations[HashiCorpTable.authMaxBackoff])
    json.member("namespace", annotations[HashiCorpTable.namespace])
    json.raw(",\"config\":{")
    for (index, parameter) in parameters(pod).enumerated() {
      if index > 0 { json.raw(",") }
      json.text(parameter.name)
      json.raw(":")
      json.text(parameter.value)
    }
    json.raw("}")
    json.member("exit_on_err", pod.request.autoAuthExitsOnError)
    json.raw("},\"sink\":[")
    appendSink(pod.brand.token, to: &json)
    if pod.request.writesToken {
      json.raw(",")
      appendSink(GoText.joined(annotations[HashiCorpTable.secretsPath], "token"), to: &json)
    }
    json.raw("]},\"exit_after_auth\":")
    return json.bytes
  }

  private static func appendSink(_ path: String, to json: inout ConfigurationBytes) {
    json.raw("{\"type\":\"file\",\"config\":{\"path\":")
    json.text(path)
    json.raw("}}")
  }

  /// What the auth method gets, by name; a later annotation wins over an earlier one of the same name.
  private static func parameters(_ pod: HashiCorpPod) -> [(name: String, value: String)] {
    var parameters = [(name: "token_path", value: pod.request.token.path)]
    func set(_ name: String, _ value: String) {
      if let index = parameters.firstIndex(where: { ByteText.isEqual($0.name, name) }) { parameters.remove(at: index) }
      parameters.append((name, value))
    }
    for (name, value) in pod.annotations.members(of: HashiCorpTable.authParameter.row) {
      set(name.underscored, value.text)
    }
    if let role = pod.annotations[HashiCorpTable.role] { set("role", role) }
    return parameters.sorted { GoText.precedes($0.name, $1.name) }
  }

  // MARK: Vault and templates

  private static func vaultAndTemplates(_ pod: HashiCorpPod) -> [UInt8] {
    var json = ConfigurationBytes()
    json.member("pid_file", pod.brand.pidFile)
    json.raw(",\"vault\":{\"address\":")
    json.text(pod.address)
    json.member("ca_cert", pod.certificateAuthority)
    json.member("ca_path", pod.annotations[HashiCorpTable.caPath])
    json.member("tls_skip_verify", pod.request.skipsTLSVerification)
    json.member("client_cert", pod.annotations[HashiCorpTable.clientCertificate])
    json.member("client_key", pod.annotations[HashiCorpTable.clientKey])
    json.member("tls_server_name", pod.tlsServerName)
    json.raw("}")
    for (index, secret) in pod.secrets.enumerated() {
      json.raw(index == 0 ? ",\"template\":[" : ",")
      append(secret, pod, to: &json)
    }
    for (index, file) in pod.variables.files.enumerated() {
      json.raw(index == 0 && pod.secrets.isEmpty ? ",\"template\":[" : ",")
      append(file, pod, to: &json)
    }
    if !pod.secrets.isEmpty || !pod.variables.isEmpty { json.raw("]") }
    return json.bytes
  }

  private static func append(
    _ secret: HashiCorpSecret, _ pod: HashiCorpPod, to json: inout ConfigurationBytes
  ) {
    let defaultTemplate = pod.request.defaultTemplate
    json.raw("{\"destination\":")
    json.text(secret.destination)
    json.member("contents", secret.usesDefaultTemplate ? defaultTemplate.text(secret.path) : secret.template)
    json.raw(",\"left_delimiter\":")
    json.text(secret.leftDelimiter)
    json.raw(",\"right_delimiter\":")
    json.text(secret.rightDelimiter)
    json.member("command", secret.command)
    json.member("source", secret.templateFile)
    json.member("perms", secret.permissions)
    json.member("error_on_missing_key", secret.failsOnMissingKey)
    json.raw("}")
  }

  private static func append(
    _ file: HashiCorpVariables.File, _ pod: HashiCorpPod, to json: inout ConfigurationBytes
  ) {
    json.raw("{\"destination\":")
    json.text(file.path)
    json.member("contents", VariableRecords.template(of: file.sources))
    json.member("left_delimiter", TemplateDelimiters.standard.left)
    json.member("right_delimiter", TemplateDelimiters.standard.right)
    json.member("perms", pod.settings.operatorSettings.filePermissions)
    json.member("error_on_missing_key", true)
    json.raw("}")
  }

  // MARK: Cache

  /// The listener and the cache behind it: handed from the init container to the sidecar, or kept by the sidecar alone.
  private func appendCache(to json: inout ConfigurationBytes, isSidecar: Bool) {
    let request = pod.request
    let caches = pod.keepsCache || request.usesCache && isSidecar && pod.runsSidecar
    guard caches || request.enablesQuit else { return }
    json.raw(",\"listener\":[{\"type\":\"tcp\",\"address\":")
    json.text("127.0.0.1:" + pod.annotations[HashiCorpTable.cacheListenerPort])
    json.raw(",\"tls_disable\":true")
    if request.enablesQuit { json.raw(",\"agent_api\":{\"enable_quit\":true}") }
    json.raw("}],\"cache\":{")
    let token = caches ? pod.annotations[HashiCorpTable.cacheToken] : ""
    json.firstMember("use_auto_auth_token", token)
    if pod.keepsCache {
      json.raw(token.isEmpty ? "" : ",")
      json.raw("\"persist\":{\"type\":\"kubernetes\",\"path\":\"/vault/agent-cache\"")
      json.member("exit_on_err", request.cacheExitsOnError)
      json.raw("}")
    }
    json.raw("}")
  }

  // MARK: Options

  private static func options(_ pod: HashiCorpPod) throws(Diagnostic) -> [UInt8] {
    let annotations = pod.annotations
    var json = ConfigurationBytes()
    json.raw(",\"template_config\":{\"exit_on_retry_failure\":\(pod.request.exitsOnRetryFailure)")
    json.member("static_secret_render_interval", annotations[HashiCorpTable.renderInterval])
    if pod.request.maxConnectionsPerHost != 0 {
      json.raw(",\"max_connections_per_host\":\(pod.request.maxConnectionsPerHost)")
    }
    if pod.request.leaseRenewalThreshold != 0 {
      json.raw(",\"lease_renewal_threshold\":\(try threshold(pod))")
    }
    json.raw("}")
    json.member("disable_idle_connections", try annotations[HashiCorpTable.disableIdleConnections])
    json.member("disable_keep_alives", try annotations[HashiCorpTable.disableKeepAlives])
    if let telemetry = HashiCorpTelemetry.fitted(annotations) {
      json.raw(",\"telemetry\":")
      json.bytes += GoJSON.encode(telemetry)
    }
    json.raw("}")
    return json.bytes
  }

  private static func threshold(_ pod: HashiCorpPod) throws(Diagnostic) -> String {
    let row = HashiCorpTable.leaseRenewalThreshold
    do throws(GoParse.Failure) {
      return try GoJSON.encode(pod.request.leaseRenewalThreshold)
    } catch {
      throw .hashicorp(
        .patch, error.message, hint: "`\(row.key)` has to be \(row.type.accepted)",
        at: pod.annotations.place(row.row), saying: "`\(row.key)` has no place in the agent's configuration")
    }
  }
}

/// JSON in the making, as Go's encoder spells it.
private struct ConfigurationBytes {
  var bytes: [UInt8]

  init(_ bytes: [UInt8] = []) { self.bytes = bytes }

  mutating func raw(_ json: String) { bytes += json.utf8 }

  mutating func text(_ text: String) { GoJSON.append(text, to: &bytes) }

  /// A member after others, left out where its text is empty.
  mutating func member(_ name: String, _ value: String) {
    if !value.isEmpty { raw(",") }
    firstMember(name, value)
  }

  /// A member that no other comes before, left out where its text is empty.
  mutating func firstMember(_ name: String, _ value: String) {
    guard !value.isEmpty else { return }
    raw("\"\(name)\":")
    text(value)
  }

  /// A member after others, left out where it is false.
  mutating func member(_ name: String, _ truth: Bool) {
    if truth { raw(",\"\(name)\":true") }
  }

  /// A member after others, left out where the list is empty.
  mutating func member(_ name: String, _ list: [String]) {
    guard !list.isEmpty else { return }
    raw(",\"\(name)\":")
    for (index, element) in list.enumerated() {
      raw(index == 0 ? "[" : ",")
      text(element)
    }
    raw("]")
  }
}

extension String {
  /// The name of a parameter, as annotations spell it with dashes.
  var underscored: String { GoText.split(self, at: "-").joined(separator: "_") }
}
