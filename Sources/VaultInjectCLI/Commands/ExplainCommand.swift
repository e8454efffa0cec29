internal import ArgumentParser
internal import Cluster
internal import Injection
internal import ManifestText
internal import Output
internal import Workloads

/// Explains what becomes of objects, and what an annotation, a setting or a rule means.
struct ExplainCommand: ExplainedCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain", abstract: "Explain what becomes of a pod, and what annotations, settings and rules mean.",
    discussion: """
      Tells of each object why it is injected or not, and what its pods will do, in the order they do it: who logs in \
      where as whom, which secrets are read, which files appear for which containers, what runs when secrets change, \
      what ends when, and which annotation, setting or default decided it. Nothing is written.
      """,
    subcommands: [Objects.self, Annotation.self, Setting.self, RuleOfFindings.self], defaultSubcommand: Objects.self)

  static var examples: String {
    """
    # Why an object is injected or not, and what its pods will do
    kubectl vault-inject explain -f deployment.yaml
    kubectl vault-inject explain deployment/web -n shop

    # The same as a diagram for documentation
    kubectl vault-inject explain -f deployment.yaml -o mermaid

    # What an annotation means, what it accepts and needs
    kubectl vault-inject explain annotation agent-inject-template-db

    # Where a setting can be set, and what is built in
    kubectl vault-inject explain setting vault.address

    # Why a rule finds something, and how to do it right
    kubectl vault-inject explain rule unknown-annotation
    """
  }

  /// Explains what becomes of objects; what is meant where no other is named.
  struct Objects: ProgramCommand {
    static let configuration = CommandConfiguration(
      commandName: "objects", abstract: "Explain why objects are injected or not, and what their pods will do.",
      discussion: """
        Draws each pod's start from top to bottom: its init containers one after the other, then the containers beside \
        each other, what happens when secrets change, and what ends when. Below it stands what was decided by which \
        annotation, setting or default. This is what `explain` means where nothing else is named. What Vault has to \
        allow for it is what `policy` writes.
        """)

    static var examples: String {
      """
      # What the pods of a manifest will do
      kubectl vault-inject explain -f deployment.yaml

      # What those of an object in the cluster do, for machines
      kubectl vault-inject explain deployment/web -n shop -o json
      """
    }

    @OptionGroup(title: "Input") var input: InputOptions
    @Option(name: [.short, .long], help: "The form: a drawing, JSON, or Markdown with Mermaid diagrams.")
    var output = StoryFormat.text
    @OptionGroup var color: ColorOption
    @OptionGroup(title: "Selection") var selection: SelectionOptions
    @OptionGroup(title: "Configuration") var configuration: ConfigurationOptions
    @OptionGroup(title: HelpText.clusterSection) var cluster: ClusterOptions

    func outcome() -> Ending {
      var report = Report(showsUnchanged: false)
      guard let plan = try? plan(&report) else { return report.finish() }
      let (ending, text) = ExplainRun(plan, report: report).all()
      guard let text else { return ending }
      let printed = ProgramText.print(text)
      return printed == .done ? ending : printed
    }

    private func plan(_ report: inout Report) throws(Reported) -> ExplainPlan {
      let configurations = try report.load(configuration, cluster.access(), at: input.resolver.place)
      let selection = try report.load(selection, defaultNamespace: input.namespace)
      report.account(for: self.selection.words, selection, configurations.base.kinds)
      return ExplainPlan(
        configurations: configurations, namespace: input.namespace, selection: selection,
        inputs: try inputs(configurations.base.kinds, &report), format: output)
    }

    private func inputs(_ kinds: WorkloadKinds, _ report: inout Report) throws(Reported) -> TransformPlan.Inputs {
      guard let targets = try input.liveTargets(labels: selection.labels, kinds, &report) else {
        var manifests = input.resolver
        manifests.faultOfFirstWord = { ExplainedName($0).fault }
        return .manifests(manifests)
      }
      let access = cluster.access(namespace: input.namespace)
      return .cluster(LiveObjects(targets, over: try access.open(&report)))
    }
  }

  /// Explains an annotation.
  struct Annotation: ReferenceCommand {
    static let configuration = CommandConfiguration(
      commandName: "annotation", abstract: "Explain an annotation, in every injector that has it.",
      discussion: """
        Tells what is accepted, what holds without the annotation, what it needs or cannot go with, an example, and \
        what the other injector calls it.
        """)

    static var examples: String {
      """
      # What an annotation means
      kubectl vault-inject explain annotation vault.hashicorp.com/agent-inject-secret-db

      # All annotations there are
      kubectl vault-inject explain annotation
      """
    }

    @Argument(help: "Its key, with the prefix or without; none lists them all.")
    var name: String?

    @Option(name: [.short, .long], help: "The form: text or json.") var output = ExplanationFormat.text
    @OptionGroup var color: ColorOption

    var reference: any Reference { AnnotationReference() }
  }

  /// Explains a rule.
  struct RuleOfFindings: ReferenceCommand {
    static let configuration = CommandConfiguration(
      commandName: "rule", abstract: "Explain a rule, by which something is found in a manifest or refused.",
      discussion: """
        Tells how bad what it finds is, what is wrong, why it matters, and gives an example that fails and one that \
        passes. Every finding in a report names its rule.
        """)

    static var examples: String {
      """
      # What a rule is about
      kubectl vault-inject explain rule unknown-annotation

      # All rules there are
      kubectl vault-inject explain rule
      """
    }

    @Argument(help: "Its id; none lists them all.")
    var name: String?

    @Option(name: [.short, .long], help: "The form: text or json.") var output = ExplanationFormat.text
    @OptionGroup var color: ColorOption

    var reference: any Reference { RuleReference(Rule.all) }
  }

  /// Explains a setting.
  struct Setting: ReferenceCommand {
    static let configuration = CommandConfiguration(
      commandName: "setting", abstract: "Explain a setting of the configuration, or a group of them.",
      discussion: """
        Tells what is accepted, what is built in, how it is written in a file and as an option, and which annotation \
        of a pod wins over it.
        """)

    static var examples: String {
      """
      # What a setting means, or a group of them
      kubectl vault-inject explain setting vault.tls.skipVerify
      kubectl vault-inject explain setting vault.tls

      # All settings there are
      kubectl vault-inject explain setting
      """
    }

    @Argument(help: "Its path, or that of a group; none lists them all.")
    var name: String?

    @Option(name: [.short, .long], help: "The form: text or json.") var output = ExplanationFormat.text
    @OptionGroup var color: ColorOption

    var reference: any Reference { SettingReference() }
  }
}

/// A command that explains something from a table.
protocol ReferenceCommand: ProgramCommand {
  /// What is to be explained; nil where all there is is to be listed.
  var name: String? { get }
  var output: ExplanationFormat { get }
  /// The table.
  var reference: any Reference { get }
}

extension ReferenceCommand {
  func outcome() -> Ending {
    if let answer = reference.answer(to: name) {
      return ProgramText.print(ReferenceText(answer, about: reference.noun).text(output))
    }
    var report = Report(showsUnchanged: false)
    report.fail(.usage, .unknownName(name ?? "", in: reference))
    return report.finish()
  }
}

extension Diagnostic {
  /// Nothing has this name; something near to it may have been meant.
  fileprivate static func unknownName(_ name: String, in reference: any Reference) -> Diagnostic {
    let names = reference.nearest(to: name).map { "`\($0)`" }.joined(separator: ", or ")
    let all = "`explain \(reference.noun)` lists every \(reference.noun)"
    return Diagnostic(
      rule: .unknownName, message: "there is no \(reference.noun) `\(name)`",
      hint: names.isEmpty ? all : "did you mean \(names)? \(all)")
  }
}

extension ExplanationFormat: ExpressibleByArgument {}

extension StoryFormat: ExpressibleByArgument {}
