internal import ManifestText
internal import Workloads

/// What is wrong with the containers of a pod that asks for injection, whatever the dialect.
struct PodContainers {
  private let template: PodTemplate
  private var document: Document { template.document }

  init(_ template: PodTemplate) { self.template = template }

  /// What there is to say about containers that the API server refuses, or that wait for another injector; of values
  /// like `vault:secret/data/db#password`, those that a dialect serves are told by itself.
  func findings(_ dialect: any Dialect) throws(Diagnostic) -> [Diagnostic] {
    var findings: [Diagnostic] = []
    for container in try template.containers(.initContainers) + template.containers(.containers)
    where try container.name().isEmpty {
      findings.append(
        Diagnostic(
          rule: .containerWithoutName, message: "a container has no name", hint: "give it one: - name: NAME",
          range: document.range(of: container.node)))
    }
    return try findings + windows() + (dialect.servesReferences ? [] : references())
  }

  /// Where a pod says that its nodes run Windows, for which no image of an agent is built.
  private func windows() throws(Diagnostic) -> [Diagnostic] {
    guard let spec = try template.spec() else { return [] }
    for (field, keys) in [("os", ["name"]), ("nodeSelector", ["kubernetes.io/os", "beta.kubernetes.io/os"])] {
      guard let map = try document.value(field, in: spec), document.isMapping(map) else { continue }
      for key in keys {
        guard let value = try document.value(key, in: map), document.text(of: value) == "windows" else { continue }
        return [.podOfWindows(field, at: document.range(of: value))]
      }
    }
    return []
  }

  /// Environment variables that are written as Bank-Vaults' webhook replaces them.
  private func references() throws(Diagnostic) -> [Diagnostic] {
    guard BankVaults.mayReplace(in: document.source.bytes, document.range(of: template.node)) else { return [] }
    return try template.containers(.containers).compactMap { container in
      firstReference(of: container).map { .reference($0, at: document.range(of: container.node)) }
    }
  }

  /// What is said of a pod that asks for no injection, and has references to Vault in its environment.
  func unaskedReferences() throws(Diagnostic) -> [Diagnostic] {
    guard BankVaults.mayReplace(in: document.source.bytes, document.range(of: template.node)) else { return [] }
    for container in try template.containers(.initContainers) + template.containers(.containers) {
      guard let variable = firstReference(of: container) else { continue }
      return [.unaskedReference(variable, at: document.range(of: container.node))]
    }
    return []
  }

  private func firstReference(of container: Container) -> String? {
    (try? container.environment())?.first { BankVaults.replaces($0.value) }?.name
  }

  /// Why a pod has no containers, in our own words.
  struct Absence {
    let message: String
    let hint: String
    let range: Range<Int>
  }

  /// What may be the reason that there are none.
  func absence() throws(Diagnostic) -> Absence {
    guard let spec = try template.spec() else {
      return Absence(message: "the pod template has no spec, as in a patch", hint: patchHint, range: place)
    }
    for (key, _) in document.entries(of: spec) {
      let text = document.text(of: key)
      guard text != "containers", text != "initContainers",
        NearestName.nearest(to: text, among: ["containers"]) != nil
      else { continue }
      return Absence(
        message: "`\(text)` is not a field of pods, and there are no containers", hint: "did you mean `containers`?",
        range: document.range(of: key))
    }
    let range = document.range(of: spec)
    if case .named(let name) = template.kind.operatorContainer {
      return Absence(
        message: "the pod template lists no container that could mount the secrets",
        hint: "list the operator's, if only with its name: containers: [{name: \(name)}]", range: range)
    }
    return Absence(message: "the pod template has no containers, as in a patch", hint: patchHint, range: range)
  }

  private var place: Range<Int> { document.range(of: template.node) }
  private var patchHint: String {
    "add a container under spec.containers; with a patch, inject what kustomize builds: kubectl vault-inject -k FOLDER"
  }
}

extension Diagnostic {
  fileprivate static func reference(_ variable: String, at range: Range<Int>) -> Diagnostic {
    Diagnostic(
      rule: .otherInjector, message: "the value of `\(variable)` is a reference that nothing replaces here",
      hint: "it is Bank-Vaults' webhook that does: have a file rendered, and read that", range: range)
  }

  fileprivate static func unaskedReference(_ variable: String, at range: Range<Int>) -> Diagnostic {
    Diagnostic(
      rule: .otherInjector,
      message: "the value of `\(variable)` is a reference that nothing replaces here: the pod asks for no injection",
      hint: "leave it to Bank-Vaults' webhook, or have it served: kubectl vault-inject convert --from bank-vaults",
      range: range)
  }

  fileprivate static func podOfWindows(_ field: String, at range: Range<Int>) -> Diagnostic {
    Diagnostic(
      rule: .podOfWindows,
      message: "the pod runs on Windows (`spec.\(field)`), and the images of agents are built for Linux",
      hint: "run Vault's agent on the node or in the application's image, or read the secrets from Vault directly",
      range: range)
  }
}
