import Injection
import ManifestText
import TestSupport
import Testing

/// What `lint --fix` puts right: as it was meant, nothing else, and nothing the second time.
@Suite struct LintFixTests {
  private let fix = LintFix(
    Linter(Injector(dialects: Dialects.all.map { $0.init(Configuration(), DialectOptions(isExact: false)) })))

  /// Generated manifests in every spelling, of which one key is misspelt.
  @Test(arguments: 0..<4) func misspeltKeysOfGeneratedManifests(_ batch: Int) throws {
    var fixed = 0
    for seed in batch * 100..<(batch + 1) * 100 {
      var generator = ManifestGenerator(seed: UInt64(seed), language: .hashicorp)
      let right = generator.document()
      let wrong = right.replacing("vault.hashicorp.com/role", with: "vault.hashicorp.com/roel", maxReplacements: 1)
      // Where the annotations are those of the workload by an alias, only the pod's own are put right.
      if wrong == right || right.contains("*ann") { continue }
      let document = try Fixtures.document(Array(wrong.utf8), name: "seed \(seed)")
      let result = try self.fixed(document)
      guard result.source.bytes != document.source.bytes else { continue }
      fixed += 1
      let meant = try Fixtures.value(Array(right.utf8))
      #expect(try result.value(of: #require(result.root)).sorted == meant.sorted, "seed \(seed)\n\(wrong)")
      #expect(fix.plan(for: try Fixtures.document(result.source.bytes)).isEmpty, "seed \(seed)")
    }
    #expect(fixed > 40)
  }

  /// An annotation in each spelling that is moved, and what its spelling becomes.
  static let moves = [
    ("\"web\"", "\"web\""), ("'web'", "'web'"), ("web", "web"), ("web # ours", "web # ours"), ("8200", "\"8200\""),
    ("true   # yes", "\"true\"   # yes"), ("\"a\\tb\"", "\"a\\tb\""), ("|-\n      web", "|-\n          web"),
  ]

  @Test(arguments: moves) func movedAnnotations(_ spelling: String, _ expected: String) throws {
    let result = try fixed(Fixtures.document(Array(Self.deployment(outer: spelling, inner: nil).utf8)))
    let text = String(decoding: result.source.bytes, as: UTF8.self)
    #expect(text == Self.deployment(outer: nil, inner: expected))
  }

  /// Where the right key is there already, a person has to say which of the two counts.
  @Test func whatCannotBeFixedStaysListed() throws {
    let text = Self.deployment(outer: nil, inner: "web\n        vault.hashicorp.com/roel: other")
    let plan = fix.plan(for: try Fixtures.document(Array(text.utf8)))
    #expect(plan.isEmpty)
    #expect(plan.objects.map(\.outcome) == [.checked])
    #expect(plan.objects.flatMap(\.findings).map(\.rule).contains(.unknownAnnotation))
  }

  private static func deployment(outer: String?, inner: String?) -> String {
    """
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: web
      annotations:
        team: shop\(outer.map { "\n    vault.hashicorp.com/role: \($0)" } ?? "")
    spec:
      template:
        metadata:
          annotations:
            vault.hashicorp.com/agent-inject: "true"\(inner.map { "\n        vault.hashicorp.com/role: \($0)" } ?? "")
        spec:
          containers: [{name: web, image: example.org/web}]

    """
  }

  private func fixed(_ document: Document) throws -> Document {
    let plan = fix.plan(for: document)
    #expect(!plan.refusals.contains { $0.rule == .internalMistake }, "\(plan.refusals)")
    return plan.refusals.isEmpty ? try plan.result() : document
  }
}
