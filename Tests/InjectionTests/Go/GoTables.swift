import Injection
import ManifestText
import TestSupport
import Testing

/// The recorded answers of Go's library, each to be given again.
enum GoTables {
  /// Fails for each row whose answer differs, and where the table has not this many rows.
  ///
  /// A row has what `subject` is asked, and the answer, or the message of a failure.
  static func check(
    _ table: String, rows count: Int, answer: String = "out", failures: [String] = ["error"],
    sourceLocation: SourceLocation = #_sourceLocation, subject: (Value) throws -> String
  ) throws {
    let rows = try Fixtures.jsonLines("hashicorp/units/\(table).jsonl")
    #expect(rows.count == count, sourceLocation: sourceLocation)
    for row in rows {
      let failure = failures.compactMap { row[$0]?.string }.first
      let expected = failure.map { "error: \($0)" } ?? row[answer].map(text)
      let actual = try outcome { try subject(row) }
      #expect(actual == expected, "\(table): \(text(row["in"] ?? row))", sourceLocation: sourceLocation)
    }
  }

  /// What a call gives, or the message it fails with.
  static func outcome(_ call: () throws -> String) throws -> String {
    do {
      return try call()
    } catch let failure as GoParse.Failure {
      return "error: \(failure.message)"
    }
  }

  private static func text(_ value: Value) -> String {
    value.string ?? String(decoding: JSONWriter.compact(value), as: UTF8.self)
  }
}

extension Value {
  /// What a row asks.
  var input: String { self["in"]?.string ?? "" }
}
