package import ManifestText

/// Why a pod would not get its secrets.
extension Rule {
  package static let preflight = [
    vaultUnreachable, vaultSealed, vaultBusy, vaultFault, notVault, noVaultNamespace, noVaultAuthority, noAccountToken,
    unknownRole, roleAccount, roleNamespace, roleAudience, loginDenied, loginFailed, appRoleIDs, noLogin, mountUnknown,
    kvVersion, noRight, noSecret, secretDeleted, noField, noVaultRole, notTold, tokenLeft, secretIDSpent,
    nothingToCheck, noOperatorToken, unreadableIdentity,
  ]

  package static let vaultUnreachable = Rule(
    fault: "vault-unreachable", "Vault cannot be reached from here.",
    "Nothing can be told of the pods' secrets.")
  package static let vaultSealed = Rule(
    fault: "vault-sealed", "Vault is sealed, or was never initialised.",
    "It answers nobody until it is unsealed.")
  package static let vaultBusy = Rule(
    fault: "vault-busy", "Vault asks for fewer requests.",
    "A quota limits them.")
  package static let vaultFault = Rule(
    fault: "vault-fault", "Vault failed to answer.",
    "The fault is in Vault, or in what it needs.")
  package static let notVault = Rule(
    fault: "not-vault", "What answers at Vault's address is not Vault.",
    "A proxy in between may answer in its place.")
  package static let noVaultNamespace = Rule(
    fault: "no-vault-namespace", "The Vault namespace does not exist.",
    "Nothing can be asked in it.")
  package static let noVaultAuthority = Rule(
    fault: "no-vault-authority", "The certificate authority that a pod trusts cannot be read.",
    "The pod does not start without it, or trusts nobody.")
  package static let noAccountToken = Rule(
    fault: "no-account-token", "There is no token of a pod's service account.",
    "The agent logs in with it.")
  package static let unknownRole = Rule(
    fault: "unknown-role", "The role a pod logs in with does not exist.",
    "Vault refuses the login.")
  package static let roleAccount = Rule(
    fault: "role-account", "The role is not for the pod's service account.",
    "Vault refuses the login.")
  package static let roleNamespace = Rule(
    fault: "role-namespace", "The role is not for the pod's namespace.",
    "Vault refuses the login.")
  package static let roleAudience = Rule(
    fault: "role-audience", "The role is for tokens of another audience.",
    "Vault refuses the login.")
  package static let loginDenied = Rule(
    fault: "login-denied", "Vault refuses a login and does not say why.",
    "Several mistakes have the same answer.")
  package static let loginFailed = Rule(
    fault: "login-failed", "A login failed.",
    "The words are Vault's.")
  package static let appRoleIDs = Rule(
    fault: "approle-ids", "Vault does not take the ids of an AppRole.",
    "They are wrong, have expired, or are used up.")
  package static let noLogin = Rule(
    fault: "no-login", as: .warning, "How a pod logs in cannot be tried from here.",
    "Whether it gets its secrets cannot be told.")
  package static let mountUnknown = Rule(
    fault: "mount-unknown", "No engine is mounted where a pod's secret should be.",
    "There is nothing to be read.")
  package static let kvVersion = Rule(
    fault: "kv-version", "A path is written for the other version of the KV engine.",
    "The second version has `data/` behind the mount, and the first has not.")
  package static let noRight = Rule(
    fault: "no-right", "The policies of a pod's role do not allow what its agent does.",
    "Vault answers `permission denied`.")
  package static let noSecret = Rule(
    fault: "no-secret", "A secret does not exist.",
    "The agent waits for it, and the pod with it.")
  package static let secretDeleted = Rule(
    fault: "secret-deleted", "The newest version of a secret is deleted or destroyed.",
    "The agent waits for another one.")
  package static let noField = Rule(
    fault: "no-field", "A secret lacks a field that a template takes.",
    "The file has `<no value>` in its place, or is not written at all.")
  package static let noVaultRole = Rule(
    fault: "no-engine-role", "An engine has no role, or no key, of the name that a pod asks for.",
    "It issues nothing.")
  package static let notTold = Rule(
    fault: "not-told", as: .warning, "Whether a pod gets a secret cannot be told.",
    "The manifest does not say it, or it could not be asked.")
  package static let tokenLeft = Rule(
    fault: "token-left", as: .warning, "A token could not be given back.",
    "It is good until its time is over.")
  package static let secretIDSpent = Rule(
    fault: "secret-id-spent", as: .note, "A login with a secret id uses it once.",
    "One that is good for few uses is used up by it.")
  package static let nothingToCheck = Rule(
    fault: "nothing-to-check", as: .note, "No pod asks anything of Vault.",
    "There is nothing to be checked.")
  package static let noOperatorToken = Rule(
    fault: "no-operator-token", "There is no operator's token.",
    "Roles and policies are read with it.")
  package static let unreadableIdentity = Rule(
    fault: "unreadable-identity", "A file with a token or an id cannot be read.",
    "It is what the login is tried with.")
}
