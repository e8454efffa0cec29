package import ManifestText
package import Workloads

extension AgentDialect {
  /// The annotations with a family of keys for each file.
  package func wanted(_ request: SecretRequest, by template: PodTemplate) throws(Diagnostic) -> WantedAnnotations {
    let (found, brand) = (try template.annotations(), settings.brand)
    if request.usesEnvironment { throw .filesOnly(request.secrets.first?.name ?? "env") }
    var wanted = WantedAnnotations()
    func want<Wanted>(_ row: HashiCorpTable.Row<Wanted>, of name: String = "", _ value: String) {
      wanted.want(brand.fullKey(row.row.key(of: name)), value)
    }
    let asks = try standing(of: template, namespace: "") != .leftAlone(.notAsked)
    if !asks { want(HashiCorpTable.inject, "true") }
    if let role = request.role {
      want(HashiCorpTable.role, role)
    } else if !asks, try !found.holds(brand.fullKey(HashiCorpTable.role.key)) {
      throw .noRole(at: found.range)
    }
    var names: [String] = []
    for secret in request.secrets {
      let name = SecretName.fitting(secret.name, among: names)
      names.append(name)
      if !secret.path.isEmpty { want(HashiCorpTable.secret, of: name, secret.path) }
      // The injector's own template shows a secret of the second engine as Go shows a map.
      let templateKey = brand.fullKey(HashiCorpTable.template.row.key(of: name))
      let secretKey = brand.fullKey(HashiCorpTable.secret.row.key(of: name))
      let isThere = try found.value(secretKey)?.text == secret.path
      let replacesTemplate = try found.holds(templateKey)
      let needsTemplate = !isThere && (secret.isDataOfKV2 || replacesTemplate)
      if let text = secret.template(inEnvironment: false, always: needsTemplate) {
        want(HashiCorpTable.template, of: name, text)
      }
      let fileKey = brand.fullKey(HashiCorpTable.file.row.key(of: name))
      let isRenamed = try found.holds(fileKey)
      if isRenamed || name != secret.name { want(HashiCorpTable.file, of: name, secret.name) }
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

  fileprivate static func filesOnly(_ name: String) -> Diagnostic {
    Diagnostic(
      rule: .cannotAsk,
      message: "HashiCorp's injector has no annotation for the environment: its agents write files alone",
      hint: "leave --env out, and begin the container's command with `. \(HashiCorpPaths.secrets)/\(name) && exec`, "
        + "with `export` lines in the template; or take --dialect talend")
  }
}
