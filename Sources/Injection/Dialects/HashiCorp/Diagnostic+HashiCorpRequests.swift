internal import ManifestText

/// What is said about requests, logins and the order of containers.
extension Diagnostic {
  // MARK: Requests

  static func noAgent(at range: Range<Int>?) -> Diagnostic {
    Diagnostic(
      rule: .noAgent, message: "no agent is injected at all, so nothing fetches the secrets",
      hint: "with agent-pre-populate: \"false\" leave agent-pre-populate-only out, or the other way round", range: range
    )
  }

  static func nothingToFetch(at range: Range<Int>?) -> Diagnostic {
    Diagnostic(
      rule: .nothingToFetch,
      message: "no annotation asks for a secret, a token or a configuration: the agents log in and write nothing",
      hint: "name a secret's path in agent-inject-secret-NAME, or set agent-inject-token: \"true\"", range: range)
  }

  static func mistakenSecret(
    _ key: String, _ meant: String, _ name: String, at range: Range<Int>
  ) -> Diagnostic {
    Diagnostic(
      rule: .mistakenSecret, message: "`\(key)` asks for a secret of its own, `\(name)`, and its value is no path",
      hint: "did you mean `\(meant)`?", range: range)
  }

  static func lateRevocation(_ grace: UInt64, _ period: Int64, at range: Range<Int>?) -> Diagnostic {
    Diagnostic(
      rule: .lateRevocation,
      message: "the token is revoked \(grace) s after the pod is told to end, and the pod has \(period) s to end",
      hint: "shorten agent-revoke-grace, or raise terminationGracePeriodSeconds", range: range)
  }

  // MARK: Values

  /// Where both are the same, Vault's agent starts, and OpenBao's does not.
  static func backoffsCrossed(
    _ least: String, _ most: String, areEqual: Bool, at range: Range<Int>?
  ) -> Diagnostic {
    Diagnostic(
      as: areEqual ? .warning : nil, rule: .refusedValue,
      message: "the agent waits \(least) after a failed login at first, and \(most) at most: "
        + (areEqual ? "OpenBao's does not start with that" : "it does not start with that"),
      hint: "auth-min-backoff (1s unless set) has to be shorter than auth-max-backoff (5m unless set)", range: range)
  }

  // MARK: Login

  static func authPathWithoutPrefix(
    _ name: String, _ found: String, _ path: String, at range: Range<Int>?
  ) -> Diagnostic {
    Diagnostic(
      rule: .authPathPrefix, message: "`\(name)` is `\(found)`, and Vault has its auth methods below auth/",
      hint: "write `auth/\(path)`", range: range)
  }

  static func missingParameters(_ method: String, _ missing: [String], at range: Range<Int>?) -> Diagnostic {
    let names = missing.map { "auth-config-\(GoText.split($0, at: "_").joined(separator: "-"))" }
    return Diagnostic(
      rule: .missingAuthParameter,
      message:
        "the agent does not start with the auth method `\(method)` without \(missing.joined(separator: " and "))",
      hint: "set \(names.joined(separator: " and "))", range: range)
  }

  // MARK: Order

  static func readsBeforeAgent(_ container: String, _ folder: String, at range: Range<Int>) -> Diagnostic {
    Diagnostic(
      rule: .initBeforeAgent,
      message: "the init container `\(container)` uses \(folder), and runs before the agent has written anything there",
      hint: "set agent-init-first: \"true\"", range: range)
  }

  static func meshBeforeAgent(_ container: String, _ mesh: String, at range: Range<Int>) -> Diagnostic {
    Diagnostic(
      rule: .meshBeforeAgent,
      message:
        "`\(container)` sends the pod's traffic to \(mesh)'s proxy, which does not run yet when the agent starts",
      hint: "set agent-init-first: \"true\"", range: range)
  }
}
