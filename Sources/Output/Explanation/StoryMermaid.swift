package import Injection
internal import ManifestText
internal import Workloads

/// What becomes of objects as diagrams for documentation: Markdown with a Mermaid sequence diagram for each pod.
package struct StoryMermaid: StoryWriter {
  /// Everything so far.
  package private(set) var text = ""

  package init() {}

  /// Adds an object, of which a provenance says where everything is.
  package mutating func add(_ story: ObjectStory, _ provenance: Provenance) {
    guard !story.pods.isEmpty else { return }
    if !text.isEmpty { text += "\n" }
    let name = ShownText.safe(story.plan.object?.displayName ?? "document")
    text += "## \(name)\n"
    for pod in story.pods {
      var diagram = Diagram()
      diagram.add(pod)
      text += "\n```mermaid\n\(diagram.lines.map { $0 + "\n" }.joined())```\n"
    }
  }
}

/// A sequence diagram: who says what to whom, from top to bottom.
private struct Diagram {
  private(set) var lines = ["sequenceDiagram"]
  /// The names that containers have in the diagram.
  private var participants: [String: String] = [:]

  private static let cluster = "K"
  private static let vault = "V"

  mutating func add(_ pod: PodStory) {
    let steps = pod.initial + pod.running
    line("participant \(Diagram.cluster) as Kubernetes")
    for (index, step) in steps.enumerated() where participants[step.name] == nil {
      participants[step.name] = "C\(index)"
      line("participant C\(index) as \(Diagram.text(step.name))")
    }
    if !pod.login.isEmpty { line("participant \(Diagram.vault) as Vault") }
    for step in pod.initial { start(step, of: pod) }
    let isAlone = pod.running.count < 2
    for (index, step) in pod.running.enumerated() {
      if !isAlone { line(index == 0 ? "par beside each other" : "and") }
      start(step, of: pod)
    }
    if !isAlone { line("end") }
    add(pod.events)
  }

  private mutating func start(_ step: PodStory.Step, of pod: PodStory) {
    let name = participants[step.name] ?? ""
    line("\(Diagram.cluster)->>\(name): starts (\(Diagram.text(step.kind)))")
    for deed in step.deeds {
      switch deed {
      case .logsIn: line("\(name)->>\(Diagram.vault): \(Diagram.text(deed.words(in: pod)))")
      case .writes(let paths): add(pod.files.filter { paths.contains($0.path) }, by: name)
      case .ends: line("\(name)-->>\(Diagram.cluster): ends")
      default: line("Note over \(name): \(Diagram.text(deed.words(in: pod)))")
      }
    }
  }

  private mutating func add(_ files: [PodStory.File], by name: String) {
    for file in files {
      if !file.reads.isEmpty {
        line("\(Diagram.vault)-->>\(name): \(Diagram.text(file.reads.map(\.shortWords).joined(separator: ", ")))")
      }
      let mode = file.value(of: "mode").map { " (\($0))" } ?? ""
      line("Note over \(name): \(Diagram.text("writes \(file.path)\(mode)"))")
    }
  }

  private mutating func add(_ events: [PodStory.Event]) {
    guard let last = participants.values.max(), !events.isEmpty else { return }
    for moment in PodStory.Event.Moment.inOrder {
      let texts = events.filter { $0.moment == moment }.map { Diagram.text($0.text) }
      guard !texts.isEmpty else { continue }
      let over = last == "C0" ? "C0" : "C0,\(last)"
      line("Note over \(over): \(moment.heading): \(texts.joined(separator: "<br/>"))")
    }
  }

  private mutating func line(_ text: String) { lines.append("  " + text) }

  /// A text of one line in which nothing means something to Mermaid.
  private static func text(_ text: String) -> String {
    ShownText.safe(text).unicodeScalars.map { scalar in
      switch scalar {
      case "#", ";", "<", ">", "&", "\"", "`": "#\(scalar.value);"
      default: String(scalar)
      }
    }.joined()
  }
}
