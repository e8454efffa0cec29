internal import ManifestText
internal import Workloads

/// Annotations of injectors that are not served: whose they are, and what to do.
enum OtherInjectors {
  /// What the annotations of an injector begin with.
  private struct Other {
    let prefix: String
    let message: String
    let hint: String
    /// True for a key that asks for nothing.
    let isIdle: @Sendable (String) -> Bool
  }

  private static let known = [
    Other(
      prefix: BankVaults.prefix, message: "that Bank-Vaults' webhook reads, and this program does not",
      hint: "leave it to that webhook, or rewrite what pods ask of it: kubectl vault-inject convert --from bank-vaults",
      isIdle: { ByteText.isEqual($0, BankVaults.prefix, then: BankVaults.mutate) }),
    Other(
      prefix: BankVaults.laterPrefix, message: "that Bank-Vaults' secrets-webhook reads, and this program does not",
      hint: "leave it to that webhook; `convert --from bank-vaults` reads what stands under \(BankVaults.prefix) alone",
      isIdle: { ByteText.isEqual($0, BankVaults.laterPrefix, then: BankVaults.mutate) }),
  ]

  /// What stands before the slash in their annotations.
  static let prefixes = known.map { String($0.prefix.dropLast()) }

  /// One note for each injector that an object has annotations of.
  static func findings(on keys: [(key: String, range: Range<Int>)]) -> [Diagnostic] {
    known.compactMap { injector in
      let found = keys.filter { ByteText.begins($0.key, with: injector.prefix) && !injector.isIdle($0.key) }
      guard let first = found.first else { return nil }
      let others = found.count > 1 ? " and \(found.count - 1) more are annotations" : " is an annotation"
      return Diagnostic(
        rule: .otherInjector, message: "`\(first.key)`\(others) \(injector.message)", hint: injector.hint,
        range: first.range)
    }
  }

  /// The same for an object that makes no pods, such as a ConfigMap: some injectors change what these hold.
  static func findings(on object: ManifestObject, in document: Document) throws(Diagnostic) -> [Diagnostic] {
    let path = PodTemplate.annotationsPath(ofPodAt: Path())
    guard let map = try document.node(at: path, from: object.node), document.isMapping(map) else { return [] }
    return findings(on: document.entries(of: map).map { (document.text(of: $0.key), document.range(of: $0.key)) })
  }
}
