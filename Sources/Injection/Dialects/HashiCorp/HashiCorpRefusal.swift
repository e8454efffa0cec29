internal import ManifestText

/// Where on its way HashiCorp's webhook gives up on a pod, and what its message begins with then.
enum HashiCorpPhase: String {
  case gate = "error checking if should inject agent: "
  case namespace = "error with request namespace: "
  case defaults = "error adding default annotations: "
  case parsing = "error creating new agent sidecar: "
  case validation = "error validating agent configuration: "
  case patch = "error creating patch for agent: "
}

extension Diagnostic {
  /// A refusal in the webhook's words, which the message has to hold to the letter.
  static func hashicorp(_ phase: HashiCorpPhase, _ message: String, hint: String, at range: Range<Int>?) -> Diagnostic {
    Diagnostic(rule: "hashicorp-refusal", message: phase.rawValue + message, hint: hint, range: range)
  }

  static func systemNamespace(_ namespace: String, at range: Range<Int>?) -> Diagnostic {
    hashicorp(
      .namespace, "cannot inject into system namespaces: \(namespace)",
      hint: "the webhook refuses this namespace: move the workload to another, or take the annotation agent-inject out",
      at: range)
  }
}
