internal import Output
internal import Cluster
internal import ArgumentParser
internal import Injection
internal import KubernetesAPI
internal import ManifestText

/// Injects manifests and applies them to a cluster, on the server's side.
struct ApplyCommand: ClusterCommand {
  static let configuration = CommandConfiguration(
    commandName: "apply", abstract: "Inject manifests and apply them to a cluster (server-side apply).",
    discussion: """
      Everything the input holds is applied, injected where it asks for it: namespaces first, then definitions, \
      service accounts, permissions, configuration, services, workloads, and the rest. Nothing is sent while any \
      input is broken or refused.
      """)

  static var examples: String {
    """
    # Inject the manifests of a folder and apply them
    kubectl vault-inject apply -f k8s

    # Only try: the server answers in full and keeps nothing
    kubectl vault-inject apply --dry-run=server -f deployment.yaml

    # Apply only what would get its secrets
    kubectl vault-inject apply --preflight -f k8s

    # Inject a Deployment that is in the cluster
    kubectl vault-inject apply deployment/web -n shop

    # Apply all that belongs together, delete what is gone from the manifests, and wait for the pods
    kubectl vault-inject apply --prune --applyset=web --wait -n shop -f k8s
    """
  }

  @OptionGroup(title: "Input") var input: InputOptions

  @OptionGroup(title: "Selection") var selection: SelectionOptions

  @OptionGroup(title: "Applying") var options: ApplyOptions

  @OptionGroup(title: "Preflight") var vault: VaultOptions

  @OptionGroup(title: "Configuration") var configuration: ConfigurationOptions

  @OptionGroup(title: HelpText.clusterSection) var cluster: ClusterOptions

  @OptionGroup(title: "Report") var report: ReportOptions

  var concurrency: ConcurrencyOption { options.concurrency }

  var settings: ApplySettings { options.settings }

  func validate() throws {
    try options.set.check(input, selection)
    guard !options.preflight, let option = vault.given else { return }
    throw ValidationError(
      "\(option) says how --preflight asks Vault", hint: "add --preflight, or leave \(option) out")
  }

  func outcome(of task: ClusterTask, _ report: consuming Report) -> Ending {
    let product = ClusterProduct(options.output?.format)
    if let targets = task.targets {
      if options.preflight {
        let ending = preflight(task, &report) { (report) throws(Reported) in try task.livePods(targets, &report) }
        guard ending == .done else { return report.finish(ending) }
      }
      return patch(targets, task, product, report)
    }
    if settings.dryRun == .client { return preview(task, product, report) }
    guard let (plan, connection) = try? task.plan(&report) else { return report.finish() }
    if options.preflight {
      let ending = preflight(task, &report) { (report) throws(Reported) in task.pods(of: plan, &report) }
      guard ending == .done else { return report.finish(ending) }
    }
    let undo =
      settings.uninjects
      ? LiveUndo(
        task.configurations.base.uninjector(namespace: task.namespace, selection: task.selection),
        task.configurations.base.kinds) : nil
    var run = ApplyRun(plan, undo: undo, over: connection, product: product, report: report)
    return run.all()
  }

  /// Tries out whether pods would get their secrets; what comes of it is told beside the product.
  private func preflight(
    _ task: ClusterTask, _ report: inout Report, _ pods: (inout Report) throws(Reported) -> PreflightPods
  ) -> Ending {
    guard let pods = try? pods(&report),
      var settings = try? report.catching({ () throws(Fault) in try vault.settings() })
    else { return .differencesFound }
    (settings.stream, settings.showsAll) = (.errors, false)
    var run = PreflightRun(
      pods, settings, over: task.access, PreflightRun.Opening(showingRequests: self.report.showsRequests),
      report: report)
    let ending = run.check()
    report = run.finished()
    return ending
  }

  /// Changes what is named in the cluster.
  private func patch(
    _ targets: LiveTargets, _ task: ClusterTask, _ product: ClusterProduct, _ report: consuming Report
  ) -> Ending {
    if settings.replaces || settings.set != nil {
      report.fail(.usage, settings.replaces ? .replacingLive : .pruningLive)
      return report.finish()
    }
    guard let connection = try? task.access.open(&report) else { return report.finish() }
    var run = LivePatchRun(
      LiveObjects(targets, over: connection), task.transform(namespace: task.namespace), settings, product: product,
      report: report)
    return run.all()
  }

  /// Shows what would be applied, in its order, without asking a cluster.
  private func preview(_ task: ClusterTask, _ product: ClusterProduct, _ report: consuming Report) -> Ending {
    guard let objects = try? task.objects(namespace: task.namespace, &report) else { return report.finish() }
    if settings.set != nil { report.add(.pruningUnasked) }
    var product = product
    for index in ObjectOrder.steps(of: objects).joined() {
      product.add(objects[index], .applied, .client, nil, &report)
    }
    product.finish(&report)
    return report.finish()
  }
}

extension Diagnostic {
  fileprivate static let pruningUnasked = Diagnostic(
    as: .note, rule: .notPruned, message: "what would be pruned is not told, as no cluster is asked",
    hint: "--dry-run=server tells it, and deletes nothing")

  fileprivate static let replacingLive = Diagnostic(
    rule: .usage, message: "--replace creates objects again from their manifests, and objects of a cluster are named",
    hint: "name the manifests instead")
}
