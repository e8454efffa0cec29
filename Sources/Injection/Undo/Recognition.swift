internal import ManifestText

/// Tells whether a value is one that a record names by its digest, whatever an API server has made of it since.
struct Recognition {
  let version: InjectionRecord.Version
  let place: PodPlace
  /// The keys of entries that do not count, wherever they are.
  var omitted: [String] = []
  /// True in a pod as a cluster has it, to which admission has added its own.
  var isAdmitted = false

  /// The digest that a record has of a value as it is.
  func digest(of value: Value) -> RecordedDigest {
    switch version {
    case .first: FirstDigest(value).digest
    case .second, .current: RecordedDigest(Digest(value, at: place, omitting: omitted))
    }
  }

  /// Takes longer, where the digest is one of a spelling that is gone.
  func recognizes(_ value: Value, _ digest: RecordedDigest) -> Bool {
    switch version {
    case .first: FirstDigest(value).matches(digest)
    case .second, .current: self.digest(of: value) == digest || admitted(value)?.matches(digest) ?? false
    }
  }

  private func admitted(_ value: Value) -> AdmittedContainer? {
    isAdmitted ? AdmittedContainer(value, at: place) : nil
  }
}

/// A container of a pod as a cluster has it, to which admission has added what its namespace or its cluster asks for:
/// LimitRanger the amounts that are missing, AlwaysPullImages the policy.
///
/// Both act on pods only, so that nobody has to have changed the container; in a template the same is a change.
struct AdmittedContainer {
  fileprivate static let groups = ["limits", "requests"]
  fileprivate static let always = Value.string("Always")
  /// As many amounts as are looked at; their sets double with each of them.
  private static let mostAmounts = 8

  private let value: Value
  private let place: PodPlace

  /// Takes a container; nil for anything else.
  init?(_ value: Value, at place: PodPlace) {
    guard place.record?.name == PodPlace.container.record?.name else { return nil }
    (self.value, self.place) = (value, place)
  }

  /// True where a digest is that of the container before admission.
  func matches(_ digest: RecordedDigest) -> Bool {
    policies.contains { policy in
      var container = value
      container["imagePullPolicy"] = policy
      return AdmittedContainer.withoutAmounts(container).contains { RecordedDigest($0, at: place) == digest }
    }
  }

  private var policies: [Value?] {
    let policy = value["imagePullPolicy"]
    return policy == AdmittedContainer.always ? [policy, "IfNotPresent", "Never"] : [policy]
  }

  /// The container without each set of its amounts.
  private static func withoutAmounts(_ container: Value) -> [Value] {
    let amounts = groups.flatMap { group in
      (container["resources"]?[group]?.members ?? []).map { (group: group, key: $0.key) }
    }
    return amounts.prefix(mostAmounts).reduce([container]) { containers, amount in
      containers + containers.map { $0.withoutAmount(amount.key, of: amount.group) }
    }
  }
}

extension Document {
  /// True for a pod as a cluster has it: only a server gives out identifiers.
  func isPodOfCluster(_ node: NodeID) throws(Diagnostic) -> Bool {
    guard let kind = try value("kind", in: node), isText(kind, equalTo: "Pod"),
      let metadata = try value("metadata", in: node), let uid = try value("uid", in: metadata)
    else { return false }
    return isString(uid)
  }
}

extension Value {
  /// A pod with what admission had added to the containers of the same names in one that a cluster has.
  func admitted(as other: Value) -> Value {
    guard var spec = self["spec"] else { return self }
    for list in ["initContainers", "containers"] {
      guard let containers = spec[list]?.array else { continue }
      let others = other["spec"]?[list]?.array ?? []
      spec[list] = .array(
        containers.map { container in
          others.first { $0["name"] == container["name"] }.map(container.admitted(asContainer:)) ?? container
        })
    }
    var pod = self
    pod["spec"] = spec
    return pod
  }

  private func admitted(asContainer other: Value) -> Value {
    var container = self
    if other["imagePullPolicy"] == AdmittedContainer.always { container["imagePullPolicy"] = AdmittedContainer.always }
    for group in AdmittedContainer.groups {
      for amount in other["resources"]?[group]?.members ?? [] where self["resources"]?[group]?[amount.key] == nil {
        var resources = container["resources"] ?? [:]
        var amounts = resources[group] ?? [:]
        amounts[amount.key] = amount.value
        resources[group] = amounts
        container["resources"] = resources
      }
    }
    return container
  }

  fileprivate func withoutAmount(_ key: String, of group: String) -> Value {
    var (container, resources) = (self, self["resources"] ?? [:])
    var amounts = resources[group] ?? [:]
    amounts[key] = nil
    resources[group] = amounts == [:] ? nil : amounts
    container["resources"] = resources == [:] ? nil : resources
    return container
  }
}
