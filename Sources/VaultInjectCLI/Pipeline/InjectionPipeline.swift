internal import Injection
internal import ManifestText

/// Takes one input from bytes to bytes: split, read, plan, splice, verify, render.
struct InjectionPipeline {
  /// How thoroughly documents that ask for nothing are looked at.
  enum Scope {
    /// Every document is read, so that the report can name it and broken ones are found.
    case everyDocument
    /// Documents without the annotations' text are copied unread.
    case concernedDocuments
  }

  /// What became of an input.
  struct Result {
    /// What is to be written; nil where something was refused.
    var output: OutputBuffer?
    /// True where the bytes differ from the input's.
    var isChanged = false
    /// What became of each object.
    var objects: [ObjectPlan] = []
    /// Findings about no object in particular.
    var findings: [Diagnostic] = []
    /// How many objects were injected.
    var injectedCount = 0
  }

  let transform: any DocumentTransform
  let format: OutputFormat?
  let scope: Scope

  /// Runs an input through, telling `onDocument` how many documents are done.
  func run(_ source: SourceText, onDocument: (Int) -> Void) -> Result {
    var result = Result()
    var renderer = DocumentRenderer(format: format)
    do throws(Diagnostic) {
      var count = 0
      for piece in try DocumentStream(source) {
        try process(piece, of: source, into: &renderer, &result)
        count += 1
        onDocument(count)
      }
    } catch {
      result.findings.append(error)
    }
    let isRefused = (result.findings + result.objects.flatMap(\.refusals)).contains { $0.severity == .error }
    result.output = isRefused ? nil : renderer.output
    return result
  }

  private func process(
    _ piece: DocumentStream.Piece, of source: SourceText, into renderer: inout DocumentRenderer,
    _ result: inout Result
  ) throws(Diagnostic) {
    let isConcerned = transform.mayConcern(piece, of: source)
    if scope == .concernedDocuments, !isConcerned { return renderer.keep(piece.range, of: source) }
    let document = try Document(piece, of: source)
    let plan = isConcerned ? transform.plan(for: document) : transform.overview(of: document)
    result.objects += plan.objects
    guard plan.refusals.isEmpty else { return }
    guard !plan.isEmpty else { return try renderer.add(document, plan) }
    result.isChanged = true
    result.injectedCount += plan.objects.count(where: \.isInjected)
    try renderer.add(try plan.result(), plan)
  }
}

extension ObjectPlan {
  var isInjected: Bool {
    if case .injected = outcome { true } else { false }
  }

  var refusals: [Diagnostic] {
    if case .refused(let diagnostic) = outcome { [diagnostic] } else { [] }
  }
}
