internal import Injection
internal import KubernetesAPI
package import ManifestText
package import Workloads

/// What objects are selected by, as it is written on the command line.
package struct SelectionWords {
  /// The options with their values; empty for everything.
  package let text: String
  /// The names and patterns of names.
  let names: [String]
  /// The same of namespaces.
  let namespaces: [String]

  /// True where one may be found and another not.
  package var hasSeveralNames: Bool { names.count > 1 || namespaces.count > 1 }

  package init(text: String, names: [String], namespaces: [String]) {
    (self.text, self.names, self.namespaces) = (text, names, namespaces)
  }
}

/// Tells whether what was selected on the command line was met in the inputs.
struct SelectionAccount {
  /// So many names that are missed are compared with those there are, which would take long for hundreds.
  private static let mostCompared = 16

  private let words: SelectionWords
  private let selection: Selection
  private let kinds: WorkloadKinds
  /// True where nothing is to be done unless all of it is met.
  let isRequired: Bool
  private var foundOne = false
  /// The names that are no patterns, and that no selected object has so far.
  private var missedNames: Set<String>
  /// The same of namespaces, in which no selected object is.
  private var missedNamespaces: Set<String>
  /// False where no entry of the report names the objects, however much it says.
  private var areReported = true
  /// The objects that were read as long as something was missed.
  private var objects: [ManifestObject] = []
  private var labels: [ManifestLabel] = []

  /// An account of these words; nil where they select everything.
  init?(_ words: SelectionWords, _ selection: Selection, _ kinds: WorkloadKinds, isRequired: Bool) {
    guard !words.text.isEmpty else { return nil }
    (self.words, self.selection, self.kinds, self.isRequired) = (words, selection, kinds, isRequired)
    missedNames = Set(words.names.filter { !NamePattern.isPattern($0) })
    missedNamespaces = Set(words.namespaces.filter { !NamePattern.isPattern($0) })
  }

  /// True once everything was met.
  var isMet: Bool { foundOne && missedNames.isEmpty && missedNamespaces.isEmpty }

  /// Notes which objects were read, and whether a report can name them; `source` holds them, where it is known.
  mutating func note(_ plans: [ObjectPlan], of source: SourceText?, areReported: Bool = true) {
    if !plans.isEmpty { self.areReported = areReported }
    guard !isMet else { return }
    for plan in plans {
      if let object = plan.object { note(object, isSelected: plan.outcome != .unchanged(.notSelected)) }
    }
    if !isMet, !plans.isEmpty, let source { labels += ManifestLabel.all(of: source) }
  }

  /// Looks through an input of which there is no entry, as far as it can be read.
  mutating func look(in source: SourceText, areReported: Bool) {
    self.areReported = self.areReported && areReported
    guard !isMet, let pieces = try? DocumentStream(source) else { return }
    for piece in pieces {
      guard let document = try? Document(piece, of: source), let objects = try? ManifestObject.objects(of: document)
      else { continue }
      for object in objects { note(object, isSelected: (try? selection.includes(object, of: document)) ?? false) }
    }
    if !isMet { labels += ManifestLabel.all(of: source) }
  }

  private mutating func note(_ object: ManifestObject, isSelected: Bool) {
    objects.append(object)
    guard isSelected else { return }
    foundOne = true
    missedNames.remove(object.name)
    missedNamespaces.remove(namespace(of: object))
  }

  /// What there is to say where something is missed.
  ///
  /// A kind that nobody knows, and none of the inputs has, is a fault of the command line.
  var finding: Diagnostic? {
    guard !isMet else { return nil }
    var finding: Diagnostic
    if foundOne {
      finding = missedByWord
    } else if let unknown = selection.kinds.first(where: {
      !$0.isKnown(to: kinds) && !objects.contains(where: $0.matches)
    }) {
      return .unknownKind(unknown, kinds, objects.map(\.kind))
    } else {
      finding = .nothingSelected(by: words.text, hint: hint)
    }
    if !isRequired { finding.severity = .warning }
    return finding
  }

  /// The names and namespaces that no object has, where others are met.
  private var missedByWord: Diagnostic {
    let names = words.names.filter(missedNames.contains)
    let namespaces = words.namespaces.filter(missedNamespaces.contains)
    let options = [("--name", names), ("--in-namespace", namespaces)].filter { !$0.1.isEmpty }
    return .nothingSelected(
      by: options.map { "\($0.0) \($0.1.joined(separator: ","))" }.joined(separator: " or "),
      hint: nearest(toNames: names) ?? nearest(toNamespaces: namespaces))
  }

  private var hint: String? {
    if objects.isEmpty { return nil }
    return nearest(toNames: words.names) ?? nearestNamespace ?? nearestLabel
      ?? (areReported ? "-v names every object that was read" : namesOfObjects)
  }

  private var namesOfObjects: String? {
    let names = objects.map(\.name).filter { !$0.isEmpty }
    return names.isEmpty ? nil : "there is \(names.listed(first: 5))"
  }

  private func namespace(of object: ManifestObject) -> String { object.namespace ?? selection.defaultNamespace }

  private func nearest(toNames names: [String]) -> String? {
    nearest(to: names, among: objects.map(\.name)).map { "did you mean --name \($0)?" }
  }

  private var nearestNamespace: String? {
    if objects.map(namespace(of:)).contains(where: selection.includes(namespace:)) { return nil }
    return nearest(toNamespaces: words.namespaces)
  }

  private func nearest(toNamespaces namespaces: [String]) -> String? {
    nearest(to: namespaces, among: objects.map(namespace(of:))).map { "did you mean --in-namespace \($0)?" }
  }

  private var nearestLabel: String? {
    selection.labels?.nearest(among: labels).map { "did you mean \($0) in -l?" }
  }

  /// The first of some names that is near to one of the words and is not that word.
  private func nearest(to words: [String], among names: [String]) -> String? {
    words.prefix(SelectionAccount.mostCompared).lazy.compactMap { word in
      names.contains(word) ? nil : NearestName.nearest(to: word, among: names)
    }.first
  }
}

extension KindPattern {
  /// True for a kind that makes pods, and for one that every cluster has.
  package func isKnown(to kinds: WorkloadKinds) -> Bool {
    kinds.all.contains(where: matches)
      || BuiltInResources.all.contains { matches(WorkloadKind($0.group, $0.kind, [])) }
  }

  /// What may have been meant where the kind is unknown.
  func hint(_ kinds: WorkloadKinds, _ others: [String] = []) -> String {
    let names = kinds.words + BuiltInResources.all.flatMap { [$0.kind, $0.plural] } + others
    let nearest = NearestName.nearest(to: name, among: names)
    return "there is no kind `\(text)`"
      + (nearest.map { ": did you mean \($0)?" } ?? " that makes pods; --pod-path tells of one")
  }
}

extension Diagnostic {
  static func nothingSelected(by words: String, hint: String?) -> Diagnostic {
    Diagnostic(
      rule: .nothingSelected, message: "no object is selected by \(words)", hint: hint)
  }

  /// A kind that nobody knows; files are not rewritten on a guess.
  package static func unknownKind(
    _ kind: KindPattern, _ kinds: WorkloadKinds, _ others: [String] = []
  ) -> Diagnostic {
    Diagnostic(
      rule: .unknownKind, message: "--kind \(kind.text) selects nothing", hint: kind.hint(kinds, others))
  }
}
