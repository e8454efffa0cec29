internal import Injection
internal import KubernetesAPI
internal import ManifestText
package import Output
internal import Platform
internal import VaultAPI

/// Tries out before they are deployed whether pods would get their secrets: does what their agents will do, and gives
/// back every token.
///
/// Everything of one kind is asked at once, for all pods, and each thing once: one token for each service account, one
/// login for each role of each, one question for each path. `PreflightJudge` tells from the answers what becomes of each
/// pod.
package struct PreflightRun: ~Copyable {
  /// How connections are opened.
  package struct Opening: Sendable {
    /// Those that end soon after the user asks for the run to end.
    let whileWanted: ClusterConnection.Opening
    /// Those that do not, over which tokens are given back.
    let always: ClusterConnection.Opening

    /// Opens connections by these.
    package init(whileWanted: @escaping ClusterConnection.Opening, always: @escaping ClusterConnection.Opening) {
      (self.whileWanted, self.always) = (whileWanted, always)
    }

    /// Opens connections over libcurl, with each request shown on standard error or not.
    package init(showingRequests: Bool) {
      let longest = 30
      whileWanted = ClusterConnection.opening(showingRequests: showingRequests) { $0.longestDelaySeconds = longest }
      always = ClusterConnection.opening(showingRequests: showingRequests) { options in
        options.longestDelaySeconds = 2
        options.isCancelled = { false }
      }
    }
  }

  let pods: PreflightPods
  let settings: PreflightSettings
  let opening: Opening
  let access: ClusterAccess
  var report: Report
  var facts = PreflightFacts()
  /// The cluster; nil as long as it was not needed, or where it cannot be had.
  private var cluster: ClusterConnection?
  var connections: [VaultWay: VaultConnection] = [:]
  /// The configuration each connection was opened with, and the service behind the API server.
  var routes: [VaultWay: VaultRoute] = [:]

  /// A preflight of pods; nothing is asked yet.
  package init(
    _ pods: PreflightPods, _ settings: PreflightSettings, over access: ClusterAccess, _ opening: Opening,
    report: consuming Report
  ) {
    (self.pods, self.settings, self.access, self.opening) = (pods, settings, access, opening)
    self.report = report
    TerminationSignals.hold()
    CoreDump.forbid()
  }

  /// The logins there are, each once, in the order in which pods have them.
  var logins: [VaultLogin] {
    var known: Set<VaultLogin> = []
    return pods.pods.compactMap(\.access.login).filter { known.insert($0.key).inserted }
  }

  /// Asks everything, gives the tokens back, and tells what it comes to.
  package mutating func all() -> Ending {
    let ending = check()
    return report.finish(ending)
  }

  /// The same, without an end of the report.
  package mutating func check() -> Ending {
    if pods.isEmpty, report.failure == nil { report.add(.nothingToCheck) }
    for step in PreflightStep.allCases where goesOn { take(step) }
    revoke()
    return tell()
  }

  /// Gives the report back.
  package consuming func finished() -> Report { report }

  var goesOn: Bool { !TerminationSignals.isPending && report.failure == nil && !pods.isEmpty }

  private mutating func take(_ step: PreflightStep) {
    report.progress(step.title)
    switch step {
    case .tokens: requestTokens()
    case .ways: reach()
    case .logins: if settings.operatorToken == nil { logIn() } else { readRoles() }
    case .paths: askAboutPaths()
    }
  }

  // MARK: The cluster

  /// Sends requests to the cluster; why it cannot be had in place of each answer where it cannot.
  mutating func ask(_ requests: [APIRequest]) -> [Result<APIResponse, Diagnostic>] {
    if requests.isEmpty { return [] }
    do throws(Fault) {
      var connection = try clusterConnection()
      let answers = connection.send(requests)
      cluster = connection
      return answers.map { $0.mapError { $0.diagnostic(connection.configuration) } }
    } catch {
      facts.isClusterMissing = true
      return requests.map { _ in .failure(error.diagnostic) }
    }
  }

  /// The cluster's address, and who asks.
  mutating func clusterConfiguration() throws(Fault) -> ClientConfiguration { try clusterConnection().configuration }

  private mutating func clusterConnection() throws(Fault) -> ClusterConnection {
    if let cluster { return cluster }
    let result = try access.configuration()
    for finding in result.findings { report.add(finding) }
    do throws(ClusterFailure) {
      let connection = try ClusterConnection(result.configuration, opening.whileWanted)
      cluster = connection
      return connection
    } catch {
      throw Fault(.unavailable, error.diagnostic(result.configuration))
    }
  }

  /// Gets a token for every service account that pods log in with.
  private mutating func requestTokens() {
    guard settings.operatorToken == nil else { return }
    var accounts = logins.filter(\.method.usesAccount).map(\.account)
    var known: Set<VaultLogin.Account> = []
    accounts = accounts.filter { known.insert($0.key).inserted }
    if let jwt = settings.identities.jwt {
      for account in accounts { facts.tokens[account.key] = .success(jwt) }
      return
    }
    for account in accounts {
      if let fault = account.fault { facts.tokens[account.key] = .failure(.unusableAccount(fault)) }
    }
    accounts = accounts.filter { $0.fault == nil }
    for (account, answer) in zip(accounts, ask(accounts.map(\.tokenRequest))) {
      facts.tokens[account.key] = token(of: account, answer)
    }
  }

  private func token(
    of account: VaultLogin.Account, _ answer: Result<APIResponse, Diagnostic>
  ) -> Result<Secret, Diagnostic> {
    answer.flatMap { response in
      if let status = APIStatus(response) {
        let comes = pods.companions.object("ServiceAccount", account.name, in: account.namespace) != nil
        let user = cluster?.configuration.user.impersonation.options ?? ""
        return .failure(.noToken(status, of: account, comesWithInput: comes, as: user))
      }
      guard let token = response.json?["status"]?["token"]?.string, !token.isEmpty else {
        return .failure(.noTokenInAnswer)
      }
      return .success(Secret(token))
    }
  }

  // MARK: Logging in

  /// Logs in once for each role of each service account.
  private mutating func logIn() {
    let spending = reached(logins).flatMap(\.logins).filter { $0.method == .appRole && call($0) != nil }
    if !spending.isEmpty, settings.identities.secretID != nil {
      report.add(.secretIDSpent(spending.count))
      report.flush()
    }
    for (way, logins) in reached(logins) {
      var asked: [(login: VaultLogin, call: VaultCall<VaultSession>)] = []
      for login in logins { if let call = call(login) { asked.append((login, call)) } }
      for (login, answer) in zip(asked.map(\.login), send(asked.map(\.call), by: way)) {
        let address = routes[way]?.address ?? login.address
        if answer.leavesDoubt { facts.unansweredLogins += 1 }
        facts.sessions[login.key] = answer.mapError { .login($0, login, at: address) }
      }
    }
  }

  private func call(_ login: VaultLogin) -> VaultCall<VaultSession>? {
    let mount = login.mountPath
    switch login.method {
    case .kubernetes, .jwt:
      guard case .success(let token)? = facts.tokens[login.key.account] else { return nil }
      return .login(at: mount, role: login.role, jwt: token, namespace: login.vaultNamespace)
    case .appRole:
      guard let roleID = settings.identities.roleID else { return nil }
      return .login(
        at: mount, roleID: roleID, secretID: settings.identities.secretID, namespace: login.vaultNamespace)
    case .other: return nil
    }
  }

  /// Gives every token back, whatever has happened.
  private mutating func revoke() {
    for (way, logins) in reached(logins) {
      let held = logins.compactMap { login -> (login: VaultLogin, token: Secret)? in
        guard case .success(let session)? = facts.sessions[login.key] else { return nil }
        return (login, session.token)
      }
      guard !held.isEmpty, let route = routes[way] else { continue }
      let calls = held.map {
        VaultCall.revoke(in: VaultPlace(namespace: $0.login.vaultNamespace, token: $0.token))
      }
      var answers: [Result<VaultAssent, VaultRefusal>]
      do throws(TransportError) {
        var connection = try route.connection(opening.always, timeoutMilliseconds: 5000)
        answers = connection.send(calls)
        let lost = answers.indices.filter { answers[$0].isLost }
        for (index, answer) in zip(lost, connection.send(lost.map { calls[$0] })) { answers[index] = answer }
      } catch {
        answers = calls.map { _ in .failure(.transport(error)) }
      }
      for (held, answer) in zip(held, answers) {
        if case .failure(let refusal) = answer { facts.leftTokens[held.login.key] = refusal }
      }
    }
  }

  // MARK: Telling

  /// Prints what it comes to for each pod, and reports it.
  private mutating func tell() -> Ending {
    facts.isCutShort = TerminationSignals.isPending
    let judge = PreflightJudge(facts: facts, settings: settings)
    let results = pods.pods.map(judge.result)
    var text = PreflightText(for: settings.stream)
    for result in results {
      if settings.showsAll || result.verdict != .yes { text.add(result) }
      for finding in result.findings { report.addVerdict(finding, in: result.pod.source) }
    }
    text.addSummary(results)
    let isUnavailable = results.contains { result in
      result.checks.contains { $0.failure?.isOfOutage ?? false }
    }
    if isUnavailable || facts.isClusterMissing || facts.paths.values.contains(where: \.metOutage) {
      report.noteUnavailable()
    }
    text.print(on: settings.stream, &report)
    if facts.unansweredLogins > 0 { report.add(.unansweredLogins(facts.unansweredLogins)) }
    if facts.isCutShort {
      report.fail(.unavailable, .interruptedPreflight(facts.leftTokens.isEmpty && facts.unansweredLogins == 0))
    }
    return report.failure == nil && results.allSatisfy { $0.verdict == .yes } ? .done : .differencesFound
  }

  // MARK: Asking Vault

  /// Logins by the ways to Vault that were reached, in order.
  func reached(_ logins: [VaultLogin]) -> [(way: VaultWay, logins: [VaultLogin])] {
    var groups: [(way: VaultWay, logins: [VaultLogin])] = []
    for login in logins {
      guard case .success? = facts.ways[login.way] else { continue }
      if let index = groups.firstIndex(where: { $0.way == login.way }) {
        groups[index].logins.append(login)
      } else {
        groups.append((login.way, [login]))
      }
    }
    return groups
  }

  /// Sends calls on a way that was reached.
  mutating func send<Answer>(_ calls: [VaultCall<Answer>], by way: VaultWay) -> [Result<Answer, VaultRefusal>] {
    guard var connection = connections[way] else {
      return calls.map { _ in .failure(.transport(TransportError(.transferFailed))) }
    }
    let answers = connection.send(calls)
    connections[way] = connection
    return answers
  }
}

/// What is asked one after another.
private enum PreflightStep: CaseIterable {
  case tokens, ways, logins, paths

  var title: ShownText {
    switch self {
    case .tokens: "asking the cluster for tokens"
    case .ways: "asking Vault whether it is there"
    case .logins: "logging in"
    case .paths: "asking about paths"
    }
  }
}

extension VaultLogin.Account {
  /// What is equal of tokens that are one: lifetimes do not matter.
  var key: VaultLogin.Account {
    var key = self
    key.tokenSeconds = nil
    return key
  }

  /// What is wrong with its name or namespace; nil where requests can be made about it.
  fileprivate var fault: String? { RequestText.fault(ofPathPart: name) ?? RequestText.fault(ofPathPart: namespace) }

  /// Asks for a token such as the pod's; the API server's shortest lives for ten minutes.
  fileprivate var tokenRequest: APIRequest {
    var spec: Value = ["expirationSeconds": .number(String(max(600, tokenSeconds ?? 600)))]
    if !audience.isEmpty { spec["audiences"] = [.string(audience)] }
    let body: Value = ["apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": spec]
    let resource = BuiltInResources.resource(apiVersion: "v1", kind: "ServiceAccount")
    return APIRequest(
      .post, (resource?.path(namespace: namespace, name: name) ?? "") + "/token", contentType: "application/json",
      body: JSONWriter.compact(body))
  }
}

extension Result where Failure == VaultRefusal {
  /// True where Vault may have done what it was asked for all the same.
  fileprivate var leavesDoubt: Bool {
    guard case .failure(.transport(let error)) = self else { return false }
    return [.timedOut, .cancelled, .transferFailed, .tooLarge].contains(error.code)
  }

  /// True where the connection broke off before an answer came.
  fileprivate var isLost: Bool {
    guard case .failure(.transport(let error)) = self else { return false }
    return error.code == .transferFailed
  }
}

extension PreflightResult {
  /// What a report says of the pod: what fails, and why something cannot be told.
  fileprivate var findings: [Diagnostic] {
    checks.compactMap { check in
      switch check.outcome {
      case .failed(var diagnostic):
        diagnostic.message = "\(pod.name): \(check.subject): \(diagnostic.message)"
        diagnostic.range = diagnostic.range ?? pod.range
        return diagnostic
      case .untold(let reason):
        return check.doubt.map { rule in
          Diagnostic(rule: rule, message: "\(pod.name): \(check.subject): \(reason)", range: pod.range)
        }
      case .passed: return nil
      }
    }
  }
}

extension Diagnostic {
  fileprivate static let nothingToCheck = Diagnostic(
    rule: .nothingToCheck, message: "no pod asks anything of Vault, so there is nothing to check")

  fileprivate static func secretIDSpent(_ count: Int) -> Diagnostic {
    Diagnostic(
      rule: .secretIDSpent,
      message: "logging in with the secret id of --secret-id-file uses it \(count == 1 ? "once" : "\(count) times")")
  }

  fileprivate static func interruptedPreflight(_ allReturned: Bool) -> Diagnostic {
    Diagnostic(
      rule: .interrupted,
      message: allReturned
        ? "interrupted; every token that was got has been given back"
        : "interrupted, and not every token could be given back")
  }

  fileprivate static func unansweredLogins(_ count: Int) -> Diagnostic {
    Diagnostic(
      rule: .tokenLeft,
      message: count == 1 ? "a login had no answer" : "\(count) logins had no answer",
      hint: "where Vault made a token all the same, nobody has it, and it ends by itself")
  }
}
