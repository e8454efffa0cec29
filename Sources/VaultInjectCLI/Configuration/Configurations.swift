internal import Injection
internal import ManifestText
internal import Output

/// The configurations of a run: that of the command as a whole, and one for each place that inputs are at.
final class Configurations {
  private let loader: ConfigurationLoader
  private var reported: Set<Int> = []
  private var byName: [String: LoadedConfiguration] = [:]
  /// That of the place the command line names first, for what is no matter of single inputs.
  private(set) var base: LoadedConfiguration

  /// Loads the configuration of a first place.
  init(_ loader: ConfigurationLoader, at place: InputPlace, _ report: inout Report) throws(Reported) {
    self.loader = loader
    base = try report.catching { () throws(Fault) in try loader.load(at: place) }
    try reportOn(base, &report)
  }

  /// The configuration of an input; what there is to say of it is reported once.
  func configuration(of input: Input, _ report: inout Report) throws(Reported) -> LoadedConfiguration {
    let loaded = try report.catching { () throws(Fault) in try loader.load(at: input.place) }
    try reportOn(loaded, &report)
    byName[input.name] = loaded
    return loaded
  }

  /// What inputs would have where some configuration files, named by their paths, held other bytes.
  func reading(_ edited: [String: [UInt8]]) -> (Input) throws(Fault) -> LoadedConfiguration {
    let loader = loader.reading(edited)
    return { (input) throws(Fault) in try loader.load(at: input.place) }
  }

  /// What a configuration file is called that is to be made for an input.
  func newFile(for input: Input) -> String { loader.newFile(for: input.place) }

  /// The root of the repository that a place is in; nil where it is in none.
  func repository(of place: InputPlace) -> String? { loader.repository(of: place) }

  /// The configuration that an input had which was read.
  func configuration(ofRead source: SourceText) -> LoadedConfiguration { byName[source.name] ?? base }

  private func reportOn(_ loaded: LoadedConfiguration, _ report: inout Report) throws(Reported) {
    guard reported.insert(loaded.number).inserted else { return }
    let findings = loaded.findings.compactMap { finding in
      loaded.policy.judged(finding.diagnostic).map { FileDiagnostic($0, in: finding.source) }
    }
    report.take(configuration: findings, files: loaded.files)
    if !loaded.policy.ignores(.builtInAddress) {
      report.expectAddress { loaded.policy.judged(.builtInAddress($0)) }
    }
    if loaded.policy.isStrict { report.beStrict() }
    if findings.contains(where: { $0.diagnostic.severity == .error }) { throw Reported() }
  }
}

/// What is done to inputs, each with the configuration of its place.
struct InputTransforms {
  private let configurations: Configurations
  private let isApart: (Input) -> Bool
  private let transform: (LoadedConfiguration, Bool) -> any DocumentTransform

  /// The same is done to all.
  init(_ configurations: Configurations, _ transform: @escaping (LoadedConfiguration) -> any DocumentTransform) {
    self.init(configurations, apart: { _ in false }, { loaded, _ in transform(loaded) })
  }

  /// Something else is done to some inputs; they are told by the second parameter.
  init(
    _ configurations: Configurations, apart isApart: @escaping (Input) -> Bool,
    _ transform: @escaping (LoadedConfiguration, Bool) -> any DocumentTransform
  ) {
    (self.configurations, self.isApart, self.transform) = (configurations, isApart, transform)
  }

  /// What is done to inputs that have no place of their own.
  var base: any DocumentTransform { transform(configurations.base, false) }

  private struct Key: Hashable {
    let configuration: Int
    let isApart: Bool
  }

  /// What is done to some inputs, and which of them to each.
  func all(for inputs: [Input], _ report: inout Report) throws(Reported) -> (
    transforms: [any DocumentTransform], indices: [Int]
  ) {
    var transforms: [any DocumentTransform] = []
    var known: [Key: Int] = [:]
    let indices = try inputs.map { (input) throws(Reported) in
      let loaded = try configurations.configuration(of: input, &report)
      let key = Key(configuration: loaded.number, isApart: isApart(input))
      if let index = known[key] { return index }
      transforms.append(transform(loaded, key.isApart))
      known[key] = transforms.count - 1
      return transforms.count - 1
    }
    return (transforms, indices)
  }
}
