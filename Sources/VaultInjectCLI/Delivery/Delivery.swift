internal import Output
internal import Injection
internal import ManifestText

/// Where the results of a run go: standard output, the files they came from, nowhere.
///
/// Whoever takes a result reports it, so that the report can say what became of it there.
protocol Delivery {
  /// What gathers the documents of one input.
  associatedtype Sink: DocumentSink

  /// Whether nothing is delivered where one of the inputs that were named is missing.
  var needsEveryInput: Bool { get }

  /// False once further results would be of no use.
  var isOpen: Bool { get }

  /// Begins with inputs of which none has been read.
  /// - Throws: A `Fault` where the result of one cannot be delivered; nothing is read then.
  mutating func begin(_ inputs: [Input]) throws(Fault)

  /// An empty sink for the next input.
  func sink() -> Sink

  /// Takes the result of an input, which may be a refusal, and reports it.
  mutating func take(_ delivered: Delivered<Sink>, _ report: inout Report)

  /// Ends the delivery: what was held back is delivered and reported.
  mutating func finish(_ report: inout Report)

  /// How the run ends where nothing failed.
  var ending: Ending { get }
}

extension Delivery {
  var ending: Ending { .done }

  var needsEveryInput: Bool { false }

  var isOpen: Bool { true }

  mutating func begin(_ inputs: [Input]) throws(Fault) {}

  mutating func finish(_ report: inout Report) {}
}

/// What is delivered of one input.
struct Delivered<Sink: DocumentSink> {
  /// The input as it was read.
  let input: LoadedInput
  /// What became of it.
  let result: DocumentPipeline.Result
  /// Its documents; of no worth where the result is a refusal.
  var sink: Sink

  /// What there is to report of it.
  var entry: ReportEntry { ReportEntry(result, of: input.source) }
}
