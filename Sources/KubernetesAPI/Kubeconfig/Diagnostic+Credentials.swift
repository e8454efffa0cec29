internal import ManifestText

/// Findings about credentials.
extension Diagnostic {
  private static func credentials(_ message: String, hint: String? = nil) -> Diagnostic {
    Diagnostic(rule: .credentials, message: message, hint: hint)
  }

  // MARK: Plugins

  static func pluginWithout(_ key: String, _ user: String) -> Diagnostic {
    let accepted: [String: String] = [
      "command": "it names the program that gives the credentials",
      "apiVersion": "it is \(ExecPlugin.versions.joined(separator: " or "))",
      "interactiveMode": "it is Never, IfAvailable or Always",
    ]
    return credentials("the credential plugin of the user `\(user)` has no \(key)", hint: accepted[key])
  }

  static func pluginVersion(_ found: String) -> Diagnostic {
    credentials(
      "a credential plugin of version `\(found)` cannot be used",
      hint: "update the plugin, and write \(ExecPlugin.versions.joined(separator: " or "))")
  }

  static func interactiveMode(_ found: String) -> Diagnostic {
    credentials("`\(found)` is not an interactiveMode", hint: "write Never, IfAvailable or Always")
  }

  static func pluginAndProvider(_ user: String) -> Diagnostic {
    credentials(
      "the user `\(user)` has both `exec` and `auth-provider`", hint: "remove auth-provider, the older of the two")
  }

  // MARK: The policy for plugins

  static func pluginDenied(_ command: String, by policy: String, in file: String?) -> Diagnostic {
    credentials(
      "the credential plugin \(command) may not run: the policy is \(policy)",
      hint: file.map { "change credentialPluginPolicy or credentialPluginAllowlist in \($0)" })
  }

  static func pluginPolicy(_ found: String, accepted: [String]) -> Diagnostic {
    credentials("`\(found)` is not a credentialPluginPolicy", hint: "write \(accepted.joined(separator: ", "))")
  }

  static let emptyAllowlist = credentials(
    "credentialPluginPolicy is Allowlist, and credentialPluginAllowlist is empty",
    hint: "list commands there, or write DenyAll")

  static let unusedAllowlist = credentials(
    "credentialPluginAllowlist has no effect: credentialPluginPolicy is not Allowlist",
    hint: "set credentialPluginPolicy: Allowlist, or remove the list")

  static let allowlistEntry = credentials(
    "an entry of credentialPluginAllowlist names no command", hint: "write - command: NAME-OR-PATH")

  // MARK: Auth providers

  static func authProvider(_ name: String) -> Diagnostic {
    let replacements: [String: String] = [
      "azure": "use kubelogin (https://github.com/Azure/kubelogin): kubelogin convert-kubeconfig",
      "gcp":
        "use gke-gcloud-auth-plugin (https://cloud.google.com/kubernetes-engine/docs/how-to/cluster-access-for-kubectl)",
      "openstack": "use client-keystone-auth (https://github.com/kubernetes/cloud-provider-openstack)",
    ]
    guard let replacement = replacements[name] else {
      return credentials(
        "there is no auth-provider `\(name)`", hint: "oidc is the only one left; everything else is a plugin under exec"
      )
    }
    return credentials("the auth-provider `\(name)` was removed from Kubernetes", hint: replacement)
  }

  private static let oidcPlugin =
    "kubelogin as a plugin under exec renews by itself (https://github.com/int128/kubelogin)"

  static func noIDToken(_ user: String) -> Diagnostic {
    credentials("the oidc login of the user `\(user)` has no id-token", hint: "log in again; \(oidcPlugin)")
  }

  static let notAnIDToken = credentials(
    "this is not an OpenID Connect token: its claims cannot be read", hint: "it has three parts with dots between them")

  static func expiredIDToken(_ user: String, hasRefreshToken: Bool) -> Diagnostic {
    let remedy =
      hasRefreshToken
      ? "any kubectl command renews it with the refresh-token and saves it, such as kubectl version" : "log in again"
    return credentials(
      "the oidc login of the user `\(user)` has expired, and is not renewed here",
      hint: "\(remedy); \(oidcPlugin)")
  }
}
