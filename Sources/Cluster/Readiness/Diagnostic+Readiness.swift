internal import KubernetesAPI
internal import ManifestText

/// What is said of workloads that are waited for.
extension Diagnostic {
  static let nothingToWaitFor = Diagnostic(
    rule: .notWaitedFor, message: "there is nothing to wait for: no object of the input makes pods")

  static func unknownReadiness(_ object: ReadinessObject) -> Diagnostic {
    Diagnostic(
      rule: .notWaitedFor,
      message: "\(object.displayName) is not waited for: nothing tells when one of its kind is ready",
      range: object.range)
  }

  static func neverReady(_ object: ReadinessObject, _ reason: String) -> Diagnostic {
    Diagnostic(
      rule: .notWaitedFor, message: "\(object.displayName) is not waited for: \(reason)", range: object.range)
  }

  static func notReady(
    _ workload: ReadinessWait.Workload, within milliseconds: Int, _ trouble: PodTrouble?,
    says line: String?, _ creation: String?
  ) -> Diagnostic {
    let (object, resource, state) = (workload.object, workload.resource, workload.state)
    var parts: [String] = []
    switch state {
    case .failed(let words)?: parts.append("\(object.subject) is not ready, and will not be: \(words)")
    case .waiting(let words)?: parts.append("\(object.subject) was not ready within \(milliseconds / 1000) s: \(words)")
    case .untold(.unreadable(let words))?:
      parts.append("whether \(object.subject) is ready cannot be told: \(words)")
    case .untold(.ended)?:
      parts.append("how \(object.subject) ended cannot be told: ttlSecondsAfterFinished had it removed")
    default: parts.append("\(object.subject) was not ready within \(milliseconds / 1000) s")
    }
    if let creation { parts.append("its pods cannot be created: \(creation)") }
    if let trouble {
      parts.append(object.kind == "/Pod" ? trouble.words : "pod \(trouble.pod): \(trouble.words)")
    }
    if let line { parts.append("its last words: \(line)") }
    let option = object.namespace.map { " -n \($0)" } ?? ""
    let hint: String =
      if case .untold(.unreadable)? = state {
        "check with kubectl auth can-i get \(resource.qualifiedPlural)/\(object.name)\(option)"
      } else if case .untold(.ended)? = state {
        "leave a minute to look at it: ttlSecondsAfterFinished: 60"
      } else if trouble?.isAgents == true {
        "kubectl vault-inject preflight \(object.qualifiedName)\(option) tells what Vault would answer it"
      } else if let trouble {
        "kubectl describe pod/\(trouble.pod)\(option) tells more"
      } else {
        "kubectl describe \(object.qualifiedName)\(option) tells more"
      }
    return Diagnostic(rule: .notReady, message: parts.joined(separator: "; "), hint: hint, range: object.range)
  }
}
