internal import Output
internal import Cluster
internal import ArgumentParser
internal import Injection
internal import ManifestText
internal import Workloads

/// A command that reads manifests, changes them, and puts the result where the options say.
///
/// Such a command declares the six groups of options and says which change it makes.
protocol TransformCommand: PlannedCommand {
  var input: InputOptions { get set }
  var output: OutputOptions { get }
  var selection: SelectionOptions { get }
  var configuration: ConfigurationOptions { get }
  var cluster: ClusterOptions { get }
  var report: ReportOptions { get }

  /// True where a run fails that injects nothing and meets no object that is injected already.
  var requiresInjection: Bool { get }

  /// Why there is nothing to do in inputs without any annotation.
  func reasonForNothing(_ loaded: LoadedConfiguration) -> ReasonForNothing?

  /// The change to each input, once everything is done that comes before that.
  /// - Throws: `Reported` where the run is not to be.
  func transforms(
    _ configurations: Configurations, _ inputs: InputResolver, _ selection: Selection, _ report: inout Report
  ) throws(Reported) -> InputTransforms

  /// The change to the selected objects, with the configuration in force.
  func transform(_ loaded: LoadedConfiguration, _ selection: Selection) -> any DocumentTransform

  /// The same for a KRM function.
  /// - Throws: A `Fault` where what the command line names cannot be read.
  func functionTransform(
    _ loaded: LoadedConfiguration, _ selection: Selection
  ) throws(Fault) -> any DocumentTransform
}

extension TransformCommand {
  var requiresInjection: Bool { false }

  func reasonForNothing(_ loaded: LoadedConfiguration) -> ReasonForNothing? { nil }

  func functionTransform(
    _ loaded: LoadedConfiguration, _ selection: Selection
  ) throws(Fault) -> any DocumentTransform { transform(loaded, selection) }

  func transforms(
    _ configurations: Configurations, _ inputs: InputResolver, _ selection: Selection, _ report: inout Report
  ) throws(Reported) -> InputTransforms { InputTransforms(configurations) { transform($0, selection) } }

  func newReport() -> Report {
    Report(report.settings, showsUnchanged: false, requiresInjection: requiresInjection, isHook: output.hook)
  }

  func plan(_ report: inout Report) throws(Reported) -> RunPlan {
    var manifests = input.resolver
    let standardInput = output.inPlace ? nil : manifests.takeStandardInput()
    if output.keepsForm, let list = standardInput.flatMap(ResourceList.init) { return .function(plan(for: list)) }
    if report.failure != nil { throw Reported() }
    let configurations = try report.load(configuration, cluster.access(), at: manifests.place)
    let loaded = configurations.base
    let selection = try report.load(selection, defaultNamespace: input.namespace)
    if output.inPlace, let unknown = selection.kinds.first(where: { !$0.isKnown(to: loaded.kinds) }) {
      report.fail(.usage, .unknownKind(unknown, loaded.kinds))
      throw Reported()
    }
    report.explainNothing(by: reasonForNothing(loaded))
    if !output.hook { report.account(for: self.selection.words, selection, loaded.kinds) }
    manifests.faultOfFirstWord = input.faultOfFirstWord(
      orOneOf: loaded.kinds.words.filter { $0.first?.isLowercase == true })
    let live = try liveObjects(loaded.kinds, &report)
    var plan = output.plan(
      try transforms(configurations, manifests, selection, &report),
      on: live.map(TransformPlan.Inputs.cluster) ?? .manifests(manifests),
      wantsAccount: loaded.policy.isStrict || requiresInjection || self.report.wantsAccount,
      kinds: loaded.kinds)
    if output.inPlace, report.misses(self.selection.words, in: manifests) { plan.destination = Withholding() }
    return .inputs(plan)
  }

  /// The plan for a list that was given to a KRM function.
  private func plan(for list: ResourceList) -> FunctionPlan {
    FunctionPlan(list: list) { () throws(Fault) in
      try ConfigurationLoader(configuration.request, cluster: cluster.access()).load(function: list)
    } transform: { (loaded, report) throws(Fault) in
      guard let selection = try? report.load(selection, defaultNamespace: input.namespace) else { return nil }
      report.account(for: self.selection.words, selection, loaded.kinds, isRequired: false)
      return try functionTransform(loaded, selection)
    }
  }

  /// The objects of a cluster that the command line names, with a connection to it; nil where it names manifests.
  private func liveObjects(_ kinds: WorkloadKinds, _ report: inout Report) throws(Reported) -> LiveObjects? {
    guard let targets = try input.liveTargets(labels: selection.labels, kinds, &report) else { return nil }
    if output.inPlace {
      report.fail(.usage, .rewritingCluster)
      throw Reported()
    }
    let access = cluster.access(
      namespace: input.namespace, ClusterConnection.opening(showingRequests: self.report.showsRequests))
    return LiveObjects(targets, over: try access.open(&report))
  }
}

extension Report {
  /// True where a name is not there, so that files are not to be rewritten of which some have the others.
  ///
  /// What is wrong with an input is left to the run that reads it.
  func misses(_ words: SelectionWords, in resolver: InputResolver) -> Bool {
    guard words.hasSeveralNames, let inputs = try? resolver.resolve(), inputs.allSatisfy({ $0.path != nil }) else {
      return false
    }
    return missesSelection(in: inputs.lazy.compactMap { try? $0.load() })
  }
}

extension Diagnostic {
  fileprivate static let rewritingCluster = Diagnostic(
    rule: .usage, message: "-i rewrites files, and objects of a cluster are named",
    hint: "apply changes them in the cluster: kubectl vault-inject apply deployment/web")
}
