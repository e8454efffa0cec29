internal import Injection
internal import ManifestText

/// What a preflight asks before a pod is deployed, in words.
extension VaultAccess {
  /// Each question, in the order they are asked; none where the input does not say how the pod logs in.
  var questions: [String] {
    guard let login else { return [] }
    return [login.tokenQuestion, login.vaultQuestion].compactMap(\.self) + requests.map(\.question)
  }

  /// The same for machines.
  var questionsJSON: Value? {
    guard let login else { return nil }
    var value: Value = ["address": .string(login.address), "method": .string(login.method.name)]
    value["mount"] = login.mount.map(Value.string)
    if !login.role.isEmpty { value["role"] = .string(login.role) }
    if !login.vaultNamespace.isEmpty { value["vaultNamespace"] = .string(login.vaultNamespace) }
    if login.method.usesAccount {
      var account: Value = ["namespace": .string(login.account.namespace), "name": .string(login.account.name)]
      if !login.account.audience.isEmpty { account["audience"] = .string(login.account.audience) }
      value["serviceAccount"] = account
    }
    value["requests"] = .array(
      requests.map { request in
        var value: Value = ["operation": .string(request.operation.rawValue)]
        value["path"] = request.path.map(Value.string)
        value["fields"] = .array(request.neededFields.map { .string($0.joined(separator: ".")) })
        return value
      })
    value["untold"] = .array(unknowns.map { .string($0.text) })
    return value
  }
}

extension VaultLogin {
  fileprivate var tokenQuestion: String? {
    guard method.usesAccount else { return nil }
    let audience = account.audience.isEmpty ? "" : ", for \(account.audience)"
    return "the cluster for a token of the service account \(account.namespace)/\(account.name)\(audience)"
  }

  fileprivate var vaultQuestion: String {
    let place = vaultNamespace.isEmpty ? "" : " in the Vault namespace \(vaultNamespace)"
    let role = role.isEmpty ? "" : " as \(role)"
    return "Vault at \(address) whether it is there, and to log in at auth/\(mountPath)\(role)\(place)"
  }
}

extension VaultRequest {
  fileprivate var question: String {
    guard let path else { return "nothing about a path that a template makes when it is filled in" }
    switch operation {
    case .list: return "whether \(path) may be listed"
    case .write, .pkiCert: return "whether \(path) may be written, without writing"
    case .read:
      let fields = neededFields.map { ".\($0.joined(separator: "."))" }.joined(separator: ", ")
      return "whether \(path) may be read, and is there" + (fields.isEmpty ? "" : ", with \(fields)")
    }
  }
}
