internal import Cluster
internal import Injection
internal import ManifestText
internal import Output

/// What a run over inputs is to do; nothing of the inputs has been read yet.
struct TransformPlan {
  /// Where inputs come from.
  enum Inputs {
    /// Files, folders, URLs, standard input.
    case manifests(InputResolver)
    /// A cluster.
    case cluster(LiveObjects)
  }

  let transform: any DocumentTransform
  let inputs: Inputs
  var scope = DocumentPipeline.Scope.everyInput
  /// Tells which documents are meant; nil where all are.
  var filter: (any DocumentFilter)?
  /// Where results go.
  let destination: any Delivery
}

/// Takes inputs through the pipeline, one after the other, to where they are delivered.
///
///     var run = TransformRun(plan, to: plan.destination, report: report)
///     while let input = run.next() { run.deliver(input) }
///     return run.finish()
struct TransformRun<Destination: Delivery>: ~Copyable {
  private let pipeline: DocumentPipeline
  private var destination: Destination
  private var report: Report
  /// What is yet to be read; of a cluster, what is left of a page of it.
  private var inputs: ArraySlice<Input> = []
  private var page: ArraySlice<LiveObject> = []
  /// The objects after that page; nil where none are to be asked for.
  private var objects: LiveObjects?
  /// True where nothing but what is missing is read, to say so.
  private var isGivenUp = false

  /// Resolves what is to be read; what is wrong with it is reported, and nothing is read then.
  init(_ plan: TransformPlan, to destination: Destination, report: consuming Report) {
    self.destination = destination
    self.report = report
    pipeline = DocumentPipeline(transform: plan.transform, scope: plan.scope, filter: plan.filter)
    switch plan.inputs {
    case .manifests(let resolver): resolve(resolver)
    case .cluster(let objects): self.objects = objects
    }
  }

  private mutating func resolve(_ resolver: InputResolver) {
    do throws(Fault) {
      let all = try resolver.resolve()
      try report.check(inputs: all.lazy.compactMap(\.path))
      try destination.begin(all)
      let missing = destination.needsEveryInput ? all.filter(\.isMissing) : []
      isGivenUp = !missing.isEmpty && missing.count < all.count
      inputs = (missing.isEmpty ? all : missing)[...]
    } catch {
      report.fail(error)
    }
  }

  /// Reads the next input that can be had; nil after the last, and once no result can be delivered any more.
  mutating func next() -> LoadedInput? {
    while destination.isOpen {
      do throws(Fault) {
        if let input = inputs.popFirst() { return try input.loaded() }
        if let object = page.popFirst() { return LoadedInput(source: object.source, status: nil) }
        guard let next = try objects?.nextPage(&report) else { return nil }
        page = next[...]
      } catch {
        report.fail(error)
        // Where a page of a cluster cannot be had, none after it can.
        objects = nil
      }
    }
    return nil
  }

  /// Changes an input, and delivers the result.
  mutating func deliver(_ input: LoadedInput) {
    var sink = destination.sink()
    let result = result(of: input.source, into: &sink)
    if result.isPassedOver { report.passOver(input.source) }
    destination.take(Delivered(input: input, result: result, sink: sink), &report)
  }

  private mutating func result(of source: SourceText, into sink: inout Destination.Sink) -> DocumentPipeline.Result {
    let pipeline = pipeline
    return pipeline.run(source, into: &sink) { count in
      if count & 0xFF == 0 { report.progress("\(source.name): \(count) documents") }
    }
  }

  /// Delivers what was held back, and ends the report.
  mutating func finish() -> Ending {
    if isGivenUp { report.add(.nothingRewritten) }
    destination.finish(&report)
    return report.finish(destination.ending)
  }
}

/// What a command that changes manifests is to do.
enum RunPlan {
  /// Each input is changed and delivered.
  case inputs(TransformPlan)
  /// One list is changed, as orchestrators of KRM functions have it.
  case function(FunctionPlan)
}
