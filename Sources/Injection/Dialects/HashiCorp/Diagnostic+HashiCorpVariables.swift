internal import ManifestText

/// What is said about variables.
extension Diagnostic {
  /// Why a pod's variables cannot be had.
  static func variables(_ message: String, _ hint: String, at range: Range<Int>?) -> Diagnostic {
    Diagnostic(rule: .environmentImpossible, message: message, hint: hint, range: range)
  }

  static func noCommand(
    _ containers: [String], hasArguments: Bool, isShared: Bool, remark: String?, at range: Range<Int>
  ) -> Diagnostic {
    let names = containers.map { "`\($0)`" }.listed(first: 4)
    let option = "--entrypoint '\(containers[0])=[\"/PROGRAM\"]'"
    let image = hasArguments ? "its image's ENTRYPOINT" : "its image's ENTRYPOINT and CMD"
    let others =
      isShared
      ? ", or name the containers that are to have variables in \(HashiCorpTable.containers.key)"
      : ", or take the value out"
    return variables(
      containers.count == 1
        ? "the container \(names) has no `command` that could be started with its variables"
        : "the containers \(names) have no `command` that could be started with their variables",
      "write \(image) as `command`, or give it with \(option) or the image's configuration with --image-config\(others)"
        + (remark.map { "; \($0)" } ?? ""), at: range)
  }

  static func unlikeReference(
    _ variable: String, _ text: String, _ hint: String, at range: Range<Int>
  ) -> Diagnostic {
    Diagnostic(
      rule: .vaultReference,
      message: "`\(variable)` is `\(text)`, which is no reference to a secret and stays as it is",
      hint: hint, range: range)
  }

  static func sameVariable(_ variable: String, at range: Range<Int>) -> Diagnostic {
    Diagnostic(
      rule: .sameVariable, message: "two secrets become the variable `\(variable)`, of which the first counts",
      hint: "give one of them another name in agent-inject-env-NAME", range: range)
  }

  /// A variable is written out, and a secret has one of the same name.
  static func variableBesideSecret(_ variable: String, at range: Range<Int>) -> Diagnostic {
    Diagnostic(
      rule: .sameVariable, message: "a secret becomes the variable `\(variable)` as well, and counts before this one",
      hint: "take this one out, or give one of them another name", range: range)
  }

  static func expandedVariable(
    _ variable: String, _ field: String, isReference: Bool, at range: Range<Int>
  ) -> Diagnostic {
    let outcome = isReference ? "and puts the reference there, not the secret" : "when it is not there yet"
    return Diagnostic(
      rule: .expandedVariable,
      message: "Kubernetes fills `$(\(variable))` in `\(field)` in before the container starts, \(outcome)",
      hint:
        "let a shell fill it in, by command: [sh, -c, 'exec PROGRAM \"$\(variable)\"'], or have the program read the "
        + "variable", range: range)
  }

  /// An annotation of the other prefix, where there is one of the injector's own.
  static func outranked(_ key: String, _ prefix: String, _ own: String, at range: Range<Int>) -> Diagnostic {
    Diagnostic(
      rule: .settingWithoutEffect, message: "`\(prefix)/\(key)` has no effect with `\(own)/\(key)`",
      hint: "take it out: of two, that under \(own) counts", range: range)
  }

  static func expiringVariables(_ path: String, at range: Range<Int>) -> Diagnostic {
    Diagnostic(
      rule: .expiringVariable,
      message: "Vault makes `\(path)` for this pod for a time, and its variables stay what they were",
      hint: "set \(HashiCorpTable.variablesOnChange.key): \"restart\", or read a file that is kept up to date",
      range: range)
  }

  static func unknownToWebhook(_ injector: String, at range: Range<Int>?) -> Diagnostic {
    Diagnostic(
      rule: .unknownToWebhook,
      message: "\(injector) does not know variables: where its webhook injects this pod, the application starts "
        + "without them", hint: "inject this manifest before it is applied: the webhook leaves such pods alone",
      range: range)
  }
}
