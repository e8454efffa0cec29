package import Output
internal import Cluster
internal import Injection
internal import ManifestText
internal import Platform

/// Reads the configuration in force: files first, then the command line, each winning over what came before.
///
///     let loaded = try ConfigurationLoader().load(request)    // throws Fault: file, finding, kind of failure
///     let injector = Injector(dialects: loaded.dialects, kinds: loaded.kinds, namespace: namespace)
package struct ConfigurationLoader {
  /// The folder that the search for a configuration file begins in; nil is the working directory.
  package var folder: String?
  /// Asks a cluster for the webhook's configuration, where it is to come from one.
  private let manifest: (ClusterConfigMap) throws(Fault) -> SourceText

  /// Puts a loader together, with what asks a cluster.
  init(asking manifest: @escaping (ClusterConfigMap) throws(Fault) -> SourceText) { self.manifest = manifest }

  /// Reads what the command line names, in a cluster too where it does, and what lies in the folder.
  /// - Throws: A `Fault` for the first thing that cannot be read or is not accepted.
  ///
  /// What a KRM function's list sets comes between the files and the options.
  package func load(_ request: ConfigurationRequest) throws(Fault) -> LoadedConfiguration {
    try load(request, function: nil)
  }

  func load(_ request: ConfigurationRequest, function list: ResourceList?) throws(Fault) -> LoadedConfiguration {
    var configuration = Configuration()
    let files = try files(request)
    for source in files.sources { try read(source, into: &configuration) }
    if let list { try read(list, into: &configuration) }
    do throws(Diagnostic) {
      try take(request, into: &configuration)
    } catch {
      throw Fault(.usage, error)
    }
    return try loaded(configuration, files, request)
  }

  /// Configuration files in the order they are read, and what there is to say about others.
  private typealias Files = (sources: [SourceText], findings: [FileDiagnostic])

  private func files(_ request: ConfigurationRequest) throws(Fault) -> Files {
    var files: Files = ([], [])
    if let found = try ConfigurationFile.nearest(to: folder), !(request.file.map(found.isSame) ?? false) {
      switch (found.fault, request.file) {
      case (nil, _): files.sources.append(found.source)
      case (let fault?, nil):
        let name = found.source.name
        throw Fault(.refused, input: name, .foreignConfiguration(name, fault))
      case (let fault?, _): files.findings.append(FileDiagnostic(.foreignConfigurationIgnored(fault), in: found.source))
      }
    }
    if let path = request.file { files.sources.append(try ConfigurationFile.named(path)) }
    return files
  }

  private func read(_ source: SourceText, into configuration: inout Configuration) throws(Fault) {
    do throws(Diagnostic) {
      try configuration.read(source)
    } catch {
      throw Fault(.refused, in: source, error)
    }
  }

  private func read(_ list: ResourceList, into configuration: inout Configuration) throws(Fault) {
    do throws(Diagnostic) {
      guard let object = try list.configuration() else { return }
      try configuration.read(object: object, in: list.document)
    } catch {
      throw Fault(.refused, in: list.source, error)
    }
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
    try configuration.set(podPaths: request.podPaths)
    try configuration.check()
  }

  private func loaded(
    _ configuration: Configuration, _ files: Files, _ request: ConfigurationRequest
  ) throws(Fault) -> LoadedConfiguration {
    let webhook = try request.webhookConfiguration.map { (path) throws(Fault) in
      try WebhookConfiguration(path).load(manifest)
    }
    return LoadedConfiguration(
      configuration: configuration,
      options: DialectOptions(isExact: request.isExact, webhook: webhook),
      dialect: request.dialect,
      webhookConfiguration: request.webhookConfiguration,
      policy: try policy(configuration, request),
      files: files.sources.map(\.name),
      findings: files.findings + findings(configuration, request).map { FileDiagnostic($0, in: nil) })
  }

  /// Which findings refuse an object, and which are ignored.
  private func policy(
    _ configuration: Configuration, _ request: ConfigurationRequest
  ) throws(Fault) -> FindingPolicy {
    for name in request.ignoredRules where !Rule.ignorable.contains(where: { $0.id == name }) {
      throw Fault(.usage, .notIgnorable(name, in: "--ignore"))
    }
    return FindingPolicy(
      isExact: request.isExact, isStrict: request.isStrict,
      ignoring: Set(request.ignoredRules + configuration.ignoredRules))
  }

  /// Points at what a user set that changes nothing.
  private func findings(_ configuration: Configuration, _ request: ConfigurationRequest) -> [Diagnostic] {
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
