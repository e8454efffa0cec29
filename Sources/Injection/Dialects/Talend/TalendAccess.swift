package import ManifestText
package import Workloads

/// What the agents of a pod that Talend's annotations ask for ask of Vault.
struct TalendAccess {
  private let pod: TalendPod
  private let settings: TalendDialect.Settings
  private let namespace: String
  private let requestPlace: Range<Int>?

  init(_ pod: TalendPod, _ settings: TalendDialect.Settings, in namespace: String, asked: Range<Int>?) {
    (self.pod, self.settings, self.namespace, requestPlace) = (pod, settings, namespace, asked)
  }

  private var request: TalendRequest { pod.request }
  private var operatorSettings: TalendSettings { settings.operatorSettings }

  func access() throws(Diagnostic) -> VaultAccess {
    var access = VaultAccess(TalendSettings.dialect, at: pod.template.path, asked: requestPlace)
    let modes = request.modes
    guard modes.secrets || modes.proxy || modes.job else { return access }
    access.login = try login()
    if modes.secrets { addRequests(to: &access) }
    if modes.proxy {
      access.add(.proxy(port: request.proxyPort.value), at: request.proxyPort.range ?? pod.modePlace ?? requestPlace)
    }
    return access
  }

  // MARK: Requests

  private func addRequests(to access: inout VaultAccess) {
    let templates = TalendTemplates(pod, settings.configuration)
    guard pod.templates == nil else {
      for (file, review) in templates.reviews() {
        if let review, !templates.hasOwnDelimiters {
          access.add(review, from: .template(file: file), file: file)
        } else {
          access.add(.template(file: file), at: request.secrets.templates.range)
        }
      }
      return
    }
    var places = pathPlaces[...]
    for file in pod.renderedFiles() {
      let place = places.popFirst() ?? pod.annotationsRange
      guard !templates.hasOwnDelimiters else {
        access.add(.template(file: file.destination), at: place)
        continue
      }
      access.add(defaultTemplate: templates.defaultText(at: file.path), file: file.destination, at: place)
    }
  }

  /// Where each of the paths is written, between the commas of one annotation; none where labels say them.
  private var pathPlaces: [Range<Int>] {
    guard let found = request.secrets.paths.source else { return [] }
    let places = ScalarPlaces(of: found.node, in: pod.template.document)
    var offset = 0
    return request.secrets.paths.value.map { path in
      defer { offset += path.utf8.count + 1 }
      return places.range(of: offset..<offset + path.utf8.count)
    }
  }

  // MARK: Login

  private func login() throws(Diagnostic) -> VaultLogin {
    let method = VaultLogin.Method(request.auth.value.text)
    var login = VaultLogin(
      address: operatorSettings.vaultAddress, method: method, mount: mount(of: method), role: pod.role,
      account: try account())
    login.range = request.role.range
    guard settings.areContainersOurs else {
      login.address = webhookVariable("VAULT_ADDR")
      login.vaultNamespace = VaultLogin.trimmed(webhookVariable("VAULT_NAMESPACE"))
      login.trust.serverName = webhookVariable("VAULT_TLS_SERVER_NAME")
      login.trust.skipsVerification = ["1", "t", "T", "TRUE", "true", "True"].contains(
        webhookVariable("VAULT_SKIP_VERIFY"))
      let file = webhookVariable("VAULT_CACERT")
      if !file.isEmpty { login.trust.authority = .file(file) }
      return login
    }
    login.vaultNamespace = VaultLogin.trimmed(operatorSettings.vaultNamespace)
    login.trust = trust
    return login
  }

  /// Where a method is mounted; nil where a webhook's configuration says it more than once.
  private func mount(of method: VaultLogin.Method) -> String? {
    guard !settings.areContainersOurs else {
      return method == .appRole ? operatorSettings.approleAuthPath : operatorSettings.kubernetesAuthPath
    }
    let paths = webhookContainers.flatMap(\.texts).flatMap { ByteText.pieces(of: $0, around: "mount_path").dropFirst() }
      .map { ByteText.pieces(of: $0, around: "\"") }
    guard let first = paths.first else { return method.name }
    let isOne = paths.allSatisfy { $0.count > 2 && $0[1] == first[1] } && !ByteText.holds(first[1], "<")
    return isOne ? VaultLogin.mount(first[1]) : nil
  }

  private var trust: VaultTrust {
    var trust = VaultTrust(
      serverName: operatorSettings.tlsServerName, skipsVerification: operatorSettings.tlsSkipVerify)
    if !operatorSettings.caConfigMap.isEmpty {
      trust.authority = .configMap(operatorSettings.caConfigMap, key: operatorSettings.caKey)
    } else if !operatorSettings.caSecret.isEmpty {
      trust.authority = .secret(operatorSettings.caSecret, key: operatorSettings.caKey)
    }
    return trust
  }

  private func account() throws(Diagnostic) -> VaultLogin.Account {
    let volumes = try pod.tokenVolumes()
    if volumes.isMissing {
      return try VaultLogin.Account(
        of: pod.template, in: namespace, audience: operatorSettings.tokenAudience,
        tokenSeconds: operatorSettings.tokenExpirationSeconds)
    }
    return try VaultLogin.Account(of: pod.template, in: namespace, tokenIn: volumes.custom ?? volumes.standard)
  }

  // MARK: A webhook's containers

  private var webhookContainers: [Value] {
    (settings.configuration?.containers ?? []) + (settings.configuration?.initContainers ?? [])
  }

  /// What a variable of the webhook's containers says; empty where none says it.
  private func webhookVariable(_ name: String) -> String {
    let containers = webhookContainers.map { AddedContainer($0, in: .containers) }
    return containers.lazy.compactMap { $0.variable(name) }.first ?? ""
  }
}

extension Value {
  /// Every text of a container's command and arguments.
  fileprivate var texts: [String] {
    ((self["command"]?.array ?? []) + (self["args"]?.array ?? [])).compactMap(\.string)
  }
}

extension TalendDialect {
  package func access(
    of template: PodTemplate, namespace: String, beside configMaps: InputConfigMaps
  ) throws(Diagnostic) -> VaultAccess {
    var findings: [Diagnostic] = []
    let annotations = try template.annotations()
    let pod = try TalendPod(template, annotations, dialect: self, findings: &findings)
    try pod.check()
    let asked = try annotations.value(requestKey)?.range
    return try TalendAccess(pod, settings, in: namespace, asked: asked).access()
  }
}
