internal import ManifestText
internal import Workloads

/// What a policy knows of a pod in Talend's dialect: its variables, in the words of ``TalendNeeds`` where it has some.
struct TalendTerms {
  /// As many files as can be looked at one by one within what the API server lets an expression cost.
  static let mostFiles = 256

  private let dialect: TalendDialect
  private(set) var variables = AdmissionVariables()

  init(_ dialect: TalendDialect) {
    self.dialect = dialect
    addPod()
    for row in TalendTable.rows where row !== TalendTable.inject.row && row !== TalendTable.status.row {
      variables.add(Self.name(of: row.key), Self.annotation(dialect.annotations.fullKey(of: row)))
    }
    addModes()
    addLogin()
    addFiles()
  }

  /// An annotation's text; empty where it is absent.
  static func annotation(_ key: String) -> String { "variables.annotations[?\(CELText.string(key))].orValue('')" }

  /// The variable with the text of an annotation.
  static func text<Value>(_ row: TalendTable.Row<Value>) -> String { "variables.\(name(of: row.key))" }

  /// The same, or the text that holds where it is absent or empty.
  func orUsual<Value>(_ row: TalendTable.Row<Value>) -> String {
    guard case .text(let fallback, _) = row.fallback.content(source()) else {
      preconditionFailure("the default of \(row.key) is no text")
    }
    return Self.orElse(Self.text(row), CELText.string(fallback))
  }

  private static func orElse(_ text: String, _ fallback: String) -> String { "(\(text) == '' ? \(fallback) : \(text))" }

  /// `secretsPath` of `secrets-path`.
  private static func name(of key: String) -> String {
    let words = ByteText.pieces(of: key, around: "-")
    return words[0] + words.dropFirst().map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
  }

  // MARK: The pod

  private mutating func addPod() {
    func label(_ key: String) -> String { "object.metadata.?labels.orValue({})[?\(CELText.string(key))].orValue('')" }
    variables.add("annotations", "object.metadata.?annotations.orValue({})")
    variables.add("application", label(dialect.settings.operatorSettings.applicationLabel))
    variables.add("service", label(dialect.settings.operatorSettings.serviceLabel))
    variables.add("containers", "object.spec.?containers.orValue([])")
    variables.add("initContainers", "object.spec.?initContainers.orValue([])")
    variables.add("volumeNames", "object.spec.?volumes.orValue([]).map(v, v.name)")
  }

  // MARK: What the agent does

  private mutating func addModes() {
    let lists = "variables.modes"
    variables.add("modes", "\(orUsual(TalendTable.mode)).split(',')")
    let together = CELText.list(TalendModes.wordsForSecretsToo)
    func isNamed(_ word: TalendModes.Word) -> String { "\(CELText.string(word.rawValue)) in \(lists)" }
    variables.add("wantsSecrets", "\(isNamed(.secrets)) || \(lists) == \(together)")
    variables.add("wantsProxy", isNamed(.proxy))
    let workload = "\(Self.text(TalendTable.workload)) == \(CELText.string(TalendTable.jobWorkload))"
    variables.add("wantsJob", "\(isNamed(.job)) || \(workload)")
    variables.add("secretsKind", "\(orUsual(TalendTable.secretsType)).lowerAscii()")
    let dynamic = CELText.string(TalendRequest.Secrets.Kind.dynamic.rawValue)
    variables.add("injection", "\(orUsual(TalendTable.secretsMethod)).lowerAscii()")
    variables.add("keepsFiles", "variables.wantsSecrets && variables.secretsKind == \(dynamic)")
    variables.add("rendersOnce", "variables.wantsSecrets && variables.secretsKind != \(dynamic)")
    variables.add("runsAgent", "variables.keepsFiles || variables.wantsProxy")
    addSidecars()
    let yes = "\(Self.text(TalendTable.secretsHook)).lowerAscii() in \(CELText.list(TalendTable.yesWords))"
    variables.add("waits", "variables.keepsFiles && !variables.isNative && \(yes)")
  }

  /// How the agent runs beside the application.
  private mutating func addSidecars() {
    let way = Self.orElse(
      Self.text(TalendTable.sidecars), CELText.string(dialect.settings.operatorSettings.sidecars.rawValue))
    let ends = "object.spec.?restartPolicy.orValue('') in \(CELText.list(PodTemplate.endingPolicies))"
    func holds(_ sidecars: Sidecars) -> String { "variables.way == \(CELText.string(sidecars.rawValue))" }
    variables.add("way", way)
    variables.add("isNative", "\(holds(.native)) || \(holds(.auto)) && \(ends)")
  }

  // MARK: The login

  private mutating func addLogin() {
    variables.add("method", "\(orUsual(TalendTable.auth)).lowerAscii()")
    variables.add("loginRole", Self.orElse(Self.text(TalendTable.role), "variables.application"))
    let mounted = "c.?volumeMounts.orValue([]).filter(m, m.mountPath == \(CELText.string(TalendPod.tokenPath)))"
    let found = "variables.containers.map(c, \(mounted).map(m, m.name)).flatten()"
    variables.add("tokenVolume", "(\(found) + \(CELText.list([BuiltInVolumes.token])))[0]")
  }

  // MARK: The files

  private mutating func addFiles() {
    variables.add("destinations", "\(orUsual(TalendTable.secretsDestination)).split(',')")
    variables.add("paths", "\(Self.orElse(Self.text(TalendTable.secretsPath), usualPath())).split(',')")
    let template = Self.text(TalendTable.secretsTemplate)
    let separator = CELText.string(TalendTable.templateSeparator)
    variables.add("templates", "\(template) == '' ? [] : \(template).split(\(separator))")
    let commands = Self.text(TalendTable.notify)
    variables.add("commands", "\(commands) == '' ? [] : \(commands).split(',')")
    let sizes = ["destinations", "commands"].map { "variables.\($0).size() <= \(Self.mostFiles)" }
    variables.add("hasFewFiles", "variables.wantsSecrets && \(sizes.joined(separator: " && "))")
    addFaults()
    let mark = "VAULTINJECTPATH"
    let usual = CELTree(text: DefaultTemplate.text(of: mark), [CELMark(mark, TalendQuoting.template("path"))])
    variables.add(
      "contents",
      """
      variables.templates.size() > 0
        ? variables.templates
        : variables.paths.map(path, \(usual.expression(indent: 4)))
      """)
  }

  /// What is wrong with single destinations and commands.
  ///
  /// Sentences about them are made for every pod, so that they must not look for it themselves.
  private mutating func addFaults() {
    let (files, commands) = ("variables.destinations", "variables.commands")
    variables.add(
      "outside",
      """
      variables.hasFewFiles
        ? \(files).filter(d, d in ['', '.', '..'] || d.startsWith('/') || d.startsWith('../')) : []
      """
    )
    variables.add(
      "namedTwice",
      """
      variables.hasFewFiles && \(files).distinct().size() < \(files).size()
        ? \(files).filter(d, \(files).filter(e, e == d).size() > 1) : []
      """)
    variables.add(
      "surplus",
      """
      variables.hasFewFiles && \(commands).size() > \(files).size()
        ? \(commands).slice(\(files).size(), \(commands).size()).filter(c, c != '') : []
      """)
  }

  /// The path that the labels stand for.
  private func usualPath() -> String {
    let (application, service) = ("VAULTINJECTAPPLICATION", "VAULTINJECTSERVICE")
    let labels = TalendLabels(application: application, service: service)
    guard case .value(let paths) = TalendTable.secretsPath.fallback.content(source(labels)), paths.count == 1
    else { preconditionFailure("the default of \(TalendTable.secretsPath.key) is not one path") }
    let marks = [CELMark(application, "variables.application"), CELMark(service, "variables.service")]
    return CELTree(text: paths[0], marks).expression()
  }

  /// A pod without annotations.
  private func source(_ labels: TalendLabels = TalendLabels()) -> TalendAnnotations {
    TalendAnnotations(.none, dialect, labels: labels)
  }
}

extension TalendTerms {
  /// Adds a variable; what stands for it in expressions.
  @discardableResult
  mutating func add(_ name: String, _ expression: String) -> String { variables.add(name, expression) }
}
