package import ManifestText

/// What a check of the guard finds in a cluster.
extension Rule {
  package static let guards = [guardMissing, guardDiffers, refusedByGuard, namespacesNotRead]

  package static let guardMissing = Rule(
    fault: "guard-missing", "The cluster lacks the guard, or a part of it.",
    "Pods without their agent are not refused.")
  package static let guardDiffers = Rule(
    fault: "guard-differs", "The guard of the cluster is another one.",
    "It was printed with other options, by another version, or changed.")
  package static let refusedByGuard = Rule(
    fault: "refused-by-guard", "The guard would refuse what runs now.",
    "It could not be created again.")
  package static let namespacesNotRead = Rule(
    fault: "namespaces-not-read", as: .warning, "The labels of namespaces cannot be read.",
    "Which of them are exempt is not known.")
}
