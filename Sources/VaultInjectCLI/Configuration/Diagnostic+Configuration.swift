internal import ManifestText

/// What is said about the options that name a configuration.
extension Diagnostic {
  static func emptyOption(_ option: String) -> Diagnostic {
    Diagnostic(
      rule: "empty-option", message: "the value of \(option) is empty",
      hint: "a variable may be empty; leave the option out for what is built in")
  }

  static func webhookConfigInCluster(_ name: String) -> Diagnostic {
    let parts = name.split(separator: "/").map(String.init)
    let command =
      parts.count == 3
      ? "kubectl get configmap \(parts[2]) -n \(parts[1]) -o yaml" : "kubectl get configmap NAME -o yaml"
    return Diagnostic(
      rule: "webhook-config", message: "`\(name)` would be read from the cluster, which is not possible yet",
      hint: "save it and name the file: \(command) > webhook.yaml")
  }
}
