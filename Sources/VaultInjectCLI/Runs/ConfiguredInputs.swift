internal import Cluster
internal import Injection
internal import ManifestText
internal import Output

/// The inputs of a run that reads one after the other, each with the configuration of its place.
///
///     var inputs = try ConfiguredInputs(plan.inputs, configurations, &report)    // throws Fault: there are none to be had
///     while let (source, loaded) = inputs.next(&report) { … }
struct ConfiguredInputs {
  /// An input that was read, with the configuration of its place.
  typealias Element = (source: SourceText, configuration: LoadedConfiguration)

  private let configurations: Configurations
  private var inputs: ArraySlice<Input> = []
  private var objects: LiveObjects?
  private var page: ArraySlice<LiveObject> = []

  /// Finds the inputs, none of which the report may be written over.
  init(
    _ inputs: TransformPlan.Inputs, _ configurations: Configurations, _ report: inout Report
  ) throws(Fault) {
    self.configurations = configurations
    switch inputs {
    case .manifests(let resolver): self.inputs = try resolver.resolve(checking: &report)[...]
    case .cluster(let objects): self.objects = objects
    }
  }

  /// The next input that can be read; nil after the last, and where a configuration or the cluster cannot be had.
  ///
  /// What goes wrong is reported.
  mutating func next(_ report: inout Report) -> Element? {
    while let input = inputs.popFirst() {
      guard let loaded = try? configurations.configuration(of: input, &report) else {
        inputs = []
        return nil
      }
      if let source = try? report.catching({ () throws(Fault) in try input.load() }) { return (source, loaded) }
    }
    return nextObject(&report).map { ($0.source, configurations.base) }
  }

  private mutating func nextObject(_ report: inout Report) -> LiveObject? {
    while page.isEmpty {
      do throws(Fault) {
        guard let objects = try objects?.nextPage(&report) else { return nil }
        page = objects[...]
      } catch {
        report.fail(error)
        objects = nil
      }
    }
    return page.popFirst()
  }
}
