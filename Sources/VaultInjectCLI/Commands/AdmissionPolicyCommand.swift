internal import ArgumentParser
internal import Injection
internal import ManifestText
internal import Output

/// Writes a policy by which the API server injects.
struct AdmissionPolicyCommand: ProgramCommand {
  static let configuration = CommandConfiguration(
    commandName: "admission-policy", abstract: "Write a policy by which the API server injects Talend's dialect.",
    discussion: """
      Prints a MutatingAdmissionPolicy that injects pods as they are created, as this program does with the \
      configuration in force, and a ValidatingAdmissionPolicy that refuses those that CEL cannot inject. There is no webhook \
      then that could be down. Kubernetes \(TalendPolicy.firstVersion) and later.
      """)

  static var examples: String {
    """
    # Let the API server inject
    kubectl vault-inject admission-policy --vault-addr https://vault.example.com:8200 | kubectl apply -f -

    # Leave namespaces with a label alone
    kubectl vault-inject admission-policy --exempt-namespace-label vault-inject=off
    """
  }

  @Option(help: ArgumentHelp("What the policies and their bindings are called.", valueName: "name"))
  var name = TalendPolicy.usualName

  @Option(
    parsing: .singleValue,
    help: ArgumentHelp(
      "Leave pods alone in namespaces with this label; repeatable. Those of the system are left alone anyway.",
      valueName: "key[=value]"))
  var exemptNamespaceLabel: [String] = []

  @OptionGroup(title: "Configuration") var options: ConfigurationOptions
  @OptionGroup(title: HelpText.clusterSection) var cluster: ClusterOptions

  func outcome() -> Ending {
    var report = Report(showsUnchanged: false)
    let loaded = try? report.load(options, cluster.access())
    let ending = report.finish()
    guard let loaded else { return ending }
    let policy = TalendPolicy(name: name, loaded.configuration.settings(), exempt: ExemptNamespaces(labels: []))
    return ProgramText.print(AdmissionText.text(of: policy.documents))
  }
}
