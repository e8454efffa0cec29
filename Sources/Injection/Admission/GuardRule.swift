internal import ManifestText

/// What a guard refuses: each rule has its condition in CEL and in Swift, and one sentence for both.
enum GuardRule: Equatable, Sendable {
  /// The annotation that asks says neither yes nor no.
  case unclearRequest(GuardFacts)
  /// Two injectors are asked.
  case severalInjectors([GuardFacts])
  case noAgent
  case otherImage([AgentImage])
  case otherAddress(GuardFacts, GuardFacts.Address)
  /// The annotations list a file that no agent writes.
  case missingFile(GuardFacts, GuardFacts.Files)

  /// The rules for these dialects, in the order in which they are judged.
  static func all(_ facts: [GuardFacts], images: [AgentImage]) -> [GuardRule] {
    // First, so that those after it have one injector to speak of.
    var rules: [GuardRule] = facts.count > 1 ? [.severalInjectors(facts)] : []
    rules += facts.filter { $0.request.no != nil }.map(unclearRequest)
    rules += [.noAgent, .otherImage(images)]
    rules += facts.compactMap { facts in facts.address.map { .otherAddress(facts, $0) } }
    rules += facts.compactMap { facts in facts.files.map { .missingFile(facts, $0) } }
    return rules
  }

  /// Two injectors, or more than one of several.
  private static func several(_ facts: [GuardFacts]) -> String {
    let names = facts.map(\.injector)
    if names.count == 2 { return "both \(names[0]) and \(names[1])" }
    return "more than one of \(names.inSentence)"
  }

  /// What the policy calls it.
  var name: String {
    switch self {
    case .unclearRequest(let facts): "unclear-request-\(facts.dialect)"
    case .severalInjectors: "several-injectors"
    case .noAgent: "no-agent"
    case .otherImage: "other-image"
    case .otherAddress(let facts, _): "other-address-\(facts.dialect)"
    case .missingFile(let facts, _): "missing-file-\(facts.dialect)"
    }
  }

  /// What is said where the sentence cannot be: it is too long.
  var summary: String {
    switch self {
    case .unclearRequest: "the annotation that asks for secrets is neither true nor false"
    case .severalInjectors: "two injectors are asked for secrets"
    case .noAgent: "secrets from Vault are asked for, and there is no Vault agent"
    case .otherImage: "the image of a Vault agent is not allowed"
    case .otherAddress(_, let address): "a Vault agent would ask a Vault other than \(address.text)"
    case .missingFile(_, let files): "no Vault agent writes a file that \(files.key) lists"
    }
  }

  /// What whoever is refused is told.
  var sentence: [GuardPhrase] {
    switch self {
    case .unclearRequest(let facts):
      [
        "the annotation ", facts.request.key.former == nil ? .key(facts.request.key) : .requestKey, " is \"", .request,
        "\", which is neither true nor false, so nothing injects ",
        .pods, #": write "true" or "false""#,
      ]
    case .severalInjectors(let facts):
      [
        .pods, " ", .number("asks", "ask"), .text(" \(GuardRule.several(facts)): "),
        facts.count == 2 ? "remove the annotations of one of them" : "keep the annotations of one of them",
      ]
    case .noAgent:
      [
        .pods, " ", .number("asks", "ask"), " for secrets from Vault (", .requestKey, ": ", .request, ") but ",
        .number("has", "have"), " no Vault agent", .lie, ", so ", .number("it", "they"), " would run without them; ",
        .remedy,
      ]
    case .otherImage(let images):
      [
        "the image of a Vault agent is not allowed here: ", .images, "; allowed: ",
        .text(images.map(\.text).joined(separator: ", ")),
      ]
    case .otherAddress(_, let address):
      [
        "a Vault agent would ask a Vault other than \(address.text)",
        address.annotation.map { .ifAnnotated($0, [": remove the annotation ", .key($0), ", and "], ": ") } ?? ": ",
        "inject the manifest again with: kubectl vault-inject -i FILE",
      ]
    case .missingFile(_, let files):
      [
        "no Vault agent writes the file ", .missingFile,
        " of the annotation \(files.key), which was changed after the ",
        "injection: inject the manifest again with: kubectl vault-inject -i FILE",
      ]
    }
  }
}

/// A part of a sentence, which the policy and the judge fill in alike.
indirect enum GuardPhrase: Equatable, Sendable, ExpressibleByStringInterpolation {
  case text(String)
  /// The key of an annotation, as the pod has it.
  case key(GuardFacts.Key)
  /// `this pod`, or `the pods of this Deployment`.
  case pods
  /// One word for a pod, another for the pods of an object.
  case number(String, String)
  /// The key of the annotation that asks, and its text, cut short.
  case requestKey, request
  /// That the annotations say otherwise, where they do.
  case lie
  /// How to get an agent.
  case remedy
  /// The agents whose images are not allowed, with these.
  case images
  /// The first file that nothing writes.
  case missingFile
  /// One text where the pod has an annotation, another where it has not.
  case ifAnnotated(GuardFacts.Key, [GuardPhrase], String)

  init(stringLiteral text: String) { self = .text(text) }

  /// The remedy, unless annotations leave nothing to inject.
  static let injecting =
    "apply the manifest with: kubectl vault-inject apply -f FILE (or inject it first: kubectl vault-inject -i FILE), "
    + "or remove the annotation"
  /// What is told in place of images that cannot be shown.
  static let unshownImage = "one with control characters in its name"
  /// What comes after annotations have been changed that leave nothing to inject.
  static let injectingThen = ", and inject the manifest with: kubectl vault-inject -i FILE"
}

extension GuardFacts {
  /// That the annotations tell of agents that are not there.
  var lie: [GuardPhrase] { [", although ", .key(statusKey), " says injected"] }
}

extension GuardFacts.Idleness {
  /// What to change, and what comes then.
  var sentence: [GuardPhrase] { remedy + [.text(GuardPhrase.injectingThen)] }
}

/// How long things may be.
enum GuardLimits {
  /// Of an annotation's text that is told, in characters.
  static let toldText = 60
  /// How much of an agent's configuration is looked at for Vault's address, which stands before all templates: CEL has
  /// a limit of costs, and pods may bring a quarter of a megabyte of templates.
  static let configuration = 65_536
  /// Where more files are listed, or one container writes more, none is looked for, for the same reason.
  static let files = 256
  /// What the API server takes of a sentence, in bytes.
  static let sentence = 5 * 1024
}

/// The objects with pod templates that a guard looks at.
package enum GuardedWorkloads {
  /// Kinds with their groups and the names of their resources.
  package static let kinds: [(group: String, kind: String, resource: String)] = [
    ("", "PodTemplate", "podtemplates"), ("", "ReplicationController", "replicationcontrollers"),
    ("apps", "Deployment", "deployments"), ("apps", "StatefulSet", "statefulsets"),
    ("apps", "DaemonSet", "daemonsets"), ("apps", "ReplicaSet", "replicasets"),
    ("batch", "Job", "jobs"), ("batch", "CronJob", "cronjobs"),
  ]
  /// Where templates may be, the longest path first; the object itself is a pod where none leads anywhere.
  static let templates = [["spec", "jobTemplate", "spec", "template"], ["spec", "template"], ["template"]]

  static var rules: [AdmissionRule] {
    var groups: [String] = []
    for row in kinds where !groups.contains(row.group) { groups.append(row.group) }
    return groups.map { group in
      AdmissionRule(
        group: group, operations: ["CREATE", "UPDATE"], resources: kinds.filter { $0.group == group }.map(\.resource))
    }
  }
}
