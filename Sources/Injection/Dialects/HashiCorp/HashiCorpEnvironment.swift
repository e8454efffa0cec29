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
      variables.append(Self.variable(names.configuration, pod.configurationForm.value(of: json)))
    } else {
      variables += vault.map(Self.variable)
    }
    if !pod.settings.operatorSettings.caCertBytes.isEmpty {
      variables.append(Self.variable(names.authority, certificateAuthority))
    }
    if pod.authType == "aws" { variables += try aws() }
    return variables
  }

  private typealias Variable = (name: String, value: String)
  private var names: AgentBrand.Variables { pod.brand.variables }

  private var agent: [Variable] {
    let annotations = pod.annotations
    return [
      ("GOMAXPROCS", annotations[HashiCorpTable.goMaxProcs]),
      (names.timeout, annotations[HashiCorpTable.timeout]),
      (names.maxRetries, annotations[HashiCorpTable.maxRetries]),
      (names.logLevel, annotations[HashiCorpTable.logLevel]),
      (names.logFormat, annotations[HashiCorpTable.logFormat]),
      ("HTTPS_PROXY", annotations[HashiCorpTable.proxyAddress]),
    ]
  }

  /// What a configuration from a config map leaves to the environment.
  private var vault: [Variable] {
    let annotations = pod.annotations
    let variables: [Variable] = [
      (names.address, pod.address), (names.caCertificate, pod.certificateAuthority),
      (names.caPath, annotations[HashiCorpTable.caPath]),
      (names.clientCertificate, annotations[HashiCorpTable.clientCertificate]),
      (names.clientKey, annotations[HashiCorpTable.clientKey]),
      (names.skipVerify, pod.request.skipsTLSVerification ? "true" : "false"),
      (names.serverName, pod.tlsServerName),
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
