package import ManifestText

/// Gathers what pods ask of Vault into policies, one for each role.
///
/// ```swift
/// var draft = PolicyDraft(versions, naming)
/// let findings = draft.add(access, of: workload, locatedBy: index.location)
/// let (policies, others) = draft.policies()
/// ```
package struct PolicyDraft {
  /// What makes two pods log in alike.
  fileprivate struct Key: Hashable, Comparable {
    /// Vault's namespace, the role, the object where no role is told, the mount and the method.
    let parts: [ExactText]

    init(_ login: VaultLogin, _ workload: PolicyWorkload) {
      let object = login.role.isEmpty ? "\(workload.namespace)-\(workload.name)" : ""
      parts = [login.vaultNamespace, login.role, object, login.mount ?? "", login.method.name].map { ExactText($0) }
    }

    static func < (one: Key, other: Key) -> Bool {
      for (one, other) in zip(one.parts, other.parts) where one != other {
        return one.text.utf8.lexicographicallyPrecedes(other.text.utf8)
      }
      return false
    }
  }

  /// What the pods of one role need, in the order they are met.
  fileprivate struct Draft {
    let login: VaultLogin
    var workloads: Set<PolicyWorkload> = []
    var accounts: Set<VaultLogin.Account> = []
    var addresses: Set<String> = []
    var rules: [ExactText: PolicyRule] = [:]
    var gaps: Set<PolicyGap> = []
  }

  package private(set) var versions: KVVersions
  private let naming: PolicyNaming
  private var drafts: [Key: Draft] = [:]
  /// The gaps of pods of which not even the role is told.
  private var gaps: Set<PolicyGap> = []
  /// The mounts of which it was said that nothing tells their version.
  private var untoldMounts = NameIndex()

  package init(_ versions: KVVersions, _ naming: PolicyNaming) { (self.versions, self.naming) = (versions, naming) }

  /// True where nobody has said yet which engine a path is on.
  package func needsEngine(of path: RequestedPath) -> Bool {
    !path.text.isEmpty && !ByteText.holds(path.text, "{{") && versions.usual == nil
      && versions.engine(of: path) == nil
  }

  /// Takes the version of the KV engine that is mounted at a path.
  package mutating func take(_ version: KVVersions.Version, ofEngineAt mount: String) {
    versions.add(version, at: mount)
  }

  /// Takes what a pod asks; what is to be said of it.
  /// - Throws: A `Diagnostic` where it holds a text that no policy can have.
  package mutating func add(
    _ access: VaultAccess, of workload: PolicyWorkload, locatedBy locate: (Range<Int>) -> Location
  ) throws(Diagnostic) -> [Diagnostic] {
    var findings: [Diagnostic] = []
    func location(_ range: Range<Int>?) -> Location? { range.map(locate) }
    var gaps = access.unknowns.map { unknown in
      findings.append(.untoldAccess(unknown.text, at: unknown.range))
      return PolicyGap(workload: workload, location: location(unknown.range), text: unknown.text)
    }
    guard let login = access.login else {
      self.gaps.formUnion(gaps)
      return findings
    }
    try check(login, access)
    let key = Key(login, workload)
    // Taken out, as a copy of what many pods need would be made for each of them.
    var draft = drafts.removeValue(forKey: key) ?? Draft(login: login)
    draft.workloads.insert(workload)
    draft.accounts.insert(login.account)
    draft.addresses.insert(login.address)
    for request in access.requests {
      guard let path = request.requestedPath, !path.text.isEmpty, !ByteText.holds(path.text, "{{"),
        !PolicyDraft.leadsElsewhere(path.text)
      else {
        let text =
          request.path == nil
          ? "a template makes the path that it asks for when it is filled in"
          : "`\(request.path ?? "")` is no path that Vault could have"
        findings.append(.untoldAccess(text, at: request.range))
        gaps.append(PolicyGap(workload: workload, location: location(request.range), text: text))
        continue
      }
      let need = PolicyNeed(
        workload: workload, location: location(request.range), file: request.source.file,
        isConditional: request.isConditional)
      let placed = PolicyPath(request, at: path, versions)
      if !placed.isTold, untoldMounts.add(VaultPath(path.text).words.first ?? "") {
        findings.append(.untoldVersion(path.text, at: request.range))
      }
      let isNew = draft.rules[ExactText(placed.path)] == nil
      draft.add(placed, need)
      if isNew, let rule = draft.rules[ExactText(placed.path)], rule.isWide {
        findings.append(.widePath(placed.path, at: request.range))
      }
    }
    draft.gaps.formUnion(gaps)
    drafts[key] = draft
    return findings
  }

  /// The policies in the order of their roles, what no policy is known for, and what is to be said of roles.
  package func policies() -> (policies: [VaultPolicy], gaps: [PolicyGap], findings: [Diagnostic]) {
    let sorted = drafts.sorted { $0.key < $1.key }
    let named = naming.named(sorted.map { $0.value.policy() }, calling: sorted.map(\.value.word))
    let findings = zip(named, sorted).flatMap { policy, entry in
      Diagnostic.findings(on: policy, addresses: Array(entry.value.addresses).distinct)
    }
    return (named, gaps.sorted(), findings)
  }

  /// Whether a part of a path is `.` or `..`, which does not stand for itself.
  private static func leadsElsewhere(_ text: String) -> Bool {
    ByteText.pieces(of: text, around: "/").contains { $0 == "." || $0 == ".." }
  }

  /// Refuses texts that would show otherwise than they are, end a line, or lead elsewhere in Vault.
  private func check(_ login: VaultLogin, _ access: VaultAccess) throws(Diagnostic) {
    let account = login.account
    let texts = [
      ("the role", login.role, login.range), ("the mount of the auth method", login.mount ?? "", login.range),
      ("Vault's namespace", login.vaultNamespace, login.range), ("the service account", account.name, access.range),
      ("the namespace", account.namespace, access.range), ("the audience", account.audience, access.range),
    ]
    let paths = access.requests.map { ("the path", $0.requestedPath?.text ?? "", $0.range) }
    for (what, text, range) in texts + paths where text.unicodeScalars.contains(where: VisibleText.hides) {
      throw .hiddenCharacter(what, text, at: range ?? access.range)
    }
    // Clients and Vault follow `..` in an address, so that a command about a role would do something else.
    for (what, text, range) in texts.prefix(3) where PolicyDraft.leadsElsewhere(text) {
      throw .relativeName(what, text, at: range ?? access.range)
    }
  }
}

extension PolicyDraft.Draft {
  fileprivate mutating func add(_ placed: PolicyPath, _ need: PolicyNeed) {
    let new = PolicyRule(path: placed.path, capabilities: [], needs: [], isCompleted: placed.isCompleted)
    var rule = rules.removeValue(forKey: ExactText(placed.path)) ?? new
    rule.capabilities = Set(rule.capabilities + placed.capabilities).sorted()
    if !rule.needs.contains(need) { rule.needs.append(need) }
    rule.isCompleted = rule.isCompleted && placed.isCompleted
    rules[ExactText(placed.path)] = rule
  }

  /// What the policy is called after: the role or, where none is told, the one object that has it.
  fileprivate var word: String {
    guard login.role.isEmpty, let workload = workloads.first else { return login.role }
    return "\(workload.namespace)-\(ByteText.pieces(of: workload.name, around: "/").last ?? "")"
  }

  fileprivate func policy() -> VaultPolicy {
    let accounts = accounts.sorted { ($0.namespace, $0.name, $0.audience) < ($1.namespace, $1.name, $1.audience) }
    return VaultPolicy(
      name: login.role,
      role: VaultRole(
        vaultNamespace: login.vaultNamespace, method: login.method, mount: login.mount, name: login.role,
        accounts: accounts),
      workloads: workloads.sorted(),
      rules: rules.values.map { rule in
        var rule = rule
        rule.needs.sort()
        return rule
      }.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) },
      gaps: gaps.sorted())
  }
}

extension VaultRequest.Source {
  /// The file that it is about.
  package var file: String {
    switch self {
    case .template(let file), .defaultTemplate(let file): file
    case .configMap(let name, let file): "\(file) of the ConfigMap \(name)"
    }
  }
}
