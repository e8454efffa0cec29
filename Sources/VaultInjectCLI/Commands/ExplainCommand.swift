internal import ArgumentParser
internal import Injection
internal import ManifestText
internal import Output

/// Explains what an annotation, a setting or a rule means.
struct ExplainCommand: ExplainedCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain", abstract: "Explain an annotation, a setting or a rule.",
    discussion: "Where nothing is named, all there is is listed.",
    subcommands: [Annotation.self, Setting.self])

  static var examples: String {
    """
    # What an annotation means, what it accepts and needs
    kubectl vault-inject explain annotation agent-inject-template-db

    # Where a setting can be set, and what is built in
    kubectl vault-inject explain setting vault.address
    """
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

    var reference: any Reference { AnnotationReference() }
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
    do throws(Diagnostic) {
      let answer = try reference.answer(to: name)
      return ProgramText.print(ReferenceText(answer, about: reference.noun).text(output))
    } catch {
      var report = Report(showsUnchanged: false)
      report.fail(.usage, error)
      return report.finish()
    }
  }
}

extension ExplanationFormat: ExpressibleByArgument {}
