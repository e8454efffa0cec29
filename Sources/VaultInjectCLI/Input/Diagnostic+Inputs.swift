internal import Cluster
package import KubernetesAPI
internal import ManifestText
package import Output
package import Platform

/// Findings about inputs that cannot be read; the input's name stands before the sentence.
extension Diagnostic {
  // MARK: The command line

  static let noInput = Diagnostic(
    rule: .noInput, message: "no manifest is named",
    hint: "name files or folders, with or without -f; - is standard input, -k FOLDER runs kubectl kustomize; see --help"
  )

  static let emptyName = Diagnostic(
    rule: .emptyInputName, message: "one of the files is named by an empty string",
    hint: "a variable may be empty, or two commas in the value of -f have nothing between them")

  static let emptyKustomization = Diagnostic(
    rule: .emptyInputName, message: "the value of -k is empty",
    hint: "-k takes a folder with a kustomization.yaml")

  static let standardInputTwice = Diagnostic(
    rule: .standardInputTwice, message: "standard input (-) is named twice, but can be read only once",
    hint: "name it once; one stream may hold many documents, with --- between them")

  static let kustomizationNotAlone = Diagnostic(
    rule: .kustomizationNotAlone, message: "-k cannot be used together with -f, -R or file arguments",
    hint: "run the command once for each, or list the files as resources in the kustomization")

  // MARK: Files and folders

  /// No file is called so; `unsplit` is an existing name that the commas in `-f` took apart.
  static func missingFile(_ path: String, unsplit: String? = nil) -> Diagnostic {
    if FileStatus.isBrokenLink(path) {
      return Diagnostic(rule: .noSuchFile, message: "is a link to a file that does not exist")
    }
    if let unsplit {
      return Diagnostic(
        rule: .noSuchFile, message: "no such file or folder",
        hint: "-f takes several names between commas; to name one file, leave -f out: '\(unsplit)'")
    }
    let nearest = MissingPath(path).nearest
    return Diagnostic(
      rule: .noSuchFile, message: "no such file or folder", hint: nearest.map { "did you mean \($0)?" })
  }

  static func unreadable(_ error: SystemError) -> Diagnostic {
    let hint: String? =
      switch error {
      case .permissionDenied: "make it readable for the user who runs this"
      case .isADirectory: "a folder was put where a file is read"
      default: nil
      }
    return Diagnostic(rule: .unreadableInput, message: "cannot be read: \(error.reason)", hint: hint)
  }

  static func noManifests(unreadSubfolders: Int) -> Diagnostic {
    let endings = "a file of another name is read when it is named itself"
    return Diagnostic(
      rule: .noManifests, message: "this folder has no file that ends in .json, .yaml or .yml",
      hint: unreadSubfolders == 0 ? endings : "-R reads its \(subfolders(unreadSubfolders)) too; \(endings)")
  }

  private static func subfolders(_ count: Int) -> String {
    count == 1 ? "subfolder" : "\(count) subfolders"
  }

  /// No file matches a pattern, below a folder that may be misspelt.
  static func noMatch(of pattern: String) -> Diagnostic {
    let nearest = MissingPath(pattern).nearestFolder.map { "did you mean \($0)?" }
    return Diagnostic(rule: .noMatch, message: "no file matches this pattern", hint: nearest ?? patternHint)
  }

  private static let patternHint =
    "* and ? stand for letters of one name, not for folders in between; -R reads a folder to any depth"
}

extension Fault {
  /// The system refuses to let a file be read.
  package static func unreadable(_ error: SystemError, input: String) -> Fault {
    Fault(.refused, input: input, .unreadable(error))
  }
}

/// What is said about inputs that another machine or another program should have given.
extension Diagnostic {
  static let webPage = Diagnostic(
    rule: .webPage, message: "the server sent a web page (HTML) instead of a manifest",
    hint: "use the address of the file itself; on GitHub and GitLab that is what the Raw button leads to")

  static let kubectlMissing = Diagnostic(
    rule: .kubectlMissing, message: "-k needs kubectl, which is not on PATH",
    hint: "install kubectl, or pipe in what another kustomize prints: kustomize build DIR, read with -f -")

  static let helmMissing = Diagnostic(
    rule: .helmMissing, message: "this folder is a Helm chart, and rendering it needs helm, which is not on PATH",
    hint: """
      put helm into the plugin's image, as plugin/Containerfile does; or take .vault-inject.yaml out of the \
      folder, and Argo CD renders it without injecting
      """)

  static func notStarted(_ program: String, _ error: SystemError, rule: Rule) -> Diagnostic {
    Diagnostic(rule: rule, message: "\(program) could not be started: \(error.reason)")
  }

  /// `words` is what the program wrote to standard error.
  static func renderingFailed(
    _ program: String, _ ending: Subprocess.Outcome.Ending, saying words: String, meant folders: [String] = [],
    rule: Rule
  ) -> Diagnostic {
    let how =
      switch ending {
      case .exited(let code): "ended with exit code \(code)"
      case .killed(let signal): "was ended by signal \(signal)"
      }
    let words = ProgramMessage(words).text
    return Diagnostic(
      rule: rule, message: "\(program) \(how)\(words.isEmpty ? "" : ": \(words)")",
      hint: folders.isEmpty
        ? "run \(program) on the same folder to see it fail alone"
        : "did you mean \(folders.prefix(4).map { "-k \($0)" }.joined(separator: ", or "))?")
  }

  /// A URL that gave no manifest, after this many attempts where asking again made sense.
  static func notFetched(_ error: TransportError, attempts: Int) -> Diagnostic {
    let (rule, message, hint) = sentence(for: error, attempts: attempts)
    let detail = error.detail.isEmpty ? "" : " (\(error.detail))"
    return Diagnostic(rule: rule, message: message + detail, hint: hint)
  }

  private static func sentence(
    for error: TransportError, attempts: Int
  ) -> (rule: Rule, message: String, hint: String?) {
    switch error.code {
    case .libraryMissing:
      (.libcurlMissing, "reading a URL needs libcurl, which cannot be opened", libcurlHint)
    case .invalidURL:
      (.invalidURL, "is not a URL", "a URL looks like https://example.org/app.yaml")
    case .unsendable:
      (.invalidURL, "is not a URL", "a URL has no line break and no other control character in it")
    case .unsupportedScheme:
      (.invalidURL, "leads to something other than http or https", nil)
    case .hostNotFound:
      (.hostNotFound, "the host name is unknown", "check its spelling and the network connection")
    case .connectionFailed:
      (.notConnected, "the server cannot be reached", "\(attempts) attempts were made")
    case .timedOut:
      (.timedOut, "the server took too long to answer", "\(attempts) attempts were made")
    case .certificateNotTrusted:
      (
        .certificateNotTrusted, "the server's certificate is not trusted",
        "if it is your own, name the file of its authority in SSL_CERT_FILE"
      )
    case .certificateExpired:
      (.certificateNotTrusted, "the server's certificate is out of date", "ask whoever runs the server to renew it")
    case .certificateForOtherName:
      (
        .certificateNotTrusted, "the server's certificate is for another name",
        "use the name the certificate was made for"
      )
    case .clientCertificateRefused, .clientCertificateUnusable:
      (
        .tlsFailed, "the server wants a client certificate",
        "download it with a program that can show one, and read it with -f -"
      )
    case .proxyFailed:
      (.proxyFailed, "the proxy refuses, or cannot be reached", "check HTTP_PROXY, HTTPS_PROXY and NO_PROXY")
    case .redirected(let address):
      (.redirect, "the server sends on to \(URLText.withoutSecrets(address))", "use that address")
    case .cancelled:
      (.interrupted, "the run was ended before the answer came", nil)
    case .tlsFailed:
      (.tlsFailed, "no secure connection can be made", "the server may not speak TLS at this port")
    case .tooManyRedirects:
      (.tooManyRedirects, "the server redirects more than ten times", nil)
    case .tooLarge:
      (.tooLarge, "the answer is longer than 512 MB, too long for a manifest", nil)
    case .status(let status):
      (.httpStatus, "the server answered \(status)\(meaning(of: status))", hint(for: status, attempts))
    case .transferFailed:
      (.transferFailed, "the transfer broke off", "\(attempts) attempts were made")
    }
  }

  private static let libcurlHint =
    "install it (Debian, Ubuntu: apt-get install libcurl4; macOS: brew install curl), or download the file yourself"

  private static func meaning(of status: Int) -> String {
    switch status {
    case 401: " (not logged in)"
    case 403: " (not allowed)"
    case 404: " (not found)"
    case 410: " (gone)"
    case 429: " (too many requests)"
    case 500..<600: " (a fault of its own)"
    default: ", not 200"
    }
  }

  private static func hint(for status: Int, _ attempts: Int) -> String? {
    switch status {
    case 401, 403: "download it with a program that can log in, and read it with -f -"
    case 404, 410: "check the address; a private repository may answer so to those who are not logged in"
    case 500..<600: "\(attempts) attempts were made"
    default: nil
    }
  }
}

extension Fault {
  /// A URL gave no manifest, after this many attempts where asking again made sense.
  package static func notFetched(_ error: TransportError, input: String, attempts: Int) -> Fault {
    Fault(error.kind, input: input, .notFetched(error, attempts: attempts))
  }
}

extension TransportError {
  /// What kind of failure it is that an input could not be fetched for this reason.
  fileprivate var kind: Fault.Kind {
    switch code {
    case .invalidURL, .unsupportedScheme, .unsendable: .usage
    case .status(404), .status(410), .hostNotFound: .missing
    case .tooLarge: .refused
    case .libraryMissing, .connectionFailed, .timedOut, .certificateNotTrusted, .certificateExpired,
      .certificateForOtherName, .clientCertificateRefused, .clientCertificateUnusable, .tlsFailed, .proxyFailed,
      .redirected, .cancelled, .tooManyRedirects, .status, .transferFailed:
      .unavailable
    }
  }
}
