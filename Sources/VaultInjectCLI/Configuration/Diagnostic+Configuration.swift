internal import ManifestText

/// What is said about the options that name a configuration.
extension Diagnostic {
  static func emptyOption(_ option: String) -> Diagnostic {
    Diagnostic(
      rule: "empty-option", message: "the value of \(option) is empty",
      hint: "a variable may be empty; leave the option out for what is built in")
  }

  static func configMapName(_ name: String) -> Diagnostic {
    Diagnostic(
      rule: "webhook-config", message: "`\(name)` names no ConfigMap of a cluster",
      hint: "write configmap/NAMESPACE/NAME; a file of that name is ./\(name)")
  }

  static func noConfigMap(_ name: String, in namespace: String) -> Diagnostic {
    Diagnostic(
      rule: "webhook-config", message: "the cluster has no such ConfigMap",
      hint: "see kubectl get configmaps -n \(namespace) for those there are")
  }

  static func configMapRefused(_ message: String, _ name: String, in namespace: String) -> Diagnostic {
    Diagnostic(
      rule: "webhook-config", message: "the cluster does not give it: \(message)",
      hint: "check with kubectl auth can-i get configmaps/\(name) -n \(namespace)")
  }
}
