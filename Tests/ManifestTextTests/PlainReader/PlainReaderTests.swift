import Foundation
import ManifestText
import TestSupport
import Testing

/// The law of the reader for plain YAML: the table that libyaml's reader makes, or none.
///
/// `LAW_COUNT` says how many texts are mutated instead of 20,000, and `LAW_SEED` which is the first.
@Suite struct PlainReaderTests {
  private static let environment = ProcessInfo.processInfo.environment
  private static let first = environment["LAW_SEED"].flatMap(UInt64.init) ?? 0
  private static let count = environment["LAW_COUNT"].flatMap(UInt64.init) ?? 20_000
  private static let batches: UInt64 = 10

  @Test func files() throws {
    let files = try PlainReaderSamples.files()
    var taken = 0
    for file in files {
      let law = PlainReaderLaw(file)
      law.check()
      if law.isTaken { taken += 1 }
    }
    #expect(files.count > 50)
    #expect(Double(taken) > 0.5 * Double(files.count), "\(taken) of \(files.count) files are taken")
  }

  /// What users write is taken, but for the one example with an anchor.
  @Test func examples() throws {
    let left = try PlainReaderSamples.files(in: PlainReaderSamples.examples).filter { !PlainReaderLaw($0).isTaken }
    #expect(left.map(\.name) == ["static-env.yaml"])
  }

  @Test(arguments: PlainReaderSamples.taken) func takes(_ text: String) {
    let law = PlainReaderLaw(SourceText(name: "sample", bytes: Array(text.utf8)))
    law.check()
    #expect(law.isTaken, "\(text)")
  }

  @Test(arguments: PlainReaderSamples.left) func leaves(_ text: String) {
    #expect(!PlainReaderLaw(SourceText(name: "sample", bytes: Array(text.utf8))).isTaken, "\(text)")
  }

  @Test(arguments: 0..<batches) func generatedDocuments(_ batch: UInt64) {
    for seed in batch * 200..<(batch + 1) * 200 {
      var generator = ManifestGenerator(seed: seed, language: seed.isMultiple(of: 3) ? .hashicorp : .talend)
      PlainReaderLaw(SourceText(name: "seed \(seed)", bytes: Array(generator.document().utf8))).check()
    }
  }

  @Test(arguments: 0..<batches) func mutatedTexts(_ batch: UInt64) throws {
    let samples = try PlainReaderSamples.files().map(\.bytes) + PlainReaderSamples.texts
    var taken: UInt64 = 0
    let share = (Self.count + Self.batches - 1) / Self.batches
    for seed in Self.first + batch * share..<Self.first + (batch + 1) * share {
      let bytes = TextMutation.text(seed: seed, of: samples)
      let law = PlainReaderLaw(SourceText(name: "seed \(seed)", bytes: bytes))
      law.check()
      if law.isTaken { taken += 1 }
    }
    #expect(taken > share / 10, "\(taken) of \(share) are taken")
    if Self.environment["LAW_COUNT"] != nil { print("\(share) mutated texts: \(taken) taken") }
  }
}

/// What must hold of one text, whichever of the two readers can take it.
struct PlainReaderLaw {
  private let source: SourceText
  /// Its documents, and the whole of it.
  private let ranges: [Range<Int>]

  init(_ source: SourceText) {
    self.source = source
    var ranges: Set = [0..<source.bytes.count]
    if let stream = try? DocumentStream(source) { ranges.formUnion(stream.map(\.range)) }
    self.ranges = ranges.sorted { ($0.lowerBound, $0.upperBound) < ($1.lowerBound, $1.upperBound) }
  }

  /// True where libyaml is needed for none of the documents.
  var isTaken: Bool {
    guard let stream = try? DocumentStream(source) else { return false }
    return stream.allSatisfy { PlainReader.read($0.range, of: source) != nil }
  }

  /// The same table, or none.
  func check() {
    for range in ranges {
      guard let document = PlainReader.read(range, of: source) else { continue }
      do {
        let judge = try YAMLReader.read(range, of: source)
        #expect(document.holdsSameTable(as: judge), "\(source.name) is read as something else:\n\(text(range))")
      } catch {
        Issue.record("\(source.name) is taken, and libyaml refuses it: \(error)\n\(text(range))")
      }
    }
  }

  private func text(_ range: Range<Int>) -> String { String(decoding: source.bytes[range], as: UTF8.self) }
}
