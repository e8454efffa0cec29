package import ManifestText

/// What a policy allows at one path, and who needs it.
package struct PolicyRule: Equatable, Sendable {
  /// What may be done, as Vault calls it.
  package enum Capability: String, CaseIterable, Sendable {
    case create, read, update, list
  }

  /// The path as Vault's policies have it.
  package let path: String
  /// In the order that they are listed above.
  package internal(set) var capabilities: [Capability]
  /// In the order of their objects.
  package internal(set) var needs: [PolicyNeed]
  /// True where `data/` or `metadata/` was put in.
  package internal(set) var isCompleted: Bool

  /// True where Vault takes a sign of the path for any text, so that more is allowed than is needed.
  package var isWide: Bool {
    path.utf8.last == UInt8(ascii: "*") || ByteText.pieces(of: path, around: "/").contains("+")
  }
}

/// Who needs something, and where that is written.
package struct PolicyNeed: Equatable, Hashable, Sendable {
  package let workload: PolicyWorkload
  /// Where it is written; nil where that cannot be told.
  package let location: Location?
  /// The file it is needed for, or the file of a ConfigMap that asks for it.
  package let file: String
  /// True where it is needed only if some condition holds.
  package let isConditional: Bool
}

/// An object whose pods log in with a role.
package struct PolicyWorkload: Equatable, Hashable, Sendable {
  /// As a person names it: `Deployment/web`.
  package let name: String
  package let namespace: String
  /// Where it begins in its input.
  package let location: Location

  package init(name: String, namespace: String, location: Location) {
    (self.name, self.namespace, self.location) = (name, namespace, location)
  }
}

/// Something a policy lacks because the input does not tell it.
package struct PolicyGap: Equatable, Hashable, Sendable {
  package let workload: PolicyWorkload
  package let location: Location?
  /// A clause without a full stop.
  package let text: String
}

extension PolicyRule.Capability: Comparable {
  package static func < (one: Self, other: Self) -> Bool { one.order < other.order }

  private var order: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}

extension PolicyWorkload: Comparable {
  package static func < (one: Self, other: Self) -> Bool {
    (one.namespace, one.name, one.location) < (other.namespace, other.name, other.location)
  }
}

extension PolicyNeed: Comparable {
  package static func < (one: Self, other: Self) -> Bool {
    if one.workload != other.workload { return one.workload < other.workload }
    if let place = one.location, let other = other.location, place != other { return place < other }
    return one.file < other.file
  }
}

extension PolicyGap: Comparable {
  package static func < (one: Self, other: Self) -> Bool {
    if one.workload != other.workload { return one.workload < other.workload }
    if let place = one.location, let other = other.location, place != other { return place < other }
    return one.text < other.text
  }
}
