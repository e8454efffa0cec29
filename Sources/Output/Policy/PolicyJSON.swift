internal import Injection
internal import ManifestText

/// Policies and roles for machines: one JSON object for all of them.
struct PolicyJSON {
  /// What the JSON is of; it goes up by one where members change their meaning or go away.
  static let schemaVersion = 1

  private let papers: PolicyPapers

  init(_ papers: PolicyPapers) { self.papers = papers }

  var text: String {
    let value: Value = [
      "schemaVersion": .number("\(PolicyJSON.schemaVersion)"), "policies": .array(papers.policies.map(value)),
      "untold": .array(papers.gaps.map(value)),
    ]
    return String(decoding: JSONWriter.pretty(ShownText.safe(value)), as: UTF8.self)
  }

  private func value(_ policy: VaultPolicy) -> Value {
    [
      "name": .string(policy.name), "vaultNamespace": .string(policy.role.vaultNamespace),
      "role": role(of: policy), "workloads": .array(policy.workloads.map(value)),
      "rules": .array(policy.rules.map(value)), "untold": .array(policy.gaps.map(value)),
      "hcl": .string(PolicyHCL().header(of: policy) + PolicyHCL().rules(of: policy)),
    ]
  }

  /// With `parameters` only where the role can be written.
  private func role(of policy: VaultPolicy) -> Value {
    let role = policy.role
    var value: Value = ["method": .string(role.method.name)]
    value["mount"] = role.mount.map(Value.string)
    if !role.name.isEmpty { value["name"] = .string(role.name) }
    if role.isTold { value["parameters"] = .object(RoleParameters(of: policy, papers.lifetime).members) }
    return value
  }

  private func value(_ rule: PolicyRule) -> Value {
    [
      "path": .string(rule.path), "capabilities": .array(rule.capabilities.map { .string($0.rawValue) }),
      "neededBy": .array(rule.needs.map(value)),
    ]
  }

  private func value(_ need: PolicyNeed) -> Value {
    var value: Value = [
      "object": .string(need.workload.name), "namespace": .string(need.workload.namespace),
      "file": .string(need.file), "isConditional": .bool(need.isConditional),
    ]
    value["at"] = need.location.map(place)
    return value
  }

  private func value(_ workload: PolicyWorkload) -> Value {
    ["object": .string(workload.name), "namespace": .string(workload.namespace), "at": place(workload.location)]
  }

  private func value(_ gap: PolicyGap) -> Value {
    [
      "object": .string(gap.workload.name), "namespace": .string(gap.workload.namespace),
      "what": .string(gap.text), "at": place(gap.location ?? gap.workload.location),
    ]
  }

  private func place(_ location: Location) -> Value {
    [
      "file": .string(location.file), "line": .number("\(location.line)"), "column": .number("\(location.column)"),
    ]
  }
}
