internal import ManifestText

/// Annotations of injectors that are not served: whose they are, and what to do.
enum OtherInjectors {
  /// What the annotations of an injector begin with.
  private struct Other {
    let prefix: String
    let message: String
    let hint: String
  }

  private static let known = [
    Other(
      prefix: "vault.security.banzaicloud.io/", message: "that Bank-Vaults' webhook reads, and this program does not",
      hint: "leave the pod to that webhook, or ask for files with vault.hashicorp.com/agent-inject-secret-NAME")
  ]

  /// What stands before the slash in their annotations.
  static let prefixes = known.map { String($0.prefix.dropLast()) }

  /// One note for each injector that a pod has annotations of.
  static func findings(on keys: [(key: String, range: Range<Int>)]) -> [Diagnostic] {
    known.compactMap { injector in
      let found = keys.filter { ByteText.begins($0.key, with: injector.prefix) }
      guard let first = found.first else { return nil }
      let others = found.count > 1 ? " and \(found.count - 1) more are annotations" : " is an annotation"
      return Diagnostic(
        rule: .otherInjector, message: "`\(first.key)`\(others) \(injector.message)", hint: injector.hint,
        range: first.range)
    }
  }
}
