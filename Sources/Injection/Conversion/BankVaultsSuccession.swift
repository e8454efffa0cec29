internal import ManifestText
internal import Workloads

/// What takes the place of Bank-Vaults' annotations on a pod.
struct BankVaultsSuccession {
  /// An annotation of the injector that is asked then, without its prefix.
  struct Annotation: Equatable {
    let key: String
    let value: String
  }

  /// What each of the annotations turns into; those without one go.
  private(set) var successors: [String: Annotation] = [:]
  /// What has no predecessor, in order.
  private(set) var additions: [Annotation] = []
  private let present: [String]

  /// Every key that is written.
  var keys: [String] { written.map(\.key) }
  private var written: [Annotation] = []

  init(_ pod: BankVaultsPod) {
    present = pod.present.map(\.key)
    put(HashiCorpTable.inject.key, "true", for: [])
    for annotation in pod.present where !annotation.value.text.isEmpty {
      guard case .becomes(let key, let value) = BankVaultsTable.row(annotation.key)?.effect,
        !(key == HashiCorpTable.image.key && pod.brand === AgentBrand.openBao),
        let text = value(annotation.value.text), !keys.contains(key)
      else { continue }
      put(key, text, for: [annotation.key])
    }
    if !keys.contains(HashiCorpTable.role.key) {
      put(HashiCorpTable.role.key, pod.account, for: [BankVaultsTable.role])
    }
    if keys.contains(HashiCorpTable.tlsSecret.key) {
      put(HashiCorpTable.caCertificate.key, "\(HashiCorpPod.tlsPath)/ca.crt", for: [])
    }
    for (index, source) in pod.sources.enumerated() {
      put(
        HashiCorpTable.secret.row.key(of: source.name), source.path,
        for: index == 0 ? [BankVaultsTable.environmentPaths] : [])
      put(HashiCorpTable.variablesOfOne.row.key(of: source.name), "true", for: [])
    }
    if pod.variables.contains(where: \.isOfInitContainer) { put(HashiCorpTable.initFirst.key, "true", for: []) }
    if pod.isDaemon { put(HashiCorpTable.variablesOnChange.key, "restart", for: [BankVaultsTable.daemon]) }
  }

  /// Puts an annotation in the place of the first of its predecessors that is there.
  private mutating func put(_ key: String, _ value: String, for predecessors: [String]) {
    let annotation = Annotation(key: key, value: value)
    written.append(annotation)
    if let predecessor = predecessors.first(where: { present.contains($0) && successors[$0] == nil }) {
      successors[predecessor] = annotation
    } else {
      additions.append(annotation)
    }
  }
}
