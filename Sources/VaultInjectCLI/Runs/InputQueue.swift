internal import Injection
internal import Output
internal import Threads

/// An input that waits for its turn.
struct QueuedInput: Sendable {
  let input: Input
  /// Which of the run's pipelines it goes through.
  let pipeline: Int
}

/// An input whose turn it is, as far as it was worked on before that.
enum InputTurn: Sendable {
  /// It is to be read now: it is no file, or so large that several threads have to do with it alone.
  case unread(QueuedInput)
  /// It cannot be read.
  case failed(Fault)
  /// It went through the pipeline.
  case done(Delivered)
}

/// The inputs of a run in order, of which several threads read and change those that are small files ahead of their turn.
struct InputQueue: ~Copyable {
  private var inputs: ArraySlice<QueuedInput>
  private var turns: ArraySlice<InputTurn> = []
  private var work: OrderedWork<ArraySlice<QueuedInput>, [InputTurn]>

  /// How many files a thread takes at a time.
  private static let batchSize = 8

  /// Will take inputs through their pipelines, and render each as this renderer does.
  init(_ inputs: [QueuedInput], through pipelines: [DocumentPipeline], into renderer: DocumentRenderer) {
    self.inputs = inputs[...]
    work = OrderedWork(
      threads: pipelines.first?.threads ?? 1, { batch in InputTurn.all(of: batch, through: pipelines, into: renderer) },
      other: {
        let pipelines = pipelines.map { $0.unshared() }
        return { batch in InputTurn.all(of: batch, through: pipelines, into: renderer) }
      })
  }

  /// The next input; nil after the last.
  mutating func next() -> InputTurn? {
    while turns.isEmpty {
      while !inputs.isEmpty, !work.isFull { work.give(nextBatch()) }
      guard let done = work.next() else { return nil }
      turns = done[...]
    }
    return turns.removeFirst()
  }

  private mutating func nextBatch() -> ArraySlice<QueuedInput> {
    let batch = inputs.prefix(Self.batchSize)
    inputs = inputs.dropFirst(batch.count)
    return batch
  }
}

extension InputTurn {
  fileprivate static func all(
    of inputs: ArraySlice<QueuedInput>, through pipelines: [DocumentPipeline], into renderer: DocumentRenderer
  ) -> [InputTurn] {
    inputs.map { InputTurn($0, through: pipelines[$0.pipeline], into: renderer) }
  }

  /// Does what can be done about an input before its turn.
  private init(_ queued: QueuedInput, through pipeline: DocumentPipeline, into renderer: DocumentRenderer) {
    do throws(Fault) {
      // Held until its turn, large files would fill the memory.
      let loaded = try queued.input.loadedFile(below: pipeline.sharedSize)
      self = loaded.map { .done(Delivered($0, through: pipeline, into: renderer)) } ?? .unread(queued)
    } catch {
      self = .failed(error)
    }
  }
}
