package import Injection
package import ManifestText
package import Output
internal import Workloads

/// A pod that is looked at before it is deployed: whose it is, and what its agents will ask of Vault.
package struct PreflightPod: Sendable {
  /// The object that makes it, such as `Deployment/web`.
  let name: String
  /// The namespace it is in.
  let namespace: String
  /// The input it comes from.
  let source: SourceText
  /// Where in the input it asks for injection, or its object begins.
  let range: Range<Int>?
  /// What its agents ask.
  let access: VaultAccess
}

/// What a preflight is about: pods, and what comes to the cluster with them.
package struct PreflightPods: Sendable {
  /// The pods, in the order of the input.
  private(set) var pods: [PreflightPod] = []
  private(set) var companions = InputCompanions()

  /// No pods yet.
  package init() {}

  /// True where no pod asks anything of Vault.
  package var isEmpty: Bool { pods.isEmpty }

  /// Takes the pods of an input as a reader reads them; what is refused is reported.
  package mutating func add(_ source: SourceText, by reader: AccessReader, _ report: inout Report) {
    let reader = reader.informed(by: source)
    do throws(Diagnostic) {
      for piece in try DocumentStream(source) {
        let document = try Document(piece, of: source)
        try companions.add(document)
        for object in reader.read(document) { add(object, source, &report) }
      }
    } catch {
      report.fail(.refused, error, in: source)
    }
  }

  private mutating func add(_ object: ObjectAccess, _ source: SourceText, _ report: inout Report) {
    report.noteRead(object.plan)
    if case .refused(let diagnostic) = object.plan.outcome {
      return report.fail(.refused, diagnostic, in: source)
    }
    for access in object.pods {
      pods.append(
        PreflightPod(
          name: object.plan.object?.displayName ?? "pod", namespace: object.namespace, source: source,
          range: access.range ?? object.plan.offset.map { $0..<$0 + 1 }, access: access))
    }
  }
}

/// Objects of the input that pods refer to, and that may not be in the cluster yet.
struct InputCompanions: Sendable {
  private struct Key: Hashable {
    let kind: String
    let namespace: String
    let name: String
  }

  private var objects: [Key: Value] = [:]

  mutating func add(_ document: Document) throws(Diagnostic) {
    for object in try ManifestObject.objects(of: document) where object.apiVersion == "v1" {
      guard ["ConfigMap", "Secret", "ServiceAccount"].contains(object.kind) else { continue }
      let key = Key(kind: object.kind, namespace: object.namespace ?? "", name: object.name)
      objects[key] = try document.value(of: object.node)
    }
  }

  /// An object of the input; one that names no namespace is in whichever it is wanted.
  func object(_ kind: String, _ name: String, in namespace: String) -> Value? {
    objects[Key(kind: kind, namespace: namespace, name: name)] ?? objects[Key(kind: kind, namespace: "", name: name)]
  }
}
