import Injection
import ManifestText
import TestSupport
import Testing

/// Laws 7 and 8: however many threads share an input, the result is the same, and so is all that is said of it.
@Suite struct SharedWorkTests {
  private static let dialects: [any Dialect] = [
    TalendDialect(TalendDialect.Settings(TalendSettings(), isExact: false)),
    HashiCorpDialect(HashiCorpDialect.Settings(HashiCorpSettings(), isExact: false)),
    OpenBaoDialect(OpenBaoSettings(), DialectOptions(isExact: false)),
  ]
  private static let injector = Injector(dialects: dialects)

  @Test(arguments: 0..<4) func generatedManifests(_ seed: Int) {
    let result = check(text(seed), "seed \(seed)")
    #expect(result.objects.count > 150)
    #expect(result.objects.contains { !$0.findings.isEmpty })
  }

  @Test(arguments: ["---\na: [\n", "---\na: b: c\n", "\n---\n\u{1}\n", "--- \"a\n---\nb\"\n"])
  func whatCannotBeReadHasItsPlace(_ broken: String) {
    for share in [3, 2] {
      var documents = documents(9)
      documents.insert(broken, at: documents.count / share)
      let isRefused = check(Array(documents.joined().utf8), broken.debugDescription).isRefused
      #expect(isRefused)
    }
  }

  @Test func refusalsHaveTheirPlaces() {
    let twice = """
      ---
      apiVersion: v1
      kind: Pod
      metadata:
        name: twice
        annotations:
          sidecar.vault.talend.org/inject: "true"
          sidecar.vault.talend.org/inject: "true"
      spec:
        containers: [{name: a, image: b}]

      """
    var documents = documents(4)
    documents.insert(twice, at: 100)
    documents.insert(twice, at: 50)
    let result = check(Array(documents.joined().utf8), "a key that stands twice")
    #expect(result.objects.filter { !$0.refusals.isEmpty }.count == 2)
  }

  @Test func whatBeginsInTheMiddleOfALine() {
    // Objects of JSON that follow one another without a line break, and a byte order mark in the middle.
    let pod =
      #"{"kind": "Pod", "metadata": {"annotations": {"sidecar.vault.talend.org/inject": "true"}}, "spec": "#
      + #"{"containers": [{"name": "a", "image": "b"}]}}"#
    check(Array(String(repeating: pod, count: 2_000).utf8), "objects side by side")
    check(Array(documents(2).joined(separator: "...\n\u{FEFF}").utf8), "byte order marks")
  }

  @Test func undoingAndLinting() {
    let injected = check(text(1), "injected").bytes
    check(injected, "injected again")
    check(injected, "taken out", by: Uninjector(dialects: Self.dialects))
  }

  // MARK: The law

  private struct Outcome: Equatable {
    var bytes: [UInt8] = []
    var objects: [ObjectPlan] = []
    var said = ""
    var isRefused = false

    static func == (left: Outcome, right: Outcome) -> Bool { left.bytes == right.bytes && left.said == right.said }
  }

  @discardableResult
  private func check(_ bytes: [UInt8], _ name: String, by transform: any DocumentTransform = injector) -> Outcome {
    let source = SourceText(name: "\(name).yaml", bytes: bytes)
    let alone = outcome(of: source, transform, threads: 1)
    for threads in [2, 7] {
      let shared = outcome(of: source, transform, threads: threads)
      if !alone.isRefused { expectSame(shared.bytes, alone.bytes, "\(name): \(threads) threads") }
      expectSame(Array(shared.said.utf8), Array(alone.said.utf8), "\(name): what \(threads) threads say")
    }
    return alone
  }

  private func outcome(of source: SourceText, _ transform: any DocumentTransform, threads: Int) -> Outcome {
    let pipeline = DocumentPipeline(transform: transform, threads: threads)
    #expect((source.bytes.count >= pipeline.sharedSize) == (threads > 1), "\(source.name): large enough")
    var sink = TextSink()
    let result = pipeline.run(source, into: &sink) { _ in }
    return Outcome(
      bytes: sink.bytes, objects: result.objects, said: result.said,
      isRefused: result.isRefused)
  }

  private struct TextSink: DocumentSink {
    var bytes: [UInt8] = []

    mutating func keep(_ range: Range<Int>, of source: SourceText) { bytes += source.bytes[range] }
    mutating func add(_ added: AddedDocument) {
      let text = Array(added.bytes)
      bytes += text
      guard let edits = added.edits else { return }
      expectSame(edits.applied(to: added.input.bytes, in: added.place), text, "the edits of the input")
    }
  }

  private func text(_ seed: Int) -> [UInt8] { Array(documents(seed).joined().utf8) }

  /// Manifests of both languages, more than one thread takes at a time.
  private func documents(_ seed: Int) -> [String] {
    var documents: [String] = []
    var size = 0
    var number = UInt64(seed * 100_000)
    while size < 400 << 10 {
      var generator = ManifestGenerator(seed: number, language: number.isMultiple(of: 3) ? .hashicorp : .talend)
      number += 1
      let text = generator.document()
      // A document with a marker, a mark or a directive of its own would not be the next one of a stream.
      guard !text.contains("---"), !text.contains("\u{FEFF}"), !text.contains("%YAML") else { continue }
      let isTold = text.hasSuffix("\n") || text.hasSuffix("\r")
      documents.append("---\n\(text)\(isTold ? "" : "\n")")
      size += text.utf8.count
    }
    return documents
  }
}
