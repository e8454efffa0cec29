import Injection
import ManifestText
import TestSupport
import Testing
import Workloads

/// What the review of annotations points out is found in text that has not been read.
@Suite struct AnnotationSearchTests {
  private let injector: Injector

  init() {
    let settings = TalendSettings()
    injector = Injector(dialects: [
      TalendDialect(TalendDialect.Settings(settings, isExact: false)),
      HashiCorpDialect(HashiCorpDialect.Settings(HashiCorpSettings(), isExact: false)),
    ])
  }

  /// A pod with an annotation, in several spellings of the key.
  private static let spellings: [@Sendable (String) -> String] = [
    { "kind: Pod\napiVersion: v1\nmetadata:\n  annotations:\n    \($0): \"true\"\n" },
    { "kind: Pod\napiVersion: v1\nmetadata:\n  annotations:\n    \"\($0)\": \"true\"\n" },
    { "kind: Pod\r\napiVersion: v1\r\nmetadata:\r\n  annotations:\r\n    ? '\($0)'\r\n    : \"true\"\r\n" },
    { "kind: Pod\napiVersion: v1\nmetadata: {annotations: {a: b,\($0): \"true\"}}\n" },
    { "kind: Pod\napiVersion: v1\nmetadata: {annotations: {? \($0) : \"true\"}}\n" },
    { "kind: Pod\napiVersion: v1\nmetadata:\n  annotations:\n    !!str &a \($0): \"true\"\n" },
    { "{\"kind\":\"Pod\",\"apiVersion\":\"v1\",\"metadata\":{\"annotations\":{\"\($0)\":\"true\"}}}" },
  ]

  @Test(arguments: ["sidecar.vault.talend.org", "vault.hashicorp.com"], 0..<4)
  func misspeltAnnotations(_ prefix: String, _ batch: Int) throws {
    var found = 0
    for seed in batch * 150..<(batch + 1) * 150 {
      var random = SeededGenerator(seed: UInt64(seed))
      let key =
        AnnotationSearchTests.misspelt(prefix, &random)
        + random.pick(["inject", "agent-inject", "rle", "secrets-path", "role"])
      found += try AnnotationSearchTests.spellings.enumerated().count { index, spelling in
        try isPointedOut(spelling(key), "\(key), spelling \(index)")
      }
    }
    #expect(found > 300)
  }

  /// A prefix with its slash and up to three slips.
  private static func misspelt(_ prefix: String, _ random: inout SeededGenerator) -> String {
    switch random.pick(Array(0..<6)) {
    case 0: return prefix.split(separator: ".").dropFirst(random.pick([1, 1, 2])).joined(separator: ".") + "/"
    case 1:
      return prefix.split(separator: ".").joined(separator: random.pick(["-", "_", "."]))
        + random.pick(["-", "_", "."])
    case 2: return random.pick(["my.", "example.com."]) + prefix + "/"
    default: break
    }
    var letters = Array(prefix)
    for _ in 0..<random.pick([1, 1, 2, 3]) {
      let index = Int.random(in: 0..<letters.count - 1, using: &random)
      switch random.pick(Array(0..<5)) {
      case 0: letters.remove(at: index)
      case 1: letters.insert(random.pick(Array("abcxyz.-_")), at: index)
      case 2: letters.swapAt(index, index + 1)
      case 3: letters[index] = Character(String(letters[index]).uppercased())
      default: letters[index] = random.pick(Array("aeiou-_. "))
      }
    }
    return String(letters) + "/"
  }

  /// True where the review has something to say of a text, in which case the search has to find something in it.
  private func isPointedOut(_ text: String, _ name: String) throws -> Bool {
    let source = SourceText(name: name, bytes: Array(text.utf8))
    guard let piece = try DocumentStream(source).first(where: { _ in true }),
      let document = try? Document(piece, of: source)
    else { return false }
    let plan = injector.plan(for: document)
    let findings = plan.objects.flatMap(\.findings).filter { $0.rule == .unknownAnnotation }
    guard !findings.isEmpty else { return false }
    #expect(injector.mayConcern(source.bytes.indices, of: source), "\(name)")
    #expect(injector.mayConcern(piece.range, of: source), "\(name), as a document")
    return true
  }

  @Test func whatIsOfNoInterestIsPassedOver() {
    let text = """
      apiVersion: apps/v1
      kind: Deployment
      metadata:
        annotations:
          app.kubernetes.io/name: vault
          consul.hashicorp.com/connect-inject: "true"
          secrets.hashicorp.com/other: "1"
      spec:
        image: registry.example.com/team/vault-sidecar:1.2  # https://developer.hashicorp.com/vault/docs
        command: ["/bin/sh", "-c", "vault status\\n", "sidecar"]
      """
    let source = SourceText(name: "text", bytes: Array(text.utf8))
    #expect(!injector.mayConcern(source.bytes.indices, of: source))
  }
}
