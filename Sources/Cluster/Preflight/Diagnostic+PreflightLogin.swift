internal import Injection
internal import KubernetesAPI
internal import ManifestText
internal import Output
internal import VaultAPI

/// Why a pod has no token of its service account.
extension Diagnostic {
  static func noToken(
    _ status: APIStatus, of account: VaultLogin.Account, comesWithInput: Bool, as user: String
  ) -> Diagnostic {
    let (name, namespace) = (account.name, account.namespace)
    switch status.code {
    case 404 where comesWithInput:
      return Diagnostic(
        rule: .noAccountToken, message: "it comes with the same input, and is not in the cluster yet",
        hint: "apply it first, or name a file with a token of it: --jwt-file")
    case 404 where status.kind == "namespaces":
      return Diagnostic(
        rule: .noAccountToken, message: "the cluster has no namespace `\(namespace)`",
        hint: "create it first: kubectl create namespace \(ShellText.word(namespace))")
    case 404:
      return Diagnostic(
        rule: .noAccountToken, message: "the namespace `\(namespace)` has no service account `\(name)`",
        hint: "create it: kubectl create serviceaccount \(ShellText.word(name)) -n \(ShellText.word(namespace))")
    case 403:
      return Diagnostic(
        rule: .noAccountToken, message: "the cluster gives no token of it: \(status.message)",
        hint:
          "check with kubectl auth can-i create serviceaccounts/token -n \(namespace)\(user), or name a file with a token: --jwt-file"
      )
    default:
      return Diagnostic(
        rule: .noAccountToken, message: "the cluster gives no token of it: \(status.message)",
        hint: "name a file with a token of it: --jwt-file")
    }
  }

  static func unusableAccount(_ fault: String) -> Diagnostic {
    Diagnostic(
      rule: .noAccountToken, message: "no service account can have this name: it \(fault)",
      hint: "correct spec.serviceAccountName")
  }

  static let noTokenInAnswer = Diagnostic(
    rule: .noAccountToken, message: "the API server's answer holds no token", hint: "run the command again")
}

/// Why Vault refuses a pod's login, and what to do.
extension Diagnostic {
  static func login(_ refusal: VaultRefusal, _ login: VaultLogin, at address: String) -> Diagnostic {
    let (mount, role, account) = (login.mountTitle, login.role, login.account)
    let write = "vault write \(ShellText.word("\(mount)/role/\(role)"))"
    let (name, namespace) = (ShellText.word(account.name), ShellText.word(account.namespace))
    let isKubernetes = login.method == .kubernetes
    switch refusal {
    case .unknownRole:
      return Diagnostic(
        rule: .unknownRole, message: "\(mount) has no role `\(role)`",
        hint: "correct the role, or make it: \(write)"
          + (isKubernetes
            ? " bound_service_account_names=\(name) bound_service_account_namespaces=\(namespace) token_policies=…"
            : " …"),
        range: login.range)
    case .missingRole:
      return Diagnostic(
        rule: .unknownRole, message: "no role is named, and \(mount) wants one",
        hint: "name it in the pod's annotations",
        range: login.range)
    case .accountNotAuthorized:
      return Diagnostic(
        rule: .roleAccount, message: "the role `\(role)` is not for the service account `\(account.name)`",
        hint: "add it to those it is for: \(write) bound_service_account_names=…,\(name)", range: login.range)
    case .namespaceNotAuthorized:
      return Diagnostic(
        rule: .roleNamespace, message: "the role `\(role)` is not for the namespace `\(account.namespace)`",
        hint: "add it to those it is for: \(write) bound_service_account_namespaces=…,\(namespace)",
        range: login.range)
    case .otherAudience:
      let audience = account.audience.isEmpty ? "the API server's own audience" : "`\(account.audience)`"
      return Diagnostic(
        rule: .roleAudience,
        message: "the role `\(role)` is for another audience than the pod's token, which is for \(audience)",
        hint: "give both the same: \(write) \(isKubernetes ? "audience" : "bound_audiences")=…, "
          + "or the setting token.audience",
        range: login.range)
    case .wrongRoleOrSecretID:
      return Diagnostic(
        rule: .appRoleIDs, message: "\(mount) does not take the role id and the secret id",
        hint: "one of them is wrong, or the secret id has expired or is used up; make another one", range: login.range)
    case .permissionDenied:
      return Diagnostic(
        rule: .loginDenied,
        message: "`permission denied`, which says that \(mount) is not there, or that Vault cannot check the token",
        hint: isKubernetes
          ? """
          first see whether vault auth list has \(mount); if it has, Vault may not create TokenReviews (its reviewer \
          needs system:auth-delegator, and its token may have expired), or it does not reach this cluster's API server
          """
          : "see whether vault auth list has \(mount), and what vault read \(mount)/config says",
        range: login.range)
    case .noEngine, .notFound: return noMethod(login)
    case .notConfigured:
      return Diagnostic(
        rule: .loginFailed, message: "\(mount) was never configured",
        hint: "write its configuration: vault write \(mount)/config …", range: login.range)
    case .failed(500, let words):
      return Diagnostic(
        rule: .loginFailed, message: "Vault could not check the login (500): \(brief(words))",
        hint: "see whether Vault reaches the API server of vault read \(mount)/config", range: login.range)
    case .other(let status, let words):
      return Diagnostic(
        rule: .loginFailed, message: "Vault answered \(status): \(brief(words))",
        hint: "see what vault read \(mount)/config says, and Vault's log", range: login.range)
    default: return vault(refusal, at: address, login.vaultNamespace)
    }
  }

  private static func noMethod(_ login: VaultLogin) -> Diagnostic {
    Diagnostic(
      rule: .loginDenied, message: "there is no auth method at \(login.mountTitle)",
      hint: "vault auth list shows those there are; correct the mount, or enable the method there", range: login.range)
  }

  /// The first of Vault's words, which may repeat what it was sent: secrets are taken out before anything is cut off.
  private static func brief(_ words: String) -> String {
    let text = SecretsInUse.redacted(words)
    return text.unicodeScalars.count > 200 ? String(text.prefix(200)) + "…" : text
  }

  static func operatorRole(_ refusal: VaultRefusal, _ login: VaultLogin, at address: String) -> Diagnostic {
    switch refusal {
    case .notFound, .unsupportedPath: return self.login(.unknownRole, login, at: address)
    case .noEngine: return noMethod(login)
    case .permissionDenied:
      return Diagnostic(
        rule: .noOperatorToken, message: "the operator's token may not read it",
        hint: "it needs path \"\(login.mountTitle)/role/*\" { capabilities = [\"read\"] }")
    default: return vault(refusal, at: address, login.vaultNamespace)
    }
  }
}

/// Why Vault is of no use, whatever is asked.
extension Diagnostic {
  static func vault(_ refusal: VaultRefusal, at address: String, _ namespace: String = "") -> Diagnostic {
    switch refusal {
    case .transport(let error): return unreachable(error, address)
    case .cluster(let status):
      return Diagnostic(
        rule: .vaultUnreachable, message: "the API server does not pass requests on: \(status.message)",
        hint: status.code == 403
          ? "whoever runs preflight needs `get` and `create` on services/proxy"
          : "check the service, and that it has endpoints; or name Vault's address: --vault-url")
    case .notVault(let status, _):
      return Diagnostic(
        rule: .notVault, message: "what answers there is not Vault (\(status))",
        hint: "check the address; a proxy in between may answer in its place")
    case .sealed:
      return Diagnostic(
        rule: .vaultSealed, message: "Vault is sealed", hint: "unseal it: vault operator unseal")
    case .notInitialized:
      return Diagnostic(
        rule: .vaultSealed, message: "Vault is not initialised", hint: "initialise it: vault operator init")
    case .noNamespace:
      return Diagnostic(
        rule: .noVaultNamespace, message: "Vault has no namespace `\(namespace)`",
        hint: "vault namespace list shows those there are")
    case .tooManyRequests:
      return Diagnostic(
        rule: .vaultBusy, message: "Vault asks for fewer requests (429)",
        hint: "run the command again later, or raise the rate limit quota")
    case .failed(let status, _), .other(let status, _):
      return Diagnostic(
        rule: .vaultFault, message: "Vault failed (\(status))", hint: "its log tells why; run the command again")
    default:
      return Diagnostic(rule: .vaultFault, message: refusal.text, hint: "run the command again")
    }
  }

  private static func unreachable(_ error: TransportError, _ address: String) -> Diagnostic {
    let row = row(error.code)
    let isClear = [.connectionFailed, .hostNotFound, .timedOut].contains(error.code)
    let detail = error.detail.isEmpty || isClear ? "" : " (\(error.detail))"
    return Diagnostic(rule: row.rule, message: row.message + detail, hint: row.hint)
  }

  private static func row(_ code: TransportError.Code) -> (rule: Rule, message: String, hint: String) {
    let trust = "the pod trusts the authorities it names, and so does preflight; VAULT_CACERT names others"
    switch code {
    case .hostNotFound:
      return (
        .vaultUnreachable, "its name is not known here",
        "name an address that is: --vault-url or VAULT_ADDR; or ask through the API server: --through-cluster"
      )
    case .connectionFailed:
      return (.vaultUnreachable, "nothing answers there", "check that Vault runs, and its address")
    case .timedOut:
      return (.vaultUnreachable, "it took too long to answer", "check the network, or give it more time: --timeout")
    case .certificateNotTrusted: return (.certificateNotTrusted, "its certificate is not to be trusted", trust)
    case .certificateExpired:
      return (
        .certificateExpired, "its certificate has expired, or is not valid yet",
        "whoever runs Vault has to renew it; check the clock of this machine too"
      )
    case .certificateForOtherName:
      return (
        .certificateName, "its certificate is for another name",
        "name the one it is for in the pod's settings (vault.tls.serverName), or use an address it is for"
      )
    case .clientCertificateRefused:
      return (
        .clientCertificate, "it wants a client's certificate", "only the pod has it; nothing can be told from here"
      )
    case .redirected:
      return (
        .redirect, "it sends on to another address", "name that one: --vault-url; tokens are not sent there unasked"
      )
    case .libraryMissing:
      return (
        .libcurlMissing, "asking it needs libcurl, which cannot be opened",
        "install it (Debian, Ubuntu: apt-get install libcurl4; macOS: brew install curl)"
      )
    case .invalidURL, .unsupportedScheme:
      return (.invalidURL, "this is no address that Vault can have", "one looks like https://HOST:8200")
    case .tlsFailed, .clientCertificateUnusable:
      return (.tlsFailed, "no secure connection can be made", "check whether Vault speaks TLS there")
    case .proxyFailed:
      return (.proxyFailed, "the proxy refuses, or cannot be reached", "check HTTPS_PROXY, HTTP_PROXY and NO_PROXY")
    case .cancelled: return (.interrupted, "interrupted before it answered", "run the command again")
    case .unsendable: return (.unsendable, "the request cannot be sent", "check names, roles and paths")
    case .tooLarge: return (.transferFailed, "its answer is too long", "check whether the address is Vault's")
    case .status, .tooManyRedirects, .transferFailed:
      return (.transferFailed, "the connection broke off", "run the command again")
    }
  }
}

/// Why the authority is not to be had by which a pod checks Vault's certificate.
extension Diagnostic {
  static func noAuthority(_ what: String, _ why: String) -> Diagnostic {
    Diagnostic(
      rule: .noVaultAuthority, message: "the certificate authority of the pod is in \(what), which \(why)",
      hint: "the pod does not start without it; VAULT_CACERT names a file to use here instead")
  }
}

extension Diagnostic {
  /// True for a fault that says nothing of the pods, but of what they would be told by.
  var isOfOutage: Bool { Diagnostic.outages.contains(rule) }

  private static let outages: [Rule] = [
    .vaultUnreachable, .vaultSealed, .vaultBusy, .vaultFault, .notVault, .certificateNotTrusted, .certificateExpired,
    .certificateName, .clientCertificate, .redirect, .libcurlMissing, .invalidURL, .tlsFailed, .proxyFailed,
    .interrupted, .transferFailed, .unauthorized, .kubeconfig, .credentials, .hostNotFound, .notConnected, .timedOut,
    .speaksTls,
  ]
}
