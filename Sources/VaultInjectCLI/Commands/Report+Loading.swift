internal import Output
internal import Cluster
internal import Injection
internal import ManifestText
internal import Workloads

/// Reads what options name, and reports what is wrong with it.
extension Report {
  /// The configuration the options name, its warnings reported.
  mutating func load(
    _ options: ConfigurationOptions, _ cluster: ClusterAccess
  ) throws(Reported) -> LoadedConfiguration {
    let loaded = try catching { () throws(Fault) in try ConfigurationLoader(cluster: cluster).load(options) }
    take(configuration: loaded.findings, files: loaded.files)
    return loaded
  }

  /// The selection the options ask for.
  mutating func load(_ options: SelectionOptions, defaultNamespace: String?) throws(Reported) -> Selection {
    do throws(Diagnostic) {
      return try options.selection(defaultNamespace: defaultNamespace)
    } catch {
      fail(.usage, error)
      throw Reported()
    }
  }
}
