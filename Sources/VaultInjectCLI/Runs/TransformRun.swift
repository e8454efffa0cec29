internal import Cluster
internal import Injection
internal import ManifestText
internal import Output
internal import Threads

/// What a run over inputs is to do; nothing of the inputs has been read yet.
struct TransformPlan {
  /// Where inputs come from.
  enum Inputs {
    /// Files, folders, URLs, standard input.
    case manifests(InputResolver)
    /// A cluster.
    case cluster(LiveObjects)
  }

  let transforms: InputTransforms
  let inputs: Inputs
  var scope = DocumentPipeline.Scope.everyInput
  /// Tells which documents are meant; nil where all are.
  var filter: (any DocumentFilter)?
  /// Where results go.
  var destination: any Delivery

  /// What takes inputs to their change.
  fileprivate func pipeline(_ transform: any DocumentTransform) -> DocumentPipeline {
    DocumentPipeline(transform: transform, scope: scope, filter: filter, threads: Processors.worthSharing)
  }
}

/// Takes inputs through the pipeline, in order, to where they are delivered.
///
///     var run = TransformRun(plan, report: report)
///     run.deliverAll()
///     return run.finish()
struct TransformRun: ~Copyable {
  private let plan: TransformPlan
  private var pipelines: [DocumentPipeline] = []
  private var destination: any Delivery
  private var report: Report
  /// What was named; empty where a cluster is asked.
  private var inputs: InputQueue
  /// The objects of a cluster that are not delivered yet; nil where none are to be asked for.
  private var objects: LiveObjects?
  /// True where nothing but what is missing is read, to say so.
  private var isGivenUp = false

  /// Resolves what is to be read; what is wrong with it is reported, and nothing is read then.
  init(_ plan: TransformPlan, report: consuming Report) {
    destination = plan.destination
    self.report = report
    self.plan = plan
    inputs = InputQueue([], through: [], into: destination.renderer())
    switch plan.inputs {
    case .manifests(let resolver): try? resolve(resolver)
    case .cluster(let objects):
      pipelines = [plan.pipeline(plan.transforms.base)]
      self.objects = objects
    }
  }

  private mutating func resolve(_ resolver: InputResolver) throws(Reported) {
    let all = try named(resolver)
    let missing = destination.needsEveryInput ? all.filter(\.isMissing) : []
    isGivenUp = !missing.isEmpty && missing.count < all.count
    let inputs = missing.isEmpty ? all : missing
    let (transforms, indices) = try plan.transforms.all(for: inputs, &report)
    pipelines = transforms.map(plan.pipeline)
    self.inputs = InputQueue(
      zip(inputs, indices).map { QueuedInput(input: $0, pipeline: $1) }, through: pipelines,
      into: destination.renderer())
  }

  /// What is named, of which the destination knows then.
  private mutating func named(_ resolver: InputResolver) throws(Reported) -> [Input] {
    do throws(Fault) {
      let all = try resolver.resolve(checking: &report)
      try destination.begin(all)
      return all
    } catch {
      report.fail(error)
      throw Reported()
    }
  }

  /// Delivers the results of all inputs that can be had, until no more can be delivered.
  mutating func deliverAll() {
    while destination.isOpen, let turn = inputs.next() {
      do throws(Fault) {
        try deliver(turn)
      } catch {
        report.fail(error)
      }
    }
    deliverObjects()
  }

  private mutating func deliver(_ turn: InputTurn) throws(Fault) {
    switch turn {
    case .failed(let fault): throw fault
    case .unread(let queued): deliver(try queued.input.loaded(), through: pipelines[queued.pipeline])
    case .done(let delivered): take(delivered)
    }
  }

  private mutating func deliverObjects() {
    while destination.isOpen, let page = nextPage() {
      for object in page where destination.isOpen {
        deliver(LoadedInput(source: object.source, status: nil), through: pipelines[0])
      }
    }
  }

  /// The next objects of a cluster; nil after the last, and where they cannot be had: none after them can, then.
  private mutating func nextPage() -> [LiveObject]? {
    do throws(Fault) {
      return try objects?.nextPage(&report)
    } catch {
      report.fail(error)
      return nil
    }
  }

  /// Changes an input, and delivers the result.
  private mutating func deliver(_ input: LoadedInput, through pipeline: DocumentPipeline) {
    take(
      Delivered(input, through: pipeline, into: destination.renderer()) { count in
        if count & 0xFF == 0 { report.progress("\(input.source.name): \(count) documents") }
      })
  }

  private mutating func take(_ delivered: Delivered) {
    if delivered.result.isPassedOver { report.passOver(delivered.input.source) }
    destination.take(delivered, &report)
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
