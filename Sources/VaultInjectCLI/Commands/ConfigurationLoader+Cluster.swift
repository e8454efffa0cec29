internal import Output
package import Cluster

extension ConfigurationLoader {
  /// A loader that asks this cluster, where the webhook's configuration is to come from one.
  package init(cluster: ClusterAccess = ClusterAccess()) {
    self.init(asking: { name throws(Fault) in try cluster.manifest(of: name) })
  }
}
