import Foundation
import ManifestText
import TestSupport
import Testing

/// Generated documents through every law, as many as one likes: `LAW_SEED` is the first seed, `LAW_COUNT` how many.
///
/// For a million: `LAW_COUNT=1000000 Tests/run LongRun`.
@Suite struct LongRun {
  private static let first = ProcessInfo.processInfo.environment["LAW_SEED"].flatMap(UInt64.init) ?? 0
  private static let count = ProcessInfo.processInfo.environment["LAW_COUNT"].flatMap(UInt64.init) ?? 0

  @Test(.enabled(if: count > 0)) func generatedDocuments() throws {
    let tests = try LawTests()
    let laws = [
      (tests.webhook, ManifestGenerator.Language.talend), (tests.builtIn, .talend), (tests.hashicorp, .hashicorp),
    ]
    var injected = 0
    for seed in Self.first..<Self.first + Self.count {
      let (laws, language) = laws[Int(seed % 3)]
      var generator = ManifestGenerator(seed: seed, language: language)
      injected += laws.accepts(Array(generator.document().utf8), seed: Int(seed)).injected
      if (seed + 1).isMultiple(of: 20_000) { print("seed \(seed): \(injected) injected") }
    }
    print("seeds \(Self.first)..<\(Self.first + Self.count): \(injected) injected")
    #expect(Double(injected) > 0.9 * Double(Self.count))
  }
}

extension Laws {
  /// Asserts the laws of a document that must not be refused.
  @discardableResult
  func accepts(_ bytes: [UInt8], seed: Int) -> Outcome {
    let name = "seed \(seed)"
    let outcome = check(bytes, name, turn: seed)
    if let refusal = outcome.refusals.first {
      let place = SourceText(name: name, bytes: bytes).location(of: refusal.range?.lowerBound ?? 0)
      Issue.record("\(place) refused: \(refusal.message)\n\(beginning(of: bytes))")
    }
    return outcome
  }
}
