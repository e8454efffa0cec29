package import ManifestText

/// What is said of policies and roles that are made of manifests.
extension Rule {
  package static let policies = [
    untoldAccess, untoldVersion, widePath, hiddenCharacter, relativeName, untoldRole, sharedRole, unequalAudiences,
    severalAddresses, unknownMount, dataInMount, nothingToAllow,
  ]

  package static let untoldAccess = Rule(
    fault: "untold-access", as: .warning, "Something asks Vault that the manifests do not tell.",
    "A policy made of manifests cannot allow it: add what it needs by hand.")
  package static let untoldVersion = Rule(
    fault: "untold-kv-version", as: .note, "Nothing tells which version of the KV engine a path is on.",
    "On the second version paths have data/ in policies, and templates find the values in .Data.data, not in .Data.")
  package static let widePath = Rule(
    fault: "wide-path", as: .warning, "A path has a sign that Vault's policies take for any text.",
    "The policy allows more than the one path, and has no way to say less.")
  package static let hiddenCharacter = Rule(
    fault: "hidden-character", "A role, an account or a path has a character that does not show.",
    "What is written into Vault should be what a person has read.")
  package static let relativeName = Rule(
    fault: "relative-name", "A role, a mount or a namespace has a part `.` or `..`.",
    "Addresses are followed through such parts, so that what is written about a role would go to another place in Vault."
  )
  package static let untoldRole = Rule(
    fault: "untold-role", as: .note, "The manifests do not tell which role the pods log in with.",
    "An AppRole is told by its role id alone, and a role by the configuration that names it.")
  package static let sharedRole = Rule(
    fault: "shared-role", as: .warning, "Pods of several namespaces log in with one role.",
    "A role takes each of its service accounts in each of its namespaces, and gives all of them all secrets.")
  package static let unequalAudiences = Rule(
    fault: "unequal-audiences", as: .warning, "Pods that log in with one role have tokens for different audiences.",
    "A role asks for one audience, or for none.")
  package static let severalAddresses = Rule(
    fault: "several-addresses", as: .note, "Pods that log in with one role ask Vault at different addresses.",
    "If these are different servers, each needs the role and the policy.")
  package static let unknownMount = Rule(
    fault: "unknown-mount", as: .warning, "A version is given of an engine that no path is on.",
    "The engine that was meant is taken to be of the version that paths and templates tell.")
  package static let dataInMount = Rule(
    fault: "data-in-mount", as: .warning, "A version is given of an engine whose path has a part `data`.",
    "On the second version data/ comes after the engine's path, and is put in there once more.")
  package static let nothingToAllow = Rule(
    fault: "nothing-to-allow", as: .note, "No pod of the input asks for injection, or none is selected.",
    "Only agents that are injected log in.")
}

extension Diagnostic {
  static func untoldAccess(_ text: String, at range: Range<Int>?) -> Diagnostic {
    Diagnostic(
      rule: .untoldAccess, message: "the policy may lack something: \(text)",
      hint: "add what is needed to the policy by hand", range: range)
  }

  static func untoldVersion(_ path: String, at range: Range<Int>?) -> Diagnostic {
    let mount = VaultPath(path).words.first ?? path
    return Diagnostic(
      rule: .untoldVersion, message: "`\(path)` is allowed as it is written, as on the first version of the KV engine",
      hint: "if \(mount)/ is of the second, say --kv \(mount)=2, which puts data/ in; --kv \(mount)=1 silences this",
      range: range)
  }

  static func widePath(_ path: String, at range: Range<Int>?) -> Diagnostic {
    Diagnostic(
      rule: .widePath, message: "Vault takes a sign in `\(path)` for any text, so that the policy allows more",
      hint: "a * at the end stands for anything, a + between slashes for one part: move the secret to another path",
      range: range)
  }

  static func hiddenCharacter(_ what: String, _ text: String, at range: Range<Int>?) -> Diagnostic {
    let spelt = VisibleText.spelt(text)
    return Diagnostic(
      rule: .hiddenCharacter, message: "\(what) `\(spelt)` has a character that does not show",
      hint: "write it without that character", range: range)
  }

  static func relativeName(_ what: String, _ text: String, at range: Range<Int>?) -> Diagnostic {
    Diagnostic(
      rule: .relativeName, message: "\(what) `\(text)` has a part `.` or `..`, which leads to another place in Vault",
      hint: "write it without that part", range: range)
  }

  static func unknownMount(_ mount: String, nearest: String?, _ mounts: [String]) -> Diagnostic {
    let known = mounts.isEmpty ? "name the path of an engine" : "paths begin with \(mounts.listed(first: 4))"
    return Diagnostic(
      rule: .unknownMount, message: "--kv \(mount)=…: no path that pods ask for is below \(mount)/",
      hint: nearest.map { "did you mean \($0)?" } ?? known)
  }

  /// A path as secrets have it stands where that of an engine should.
  static func dataInMount(_ mount: String) -> Diagnostic {
    let parts = mount.split(separator: "/")
    let engine = parts.prefix(1) + parts.dropFirst().prefix { $0 != "data" }
    return Diagnostic(
      rule: .dataInMount, message: "--kv \(mount)=…: this takes \(mount)/ for where an engine is mounted",
      hint: "data/ comes after the engine's path: if it is mounted at \(engine.joined(separator: "/"))/, write "
        + "--kv \(engine.joined(separator: "/"))=2")
  }

  package static let nothingToAllow = Diagnostic(
    rule: .nothingToAllow, message: "there is nothing to allow: no pod asks for injection, or is selected")

  /// What is to be said of a role.
  static func findings(on policy: VaultPolicy, addresses: [String]) -> [Diagnostic] {
    let role = policy.role
    var findings: [Diagnostic] = []
    let first = policy.workloads.first.map { "\($0.name) in \($0.namespace)" } ?? ""
    if !role.isTold { findings.append(.untoldRole(policy, first)) }
    if role.isTold, role.namespaces.count > 1 { findings.append(.sharedRole(role)) }
    if role.isTold, role.audiences.count > 1 {
      let names = role.audiences.map { $0.isEmpty ? "the API server" : "`\($0)`" }.listed(first: 5)
      findings.append(
        Diagnostic(
          rule: .unequalAudiences,
          message: "the pods that log in as `\(role.name)` have tokens for \(names), so that the role asks for none",
          hint: "give all of them the same with --set token.audience=…"))
    }
    if addresses.count > 1 {
      findings.append(
        Diagnostic(
          rule: .severalAddresses,
          message: "pods log in as `\(role.name.isEmpty ? policy.name : role.name)` at "
            + addresses.map { "`\($0)`" }.listed(first: 5),
          hint: "if these are different servers, write the role and the policy into each"))
    }
    return findings
  }

  private static func untoldRole(_ policy: VaultPolicy, _ workload: String) -> Diagnostic {
    let role = policy.role
    let why =
      switch role.method {
      case .appRole: "logs in by AppRole, whose role is told by its role id alone"
      case .other(let name): "logs in by \(name), whose roles are not written here"
      case .kubernetes, .jwt:
        role.name.isEmpty
          ? "logs in with a role that nothing tells"
          : "logs in as `\(role.name)` at a mount that nothing tells"
      }
    return Diagnostic(
      rule: .untoldRole, message: "\(workload) \(why)",
      hint: "give that role the policy \(policy.name) in its token_policies")
  }

  private static func sharedRole(_ role: VaultRole) -> Diagnostic {
    let strangers = role.strangers
    let others =
      strangers.isEmpty
      ? "" : ", and lets in \(strangers.map { "`\($0)`" }.listed(first: 3)) as well, should they exist"
    return Diagnostic(
      rule: .sharedRole,
      message: "the role `\(role.name)` is used from the namespaces "
        + role.namespaces.map { "`\($0)`" }.listed(first: 5) + others,
      hint: "a role for each namespace keeps their secrets apart")
  }
}
