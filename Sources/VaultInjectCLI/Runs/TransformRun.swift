internal import ArgumentParser
internal import Injection
internal import ManifestText

/// Takes all inputs through the pipeline, one after the other, to where they are delivered.
struct TransformRun<Destination: Delivery>: ~Copyable {
  private let pipeline: DocumentPipeline
  private var destination: Destination
  private var report: Report

  init(
    _ transform: any DocumentTransform, scope: DocumentPipeline.Scope = .everyInput,
    filter: (any DocumentFilter)? = nil, to destination: Destination, report: consuming Report
  ) {
    self.destination = destination
    self.report = report
    pipeline = DocumentPipeline(transform: transform, scope: scope, filter: filter)
  }

  /// Works through the inputs; the exit code says what came of it.
  mutating func all(_ resolver: InputResolver) -> ExitCode {
    do throws(InputError) {
      let inputs = try resolver.resolve()
      try report.check(inputs)
      try destination.begin(inputs)
      let missing = destination.needsEveryInput ? inputs.filter(\.isMissing) : []
      for input in missing.isEmpty ? inputs : missing where destination.isOpen { one(input) }
      if !missing.isEmpty, missing.count < inputs.count { report.add(.nothingRewritten) }
    } catch {
      report.fail(error)
    }
    destination.finish(&report)
    report.finish()
    return report.failure ?? destination.exitCode
  }

  /// Works through objects of a cluster, page by page; the exit code says what came of it.
  mutating func all(_ objects: consuming LiveObjects) -> ExitCode {
    do throws(InputError) {
      while destination.isOpen, let page = try objects.nextPage(&report) {
        for object in page where destination.isOpen { one(object.input) }
      }
    } catch {
      report.fail(error)
    }
    destination.finish(&report)
    report.finish()
    return report.failure ?? destination.exitCode
  }

  private mutating func one(_ input: Input) {
    do throws(InputError) {
      one(try input.loaded())
    } catch {
      report.fail(error)
    }
  }

  private mutating func one(_ loaded: LoadedInput) {
    var sink = destination.sink()
    let result = run(loaded.source, into: &sink)
    if result.isPassedOver { report.passOver(loaded.source) }
    destination.take(Delivered(input: loaded, result: result, sink: sink), &report)
  }

  private mutating func run(_ source: SourceText, into sink: inout Destination.Sink) -> DocumentPipeline.Result {
    let pipeline = pipeline
    return pipeline.run(source, into: &sink) { count in
      if count & 0xFF == 0 { report.progress("\(source.name): \(count) documents") }
    }
  }
}
