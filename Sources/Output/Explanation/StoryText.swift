package import Injection
internal import ManifestText
internal import Workloads
package import Platform

/// What becomes of objects, as a person reads it: a drawing of each pod's start from top to bottom, and below it what
/// was decided by what.
package struct StoryText: StoryWriter {
  private var page: Page
  private var isFirst = true

  /// A text for the reader of a stream.
  package init(for descriptor: FileDescriptor) { page = Page(for: descriptor) }

  /// A text with colour or without.
  package init(usesColor: Bool) { page = Page(usesColor: usesColor) }

  /// Everything so far.
  package var text: String { page.text }

  /// Adds an object, of which a source says where everything is.
  package mutating func add(_ story: ObjectStory, _ provenance: Provenance) {
    if !isFirst { page.line() }
    isFirst = false
    let name = story.plan.object?.displayName ?? "document"
    let namespace = story.namespace.isEmpty || story.pods.isEmpty ? "" : " in the namespace \(story.namespace)"
    let place = story.plan.offset.map { "\(provenance.location(of: $0..<$0))" } ?? ""
    page.line("\(page.styled("\(name)", .strong)) \(story.plan.outcome.storyWords)\(namespace)")
    if !place.isEmpty { page.line("  \(page.styled("\(place)", .faint))") }
    for objection in story.objections { add(objection, provenance) }
    for pod in story.pods { add(pod, provenance, isOneOfSeveral: story.pods.count > 1) }
    addQuestions(of: story)
    addFindings(of: story, provenance)
  }

  // MARK: Reasons

  private mutating func add(_ objection: Objection, _ provenance: Provenance) {
    let place = objection.range.map { " (\(provenance.location(of: $0)))" } ?? ""
    page.wrapped(objection.text + place, after: "  because ", width: 10)
  }

  private mutating func addFindings(of story: ObjectStory, _ provenance: Provenance) {
    var findings = story.plan.findings
    if case .refused(let refusal) = story.plan.outcome { findings.append(refusal) }
    guard !findings.isEmpty else { return }
    if !story.pods.isEmpty { section("Findings") }
    for finding in findings {
      let severity = finding.severity.rawValue
      let place = finding.range.map { "\(provenance.location(of: $0)): " } ?? ""
      let start: ShownText = "  \(page.styled("\(severity):", finding.severity.style)) "
      page.wrapped(place + finding.message, after: start, width: severity.count + 4)
      if let hint = finding.hint { page.wrapped(hint, after: "    \(page.styled("hint:", .note)) ", width: 10) }
    }
  }

  /// What a preflight asks before the object is deployed.
  private mutating func addQuestions(of story: ObjectStory) {
    let questions = story.accesses.reduce(into: [String]()) { questions, access in
      for question in access.questions where !questions.contains(question) { questions.append(question) }
    }
    guard !questions.isEmpty else { return }
    section("Preflight asks")
    for question in questions { page.wrapped(question, after: "    ", width: 4) }
  }

  private mutating func section(_ title: ShownText) {
    page.line()
    page.line("  \(page.styled(title, .strong))")
  }

  // MARK: Pods

  private mutating func add(_ pod: PodStory, _ provenance: Provenance, isOneOfSeveral: Bool) {
    let request = provenance.words(pod.request.source, in: pod.dialect)
    page.wrapped(
      "\(request.name) is \"\(pod.request.value)\"\(request.place.map { " (\($0))" } ?? "")", after: "  because ",
      width: 10)
    if isOneOfSeveral { page.wrapped("this is about the pods of \(pod.path)", after: "  ", width: 2) }
    addStart(of: pod)
    add("Login", pod.login, of: pod, provenance)
    addFiles(of: pod, provenance)
    add("Decided by", pod.decisions, of: pod, provenance)
    addConfigurations(of: pod)
  }

  private mutating func add(_ title: ShownText, _ decisions: [Decision], of pod: PodStory, _ provenance: Provenance) {
    guard !decisions.isEmpty else { return }
    section(title)
    add(decisions, of: pod, provenance, indent: 4)
  }

  /// Rows of what was decided, each with what decided it: beside it, or below where that does not fit.
  private mutating func add(_ decisions: [Decision], of pod: PodStory, _ provenance: Provenance, indent: Int) {
    let width = decisions.map { TerminalWidth.columns(of: ShownText.safe($0.subject)) }.max() ?? 0
    for decision in decisions {
      let start = label(decision.subject, width: width, indent: indent)
      let words = provenance.words(decision.source, in: pod.dialect).short
      let used = indent + width + 2 + TerminalWidth.columns(of: ShownText.safe(decision.value))
      if used + 2 + TerminalWidth.columns(of: ShownText.safe(words)) <= page.columns {
        page.line("\(start)\(decision.value)", of: used, end: words)
      } else {
        page.wrapped(decision.value, after: start, width: indent + width + 2)
        page.faint(words, indent: indent + width + 4)
      }
    }
  }

  private func label(_ text: String, width: Int, indent: Int) -> ShownText {
    let gap = String(repeating: " ", count: width - TerminalWidth.columns(of: ShownText.safe(text)) + 2)
    return "\(String(repeating: " ", count: indent))\(page.styled("\(text)", .note))\(gap)"
  }

  private mutating func addFiles(of pod: PodStory, _ provenance: Provenance) {
    guard !pod.files.isEmpty else { return }
    section("Files")
    for file in pod.files {
      page.line("    \(page.styled("\(file.path)", .strong))")
      add(file.decisions, of: pod, provenance, indent: 6)
      let width = file.decisions.map { TerminalWidth.columns(of: ShownText.safe($0.subject)) }.max() ?? 0
      for (index, read) in file.reads.enumerated() {
        page.wrapped(read.words, after: label(index == 0 ? "reads" : "", width: width, indent: 6), width: width + 8)
      }
      page.wrapped(StoryText.readers(of: file), after: label("for", width: width, indent: 6), width: width + 8)
    }
  }

  /// The containers that find a file, and those that find it elsewhere with the path.
  private static func readers(of file: PodStory.File) -> String {
    if file.readers.isEmpty { return "no container: none mounts its folder" }
    return file.readers.map { $0.path == file.path ? $0.container : "\($0.container) as \($0.path)" }
      .joined(separator: ", ")
  }

  /// The configuration of each agent; of the second one only what differs from the first.
  private mutating func addConfigurations(of pod: PodStory) {
    for (index, configuration) in pod.configurations.enumerated() {
      let origin: ShownText = configuration.file.map { "\($0) of the ConfigMap" } ?? "decoded"
      section("Configuration of \(configuration.container), \(origin)")
      var shown = configuration.value
      if index > 0, let first = pod.configurations[0].value, let difference = shown?.members(notIn: first) {
        page.line("    as that of \(pod.configurations[0].container), but for:")
        shown = difference
      }
      let text = shown.map { String(decoding: JSONWriter.pretty($0), as: UTF8.self) } ?? configuration.text
      for line in ByteText.pieces(of: text, around: "\n") where !line.isEmpty { page.line("    \(line)") }
    }
  }

  // MARK: The drawing

  private mutating func addStart(of pod: PodStory) {
    page.line()
    page.line("  \(page.styled("○", .note)) the pod is created")
    for step in pod.initial { add(step, of: pod, margin: "  │") }
    let isAlone = pod.running.count == 1
    if !isAlone {
      page.line("  │")
      page.line("  ├─╮ \(page.styled("start together", .faint))")
    }
    for step in pod.running { add(step, of: pod, margin: isAlone ? "  │" : "  │ │") }
    if !isAlone { page.line("  ├─╯") }
    for moment in PodStory.Event.Moment.inOrder {
      let events = pod.events.filter { $0.moment == moment }
      guard !events.isEmpty else { continue }
      page.line("  │")
      let isLast = moment == .atEnd
      page.line("  \(page.styled(isLast ? "■" : "↻", .note)) \(page.styled("\(moment.heading)", .strong))")
      for event in events {
        page.wrapped(event.text, after: isLast ? "      " : "  │   ", then: isLast ? "      " : "  │   ", width: 6)
      }
    }
  }

  private mutating func add(_ step: PodStory.Step, of pod: PodStory, margin: ShownText) {
    let spine = TerminalWidth.columns(of: margin.line)
    page.line(margin)
    let sign: ShownText = step.isAdded ? page.styled("◆", .success) : "●"
    let bare = ShownText(of: String(margin.line.dropLast()))
    let name = ShownText.safe(step.name)
    page.line(
      "\(bare)\(sign) \(page.styled("\(step.name)", .strong))", of: spine + 1 + TerminalWidth.columns(of: name),
      end: step.kind)
    for deed in step.deeds {
      let start: ShownText = "\(margin)   "
      page.wrapped(deed.words(in: pod), after: start, then: start, width: spine + 3)
    }
  }
}

extension Value {
  /// The members that another object has otherwise or not at all; nil where this one lacks some of the other's.
  fileprivate func members(notIn other: Value) -> Value? {
    guard let members, let others = other.members, others.allSatisfy({ self[$0.key] != nil }) else { return nil }
    return .object(members.filter { other[$0.key] != $0.value })
  }
}

extension Diagnostic.Severity {
  fileprivate var style: Console.Style {
    switch self {
    case .error: .error
    case .warning: .warning
    case .note: .note
    }
  }
}
