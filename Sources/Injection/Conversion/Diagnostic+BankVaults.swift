internal import ManifestText
internal import Workloads

/// What a conversion from Bank-Vaults has to say.
extension Diagnostic {
  // MARK: What cannot be expressed

  private static func inexpressible(_ message: String, _ hint: String, at range: Range<Int>?) -> Diagnostic {
    Diagnostic(rule: .notConvertible, message: message, hint: hint, range: range)
  }

  static func refused(_ key: String, _ words: String, _ hint: String, at range: Range<Int>) -> Diagnostic {
    inexpressible("`\(key)` cannot be converted: \(words)", hint, at: range)
  }

  static func lostValue(
    _ variable: BankVaultsPod.Variable, _ loss: BankVaultsValue.Loss, _ brand: AgentBrand
  ) -> Diagnostic {
    inexpressible(
      "the value of `\(variable.name)` \(loss.words), which no agent makes a variable of", loss.hint(brand),
      at: variable.range)
  }

  static func referenceElsewhere(_ origin: ValueOrigin, _ container: String) -> Diagnostic {
    inexpressible(
      "the container `\(container)` gets references from the \(origin.kind) `\(origin.name)`, and no agent reads those",
      "write them into its `env`: {name: NAME, value: vault:PATH#FIELD}", at: origin.range)
  }

  static func unreadablePaths(_ text: String, at range: Range<Int>) -> Diagnostic {
    inexpressible(
      "`\(text)` is no list of paths, each of which may have a version",
      "write it as in secret/data/db,secret/data/web#2", at: range)
  }

  static func initContainerWithoutVariables(_ name: String, at range: Range<Int>) -> Diagnostic {
    inexpressible(
      "the init container `\(name)` gets every field as a variable, too, and agents bring these to the application alone",
      "name what it needs in its own `env`, as vault:PATH#FIELD, and the paths in agent-inject-secret-NAME and "
        + "agent-inject-env-NAME", at: range)
  }

  static func takenKey(_ key: String, at range: Range<Int>) -> Diagnostic {
    inexpressible("the pod has `\(key)` already", "take it out, or take out Bank-Vaults' annotations", at: range)
  }

  static func asksAnother(_ request: String, at range: Range<Int>?) -> Diagnostic {
    inexpressible(
      "the pod asks for injection by `\(request)` as well", "convert that first, or take one of the two out", at: range)
  }

  static func daemonOfJob(at range: Range<Int>?) -> Diagnostic {
    inexpressible(
      "the webhook's program keeps leases alive, and an agent that does so cannot start this pod's application again",
      "make the pod's restartPolicy OnFailure, or take it out where a secret outlives the pod", at: range)
  }

  // MARK: What is different

  private static func differs(_ message: String, _ hint: String?, at range: Range<Int>?) -> Diagnostic {
    Diagnostic(rule: .convertedDifferently, message: message, hint: hint, range: range)
  }

  static func leftOut(_ key: String, _ words: String, _ hint: String, at range: Range<Int>) -> Diagnostic {
    differs("`\(key)` is left out: \(words)", hint, at: range)
  }

  static func unknownValues(_ names: [String], at range: Range<Int>) -> Diagnostic {
    differs(
      "what \(names.map { "`\($0)`" }.listed(first: 4)) \(names.count == 1 ? "holds" : "hold") is not known here: "
        + "references to Vault in \(names.count == 1 ? "it" : "them") are not replaced any more",
      "nothing is lost where there are none; manifests in the same file are read", at: range)
  }

  static func commandOfImage(_ names: [String], at range: Range<Int>?) -> Diagnostic {
    differs(
      "the webhook asks the registry what the image of \(names.map { "`\($0)`" }.listed(first: 4)) starts, and the "
        + "injection does not",
      "write its ENTRYPOINT and CMD as `command`, or inject with --entrypoint '\(names[0])=[\"/PROGRAM\"]' or "
        + "--image-config", at: range)
  }

  static func daemonRestarts(_ brand: AgentBrand, at range: Range<Int>?) -> Diagnostic {
    differs(
      "an agent keeps leases alive, and ends the application where a value changes, for it to start with the new one",
      "without \(brand.fullKey(HashiCorpTable.variablesOnChange.key)) no agent stays beside it", at: range)
  }

  static func variablesNeedInjection(at range: Range<Int>?) -> Diagnostic {
    differs("no webhook brings variables so: inject the manifest before it is applied", nil, at: range)
  }

  static func podlessBankVaults(_ key: String, _ kind: String, at range: Range<Int>) -> Diagnostic {
    differs(
      "this \(kind) stays as it is: Bank-Vaults' webhook still has to replace what is in it",
      "keep the webhook for it, or have it written by what brings secrets of Vault's into those of Kubernetes",
      at: range)
  }
}
