internal import Injection
internal import ManifestText
internal import Output

/// A word that `explain` was given for a file, and that may be the name of an annotation, a setting or a rule.
struct ExplainedName {
  private static let references: [any Reference] = [AnnotationReference(), SettingReference(), RuleReference(Rule.all)]

  private let word: String

  init(_ word: String) { self.word = word }

  /// True where something has this name.
  var isKnown: Bool { named != nil }

  private var named: (any Reference)? { Self.references.first { $0.answer(to: word) != nil } }

  /// What there is to say where no file is called so; nil where a file is meant.
  var fault: Diagnostic? {
    if let named { return .notExplained(word, in: named, meant: word) }
    guard MissingPath(word).nearest == nil, !Format.isOfManifest(word) else { return nil }
    for reference in Self.references where mayBeMisspelt(in: reference) {
      if let name = reference.nearest(to: word).first { return .notExplained(word, in: reference, meant: name) }
    }
    return nil
  }

  /// True for a word that looks like one of these names; annotations are called after what any file may be about.
  private func mayBeMisspelt(in reference: any Reference) -> Bool {
    reference is AnnotationReference ? word.contains("/") || word.hasPrefix("agent-") : true
  }
}

extension Diagnostic {
  fileprivate static func notExplained(_ word: String, in reference: any Reference, meant name: String) -> Diagnostic {
    Diagnostic(
      rule: .unknownName, message: "there is no file `\(word)`",
      hint: "did you mean explain \(reference.noun) \(name)?")
  }
}
