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

  package init(text: String, names: [String]) { (self.text, self.names) = (text, names) }
}

/// Tells whether what was selected on the command line was met in the inputs.
struct SelectionAccount {
  private let words: SelectionWords
  private let selection: Selection
  private let kinds: WorkloadKinds
  private var foundOne = false
  /// False where no entry of the report names the objects, however much it says.
  private var areReported = true
  /// The objects that were read and are not meant.
  private var others: [ManifestObject] = []

  /// An account of these words; nil where they select everything.
  init?(_ words: SelectionWords, _ selection: Selection, _ kinds: WorkloadKinds) {
    guard !words.text.isEmpty else { return nil }
    (self.words, self.selection, self.kinds) = (words, selection, kinds)
  }

  /// Notes which objects were read, and whether a report can name them.
  mutating func note(_ objects: [ObjectPlan], areReported: Bool = true) {
    if !objects.isEmpty { self.areReported = areReported }
    guard !foundOne else { return }
    foundOne = objects.contains { $0.object != nil && $0.outcome != .unchanged(.notSelected) }
    others += objects.compactMap(\.object)
  }

  /// Looks through an input that was passed over, as far as it can be read.
  mutating func look(in source: SourceText) { foundOne = foundOne || selection.includesAny(of: source) }

  /// What there is to say where no object is meant.
  ///
  /// A kind that nobody knows, and none of the inputs has, is a fault of the command line.
  var finding: Diagnostic? {
    if foundOne { return nil }
    let unknown = selection.kinds.first { !$0.isKnown(to: kinds) && !others.contains(where: $0.matches) }
    return unknown.map { .unknownKind($0, kinds, others.map(\.kind)) } ?? .nothingSelected(by: words.text, hint: hint)
  }

  private var hint: String? {
    if others.isEmpty { return nil }
    let names = others.map(\.name)
    if let name = words.names.lazy.compactMap({ NearestName.nearest(to: $0, among: names) }).first {
      return "did you mean --name \(name)?"
    }
    return areReported ? "-v names every object that was read" : "there is \(names.listed(first: 5))"
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
