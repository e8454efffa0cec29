import Injection
import Testing

/// What Kubernetes takes for variables in the texts of a container.
@Suite struct VariableExpansionTests {
  @Test(arguments: [
    ("", []), ("plain", []), ("$(A)", ["A"]), ("--key=$(A)/$(B)", ["A", "B"]), ("$$(A)", []), ("$$$(A)", ["A"]),
    ("$A ${B}", []), ("$", []), ("$(", []), ("$(A", []), ("$(A) $(B", ["A"]), ("$()", [""]), ("$(A$(B)", ["A$(B"]),
    ("$x$(A)", ["A"]), ("$(A)$", ["A"]),
  ])
  func names(_ text: String, _ names: [String]) { #expect(VariableExpansion.names(in: text) == names) }
}
