internal import Injection
internal import ManifestText
internal import Platform
internal import Workloads

/// The values of options, beyond what their declarations tell.
struct CompletionValues {
  /// What a value that begins with this word can become.
  func answer(
    _ argument: ArgumentDeclaration, _ word: String, _ cursor: CommandLineCursor
  ) -> CompletionAnswer {
    known(argument, word, cursor)?.beginning(with: word) ?? declared(argument).beginning(with: word)
  }

  private func declared(_ argument: ArgumentDeclaration) -> CompletionAnswer {
    switch argument.files {
    case .folders: CompletionAnswer([], .folders)
    case .withExtensions([]): CompletionAnswer([], [])
    case .withExtensions(let extensions):
      CompletionAnswer(extensions.map { CompletionAnswer.Candidate($0) }, .fileExtensions)
    case nil: CompletionAnswer(argument.values.map { CompletionAnswer.Candidate($0) })
    }
  }

  /// The values of options whose declarations cannot tell them; nil for every other option.
  private func known(
    _ argument: ArgumentDeclaration, _ word: String, _ cursor: CommandLineCursor
  ) -> CompletionAnswer? {
    var names: KubeconfigNames { KubeconfigNames(path: cursor.value(of: "--kubeconfig")) }
    switch argument.names.first {
    case "--set": return setting(word)
    case "--kind": return .names(CompletionValues.kinds)
    case "--context": return .names(names.contexts)
    case "--cluster": return .names(names.clusters)
    case "--user": return .names(names.users)
    case "--namespace": return .names(names.namespaces)
    case nil: return explained(by: cursor.command.name, word)
    default: return nil
    }
  }

  /// Every kind that makes pods, once.
  private static let kinds = WorkloadKinds.known.map(\.kind).reduce(into: [String]()) { kinds, kind in
    if !kinds.contains(kind) { kinds.append(kind) }
  }

  // MARK: What can be explained

  /// The names that a subcommand of `explain` takes; nil for any other command.
  private func explained(by command: String, _ word: String) -> CompletionAnswer? {
    switch command {
    case "annotation": annotations(word)
    case "rule": named(Rule.all.map { ($0.id, $0.summary) })
    case "setting": named(SettingSchema.rows.map { ($0.path, $0.summary) })
    default: nil
    }
  }

  /// The keys by themselves, or with their prefixes once one is begun.
  private func annotations(_ word: String) -> CompletionAnswer {
    let names = AnnotationReference().names
    if word.contains(".") { return named(names) }
    var keys: [(name: String, summary: String)] = []
    for (name, summary) in names {
      let key = String(name.drop { $0 != "/" }.dropFirst())
      if !keys.contains(where: { $0.name == key }) { keys.append((key, summary)) }
    }
    return named(keys)
  }

  private func named(_ names: [(name: String, summary: String)]) -> CompletionAnswer {
    CompletionAnswer(names.map { CompletionAnswer.Candidate($0.name, CommandTree.firstSentence($0.summary)) })
  }

  // MARK: Settings

  private func setting(_ word: String) -> CompletionAnswer {
    let path = String(word.prefix { $0 != "=" })
    guard path != word else { return paths() }
    guard let shape = SettingSchema.setting(at: path)?.shape else { return CompletionAnswer() }
    return CompletionAnswer(shape.words.map { CompletionAnswer.Candidate("\(path)=\($0)") })
  }

  private func paths() -> CompletionAnswer {
    CompletionAnswer(
      SettingSchema.rows.map { CompletionAnswer.Candidate("\($0.path)=", CommandTree.firstSentence($0.summary)) },
      [.noSpace, .noFiles])
  }
}

extension CompletionAnswer {
  fileprivate static func names(_ names: [String]) -> CompletionAnswer {
    CompletionAnswer(names.map { Candidate($0) })
  }
}

extension SettingShape {
  /// Every word the setting can be; none where they cannot be counted.
  fileprivate var words: [String] {
    switch self {
    case .choice(let choices), .suggestion(let choices): choices.filter { !$0.isEmpty }
    case .boolean: ["true", "false"]
    case .optionalInteger, .id: ["off"]
    case .rules: Rule.ignorable.map(\.id)
    case .text, .integer, .list, .entrypoints, .imageConfigs: []
    }
  }
}

/// The names in a kubeconfig, and nothing else of it.
///
/// What cannot be read has no names: completion is no place for errors.
struct KubeconfigNames: Equatable, Sendable {
  private(set) var contexts: [String] = []
  private(set) var clusters: [String] = []
  private(set) var users: [String] = []
  /// The namespaces that contexts choose.
  private(set) var namespaces: [String] = []

  /// Reads the file of this path; where it is nil, those of `KUBECONFIG` or `~/.kube/config`.
  init(path: String?) {
    for path in path.map({ [$0] }) ?? KubeconfigNames.standardPaths {
      guard let bytes = try? OpenFile.contents(of: path) else { continue }
      try? read(SourceText(name: path, bytes: bytes))
    }
  }

  private static var standardPaths: [String] {
    if let list = Environment.nonEmpty("KUBECONFIG") { return list.split(separator: ":").map(String.init) }
    return Environment.nonEmpty("HOME").map { ["\($0)/.kube/config"] } ?? []
  }

  private mutating func read(_ source: SourceText) throws(Diagnostic) {
    for piece in try DocumentStream(source) {
      let document = try Document(piece, of: source)
      add(try names(in: "contexts", of: document), to: \.contexts)
      add(try names(in: "clusters", of: document), to: \.clusters)
      add(try names(in: "users", of: document), to: \.users)
      for context in try items("contexts", of: document) {
        guard let fields = try document.value("context", in: context) else { continue }
        add([try text("namespace", in: fields, of: document)].compactMap(\.self), to: \.namespaces)
      }
    }
  }

  private mutating func add(_ names: [String], to list: WritableKeyPath<KubeconfigNames, [String]>) {
    for name in names where !self[keyPath: list].contains(name) { self[keyPath: list].append(name) }
  }

  private func names(in key: String, of document: Document) throws(Diagnostic) -> [String] {
    var names: [String] = []
    for item in try items(key, of: document) {
      if let name = try text("name", in: item, of: document) { names.append(name) }
    }
    return names
  }

  private func items(_ key: String, of document: Document) throws(Diagnostic) -> [NodeID] {
    guard let root = document.root, let list = try document.value(key, in: root) else { return [] }
    return Array(document.items(of: list))
  }

  /// A name that can be shown as it is, on one line; nil for everything else.
  private func text(_ key: String, in map: NodeID, of document: Document) throws(Diagnostic) -> String? {
    guard let value = try document.value(key, in: map), document.isString(value) else { return nil }
    let text = document.text(of: value)
    return text.isEmpty || text.unicodeScalars.contains(where: VisibleText.hides) ? nil : text
  }
}
