internal import ArgumentParser
internal import Cluster
internal import Injection
internal import ManifestText
internal import Output
internal import Workloads

/// Writes what Vault has to allow, and to whom, for the agents of manifests.
struct PolicyCommand: ProgramCommand {
  static let configuration = CommandConfiguration(
    commandName: "policy", abstract: "Write the Vault policies and roles that manifests need.",
    discussion: """
      Reads what the agents of the pods will ask Vault, in their annotations and templates, and writes for each role a \
      policy that allows that and no more, and the role with its service accounts and namespaces. Pods that are \
      injected already are read alike. What the manifests do not tell, such as what an application asks through the agent, is \
      said in comments and in the report. Vault is not asked, unless --ask-vault says so.
      """)

  static var examples: String {
    """
    # What the agents of a manifest need
    kubectl vault-inject policy -f deployment.yaml

    # A script that writes policies and roles into Vault
    kubectl vault-inject policy -R -f k8s --kv secret=2 -o commands

    # Files for a repository of policies, or Terraform
    kubectl vault-inject policy -R -f k8s --dir policies
    kubectl vault-inject policy -k overlays/production -o terraform > vault.tf
    """
  }

  @OptionGroup(title: "Input") var input: InputOptions

  @OptionGroup(title: "Output") var output: PolicyOptions
  @OptionGroup(title: "Selection") var selection: SelectionOptions
  @OptionGroup(title: "Configuration") var configuration: ConfigurationOptions
  @OptionGroup(title: HelpText.clusterSection) var cluster: ClusterOptions
  @OptionGroup(title: "Report") var report: ReportOptions

  func outcome() -> Ending {
    var report = Report(self.report.settings, showsUnchanged: false)
    guard let plan = try? plan(&report) else { return report.finish() }
    return PolicyRun(plan, report: report).all()
  }

  private func plan(_ report: inout Report) throws(Reported) -> PolicyPlan {
    let configurations = try report.load(configuration, cluster.access(), at: input.resolver.place)
    let loaded = configurations.base
    let selection = try report.load(selection, defaultNamespace: input.namespace)
    report.account(for: self.selection.words, selection, loaded.kinds)
    let draft = PolicyDraft(output.versions, PolicyNaming(output.policyName))
    return PolicyPlan(
      configurations: configurations, namespace: input.namespace, selection: selection,
      program: loaded.configuration.text(of: "program") ?? "",
      inputs: try inputs(loaded, &report), draft: draft, lifetime: output.lifetime,
      destination: output.destination, engines: try report.catching { () throws(Fault) in try engines() })
  }

  private func engines() throws(Fault) -> EngineInquiry? {
    guard output.askVault else { return nil }
    var settings = try VaultOptions.settingsOfEnvironment()
    guard settings.address != nil else {
      throw Fault(.usage, .noOperatorAddress("--ask-vault", "set VAULT_ADDR to Vault's address"))
    }
    settings.operatorToken = try VaultOptions.operatorToken(for: "--ask-vault")
    return EngineInquiry(settings, ClusterConnection.opening(showingRequests: report.showsRequests))
  }

  private func inputs(
    _ loaded: LoadedConfiguration, _ report: inout Report
  ) throws(Reported) -> TransformPlan.Inputs {
    guard let targets = try input.liveTargets(labels: selection.labels, loaded.kinds, &report) else {
      return .manifests(input.resolver)
    }
    let access = cluster.access(namespace: input.namespace)
    return .cluster(LiveObjects(targets, over: try access.open(&report)))
  }
}

/// What is written of policies and roles, in which form, and where it goes.
struct PolicyOptions: ParsableArguments {
  @Option(
    name: [.short, .long],
    help: "The form: policies as Vault reads them, a script of commands, Terraform, or JSON.")
  var output = PolicyFormat.hcl

  @Option(
    name: .customLong("dir"),
    help: ArgumentHelp("Write each policy into a file of its own in this folder, ROLE.hcl.", valueName: "folder"),
    completion: .directory)
  var folder: String?

  @Option(
    name: .customLong("kv"), parsing: .singleValue,
    help: ArgumentHelp(
      """
      The version of the KV engines, or of the one at a path; repeatable, or with commas. Without it, paths and \
      templates tell.
      """, valueName: "1|2|path=1|2"))
  var engines: [String] = []

  @Flag(
    help: """
      Ask Vault at $VAULT_ADDR which version its KV engines have, with the token in $VAULT_TOKEN or ~/.vault-token. \
      What --kv says counts first.
      """)
  var askVault = false

  @Option(
    help: ArgumentHelp(
      "What policies are called; {role} stands for the role.", valueName: "pattern"))
  var policyName = PolicyNaming.placeholder

  @Option(
    name: .customLong("token-ttl"),
    help: ArgumentHelp("How long the tokens of the roles live; agents renew theirs.", valueName: "duration"))
  var tokenLifetime = TokenLifetime.usual.text

  func validate() throws {
    if folder != nil, output != .hcl {
      throw ValidationError(
        "--dir writes a file for each policy; it does not go with -o \(output.rawValue)",
        hint: "leave --dir out to print, or -o to write the policies as files")
    }
    if folder?.isEmpty ?? false {
      throw ValidationError("--dir names no folder", hint: "write --dir FOLDER; . is the one you are in")
    }
    let fixed = ByteText.pieces(of: policyName, around: PolicyNaming.placeholder).joined()
    if policyName.isEmpty || fixed.utf8.contains(ASCII.openBrace) || fixed.utf8.contains(ASCII.closeBrace) {
      throw ValidationError(
        "\(OptionText.quoted("--policy-name", policyName)) is no pattern for names",
        hint: "write \(PolicyNaming.placeholder) for the role")
    }
    if TokenLifetime(tokenLifetime) == nil {
      throw ValidationError(
        "\(OptionText.quoted("--token-ttl", tokenLifetime)) is no time to live",
        hint: "write 30m, 1h30m or a number of seconds")
    }
    _ = try readVersions()
  }

  private func readVersions() throws -> KVVersions {
    var versions = KVVersions()
    for text in SelectionOptions.items(of: engines) where !versions.add(text) {
      throw ValidationError(
        "\(OptionText.quoted("--kv", text)) names no version of the KV engine",
        hint: "write --kv 2 for all engines, or --kv secret=2 for the one at secret/")
    }
    if let (one, other) = KVVersions.contradiction(among: SelectionOptions.items(of: engines)) {
      throw ValidationError(
        "\(OptionText.quoted("--kv", one)) and \(OptionText.quoted("--kv", other)) contradict each other",
        hint: "an engine has one version: write one of the two")
    }
    return versions
  }

  var lifetime: TokenLifetime { TokenLifetime(tokenLifetime) ?? .usual }

  /// The versions of the KV engines that are named.
  var versions: KVVersions { (try? readVersions()) ?? KVVersions() }

  var destination: PolicyPlan.Destination { folder.map(PolicyPlan.Destination.folder) ?? .output(output) }
}

extension PolicyFormat: ExpressibleByArgument {}
