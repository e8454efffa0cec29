internal import ManifestText
internal import Workloads

/// The pod templates of one object whose operator completes them before it makes pods.
struct OperatedPods {
  private let templates: [PodTemplate]
  /// Those that are injected.
  private let injected: [PodTemplate]

  init(_ templates: [PodTemplate], injected: [PodTemplate]) {
    self.templates = templates
    self.injected = injected
  }

  /// What there is to say about what the operator adds and merges.
  func findings() throws(Diagnostic) -> [Diagnostic] { try addedContainers() + mergedTemplates() }

  /// Containers that the operator adds, and that have no mount of the secrets then.
  private func addedContainers() throws(Diagnostic) -> [Diagnostic] {
    var findings: [Diagnostic] = []
    for template in injected {
      guard case .named(let name) = template.kind.operatorContainer, let spec = try template.spec() else { continue }
      let names = try template.containers(.containers).map { (container) throws(Diagnostic) in try container.name() }
      guard !names.contains(name) else { continue }
      findings.append(.operatorContainer(name, template, at: template.document.range(of: spec)))
    }
    return findings
  }
}

// MARK: - Flink

extension OperatedPods {
  private static let flink = "flink.apache.org"
  private static let mergesByName = "kubernetes.operator.pod-template.merge-arrays-by-name"

  /// Flink's operator lays the templates of job and task managers over the common one, list elements by their position.
  private func mergedTemplates() throws(Diagnostic) -> [Diagnostic] {
    guard let object = templates.first?.object, object.group == Self.flink, let document = templates.first?.document,
      let common = templates.first(where: { $0.path == object.path.appending("spec").appending("podTemplate") })
    else { return [] }
    let option = Path([.key("spec"), .key("flinkConfiguration"), .key(Self.mergesByName)])
    if let value = try document.node(at: option, from: object.node), document.text(of: value) == "true" { return [] }
    var findings: [Diagnostic] = []
    for role in templates where role.path != common.path {
      guard let list = try mixedList(of: common, role) else { continue }
      findings.append(
        .mergedTemplates(common, role, list, option: Self.mergesByName, at: document.range(of: role.node)))
    }
    return findings
  }

  /// The first list of which elements that do not belong together come to stand at the same position.
  private func mixedList(of common: PodTemplate, _ role: PodTemplate) throws(Diagnostic) -> String? {
    let isInjected = [common, role].map { template in injected.contains { $0.path == template.path } }
    for list in ["containers", "initContainers", "volumes"] {
      let counts = (try common.count(of: list), try role.count(of: list))
      let isMixed =
        switch (isInjected[0], isInjected[1]) {
        case (true, true): counts.0 != counts.1
        case (true, false): counts.1 > counts.0
        case (false, true): counts.0 > counts.1
        case (false, false): false
        }
      if isMixed { return list }
    }
    return nil
  }
}

extension PodTemplate {
  fileprivate func count(of list: String) throws(Diagnostic) -> Int {
    guard let spec = try spec(), let list = try document.value(list, in: spec) else { return 0 }
    return document.items(of: list).reduce(0) { count, _ in count + 1 }
  }
}

extension Diagnostic {
  fileprivate static func operatorContainer(_ name: String, _ template: PodTemplate, at range: Range<Int>) -> Diagnostic
  {
    Diagnostic(
      rule: .operatorContainer,
      message: "the operator of this \(template.kind.kind) adds the container `\(name)`, which cannot read the secrets",
      hint: "list it in `\(template.specPath.appending("containers"))`, if only with its name: - name: \(name)",
      range: range)
  }

  fileprivate static func mergedTemplates(
    _ common: PodTemplate, _ role: PodTemplate, _ list: String, option: String, at range: Range<Int>
  ) -> Diagnostic {
    Diagnostic(
      rule: .mergedTemplates,
      message: "Flink's operator merges `\(list)` of `\(common.path)` and `\(role.path)` by position: what is injected "
        + "is mixed with what is there",
      hint: "set \(option): \"true\" in spec.flinkConfiguration", range: range)
  }
}
