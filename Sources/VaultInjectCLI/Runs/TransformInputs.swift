/// Where a command that changes manifests takes them from.
enum TransformInputs {
  /// Files, folders, URLs, standard input.
  case manifests(InputResolver)
  /// A cluster.
  case cluster(LiveObjects)
}
