public import ManifestText

/// What labels have to be, in kubectl's language: `app=web,tier!=db,env in (prod, test),!legacy`.
public struct LabelSelector: Sendable {
  /// A comparison of one label with values.
  enum Comparison: Sendable { case isIn, isNotIn, exists, doesNotExist, isGreater, isLess }

  /// One of the conditions, all of which have to be met.
  struct Requirement: Sendable {
    let key: String
    let comparison: Comparison
    var values: [String] = []
  }

  private let requirements: [Requirement]

  /// Reads a selector; an empty one selects everything.
  /// - Throws: A `Diagnostic` that says what was found and what would be accepted in its place.
  public init(_ text: String) throws(Diagnostic) {
    var parser = LabelSelectorParser(text)
    requirements = try parser.requirements()
  }

  /// True where the labels, asked for by their keys, meet every requirement.
  public func matches(_ label: (String) throws(Diagnostic) -> String?) throws(Diagnostic) -> Bool {
    for requirement in requirements {
      guard requirement.isMet(by: try label(requirement.key)) else { return false }
    }
    return true
  }
}

extension LabelSelector.Requirement {
  fileprivate func isMet(by value: String?) -> Bool {
    switch comparison {
    case .exists: value != nil
    case .doesNotExist: value == nil
    case .isIn: value.map(values.contains) ?? false
    case .isNotIn: value.map { !values.contains($0) } ?? true
    case .isGreater: compare(value, >)
    case .isLess: compare(value, <)
    }
  }

  private func compare(_ value: String?, _ isInOrder: (Int64, Int64) -> Bool) -> Bool {
    guard let value = value.flatMap({ Int64($0) }), let bound = values.first.flatMap({ Int64($0) }) else {
      return false
    }
    return isInOrder(value, bound)
  }
}
