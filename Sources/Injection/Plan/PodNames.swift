internal import ManifestText
internal import Workloads

/// The names in a pod that asks for injection, as far as the API server would refuse them.
struct PodNames {
  private let template: PodTemplate

  init(_ template: PodTemplate) { self.template = template }

  func findings() throws(Diagnostic) -> [Diagnostic] {
    var findings: [Diagnostic] = []
    for list in [ContainerList.initContainers, .containers] {
      for container in try template.containers(list) {
        let name = try container.name()
        if !name.isEmpty, !ObjectName.isLabel(name) {
          findings.append(.unfitName("container", name, Self.label, at: try container.namePlace()))
        }
        findings += try mountsTwice(in: container, name)
      }
    }
    for (name, node) in try template.volumeNames() where !name.isEmpty && !ObjectName.isLabel(name) {
      findings.append(.unfitName("volume", name, Self.label, at: template.document.range(of: node)))
    }
    return try findings + serviceAccount()
  }

  private static let label = "small letters, digits and `-`, a letter or digit first and last, 63 at most"

  private func serviceAccount() throws(Diagnostic) -> [Diagnostic] {
    guard let spec = try template.spec(), let node = try template.document.value("serviceAccountName", in: spec),
      template.document.isString(node)
    else { return [] }
    let name = template.document.text(of: node)
    if name.isEmpty || ObjectName.isSubdomain(name) { return [] }
    return [
      .unfitName(
        "service account", name, "small letters, digits, `-` and `.`, a letter or digit first and last",
        at: template.document.range(of: node))
    ]
  }

  private func mountsTwice(in container: Container, _ name: String) throws(Diagnostic) -> [Diagnostic] {
    var paths = NameIndex()
    return try container.volumeMounts().filter { !$0.mountPath.isEmpty && !paths.add($0.mountPath) }.map { mount in
      .mountPathTwice(name, mount.mountPath, at: container.document.range(of: mount.node))
    }
  }
}
