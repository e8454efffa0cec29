internal import ManifestText

/// The JSON Patch of a policy, in the order in which this program plans its edits (``TalendInjection``).
///
/// The pod's own containers are changed before others come in front of them.
struct TalendPatch {
  private let dialect: TalendDialect
  private let settings: TalendSettings

  init(_ dialect: TalendDialect, _ settings: TalendSettings) { (self.dialect, self.settings) = (dialect, settings) }

  /// Adds the lists that the patch adds.
  static func addFacts(to terms: inout TalendTerms, _ settings: TalendSettings) {
    terms.add(
      "initAgents",
      """
      (variables.rendersOnce ? [variables.initAgent] : []) +
        (variables.runsAgent && variables.isNative ? [variables.agent] : [])
      """)
    terms.add("agents", "variables.runsAgent && !variables.isNative ? [variables.agent] : []")
    guard !settings.imagePullSecrets.isEmpty else { return }
    terms.add(
      "pullSecrets",
      """
      variables.runsAny ? \(CELText.list(settings.imagePullSecrets))
        .filter(name, !object.spec.?imagePullSecrets.orValue([]).exists(s, s.?name.orValue('') == name))
        .map(name, {'name': name}) : []
      """)
  }

  var expression: String {
    var parts = [hooks, mounts("initContainers"), mounts("containers"), appended("volumes", "variables.volumes")]
    parts += [inserted("initContainers", "variables.initAgents"), inserted("containers", "variables.agents")]
    if !settings.imagePullSecrets.isEmpty { parts.append(appended("imagePullSecrets", "variables.pullSecrets")) }
    let status = "/metadata/annotations/" + Self.escaped(dialect.statusKey)
    parts.append("[\(operation(CELText.string(status), CELText.string(TalendTable.injected)))]")
    return parts.joined(separator: " +\n")
  }

  /// As JSON Pointer spells a key.
  private static func escaped(_ key: String) -> String {
    let tildes = ByteText.pieces(of: key, around: "~").joined(separator: "~0")
    return ByteText.pieces(of: tildes, around: "/").joined(separator: "~1")
  }

  private func operation(_ path: String, _ value: String) -> String {
    "JSONPatch{op: 'add', path: \(path), value: \(value)}"
  }

  // MARK: The pod's own containers

  /// Where a container finds the secrets.
  private var mountPath: String {
    let mounts = "c.?volumeMounts.orValue([]).filter(m, m.name == \(CELText.string(TalendPod.secretsVolume)))"
    return "(\(mounts).map(m, m.mountPath) + \(CELText.list([TalendPod.secretsPath])))[0]"
  }

  /// Holds the start of each container back.
  private var hooks: String {
    let mark = "VAULTINJECTFILES"
    let files = "variables.destinations.map(d, \(mountPath) + '/' + d)"
    let hook = CELTree(WaitingHook.value(for: [mark]), [CELMark(mark, files, .list)]).expression(indent: 8)
    let path = "'/spec/containers/' + string(i) + '/lifecycle"
    return """
      (variables.waits
        ? variables.containers.transformList(i, c, !has(c.lifecycle),
            \(operation("\(path)'", "{}"))) +
          variables.containers.transformList(i, c,
            \(operation("\(path)/postStart'", hook)))
        : [])
      """
  }

  /// Mounts the secrets in each container that does not mount them by itself.
  private func mounts(_ list: String) -> String {
    let mount = CELTree(BuiltInMounts().secrets, []).expression()
    let path = "'/spec/\(list)/' + string(i) + '/volumeMounts"
    return """
      (variables.wantsSecrets ? variables.\(list).transformList(i, c,
        !\(TalendAgents.mountsSecrets),
        c.?volumeMounts.orValue([]).size() > 0
          ? \(operation("\(path)/-'", mount))
          : \(operation("\(path)'", "[\(mount)]"))) : [])
      """
  }

  // MARK: Lists of the pod

  /// Adds elements behind those of a list.
  private func appended(_ list: String, _ elements: String) -> String {
    """
    (object.spec.?\(list).orValue([]).size() > 0
      ? \(elements).map(e, \(operation("'/spec/\(list)/-'", "e")))
      : \(elements).size() > 0 ? [\(operation("'/spec/\(list)'", elements))] : [])
    """
  }

  /// Adds elements before those of a list.
  private func inserted(_ list: String, _ elements: String) -> String {
    """
    (object.spec.?\(list).orValue([]).size() > 0
      ? \(elements).transformList(i, e, \(operation("'/spec/\(list)/' + string(i)", "e")))
      : \(elements).size() > 0 ? [\(operation("'/spec/\(list)'", elements))] : [])
    """
  }
}
