package import ManifestText

/// Finds the settings that make what somebody changed by hand in an injection what is injected.
///
/// A setting is found by trying: it holds the value that is injected, and with the other value in its place the document
/// comes out nearer to what it is.
package struct Adoption {
  /// A setting with the value that makes a change so.
  package struct Setting: Equatable, Sendable {
    package let path: String
    /// As it is written after `--set PATH=`.
    package let value: String
  }

  /// What adopting the changes of a document comes to.
  package struct Outcome: Equatable, Sendable {
    package fileprivate(set) var settings: [Setting] = []
    /// The changes that no setting makes.
    package fileprivate(set) var rest: [InjectionOutcome.Changes.Difference] = []
  }

  /// A document in which so much was changed by hand is another one.
  private static let mostChanges = 40

  private let document: Document
  private let injector: (Configuration) -> Injector

  /// Looks at a document that is injected, with what injects it all the same with a configuration.
  package init(_ document: Document, forcing injector: @escaping (Configuration) -> Injector) {
    (self.document, self.injector) = (document, injector)
  }

  /// What makes the changes so, beginning with the configuration in force.
  package func outcome(with configuration: Configuration) -> Outcome {
    var (configuration, outcome) = (configuration, Outcome())
    guard var changes = changes(with: configuration), changes.count <= Adoption.mostChanges else { return outcome }
    while let change = changes.first(where: { !outcome.rest.contains($0) }) {
      var isMade = false
      for candidate in candidates(for: change.change, in: configuration) {
        var trial = configuration
        guard (try? trial.set(assignment: "\(candidate.path)=\(candidate.value)")) != nil,
          let left = self.changes(with: trial), left.count < changes.count, !left.contains(change)
        else { continue }
        (configuration, changes, isMade) = (trial, left, true)
        outcome.settings.append(candidate)
        break
      }
      if !isMade { outcome.rest.append(change) }
    }
    return outcome
  }

  /// In what the document differs from what is injected with a configuration; nil where that cannot be told.
  private func changes(with configuration: Configuration) -> [InjectionOutcome.Changes.Difference]? {
    var changes: [InjectionOutcome.Changes.Difference] = []
    for object in injector(configuration).plan(for: document).objects {
      switch object.outcome {
      case .refreshed(let found): changes += found.differences.flatMap(\.leaves)
      case .refused: return nil
      default: break
      }
    }
    return changes
  }

  /// The settings that hold what is injected, the common ones first, with what is in the document in its place.
  private func candidates(for change: ValueChange, in configuration: Configuration) -> [Setting] {
    guard let injected = change.new?.scalarText, let wanted = change.old.map(\.scalarText) ?? "" else { return [] }
    let common = CommonSettings.rows.filter { configuration.value(of: $0).scalarText == injected }.map(\.path)
    let own = SettingSchema.ofDialects.filter { configuration.value(of: $0).scalarText == injected }.map(\.own.path)
    return (common + own).map { Setting(path: $0, value: wanted) }
  }
}

extension InjectionOutcome.Changes.Difference {
  /// The same for each value of a map that one side does not have.
  fileprivate var leaves: [Self] {
    let whole = change.new ?? change.old
    let members = whole?.members ?? []
    // A whole element is one thing.
    guard change.old == nil || change.new == nil, !members.isEmpty, whole?["name"] != .string(name) else {
      return [self]
    }
    return members.flatMap { member in
      let place = "\(change.place).\(member.key)"
      let leaf = ValueChange(place: place, old: change.old?[member.key], new: change.new?[member.key])
      return Self(name: name, change: leaf).leaves
    }
  }
}

extension Value {
  /// The text of a scalar; nil for lists and maps.
  fileprivate var scalarText: String? {
    switch self {
    case .string(let text), .number(let text): text
    case .bool(let value): value ? "true" : "false"
    default: nil
    }
  }
}
