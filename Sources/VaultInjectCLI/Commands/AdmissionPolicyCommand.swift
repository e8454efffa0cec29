internal import ArgumentParser
internal import Injection
internal import ManifestText
internal import Output

/// Writes a policy by which the API server injects Talend's dialect.
struct AdmissionPolicyCommand: ProgramCommand {
  static let configuration = CommandConfiguration(
    commandName: "admission-policy",
    abstract: "Print a policy by which the API server injects pods, without a webhook.",
    discussion: """
      Prints a MutatingAdmissionPolicy for kubectl apply, which needs Kubernetes \(TalendPolicy.firstVersion) or \
      later and nothing else: no server, no certificate. The API server then injects pods with Talend's annotations as \
      they are created, as this program would with the configuration in force. Beside it a ValidatingAdmissionPolicy \
      refuses what cannot be injected there (a job that needs a babysitter, secrets in the environment, AppRole, \
      sa-token), with a sentence that says what to do. For manifests that are kept in Git, inject them there instead.
      """)

  static var examples: String {
    """
    # Let the API server inject pods, in place of Talend's webhook
    kubectl vault-inject admission-policy --vault-addr https://vault.example.com:8200 | kubectl apply -f -

    # The same for review, with agents as native sidecars, but not in namespaces with a label
    kubectl vault-inject admission-policy --sidecars native --exempt-namespace-label team=platform > policy.yaml
    """
  }

  @OptionGroup(title: "Policy") var policy: AdmissionPolicyOptions

  @OptionGroup(title: "Configuration") var configuration: ConfigurationOptions
  @OptionGroup(title: HelpText.clusterSection) var cluster: ClusterOptions
  @OptionGroup(title: "Report") var report: ReportOptions

  func validate() throws {
    if let dialect = configuration.dialect?.text, dialect != TalendPolicy.dialect {
      throw ValidationError(
        "`--dialect \(dialect)` cannot be injected by a policy: its agents read JSON in base64, which CEL cannot write",
        hint: "only \(TalendPolicy.dialect) can; inject the manifests, and guard them by kubectl vault-inject guard")
    }
    for (isGiven, option) in [
      (configuration.exact, "--exact"), (configuration.webhookConfig != nil, "--webhook-config"),
    ] where isGiven {
      throw ValidationError(
        "\(option) does not go with a policy, which injects the containers that are made for each pod",
        hint: "leave it out; what is in the webhook's configuration can be set by --set and in .vault-inject.yaml")
    }
  }

  func outcome() -> Ending {
    var report = Report(self.report.settings, showsUnchanged: false)
    let text = try? text(&report)
    let ending = report.finish()
    guard let text, ending == .done else { return ending }
    return ProgramText.print(text)
  }

  private func text(_ report: inout Report) throws(Reported) -> String {
    let loaded = try report.load(configuration, cluster.access(), at: .workingFolder).base
    if loaded.configuration.provenance(of: "vault.address", in: TalendPolicy.dialect).origin == .builtIn,
      let finding = loaded.policy.judged(.builtInAddress([CommonDefaults.vaultAddress]))
    {
      report.add(finding)
    }
    let others = loaded.namespacesWithOtherTalendSettings
    if !others.isEmpty { report.add(.policyOfOtherNamespaces(others)) }
    for path in ["token.audience", "token.expirationSeconds"] {
      let (name, origin) = loaded.configuration.provenance(of: path, in: TalendPolicy.dialect)
      if origin != .builtIn { report.add(.tokenOfTheServer(name, origin)) }
    }
    do throws(Diagnostic) {
      return AdmissionText.text(of: try policy.talend(loaded).documents)
    } catch {
      report.fail(.refused, error)
      throw Reported()
    }
  }
}

/// What the policy is called, and where it does not count.
struct AdmissionPolicyOptions: ParsableArguments {
  private static let usualLabel = "vault-inject=off"

  @Option(help: ArgumentHelp("What the policies and their bindings are called.", valueName: "name"))
  var name = TalendPolicy.usualName

  @Option(
    parsing: .singleValue,
    help: ArgumentHelp(
      """
      A label that exempts namespaces, in place of \(usualLabel); repeatable. kube-system and kube-public always are.
      """, valueName: "key[=value]"))
  var exemptNamespaceLabel: [String] = []

  func validate() throws {
    if !ObjectName.isSubdomain(name) {
      throw ValidationError(
        "\(OptionText.quoted("--name", name)) is not the name of a policy",
        hint: "use small letters, digits, - and ., a letter or digit first and last, 253 at most")
    }
    for text in exemptNamespaceLabel where ExemptNamespaces.Label(text) == nil {
      throw ValidationError(
        "\(OptionText.quoted("--exempt-namespace-label", text)) is not a label",
        hint: "write KEY=VALUE, or KEY for any value, as kubectl label takes it")
    }
  }

  /// The policy with the configuration in force.
  func talend(_ loaded: LoadedConfiguration) throws(Diagnostic) -> TalendPolicy {
    let labels = exemptNamespaceLabel.isEmpty ? [Self.usualLabel] : exemptNamespaceLabel
    return try TalendPolicy(
      name: name, loaded.configuration.settings(),
      exempt: ExemptNamespaces(labels: labels.compactMap(ExemptNamespaces.Label.init)), loaded.policy)
  }
}

extension LoadedConfiguration {
  /// The namespaces for which overrides say something else about what is injected.
  fileprivate var namespacesWithOtherTalendSettings: [String] {
    let settings: TalendSettings = configuration.settings()
    return namespaced.filter { settings != $0.value.settings() }.keys.sorted()
  }
}

extension Diagnostic {
  /// The API server mounts a token of its own before a policy is asked, and the agent takes that, as `inject` does.
  fileprivate static func tokenOfTheServer(_ path: String, _ origin: Configuration.Origin) -> Diagnostic {
    Diagnostic(
      rule: .settingWithoutEffect,
      message:
        "`\(path)` (\(origin)) has no effect on pods into which the API server mounts a token: their agents log in "
        + "with that one",
      hint: "it counts for pods with automountServiceAccountToken: false; inject the manifests of others instead")
  }

  fileprivate static func policyOfOtherNamespaces(_ names: [String]) -> Diagnostic {
    Diagnostic(
      rule: .guardNamespaces,
      message:
        "the policy goes by the settings for all namespaces, and others count in \(names.joined(separator: ", "))",
      hint: "exempt the \(names.count == 1 ? "namespace" : "namespaces") by a label, and apply what is in there with "
        + "`apply`")
  }
}
