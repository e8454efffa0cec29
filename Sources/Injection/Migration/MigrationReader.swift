package import ManifestText
package import Workloads

/// Tells of each object which webhook its pods ask, who injected them, and what an injection by this program adds.
package struct MigrationReader: Sendable {
  private let scope: InjectionScope
  private let webhook: Injector
  private let own: Injector

  /// Compares what webhooks do, which an exact injection does, with what dialects inject otherwise.
  package init(
    _ terms: InjectionTerms, webhooks: [any Dialect], kinds: WorkloadKinds, namespace: String?, selection: Selection
  ) {
    scope = InjectionScope(terms, kinds: kinds, namespace: namespace, selection: selection)
    own = Injector(terms, kinds: kinds, namespace: namespace, selection: selection)
    webhook = Injector(
      dialects: webhooks, kinds: kinds, namespace: namespace, selection: selection,
      policy: FindingPolicy(isExact: true))
  }

  private init(_ scope: InjectionScope, _ webhook: Injector, _ own: Injector) {
    (self.scope, self.webhook, self.own) = (scope, webhook, own)
  }

  /// The same, knowing what else stands in the input that the documents are of.
  package func informed(by input: SourceText) -> MigrationReader {
    MigrationReader(scope, webhook.informed(by: input), own.informed(by: input))
  }

  /// True where documents may ask for injection, or may have been injected.
  package func mayConcern(_ range: Range<Int>, of source: SourceText) -> Bool {
    scope.mayConcern(range, of: source) || BankVaults.mayConcern(source.bytes, range)
  }

  /// The pods of a document that ask for injection, or were injected.
  /// - Throws: A `Diagnostic` where the document cannot be taken apart.
  package func read(_ document: Document) throws(Diagnostic) -> [PodMigration] {
    let (own, webhook) = (own.plan(for: document).objects, webhook.plan(for: document).objects)
    var migrations: [PodMigration] = []
    for (index, object) in try ManifestObject.objects(of: document).enumerated()
    where try scope.includes(object, of: document) {
      for template in try scope.templates(of: object, in: document) {
        for dialect in scope.scope(for: object).dialects {
          var migration: PodMigration
          do throws(Diagnostic) {
            guard let state = try state(of: template, dialect) else { continue }
            migration = PodMigration(object, scope.namespace(of: object), in: document, dialect, state)
            if state != .asks { migration.present = try present(in: template, of: dialect) }
            if state != .injectedHere {
              migration.unknown = try? dialect.unknownToWebhook(
                in: template, namespace: scope.namespace(of: object))
            }
          } catch {
            // What cannot be read of it, neither the webhook nor this program injects.
            migration = PodMigration(object, scope.namespace(of: object), in: document, dialect, .asks)
          }
          migration.owner = try ObjectOwner(of: object.node, in: document)
          if index < own.count { migration.take(own[index]) }
          if index < webhook.count { migration.compare(with: webhook[index]) }
          migrations.append(migration)
        }
      }
    }
    return migrations
  }

  /// What of a document asks a webhook that this program does not stand in for: Bank-Vaults'.
  /// - Throws: A `Diagnostic` where the document cannot be taken apart.
  package func strangers(in document: Document) throws(Diagnostic) -> [StrangePod] {
    var strangers: [StrangePod] = []
    for object in try ManifestObject.objects(of: document) where try scope.includes(object, of: document) {
      for template in try scope.templates(of: object, in: document) where try isStranger(template, of: object) {
        strangers.append(try StrangePod(object, scope.namespace(of: object), in: document))
      }
    }
    return strangers
  }

  private func isStranger(_ template: PodTemplate, of object: ManifestObject) throws(Diagnostic) -> Bool {
    let annotations = try template.annotations()
    let keys = annotations.keys()
    let mutate = BankVaults.prefix + BankVaults.mutate
    if try annotations.value(mutate)?.text == BankVaults.skip { return false }
    if !OtherInjectors.findings(on: keys).isEmpty { return true }
    for dialect in scope.scope(for: object).dialects where dialect.servesReferences {
      if try annotations.holds(dialect.requestKey) { return false }
    }
    return try !PodContainers(template).unaskedReferences().isEmpty
  }

  /// Who injected a pod; nil where it neither asks a dialect nor was injected by it.
  private func state(of template: PodTemplate, _ dialect: any Dialect) throws(Diagnostic) -> PodMigration.State? {
    let annotations = try template.annotations()
    if try annotations.holds(dialect.recordKey) { return .injectedHere }
    switch try dialect.standing(of: template, namespace: "") {
    case .asking: return .asks
    case .leftAlone(.alreadyInjected), .leftAlone(.injectedWithoutRecord): return .injectedByWebhook
    case .leftAlone(.alreadyRunning):
      return try annotations.value(dialect.statusKey)?.text == "injected" ? .injectedByWebhook : .asks
    case .leftAlone: return nil
    }
  }

  /// What of a pod is called as an injection calls it.
  private func present(
    in template: PodTemplate, of dialect: any Dialect
  ) throws(Diagnostic) -> InjectionOutcome.Summary {
    var summary = InjectionOutcome.Summary()
    // One that was changed by hand tells nothing.
    if let record = try? dialect.record(of: template) { return record.summary }
    let names = dialect.injectedNames
    for container in try template.containers(.initContainers) {
      let name = try container.name()
      if names.contains(name) { summary.initContainers.append(name) }
    }
    for container in try template.containers(.containers) {
      let name = try container.name()
      if names.contains(name) { summary.containers.append(name) }
    }
    let tokenVolume = dialect.tokenVolume
    summary.volumes = try template.volumeNames().map(\.name).filter { names.contains($0) || $0 == tokenVolume }
    return summary
  }
}

/// A pod that asks the webhook of Bank-Vaults.
package struct StrangePod: Sendable {
  /// Of what the pod is made.
  package let object: ManifestObject
  package let namespace: String
  /// What has made it in a cluster, such as the Deployment of a pod; nil where it does not say.
  package let owner: ObjectOwner?

  fileprivate init(_ object: ManifestObject, _ namespace: String, in document: Document) throws(Diagnostic) {
    (self.object, self.namespace) = (object, namespace)
    owner = try ObjectOwner(of: object.node, in: document)
  }

  /// What people know it by: a pod of a Deployment by that.
  package var displayName: String { owner?.displayName ?? object.displayName }
}

/// A pod that a webhook is asked to inject, or that was injected.
package struct PodMigration: Sendable {
  /// Who injected it.
  package enum State: String, Sendable, CaseIterable {
    /// It asks, and nobody has injected what was read of it: a webhook does that to its pods.
    case asks
    /// It says that it was injected, and holds no record of ours.
    case injectedByWebhook = "injected-by-webhook"
    /// It holds the record of an injection by this program.
    case injectedHere = "injected-here"
  }

  /// Of what the pod is made.
  package let object: ManifestObject
  package let namespace: String
  /// What has made it in a cluster, such as the Deployment of a pod; nil where it does not say.
  package fileprivate(set) var owner: ObjectOwner?
  /// Where the object begins in the input.
  package let offset: Int
  /// The name of the dialect it speaks.
  package let dialect: String
  package let state: State
  /// What of it is there by an injection; nil where nothing is.
  package var present: InjectionOutcome.Summary?
  /// What an injection by this program adds; nil where it adds nothing, or cannot.
  package private(set) var added: InjectionOutcome.Summary?
  /// What the webhook adds; nil where that cannot be told.
  package private(set) var byWebhook: InjectionOutcome.Summary?
  /// Why this program refuses it; nil where it does not.
  package private(set) var refusal: Diagnostic?
  /// Why the webhook does; nil where it does not.
  package private(set) var webhookRefusal: Diagnostic?
  /// What there is to know before this program injects it.
  package private(set) var findings: [Diagnostic] = []
  /// What the webhook does not know of what it asks; nil where it knows all.
  fileprivate var unknown: Diagnostic?

  /// What people know it by: a pod of a Deployment by that.
  package var displayName: String { owner?.displayName ?? object.displayName }

  fileprivate init(
    _ object: ManifestObject, _ namespace: String, in document: Document, _ dialect: any Dialect, _ state: State
  ) {
    (self.object, self.namespace, self.dialect, self.state) = (object, namespace, dialect.name, state)
    offset = document.range(of: object.node).lowerBound
  }

  fileprivate mutating func take(_ plan: ObjectPlan) {
    findings = plan.findings + [unknown].compactMap(\.self)
    switch plan.outcome {
    case .injected(let summary): added = summary
    case .refused(let diagnostic): refusal = diagnostic
    default: break
    }
  }

  fileprivate mutating func compare(with plan: ObjectPlan) {
    switch plan.outcome {
    case .injected(let summary): byWebhook = summary
    case .refused(let diagnostic): webhookRefusal = diagnostic
    default: break
    }
  }
}
