import Injection
import ManifestText
import TestSupport
import Testing

/// `lint` says what an injection would say, though it plans less.
@Suite struct LinterTests {
  private let injector = Injector(
    dialects: Dialects.all.map { $0.init(Configuration(), DialectOptions(isExact: false)) })
  private var linter: Linter { Linter(injector) }

  @Test(arguments: ["talend/cases", "hashicorp/cases", "hashicorp/random", "hashicorp/config"])
  func recordedPods(_ file: String) throws {
    let verdicts = try Fixtures.jsonLines("\(file).jsonl")
    for verdict in verdicts {
      let name = verdict["name"]?.string ?? ""
      try compare(Fixtures.document(JSONWriter.pretty(#require(verdict["input"])), name: name))
    }
    #expect(verdicts.count > 10)
  }

  @Test(arguments: [ManifestGenerator.Language.talend, .hashicorp]) func generated(
    _ language: ManifestGenerator.Language
  ) throws {
    for seed in 0..<300 {
      var generator = ManifestGenerator(seed: UInt64(seed), language: language)
      try compare(Fixtures.document(Array(generator.document().utf8), name: "seed \(seed)"))
    }
  }

  private func compare(_ document: Document) throws {
    let injected = injector.plan(for: document)
    // What cannot be edited is found only where it is.
    if injected.objects.contains(where: { $0.object == nil }) { return }
    let expected = injected.objects.map { $0.findings + $0.refusals }
    let found = linter.plan(for: document).objects.map(\.findings)
    #expect(found == expected, "\(document.source.name)")
  }
}
