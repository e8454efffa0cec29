import Foundation
import Injection
import ManifestText
import TestSupport
import Testing
import VaultInjectCLI

/// `lint` finds the same of a manifest before and after its injection: in the examples of rules, and in all fixtures.
@Suite struct LintLawTests {
  private static func law(_ settings: String...) throws -> LintLaw {
    var configuration = Configuration()
    for setting in settings { try configuration.set(assignment: setting) }
    return LintLaw(Dialects.all.map { $0.init(configuration, DialectOptions(isExact: false)) })
  }

  @Test func examplesOfRules() throws {
    let law = try Self.law()
    let found = Rule.all.flatMap { rule in
      [rule.failingManifest, rule.passingManifest].compactMap(\.self).compactMap { law.check(Array($0.utf8), rule.id) }
    }
    #expect(found.count > 100 && found.reduce(0, +) > 200, "\(found.count), \(found.reduce(0, +))")
  }

  @Test func variants() throws {
    let found = try FindingVariant.all().compactMap { variant in
      LintLaw(try variant.dialects()).check(Array(variant.manifest.utf8), variant.question)
    }
    #expect(found.count > 30 && found.reduce(0, +) > 40, "\(found.count), \(found.reduce(0, +))")
  }

  @Test(arguments: ["auto", "container", "native"]) func fixtures(_ sidecars: String) throws {
    let law = try Self.law("sidecars=\(sidecars)")
    var injected = 0
    for path in ["Tests/Fixtures", "examples"] {
      let folder = Fixtures.folder.deletingLastPathComponent().deletingLastPathComponent().appending(path: path)
      let files = try #require(FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil))
      for case let file as URL in files where ["yaml", "json"].contains(file.pathExtension) {
        if law.check(Array(try Data(contentsOf: file)), file.lastPathComponent) != nil { injected += 1 }
      }
    }
    #expect(injected > 100)
  }
}
