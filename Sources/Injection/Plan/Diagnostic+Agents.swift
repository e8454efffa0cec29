internal import ManifestText

/// What is said about agents of every dialect.
extension Diagnostic {
  static func plainHTTP(_ name: String, _ host: String, at range: Range<Int>?) -> Diagnostic {
    Diagnostic(
      rule: .plainHTTP,
      message:
        "`\(name)` is an address of plain HTTP outside of the cluster: whoever is on the way to \(host) can read "
        + "every secret", hint: "use https://, with the certificate authority in vault.tls.caConfigMap or ca-cert",
      range: range)
  }

  static func authorityOverHTTP(_ name: String, _ address: String, at range: Range<Int>?) -> Diagnostic {
    Diagnostic(
      rule: .plainHTTP,
      message: "TLS is configured, and `\(name)` is \(address): nothing is encrypted, and no certificate is checked",
      hint: "use https:// in the address", range: range)
  }

  static func shellNeeded(range: Range<Int>?) -> Diagnostic {
    Diagnostic(
      rule: .shellNeeded, message: "a shell script puts the secrets into the environment of these containers",
      hint: "where there is no /bin/sh: plugin/Containerfile.vaultinjector-env, --set environmentHelper.image=IMAGE",
      range: range)
  }

  static func signalOutOfReach(_ key: String, _ command: String, _ hint: String, at range: Range<Int>?) -> Diagnostic {
    Diagnostic(
      rule: .signalOutOfReach,
      message: "the command in `\(key)` sends a signal, and the agent's container sees no processes but its own",
      hint: hint, range: range)
  }
}
