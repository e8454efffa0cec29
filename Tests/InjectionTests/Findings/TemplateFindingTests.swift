import Injection
import ManifestText
import TestSupport
import Testing
import VaultInjectCLI

/// What is said of templates in manifests that people had trouble with, with its place.
@Suite struct TemplateFindingTests {
  @Test(arguments: [
    ("t1-unclosed-end", ["error template-syntax 16:14"]),
    ("t3-helm-escaped", ["warning helm-escape 16:14"]),
    ("t4-dash-in-key", ["error template-syntax 17:27"]),
    ("t5-kv2-without-data", ["note kv-path 16:27"]),
    ("t6-other-path", ["note template-path 14:53"]),
    ("t7-pki-default-template", ["warning read-of-write-path 14:58"]),
    ("n7-left-delim-no-template", ["warning delimiters-without-template 15:58"]),
    ("k74-kv2-default-map", ["note default-template-map 14:52"]),
    ("g6-template-file-no-mount", ["warning template-file-not-mounted 14:59"]),
    ("h816-status-update", ["warning helm-escape 17:13"]),
    ("k53-init-first", ["note default-template-map 15:53"]),
  ])
  func manifest(name: String, expected: [String]) throws {
    let found = try findings("findings/\(name).yaml").filter { finding in Rule.templates.contains(finding.rule) }
    let source = try Fixtures.source("findings/\(name).yaml")
    let shown = found.map { finding in
      let place = source.location(of: finding.range?.lowerBound ?? 0)
      return "\(finding.severity) \(finding.rule) \(place.line):\(place.column)"
    }
    #expect(shown == expected, "\(name)")
  }

  /// A line break in a path is refused before the template is looked at, and with `--exact` it breaks the template.
  @Test func aLineBreakInAPath() throws {
    #expect(try findings("findings/r1-path-newline.yaml").map(\.rule.id) == ["annotation-value"])
    let exact = try findings("findings/r1-path-newline.yaml", isExact: true)
    #expect(exact.contains { $0.rule == .templateSyntax && $0.severity == .warning })
  }

  private func findings(_ path: String, isExact: Bool = false) throws -> [Diagnostic] {
    let dialects = Dialects.all.map { $0.init(Configuration(), DialectOptions(isExact: isExact)) }
    let injector = Injector(dialects: dialects, policy: FindingPolicy(isExact: isExact))
    let source = try Fixtures.source(path)
    var findings: [Diagnostic] = []
    for piece in try DocumentStream(source) {
      let plan = injector.informed(by: source).plan(for: try Document(piece, of: source))
      findings += plan.objects.flatMap(\.findings) + plan.refusals
    }
    return findings
  }
}
