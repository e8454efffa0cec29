package import ManifestText
package import Workloads

extension TalendDialect.Settings {
  /// The template for a secret that brings none.
  func defaultTemplate(for path: String) -> String {
    guard let configuration, configuration.origin == .webhook else { return DefaultTemplate.text(of: path) }
    return PlaceholderText(configuration.templateDefault).replacing("<VSI_SECRETS_VAULT_SECRETS_PATH>", with: path)
  }
}

extension TalendDialect {
  /// The annotations with the files in lists, those that the pod has first.
  package func wanted(_ request: SecretRequest, by template: PodTemplate) throws(Diagnostic) -> WantedAnnotations {
    let asks = try standing(of: template, namespace: "") == .asking
    let found = try template.annotations()
    var findings: [Diagnostic] = []
    let pod = try TalendPod(template, found, dialect: self, findings: &findings)
    if asks { try pod.check() }
    let hasFiles = asks && pod.request.modes.secrets
    var files = TalendFiles(hasFiles ? pod.renderedFiles() : [], settings)
    let place = pod.request.secrets.destinations.range ?? pod.annotationsRange
    let commands = pod.request.secrets.commands
    if commands.value.count > files.count { throw .commandForNewFile(at: commands.range) }
    for secret in request.secrets { try files.add(secret, for: request, at: place) }

    var wanted = WantedAnnotations()
    func want<Wanted>(
      _ row: TalendTable.Row<Wanted>, _ value: String?, takingOver: Bool = false, by option: String? = nil
    ) {
      wanted.want(annotations.fullKey(of: row.row), value, takingOver: takingOver, by: option)
    }
    if !asks { want(TalendTable.inject, "true") }
    if let role = request.role { want(TalendTable.role, role, by: "--role \(role)") }
    if asks, !hasFiles, let mode = try found.value(annotations.fullKey(of: TalendTable.mode.row)) {
      want(TalendTable.mode, "secrets,\(mode.text)", takingOver: true)
    }
    if request.usesEnvironment {
      want(TalendTable.secretsType, TalendRequest.Secrets.Kind.static_.rawValue)
      want(TalendTable.secretsMethod, TalendRequest.Secrets.Method.env.rawValue)
    }
    let secrets = pod.request.secrets
    let usual = secrets.destinations.source == nil ? pod.destinations.joined(separator: ",") : nil
    if files.destinations != usual {
      want(TalendTable.secretsDestination, files.destinations, takingOver: hasFiles, by: request.pathOption)
    }
    // The webhook wants paths where the labels that stand in for them are missing, and reads none beside templates.
    let hasLabels = !pod.labels.application.isEmpty && !pod.labels.service.isEmpty
    if !files.hasTemplates || !hasLabels {
      let keepsPaths = hasFiles && pod.templates != nil && secrets.paths.source != nil
      if !keepsPaths, !files.paths.isEmpty {
        want(TalendTable.secretsPath, files.paths, takingOver: hasFiles, by: request.pathOption)
      }
    } else if hasFiles, pod.templates == nil, secrets.paths.source != nil {
      want(TalendTable.secretsPath, nil, takingOver: true)
    }
    if let templates = files.templates {
      want(TalendTable.secretsTemplate, templates, takingOver: hasFiles, by: request.templateOption)
    }
    return wanted
  }
}

/// The files of a pod that asks for more of them.
private struct TalendFiles {
  private var files: [TalendTemplate]
  private let settings: TalendDialect.Settings

  init(_ files: [TalendTemplate], _ settings: TalendDialect.Settings) {
    (self.files, self.settings) = (files, settings)
  }

  /// - Throws: A `Diagnostic` where a file of the same name holds something else, or no list can hold the template.
  mutating func add(
    _ secret: RequestedSecret, for request: SecretRequest, at range: Range<Int>?
  ) throws(Diagnostic) {
    let content = secret.template(inEnvironment: request.usesEnvironment, always: false)
    if let content, GoText.split(content, at: TalendTable.templateSeparator).count > 1 {
      throw .separatorInTemplate(secret.name)
    }
    let file = TalendTemplate(destination: secret.name, content: content, path: secret.path)
    guard let index = files.firstIndex(where: { $0.destination == secret.name }) else { return files.append(file) }
    guard text(of: file) != text(of: files[index]) else { return }
    guard request.replaces else { throw .takenFile(secret.name, at: range) }
    (files[index].content, files[index].path) = (file.content, file.path)
  }

  private func text(of file: TalendTemplate) -> String { file.content ?? settings.defaultTemplate(for: file.path) }

  var count: Int { files.count }

  /// True where one of them brings a template, so that each has to.
  var hasTemplates: Bool { files.contains { $0.content != nil } }

  var destinations: String { files.map(\.destination).joined(separator: ",") }

  var paths: String { files.map(\.path).filter { !$0.isEmpty }.joined(separator: ",") }

  /// Nil where the injector's own will do.
  var templates: String? {
    guard hasTemplates else { return nil }
    return files.map(text).joined(separator: TalendTable.templateSeparator)
  }
}

extension Diagnostic {
  fileprivate static func commandForNewFile(at range: Range<Int>?) -> Diagnostic {
    Diagnostic(
      rule: .cannotAsk, message: "the pod has more commands than files, and a new file would get the next of them",
      hint: "take out of `\(TalendTable.notify.key)` what belongs to no file", range: range)
  }

  fileprivate static func takenFile(_ name: String, at range: Range<Int>?) -> Diagnostic {
    Diagnostic(
      rule: .cannotAsk, message: "the pod asks for a file `\(name)` already, with something else in it",
      hint: "give the file another name; or --force replaces what it holds", range: range)
  }

  fileprivate static func separatorInTemplate(_ name: String) -> Diagnostic {
    Diagnostic(
      rule: .cannotAsk,
      message: "the template of `\(name)` holds `---`, which stands between the templates of Talend's injector",
      hint: "write it as {{ \"--\" }}-")
  }
}
