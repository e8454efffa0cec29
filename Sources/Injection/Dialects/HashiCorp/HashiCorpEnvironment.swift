internal import ManifestText
internal import Workloads

/// The environment of HashiCorp's agents.
struct HashiCorpEnvironment {
  private static let awsNames = ["AWS_DEFAULT_REGION", "AWS_REGION", "AWS_ROLE_ARN", "AWS_WEB_IDENTITY_TOKEN_FILE"]

  let pod: HashiCorpPod
  /// The generated configuration; nil where a config map takes its place.
  let configuration: AgentConfiguration?

  /// Every variable, in order.
  func variables(isSidecar: Bool) throws(Diagnostic) -> [Value] {
    var variables = pod.settings.constants.fields
    variables += agent.filter { !$0.value.isEmpty }.map(Self.variable)
    if let configuration {
      let json = configuration.text(exitsAfterAuth: !isSidecar)
      variables.append(Self.variable("VAULT_CONFIG", pod.configurationForm.value(of: json)))
    } else {
      variables += vault.map(Self.variable)
    }
    if !pod.settings.operatorSettings.caCertBytes.isEmpty {
      variables.append(Self.variable("VAULT_CACERT_BYTES", certificateAuthority))
    }
    if pod.authType == "aws" { variables += try aws() }
    return variables
  }

  private typealias Variable = (name: String, value: String)

  private var agent: [Variable] {
    let annotations = pod.annotations
    return [
      ("GOMAXPROCS", annotations[HashiCorpTable.goMaxProcs]),
      ("VAULT_CLIENT_TIMEOUT", annotations[HashiCorpTable.timeout]),
      ("VAULT_MAX_RETRIES", annotations[HashiCorpTable.maxRetries]),
      ("VAULT_LOG_LEVEL", annotations[HashiCorpTable.logLevel]),
      ("VAULT_LOG_FORMAT", annotations[HashiCorpTable.logFormat]),
      ("HTTPS_PROXY", annotations[HashiCorpTable.proxyAddress]),
    ]
  }

  /// What a configuration from a config map leaves to the environment.
  private var vault: [Variable] {
    let annotations = pod.annotations
    let variables: [Variable] = [
      ("VAULT_ADDR", pod.address), ("VAULT_CACERT", pod.certificateAuthority),
      ("VAULT_CAPATH", annotations[HashiCorpTable.caPath]),
      ("VAULT_CLIENT_CERT", annotations[HashiCorpTable.clientCertificate]),
      ("VAULT_CLIENT_KEY", annotations[HashiCorpTable.clientKey]),
      ("VAULT_SKIP_VERIFY", pod.request.skipsTLSVerification ? "true" : "false"),
      ("VAULT_TLS_SERVER_NAME", pod.tlsServerName),
    ]
    return variables.filter { !$0.value.isEmpty }
  }

  /// Operators give it as it is, or in base64.
  private var certificateAuthority: String {
    let text = pod.settings.operatorSettings.caCertBytes
    return Base64.decoded(text.utf8).map { String(decoding: $0, as: UTF8.self) } ?? text
  }

  /// What EKS gives the pod's containers for its IAM role.
  private func aws() throws(Diagnostic) -> [Value] {
    var existing: [Container.Variable] = []
    for container in pod.containers { existing += try container.environment() }
    var variables = Self.awsNames.compactMap { name in
      existing.first { ByteText.isEqual($0.name, name) }.map { Self.variable($0.name, $0.value) }
    }
    if let region = pod.annotations.located(HashiCorpTable.authParameter.row, "region") {
      variables.append(Self.variable("AWS_REGION", region.text))
    }
    return variables
  }

  /// What the pod tells of itself.
  static func fields(isExact: Bool) -> [Value] {
    let fields = [("NAMESPACE", "metadata.namespace"), ("HOST_IP", "status.hostIP"), ("POD_IP", "status.podIP")]
    return fields.map { name, path in
      let reference: Value = isExact ? ["fieldPath": .string(path)] : .field(path)
      return ["name": .string(name), "valueFrom": ["fieldRef": reference]]
    }
  }

  private static func variable(_ name: String, _ value: String) -> Value {
    value.isEmpty ? ["name": .string(name)] : .variable(name, value)
  }
}
