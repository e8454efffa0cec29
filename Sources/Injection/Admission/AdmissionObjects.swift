package import ManifestText

/// Requests that a policy is about.
package struct AdmissionRule: Equatable, Sendable {
  package let group: String
  package let operations: [String]
  package let resources: [String]

  package init(group: String, operations: [String], resources: [String]) {
    (self.group, self.operations, self.resources) = (group, operations, resources)
  }

  /// The creation of pods.
  package static let newPods = AdmissionRule(group: "", operations: ["CREATE"], resources: ["pods"])

  package var value: Value {
    [
      "apiGroups": [.string(group)], "apiVersions": ["v1"], "operations": .array(operations.map(Value.string)),
      "resources": .array(resources.map(Value.string)),
    ]
  }
}

/// Namespaces that a policy does not count in.
package struct ExemptNamespaces: Equatable, Sendable {
  /// A label by which a namespace is exempt.
  package struct Label: Equatable, Sendable {
    package let key: String
    /// Nil where any value does.
    package let value: String?

    /// Reads `KEY=VALUE`, or `KEY` for any value; nil for what no label can be.
    package init?(_ text: String) {
      let parts = ByteText.pieces(of: text, around: "=")
      guard parts.count <= 2, ObjectName.isLabelKey(parts[0]), ObjectName.isLabelValue(parts.last ?? "") else {
        return nil
      }
      (key, value) = (parts[0], parts.count == 2 ? parts[1] : nil)
    }

    /// As kubectl labels a namespace with it.
    package var text: String { "\(key)=\(value ?? "")" }

    fileprivate var requirement: Value {
      guard let value else { return ["key": .string(key), "operator": "DoesNotExist"] }
      return ["key": .string(key), "operator": "NotIn", "values": [.string(value)]]
    }
  }

  /// Those in which injectors inject nothing.
  package static let system = ["kube-system", "kube-public"]
  /// The label that the API server gives every namespace.
  package static let nameLabel = "kubernetes.io/metadata.name"

  package let labels: [Label]

  package init(labels: [Label]) { self.labels = labels }

  /// True for a namespace with this name and these labels.
  package func holds(_ namespace: String, labels found: Value?) -> Bool {
    if ExemptNamespaces.system.contains(namespace) { return true }
    return labels.contains { label in
      guard let text = found?[label.key]?.string else { return false }
      return label.value.map { ByteText.isEqual($0, text) } ?? true
    }
  }

  /// What selects all others.
  package var selector: Value {
    let names: Value = [
      "key": .string(ExemptNamespaces.nameLabel), "operator": "NotIn",
      "values": .array(ExemptNamespaces.system.map(Value.string)),
    ]
    return ["matchExpressions": .array([names] + labels.map(\.requirement))]
  }
}

/// A name in a policy and the CEL that it stands for: a variable, or a condition.
package struct NamedExpression: Equatable, Sendable {
  package let name: String
  package let expression: String

  package init(_ name: String, _ expression: String) { (self.name, self.expression) = (name, expression) }

  package var value: Value { ["name": .string(name), "expression": .string(expression)] }
}

/// The objects that make up a policy.
package enum AdmissionObjects {
  /// Their API group.
  package static let group = "admissionregistration.k8s.io"
  private static let version = "\(group)/v1"

  /// A policy, or a binding, with its specification.
  package static func object(kind: String, name: String, spec: Value) -> Value {
    [
      "apiVersion": .string(version), "kind": .string(kind), "metadata": ["name": .string(name)], "spec": spec,
    ]
  }

  /// What puts a policy in force in all namespaces but some; without actions for one that changes objects.
  package static func binding(
    kind: String, name: String, policy: String, actions: [String]? = nil, rules: [AdmissionRule]? = nil,
    exempt: ExemptNamespaces
  ) -> Value {
    var spec: Value = ["policyName": .string(policy)]
    if let actions { spec["validationActions"] = .array(actions.map(Value.string)) }
    var match: Value = ["namespaceSelector": exempt.selector]
    if let rules { match["resourceRules"] = .array(rules.map(\.value)) }
    spec["matchResources"] = match
    return object(kind: kind, name: name, spec: spec)
  }
}
