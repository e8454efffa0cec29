internal import ManifestText

/// What a policy serves of Talend's dialect.
///
/// The policy that injects has these conditions, and its companion refuses pods that break one, with a sentence: so
/// each pod that asks is injected or refused. They are in the order in which this program refuses.
struct TalendConditions {
  /// What has to hold of a pod, and what is said where it does not.
  struct Condition: Equatable {
    /// In the words of ``TalendTerms``.
    let holds: String
    let sentence: CELTree
  }

  let all: [Condition]

  /// The conditions under settings; findings that are ignored refuse nothing.
  init(_ dialect: TalendDialect, _ settings: TalendSettings, _ findings: FindingPolicy) {
    let say = TalendSentences(dialect.annotations)
    all =
      Self.asked(say, settings) + Self.secrets(say, settings) + Self.workable(say) + Self.effective(say, findings)
      + Self.served(say)
  }

  // MARK: What the webhook refuses

  private static func asked(_ say: TalendSentences, _ settings: TalendSettings) -> [Condition] {
    let kubernetes = CELText.string(TalendRequest.AuthMethod.kubernetes.rawValue)
    let sidecars = TalendTerms.text(TalendTable.sidecars)
    return [
      Condition(
        holds: "variables.way in \(words(Sidecars.self))",
        sentence: say.finding(.unknownSidecars(TalendSentences.value, range: 0..<0), sidecars)),
      Condition(
        holds: "variables.containers.size() > 0", sentence: say.refusal(.noContainer)),
      Condition(
        holds: "variables.method in \(words(TalendRequest.AuthMethod.self))",
        sentence: say.refusal(.unsupportedAuth(TalendSentences.value), "variables.method")),
      Condition(
        holds: "variables.method != \(kubernetes) || variables.loginRole != ''",
        sentence: say.refusal(.noApplicationLabel(settings.applicationLabel, say.key(TalendTable.role)))),
    ]
  }

  private static func secrets(_ say: TalendSentences, _ settings: TalendSettings) -> [Condition] {
    let counts = "variables.destinations.size()"
    func ofSecrets(_ holds: String, _ sentence: CELTree) -> Condition {
      Condition(holds: "!variables.wantsSecrets || \(holds)", sentence: sentence)
    }
    return [
      ofSecrets(
        "variables.secretsKind in \(words(TalendRequest.Secrets.Kind.self))",
        say.refusal(.unsupportedType(TalendSentences.value), "variables.secretsKind")),
      ofSecrets(
        "variables.injection in \(words(TalendRequest.Secrets.Method.self))",
        say.refusal(.unsupportedMethod(TalendSentences.value), "variables.injection")),
      ofSecrets(
        "!variables.rendersOnce || \(TalendTerms.text(TalendTable.auth)) != \(approle)",
        say.refusal(.staticAppRole)),
      ofSecrets(
        "variables.rendersOnce || variables.injection != \(environment)",
        say.refusal(.dynamicEnvironment)),
      ofSecrets(
        "\(TalendTerms.text(TalendTable.secretsPath)) != '' || variables.application != '' && variables.service != ''",
        say.refusal(
          .noServiceLabels(settings.applicationLabel, settings.serviceLabel, say.key(TalendTable.secretsPath)))),
      ofSecrets(
        "variables.templates.size() == 0 || variables.templates.size() == \(counts)",
        say.counts(TalendRefusal.unequalTemplates, "variables.templates.size()", counts)),
      ofSecrets(
        "variables.templates.size() > 0 || variables.paths.size() == \(counts)",
        say.counts(TalendRefusal.unequalPaths, "variables.paths.size()", counts)),
      ofSecrets(
        "!variables.waits || !variables.wantsJob",
        say.refusal(.hookWithJob(say.key(TalendTable.secretsHook)))),
    ]
  }

  // MARK: What no agent could work with

  private static func workable(_ say: TalendSentences) -> [Condition] {
    let port = TalendTerms.text(TalendTable.proxyPort)
    let (path, template) = (TalendTerms.text(TalendTable.secretsPath), TalendTerms.text(TalendTable.secretsTemplate))
    return [
      Condition(
        holds: "!\(matches("variables.loginRole", control))",
        sentence: say.controlCharacter("the role")),
      Condition(
        holds: "!variables.wantsProxy || \(port) == '' || \(port).matches('^[0-9]{1,18}$')"
          + " && int(\(port)) >= 1 && int(\(port)) <= 65535",
        sentence: say.finding(.notAPort(TalendSentences.value, range: 0..<0), port)),
      Condition(
        holds: "!variables.wantsSecrets || !\(matches(TalendTerms.text(TalendTable.secretsDestination), control))",
        sentence: say.controlCharacter("a destination")),
      Condition(
        holds: "variables.outside.size() == 0",
        sentence: say.finding(.destinationOutside(TalendSentences.value, range: nil), first("variables.outside"))),
      Condition(
        holds: "variables.namedTwice.size() == 0",
        sentence: say.finding(.destinationTwice(TalendSentences.value, range: nil), first("variables.namedTwice"))),
      Condition(
        holds: "!variables.wantsSecrets || \(template) != '' || !\(matches(path, control))",
        sentence: say.controlCharacter("a path")),
      Condition(
        holds: "!variables.wantsJob || variables.isNative || variables.containers.size() == 1",
        sentence: say.refusal(.severalContainers)),
      Condition(
        holds: "variables.takenContainers.size() == 0",
        sentence: say.finding(
          .nameClash("container", TalendSentences.value, at: 0..<0), first("variables.takenContainers"))),
      Condition(
        holds: "variables.takenVolumes.size() == 0",
        sentence: say.finding(
          .nameClash("volume", TalendSentences.value, at: 0..<0), first("variables.takenVolumes"))),
    ]
  }

  private static func first(_ list: String) -> String { "\(list)[?0].orValue('')" }

  /// Characters that end a line or control a terminal (``ControlCharacter``).
  private static let control = "[\u{0}-\u{1F}\u{7F}-\u{9F}]"

  // MARK: What would come to nothing

  private static func effective(_ say: TalendSentences, _ findings: FindingPolicy) -> [Condition] {
    func condition(_ holds: String, _ finding: Diagnostic, _ marks: [CELMark] = []) -> Condition? {
      guard findings.judged(finding)?.severity == .error else { return nil }
      return Condition(holds: holds, sentence: say.sentence(finding, marks))
    }
    return [
      condition(
        "variables.takenPaths.size() == 0",
        .mountPathTaken(TalendSentences.value, TalendPod.secretsPath, range: 0..<0),
        [say.value(first("variables.takenPaths"))]),
      condition(
        "variables.wantsSecrets || variables.wantsProxy || variables.wantsJob",
        .noMode(say.key(TalendTable.mode), [TalendSentences.value], at: 0..<0)),
      condition(
        "variables.surplus.size() == 0",
        .surplusCommands(
          say.key(TalendTable.notify), TalendSentences.numbers[0], TalendSentences.numbers[1], TalendSentences.value,
          at: 0..<0),
        say.numbers("variables.commands.size()", "variables.destinations.size()")
          + [say.value(first("variables.surplus"))]),
    ].compactMap(\.self)
  }

  // MARK: What CEL cannot do

  private static func served(_ say: TalendSentences) -> [Condition] {
    let (template, notify) = (TalendTerms.text(TalendTable.secretsTemplate), TalendTerms.text(TalendTable.notify))
    let lastEnd = TalendAgents.ends[TalendAgents.ends.count - 1]
    let spare = CELText.string(String(TalendQuoting.spare))
    let texts = [
      template, notify, TalendTerms.text(TalendTable.role), TalendTerms.text(TalendTable.secretsPath),
      TalendTerms.text(TalendTable.secretsDestination),
    ]
    return [
      Condition(
        holds: "!variables.wantsJob || variables.isNative || !variables.runsAgent && variables.wantsSecrets",
        sentence: say.unserved(
          "the mode `\(TalendModes.Word.job.rawValue)` whose agent is no native sidecar",
          or: "annotate the pod with `\(say.key(TalendTable.sidecars)): \(Sidecars.native.rawValue)`")),
      Condition(
        holds: "variables.method != \(approle)",
        sentence: say.unserved("`\(say.key(TalendTable.auth)): \(TalendRequest.AuthMethod.approle.rawValue)`")),
      Condition(
        holds: "\(TalendTerms.text(TalendTable.serviceAccountToken)) == ''",
        sentence: say.unserved("`\(say.key(TalendTable.serviceAccountToken))`")),
      Condition(
        holds: "!variables.wantsSecrets || variables.injection != \(environment)",
        sentence: say.unserved(
          "`\(say.key(TalendTable.secretsMethod)): \(TalendRequest.Secrets.Method.env.rawValue)`")),
      Condition(
        holds: "!variables.wantsSecrets || variables.hasFewFiles",
        sentence: say.unserved("more than \(TalendTerms.mostFiles) files or commands in one pod")),
      Condition(
        holds: "!variables.hasFewFiles || "
          + "variables.destinations.all(d, d.split('/').all(part, !(part in ['', '.', '..'])))",
        sentence: say.unserved("a destination that has `//`, `./` or `../` in it")),
      Condition(
        holds: "![\(texts.joined(separator: ", "))].exists(text, text.contains(\(spare)))",
        sentence: say.unserved("the character U+E123, which HCL keeps to itself, in an annotation")),
      Condition(
        holds: "!variables.wantsSecrets || !\(matches(template, unquoted))"
          + " && !\(template).contains(\(CELText.string(lastEnd)))",
        sentence: say.unserved(
          "control characters or `\(lastEnd)` in `\(say.key(TalendTable.secretsTemplate))`")),
      Condition(
        holds: "!variables.wantsSecrets || !\(matches(notify, unquoted))",
        sentence: say.unserved("control characters in `\(say.key(TalendTable.notify))`")),
    ]
  }

  /// Characters of which HCL spells each by its number.
  private static let unquoted = "[\u{0}-\u{8}\u{B}\u{C}\u{E}-\u{1F}\u{7F}]"

  private static let approle = CELText.string(TalendRequest.AuthMethod.approle.rawValue)
  private static let environment = CELText.string(TalendRequest.Secrets.Method.env.rawValue)

  private static func matches(_ text: String, _ characters: String) -> String {
    "\(text).matches(\(CELText.string(characters)))"
  }

  private static func words<Word: CaseIterable & RawRepresentable<String>>(_ type: Word.Type) -> String {
    CELText.list(type.allCases.map(\.rawValue))
  }
}

/// What a policy says of pods that it does not inject: the sentences of this program, with values of the pod in them.
struct TalendSentences {
  /// What stands for a value in the sentences of this program.
  static let value = "VAULTINJECTVALUE"
  /// What stands for numbers in them.
  static let numbers = [1_111_111, 2_222_222]

  private let schema: AnnotationSchema

  init(_ schema: AnnotationSchema) { self.schema = schema }

  /// The full key of an annotation.
  func key<Value>(_ row: TalendTable.Row<Value>) -> String { schema.fullKey(of: row.row) }

  /// What this program can inject, and a policy cannot.
  func unserved(_ what: String, or other: String? = nil) -> CELTree {
    let other = other.map { "\($0), or " } ?? ""
    return CELTree(
      text: "this cluster does not serve \(what): \(other)apply the manifest with kubectl vault-inject apply -f FILE",
      [])
  }

  /// A refusal in the webhook's words, for which the policy stands.
  func refusal(_ refusal: TalendRefusal, _ value: String = "''") -> CELTree {
    told(refusal, [self.value(value)])
  }

  func finding(_ finding: Diagnostic, _ value: String) -> CELTree {
    sentence(finding, [self.value(value)])
  }

  /// The mark of a value.
  func value(_ value: String) -> CELMark { CELMark(Self.value, told(value)) }

  /// The marks of two numbers.
  func numbers(_ one: String, _ other: String) -> [CELMark] {
    zip(Self.numbers, [one, other]).map { CELMark(String($0), "string(\($1))") }
  }

  /// A refusal with two numbers.
  func counts(_ refusal: (Int, Int) -> TalendRefusal, _ one: String, _ other: String) -> CELTree {
    told(refusal(Self.numbers[0], Self.numbers[1]), numbers(one, other))
  }

  private func told(_ refusal: TalendRefusal, _ marks: [CELMark]) -> CELTree {
    CELTree(text: "\(refusal.message); \(refusal.hint)", marks)
  }

  /// CEL has no name for the one that is found.
  func controlCharacter(_ what: String) -> CELTree {
    guard let found = ControlCharacter(in: "\u{1}") else { preconditionFailure("U+0001 is no control character") }
    let text = text(of: .controlCharacter(found, in: what, range: nil))
    let pieces = ByteText.pieces(of: text, around: found.name)
    return CELTree(text: pieces.joined(separator: "a line break or another control character"), [])
  }

  func sentence(_ finding: Diagnostic, _ marks: [CELMark]) -> CELTree {
    CELTree(text: text(of: finding), marks)
  }

  private func text(of finding: Diagnostic) -> String {
    [finding.message, finding.hint].compactMap(\.self).joined(separator: "; ")
  }

  /// A value as it can stand in a message, which has no line breaks and an end.
  private func told(_ value: String) -> String {
    let length = 60
    return "[\(value)].map(t, (t.size() > \(length) ? t.substring(0, \(length)) + '...' : t).replace('\\n', ' '))[0]"
  }
}
