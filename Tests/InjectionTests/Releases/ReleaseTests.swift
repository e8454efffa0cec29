import Injection
import ManifestText
import TestSupport
import Testing

/// What past releases injected is brought up to date by `inject` and taken out by `uninject`, each in one step.
///
/// `RECORD_RELEASE=0.1 Tests/run ReleaseTests` keeps what is injected now as the outputs of release 0.1.
@Suite struct ReleaseTests {
  /// A file without the injected text that cannot be undone: `--exact` keeps no record.
  private static let recorded = Release.outputs.filter { !$0.variant.isExact }
  private static let exact = Release.outputs.filter { $0.variant.isExact }

  @Test func releasesAreThere() throws {
    #expect(Release.numbers.contains("0.1"))
    for number in Release.numbers {
      let outputs = Release.outputs.filter { $0.release == number }
      #expect(outputs.count >= 70, "\(number)")
      for variant in Release.Variant.recorded {
        #expect(outputs.contains { $0.variant.name == variant.name }, "\(number)/\(variant.name)")
      }
    }
  }

  @Test(.enabled(if: Release.asked != nil)) func record() throws {
    try #require(Release.asked).record { (input, name, variant) in
      let laws = Laws(dialects: try variant.dialects())
      let injector = Injector(dialects: laws.dialects, policy: FindingPolicy(isExact: true))
      guard try isAccepted(input, name, by: injector) else { return nil }
      return laws.transformed(input, by: injector, name)
    }
    Issue.record("recorded: run the tests again without RECORD_RELEASE")
  }

  @Test(arguments: recorded) func isRefreshed(_ output: Release.Output) throws {
    let laws = Laws(dialects: try output.variant.dialects())
    let injector = Injector(dialects: laws.dialects, policy: FindingPolicy(isExact: true))
    let fresh = laws.transformed(output.input, by: injector, "\(output), fresh")
    let refreshed = laws.transformed(output.output, by: injector, "\(output), refreshed")
    // Where only the record would be another, the file is left as it is.
    if refreshed == output.output {
      let (old, new) = (withoutRecords(refreshed, laws), withoutRecords(fresh, laws))
      return expectSame(old, new, "\(output): up to date")
    }
    expectSame(refreshed, fresh, "\(output): refreshed")
  }

  @Test(arguments: recorded) func isTakenOut(_ output: Release.Output) throws {
    let laws = Laws(dialects: try output.variant.dialects())
    let undone = laws.transformed(output.output, by: Uninjector(dialects: laws.dialects), "\(output), undone")
    expectSame(undone, output.input, "\(output): undone")
  }

  @Test(arguments: exact) func isLeftAloneWithoutARecord(_ output: Release.Output) throws {
    let laws = Laws(dialects: try output.variant.dialects())
    let injector = Injector(dialects: laws.dialects, policy: FindingPolicy(isExact: true))
    expectSame(laws.transformed(output.output, by: injector, "\(output)"), output.output, "\(output)")
  }

  /// The text with the values of all records taken out.
  private func withoutRecords(_ bytes: [UInt8], _ laws: Laws) -> [UInt8] {
    let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    let keys = laws.dialects.map { Array($0.recordKey.utf8) }
    return Array(lines.filter { line in !keys.contains { line.firstRange(of: $0) != nil } }.joined(separator: [10]))
  }

  /// True where a text can be read and nothing of it is refused.
  private func isAccepted(_ bytes: [UInt8], _ name: String, by injector: Injector) throws -> Bool {
    let source = SourceText(name: name, bytes: bytes)
    guard let stream = try? DocumentStream(source) else { return false }
    for piece in stream {
      guard let document = try? Document(piece, of: source) else { return false }
      if !injector.plan(for: document).refusals.isEmpty { return false }
    }
    return true
  }
}
