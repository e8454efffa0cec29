internal import Injection
internal import ManifestText

/// Policies as Vault reads them, with comments that say who needs what.
struct PolicyHCL {
  /// All of them, one after the other, each under a comment with its name.
  func text(of papers: PolicyPapers) -> String {
    let policies = papers.policies.map { header(of: $0) + rules(of: $0) }
    return (policies + [gaps(papers.gaps)].filter { !$0.isEmpty }).joined(separator: "\n")
  }

  // MARK: Comments

  /// What the policy is for.
  func header(of policy: VaultPolicy) -> String {
    var lines = ["Policy \(policy.name): what the agents of these pods need, and no more"]
    lines += policy.workloads.map { "  \(words($0)), \($0.location)" }
    lines += role(of: policy)
    return PolicyComment.lines(lines) + gaps(policy.gaps)
  }

  /// What is lacking.
  func gaps(_ gaps: [PolicyGap]) -> String {
    guard !gaps.isEmpty else { return "" }
    let lines = gaps.map { gap in
      "  \(words(gap.workload)), \(gap.location ?? gap.workload.location): \(gap.text)"
    }
    return PolicyComment.lines(["Not in here, as the manifests do not tell it:"] + lines)
  }

  /// Who logs in.
  func role(of policy: VaultPolicy) -> [String] {
    let role = policy.role
    let namespace = role.vaultNamespace.isEmpty ? "" : " in the Vault namespace \(role.vaultNamespace)"
    let mount = role.mount.map { " at auth/\($0)" } ?? ""
    guard role.isTold else {
      return ["Role\(mount)\(namespace): not told; its token_policies has to have \(policy.name)"]
    }
    let audience = role.audience.map { "; audience \($0)" } ?? ""
    return [
      "Role \(role.name)\(mount)\(namespace): "
        + "service account\(role.accountNames.count == 1 ? "" : "s") \(role.accountNames.joined(separator: ", "))"
        + "; namespace\(role.namespaces.count == 1 ? "" : "s") \(role.namespaces.joined(separator: ", "))\(audience)"
    ]
  }

  private func words(_ workload: PolicyWorkload) -> String { "\(workload.name) in \(workload.namespace)" }

  // MARK: Rules

  /// The policy itself.
  func rules(of policy: VaultPolicy) -> String {
    policy.rules.map { rule in
      """

      path \(HCLText.quoted(rule.path)) {
      \(needs(of: rule))  capabilities = [\(rule.capabilities.map { "\"\($0.rawValue)\"" }.joined(separator: ", "))]
      }

      """
    }.joined()
  }

  private func needs(of rule: PolicyRule) -> String {
    let notes = rule.isWide ? ["Vault takes a sign of this path for any text: more is allowed than is needed"] : []
    let needs = rule.needs.map { need in
      let condition = need.isConditional ? ", on a condition" : ""
      return "\(words(need.workload)), \(need.location ?? need.workload.location): for \(need.file)\(condition)"
    }
    return PolicyComment.lines(notes + needs, indent: "  ")
  }
}

/// Comments, in which nothing of what comes from outside ends a line.
enum PolicyComment {
  static func lines(_ lines: [String], indent: String = "") -> String {
    lines.map { "\(indent)# \(ShownText.safe($0))\n" }.joined()
  }
}
