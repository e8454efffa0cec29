import Injection
import ManifestText
import TestSupport
import Testing

/// What an injector keeps of what is the same in every pod changes nothing in the documents that come later.
@Suite struct ConstantTests {
  @Test(arguments: [ManifestGenerator.Language.talend, .hashicorp])
  func documentsDoNotChangeOneAnother(language: ManifestGenerator.Language) throws {
    let laws = try LawTests()
    let dialects = language == .talend ? laws.builtIn.dialects : laws.hashicorp.dialects
    let injector = Injector(dialects: dialects)
    var injected = 0
    for seed in 0..<400 {
      var generator = ManifestGenerator(seed: UInt64(seed), language: language)
      let source = SourceText(name: "seed \(seed)", bytes: Array(generator.document().utf8))
      for piece in try DocumentStream(source) {
        let document = try Document(piece, of: source)
        let (plan, alone) = (injector.plan(for: document), Injector(dialects: dialects).plan(for: document))
        guard !plan.isEmpty, plan.refusals.isEmpty else { continue }
        injected += 1
        #expect(try plan.result().source.bytes == alone.result().source.bytes, "seed \(seed)")
      }
    }
    #expect(injected > 300)
  }
}
