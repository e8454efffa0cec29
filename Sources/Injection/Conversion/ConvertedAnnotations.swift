internal import ManifestText
internal import Workloads

/// What takes the place of Talend's annotations on a pod.
struct ConvertedAnnotations {
  /// An annotation of HashiCorp's, without its prefix.
  struct Annotation: Equatable {
    let key: String
    let value: String
  }

  /// What each of Talend's annotations turns into; those without one go.
  private(set) var successors: [String: Annotation] = [:]
  /// What has no predecessor, in order.
  private(set) var additions: [Annotation] = []
  /// Every key, in order of meaning.
  private(set) var keys: [String] = []

  private let present: [String]

  init(_ request: ConvertiblePod) {
    present = request.present.map(\.key)
    put("agent-inject", "true", for: ["inject"])
    addLogin(request)
    addAgents(request)
    for (index, file) in request.files.enumerated() { add(file, isFirst: index == 0, request) }
    if !request.files.isEmpty {
      put("secret-volume-path", TalendPod.secretsPath, for: ["secrets-destination"])
    }
    let interval = request.settings.knobs.renderInterval
    if !request.files.isEmpty, interval != ConvertedAnnotations.usualInterval {
      put("template-static-secret-render-interval", interval)
    }
  }

  /// The agent's own interval, and the permissions it gives its files.
  private static let usualInterval = "5m"
  private static let usualPermissions = "0644"

  /// Puts an annotation in the place of the first of its predecessors that is there and has no successor yet.
  private mutating func put(_ key: String, _ value: String, for predecessors: [String] = []) {
    let annotation = Annotation(key: key, value: value)
    keys.append(key)
    if let predecessor = predecessors.first(where: { present.contains($0) && successors[$0] == nil }) {
      successors[predecessor] = annotation
    } else {
      additions.append(annotation)
    }
  }

  private mutating func addLogin(_ request: ConvertiblePod) {
    let knobs = request.settings.knobs
    if let volume = request.tokenVolume {
      put("agent-service-account-token-volume-name", volume, for: ["sa-token"])
    }
    guard request.isAppRole else {
      put("role", request.pod.role, for: ["role"])
      if request.pod.request.auth.source != nil { put("auth-type", "kubernetes", for: ["auth"]) }
      if knobs.kubernetesAuthPath != "kubernetes" { put("auth-path", "auth/\(knobs.kubernetesAuthPath)") }
      return
    }
    put("auth-type", "approle", for: ["auth"])
    put("auth-path", "auth/\(knobs.approleAuthPath)")
    put("auth-config-role-id-file-path", "\(TalendPod.secretsPath)/\(knobs.approleRoleIDFile)")
    put("auth-config-secret-id-file-path", "\(TalendPod.secretsPath)/\(knobs.approleSecretIDFile)")
    put("auth-config-remove-secret-id-file-after-reading", "false")
  }

  private mutating func addAgents(_ request: ConvertiblePod) {
    if let image = request.pod.request.image.value { put("agent-image", image, for: ["vault-image"]) }
    if request.prePopulatesOnly {
      put("agent-pre-populate-only", "true", for: ["secrets-type"])
    } else if request.isNative {
      put("agent-native-sidecar", "true", for: ["sidecars", "mode", "workload"])
    } else if request.startsBesideTheApplication {
      put("agent-pre-populate", "false", for: ["secrets-type"])
    }
    guard request.usesProxy else { return }
    put("agent-cache-enable", "true", for: ["mode"])
    if let port = request.pod.request.proxyPort.source {
      put("agent-cache-listener-port", port.text, for: ["proxy-port"])
    }
  }

  private mutating func add(_ file: ConvertedFile, isFirst: Bool, _ request: ConvertiblePod) {
    func old(_ key: String) -> [String] { isFirst ? [key] : [] }
    if !file.path.isEmpty { put("agent-inject-secret-\(file.name)", file.path, for: old("secrets-path")) }
    // A changed template is best read after the others, over several lines.
    let isAsWritten = file.contents == request.pod.request.secrets.templates.source?.text
    put("agent-inject-template-\(file.name)", file.contents, for: isAsWritten ? old("secrets-template") : [])
    if file.name != file.destination {
      put("agent-inject-file-\(file.name)", file.destination, for: old("secrets-destination"))
    }
    if !file.command.isEmpty { put("agent-inject-command-\(file.name)", file.command, for: old("notify")) }
    let permissions = request.settings.knobs.filePermissions
    if permissions != ConvertedAnnotations.usualPermissions { put("agent-inject-perms-\(file.name)", permissions) }
  }
}

/// One file of secrets, as HashiCorp's annotations describe it.
struct ConvertedFile: Equatable {
  /// What stands for the file in the keys of its annotations.
  let name: String
  /// Where it is under the secrets volume.
  let destination: String
  /// The secret's path in Vault; empty where a template reads it.
  let path: String
  /// The template that renders the same bytes.
  let contents: String
  let command: String

  /// The files a pod asks for, each with a name of its own.
  static func files(of pod: TalendPod, _ settings: TalendDialect.Settings) -> [ConvertedFile] {
    var names: [String] = []
    return pod.renderedFiles().map { file in
      names.append(name(for: file.destination, among: names))
      let content = file.content ?? settings.configuration.defaultTemplate(for: file.path)
      return ConvertedFile(
        name: names[names.count - 1], destination: file.destination, path: file.path, contents: withEnding(content),
        command: file.command)
    }
  }

  // MARK: Names

  /// What is left of the API server's 63 characters after the longest key.
  private static let longestName = 63 - "agent-inject-template-".utf8.count

  private static func name(for destination: String, among names: [String]) -> String {
    let base = fitted(destination)
    for number in 2... {
      let suffix = number == 2 ? "" : "-\(number - 1)"
      let name = fitted(String(base.prefix(longestName - suffix.utf8.count))) + suffix
      if !names.contains(name) { return name }
    }
    return base
  }

  /// Lower-case letters, digits, dots, dashes and underscores, one of the first two at the end.
  private static func fitted(_ text: String) -> String {
    let letters = text.unicodeScalars.map { scalar in
      switch scalar {
      case "a"..."z", "0"..."9", ".", "-", "_": String(scalar)
      case "A"..."Z": String(scalar).lowercased()
      default: "-"
      }
    }
    var name = letters.joined()
    // The annotation of a template in a file begins like that of a template.
    if name.hasPrefix("file-") { name = "secret-" + name }
    name = String(name.prefix(longestName))
    while let last = name.last, !last.isLetter && !last.isNumber { name.removeLast() }
    return name.isEmpty ? "secret" : name
  }

  // MARK: Contents

  /// Talend's templates end with a line break more than they are written with.
  private static func withEnding(_ template: String) -> String {
    let blank: Set<Unicode.Scalar> = [" ", "\t", "\r", "\n"]
    let scalars = template.unicodeScalars.reversed().drop { blank.contains($0) }
    let trimmed = String(String.UnicodeScalarView(scalars.reversed()))
    // An action that ends in a dash takes what is after it away.
    if trimmed.hasSuffix("-}}"), GoTemplateText.isUnbalanced(String(trimmed.dropLast(3))) { return template }
    return template + (template.utf8.last == ASCII.lineFeed ? "{{ \"\\n\" }}" : "\n")
  }
}

extension TalendConfiguration {
  /// The template for a secret that brings none.
  func defaultTemplate(for path: String) -> String {
    let path = quoting == .hcl ? GoTemplateText.escaped(path) : path
    return PlaceholderText(templateDefault).replacing("<VSI_SECRETS_VAULT_SECRETS_PATH>", with: path)
  }
}
