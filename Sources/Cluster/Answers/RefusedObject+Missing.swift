internal import KubernetesAPI
internal import ManifestText
internal import Platform

/// What a refusal reports as missing: an object that the same input may contain, or fields that may be left out.
extension RefusedObject {
  /// The fields of the object that the cluster does not know; nil where something else is wrong.
  var unknownPaths: [Path]? {
    let problems = SchemaProblem.problems(in: status.message)
    guard !problems.isEmpty, problems.allSatisfy({ $0.kind == .unknown }) else { return nil }
    return problems.compactMap { problem in
      let path = FieldPath.path(problem.path, in: object.body)
      return FieldPath.isWhole(path, problem.path) ? path : nil
    }
  }

  /// What the pod refers to and the cluster lacks; nil where that is not why it is refused.
  var missingReference: (kind: String, name: String, fields: [String])? {
    guard status.code == 403, let (refusal, rest) = AdmissionRefusal.reason(status.message),
      let reference = refusal.reference
    else { return nil }
    return (reference.kind, String(rest.prefix { $0 != "\"" && $0 != " " }), reference.fields)
  }

  /// True where another object is what is missing.
  func misses(_ other: ClusterObject, _ resource: APIResource) -> Bool {
    let (kind, name) = (other.kind, other.name)
    if let missing = missingReference {
      return kind == missing.kind && name == missing.name
        && (!resource.isNamespaced || other.namespace == object.namespace)
    }
    guard status.code == 404 else { return false }
    if isAboutNamespace { return kind == "Namespace" && name == (status.name.isEmpty ? object.namespace : status.name) }
    guard status.name.isEmpty else {
      return name == status.name && resource.group == status.group && [resource.plural, kind].contains(status.kind)
        && name != object.name
    }
    return kind == "CustomResourceDefinition"
      && CustomResourceDefinition(other.body).resources.contains {
        $0.apiVersion == object.apiVersion && $0.kind == object.kind
      }
  }
}

extension Diagnostic {
  /// An object that nobody can try out before another one of the input is there.
  static func comesWithInput(_ missing: ClusterObject, _ object: ClusterObject) -> Diagnostic {
    Diagnostic(
      rule: .comesWithInput,
      message:
        "\(object.displayName) could not be tried out: \(missing.displayName), which it needs, comes with the same input",
      range: object.range)
  }
}

extension ClusterObject {
  /// True for a pod that is an object of its own.
  var isPod: Bool { group.isEmpty && kind == "Pod" }
}
