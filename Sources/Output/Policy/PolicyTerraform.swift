internal import Injection
internal import ManifestText

/// Policies and roles as resources of Terraform's provider for Vault.
struct PolicyTerraform {
  private let papers: PolicyPapers
  private let labels: PolicyLabels

  init(_ papers: PolicyPapers) {
    self.papers = papers
    labels = PolicyLabels(papers.policies, between: "_", spelt: PolicyTerraform.label)
  }

  var text: String {
    let parts = papers.policies.enumerated().map { index, policy in
      [self.policy(policy, labels[index]), role(policy, labels[index])].joined(separator: "\n")
    }
    return (parts + [PolicyHCL().gaps(papers.gaps)].filter { !$0.isEmpty }).joined(separator: "\n")
  }

  /// A name as Terraform has them: without dots, and beginning with a letter or `_`.
  private static func label(_ name: String) -> String {
    let label = ByteText.pieces(of: name, around: ".").joined(separator: "_")
    let begins = label.utf8.first.map { ASCII.isLetter($0) || $0 == UInt8(ascii: "_") } ?? false
    return begins ? label : "_\(label)"
  }

  private func policy(_ policy: VaultPolicy, _ label: String) -> String {
    let lines = ByteText.pieces(of: PolicyHCL().rules(of: policy), around: "\n").dropFirst().dropLast()
    let rules = lines.map { $0.isEmpty ? "" : "    \(TerraformText.literal($0))" }.joined(separator: "\n")
    let members = namespace(policy) + [("name", TerraformText.quoted(policy.name))]
    return """
      \(PolicyHCL().header(of: policy))resource "vault_policy" "\(label)" {
      \(assignments(members + [("policy", "<<-EOT")]))\(rules.isEmpty ? "    # nothing that the manifests tell" : rules)
        EOT
      }

      """
  }

  private func role(_ policy: VaultPolicy, _ label: String) -> String {
    let role = policy.role
    guard role.isTold, let mount = role.mount else { return PolicyComment.lines(PolicyHCL().role(of: policy)) }
    let parameters = RoleParameters(of: policy, papers.lifetime)
    let kind = role.method == .jwt ? "jwt" : "kubernetes"
    let own = parameters.members.map { member in
      switch member.key {
      case "token_policies": (member.key, "[vault_policy.\(label).name]")
      case "token_ttl": (member.key, String(papers.lifetime.seconds))
      default: (member.key, expression(member.value))
      }
    }
    let members =
      namespace(policy) + [("backend", TerraformText.quoted(mount)), ("role_name", TerraformText.quoted(role.name))]
    return """
      \(PolicyComment.lines(parameters.remarks))resource "vault_\(kind)_auth_backend_role" "\(label)" {
      \(assignments(members + own))}

      """
  }

  private func namespace(_ policy: VaultPolicy) -> [(String, String)] {
    let namespace = policy.role.vaultNamespace
    return namespace.isEmpty ? [] : [("namespace", TerraformText.quoted(namespace))]
  }

  /// Lines with their signs below each other, as `terraform fmt` has them.
  private func assignments(_ members: [(String, String)]) -> String {
    let width = members.map { $0.0.utf8.count }.max() ?? 0
    return members.map { key, value in
      "  \(key)\(String(repeating: " ", count: width - key.utf8.count)) = \(value)\n"
    }.joined()
  }

  /// In a map the provider takes texts alone, and commas between several.
  private func expression(_ value: Value) -> String {
    switch value {
    case .array(let values): "[\(values.map(expression).joined(separator: ", "))]"
    case .object(let members):
      "{ "
        + members.map { member in
          let texts = member.value.array?.compactMap(\.string) ?? []
          return "\(member.key) = \(TerraformText.quoted(texts.joined(separator: ",")))"
        }.joined(separator: ", ") + " }"
    default: TerraformText.quoted(value.string ?? "")
    }
  }
}

/// Text as Terraform spells it.
enum TerraformText {
  /// The text between double quotes, in which neither `${` nor `%{` begins anything.
  static func quoted(_ text: String) -> String {
    var bytes: [UInt8] = []
    JSONWriter.appendQuoted(text, to: &bytes)
    return literal(String(decoding: bytes, as: UTF8.self))
  }

  /// The text as it stands in a here-document.
  static func literal(_ text: String) -> String {
    ["$", "%"].reduce(text) { text, sign in
      ByteText.pieces(of: text, around: sign + "{").joined(separator: sign + sign + "{")
    }
  }
}
