internal import Injection
internal import KubernetesAPI
internal import ManifestText
internal import VaultAPI

/// What one who logged in may do at the paths of the pods, and what is there.
extension PreflightRun {
  /// Asks about every path of every login: which engine serves it, what may be done there, and what it holds.
  mutating func askAboutPaths() {
    for (way, logins) in reached(logins) {
      var questions = logins.filter { isIn($0) }.flatMap { login in
        asked(by: login).map { PathQuestion(login: login, path: $0, place: place(of: login)) }
      }
      let mounts = send(questions.map { .mount(of: $0.path.path.text, in: $0.place) }, by: way)
      for (index, mount) in mounts.enumerated() { questions[index].take(mount) }
      if goesOn { askRights(&questions, logins, by: way) }
      if goesOn { read(&questions, by: way) }
      // What was not asked to the end says nothing.
      guard goesOn else { return }
      for question in questions {
        facts.paths[AskedPathKey(login: question.login.key, path: question.path)] = question.facts
      }
    }
  }

  /// Whether questions can be asked for a login.
  private func isIn(_ login: VaultLogin) -> Bool {
    // A token for few requests is not used up by questions.
    if case .success(let session)? = facts.sessions[login.key] { return session.uses == 0 }
    if case .success? = facts.roles[login.key] { return true }
    return false
  }

  /// Who asks: the pod, or an operator.
  func place(of login: VaultLogin) -> VaultPlace {
    var place = VaultPlace(namespace: login.vaultNamespace, token: settings.operatorToken)
    if case .success(let session)? = facts.sessions[login.key] { place.token = session.token }
    return place
  }

  private func asked(by login: VaultLogin) -> [AskedPath] {
    var known: Set<AskedPath> = []
    return pods.pods.filter { $0.access.login?.key == login.key }.flatMap(\.access.requests).compactMap(AskedPath.init)
      .filter { known.insert($0).inserted }
  }

  /// One question for all paths of a login, or none where policies are matched here.
  private mutating func askRights(_ questions: inout [PathQuestion], _ logins: [VaultLogin], by way: VaultWay) {
    guard settings.operatorToken == nil else {
      for index in questions.indices { matchRights(&questions[index]) }
      return
    }
    var calls: [VaultCall<[VaultCapabilities]>] = []
    var places: [(login: VaultLogin, paths: [String])] = []
    for login in logins {
      var known: Set<String> = []
      let paths = questions.filter { $0.login.key == login.key }.flatMap(\.paths).filter { known.insert($0).inserted }
      guard !paths.isEmpty else { continue }
      places.append((login, paths))
      calls.append(.capabilities(paths, in: place(of: login)))
    }
    for ((login, paths), answer) in zip(places, send(calls, by: way)) {
      let rights = answer.map { Dictionary(uniqueKeysWithValues: zip(paths, $0)) }
      for index in questions.indices where questions[index].login.key == login.key {
        questions[index].take(rights)
      }
    }
  }

  /// Looks into the secrets of KV engines: at their names alone where Vault gives those, and never into any other.
  private mutating func read(_ questions: inout [PathQuestion], by way: VaultWay) {
    let subkeys = questions.indices.filter { questions[$0].mayReadSubkeys || isOperatorsSecond(questions[$0]) }
    let names = send(subkeys.map { .subkeys(questions[$0].subkeysPath ?? "", in: questions[$0].place) }, by: way)
    for (index, answer) in zip(subkeys, names) { questions[index].facts.names = answer }
    // Where there is no such thing, as in older versions, the secret is read after all.
    let whole = questions.indices.filter { questions[$0].needsReading && !questions[$0].isAnswered }
    let reads = whole.map { index in
      VaultCall.read(
        questions[index].facts.asked, kvVersion: questions[index].facts.shape,
        version: questions[index].path.version,
        in: questions[index].place)
    }
    for (index, answer) in zip(whole, send(reads, by: way)) { questions[index].facts.names = answer }
    let origins = questions.indices.filter { questions[$0].mayReadOrigin || settings.operatorToken != nil }
      .filter { questions[$0].originPath != nil }
    let calls = origins.map { VaultCall.existence(of: questions[$0].originPath ?? "", in: questions[$0].place) }
    for (index, answer) in zip(origins, send(calls, by: way)) {
      questions[index].facts.origin = (questions[index].originPath ?? "", answer)
    }
  }

  /// An operator may ask for the names of secrets whatever pods may do.
  private func isOperatorsSecond(_ question: PathQuestion) -> Bool {
    settings.operatorToken != nil && question.needsReading && question.subkeysPath != nil
  }
}

/// A question about a path, and what is known so far.
struct PathQuestion {
  let login: VaultLogin
  let path: AskedPath
  let place: VaultPlace
  var facts = PathFacts(mount: .failure(.mountHidden))
  /// The rights at each of the paths.
  private var rights: [String: VaultCapabilities] = [:]

  init(login: VaultLogin, path: AskedPath, place: VaultPlace) {
    (self.login, self.path, self.place) = (login, path, place)
    facts.asked = path.path.text
  }

  /// Takes the answer which engine it is.
  mutating func take(_ answer: Result<VaultMount, VaultRefusal>) {
    facts.mount = answer
    facts.asked = path.path.text
    if let mount, mount.kvVersion == 2 {
      facts.asked = path.path.onKV2(at: String(mount.path.dropLast()), for: path.operation).text
    }
    // Of every engine Vault lists what is below a slash, and looks for rights there.
    if path.operation == .list { facts.asked += "/" }
  }

  private var mount: VaultMount? { try? facts.mount.get() }

  /// The version of the KV engine; nil for any other engine.
  var kvVersion: Int? { mount?.kvVersion }

  /// Every path whose rights tell something.
  var paths: [String] {
    guard mount != nil else { return [] }
    return [facts.asked, otherForm, subkeysPath, originPath].compactMap(\.self)
  }

  /// Takes what may be done at each of the paths.
  mutating func take(_ answer: Result<[String: VaultCapabilities], VaultRefusal>) {
    switch answer {
    case .failure(let refusal) where refusal.isOutage: if mount != nil { facts.mount = .failure(refusal) }
    case .failure(let refusal): facts.hiddenRights = refusal
    case .success(let found):
      rights = found
      facts.rights = found[facts.asked] ?? VaultCapabilities(["deny"])
      if let otherForm, found[otherForm]?.allow("read") == true, !facts.rights.allow("read") {
        facts.otherForm = otherForm
      }
    }
  }

  /// Whether there is a secret to look into, as the pod may.
  var needsReading: Bool { kvVersion != nil && path.operation == .read && facts.rights.allow("read") }

  /// Whether it is known what is there, or that nothing can be.
  var isAnswered: Bool {
    switch facts.names {
    case nil, .failure(.unsupportedPath)?, .failure(.noEngine)?, .failure(.other)?: false
    case .failure(.permissionDenied)?: false
    case .success?, .failure?: true
    }
  }

  /// Whether the names can be had without the values.
  var mayReadSubkeys: Bool {
    needsReading && (subkeysPath.flatMap { rights[$0]?.allow("read") } ?? false)
  }

  /// Whether it can be asked if there is what secrets are issued from.
  var mayReadOrigin: Bool { originPath.flatMap { rights[$0]?.allow("read") } ?? false }

  /// The path as the other version of the KV engine has it.
  private var otherForm: String? {
    guard let mount, mount.kvVersion != nil, path.operation == .read, let rest = mount.rest(of: facts.asked),
      rest.hasPrefix("data/")
    else { return nil }
    return mount.path + rest.dropFirst("data/".count)
  }

  /// Where the second KV engine gives names without values; nil for any other engine.
  var subkeysPath: String? {
    guard let mount, mount.kvVersion == 2, path.operation == .read, path.version == nil,
      let rest = mount.rest(of: facts.asked), rest.hasPrefix("data/")
    else { return nil }
    return mount.path + "subkeys/" + rest.dropFirst("data/".count)
  }

  /// What secrets at the path are issued from, such as the role of a database engine; nil where that is not known.
  var originPath: String? {
    guard let mount, let rest = mount.rest(of: facts.asked) else { return nil }
    let words = rest.split(separator: "/", maxSplits: 1).map(String.init)
    guard words.count == 2, let noun = PathQuestion.origins[mount.type]?[words[0]] else { return nil }
    return "\(mount.path)\(noun)/\(words[1])"
  }

  /// For each engine what its paths begin with, and where that is which they are made from.
  private static let origins: [String: [String: String]] = [
    "database": ["creds": "roles", "static-creds": "static-roles"],
    "pki": ["issue": "roles", "sign": "roles"],
    "ssh": ["creds": "roles", "sign": "roles", "issue": "roles"],
    "transit": ["encrypt": "keys", "decrypt": "keys", "sign": "keys", "verify": "keys", "hmac": "keys"],
  ]
}
