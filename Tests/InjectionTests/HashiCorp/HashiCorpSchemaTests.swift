import Injection
import ManifestText
import TestSupport
import Testing

/// The dialect's table of annotations against those that recorded pods carry.
@Suite struct HashiCorpSchemaTests {
  let schema = HashiCorpDialect(HashiCorpDialect.Settings(HashiCorpSettings(), isExact: false)).annotations

  /// Keys in recorded pods that the webhook itself does not read.
  static let unknown = [
    "agent-inject-secret-", "agent-inject-template-", "error-on-missing-key", "agent-inject-template-file", "unknown",
    "agent-telemetry",
  ]

  @Test func everyRecordedAnnotationHasARow() throws {
    for file in ["cases", "random", "config"] {
      for verdict in try Fixtures.jsonLines("hashicorp/\(file).jsonl") {
        let members = verdict["input"]?["metadata"]?["annotations"]?.members ?? []
        for member in members where member.key.hasPrefix("vault.hashicorp.com/") {
          let key = String(member.key.dropFirst("vault.hashicorp.com/".count))
          #expect(hasRow(key) || Self.unknown.contains(key), "\(key)")
        }
      }
    }
  }

  private func hasRow(_ key: String) -> Bool {
    schema.rows.contains { row in
      if row.key == key { return true }
      let family = row.key.prefix { !$0.isUppercase }
      return family.count < row.key.count && key.count > family.count && key.hasPrefix(family)
    }
  }

  @Test func rowsDifferAndAreDocumented() {
    #expect(Set(schema.rows.map(\.key)).count == schema.rows.count)
    #expect(schema.rows.count == 80)
    for row in schema.rows {
      #expect(row.summary.first?.isUppercase == true || row.summary.first == "`", "\(row.key)")
      #expect(row.summary.last == "." && !row.fallback.isEmpty && !row.accepted.isEmpty, "\(row.key)")
    }
  }

  @Test func keysAreThoseOfItsOwnRows() {
    let dialect = HashiCorpDialect(HashiCorpDialect.Settings(HashiCorpSettings(), isExact: false))
    #expect(schema.row("agent-inject")?.key == "agent-inject")
    #expect(schema.row("agent-inject-status")?.key == "agent-inject-status")
    #expect(dialect.requestKey.hasPrefix(dialect.marker))
  }
}
