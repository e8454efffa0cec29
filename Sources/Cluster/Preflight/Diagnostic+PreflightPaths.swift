internal import Injection
internal import KubernetesAPI
internal import ManifestText
internal import VaultAPI

/// Why a path gives a pod nothing, and what to do.
extension Diagnostic {
  static func noMount(_ path: String, _ need: String, isOperator: Bool, at range: Range<Int>?) -> Diagnostic {
    Diagnostic(
      rule: isOperator ? .mountUnknown : .noRight,
      message: isOperator
        ? "no engine is mounted there"
        : "the login sees no engine there: none is mounted, or its policies allow nothing below it",
      hint: isOperator
        ? "vault secrets list shows the engines; mount one there, or correct the path"
        : "check the path with vault secrets list; a policy needs \(rule(for: path, need))", range: range)
  }

  static func noRight(_ need: String, _ path: String, _ policies: [String], at range: Range<Int>?) -> Diagnostic {
    Diagnostic(
      rule: .noRight, message: "the policies \(policies.inBackticks) do not allow `\(need)` at `\(path)`",
      hint: "one of them needs \(rule(for: path, need))", range: range)
  }

  static func otherKV(
    _ mount: VaultMount, asked: String, allowed: String, at range: Range<Int>?
  ) -> Diagnostic {
    let isSecond = mount.kvVersion == 2
    return Diagnostic(
      rule: .kvVersion,
      message: "`\(mount.path)` is KV \(mount.kvVersion ?? 1), and the policies allow `\(allowed)`, not `\(asked)`",
      hint: isSecond
        ? "write the path into the policy as KV 2 has it: \(rule(for: asked, "read"))"
        : "write the path without `data/`, which only KV 2 has: \(allowed)", range: range)
  }

  static func dataOnFirstKV(_ mount: VaultMount, _ asked: String, at range: Range<Int>?) -> Diagnostic {
    let rest = mount.rest(of: asked)?.dropFirst("data/".count) ?? ""
    return Diagnostic(
      rule: .kvVersion, message: "`\(mount.path)` is KV 1, which has no secret `\(asked)`",
      hint: "write the path without `data/`, which only KV 2 has: \(mount.path)\(rest)", range: range)
  }

  /// `number` is the version of the secret that is asked for; nil for the newest.
  static func noSecret(_ path: String, _ version: Int, number: Int? = nil, at range: Range<Int>?) -> Diagnostic {
    let what = number.map { "version \($0) of a secret" } ?? "secret"
    return Diagnostic(
      rule: .noSecret, message: "there is no \(what) at `\(path)` (KV \(version))",
      hint: "write it, or correct the path; the pod waits until it is there", range: range)
  }

  static func deletedSecret(_ path: String, number: Int?, at time: String, _ range: Range<Int>?) -> Diagnostic {
    Diagnostic(
      rule: .secretDeleted, message: "\(version(number)) of `\(path)` was deleted at \(time)",
      hint: "bring it back with vault kv undelete, or \(number == nil ? "write a new version" : "ask for another one")",
      range: range)
  }

  static func destroyedSecret(_ path: String, number: Int?, _ range: Range<Int>?) -> Diagnostic {
    Diagnostic(
      rule: .secretDeleted, message: "\(version(number)) of `\(path)` was destroyed",
      hint: number == nil ? "write a new version" : "ask for another version", range: range)
  }

  private static func version(_ number: Int?) -> String { number.map { "version \($0)" } ?? "the newest version" }

  static func noField(
    _ field: FieldNeeds.Missing, _ names: SecretNames, _ version: Int, at range: Range<Int>?
  ) -> Diagnostic {
    if let right = field.right {
      return Diagnostic(
        rule: .kvVersion, message: "the template takes `\(field.written)`, and the secret is of KV \(version)",
        hint: "write \(right)", range: range)
    }
    let shown = names.names.map { "`\($0)`" }.listed(first: 20)
    return Diagnostic(
      rule: .noField, message: "the secret has no `\(field.written)`, which the template takes",
      hint: names.names.isEmpty ? "the secret is empty" : "it has \(shown)", range: range)
  }

  static func noEngineRole(_ path: String, _ mount: VaultMount, at range: Range<Int>?) -> Diagnostic {
    Diagnostic(
      rule: .noVaultRole, message: "the engine `\(mount.path)` (\(mount.type)) has no `\(path)`",
      hint: "make it, or correct the path", range: range)
  }

  /// A rule as policies have it.
  private static func rule(for path: String, _ need: String) -> String {
    "path \(HCLText.quoted(path)) { capabilities = [\"\(need)\"] }"
  }

  /// What is said of a token that could not be given back.
  static func leftText(_ seconds: Int, _ refusal: VaultRefusal) -> String {
    let end = seconds > 0 ? "it ends by itself after \(DurationText.of(seconds))" : "it has no end: revoke it"
    return "could not be given back (\(refusal.text)); \(end)"
  }
}

extension VaultRefusal {
  /// The refusal in a few words, without Vault's own, which may repeat what it was sent.
  var text: String {
    switch self {
    case .transport(let error):
      switch error.code {
      case .timedOut: "Vault took too long to answer"
      case .cancelled: "interrupted"
      case .unsendable: error.detail.isEmpty ? "no such request can be sent" : "no such request: \(error.detail)"
      case .tooLarge: "Vault's answer is too long"
      case .redirected, .tooManyRedirects: "Vault sends on to another address"
      default: "the connection broke off"
      }
    case .cluster(let status): "the API server answered \(status.code)"
    case .notVault(let status, _): "something else than Vault answered \(status)"
    case .sealed: "Vault is sealed"
    case .notInitialized: "Vault is not initialised"
    case .tooManyRequests: "Vault asks for fewer requests"
    case .permissionDenied: "permission denied"
    case .batchToken: "batch tokens cannot be"
    case .failed(let status, _), .other(let status, _): "Vault answered \(status)"
    default: "Vault refuses"
    }
  }
}
