package import ManifestText

/// Why a cluster or a user cannot be found in kubeconfig files.
extension Rule {
  package static let access = [
    kubeconfig, credentials,
  ]

  package static let kubeconfig = Rule(
    fault: "kubeconfig", "A kubeconfig file cannot be used as it is.",
    "It says which cluster is asked, and as whom.")
  package static let credentials = Rule(
    fault: "credentials", "There are no credentials to be had.",
    "A credential plugin, a token file or a certificate that the kubeconfig names does not give any.")
}
