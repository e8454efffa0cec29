internal import ManifestText
internal import Platform

/// The plugin of Helm 4 as which the program may be running.
///
/// Helm 4 throws away what a post-renderer says on standard error, and where one fails it says nothing but that. What
/// it does quote is a document that is not an object: so a failure is printed as one, and the process ends as if all
/// were well. Helm refuses the document, and with it the release.
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

/// The report of a failure, in the form that Helm 4 quotes.
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

/// Tells which template of a chart the documents came from that Helm made of it.
struct HelmTemplates {
  /// What Helm 3, and `helm template`, write above each document.
  private static let header = "# Source: "
  /// The annotation by which Helm 4 finds the template again of what it gave to a post-renderer.
  private static let annotation = "postrenderer.helm.sh/postrender-filename:"

  /// Where charts have what Helm makes documents of.
  private static let folders = ["/templates/", "/crds/"]

  private let source: SourceText

  /// Looks at a text; nil where Helm did not make it.
  init?(_ source: SourceText?) {
    guard let source else { return nil }
    let marks = [HelmTemplates.header, HelmTemplates.annotation].map { TextPattern($0) }
    guard marks.contains(where: { $0.isHeld(in: source.bytes, source.bytes.indices) }) else { return nil }
    self.source = source
  }

  /// The template that the document around an offset came from; nil where the document does not say.
  func name(at offset: Int) -> String? {
    var start = lineStart(before: min(offset, source.bytes.count))
    while start > 0, !isMarker(start) { start = lineStart(before: start - 1) }
    var isInHead = true
    var line = isMarker(start) ? nextLine(start) : start
    while line < source.bytes.count, !isMarker(line) {
      let text = text(ofLine: line)
      if isInHead, let name = HelmTemplates.name(in: text, after: HelmTemplates.header, atStart: true) { return name }
      if let name = HelmTemplates.name(in: text, after: HelmTemplates.annotation, atStart: false) { return name }
      isInHead = isInHead && (text.isEmpty || text.hasPrefix("#"))
      line = nextLine(line)
    }
    return nil
  }

  private static func name(in line: String, after mark: String, atStart: Bool) -> String? {
    guard let found = line.firstRange(of: mark), !atStart || found.lowerBound == line.startIndex else { return nil }
    let name = line[found.upperBound...].split { " '\"".contains($0) }.first
    // Others begin comments with the same words.
    return name.flatMap { name in folders.contains(where: name.contains) ? String(name) : nil }
  }

  // MARK: Lines

  private func isMarker(_ line: Int) -> Bool {
    let bytes = source.bytes[line...].prefix(4)
    return bytes.starts(with: "---".utf8) && bytes.dropFirst(3).allSatisfy(ASCII.isWhite)
  }

  private func lineStart(before offset: Int) -> Int {
    source.bytes[..<offset].lastIndex(of: ASCII.lineFeed).map { $0 + 1 } ?? 0
  }

  private func nextLine(_ line: Int) -> Int {
    source.bytes[line...].firstIndex(of: ASCII.lineFeed).map { $0 + 1 } ?? source.bytes.count
  }

  private func text(ofLine line: Int) -> String {
    let bytes = source.bytes[line...].prefix { $0 != ASCII.lineFeed && $0 != ASCII.carriageReturn }
    return String(decoding: bytes, as: UTF8.self)
  }
}
