import Foundation
import Injection
import ManifestText
import TestSupport
import Testing

/// Inputs that once ended in an internal error, by every dialect: each is injected, or refused at a place.
///
/// What fuzzing finds is made small and added to `Tests/Fixtures/found`.
@Suite struct FoundInputTests {
  static let names = (try? FileManager.default.contentsOfDirectory(atPath: folder))?.sorted() ?? []
  private static let folder = Fixtures.folder.appending(path: "found").path

  @Test(arguments: names) func isInjectedOrRefusedAtAPlace(_ name: String) throws {
    let tests = try LawTests()
    let bytes = try Fixtures.source("found/\(name)").bytes
    var injected = 0
    for laws in [tests.builtIn, tests.webhook, tests.hashicorp] {
      let outcome = laws.check(bytes, name)
      injected += outcome.injected
      for refusal in outcome.refusals { #expect(refusal.range != nil, "\(name): \(refusal.message)") }
    }
    #expect(injected > 0 || name.hasPrefix("bad-"), "\(name)")
  }

  @Test(arguments: names) func isConvertedOrRefusedAtAPlace(_ name: String) throws {
    try FoundInputTests.convert(Fixtures.source("found/\(name)"))
  }

  @Test func generatedManifestsAreConverted() throws {
    var converted = 0
    for seed in 0..<UInt64(600) {
      var generator = ManifestGenerator(seed: seed, language: .talend)
      let source = SourceText(name: "seed \(seed)", bytes: Array(generator.document().utf8))
      converted += try FoundInputTests.convert(source)
    }
    #expect(converted > 300)
  }

  /// Converts what can be converted: the result means what was planned, as every edit does, or is refused at a place.
  @discardableResult
  private static func convert(_ source: SourceText) throws -> Int {
    let settings = TalendSettings()
    let talend = TalendDialect(TalendDialect.Settings(settings, isExact: false))
    var count = 0
    for piece in try DocumentStream(source) {
      guard let document = try? Document(piece, of: source) else { continue }
      let plan = TalendConversion(from: talend).plan(for: document)
      for refusal in plan.refusals { #expect(refusal.range != nil, "\(source.name): \(refusal.message)") }
      guard plan.refusals.isEmpty, !plan.isEmpty else { continue }
      do throws(Diagnostic) {
        _ = try plan.result()
        count += 1
      } catch {
        Issue.record("\(source.name): \(error.message)\n\(String(decoding: source.bytes, as: UTF8.self))")
      }
    }
    return count
  }

  @Test func holdsWhatWasFound() { #expect(Self.names.count >= 27) }
}
