public import ManifestText

/// Findings about kubeconfig files and the flags over them; of a file's text only names are repeated.
extension Diagnostic {
  private static func kubeconfig(_ message: String, hint: String?) -> Diagnostic {
    Diagnostic(rule: .kubeconfig, message: message, hint: hint)
  }

  // MARK: Files

  static let noKubeconfig = kubeconfig(
    "there is no such kubeconfig file", hint: "--kubeconfig takes the path of one file")

  static func unreadableFile(_ reason: String) -> Diagnostic {
    kubeconfig("cannot be read: \(reason)", hint: "it is one of the kubeconfig files in force; see $KUBECONFIG")
  }

  static func namedFile(_ path: String, _ failure: Host.FileFailure) -> Diagnostic {
    switch failure {
    case .missing:
      kubeconfig(
        "the file \(path) does not exist",
        hint: "a relative path in a kubeconfig starts at that file's folder, one on the command line here")
    case .unreadable(let reason):
      kubeconfig("the file \(path) cannot be read: \(reason)", hint: nil)
    }
  }

  static func notAKubeconfig(_ range: Range<Int>) -> Diagnostic {
    Diagnostic(
      rule: .kubeconfig, message: "this is not a kubeconfig: it is not a map",
      hint: "a kubeconfig has clusters, users and contexts; kubectl config view shows one", range: range)
  }

  static func kubeconfigHead(_ key: String, _ found: String, wanted: String) -> Diagnostic {
    kubeconfig("the \(key) of a kubeconfig is `\(wanted)`, and here it is `\(found)`", hint: nil)
  }

  static func kubeconfigType(_ key: String, _ found: String, wanted: String, hint: String?) -> Diagnostic {
    kubeconfig("`\(key)` is \(found), and has to be \(wanted)", hint: hint)
  }

  /// The value is not repeated: it may be secret.
  static func controlCharacter(_ setting: String, _ name: String) -> Diagnostic {
    kubeconfig(
      "\(setting) holds the control character \(name), which cannot be sent",
      hint: "write it on one line, without a line break at its end; a value after `|` ends in one")
  }

  static func secondEntry(_ item: String, _ name: String) -> Diagnostic {
    kubeconfig("the file has a second \(item) named `\(name)`", hint: "remove or rename one of the two")
  }

  static func notBase64(_ key: String) -> Diagnostic {
    kubeconfig("`\(key)` is not base64", hint: "it is the whole PEM file on one line, from base64 -w0")
  }

  static func notPEM(_ kind: String) -> Diagnostic {
    let what = kind == "CERTIFICATE" ? "certificate" : "private key"
    return kubeconfig("there is no \(what) in PEM form", hint: "it begins with a line like -----BEGIN \(kind)-----")
  }

  // MARK: Contexts

  static func noEntry(
    _ item: String, _ name: String, flag: String, names: [String], missing: [String]
  ) -> Diagnostic {
    let nearest = NearestName.nearest(to: name, among: names).map { "did you mean \($0)? " } ?? ""
    let known: String
    if !names.isEmpty {
      known = "there \(names.count == 1 ? "is" : "are") \(names.sorted().joined(separator: ", "))"
    } else if missing.isEmpty {
      known = "the kubeconfig has none"
    } else {
      known = "the kubeconfig is missing: \(missing.joined(separator: ", "))"
    }
    return kubeconfig("\(flag): there is no \(item) `\(name)`", hint: nearest + known)
  }

  static func namespace(_ setting: String, _ fault: String) -> Diagnostic {
    kubeconfig("\(setting): the name of a namespace \(fault)", hint: "names consist of a-z, 0-9 and -")
  }

  static func currentContextMissing(_ name: String) -> Diagnostic {
    kubeconfig(
      "the current context is `\(name)`, and there is no such context",
      hint: "choose another: kubectl config use-context NAME, or --context NAME")
  }

  static func contextWithoutCluster(_ name: String) -> Diagnostic {
    kubeconfig(
      "the context `\(name)` leads to no cluster",
      hint: "its `cluster` has to be the name of an entry in `clusters`; --cluster and --server win over it")
  }

  static func noCluster(missing: [String]) -> Diagnostic {
    let files = missing.isEmpty ? "" : " (looked for \(missing.joined(separator: ", ")))"
    return kubeconfig(
      "no cluster is configured\(files)",
      hint: "name a kubeconfig with --kubeconfig or KUBECONFIG and choose a context with --context, or give --server")
  }

  // MARK: The server

  static func clusterWithoutServer(_ name: String) -> Diagnostic {
    kubeconfig("the cluster `\(name)` has no server", hint: "add server: https://HOST:PORT, or give --server")
  }

  static func serverURL(_ found: String) -> Diagnostic {
    kubeconfig(
      "`\(found)` is not the address of an API server", hint: "one looks like https://cluster.example.com:6443")
  }

  static let proxyScheme = kubeconfig(
    "`proxy-url` has to begin with http://, https:// or socks5://", hint: nil)

  static let authorityAndNoVerification = kubeconfig(
    "a certificate authority is given, and insecure-skip-tls-verify says not to check against it",
    hint: "keep one of the two; the authority is the safe one")

  static func dataAndFile(_ key: String, of kind: String, _ name: String) -> Diagnostic {
    Diagnostic(
      as: .warning, rule: .kubeconfig,
      message: "the \(kind) `\(name)` has both \(key) and \(key)-data; the file is not read",
      hint: "remove one of the two")
  }

  static func requestTimeout(_ text: String) -> Diagnostic {
    kubeconfig(
      "--request-timeout: `\(text)` is not a time",
      hint: "write seconds as a whole number, or a duration such as 30s, 1m30s or 2h; 0 means no limit")
  }

  // MARK: The user

  static func credentialsWithoutTLS(_ server: String) -> Diagnostic {
    Diagnostic(
      as: .warning, rule: .kubeconfig,
      message: "nothing that proves who you are is sent to \(server): the connection is not encrypted",
      hint: "use https:// in the address of the server")
  }

  static func tokenAndPassword(_ name: String) -> Diagnostic {
    kubeconfig(
      "the user `\(name)` has both a token and a name with a password", hint: "only one of the two can be sent")
  }

  static func halfACertificate(missing key: String, _ name: String) -> Diagnostic {
    kubeconfig(
      "the user `\(name)` has half of a client certificate: \(key) is missing",
      hint: "add \(key)-data or \(key), or give --\(key)")
  }

  static func impersonatingNobody(_ user: String, _ others: String) -> Diagnostic {
    kubeconfig("\(others) say more about the user to act as, and \(user) names none", hint: "add \(user)")
  }

  static func userExtra(_ text: String) -> Diagnostic {
    kubeconfig("--as-user-extra: `\(text)` is not of the form KEY=VALUE", hint: "repeat the flag for more values")
  }
}

/// Why kubeconfig files and flags do not lead to a cluster.
///
/// It names a place but carries no text of the file: lines of a kubeconfig hold secrets.
public struct KubeconfigError: Error, Equatable, Sendable {
  /// What is at fault.
  public enum Kind: Equatable, Sendable {
    /// The command line asks for something impossible.
    case usage
    /// A file that is named is not there.
    case missing
    /// A file is there and cannot be used.
    case refused
    /// Nothing is wrong, but no cluster is configured.
    case unavailable
  }

  /// What is at fault.
  public let kind: Kind
  /// `file:line:column` or a file's name; nil where the command line is at fault.
  public let place: String?
  /// What was found and what would be accepted; without a range.
  public let diagnostic: Diagnostic

  init(_ kind: Kind = .refused, at place: String? = nil, _ diagnostic: Diagnostic) {
    self.kind = kind
    self.place = place
    self.diagnostic = diagnostic
    assert(diagnostic.range == nil)
  }

  /// A finding about a text, its place taken out of it.
  init(_ diagnostic: Diagnostic, in source: SourceText) {
    let place = diagnostic.range.map { "\(source.location(of: $0.lowerBound))" }
    var placeless = diagnostic
    placeless.range = nil
    self.init(at: place ?? source.name, placeless)
  }
}

extension KubeconfigError {
  /// Where a setting comes from: a flag, or a key of a kubeconfig's entry.
  enum Origin {
    case flag
    case entry(KubeconfigEntry, key: String)

    /// What is wrong with the setting, pointed at.
    func error(_ diagnostic: Diagnostic) -> KubeconfigError {
      switch self {
      case .flag: KubeconfigError(.usage, diagnostic)
      case .entry(let entry, let key): entry.error(at: key, diagnostic)
      }
    }
  }
}
