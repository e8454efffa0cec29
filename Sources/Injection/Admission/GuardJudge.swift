package import ManifestText

/// What a guard says of an object, found out here: the policy's own verdict, in its own words.
package struct GuardJudge: Sendable {
  private let guardian: Guard
  private let rules: [GuardRule]

  package init(_ guardian: Guard) { (self.guardian, rules) = (guardian, guardian.rules) }

  /// The sentence by which the creation of an object is refused; nil where it passes.
  package func refusal(of object: Value) -> String? {
    guard isSeen(object["kind"]?.string ?? ""),
      object["metadata"]?["annotations"]?["kubernetes.io/config.mirror"] == nil,
      let pod = GuardedPod(object, guardian)
    else { return nil }
    return rules.first { !pod.passes($0) }.map(pod.sentence)
  }

  /// True for the kinds that the policy is about.
  private func isSeen(_ kind: String) -> Bool {
    kind == "Pod" || guardian.coversWorkloads && GuardedWorkloads.kinds.contains { $0.kind == kind }
  }
}

/// A pod, or the pods of an object, as a guard sees them.
private struct GuardedPod {
  private let kind: String
  private let annotations: Value?
  private let guardian: Guard
  /// The dialects by which the pod asks.
  private let asked: [GuardFacts]
  private let containers: [Value]
  private let agents: [Value]

  /// Nil for one that does not ask.
  init?(_ object: Value, _ guardian: Guard) {
    let pod = GuardedPod.template(of: object)
    let annotations = pod["metadata"]?["annotations"]
    asked = guardian.facts.filter {
      $0.request.isAsked(by: $0.request.key.text(in: annotations) ?? "")
    }
    guard !asked.isEmpty else { return nil }
    kind = object["kind"]?.string ?? ""
    self.guardian = guardian
    self.annotations = annotations
    let spec = pod["spec"]
    containers = (spec?["containers"]?.array ?? []) + (spec?["initContainers"]?.array ?? [])
    agents = containers.filter { [asked] container in asked.contains { $0.isAgent(container) } }
  }

  private static func template(of object: Value) -> Value {
    for steps in GuardedWorkloads.templates {
      let found = steps.reduce(Value?.some(object)) { $0?[$1] }
      if let found { return found }
    }
    return object
  }

  // MARK: Conditions

  func passes(_ rule: GuardRule) -> Bool {
    switch rule {
    case .unclearRequest(let facts): asked.first != facts || facts.request.isYes(request)
    case .severalInjectors: asked.count < 2
    case .noAgent: !agents.isEmpty
    case .otherImage: images.isEmpty
    case .otherAddress(let facts, let address):
      !asked.contains(facts) || agents.allSatisfy { $0.variables.allSatisfy { address.isToldRightly(by: $0) } }
    case .missingFile(let facts, let files):
      !asked.contains(facts) || writtenFiles(files).isEmpty || missingFiles(files).isEmpty
    }
  }

  private var requestKey: String { asked.first?.request.key.spelling(in: annotations) ?? "" }
  private var request: String { annotations?[requestKey]?.string ?? "" }

  private var images: [String] {
    agents.filter { agent in
      let image = agent["image"]?.string ?? ""
      return !guardian.images.contains { $0.holds(image) }
    }.map { "\($0["name"]?.string ?? "") has \($0["image"]?.string ?? "none")" }
  }

  private func listed(_ files: GuardFacts.Files) -> [String] {
    GoText.split(annotations?[files.key]?.string ?? "", at: ",")
  }

  private func writtenFiles(_ files: GuardFacts.Files) -> [[String]] {
    containers.filter { files.containers.contains($0["name"]?.string ?? "") }.map { container in
      let command = container["command"]?.array?.compactMap(\.string) ?? []
      let variables = container.variables.filter { $0.name == files.variable }.map(\.value)
      return ByteText.pieces(of: (command + variables).joined(separator: "\n"), around: files.mark)
        .map { ByteText.pieces(of: $0, around: "\"")[0] }
    }.filter { $0.count > 1 }
  }

  private func missingFiles(_ files: GuardFacts.Files) -> [String] {
    let (listed, written) = (listed(files), writtenFiles(files))
    // The first piece stands before all files.
    if listed.count > GuardLimits.files || written.contains(where: { $0.count > GuardLimits.files + 1 }) { return [] }
    return listed.filter { name in
      GuardedPod.isPlain(name) && !written.contains { $0.contains { ByteText.isEqual($0, name) } }
    }
  }

  private static func isPlain(_ name: String) -> Bool {
    !name.isEmpty && name.utf8.allSatisfy { ASCII.isLetter($0) || ASCII.isDigit($0) || "-._/".utf8.contains($0) }
  }

  // MARK: Sentences

  func sentence(_ rule: GuardRule) -> String {
    let text = text(rule.sentence, rule)
    return text.utf8.count > GuardLimits.sentence ? rule.summary : text
  }

  private func text(_ phrases: [GuardPhrase], _ rule: GuardRule) -> String {
    phrases.map { text($0, rule) }.joined()
  }

  private func text(_ phrase: GuardPhrase, _ rule: GuardRule) -> String {
    switch phrase {
    case .text(let text): return text
    case .key(let key): return key.spelling(in: annotations)
    case .pods: return kind == "Pod" ? "this pod" : "the pods of this \(kind)"
    case .number(let one, let many): return kind == "Pod" ? one : many
    case .requestKey: return requestKey
    case .request: return told(request)
    case .lie: return text(lie, rule)
    case .remedy: return text(remedy, rule)
    case .images:
      return images.contains { $0.unicodeScalars.contains(where: Self.isControl) }
        ? GuardPhrase.unshownImage : images.joined(separator: ", ")
    case .missingFile:
      guard case .missingFile(_, let files) = rule else { return "" }
      return missingFiles(files).first ?? ""
    case .ifAnnotated(let key, let then, let otherwise):
      return key.text(in: annotations) == nil ? otherwise : text(then, rule)
    }
  }

  private func told(_ text: String) -> String {
    let scalars = text.unicodeScalars
    let told = scalars.prefix(GuardLimits.toldText).map { Self.isControl($0) ? " " : $0 }
    return String(String.UnicodeScalarView(told)) + (scalars.count > GuardLimits.toldText ? "..." : "")
  }

  private static func isControl(_ scalar: Unicode.Scalar) -> Bool { scalar.properties.generalCategory == .control }

  private var remedy: [GuardPhrase] {
    let idle = asked.first { $0.idleness.clauses.allSatisfy { $0.clause.holds(of: $0.key.text(in: annotations)) } }
    return idle?.idleness.sentence ?? [.text(GuardPhrase.injecting)]
  }

  private var lie: [GuardPhrase] {
    guard let facts = asked.first, let status = facts.statusKey.text(in: annotations),
      GuardFacts.Request.lowercased(status) == "injected"
    else { return [] }
    return facts.lie
  }
}

extension GuardFacts.Request {
  /// ASCII's capitals alone, as CEL does it.
  static func lowercased(_ text: String) -> String {
    String(decoding: text.utf8.map(ASCII.lowercased), as: UTF8.self)
  }

  private func spelt(_ text: String) -> String { ignoresCase ? GuardFacts.Request.lowercased(text) : text }

  func isYes(_ text: String) -> Bool { yes.contains { ByteText.isEqual($0, spelt(text)) } }

  /// True where the text asks, or is no clear no.
  func isAsked(by text: String) -> Bool { no.map { !$0.contains { ByteText.isEqual($0, spelt(text)) } } ?? isYes(text) }
}

extension GuardFacts.Key {
  /// The one of the two that counts in a pod.
  fileprivate func spelling(in annotations: Value?) -> String {
    guard let former, annotations?[own] == nil else { return own }
    return former
  }

  /// What the annotation says; nil where it is missing.
  fileprivate func text(in annotations: Value?) -> String? { annotations?[spelling(in: annotations)]?.string }
}

extension GuardFacts {
  fileprivate func isAgent(_ container: Value) -> Bool {
    if agents.contains(container["name"]?.string ?? "") { return true }
    return container["volumeMounts"]?.array?.contains { agentVolumes.contains($0["name"]?.string ?? "") } ?? false
  }
}

extension GuardFacts.Idleness.Clause {
  fileprivate func holds(of text: String?) -> Bool {
    func isOne(of words: [String]) -> Bool { words.contains { ByteText.isEqual($0, text ?? "") } }
    switch self {
    case .isOne(let words): return isOne(of: words)
    case .isThere(let words): return text != nil && isOne(of: words)
    case .namesNone(let words, let others):
      let named = GoText.split(text ?? "", at: ",")
      return !isOne(of: [""] + others) && !words.contains { word in named.contains { ByteText.isEqual($0, word) } }
    }
  }
}

extension GuardFacts.Address {
  fileprivate func isToldRightly(by variable: (name: String, value: String)) -> Bool {
    if variable.name == self.variable { return ByteText.isEqual(variable.value, text) }
    guard let configuration, variable.name == configuration.variable else { return true }
    let beginning = String(String.UnicodeScalarView(variable.value.unicodeScalars.prefix(GuardLimits.configuration)))
    return configuration.marks.contains { ByteText.holds(beginning, $0) }
  }
}

extension Value {
  /// The environment of a container.
  fileprivate var variables: [(name: String, value: String)] {
    (self["env"]?.array ?? []).map { ($0["name"]?.string ?? "", $0["value"]?.string ?? "") }
  }
}
