internal import Injection
internal import KubernetesAPI
internal import ManifestText
internal import VaultAPI

/// Where a pod finds Vault: its address, whom it trusts there, and the namespace from which it looks.
struct VaultWay: Hashable {
  let address: String
  let trust: VaultTrust
  let namespace: String
}

extension VaultLogin {
  /// What is equal of two pods whose logins are one: places and lifetimes do not matter.
  var key: VaultLogin {
    var key = self
    key.range = nil
    key.account.tokenSeconds = nil
    // The ids are of the AppRole, and not of the pod.
    if method == .appRole { (key.account.name, key.account.audience) = ("", "") }
    return key
  }

  /// Where Vault is found.
  var way: VaultWay { VaultWay(address: address, trust: trust, namespace: account.namespace) }
}

/// A path that a pod's agents ask for, and what for.
struct AskedPath: Hashable {
  let path: RequestedPath
  let operation: Injection.VaultRequest.Operation
  /// The version of a secret of the second KV engine; nil for the newest.
  let version: Int?

  /// What a request asks for; nil where its path is made when the template is filled in.
  init?(_ request: Injection.VaultRequest) {
    guard let path = request.requestedPath, !path.text.isEmpty else { return nil }
    (self.path, operation) = (path, request.operation)
    version = request.path.flatMap(AskedPath.version)
  }

  private static func version(in written: String) -> Int? {
    guard let start = written.firstRange(of: "?") else { return nil }
    for parameter in written[start.upperBound...].split(separator: "&") where parameter.hasPrefix("version=") {
      return Int(parameter.dropFirst("version=".count).prefix { $0 != "#" })
    }
    return nil
  }
}

/// Someone whose rights at a path are looked at.
struct AskedPathKey: Hashable {
  let login: VaultLogin
  let path: AskedPath
}

/// What is known of a way to Vault.
struct ReachedVault {
  let health: VaultHealth
  /// The address that is asked.
  let address: String
  /// The service behind the API server; nil where Vault is asked directly.
  let service: ServiceProxy?

  /// Whether tokens cross a network that anybody may read along.
  var isInTheClear: Bool { service == nil && ServerAddress(address).map { !$0.isSecure && !$0.isLoopback } ?? false }
}

/// What is known of a path, as one who logged in sees it.
struct PathFacts {
  /// The engine that serves it.
  var mount: Result<VaultMount, VaultRefusal>
  /// What the agent asks for in the end.
  var asked = ""
  /// What may be done there.
  var rights = VaultCapabilities(["deny"])
  /// Why the rights there could not be asked; nil where they were.
  var hiddenRights: VaultRefusal?
  /// The same path as the other version of the KV engine has it, if it may be read: a policy for the wrong version.
  var otherForm: String?
  /// What might allow it and could not be seen without logging in; nil where nothing might.
  var possibleRight: PossibleRight?
  /// The names in the secret; nil where they were not looked at.
  var names: Result<SecretNames, VaultRefusal>?
  /// What an engine that issues secrets has to have, and whether it is there; nil where that was not looked at.
  var origin: (path: String, answer: Result<VaultAssent, VaultRefusal>)?
}

/// What might allow something, as far as operators see.
enum PossibleRight: String {
  case unreadPolicy = "a policy that could not be read here may allow it"
  case templatedRule = "a templated rule of a policy may allow it"
}

extension PathFacts {
  /// The version of the KV engine whose secrets have what is read: of the second, what is beside its secrets, such as
  /// their metadata, has no `data` of its own.
  var shape: Int {
    guard case .success(let mount) = mount, mount.kvVersion == 2 else { return 1 }
    return mount.rest(of: asked)?.hasPrefix("data/") == true ? 2 : 1
  }

  /// Whether Vault, or the way to it, failed meanwhile.
  var metOutage: Bool {
    let refusals = [mount.refusal, names?.refusal, origin?.answer.refusal]
    return refusals.contains { $0?.isOutage == true }
  }
}

extension Result where Failure == VaultRefusal {
  fileprivate var refusal: VaultRefusal? {
    guard case .failure(let refusal) = self else { return nil }
    return refusal
  }
}

/// All that was found out, from which each pod's checks follow.
struct PreflightFacts {
  /// Tokens of service accounts, or why there are none.
  var tokens: [VaultLogin.Account: Result<Secret, Diagnostic>] = [:]
  /// Ways to Vault, or why it is not reached.
  var ways: [VaultWay: Result<ReachedVault, Diagnostic>] = [:]
  /// Logins, or why they are refused; none where nobody logs in.
  var sessions: [VaultLogin: Result<VaultSession, Diagnostic>] = [:]
  /// What operators see of a role, or why pods of it would be refused.
  var roles: [VaultLogin: Result<AuthRole, Diagnostic>] = [:]
  /// The rules of policies, as operators see them; none for one that cannot be read.
  var policies: [OperatorPolicy: [ACLRule]] = [:]
  /// What templates of policies name auth methods by.
  var accessors: [AuthMount: String] = [:]
  /// Paths.
  var paths: [AskedPathKey: PathFacts] = [:]
  /// Tokens that could not be given back.
  var leftTokens: [VaultLogin: VaultRefusal] = [:]
  /// How many logins had no answer, so that Vault may have made a token that nobody has.
  var unansweredLogins = 0
  /// True where the cluster was needed and cannot be had.
  var isClusterMissing = false
  /// True where the run was ended before everything was asked.
  var isCutShort = false
}
