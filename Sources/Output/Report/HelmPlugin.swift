internal import ManifestText
internal import Platform

/// The plugin of Helm 4 as which the program may be running.
///
/// Helm 4 throws away what a post-renderer says on standard error, and where one fails it says nothing but that. What
/// it does quote is a document that is no object: so a failure is printed as one, and the process ends as if all were
/// well. Helm refuses the document, and with it the release.
package enum HelmPlugin {
  /// The command that is Helm's post-renderer.
  package static let command = "post-render"

  /// True where Helm 4 runs this process as a post-renderer.
  ///
  /// Plugins of other kinds, those of Helm 3 among them, may run Helm, which then runs a post-renderer that sees the
  /// variables of the plugin: what kind that is stands in its definition. Other commands that a post-renderer's script
  /// may run see them too, and end as they always do.
  package static let isRunning =
    Environment.arguments.dropFirst().first == command && isRunning(Environment.nonEmpty)

  static func isRunning(_ variable: (String) -> String?) -> Bool {
    guard variable("HELM_PLUGIN_NAME") != nil else { return false }
    guard let folder = variable("HELM_PLUGIN_DIR"),
      let definition = try? OpenFile.contents(of: "\(folder)/plugin.yaml")
    else { return true }
    return TextPattern("postrenderer/").isHeld(in: definition, definition.indices)
  }
}

/// What is told of a failure, in the form that Helm 4 quotes.
package struct HelmRefusal: ReportSink {
  private var lines: [Substring] = []

  package init() {}

  package mutating func line(_ text: ShownText) {
    lines += text.line.split(separator: "\n", omittingEmptySubsequences: false)
  }

  func styled(_ text: ShownText, _ style: Console.Style) -> ShownText { text }

  /// The document: one text, which holds the lines as they are.
  ///
  /// What was printed before it may end in the middle of a line.
  var document: String {
    let title = "kubectl-vault-inject refuses this release:"
    return "\n---\n|-\n  \(title)\n" + lines.map { $0.isEmpty ? "\n" : "  \($0)\n" }.joined()
  }

  /// Prints the document; false where not all of it could be printed, so that Helm has to be told by the exit code.
  package func print() -> Bool {
    do throws(SystemError) {
      try FileDescriptor.standardOutput.write(Array(document.utf8))
      return true
    } catch {
      return false
    }
  }
}
