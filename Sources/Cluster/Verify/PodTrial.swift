internal import KubernetesAPI
internal import ManifestText
internal import Platform
internal import Workloads

/// A pod made from an object's template, to ask the cluster whether it would take it.
struct PodTrial {
  /// Where in the object the template stands, with a dot at its end; empty where the object is the pod itself.
  let fieldPrefix: String
  /// The pod.
  private(set) var pod: Value

  /// The pods of an object, one for each of its templates.
  static func trials(of object: ClusterObject, _ kinds: WorkloadKinds) -> [PodTrial] {
    guard let kind = kinds.kind(of: object.manifest) else { return [] }
    return kind.templates.flatMap { path in
      path.templates(in: object.body).compactMap { PodTrial($0.value, at: $0.path, of: object) }
    }
  }

  private init?(_ template: Value, at path: Path, of object: ClusterObject) {
    guard let spec = template["spec"] else { return nil }
    var metadata: Value = ["generateName": .string("\(object.name.prefix(200))-")]
    metadata["namespace"] = object.namespace.map(Value.string)
    for key in ["labels", "annotations"] { metadata[key] = template["metadata"]?[key] }
    pod = ["apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": PodTrial.withClaims(spec, of: object)]
    fieldPrefix = path.steps.isEmpty ? "" : "\(path)."
  }

  /// A pod's spec with the volumes that a StatefulSet's controller adds for its claims, in place of those of the name.
  private static func withClaims(_ spec: Value, of object: ClusterObject) -> Value {
    let claims = object.body["spec"]?["volumeClaimTemplates"]?.array ?? []
    let names = claims.compactMap { $0["metadata"]?["name"]?.string }
    guard object.kind == "StatefulSet", !names.isEmpty else { return spec }
    var spec = spec
    let others = (spec["volumes"]?.array ?? []).filter { !names.contains($0["name"]?.string ?? "") }
    let volumes = names.map { name -> Value in
      ["name": .string(name), "persistentVolumeClaim": ["claimName": .string("\(name)-\(object.name)-0")]]
    }
    spec["volumes"] = .array(others + volumes)
    return spec
  }

  /// The pod without some fields of its spec; nil where it has none of them.
  func without(_ fields: [String]) -> PodTrial? {
    guard let spec = pod["spec"], fields.contains(where: { spec[$0] != nil }) else { return nil }
    var trial = self
    trial.pod["spec"]?.removeMembers(fields)
    return trial
  }

  /// Creates the pod, all but keeping it.
  func request(namespace: String, _ settings: ApplySettings) -> APIRequest {
    var settings = settings
    settings.dryRun = .server
    return APIRequest(
      .post, "/api/v1/namespaces/\(namespace)/pods", query: settings.parameters, contentType: "application/json",
      body: JSONWriter.compact(pod))
  }

  /// The containers that the answer has beyond those of the pod: what other webhooks bring.
  func foreignContainers(in answer: Value) -> [String] {
    ["initContainers", "containers"].flatMap { list -> [String] in
      let own = PodTrial.names(in: pod, list)
      return PodTrial.names(in: answer, list).filter { !own.contains($0) }
    }
  }

  private static func names(in pod: Value, _ list: String) -> [String] {
    pod["spec"]?[list]?.array?.compactMap { $0["name"]?.string } ?? []
  }
}
