internal import Injection
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
    default: return nil
    }
  }

  /// Every kind that makes pods, once.
  private static let kinds = WorkloadKinds.known.map(\.kind).reduce(into: [String]()) { kinds, kind in
    if !kinds.contains(kind) { kinds.append(kind) }
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
      SettingSchema.rows.map { CompletionAnswer.Candidate("\($0.path)=", Completion.firstSentence($0.summary)) },
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
    case .text, .integer, .list: []
    }
  }
}
