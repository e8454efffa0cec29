internal import Injection
internal import KubernetesAPI
internal import ManifestText
internal import Output
internal import VaultAPI

/// What an operator sees without logging in as anybody: roles, whom they are for, and what their policies allow.
extension PreflightRun {
  /// Reads the role of each login, and matches it with the pod.
  mutating func readRoles() {
    for (way, logins) in reached(logins) {
      let logins = logins.filter { $0.method == .kubernetes }
      for login in logins where login.role.isEmpty {
        facts.roles[login.key] = .failure(.login(.missingRole, login, at: login.address))
      }
      let named = logins.filter { !$0.role.isEmpty }
      let calls = named.map { VaultCall.role($0.role, of: $0.mountPath, in: place(of: $0)) }
      for (login, answer) in zip(named, send(calls, by: way)) {
        let address = routes[way]?.address ?? login.address
        facts.roles[login.key] = answer.mapError { .operatorRole($0, login, at: address) }
          .flatMap { role in role.refusal(of: login).map { .failure(.login($0, login, at: address)) } ?? .success(role)
          }
      }
      readPolicies(of: logins, by: way)
    }
  }

  /// Reads the policies of all roles, each once.
  private mutating func readPolicies(of logins: [VaultLogin], by way: VaultWay) {
    var wanted: [OperatorPolicy] = []
    var namespaces: Set<String> = []
    for login in logins {
      guard case .success(let role)? = facts.roles[login.key] else { continue }
      namespaces.insert(login.vaultNamespace)
      for name in role.policies {
        let policy = OperatorPolicy(way: way, namespace: login.vaultNamespace, name: name)
        if !wanted.contains(policy) { wanted.append(policy) }
      }
    }
    let answers = send(wanted.map { VaultCall.policy($0.name, in: place(in: $0.namespace)) }, by: way)
    for (policy, answer) in zip(wanted, answers) {
      switch answer {
      // Vault takes a policy that does not exist for one that allows nothing.
      case .failure(.notFound): facts.policies[policy] = []
      case .failure: break
      case .success(let text): facts.policies[policy] = PolicyText.rules(of: text)
      }
    }
    let sorted = namespaces.sorted()
    for (namespace, answer) in zip(sorted, send(sorted.map { .authMethods(in: place(in: $0)) }, by: way)) {
      guard case .success(let methods) = answer else { continue }
      for method in methods.methods {
        facts.accessors[AuthMount(way: way, namespace: namespace, path: method.path)] = method.accessor
      }
    }
  }

  private func place(in namespace: String) -> VaultPlace {
    VaultPlace(namespace: namespace, token: settings.operatorToken)
  }

  /// Matches a path with the rules of the login's policies.
  func matchRights(_ question: inout PathQuestion) {
    let login = question.login
    guard case .success(let role)? = facts.roles[login.key] else { return }
    var rules: [ACLRule] = []
    var isComplete = true
    for name in role.policies {
      let policy = OperatorPolicy(way: login.way, namespace: login.vaultNamespace, name: name)
      guard let found = facts.policies[policy] else {
        isComplete = false
        continue
      }
      rules += found
    }
    let mount = AuthMount(way: login.way, namespace: login.vaultNamespace, path: login.mountPath)
    let filled = rules.map { $0.filled(for: login.account, accessor: facts.accessors[mount]) }
    let matcher = PolicyMatcher(filled.filter { !$0.isTemplate })
    let paths = question.paths
    question.take(
      .success(Dictionary(paths.map { ($0, matcher.capabilities(at: $0)) }, uniquingKeysWith: { first, _ in first })))
    let asked = question.facts.asked
    question.facts.possibleRight =
      isComplete ? filled.contains { $0.mayMatch(asked) } ? .templatedRule : nil : .unreadPolicy
  }
}

/// A policy, where it is.
struct OperatorPolicy: Hashable {
  let way: VaultWay
  let namespace: String
  let name: String
}

/// An auth method, where it is.
struct AuthMount: Hashable {
  let way: VaultWay
  let namespace: String
  let path: String
}

extension AuthRole {
  /// What Vault would answer to the login of a pod that this role is not for; nil for one that it is for.
  func refusal(of login: VaultLogin) -> VaultRefusal? {
    let account = login.account
    if namespaceSelector.isEmpty, !names(namespace: account.namespace) { return .namespaceNotAuthorized }
    if !accounts.contains(where: { AuthRole.matches($0, account.name) }) { return .accountNotAuthorized }
    // Without one of its own a pod's token is for the API server, by a name that is not known here.
    if !audience.isEmpty, !account.audience.isEmpty, audience != account.audience { return .otherAudience("") }
    return nil
  }

  /// Whether one of the namespaces that the role names is this.
  func names(namespace: String) -> Bool { namespaces.contains { AuthRole.matches($0, namespace) } }

  /// Vault's globs: each `*` stands for any text.
  private static func matches(_ pattern: String, _ name: String) -> Bool {
    let pieces = ByteText.pieces(of: pattern, around: "*")
    guard pieces.count > 1, let first = pieces.first, let last = pieces.last else { return pattern == name }
    guard name.utf8.starts(with: first.utf8) else { return false }
    var rest = name.dropFirst(first.count)
    for piece in pieces.dropFirst().dropLast() where !piece.isEmpty {
      guard let found = rest.firstRange(of: piece) else { return false }
      rest = rest[found.upperBound...]
    }
    return rest.hasSuffix(last)
  }
}

extension ACLRule {
  /// Whether a template that was not filled in could make the rule one for this path.
  fileprivate func mayMatch(_ path: String) -> Bool {
    guard let start = self.path.firstRange(of: "{{") else { return false }
    let beginning = self.path[..<start.lowerBound]
    return beginning.firstRange(of: "+") != nil || path.hasPrefix(beginning)
  }

  /// The rule with what templates say of the pod's account filled in.
  fileprivate func filled(for account: VaultLogin.Account, accessor: String?) -> ACLRule {
    guard isTemplate, let accessor else { return self }
    var path = path
    let facts = [("service_account_namespace", account.namespace), ("service_account_name", account.name)]
    for (name, value) in facts {
      let template = "{{identity.entity.aliases.\(accessor).metadata.\(name)}}"
      path = ByteText.pieces(of: path, around: template).joined(separator: value)
    }
    return ACLRule(path: path, capabilities: capabilities)
  }
}
