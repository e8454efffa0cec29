internal import ArgumentParser
internal import Injection
internal import KubernetesAPI
internal import ManifestText
internal import Platform
internal import Workloads

/// What commands about a cluster have in common: the configuration, the way to the cluster, the injected objects.
struct ClusterSession: ~Copyable {
  private let input: InputOptions
  private let selectionOptions: SelectionOptions
  private let configuration: ConfigurationOptions
  private let cluster: ClusterOptions
  private let connect: ClusterConnection.Opening
  private var report: Report

  init(
    _ input: InputOptions, _ selection: SelectionOptions, _ configuration: ConfigurationOptions,
    _ cluster: ClusterOptions, _ report: ReportOptions
  ) {
    self.report = Report(report.settings, showsUnchanged: false)
    (self.input, selectionOptions, self.configuration, self.cluster) = (input, selection, configuration, cluster)
    connect = ClusterConnection.opening(showingRequests: report.showsRequests)
  }

  // MARK: Commands

  /// Applies what the inputs hold, or changes what is named in the cluster.
  consuming func apply(_ settings: ApplySettings, _ format: OutputFormat?) -> ExitCode {
    do throws(InputError) {
      let (loaded, selection) = try load()
      let product = ClusterProduct(format)
      if let targets = try input.liveTargets(labels: selectionOptions.labels, loaded.kinds) {
        if settings.replaces { throw InputError(.usage, .replacingLive) }
        let objects = LiveObjects(targets, over: try open(try way()))
        let transform = settings.transform(loaded, selection, namespace: input.namespace)
        var run = LivePatchRun(objects, transform, settings, product: product, report: report)
        return run.all()
      }
      if settings.dryRun == .client { return preview(loaded, selection, settings, product) }
      let (plan, connection) = try prepare(loaded, selection, settings)
      let undo = settings.uninjects ? LiveUndo(loaded.uninjector(selection: selection), loaded.kinds) : nil
      var run = ApplyRun(plan, undo: undo, over: connection, product: product, report: report)
      return run.all()
    } catch {
      return end(error)
    }
  }

  /// Shows what applying what the inputs hold would change.
  consuming func diff(_ settings: ApplySettings) -> ExitCode {
    do throws(InputError) {
      let (loaded, selection) = try load()
      if let targets = try input.liveTargets(labels: selectionOptions.labels, loaded.kinds) {
        let objects = LiveObjects(targets, over: try open(try way()))
        let transform = settings.transform(loaded, selection, namespace: input.namespace)
        var run = LiveDiffRun(objects, transform, settings, to: try diffOutput(), report: report)
        return run.all()
      }
      let (plan, connection) = try prepare(loaded, selection, settings)
      var run = DiffRun(plan, over: connection, to: try diffOutput(), report: report)
      return run.all()
    } catch {
      return end(error)
    }
  }

  private func diffOutput() throws(InputError) -> any DiffOutput {
    try ExternalDiff.named(by: Environment.value("KUBECTL_EXTERNAL_DIFF")) ?? PrintedDiff()
  }

  /// Tries out the pods of what the inputs hold, or of what is named in the cluster.
  consuming func verify() -> ExitCode {
    do throws(InputError) {
      let (loaded, selection) = try load()
      let targets = try input.liveTargets(labels: selectionOptions.labels, loaded.kinds)
      let (plan, connection) =
        if let targets { try prepare(targets, loaded, selection) } else {
          try prepare(loaded, selection, ApplySettings())
        }
      var run = VerifyRun(plan, kinds: loaded.kinds, over: connection, report: report)
      return run.all()
    } catch {
      return end(error)
    }
  }

  /// Shows what would be applied, in its order, without asking a cluster.
  private consuming func preview(
    _ loaded: LoadedConfiguration, _ selection: Selection, _ settings: ApplySettings, _ product: ClusterProduct
  ) -> ExitCode {
    do throws(InputError) {
      var product = product
      let objects = try objects(loaded, selection, settings, namespace: input.namespace)
      for index in ObjectOrder.steps(of: objects).joined() {
        product.add(objects[index], .applied, .client, nil, &report)
      }
      product.finish(&report)
      report.finish()
      return report.failure ?? .success
    } catch {
      return end(error)
    }
  }

  private consuming func end(_ error: InputError) -> ExitCode {
    // What was refused has been reported one by one.
    if error.diagnostic != .reported { report.fail(error) }
    report.finish()
    return report.failure ?? error.exitCode
  }

  // MARK: Preparing

  private mutating func load() throws(InputError) -> (LoadedConfiguration, Selection) {
    let cluster = cluster
    guard let loaded = report.load(configuration, cluster),
      let selection = report.load(selectionOptions, defaultNamespace: input.namespace)
    else { throw reported }
    return (loaded, selection)
  }

  /// Reads everything, and finds out what is needed to send it.
  private mutating func prepare(
    _ loaded: LoadedConfiguration, _ selection: Selection, _ settings: ApplySettings
  ) throws(InputError) -> (ApplyPlan, ClusterConnection) {
    let way = try way()
    let objects = try objects(loaded, selection, settings, namespace: way.namespace)
    var connection = try open(way)
    var resolver = ResourceResolver(objects)
    resolver.ask(about: objects, &connection)
    if let failure = connection.failure { throw InputError(.unavailable, failure.diagnostic(way)) }
    let plan = ApplyPlan(
      objects, resolver, settings, namespace: way.namespace, isForced: way.namespaceIsForced)
    for refusal in plan.refusals { report.fail(.inputRefused, refusal.diagnostic, in: refusal.source) }
    if !plan.refusals.isEmpty { throw reported }
    return (plan, connection)
  }

  /// Reads what is named in the cluster, and finds out what is needed to try its pods out.
  private mutating func prepare(
    _ targets: LiveTargets, _ loaded: LoadedConfiguration, _ selection: Selection
  ) throws(InputError) -> (ApplyPlan, ClusterConnection) {
    let way = try way()
    let gathering = ObjectGathering(ApplySettings().transform(loaded, selection, namespace: input.namespace))
    var live = LiveObjects(targets, over: try open(way))
    var objects: [ClusterObject] = []
    while let page = try live.nextPage(&report) {
      for object in page { objects += gathering.objects(of: object.input.source, &report) }
    }
    if report.failure != nil { throw reported }
    var (connection, resolver) = (live.connection, ResourceResolver(objects))
    resolver.ask(about: objects, &connection)
    let plan = ApplyPlan(objects, resolver, ApplySettings(), namespace: way.namespace, isForced: false)
    return (plan, connection)
  }

  private mutating func objects(
    _ loaded: LoadedConfiguration, _ selection: Selection, _ settings: ApplySettings, namespace: String?
  ) throws(InputError) -> [ClusterObject] {
    report.account(for: selectionOptions.words, selection, loaded.kinds)
    let gathering = ObjectGathering(settings.transform(loaded, selection, namespace: namespace))
    let objects = gathering.objects(of: input.resolver, &report)
    if report.failure != nil { throw reported }
    var selected: [ClusterObject] = []
    for object in objects {
      do throws(Diagnostic) {
        if try selection.includes(object.manifest, of: object.document) { selected.append(object) }
      } catch {
        throw InputError(.inputRefused, in: object.source, error)
      }
    }
    refuseDuplicates(selected, settings)
    if report.failure != nil { throw reported }
    if objects.isEmpty { throw InputError(.noSuchInput, .noObjects) }
    if selected.isEmpty { throw InputError(.noSuchInput, nothingSelected) }
    return selected
  }

  /// What there is to say where no object is selected, and so nothing would be done.
  private var nothingSelected: Diagnostic {
    var diagnostic = report.missedSelection ?? .noObjects
    diagnostic.severity = .error
    return diagnostic
  }

  /// A key that is there twice never reaches the server, so that it cannot tell.
  private mutating func refuseDuplicates(_ objects: [ClusterObject], _ settings: ApplySettings) {
    for object in objects {
      for var diagnostic in object.duplicateKeys {
        guard settings.validation.leavesOutUnknown else {
          if settings.takesValidation {
            diagnostic.hint = diagnostic.hint.map { "\($0); with --validate=ignore the last one counts" }
          }
          report.fail(.inputRefused, diagnostic, in: object.source)
          continue
        }
        diagnostic.severity = .warning
        if settings.validation.warns { report.add(diagnostic, in: object.source) }
      }
    }
  }

  private mutating func way() throws(InputError) -> ClientConfiguration {
    let way = try cluster.way(
      namespace: input.namespace, readsManifests: input.resolver.readsStandardInput)
    for finding in way.findings { report.add(finding) }
    return way.configuration
  }

  private func open(_ way: ClientConfiguration) throws(InputError) -> ClusterConnection {
    do throws(ClusterFailure) {
      return try ClusterConnection(way, connect)
    } catch {
      throw InputError(.unavailable, error.diagnostic(way))
    }
  }

  /// Ends the run for what has been reported already.
  private var reported: InputError { InputError(report.failure ?? .failure, .reported) }
}

extension ApplySettings {
  /// What is done to the objects before they are sent.
  fileprivate func transform(
    _ loaded: LoadedConfiguration, _ selection: Selection, namespace: String?
  ) -> any DocumentTransform {
    uninjects
      ? loaded.uninjector(selection: selection) : loaded.injector(namespace: namespace, selection: selection)
  }
}

extension Diagnostic {
  fileprivate static let reported = Diagnostic(rule: "reported", message: "")

  fileprivate static let noObjects = Diagnostic(
    rule: "no-objects", message: "the input holds no objects, so there is nothing to do",
    hint: "a program that should have made them may have failed; look at what it prints")

  fileprivate static let replacingLive = Diagnostic(
    rule: "usage", message: "--replace creates objects again from their manifests, and objects of a cluster are named",
    hint: "name the manifests instead")
}
