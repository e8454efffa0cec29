package import ManifestText
package import Workloads

extension AgentDialect {
  /// The annotations with a family of keys for each file.
  package func wanted(_ request: SecretRequest, by template: PodTemplate) throws(Diagnostic) -> WantedAnnotations {
    let (found, brand) = (try template.annotations(), settings.brand)
    var wanted = WantedAnnotations()
    func want<Wanted>(
      _ row: HashiCorpTable.Row<Wanted>, of name: String = "", _ value: String, by option: String? = nil
    ) {
      wanted.want(brand.fullKey(row.row.key(of: name)), value, by: option)
    }
    let asks = try standing(of: template, namespace: "") != .leftAlone(.notAsked)
    if !asks { want(HashiCorpTable.inject, "true") }
    if let role = request.role {
      want(HashiCorpTable.role, role, by: "--role \(role)")
    } else if !asks, try !found.holds(brand.fullKey(HashiCorpTable.role.key)) {
      throw .noRole(at: found.range)
    }
    var names: Set<String> = []
    for secret in request.secrets {
      let name = SecretName.fitting(secret.name, among: &names)
      if !secret.path.isEmpty { want(HashiCorpTable.secret, of: name, secret.path, by: secret.pathOption) }
      if request.usesEnvironment {
        want(HashiCorpTable.variablesOfOne, of: name, try secret.variables(), by: secret.pathOption)
        continue
      }
      // The injector's own template shows a secret of the second engine as Go shows a map.
      let templateKey = brand.fullKey(HashiCorpTable.template.row.key(of: name))
      let secretKey = brand.fullKey(HashiCorpTable.secret.row.key(of: name))
      let isThere = try found.value(secretKey)?.text == secret.path
      let replacesTemplate = try found.holds(templateKey)
      let needsTemplate = !isThere && (secret.isDataOfKV2 || replacesTemplate)
      if let text = secret.template(inEnvironment: false, always: needsTemplate) {
        want(HashiCorpTable.template, of: name, text, by: secret.templateOption)
      }
      let fileKey = brand.fullKey(HashiCorpTable.file.row.key(of: name))
      let isRenamed = try found.holds(fileKey)
      if isRenamed || name != secret.name { want(HashiCorpTable.file, of: name, secret.name, by: secret.pathOption) }
    }
    return wanted
  }
}

extension Diagnostic {
  fileprivate static func noRole(at range: Range<Int>?) -> Diagnostic {
    Diagnostic(
      rule: .cannotAsk, message: "the pod has no role to log in to Vault with", hint: "name it with --role",
      range: range)
  }

  fileprivate static func noVariable(_ name: String, _ message: String) -> Diagnostic {
    Diagnostic(
      rule: .cannotAsk, message: message,
      hint: "leave --env out, and have a file written; or name fields that can be variables, as in "
        + "--secret \(name)=secret/data/shop#user,password")
  }
}

extension RequestedSecret {
  /// What asks for its fields, or all of them, as variables.
  fileprivate func variables() throws(Diagnostic) -> String {
    if path.isEmpty { throw .noVariable(name, "a template makes a file, and no variables") }
    for field in fields where !HashiCorpVariableChoice.isVariable(field) {
      throw .noVariable(name, "the field `\(field)` cannot be a variable by its own name")
    }
    return fields.isEmpty ? "true" : fields.map { "\($0)=\($0)" }.joined(separator: ",")
  }
}
