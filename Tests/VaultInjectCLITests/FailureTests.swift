import Output
import Testing
import VaultInjectCLI

/// Exit codes, which scripts rely on.
@Suite struct FailureTests {
  private static let exitCodes: [Fault.Kind: Int32] = [
    .usage: 64, .refused: 65, .missing: 66, .unavailable: 69, .internalError: 70, .unwritable: 74,
  ]

  @Test(arguments: Fault.Kind.allCases) func exitCode(kind: Fault.Kind) {
    #expect(Failure.exitCode(of: kind) == Self.exitCodes[kind])
  }
}
