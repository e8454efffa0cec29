internal import Injection
internal import ManifestText
internal import Workloads

/// Reads what options name, and reports what is wrong with it.
extension Report {
  /// The configuration the options name, its warnings reported; nil where it cannot be used.
  mutating func load(
    _ options: ConfigurationOptions, _ cluster: @autoclosure @escaping () -> ClusterOptions
  ) -> LoadedConfiguration? {
    do throws(InputError) {
      let loaded = try ConfigurationLoader(cluster: cluster).load(options)
      take(loaded)
      return loaded
    } catch {
      fail(error)
      return nil
    }
  }

  /// The selection the options ask for; nil where it makes no sense.
  mutating func load(_ options: SelectionOptions, defaultNamespace: String?) -> Selection? {
    do throws(Diagnostic) {
      return try options.selection(defaultNamespace: defaultNamespace)
    } catch {
      fail(.usage, error)
      return nil
    }
  }
}
