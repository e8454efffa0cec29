internal import ArgumentParser
internal import Injection
internal import Workloads

/// Rewrites the annotations of one injector into those of another.
struct ConvertCommand: TransformCommand {
  /// The injectors that annotations can be converted to.
  enum Target: String, ExpressibleByArgument, CaseIterable { case hashicorp, openbao }

  /// The injectors whose annotations are converted only where that is asked for.
  enum Origin: String, ExpressibleByArgument, CaseIterable {
    case bankVaults = "bank-vaults"
  }

  static let configuration = CommandConfiguration(
    commandName: "convert",
    abstract: "Rewrite the annotations of one injector into another's, and change nothing else.",
    discussion: """
      Talend's annotations are rewritten into HashiCorp's or OpenBao's, and HashiCorp's into OpenBao's. Both injectors \
      then write the same secrets to the same files. What the other has nothing for is pointed out, and refused where \
      the application would not find its secrets.

      With --from bank-vaults it is what Bank-Vaults' webhook reads that is rewritten, into HashiCorp's annotations \
      unless --to says otherwise. Values such as vault:secret/data/db#password stay: an injection serves them, too.
      """)

  static var examples: String {
    """
    # Show what would change
    kubectl vault-inject convert --to hashicorp --diff -f deployment.yaml

    # Rewrite all manifests of a folder
    kubectl vault-inject convert --to hashicorp -i -R k8s

    # Do without Bank-Vaults' webhook
    kubectl vault-inject convert --from bank-vaults -i -R k8s
    """
  }

  @Option(help: ArgumentHelp("Whose annotations to write.", valueName: "hashicorp|openbao"))
  var to: Target?

  @Option(
    help: ArgumentHelp(
      "Whose annotations and values to read, where it is not Talend's or HashiCorp's injector.",
      valueName: "bank-vaults"))
  var from: Origin?

  @OptionGroup(title: "Input") var input: InputOptions
  @OptionGroup(title: "Output") var output: OutputOptions
  @OptionGroup(title: "Selection") var selection: SelectionOptions
  @OptionGroup(title: "Configuration") var configuration: ConfigurationOptions
  @OptionGroup(title: HelpText.clusterSection) var cluster: ClusterOptions
  @OptionGroup(title: "Report") var report: ReportOptions

  func validate() throws {
    if to == nil, from == nil {
      throw ValidationError("`convert` needs --to hashicorp|openbao", hint: "see \(ProgramName.current) convert --help")
    }
  }

  func transform(_ loaded: LoadedConfiguration, _ selection: Selection) -> any DocumentTransform {
    if from == .bankVaults {
      let dialect: any AgentDialect =
        to == .openbao ? loaded.dialect(OpenBaoDialect.self) : loaded.dialect(HashiCorpDialect.self)
      return BankVaultsConversion(
        to: dialect, beside: loaded.annotatableDialects, kinds: loaded.kinds, namespace: input.namespace,
        selection: selection)
    }
    let target: TalendConversion.Target =
      switch to {
      case .hashicorp, nil: .hashicorp
      case .openbao: .openbao(from: loaded.dialect(HashiCorpDialect.self))
      }
    return TalendConversion(
      from: loaded.dialect(TalendDialect.self), to: target, kinds: loaded.kinds, namespace: input.namespace,
      selection: selection)
  }
}
