internal import ArgumentParser
internal import Cluster
internal import Injection
internal import KubernetesAPI
internal import ManifestText
internal import Output
internal import Workloads

/// Writes a policy for the API server that refuses pods without their agent, and compares the one in a cluster with it.
struct GuardCommand: ProgramCommand {
  static let configuration = CommandConfiguration(
    commandName: "guard", abstract: "Print a policy by which the API server refuses pods without their Vault agent.",
    discussion: """
      Prints a ValidatingAdmissionPolicy and its bindings for kubectl apply, which need Kubernetes \
      \(Guard.firstVersion) or later and nothing else: no server, no certificate. The API server then refuses pods that \
      ask for secrets and have no agent, because a webhook was down or a manifest was applied that was not injected, \
      with a sentence that says what to do. Everything in it comes from the configuration in force. --check asks the \
      cluster whether it has this guard, and what it would refuse of what runs now: it exits with 0 where all is well, \
      with 1 where something differs or would be refused, and with 69 where the cluster cannot be asked.
      """)

  static var examples: String {
    """
    # Warn of pods without their agent for a while, then refuse them
    kubectl vault-inject guard --action warn | kubectl apply -f -
    kubectl vault-inject guard | kubectl apply -f -

    # Without a webhook, judge Deployments and other workloads, too; agents may only ask this Vault
    kubectl vault-inject guard --workloads --vault-addr https://vault.example.com:8200 > guard.yaml

    # Is it in force, and what would it refuse of what runs now?
    kubectl vault-inject guard --check
    """
  }

  @OptionGroup(title: "Guard") var options: GuardOptions

  @OptionGroup(title: "Configuration") var configuration: ConfigurationOptions
  @OptionGroup(title: HelpText.clusterSection) var cluster: ClusterOptions
  @OptionGroup(title: "Report") var report: ReportOptions

  func outcome() -> Ending {
    var report = Report(self.report.settings, showsUnchanged: false)
    guard let loaded = try? report.load(configuration, cluster.access(), at: .workingFolder).base else {
      return report.finish()
    }
    let guardian = options.guardian(loaded)
    let others = loaded.namespacesWithOtherGuards
    if !others.isEmpty { report.add(.guardOfOtherNamespaces(others)) }
    if options.check {
      let access = cluster.access(
        namespace: options.namespace, ClusterConnection.opening(showingRequests: self.report.showsRequests))
      guard let connection = try? access.open(&report) else { return report.finish() }
      var run = GuardCheckRun(
        guardian, kinds: loaded.kinds, isEverywhere: options.namespace == nil, over: connection, report: report)
      return run.all()
    }
    let ending = report.finish()
    return ending == .done ? ProgramText.print(AdmissionText.text(of: guardian.documents)) : ending
  }
}

/// What is guarded, and how.
struct GuardOptions: ParsableArguments {
  @Flag(
    help:
      "Compare the guard of the cluster with this one, and tell what it would refuse of what runs now; change nothing.")
  var check = false

  @Option(name: [.short, .long], help: "Look at what runs in one namespace, with --check; otherwise in all.")
  var namespace: String?

  @Flag(help: "Judge objects with pod templates, too, such as Deployments; not where a webhook injects pods.")
  var workloads = false

  @Option(
    help: """
      What becomes of what the guard refuses: deny it; create it, warn whoever does and tell the audit log; or tell the \
      audit log only.
      """)
  var action = Guard.Action.deny

  @Option(
    parsing: .singleValue,
    help: ArgumentHelp(
      """
      An image that agents may have beside the one in the configuration: a repository, or all images that begin with a \
      text that ends with / or has a tag; repeatable.
      """, valueName: "prefix"))
  var allowedImage: [String] = []

  @Option(
    parsing: .singleValue,
    help: ArgumentHelp(
      """
      A label that exempts namespaces, in place of \(GuardOptions.usualLabel); repeatable. kube-system and kube-public \
      always are.
      """, valueName: "key[=value]"))
  var exemptNamespaceLabel: [String] = []

  @Option(help: ArgumentHelp("What the policy is called; its bindings' names begin with it.", valueName: "name"))
  var name = Guard.usualName

  static let usualLabel = "\(Guard.usualName)=off"

  func validate() throws {
    if let namespace {
      try NamespaceName.check(namespace, of: "-n")
      guard check else {
        throw ValidationError(
          "-n is about what runs, which only --check looks at",
          hint: "leave it out: a guard counts in all namespaces but those that --exempt-namespace-label names")
      }
    }
    if !ObjectName.isSubdomain(name) || name.utf8.count > 240 {
      throw ValidationError(
        "\(OptionText.quoted("--name", name)) is not the name of a policy",
        hint: "use small letters, digits, - and ., a letter or digit first and last, 240 at most")
    }
    if allowedImage.contains(where: { !GuardOptions.isImage($0) }) {
      throw ValidationError(
        "--allowed-image names no image", hint: "write a repository such as registry.example.com/vault, or a beginning")
    }
    for text in exemptNamespaceLabel where ExemptNamespaces.Label(text) == nil {
      throw ValidationError(
        "\(OptionText.quoted("--exempt-namespace-label", text)) is not a label",
        hint: "write KEY=VALUE, or KEY for any value, as kubectl label takes it")
    }
  }

  private static func isImage(_ text: String) -> Bool {
    !text.isEmpty && text.utf8.allSatisfy { $0 > ASCII.space && $0 < 0x7F && $0 != ASCII.comma }
  }

  /// The guard with the configuration in force.
  func guardian(_ loaded: LoadedConfiguration) -> Guard {
    let labels = exemptNamespaceLabel.isEmpty ? [GuardOptions.usualLabel] : exemptNamespaceLabel
    return Guard(
      name: name, facts: loaded.guardFacts, allowing: allowedImage.map(AgentImage.init(prefix:)), action: action,
      coversWorkloads: workloads, exempt: ExemptNamespaces(labels: labels.compactMap(ExemptNamespaces.Label.init)))
  }
}

extension Guard.Action: ExpressibleByArgument {}

extension Diagnostic {
  fileprivate static func guardOfOtherNamespaces(_ names: [String]) -> Diagnostic {
    let several = names.count > 1
    return Diagnostic(
      rule: .guardNamespaces,
      message:
        "the guard goes by the settings for all namespaces, and others count in \(names.joined(separator: ", "))",
      hint: "allow their images with --allowed-image, or exempt the \(several ? "namespaces" : "namespace") by a label")
  }
}
