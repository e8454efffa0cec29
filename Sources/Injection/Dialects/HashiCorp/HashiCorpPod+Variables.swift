package import ManifestText
package import Workloads

/// How a pod's containers get their variables.
extension HashiCorpPod {
  /// Where the program is put that reads variables, for images without a shell; nil where a shell does.
  var environmentProgram: String? {
    guard !variables.isEmpty, !settings.operatorSettings.environmentHelperImage.isEmpty else { return nil }
    return GoText.joined(annotations[HashiCorpTable.secretsPath], ".\(EnvironmentProgram.name)")
  }

  /// What stands before the command of a container.
  func wrapper(of receiver: HashiCorpVariables.Receiver) throws(Diagnostic) -> VariableWrapper {
    let restarts = variables.onChange == .restart && receiver.list == .containers
    return VariableWrapper(
      files: receiver.files, grace: restarts ? try template.gracePeriod() ?? 30 : nil, program: environmentProgram)
  }

  /// What a container without a command starts, as the settings or its image have it; nil where neither does.
  func entrypoint(of receiver: HashiCorpVariables.Receiver) throws(Diagnostic) -> [String]? {
    guard case .words(let words) = try settings.entrypoints.start(of: receiver.container, in: template) else {
      return nil
    }
    return words
  }

  // MARK: Refusals

  /// Refuses what would start an application without its variables.
  func checkVariables() throws(Diagnostic) {
    guard !variables.isEmpty else { return }
    for source in variables.sources {
      guard let found = ControlCharacter(in: source.path) else { continue }
      throw .controlCharacter(found, in: "the path of a secret", range: source.range)
    }
    if configMap != nil {
      throw .variables(
        "`\(HashiCorpTable.configMap.key)` takes the place of the configuration in which the agent is told of variables",
        "leave one of the two out", at: annotations.place(HashiCorpTable.configMap.row))
    }
    if !request.prePopulates {
      throw .variables(
        "without `\(HashiCorpTable.prePopulate.key)` the application starts before there are variables",
        "take \(HashiCorpTable.prePopulate.key) out", at: annotations.place(HashiCorpTable.prePopulate.row))
    }
    try checkRestart()
    try checkOrder()
    try checkFiles()
    try checkCommands()
    try checkPrograms()
  }

  private func checkRestart() throws(Diagnostic) {
    guard variables.onChange == .restart else { return }
    let row = HashiCorpTable.variablesOnChange
    if !runsSidecar {
      throw .variables(
        "with `\(HashiCorpTable.prePopulateOnly.key)` nothing notices that a secret changes",
        "take one of the two out", at: annotations.place(row.row))
    }
    if try template.restartPolicy() == "Never" {
      throw .variables(
        "the pod's `restartPolicy` is Never: an application that is ended is not started again",
        "make it OnFailure or Always, or take \(row.key) out", at: annotations.place(row.row))
    }
  }

  /// Init containers of the pod's own that refer to secrets start after the agent, or not at all.
  private func checkOrder() throws(Diagnostic) {
    guard !request.putsInitFirst, let early = variables.receivers.first(where: { $0.list == .initContainers }),
      let source = early.own.first
    else { return }
    throw .variables(
      "the init container `\(early.name)` starts before the agent has written its variables",
      "set \(HashiCorpTable.initFirst.key): \"true\"", at: source.range)
  }

  /// What an agent writes over the variables, no application could read as such.
  private func checkFiles() throws(Diagnostic) {
    let taken = variables.files.map(\.path) + [environmentProgram].compactMap(\.self)
    for secret in secrets where taken.contains(GoText.cleaned(secret.destination)) {
      throw .variables(
        "the file of `\(secret.name)` would stand where variables do, at \(secret.destination)",
        "give it another name in \(HashiCorpTable.file.row.key(of: secret.name))", at: secret.place)
    }
  }

  /// `env` would take a program with such a name for a variable, and print all of them.
  private func checkPrograms() throws(Diagnostic) {
    guard environmentProgram == nil else { return }
    for receiver in variables.receivers {
      let command = try receiver.container.firstWord(of: "command")
      let image = command == nil ? try entrypoint(of: receiver)?.first : nil
      let written = command == nil && image == nil ? try receiver.container.firstWord(of: "args") : command
      let name = image ?? written?.name ?? ""
      guard name.utf8.contains(UInt8(ascii: "=")) else { continue }
      let place = try receiver.container.namePlace()
      throw .variables(
        "the shell would take the command `\(name)` of the container `\(receiver.name)` for a variable",
        "start it by a name without =, or name an image of the static helper in environmentHelper.image",
        at: written?.range ?? place)
    }
  }

  private func checkCommands() throws(Diagnostic) {
    var missing: [HashiCorpVariables.Receiver] = []
    var remark: String?
    for receiver in variables.receivers where try !receiver.container.hasCommand() {
      switch try settings.entrypoints.start(of: receiver.container, in: template) {
      case .words: continue
      case .unfit(let image): throw .unfitImage(image, rule: .environmentImpossible)
      case .unknown(let image):
        if missing.isEmpty { remark = image?.remark }
        missing.append(receiver)
      }
    }
    guard let first = missing.first else { return }
    throw .noCommand(
      missing.map(\.name), hasArguments: try first.container.hasArguments(), isShared: first.own.isEmpty,
      remark: remark, at: try first.container.namePlace())
  }

  // MARK: Notes

  /// What there is to know of a pod with variables.
  func variableNotes(isLinting: Bool) -> [Diagnostic] {
    guard !variables.isEmpty else { return [] }
    var notes: [Diagnostic] = []
    if environmentProgram == nil { notes.append(.shellNeeded(range: variables.range)) }
    if isLinting { notes.append(.unknownToWebhook(brand.words.injector, at: variables.range)) }
    return notes
  }
}

extension AgentDialect {
  /// Variables are what no webhook knows.
  package func unknownToWebhook(
    in template: PodTemplate, namespace: String
  ) throws(Diagnostic) -> Diagnostic? {
    let pod = try HashiCorpPod(template, namespace: namespace, settings: settings)
    guard !pod.variables.isEmpty else { return nil }
    var warning = Diagnostic.unknownToWebhook(Self.injector, at: pod.variables.range)
    warning.severity = .warning
    return warning
  }
}

extension Container {
  /// The first word of its `command` or `args`; nil where it has none.
  fileprivate func firstWord(of key: String) throws(Diagnostic) -> (name: String, range: Range<Int>)? {
    try items(of: key).first.map { (document.text(of: $0), document.range(of: $0)) }
  }
}
