import Injection
import Testing

/// The variables of a policy: which are used, and how a condition does without.
@Suite struct AdmissionVariablesTests {
  private static let variables: AdmissionVariables = {
    var variables = AdmissionVariables()
    variables.add("annotations", "object.metadata.annotations")
    variables.add("role", "variables.annotations['role']")
    variables.add("roles", "[variables.role]")
    variables.add("other", "object.spec.other")
    return variables
  }()

  @Test func onlyThoseThatAreUsed() {
    func names(_ expressions: String...) -> [String] { Self.variables.used(by: expressions).map(\.name) }
    #expect(names("variables.roles.size() > 0") == ["annotations", "role", "roles"])
    #expect(names("variables.other == variables.role", "true") == ["annotations", "role", "other"])
    #expect(names("object.spec") == [])
  }

  /// A name that begins like another's is another's.
  @Test func conditionsBindThem() {
    #expect(
      Self.variables.bound("variables.roles == ['a'] && variables.role == 'a'") == """
        [object.metadata.annotations].all(annotations,
        [annotations['role']].all(role,
        [[role]].all(roles,
        roles == ['a'] && role == 'a')))
        """)
    #expect(Self.variables.bound("true") == "true")
  }
}
