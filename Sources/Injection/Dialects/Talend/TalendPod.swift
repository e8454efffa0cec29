internal import ManifestText
internal import Workloads

/// A pod that asks for injection: what it asks, and what it is made of.
struct TalendPod {
  /// Where the webhook looks for the pod's service-account token.
  static let tokenPath = "/var/run/secrets/kubernetes.io/serviceaccount"
  /// Where the secrets volume is mounted unless the pod says otherwise.
  static let secretsPath = "/opt/talend/secrets"
  /// The name of the secrets volume.
  static let secretsVolume = "secrets"

  let template: PodTemplate
  let request: TalendRequest
  let schema: AnnotationSchema
  let containers: [Container]
  let initContainers: [Container]
  let applicationLabel: String
  let serviceLabel: String
  /// True where the agent runs as a native sidecar, which ends with the pod by itself.
  let isNative: Bool
  /// Where the annotations stand, for findings about one that is missing.
  let annotationsRange: Range<Int>?
  private let labelNames: (application: String, service: String)

  init(
    _ template: PodTemplate, _ annotations: Annotations, dialect: TalendDialect, findings: inout [Diagnostic]
  ) throws(Diagnostic) {
    self.template = template
    schema = dialect.annotations
    containers = try template.containers(.containers)
    initContainers = try template.containers(.initContainers)
    applicationLabel = try template.label(dialect.settings.knobs.applicationLabel) ?? ""
    serviceLabel = try template.label(dialect.settings.knobs.serviceLabel) ?? ""
    annotationsRange = annotations.range
    labelNames = (dialect.settings.knobs.applicationLabel, dialect.settings.knobs.serviceLabel)
    isNative = try TalendPod.runsNatively(annotations, dialect)
    let jobs = try TalendJobs(
      template, annotations, dialect, containerCount: containers.count, isNative: isNative)
    request = try jobs.request(findings: &findings)
  }

  /// The role to log in with; empty where nothing gives one.
  ///
  /// AppRole's role is in its role id.
  var role: String {
    let isAppRole = request.lowercasedAuth == TalendRequest.AuthMethod.approle.rawValue
    return request.role?.text ?? (isAppRole ? "" : applicationLabel)
  }

  /// The configuration says how agents run, and a pod may say otherwise; the webhook knows one way only.
  private static func runsNatively(
    _ annotations: Annotations, _ dialect: TalendDialect
  ) throws(Diagnostic) -> Bool {
    guard !dialect.settings.isExact else { return false }
    guard let value = try annotations.value(dialect.annotations.fullKey("sidecars")), !value.text.isEmpty else {
      return dialect.settings.knobs.sidecars == .native
    }
    guard let sidecars = Sidecars(rawValue: value.text) else {
      throw .unknownSidecars(value.text, range: value.range)
    }
    return sidecars == .native
  }

  // MARK: Checks

  /// Refuses what the webhook refuses, in its order and with its messages.
  func check() throws(Diagnostic) {
    guard !containers.isEmpty else { throw .talend(.noContainer, at: try specRange()) }
    let auth = request.lowercasedAuth
    guard let method = TalendRequest.AuthMethod(rawValue: auth) else {
      throw .talend(.unsupportedAuth(auth), at: request.auth?.range)
    }
    if method == .kubernetes, role.isEmpty {
      throw .talend(.noApplicationLabel(labelNames.application, schema.fullKey("role")), at: annotationsRange)
    }
    _ = try tokenVolumes()
    if request.modes.secrets { try checkSecrets(method) }
    if request.modes.secrets, request.secrets.asksForHook, request.modes.job, !isNative {
      throw .talend(.hookWithJob(schema.fullKey("secrets-hook")), at: request.secrets.hook?.range)
    }
  }

  private func checkSecrets(_ method: TalendRequest.AuthMethod) throws(Diagnostic) {
    let secrets = request.secrets
    guard TalendRequest.Secrets.Kind(rawValue: secrets.lowercasedType) != nil else {
      throw .talend(.unsupportedType(secrets.lowercasedType), at: secrets.type?.range)
    }
    guard TalendRequest.Secrets.Method(rawValue: secrets.lowercasedMethod) != nil else {
      throw .talend(.unsupportedMethod(secrets.lowercasedMethod), at: secrets.method?.range)
    }
    if secrets.isEnvironment, secrets.isDynamic { throw .talend(.dynamicEnvironment, at: secrets.method?.range) }
    // The webhook compares the annotation as it is written, so `AppRole` gets past it.
    if !secrets.isDynamic, request.auth?.text == TalendRequest.AuthMethod.approle.rawValue {
      throw .talend(.staticAppRole, at: request.auth?.range)
    }
    if secrets.path == nil, applicationLabel.isEmpty || serviceLabel.isEmpty {
      throw .talend(
        .noServiceLabels(labelNames.application, labelNames.service, schema.fullKey("secrets-path")),
        at: annotationsRange)
    }
    try checkCounts()
  }

  private func checkCounts() throws(Diagnostic) {
    let place = request.secrets.destination?.range ?? annotationsRange
    if let templates {
      guard templates.count == destinations.count else {
        throw .talend(.unequalTemplates(templates.count, destinations.count), at: place)
      }
    } else if paths.count != destinations.count {
      throw .talend(.unequalPaths(paths.count, destinations.count), at: place)
    }
  }

  private func specRange() throws(Diagnostic) -> Range<Int> {
    template.document.range(of: try template.spec() ?? template.node)
  }

  // MARK: Secrets

  private var paths: [String] {
    GoText.split(request.secrets.path?.text ?? "secret/\(applicationLabel)/\(serviceLabel)", at: ",")
  }

  var destinations: [String] {
    GoText.split(request.secrets.destination?.text ?? "secrets.properties", at: ",")
  }

  var templates: [String]? { request.secrets.template.map { GoText.split($0.text, at: "---") } }

  /// One file a destination.
  func renderedFiles() -> [TalendTemplate] {
    let commands = GoText.split(request.secrets.notify?.text ?? "", at: ",")
    let (paths, templates) = (paths, templates)
    return destinations.enumerated().map { index, destination in
      TalendTemplate(
        destination: destination, content: templates?[index], path: templates == nil ? paths[index] : "",
        command: index < commands.count ? commands[index] : "")
    }
  }

  // MARK: Service-account token

  /// The volumes to mount at the two paths configured containers name for a service-account token.
  struct TokenVolumes {
    /// The volume at the pod's usual path; nil where the pod has none and gets one.
    let standard: String?
    /// The volume the agent logs in with, where `sa-token` names another.
    let custom: String?
    /// True where the pod brings no token at all.
    var isMissing: Bool { standard == nil && custom == nil }
  }

  /// Finds the token's volumes as the webhook does: the first container that mounts the path.
  ///
  /// The webhook sees pods after Kubernetes has mounted the token; in a manifest nothing is mounted yet,
  /// which is no reason to refuse it.
  func tokenVolumes() throws(Diagnostic) -> TokenVolumes {
    let standard = try volume(mountedAt: TalendPod.tokenPath)
    guard let annotation = request.serviceAccountToken else { return TokenVolumes(standard: standard, custom: nil) }
    let suffix = "/token"
    let path = annotation.text.hasSuffix(suffix) ? String(annotation.text.dropLast(suffix.count)) : annotation.text
    if path == TalendPod.tokenPath { return TokenVolumes(standard: standard, custom: nil) }
    guard let custom = try volume(mountedAt: path) else { throw .talend(.noTokenMount(path), at: annotation.range) }
    return TokenVolumes(standard: standard, custom: custom)
  }

  private func volume(mountedAt path: String) throws(Diagnostic) -> String? {
    for container in containers {
      for mount in try container.volumeMounts() where ByteText.isEqual(mount.mountPath, path) { return mount.name }
    }
    return nil
  }
}
