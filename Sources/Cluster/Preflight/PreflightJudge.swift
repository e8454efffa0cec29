internal import Injection
internal import KubernetesAPI
internal import ManifestText
internal import VaultAPI

/// What the facts mean for each pod.
///
/// Nothing is asked here.
struct PreflightJudge {
  let facts: PreflightFacts
  let settings: PreflightSettings

  /// A pod's checks, in the order in which its agent does things, up to the first that everything else hangs on.
  func result(of pod: PreflightPod) -> PreflightResult {
    guard let login = pod.access.login else { return PreflightResult(pod: pod, checks: unknowns(of: pod)) }
    var checks: [PreflightCheck] = []
    for step in [account, vault, role, entry] {
      guard let check = step(login) else { continue }
      checks.append(check)
      if check.failure != nil || check.leavesDoubt { return PreflightResult(pod: pod, checks: checks) }
    }
    checks += limit(login) ?? paths(of: pod, login)
    checks += unknowns(of: pod) + doubts(login)
    if let check = revocation(login) { checks.append(check) }
    return PreflightResult(pod: pod, checks: checks)
  }

  private func unknowns(of pod: PreflightPod) -> [PreflightCheck] {
    pod.access.unknowns.map { unknown in
      PreflightCheck("not told", .untold(unknown.text), doubt: unknown.doubt)
    }
  }

  /// What operators do not see of a role that takes the pod as far as they do.
  private func doubts(_ login: VaultLogin) -> [PreflightCheck] {
    guard case .success(let role)? = facts.roles[login.key] else { return [] }
    var checks: [PreflightCheck] = []
    if !role.names(namespace: login.account.namespace) {
      let text = "the role chooses namespaces by their labels, which are not looked at here"
      checks.append(PreflightCheck("namespace \(login.account.namespace)", .untold(text), doubt: .notTold))
    }
    if !role.audience.isEmpty, login.account.audience.isEmpty {
      let text = "the role is for `\(role.audience)`; whether the API server's own is that is not known here"
      checks.append(PreflightCheck("audience", .untold(text), doubt: .notTold))
    }
    return checks
  }

  // MARK: Logging in

  /// The token of the service account, where the method logs in with one.
  private func account(_ login: VaultLogin) -> PreflightCheck? {
    guard login.method.usesAccount, settings.operatorToken == nil else { return nil }
    let subject = "service account \(login.account.namespace)/\(login.account.name)"
    guard let token = facts.tokens[login.key.account] else { return notReached(subject) }
    return PreflightCheck(subject, token) { _ in
      if settings.identities.jwt != nil { return "the token of --jwt-file" }
      return login.account.audience.isEmpty ? "has a token" : "has a token for \(login.account.audience)"
    }
  }

  private func vault(_ login: VaultLogin) -> PreflightCheck? {
    if login.address.isEmpty, settings.address == nil {
      return PreflightCheck("Vault", .untold("nothing in the input says where it is"), doubt: .noLogin)
    }
    guard let way = facts.ways[login.way] else { return notReached("Vault") }
    let address = (try? way.get().address) ?? settings.address?.url ?? login.address
    return PreflightCheck("Vault at \(address)", way) { reached in
      let version = [reached.health.product, reached.health.version].filter { !$0.isEmpty }.joined(separator: " ")
      if let service = reached.service {
        return version
          + ", through the API server (\(service.title)): tokens pass it, and it does not check Vault's certificate"
      }
      if reached.isInTheClear { return version + ", without TLS" }
      return version
        + (login.trust.isUnknown && settings.authorities == nil
          ? ", whose certificate the pod checks with a file that only it has" : "")
    }
  }

  /// The role as operators see it, where nobody logs in.
  private func role(_ login: VaultLogin) -> PreflightCheck? {
    guard settings.operatorToken != nil else { return nil }
    let subject = "role \(login.roleTitle) of \(login.mountTitle)"
    guard login.method == .kubernetes else {
      return PreflightCheck(
        subject, .untold("how pods log in by \(login.method.name) cannot be told"), doubt: .noLogin)
    }
    guard let role = facts.roles[login.key] else { return notReached(subject) }
    return PreflightCheck(subject, role) { "takes the pod, and gives \($0.policies.inBackticks)" }
  }

  private func entry(_ login: VaultLogin) -> PreflightCheck? {
    guard settings.operatorToken == nil else { return nil }
    let subject = "login at \(login.mountTitle)" + (login.role.isEmpty ? "" : " as \(login.role)")
    guard let session = facts.sessions[login.key] else {
      return facts.isCutShort
        ? notReached(subject) : PreflightCheck(subject, .untold(login.obstacle), doubt: .noLogin)
    }
    return PreflightCheck(subject, session) { session in
      "has \(session.policies.inBackticks)" + (session.seconds > 0 ? " for \(DurationText.of(session.seconds))" : "")
    }
  }

  private func notReached(_ subject: String) -> PreflightCheck {
    PreflightCheck(subject, .untold("was not asked any more"), doubt: .notTold)
  }

  private func revocation(_ login: VaultLogin) -> PreflightCheck? {
    guard case .success(let session)? = facts.sessions[login.key] else { return nil }
    guard let refusal = facts.leftTokens[login.key] else {
      return PreflightCheck("token", .passed("given back"))
    }
    return PreflightCheck("token", .untold(Diagnostic.leftText(session.seconds, refusal)), doubt: .tokenLeft)
  }

  // MARK: Paths

  /// What there is to say of all paths of a login whose token is good for few requests.
  private func limit(_ login: VaultLogin) -> [PreflightCheck]? {
    guard case .success(let session)? = facts.sessions[login.key], session.uses > 0 else { return nil }
    let reason = "not asked, as the token is good for \(session.uses) requests only (token_num_uses of the role)"
    return [PreflightCheck("paths", .untold(reason), doubt: .notTold)]
  }

  /// Every path that the pod's agents ask for, each once.
  private func paths(of pod: PreflightPod, _ login: VaultLogin) -> [PreflightCheck] {
    var groups: [(path: AskedPath, requests: [Injection.VaultRequest])] = []
    var checks: [PreflightCheck] = []
    for request in pod.access.requests {
      guard let path = AskedPath(request) else {
        checks.append(
          PreflightCheck("a path", .untold("that a template makes when it is filled in"), doubt: .notTold))
        continue
      }
      if let index = groups.firstIndex(where: { $0.path == path }) {
        groups[index].requests.append(request)
      } else {
        groups.append((path, [request]))
      }
    }
    return groups.map { check($0.path, $0.requests, login) } + checks
  }

  private func check(
    _ path: AskedPath, _ requests: [Injection.VaultRequest], _ login: VaultLogin
  ) -> PreflightCheck {
    let subject = path.path.text
    guard let facts = facts.paths[AskedPathKey(login: login.key, path: path)] else { return notReached(subject) }
    let judge = PathJudge(
      path: path, facts: facts, isOperator: settings.operatorToken != nil, policies: policies(login))
    let outcome = judge.outcome(requests.flatMap(\.neededFields), at: requests.compactMap(\.range).first)
    guard case .failed(let diagnostic) = outcome, requests.allSatisfy(\.isConditional) else {
      return PreflightCheck(subject, outcome, doubt: outcome.isUntold ? .notTold : nil)
    }
    return PreflightCheck(subject, .untold("where the template comes to it, \(diagnostic.message)"), doubt: .notTold)
  }

  private func policies(_ login: VaultLogin) -> [String] {
    if case .success(let session)? = facts.sessions[login.key] { return session.policies }
    if case .success(let role)? = facts.roles[login.key] { return role.policies }
    return []
  }
}

/// What the facts about a path mean for one who asks for it.
struct PathJudge {
  let path: AskedPath
  let facts: PathFacts
  let isOperator: Bool
  let policies: [String]

  /// What comes of taking these fields of the answer.
  func outcome(_ fields: [[String]], at range: Range<Int>?) -> PreflightCheck.Outcome {
    switch facts.mount {
    case .failure(let refusal): outcome(ofHiddenMount: refusal, at: range)
    case .success where facts.hiddenRights != nil:
      .untold("the token may not ask for its own rights (\(facts.hiddenRights?.text ?? ""))")
    case .success(let mount) where !isAllowed(mount): outcome(ofDenial: mount, at: range)
    case .success(let mount) where mount.kvVersion == nil || path.operation != .read:
      outcome(ofIssuing: mount, at: range)
    case .success(let mount): outcome(ofReading: mount, fields, at: range)
    }
  }

  /// The capability it takes.
  private var need: String {
    switch path.operation {
    case .read: "read"
    case .list: "list"
    case .write, .pkiCert: "update"
    }
  }

  private func isAllowed(_ mount: VaultMount) -> Bool {
    facts.rights.allow(need) || path.operation == .write && mount.kvVersion != nil && facts.rights.allow("create")
  }

  private func outcome(ofHiddenMount refusal: VaultRefusal, at range: Range<Int>?) -> PreflightCheck.Outcome {
    switch refusal {
    case .mountHidden, .permissionDenied, .noEngine, .notFound:
      .failed(.noMount(path.path.text, need, isOperator: isOperator, at: range))
    default: .untold("could not be asked: \(refusal.text)")
    }
  }

  private func outcome(ofDenial mount: VaultMount, at range: Range<Int>?) -> PreflightCheck.Outcome {
    if let other = facts.otherForm { return .failed(.otherKV(mount, asked: facts.asked, allowed: other, at: range)) }
    if let possible = facts.possibleRight { return .untold("\(possible.rawValue), which only a login shows") }
    return .failed(.noRight(need, facts.asked, policies, at: range))
  }

  /// Whether the engine makes what is missing: transit a key for what it is to encrypt, for one who may `create` there.
  private func isMadeOnUse(_ mount: VaultMount) -> Bool {
    guard mount.type == "transit", mount.rest(of: facts.asked)?.hasPrefix("encrypt/") == true else { return false }
    return facts.origin?.answer == .failure(.notFound) && facts.rights.allow("create")
  }

  /// Secrets are issued by reading them, so that nothing is read here.
  private func outcome(ofIssuing mount: VaultMount, at range: Range<Int>?) -> PreflightCheck.Outcome {
    if isMadeOnUse(mount) { return .passed("may be written (transit), which makes the key") }
    if let origin = facts.origin, origin.answer == .failure(.notFound) {
      return .failed(.noEngineRole(origin.path, mount, at: range))
    }
    let verb = path.operation == .list ? "listed" : path.operation == .read ? "read" : "written"
    if path.operation == .write, mount.kvVersion != nil, facts.rights.allow("create") != facts.rights.allow("update") {
      return .untold(
        facts.rights.allow("create")
          ? "the policies allow `create` alone, which writes only where nothing is yet"
          : "the policies allow `update` alone, which writes only where something is already")
    }
    guard mount.kvVersion == nil else { return .passed("may be \(verb) (KV \(mount.kvVersion ?? 1))") }
    return .passed("may be \(verb) (\(mount.type)); not done here, as that may issue a secret")
  }

  private func outcome(
    ofReading mount: VaultMount, _ fields: [[String]], at range: Range<Int>?
  ) -> PreflightCheck.Outcome {
    let version = mount.kvVersion ?? 1
    switch facts.names {
    case .success(let names)?:
      let needs = FieldNeeds(fields, version: facts.shape)
      if let missing = needs.missing(in: names) { return .failed(.noField(missing, names, version, at: range)) }
      return .passed(
        needs.names.isEmpty ? "is there (KV \(version))" : "is there (KV \(version)), with \(needs.names.inBackticks)")
    case .failure(.notFound)? where version == 1 && mount.rest(of: facts.asked)?.hasPrefix("data/") == true:
      return .failed(.dataOnFirstKV(mount, facts.asked, at: range))
    case .failure(.notFound)?: return .failed(.noSecret(facts.asked, version, number: path.version, at: range))
    case .failure(.deleted(let time))?:
      return .failed(.deletedSecret(facts.asked, number: path.version, at: time, range))
    case .failure(.destroyed)?: return .failed(.destroyedSecret(facts.asked, number: path.version, range))
    case .failure(.notOfVersionedKV)?: return .failed(.noSecret(facts.asked, version, at: range))
    case .failure(.permissionDenied)? where isOperator, nil:
      return .untold("the pod may read it; whether it is there could not be asked")
    case .failure(let refusal)?: return .untold("could not be read: \(refusal.text)")
    }
  }
}

/// The fields that templates take of a secret.
struct FieldNeeds {
  /// A field that is not there.
  struct Missing: Equatable {
    /// As a template has it, such as `.Data.data.password`.
    let written: String
    /// As it is right, where only the version of the engine was mistaken.
    let right: String?
  }

  private let fields: [[String]]
  private let version: Int

  init(_ fields: [[String]], version: Int) {
    self.fields = fields.filter { $0.first == "Data" }
    self.version = version
  }

  /// The names taken of the secret itself, each once.
  var names: [String] {
    fields.compactMap { way(of: $0)?.first }.filter { $0 != "*" }.reduce(into: []) { names, name in
      if !names.contains(name) { names.append(name) }
    }
  }

  /// The first that a secret with these names lacks.
  func missing(in names: SecretNames) -> Missing? {
    for field in fields {
      let taken = field.prefix { $0 != "*" }
      let rest = taken.dropFirst()
      if version == 2, rest.first == "metadata" || rest.isEmpty { continue }
      if let way = way(of: Array(taken)), way.isEmpty || names.has(way) { continue }
      return Missing(written: written(taken), right: right(of: Array(rest), in: names))
    }
    return nil
  }

  /// The names below the secret itself; nil for a field that the version has nowhere.
  private func way(of field: [String]) -> [String]? {
    guard version == 2 else { return Array(field.dropFirst()) }
    guard field.count > 1, field[1] == "data" else { return nil }
    return Array(field.dropFirst(2))
  }

  private func right(of rest: [String], in names: SecretNames) -> String? {
    if version == 2 { return names.has(rest) ? written(["Data", "data"] + rest) : nil }
    guard rest.first == "data", names.has(rest.dropFirst()) else { return nil }
    return written(["Data"] + rest.dropFirst())
  }

  private func written(_ names: some Sequence<String>) -> String { names.map { ".\($0)" }.joined() }
}

extension UnknownAccess {
  /// Whether the pod's own files may depend on it.
  fileprivate var doubt: Rule? {
    switch reason {
    case .proxy, .proxySocket, .tokenFile: nil
    default: .notTold
    }
  }
}

extension PreflightCheck.Outcome {
  fileprivate var isUntold: Bool {
    guard case .untold = self else { return false }
    return true
  }
}

extension VaultLogin {
  /// The mount as people know it.
  var mountTitle: String { "auth/\(mountPath)" }

  fileprivate var roleTitle: String { role.isEmpty ? "(none)" : role }

  /// Why logging in cannot be tried.
  fileprivate var obstacle: String {
    switch method {
    case .appRole: "needs the ids that the pod has: --role-id-file and --secret-id-file"
    default: "the method \(method.name) cannot be tried from outside of the pod"
    }
  }
}

extension VaultTrust {
  /// Whether the authority is a file that only the pod has.
  var isUnknown: Bool {
    guard case .file = authority, !skipsVerification else { return false }
    return true
  }
}

extension ServiceProxy {
  /// The service as kubectl names it.
  var title: String { "service/\(name) in \(namespace)" }
}

extension [String] {
  /// `a`, `b`.
  var inBackticks: String { isEmpty ? "no policies" : map { "`\($0)`" }.joined(separator: ", ") }
}

/// Times as people write them.
enum DurationText {
  /// `10m`, `1h30m`, `768h`.
  static func of(_ seconds: Int) -> String {
    let parts = [(seconds / 3600, "h"), (seconds / 60 % 60, "m"), (seconds % 60, "s")]
    let text = parts.filter { $0.0 > 0 }.map { "\($0.0)\($0.1)" }.joined()
    return text.isEmpty ? "0s" : text
  }
}
