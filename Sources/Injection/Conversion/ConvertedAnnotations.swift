internal import ManifestText
internal import Workloads

/// What takes the place of Talend's annotations on a pod.
struct ConvertedAnnotations {
  /// An annotation of the injector that is asked then, without its prefix.
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
    put(HashiCorpTable.inject.key, "true", for: [TalendTable.inject.key])
    addLogin(request)
    addAgents(request)
    for (index, file) in request.files.enumerated() {
      if request.isEnvironment {
        add(variablesOf: file, isFirst: index == 0)
      } else {
        add(file, isFirst: index == 0, request)
      }
    }
    if request.isEnvironment { return }
    if !request.files.isEmpty {
      put(HashiCorpTable.secretsPath.key, TalendPod.secretsPath, for: [TalendTable.secretsDestination.key])
    }
    let interval = request.settings.operatorSettings.renderInterval
    if !request.files.isEmpty, interval != HashiCorpTable.usualRenderInterval {
      put(HashiCorpTable.renderInterval.key, interval)
    }
  }

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
    let operatorSettings = request.settings.operatorSettings
    if let volume = request.tokenVolume {
      put(HashiCorpTable.tokenVolume.key, volume, for: [TalendTable.serviceAccountToken.key])
    }
    guard request.isAppRole else {
      put(HashiCorpTable.role.key, request.pod.role, for: [TalendTable.role.key])
      if request.pod.request.auth.source != nil {
        put(HashiCorpTable.authType.key, "kubernetes", for: [TalendTable.auth.key])
      }
      if operatorSettings.kubernetesAuthPath != "kubernetes" {
        put(HashiCorpTable.authPath.key, "auth/\(operatorSettings.kubernetesAuthPath)")
      }
      return
    }
    put(HashiCorpTable.authType.key, "approle", for: [TalendTable.auth.key])
    put(HashiCorpTable.authPath.key, "auth/\(operatorSettings.approleAuthPath)")
    put(
      HashiCorpTable.authParameter.row.key(of: "role-id-file-path"),
      "\(TalendPod.secretsPath)/\(operatorSettings.approleRoleIDFile)")
    put(
      HashiCorpTable.authParameter.row.key(of: "secret-id-file-path"),
      "\(TalendPod.secretsPath)/\(operatorSettings.approleSecretIDFile)")
    put(HashiCorpTable.authParameter.row.key(of: "remove-secret-id-file-after-reading"), "false")
  }

  private mutating func addAgents(_ request: ConvertiblePod) {
    if let image = request.pod.request.image.value {
      put(HashiCorpTable.image.key, image, for: [TalendTable.image.key])
    }
    if request.prePopulatesOnly {
      put(HashiCorpTable.prePopulateOnly.key, "true", for: [TalendTable.secretsType.key])
    } else if request.isNative {
      put(
        HashiCorpTable.nativeSidecar.key, "true",
        for: [TalendTable.sidecars.key, TalendTable.mode.key, TalendTable.workload.key])
    } else if request.startsBesideTheApplication {
      put(HashiCorpTable.prePopulate.key, "false", for: [TalendTable.secretsType.key])
    }
    guard request.usesProxy else { return }
    put(HashiCorpTable.cacheEnable.key, "true", for: [TalendTable.mode.key])
    if let port = request.pod.request.proxyPort.source {
      put(HashiCorpTable.cacheListenerPort.key, port.text, for: [TalendTable.proxyPort.key])
    }
  }

  private mutating func add(variablesOf file: ConvertedFile, isFirst: Bool) {
    guard let (path, choice) = file.variables else { return }
    let old = [TalendTable.secretsPath.key, TalendTable.secretsTemplate.key]
    put(HashiCorpTable.secret.row.key(of: file.name), path, for: isFirst ? old : [])
    put(
      HashiCorpTable.variablesOfOne.row.key(of: file.name), choice,
      for: isFirst ? [TalendTable.secretsMethod.key] : [])
  }

  private mutating func add(_ file: ConvertedFile, isFirst: Bool, _ request: ConvertiblePod) {
    func old<Value>(_ row: TalendTable.Row<Value>) -> [String] { isFirst ? [row.key] : [] }
    func new(_ row: HashiCorpTable.Row<String>) -> String { row.row.key(of: file.name) }
    if !file.path.isEmpty { put(new(HashiCorpTable.secret), file.path, for: old(TalendTable.secretsPath)) }
    // A changed template is best read after the others, over several lines.
    let isAsWritten = file.contents == request.pod.request.secrets.templates.source?.text
    put(new(HashiCorpTable.template), file.contents, for: isAsWritten ? old(TalendTable.secretsTemplate) : [])
    if file.name != file.destination {
      put(new(HashiCorpTable.file), file.destination, for: old(TalendTable.secretsDestination))
    }
    if !file.command.isEmpty { put(new(HashiCorpTable.command), file.command, for: old(TalendTable.notify)) }
    let permissions = request.settings.operatorSettings.filePermissions
    if permissions != HashiCorpTable.usualPermissions { put(new(HashiCorpTable.permissions), permissions) }
  }
}

/// One file of secrets, as HashiCorp's annotations describe it.
struct ConvertedFile {
  /// What stands for the file in the keys of its annotations.
  let name: String
  /// Where it is under the secrets volume.
  let destination: String
  /// The secret's path in Vault; empty where a template reads it.
  let path: String
  /// The template that renders the same bytes.
  let contents: String
  let command: String
  /// What asks for its lines as variables; nil where that cannot be told of its template.
  let variables: (path: String, choice: String)?

  /// The files a pod asks for, each with a name of its own.
  static func files(of pod: TalendPod, _ settings: TalendDialect.Settings) -> [ConvertedFile] {
    var names: Set<String> = []
    return pod.renderedFiles().map { file in
      let content = file.content ?? settings.defaultTemplate(for: file.path)
      return ConvertedFile(
        name: SecretName.fitting(file.destination, among: &names), destination: file.destination, path: file.path,
        contents: withEnding(content), command: file.command,
        variables: ConvertedVariables.of(path: file.path, template: file.content))
    }
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
