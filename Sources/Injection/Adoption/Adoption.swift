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
    /// The namespace whose settings it is one of; nil where it is one of those that count for the other namespaces.
    package let namespace: String?
  }

  /// The settings of objects in one namespace; nil stands for those without settings of their own.
  package typealias Scope = (namespace: String?, configuration: Configuration)

  /// What adopting the changes of a document comes to.
  package struct Outcome: Equatable, Sendable {
    package fileprivate(set) var settings: [Setting] = []
    /// The changes that these make so.
    package fileprivate(set) var made: [InjectionOutcome.Changes.Difference] = []
    /// The changes that no setting makes.
    package fileprivate(set) var rest: [InjectionOutcome.Changes.Difference] = []
    /// Why nothing can be injected again, whatever was changed; nil where it can.
    package fileprivate(set) var obstacle: Diagnostic?
  }

  /// A document in which so much was changed by hand is another one.
  private static let mostChanges = 40

  private let document: Document
  private let scopes: [Scope]
  private let injector: ([Scope]) -> Injector

  /// Looks at a document that is injected, with the settings of its objects, and with what injects it all the same with
  /// such settings.
  package init(_ document: Document, _ scopes: [Scope], forcing injector: @escaping ([Scope]) -> Injector) {
    (self.document, self.scopes, self.injector) = (document, scopes, injector)
  }

  /// What makes the changes so, beginning with the configuration in force.
  package func outcome() -> Outcome {
    var (scopes, outcome) = (scopes, Outcome())
    let all: [Change]
    do throws(Diagnostic) {
      all = try differences(with: scopes)
    } catch {
      outcome.obstacle = error
      return outcome
    }
    guard all.count <= Adoption.mostChanges else { return outcome }
    // What differs because a setting does is none of it.
    let byHand = all.filter(\.difference.isByHand)
    var (changes, rest) = (all, [Change]())
    while let change = byHand.first(where: { changes.holds($0) && !rest.holds($0) }) {
      if let (setting, trial, left) = step(from: scopes, changes, making: change) {
        (scopes, changes) = (trial, left)
        outcome.settings.append(setting)
      } else {
        rest.append(change)
      }
    }
    outcome.made = byHand.filter { !changes.holds($0) }.map(\.difference)
    outcome.rest = rest.map(\.difference)
    return outcome
  }

  /// In what the document differs from what is injected; nil where that cannot be told.
  package func changes() -> [InjectionOutcome.Changes.Difference]? { changes(with: scopes)?.map(\.difference) }

  /// The first setting that makes a change so, with all settings and the changes that are left then.
  private func step(
    from scopes: [Scope], _ changes: [Change], making change: Change
  ) -> (Setting, [Scope], [Change])? {
    for index in scopes.indices {
      for candidate in candidates(for: change.difference.change, in: scopes[index]) {
        var trial = scopes
        guard (try? trial[index].configuration.set(assignment: "\(candidate.path)=\(candidate.value)")) != nil,
          let left = self.changes(with: trial), left.count < changes.count, !left.holds(change)
        else { continue }
        return (candidate, trial, left)
      }
    }
    return nil
  }

  private func changes(with scopes: [Scope]) -> [Change]? {
    try? differences(with: scopes)
  }

  /// - Throws: Why an object cannot be injected again.
  private func differences(with scopes: [Scope]) throws(Diagnostic) -> [Change] {
    var changes: [Change] = []
    for (index, object) in injector(scopes).plan(for: document).objects.enumerated() {
      switch object.outcome {
      case .refreshed(let found):
        changes += found.differences.flatMap(\.leaves).map { Change(object: index, difference: $0) }
      case .refused(let refusal): throw refusal
      default: break
      }
    }
    return changes
  }

  /// The settings that hold what is injected, with what is in the document in its place: the common ones first, but for
  /// those of a dialect that were set, which win over them.
  private func candidates(for change: ValueChange, in scope: Scope) -> [Setting] {
    let configuration = scope.configuration
    guard let injected = change.new?.scalarText, let wanted = change.old.map(\.scalarText) ?? "" else { return [] }
    let common = CommonSettings.rows.filter { configuration.value(of: $0).scalarText == injected }.map(\.path)
    let own = SettingSchema.ofDialects.filter { configuration.value(of: $0).scalarText == injected }.map(\.own.path)
    let (set, unset) = (
      own.filter { configuration.origin(of: $0) != .builtIn }, own.filter { configuration.origin(of: $0) == .builtIn }
    )
    return (set + common + unset).map { Setting(path: $0, value: wanted, namespace: scope.namespace) }
  }
}

/// A difference of one of the document's objects.
private struct Change {
  let object: Int
  let difference: InjectionOutcome.Changes.Difference

  /// True where it is the same of the document, whatever would be injected there.
  func isSame(as other: Change) -> Bool {
    object == other.object && difference.name == other.difference.name
      && difference.change.place == other.difference.change.place
      && difference.change.old == other.difference.change.old
  }
}

extension [Change] {
  fileprivate func holds(_ other: Change) -> Bool { contains { $0.isSame(as: other) } }
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
      return Self(name: name, change: leaf, isByHand: isByHand).leaves
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
