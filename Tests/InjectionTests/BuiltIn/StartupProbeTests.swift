import Testing

@testable import Injection

@Suite struct StartupProbeTests {
  /// The kubelet replaces `$(NAME)` in the commands of probes, and takes `$$` for one sign.
  @Test(arguments: [
    ("/secrets/db", "/secrets/db"),
    ("/secrets/$HOME", "/secrets/$HOME"),
    ("/secrets/a$(VAULT_ADDR)", "/secrets/a$$(VAULT_ADDR)"),
    ("/secrets/$$b$c", "/secrets/$$$$b$$c"),
  ])
  func filesAreLookedForByTheNamesTheyHave(file: String, argument: String) {
    let command = StartupProbe(seconds: 1).filesExist([file])["exec"]?["command"]?.array
    #expect(command?.last?.string == argument)
  }
}
