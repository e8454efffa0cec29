internal import Injection
internal import ManifestText

/// A shell script that writes policies and roles into Vault.
struct PolicyCommands {
  private let papers: PolicyPapers
  private let program: String
  /// What ends a text that is handed over; no line of a policy or of JSON is this.
  private static let end = "EOF"

  init(_ papers: PolicyPapers) {
    self.papers = papers
    program = ShellText.word(papers.program)
  }

  var text: String {
    let beginning = """
      #!/bin/sh
      # Writes the policies, and the roles that give them, into the Vault that VAULT_ADDR and VAULT_TOKEN name.
      set -eu

      """
    let parts = papers.policies.map { [policy($0), role($0)].joined(separator: "\n") }
    return ([beginning] + parts + [PolicyHCL().gaps(papers.gaps)].filter { !$0.isEmpty }).joined(separator: "\n")
  }

  private func policy(_ policy: VaultPolicy) -> String {
    let hcl = PolicyHCL().header(of: policy) + PolicyHCL().rules(of: policy)
    return "\(program) policy write \(namespace(policy))\(ShellText.word(policy.name)) - \(handed(hcl))"
  }

  private func role(_ policy: VaultPolicy) -> String {
    let (role, parameters) = (policy.role, RoleParameters(of: policy, papers.lifetime))
    guard role.isTold, let mount = role.mount else { return PolicyComment.lines(PolicyHCL().role(of: policy)) }
    let path = ShellText.word("auth/\(mount)/role/\(role.name)")
    let command = "\(program) write \(namespace(policy))\(path)"
    let remarks = PolicyComment.lines(parameters.remarks)
    if let words = words(parameters) { return "\(remarks)\(([command] + words).joined(separator: " \\\n  "))\n" }
    let json = String(decoding: JSONWriter.pretty(.object(parameters.members)), as: UTF8.self)
    return "\(remarks)\(command) - \(handed(json))"
  }

  private func namespace(_ policy: VaultPolicy) -> String {
    let namespace = policy.role.vaultNamespace
    return namespace.isEmpty ? "" : "-namespace=\(ShellText.word(namespace)) "
  }

  /// The parameters as words; nil where one is more than plain texts: of a value that begins with `@` the program would
  /// read a file, and a comma would end a text.
  private func words(_ parameters: RoleParameters) -> [String]? {
    var words: [String] = []
    for member in parameters.members {
      let texts = member.value.string.map { [$0] } ?? member.value.array?.compactMap(\.string) ?? []
      let isPlain =
        !texts.isEmpty
        && texts.allSatisfy { text in
          !text.isEmpty && !"@-\\".utf8.contains { $0 == text.utf8.first } && !text.utf8.contains(ASCII.comma)
        }
      guard isPlain else { return nil }
      words.append(ShellText.word("\(member.key)=\(texts.joined(separator: ","))", bare: "/.-_=,:"))
    }
    return words
  }

  /// A text on standard input, as it is.
  private func handed(_ text: String) -> String {
    "<<'\(PolicyCommands.end)'\n\(text)\(PolicyCommands.end)\n"
  }
}
