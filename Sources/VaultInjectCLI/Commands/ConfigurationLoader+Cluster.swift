internal import KubernetesAPI

extension ConfigurationLoader {
  /// A loader that asks the cluster these options name, over what opens the way to it.
  package init(
    cluster: @escaping () -> ClusterOptions = { .unset },
    _ connect: @escaping ClusterConnection.Opening = ClusterConnection.transport
  ) {
    self.init(asking: { name throws(InputError) in
      try name.manifest(over: cluster().way(namespace: nil).configuration, connect)
    })
  }
}
