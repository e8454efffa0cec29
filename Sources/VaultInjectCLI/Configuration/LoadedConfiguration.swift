package import Injection
package import ManifestText
internal import Output
package import Workloads

/// Everything the configuration decides about a run, which all inputs that have it share.
package final class LoadedConfiguration: Sendable {
  /// Which of a run's configurations it is.
  package let number: Int
  /// The settings in force, with where each comes from.
  package let configuration: Configuration
  /// Those of namespaces for which files say something else.
  package let namespaced: [String: Configuration]
  /// What decides about injections beside the settings.
  package let options: DialectOptions
  /// What becomes of findings, beside what the settings ignore.
  let request: ConfigurationRequest
  /// The files that count where the inputs are.
  let sources: [ConfigurationSource]
  /// The configuration files in force, in the order they were read.
  package let files: [String]
  /// The findings, all of them warnings.
  package let findings: [FileDiagnostic]

  init(
    number: Int, configuration: Configuration, namespaced: [String: Configuration], options: DialectOptions,
    layers: ConfigurationLayers, request: ConfigurationRequest, findings: [FileDiagnostic]
  ) {
    (self.number, self.configuration, self.namespaced, self.options) = (number, configuration, namespaced, options)
    (sources, files) = (layers.sources, layers.names)
    (self.request, self.findings) = (request, findings)
  }

  /// The name of the one dialect to speak; nil for every dialect.
  package var dialect: String? { request.dialect }

  /// The folder or file of the webhook's own configuration; nil where the containers are the built-in ones.
  package var webhookConfiguration: String? { request.webhookConfiguration }

  /// The settings for objects of a namespace.
  func configuration(inNamespace namespace: String) -> Configuration { namespaced[namespace] ?? configuration }

  /// True for what the webhook would do and nothing else.
  package var isExact: Bool { options.isExact }

  /// The dialects to speak, with their settings.
  package var dialects: [any Dialect] { dialects(configuration) }

  /// Why there is nothing to inject, and nothing to find, where no annotation stands.
  var reasonForNothing: ReasonForNothing {
    ReasonForNothing(
      "no pod asks for injection",
      hint: self.exampleDialect.map { "`annotate` writes the annotations that ask for it, such as \($0.requestKey)" })
  }

  private var exampleDialect: (any Dialect)? {
    let spoken = dialects
    return spoken.first { $0.name == HashiCorpSettings.dialect } ?? spoken.first
  }

  private func dialects(_ configuration: Configuration) -> [any Dialect] {
    Dialects.spoken(dialect, configuration).map { $0.init(configuration, options) }
  }

  /// Which findings refuse an object, and which are ignored.
  package var policy: FindingPolicy { policy(configuration) }

  private func policy(_ configuration: Configuration) -> FindingPolicy {
    FindingPolicy(
      isExact: request.isExact, isStrict: request.isStrict,
      ignoring: Set(request.ignoredRules + configuration.ignoredRules))
  }

  /// What decides about pods, in each namespace.
  private var terms: InjectionTerms { terms(configuration, namespaced) }

  private func terms(_ configuration: Configuration, _ namespaced: [String: Configuration]) -> InjectionTerms {
    InjectionTerms(
      dialects: dialects(configuration), policy: policy(configuration),
      namespaced: namespaced.mapValues { InjectionTerms(dialects: dialects($0), policy: policy($0)) })
  }

  /// One dialect with its settings, whether or not it is to be spoken.
  func dialect<Wanted: ConfigurableDialect>(_ type: Wanted.Type) -> Wanted { Wanted(configuration, options) }

  /// An injector with this configuration; objects that name no namespace are taken to be in this one.
  ///
  /// What was changed by hand in an earlier injection refuses an object, unless it may go.
  func injector(namespace: String?, selection: Selection, handChanges: HandChanges = .kept) -> Injector {
    Injector(terms, kinds: kinds, namespace: namespace, selection: selection, handChanges: handChanges)
  }

  /// What finds the faults an injector would with this configuration.
  func linter(namespace: String?, selection: Selection) -> Linter {
    Linter(injector(namespace: namespace, selection: selection).seekingReferences())
  }

  /// An injector of the same, which finds out what makes changes by hand so before it refuses them.
  ///
  /// Where an account of all objects is wanted, it tells also of those that other injectors alone would change.
  func hintingInjector(namespace: String?, selection: Selection, wantsAccount: Bool) -> HintingInjector {
    let injector = injector(namespace: namespace, selection: selection)
    return HintingInjector(injector.seekingReferences(wantsAccount || policy.isStrict)) { [self] document in
      adoption(of: document, namespace: namespace, selection: selection).outcome()
    }
  }

  /// What finds the settings that make changes by hand in a document so.
  func adoption(of document: Document, namespace: String?, selection: Selection) -> Adoption {
    let objects = (try? ManifestObject.objects(of: document)) ?? []
    let names = Set(objects.map { $0.namespace ?? namespace ?? "default" })
    var scopes = names.sorted().compactMap { name in namespaced[name].map { Adoption.Scope(name, $0) } }
    if scopes.count < names.count { scopes.append((nil, configuration)) }
    return Adoption(document, scopes) { [self] scopes in
      let own = scopes.compactMap { scope in scope.namespace.map { ($0, scope.configuration) } }
      let terms = terms(
        scopes.first { $0.namespace == nil }?.configuration ?? configuration,
        namespaced.merging(own) { _, changed in changed })
      return Injector(terms, kinds: kinds, namespace: namespace, selection: selection, handChanges: .discarded)
    }
  }

  /// What makes pods ask for secrets, and sees to it that such an injector takes them.
  ///
  /// Where nothing else tells in which dialect, it is that of other manifests.
  func annotator(
    _ request: SecretRequest, beside neighbours: String?, namespace: String?, selection: Selection
  ) -> Annotator {
    Annotator(
      request, in: annotatableDialects, preferring: dialect, beside: neighbours,
      injector: injector(namespace: namespace, selection: selection),
      reader: accessReader(namespace: namespace, selection: selection), kinds: kinds, namespace: namespace,
      selection: selection)
  }

  /// Every dialect, as pods are made to ask in it.
  var annotatableDialects: [any AnnotatableDialect] { Dialects.all.map { $0.init(configuration, options) } }

  /// What explains what such an injector does.
  func explainer(namespace: String?, selection: Selection) -> Explainer {
    Explainer(terms, kinds: kinds, namespace: namespace, selection: selection)
  }

  /// What reads what the agents of such an injector ask of Vault.
  package func accessReader(namespace: String?, selection: Selection) -> AccessReader {
    AccessReader(terms, kinds: kinds, namespace: namespace, selection: selection)
  }

  /// What tells which webhooks pods ask, and what an injector with this configuration does otherwise.
  func migrationReader(namespace: String?, selection: Selection) -> MigrationReader {
    var exact = DialectOptions(isExact: true, webhook: options.webhook)
    exact.isAlone = options.isAlone
    return MigrationReader(
      terms,
      webhooks: Dialects.spoken(dialect, configuration).map { $0.init(configuration, exact) },
      kinds: kinds, namespace: namespace, selection: selection)
  }

  /// What a guard knows of the dialects to speak.
  var guardFacts: [GuardFacts] { guardFacts(configuration) }

  /// The namespaces whose own settings would make it another one, in order.
  var namespacesWithOtherGuards: [String] {
    namespaced.filter { guardFacts($0.value) != guardFacts }.keys.sorted {
      $0.utf8.lexicographicallyPrecedes($1.utf8)
    }
  }

  private func guardFacts(_ configuration: Configuration) -> [GuardFacts] {
    Dialects.spoken(dialect, configuration).map { $0.init(configuration, options).guardFacts }
  }

  /// The kinds that make pods.
  package var kinds: WorkloadKinds {
    WorkloadKinds(adding: configuration.podPaths.map(\.workloadKind))
  }

  /// An uninjector with this configuration.
  ///
  /// Where changes by hand are lost, it says which they are, as far as such an injector tells.
  func uninjector(namespace: String?, selection: Selection, handChanges: HandChanges = .kept) -> Uninjector {
    let injector = injector(namespace: namespace, selection: selection, handChanges: .discarded)
    return Uninjector(
      terms, kinds: kinds, namespace: namespace, selection: selection, handChanges: handChanges
    ) { injector.plan(for: $0).objects }
  }
}
