internal import Injection
internal import ManifestText
internal import Output
internal import Platform

/// A destination for the results of a run: standard output, the files they came from, or nowhere.
///
/// A delivery reports each result itself, so that the report can say what became of it.
protocol Delivery {
  /// Whether nothing is delivered where one of the inputs that were named is missing.
  var needsEveryInput: Bool { get }

  /// False once further results would be of no use.
  var isOpen: Bool { get }

  /// Begins with inputs of which none has been read.
  /// - Throws: A `Fault` where the result of one cannot be delivered; nothing is read then.
  mutating func begin(_ inputs: [Input]) throws(Fault)

  /// What will render the documents of the next input.
  func renderer() -> DocumentRenderer

  /// Takes the result of an input, which may be a refusal, and reports it.
  mutating func take(_ delivered: Delivered, _ report: inout Report)

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
struct Delivered: Sendable {
  /// The input as it was read.
  let input: LoadedInput
  /// What became of it.
  private(set) var result: DocumentPipeline.Result
  /// Its documents; of no worth where the result is a refusal.
  private(set) var sink: DocumentRenderer
  /// The text in which the findings stand: the input's, or that which it became.
  private var text: SourceText

  /// Runs an input through a pipeline, and renders it, telling `onDocument` how many documents are done.
  init(
    _ input: LoadedInput, through pipeline: DocumentPipeline, into renderer: DocumentRenderer,
    onDocument: (Int) -> Void = { _ in }
  ) {
    (self.input, text, sink) = (input, input.source, renderer)
    result = pipeline.run(input.source, into: &sink, onDocument: onDocument)
    var nothing = DocumentRenderer.nothing
    let judged = pipeline.judged(
      result, as: SourceText(name: input.source.name, bytes: sink.output.bytes), into: &nothing)
    if let judged { (result, text) = judged }
  }

  /// What there is to report of it.
  var entry: ReportEntry { ReportEntry(result, of: text) }
}

/// Tells which inputs are one file: through links of either kind, or named twice.
struct SameFiles {
  /// A file, under the name it was met first.
  struct File {
    let name: String
    /// True where there is something to say about the file.
    let isNews: Bool
    /// How many other names it has that lead to the old content, should it be rewritten.
    var otherNames: Int
    /// What it is now; nil where it was not rewritten.
    var newIdentity: FileStatus.Identity?
  }

  private(set) var all: [File] = []
  private var indexes: [FileStatus.Identity: Int] = [:]

  /// Notes an input; the file where it was met before, under whatever name.
  mutating func note(_ entry: ReportEntry, _ status: FileStatus) -> File? {
    if let index = indexes[status.identity] { return all[index] }
    indexes[status.identity] = all.count
    all.append(
      File(
        name: entry.name ?? "", isNews: entry.isChanged || entry.isRefused, otherNames: status.linkCount - 1))
    return nil
  }

  /// The file of this identity, before or after it was rewritten.
  subscript(identity: FileStatus.Identity) -> File? { indexes[identity].map { all[$0] } }

  /// Notes that a file was rewritten, and has another identity now.
  mutating func rewritten(_ old: FileStatus.Identity, as new: FileStatus.Identity?) {
    guard let index = indexes[old] else { return }
    all[index].newIdentity = new
    if let new { indexes[new] = index }
  }

  /// Notes that one more name of a rewritten file leads to the new content.
  mutating func joined(_ old: FileStatus.Identity) {
    if let index = indexes[old] { all[index].otherNames -= 1 }
  }
}

extension ReportEntry {
  /// Makes this the entry of a file that was met before, and reported then.
  mutating func repeats(_ first: SameFiles.File) {
    (objects, findings) = ([], [])
    (isChanged, isRefused) = (false, false)
    if first.isNews { fate = .sameFile(first.name) }
  }
}
