internal import Injection
internal import KubernetesAPI
internal import ManifestText
internal import Workloads

/// Tells whether what was selected on the command line was met in the inputs.
struct SelectionAccount {
  private let options: SelectionOptions
  private let selection: Selection
  private let kinds: WorkloadKinds
  private var foundOne = false
  /// The objects that were read and are not meant.
  private var others: [ManifestObject] = []

  /// An account of these options; nil where they select everything.
  init?(_ options: SelectionOptions, _ selection: Selection, _ kinds: WorkloadKinds) {
    guard !options.words.isEmpty else { return nil }
    (self.options, self.selection, self.kinds) = (options, selection, kinds)
  }

  /// Notes which objects were read.
  mutating func note(_ objects: [ObjectPlan]) {
    guard !foundOne else { return }
    foundOne = objects.contains { $0.object != nil && $0.outcome != .unchanged(.notSelected) }
    others += objects.compactMap(\.object)
  }

  /// Looks through an input that was passed over, as far as it can be read.
  mutating func look(in source: SourceText) { foundOne = foundOne || selection.includesAny(of: source) }

  /// What there is to say where no object is meant.
  var finding: Diagnostic? { foundOne ? nil : .nothingSelected(by: options, hint: hint) }

  private var hint: String? {
    if others.isEmpty { return nil }
    let unknown = selection.kinds.first { !$0.isKnown(to: kinds) && !others.contains(where: $0.matches) }
    if let unknown { return unknown.hint(kinds, others.map(\.kind)) }
    let names = others.map(\.name)
    if let name = SelectionOptions.items(of: options.name).lazy.compactMap({ NearestName.nearest(to: $0, among: names) }
    ).first {
      return "did you mean --name \(name)?"
    }
    return "-v names every object that was read"
  }
}

extension KindPattern {
  /// True for a kind that makes pods, and for one that every cluster has.
  func isKnown(to kinds: WorkloadKinds) -> Bool {
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

extension Selection {
  /// True where any object of a text is meant, as far as the text can be read.
  fileprivate func includesAny(of source: SourceText) -> Bool {
    guard let pieces = try? DocumentStream(source) else { return false }
    return pieces.contains { piece in
      guard let document = try? Document(piece, of: source), let objects = try? ManifestObject.objects(of: document)
      else { return false }
      return objects.contains { (try? includes($0, of: document)) ?? false }
    }
  }
}

extension Diagnostic {
  static func nothingSelected(by options: SelectionOptions, hint: String?) -> Diagnostic {
    Diagnostic(
      .warning, rule: "nothing-selected", message: "no object is selected by \(options.words)", hint: hint)
  }

  /// A kind that nothing can be injected into; files are not rewritten on a guess.
  static func unknownKind(_ kind: KindPattern, _ kinds: WorkloadKinds) -> Diagnostic {
    Diagnostic(
      rule: "unknown-kind", message: "--kind \(kind.text) selects nothing that could be rewritten",
      hint: kind.hint(kinds))
  }
}
