package import ManifestText
package import Workloads

/// What the agents of a pod that HashiCorp's annotations ask for ask of Vault.
struct HashiCorpAccess {
  private let pod: HashiCorpPod
  private let configMaps: InputConfigMaps
  private var annotations: HashiCorpAnnotations { pod.annotations }

  init(_ pod: HashiCorpPod, beside configMaps: InputConfigMaps) {
    (self.pod, self.configMaps) = (pod, configMaps)
  }

  func access() throws(Diagnostic) -> VaultAccess {
    var access = VaultAccess(pod.brand.words.dialect, at: pod.template.path, asked: pod.requestPlace)
    guard !pod.agents.isEmpty else { return access }
    for row in [HashiCorpTable.initPatch.row, HashiCorpTable.patch.row] where changesRun(row) {
      access.add(.patch, at: annotations.place(row))
    }
    if let name = pod.configMap {
      try addConfigured(name, to: &access)
      return access
    }
    access.login = try login()
    for secret in pod.secrets { add(secret, to: &access) }
    for file in pod.variables.files { access.requests += file.sources.map { $0.request(file: file.path) } }
    addTokenUses(to: &access)
    return access
  }

  // MARK: Requests

  private func add(_ secret: HashiCorpSecret, to access: inout VaultAccess) {
    let file = secret.destination
    if let review = pod.review(of: secret) {
      access.add(review, from: .template(file: file), file: file)
    } else if !secret.templateFile.isEmpty {
      access.add(
        .templateFile(secret.templateFile), at: annotations.place(HashiCorpTable.templateFile.row, secret.name))
    } else {
      // With other delimiters than its own, the default template is written into the file as it is, or not understood.
      let text = pod.request.defaultTemplate.text(secret.path)
      access.add(defaultTemplate: text, secret.delimiters, file: file, at: secret.place)
    }
  }

  /// Where the application gets to use the agents' token.
  private func addTokenUses(to access: inout VaultAccess) {
    let request = pod.request
    if request.usesCache, pod.runsSidecar, annotations[HashiCorpTable.cacheToken] != "false" {
      access.add(
        .proxy(port: annotations[HashiCorpTable.cacheListenerPort]),
        at: annotations.place(HashiCorpTable.cacheEnable.row))
    }
    if request.writesToken {
      let path = GoText.joined(annotations[HashiCorpTable.secretsPath], "token")
      access.add(.tokenFile(path), at: annotations.place(HashiCorpTable.writesToken.row))
    }
  }

  /// True for a patch that may change what an agent asks.
  private func changesRun(_ row: AnnotationSchema.Row) -> Bool {
    guard let text = annotations.located(row)?.text, let operations = Value(json: Array(text.utf8))?.array else {
      return false
    }
    return operations.compactMap { $0["path"]?.string }.contains { path in
      ["/env", "/command", "/args"].contains { ByteText.begins(path, with: $0) } || path.isEmpty
    }
  }

  // MARK: A ConfigMap in place of annotations

  private func addConfigured(_ name: String, to access: inout VaultAccess) throws(Diagnostic) {
    let place = annotations.place(HashiCorpTable.configMap.row)
    guard let configMap = configMaps.named(name, in: pod.namespace) else {
      return access.add(.configMap(name), at: place)
    }
    for agent in pod.agents {
      guard let file = configMap.file(agent.configurationFile) else {
        access.add(.configurationFile(agent.configurationFile, of: name), at: place)
        continue
      }
      let configuration = AgentFile(file.text)
      if !configuration.isReadable || file.node == nil && !configuration.templates.isEmpty {
        access.add(.configurationFile(file.name, of: name), at: place)
      }
      if access.login == nil { access.login = try login(configuration, at: place) }
      for review in configMap.reviews(of: file) {
        access.add(review, from: .configMap(name, file: file.name), file: file.name)
      }
      for path in configuration.templateFiles { access.add(.templateFile(path), at: place) }
      if let proxy = configuration.proxy { access.add(proxy, at: place) }
    }
  }

  private func login(_ file: AgentFile, at place: Range<Int>?) throws(Diagnostic) -> VaultLogin? {
    guard let method = file.method else { return nil }
    var login = VaultLogin(
      address: pod.address, trust: trust, method: VaultLogin.Method(method.type),
      mount: VaultLogin.mount(method.mountPath.isEmpty ? method.type : method.mountPath), role: method.role,
      account: try account())
    let namespace = method.namespace.isEmpty ? file.vault.text("namespace") : method.namespace
    login.vaultNamespace = VaultLogin.trimmed(namespace)
    let (address, authority) = (file.vault.text("address"), file.vault.text("ca_cert"))
    if !address.isEmpty { login.address = address }
    if !authority.isEmpty { login.trust.authority = self.authority(at: authority) }
    if !file.vault.text("tls_server_name").isEmpty { login.trust.serverName = file.vault.text("tls_server_name") }
    if file.vault.isTrue("tls_skip_verify") { login.trust.skipsVerification = true }
    login.range = place
    return login
  }

  // MARK: Login

  private func login() throws(Diagnostic) -> VaultLogin {
    var login = VaultLogin(
      address: pod.address, trust: trust, method: VaultLogin.Method(pod.authType),
      mount: VaultLogin.mount(pod.authPath), account: try account())
    login.vaultNamespace = VaultLogin.trimmed(annotations[HashiCorpTable.namespace])
    // An AppRole is told by its role id, whatever else is said.
    guard login.method != .appRole else { return login }
    if let role = annotations[HashiCorpTable.role] {
      (login.role, login.range) = (role, annotations.located(HashiCorpTable.role.row)?.range)
    } else {
      login.role = annotations[HashiCorpTable.authParameter, "role"]
      login.range = annotations.located(HashiCorpTable.authParameter.row, "role")?.range
    }
    return login
  }

  private func account() throws(Diagnostic) -> VaultLogin.Account {
    let (token, settings) = (pod.request.token, pod.settings.operatorSettings)
    if token.isProjected {
      return try VaultLogin.Account(
        of: pod.template, in: pod.namespace, audience: settings.tokenAudience,
        tokenSeconds: settings.tokenExpirationSeconds)
    }
    return try VaultLogin.Account(of: pod.template, in: pod.namespace, tokenIn: token.volume)
  }

  private var trust: VaultTrust {
    var trust = VaultTrust(
      serverName: pod.tlsServerName, skipsVerification: pod.request.skipsTLSVerification,
      clientCertificate: annotations[HashiCorpTable.clientCertificate],
      clientKey: annotations[HashiCorpTable.clientKey])
    let (file, folder) = (pod.certificateAuthority, annotations[HashiCorpTable.caPath])
    let text = pod.settings.operatorSettings.caCertBytes
    if !text.isEmpty {
      trust.authority = .text(Base64.decoded(text.utf8).map { String(decoding: $0, as: UTF8.self) } ?? text)
    } else if !file.isEmpty {
      trust.authority = authority(at: file)
    } else if !folder.isEmpty {
      trust.authority = .file(folder)
    }
    return trust
  }

  /// What a file of the agents is mounted from, where the injection mounts it.
  private func authority(at file: String) -> VaultTrust.Authority {
    guard let volume = pod.tlsSource,
      let key = ByteText.rest(of: GoText.cleaned(file), after: HashiCorpPod.tlsPath + "/")
    else { return .file(file) }
    if let name = volume["configMap"]?["name"]?.string { return .configMap(name, key: key) }
    if let name = volume["secret"]?["secretName"]?.string { return .secret(name, key: key) }
    return .file(file)
  }
}

extension AgentDialect {
  package func access(
    of template: PodTemplate, namespace: String, beside configMaps: InputConfigMaps
  ) throws(Diagnostic) -> VaultAccess {
    let pod = try HashiCorpPod(template, namespace: namespace, settings: settings)
    try pod.check()
    return try HashiCorpAccess(pod, beside: configMaps).access()
  }
}
