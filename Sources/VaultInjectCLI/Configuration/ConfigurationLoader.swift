package import Output
internal import Cluster
internal import Injection
internal import ManifestText
internal import Platform

/// Reads the configurations in force: files first, then the command line, each winning over what came before.
///
///     let loader = ConfigurationLoader(request)
///     let loaded = try loader.load(at: .file("app.yaml"))    // throws Fault: file, finding, kind of failure
///     let injector = loaded.injector(namespace: namespace, selection: selection)
///
/// Each place has the configuration of the nearest file; what was read once is kept.
package final class ConfigurationLoader {
  private let request: ConfigurationRequest
  private let search: ConfigurationSearch
  private let edited: [String: [UInt8]]
  /// Asks a cluster for the webhook's configuration, where it is to come from one.
  private let manifest: (ClusterConfigMap) throws(Fault) -> SourceText
  /// What was read, by the folder of the nearest file; the empty text stands for none.
  private var layers: [String: ConfigurationLayers] = [:]
  private var webhook: TalendConfiguration?
  private var loaded: [Key: LoadedConfiguration] = [:]
  /// The configuration of all files in a folder, by what the folder is called.
  private var byFolder: [String: LoadedConfiguration] = [:]
  /// What was found of images, by the entries that tell of them.
  private var images: [String: ImageCatalog.Source] = [:]

  /// What decides which configuration a place has.
  private struct Key: Hashable {
    let folder: String
    /// Which overrides count for it.
    let overrides: [Bool]
  }

  /// Puts a loader together, with what asks a cluster; nil takes the working directory for the place of streams.
  init(
    _ request: ConfigurationRequest, workingFolder: String?,
    asking manifest: @escaping (ClusterConfigMap) throws(Fault) -> SourceText
  ) {
    (self.request, self.manifest, edited) = (request, manifest, [:])
    search = ConfigurationSearch(workingFolder: workingFolder)
  }

  private init(_ loader: ConfigurationLoader, edited: [String: [UInt8]]) {
    (request, manifest, search, self.edited) = (loader.request, loader.manifest, loader.search, edited)
    (webhook, images) = (loader.webhook, loader.images)
  }

  /// A loader that reads some files, named by their paths without links, as if these bytes had been written into them.
  func reading(_ edited: [String: [UInt8]]) -> ConfigurationLoader { ConfigurationLoader(self, edited: edited) }

  /// The configuration of a place: what the command line names, and what lies in the folder of the place or above it.
  /// - Throws: A `Fault` for the first thing that cannot be read or is not accepted.
  package func load(at place: InputPlace = .workingFolder) throws(Fault) -> LoadedConfiguration {
    guard case .file(let path) = place else { return try find(at: place).configuration }
    let folder = FilePath.folder(of: path)
    if let known = byFolder[folder] { return known }
    let (configuration, isOfAll) = try find(at: place)
    if isOfAll { byFolder[folder] = configuration }
    return configuration
  }

  /// The configuration of a place, and whether every file in its folder has the same, whatever it is called.
  private func find(at place: InputPlace) throws(Fault) -> (configuration: LoadedConfiguration, isOfAll: Bool) {
    let path = search.path(of: place)
    let file = try search.file(for: place, at: path)
    let layers = try layers(of: file)
    let key = Key(folder: file?.folder ?? "", overrides: layers.overrides(for: path))
    if let known = loaded[key] { return (known, !layers.tellFilesApart) }
    let configuration = try load(layers, at: path, function: nil)
    loaded[key] = configuration
    return (configuration, !layers.tellFilesApart)
  }

  /// The configuration of a KRM function, whose list comes between the files and the options.
  func load(function list: ResourceList) throws(Fault) -> LoadedConfiguration {
    let path = search.path(of: .workingFolder)
    let layers = try layers(of: try search.file(for: .workingFolder, at: path))
    return try load(layers, at: path, function: list)
  }

  /// Where a configuration file is to be for a place that has none: at the root of its repository or, without one, where
  /// streams are.
  func newFile(for place: InputPlace) -> String {
    let folder = search.path(of: place).map(FilePath.folder)
    let root = folder.flatMap(search.repository) ?? search.path(of: .workingFolder) ?? "."
    return search.name(of: root.joined(ConfigurationFile.name))
  }

  /// The root of the repository that a place is in; nil where it is in none.
  func repository(of place: InputPlace) -> String? {
    guard let path = search.path(of: place) else { return nil }
    if case .file = place { return search.repository(of: FilePath.folder(of: path)) }
    return search.repository(of: path)
  }

  // MARK: Files

  private func layers(of file: ConfigurationFile?) throws(Fault) -> ConfigurationLayers {
    let folder = file?.folder ?? ""
    if let known = layers[folder] { return known }
    var layers = ConfigurationLayers(search, edited: edited)
    if let file, !(request.file.map(file.isSame) ?? false) {
      switch (file.fault, request.file) {
      case (nil, _): try layers.add(file)
      case (let fault?, nil):
        throw Fault(.refused, input: file.source.name, .foreignConfiguration(file.source.name, fault))
      case (let fault?, _): layers.findings.append(FileDiagnostic(.foreignConfigurationIgnored(fault), in: file.source))
      }
    }
    if let path = request.file {
      guard !path.isEmpty else { throw Fault(.usage, .emptyOption("--config")) }
      try layers.add(try InputLoader().source(path), in: search.path(of: .file(path)).map(FilePath.folder))
    }
    self.layers[folder] = layers
    return layers
  }

  // MARK: Settings

  private func load(
    _ layers: ConfigurationLayers, at path: String?, function list: ResourceList?
  ) throws(Fault) -> LoadedConfiguration {
    let configuration = try configuration(layers, at: path, inNamespace: nil, function: list)
    var namespaced: [String: Configuration] = [:]
    for namespace in layers.namespaces(at: path) {
      namespaced[namespace] = try self.configuration(layers, at: path, inNamespace: namespace, function: list)
    }
    let unknown = request.ignoredRules.filter { name in !Rule.ignorable.contains { $0.id == name } }
    if !unknown.isEmpty { throw Fault(.usage, .notIgnorable(unknown, in: "--ignore")) }
    var options = DialectOptions(isExact: request.isExact, webhook: try webhookConfiguration())
    options.isAlone = request.dialect != nil
    for configuration in [configuration] + namespaced.sorted(by: { $0.key < $1.key }).map(\.value) {
      for (entry, origin) in configuration.imageConfigs { options.images.add(try images(of: entry, origin), of: entry) }
    }
    return LoadedConfiguration(
      number: loaded.count, configuration: configuration, namespaced: namespaced, options: options, layers: layers,
      request: request,
      findings: layers.findings + findings(configuration, namespaced).map { FileDiagnostic($0, in: nil) })
  }

  private func configuration(
    _ layers: ConfigurationLayers, at path: String?, inNamespace namespace: String?, function list: ResourceList?
  ) throws(Fault) -> Configuration {
    var configuration = layers.configuration(at: path, inNamespace: namespace)
    if let list { try read(list, into: &configuration) }
    do throws(Diagnostic) {
      try take(request, into: &configuration)
    } catch {
      throw Fault(.usage, error)
    }
    return configuration
  }

  private func webhookConfiguration() throws(Fault) -> TalendConfiguration? {
    if webhook == nil, let path = request.webhookConfiguration {
      webhook = try WebhookConfiguration(path).load(manifest)
    }
    return webhook
  }

  private func images(of entry: String, _ origin: Configuration.Origin) throws(Fault) -> ImageCatalog.Source {
    if let known = images[entry] { return known }
    guard let parts = ImageEntry(entry) else { return ImageCatalog.Source([]) }
    let found = try ImageFiles(parts, origin).load()
    images[entry] = found
    return found
  }

  private func read(_ list: ResourceList, into configuration: inout Configuration) throws(Fault) {
    let faults: [Diagnostic]
    do throws(Diagnostic) {
      guard let object = try list.configuration() else { return }
      faults = try configuration.read(object: object, in: list.document)
    } catch {
      throw Fault(.refused, in: list.source, error)
    }
    if let fault = faults.first { throw Fault(.refused, in: list.source, fault, and: Array(faults.dropFirst())) }
  }

  private func take(
    _ request: ConfigurationRequest, into configuration: inout Configuration
  ) throws(Diagnostic) {
    for (option, texts) in request.texts {
      for text in texts where FilePath.holdsBytes(text) { throw .optionIsNotText(option, text) }
    }
    for assignment in request.assignments { try configuration.set(assignment: assignment) }
    if let address = request.vaultAddress {
      // The setting may be empty, as the webhook's may; an empty option is a variable of the shell that is not set.
      if address.isEmpty { throw .emptyOption("--vault-addr") }
      try configuration.set("vault.address", to: address, option: "--vault-addr")
    }
    if let sidecars = request.sidecars {
      try configuration.set("sidecars", to: sidecars.rawValue, option: "--sidecars")
    }
    if !request.entrypoints.isEmpty { try configuration.set(entrypoints: request.entrypoints) }
    if !request.imageConfigs.isEmpty { try configuration.set(imageConfigs: request.imageConfigs) }
    try configuration.set(podPaths: request.podPaths)
    try configuration.check()
  }

  /// Points at what a user set that changes nothing, each once.
  private func findings(_ configuration: Configuration, _ namespaced: [String: Configuration]) -> [Diagnostic] {
    var findings: [Diagnostic] = []
    for configuration in [configuration] + namespaced.sorted(by: { $0.key < $1.key }).map(\.value) {
      findings += self.findings(configuration).filter { !findings.contains($0) }
    }
    return findings
  }

  private func findings(_ configuration: Configuration) -> [Diagnostic] {
    var findings: [Diagnostic] = []
    if request.webhookConfiguration != nil, let warning = configuration.warningBesideWebhookConfiguration {
      findings.append(warning)
    }
    findings += configuration.warningsBesideOthers
    if request.isExact { findings += configuration.warningsBesideExact }
    if let dialect = request.dialect { findings += configuration.warnings(besideDialect: dialect) }
    return findings
  }
}
