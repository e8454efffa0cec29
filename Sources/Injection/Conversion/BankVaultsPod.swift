internal import ManifestText
internal import Workloads

/// A pod whose secrets Bank-Vaults' webhook brings, and what of that another injector has nothing for.
struct BankVaultsPod {
  /// A variable with a value that the webhook replaces.
  struct Variable {
    let name: String
    let container: String
    let isOfInitContainer: Bool
    let value: BankVaultsValue
    /// Where the value stands.
    let path: Path
    let range: Range<Int>
    let node: NodeID
    /// The map that holds it.
    let map: NodeID
  }

  /// A secret of which every field becomes a variable.
  struct Source {
    let name: String
    let path: String
  }

  let template: PodTemplate
  let brand: AgentBrand
  /// The webhook's annotations as they are written, without their prefix, in order.
  let present: [Annotations.Named]
  let variables: [Variable]
  let sources: [Source]
  /// The service account that the webhook takes for a role where none is named.
  let account: String
  /// What there is to say; errors are what cannot be expressed.
  private(set) var findings: [Diagnostic] = []

  init(_ template: PodTemplate, to brand: AgentBrand) throws(Diagnostic) {
    (self.template, self.brand) = (template, brand)
    present = try template.annotations().all(withPrefix: BankVaults.prefix)
    variables = try template.replacedVariables()
    account = try template.serviceAccount().value
    sources = BankVaultsPod.sources(present.first { $0.key == BankVaultsTable.environmentPaths }?.value.text ?? "")
  }

  subscript(key: String) -> Annotations.Located? { present.first { $0.key == key }?.value }

  /// True where the webhook is told to leave the pod alone.
  var isSkipped: Bool { self[BankVaults.mutate]?.text == BankVaults.skip }

  /// True where the webhook would bring the pod something, as far as its manifest tells.
  var asks: Bool {
    if isSkipped { return false }
    return !variables.isEmpty || BankVaultsTable.requests.contains { !(self[$0]?.text ?? "").isEmpty }
  }

  /// True where values stay that the webhook would replace.
  var keepsReferences: Bool { !variables.isEmpty }

  /// True where variables are to be kept up to date, as its program does that stays.
  var isDaemon: Bool { (try? GoParse.bool(self[BankVaultsTable.daemon]?.text ?? "")) ?? false }

  private static func sources(_ text: String) -> [Source] {
    var names: Set<String> = []
    return text.split(separator: ",").compactMap { part in
      let words = part.split(separator: "#", omittingEmptySubsequences: false).map(trimmed)
      guard let path = words.first, !path.isEmpty, words.count < 3,
        let whole = BankVaultsValue.path(path, version: words.count == 2 ? words[1] : "")
      else { return nil }
      return Source(name: SecretName.fitting(VaultPath(path).words.last ?? path, among: &names), path: whole)
    }
  }

  private static func trimmed(_ text: Substring) -> String {
    var bytes = text.utf8
    while let first = bytes.first, ASCII.isWhite(first) { bytes.removeFirst() }
    while let last = bytes.last, ASCII.isWhite(last) { bytes.removeLast() }
    return String(decoding: bytes, as: UTF8.self)
  }
}

// MARK: What cannot be expressed

extension BankVaultsPod {
  /// Finds what another injector has nothing for, and what it does otherwise.
  mutating func check(beside values: BankVaultsValues, in namespace: String) throws(Diagnostic) {
    try checkAnnotations()
    for variable in variables {
      guard case .lost(let loss) = variable.value else { continue }
      findings.append(.lostValue(variable, loss, brand))
    }
    try checkOtherValues(values, namespace)
    let paths = self[BankVaultsTable.environmentPaths]
    if let paths, paths.text.split(separator: ",").count != sources.count {
      findings.append(.unreadablePaths(paths.text, at: paths.range))
    }
    let initContainers = try template.containers(.initContainers)
    if let paths, !sources.isEmpty, let first = initContainers.first {
      findings.append(.initContainerWithoutVariables(try first.name(), at: paths.range))
    }
    try checkCommands()
    if isDaemon, try template.restartPolicy() == "Never" {
      findings.append(.daemonOfJob(at: self[BankVaultsTable.daemon]?.range))
    } else if isDaemon {
      findings.append(.daemonRestarts(brand, at: self[BankVaultsTable.daemon]?.range))
    }
  }

  private mutating func checkAnnotations() throws(Diagnostic) {
    let annotations = try template.annotations()
    let written = annotations.keys().map(\.key)
    for annotation in present {
      let key = BankVaults.prefix + annotation.key
      if !written.contains(key) { findings.append(.mergedAnnotation(key, at: annotation.keyRange)) }
      let text = annotation.value.text
      switch BankVaultsTable.row(annotation.key)?.effect {
      case .becomes(HashiCorpTable.image.key, _) where brand === AgentBrand.openBao:
        findings.append(
          .leftOut(key, "it is an image of Vault", "agent-image names one of OpenBao", at: annotation.keyRange))
      case .becomes, .goes, .special: break
      case .differs(let words, let hint, let usual) where !usual.contains(text):
        findings.append(.leftOut(key, words, hint, at: annotation.keyRange))
      case .refused(let words, let hint, let usual) where !usual.contains(text):
        findings.append(.refused(key, words, hint, at: annotation.keyRange))
      case .differs, .refused: break
      case nil:
        findings.append(
          .leftOut(
            key, "nothing here does what it asks for", "look up what the injector has for it", at: annotation.keyRange))
      }
    }
    let new = BankVaultsSuccession(self).keys
    for other in try annotations.all(withPrefix: brand.fullKey("")) where new.contains(other.key) {
      findings.append(.takenKey(brand.fullKey(other.key), at: other.keyRange))
    }
  }

  /// Values from ConfigMaps and Secrets, in which the webhook replaces references, too.
  private mutating func checkOtherValues(
    _ values: BankVaultsValues, _ namespace: String
  ) throws(Diagnostic) {
    var unknown: [(name: String, range: Range<Int>)] = []
    for container in try template.containers(.initContainers) + template.containers(.containers) {
      for origin in try container.valueOrigins() {
        switch values.reading(origin.kind, origin.name, in: namespace) {
        case .references: findings.append(.referenceElsewhere(origin, try container.name()))
        case .plain: break
        case nil: unknown.append((origin.name, origin.range))
        }
      }
    }
    guard let first = unknown.first else { return }
    let names: [String] = unknown.reduce(into: []) { if !$0.contains($1.name) { $0.append($1.name) } }
    findings.append(.unknownValues(names, at: first.range))
  }

  /// Containers of which only the registry knows what they start.
  private mutating func checkCommands() throws(Diagnostic) {
    var names: [String] = []
    var range: Range<Int>?
    for (list, isInit) in [(ContainerList.initContainers, true), (.containers, false)] {
      for container in try template.containers(list) where try !container.hasCommand() {
        let name = try container.name()
        let isReader = variables.contains { $0.container == name && $0.isOfInitContainer == isInit }
        guard isReader || !isInit && !sources.isEmpty else { continue }
        names.append(name)
        range = range ?? template.document.range(of: container.node)
      }
    }
    if !names.isEmpty { findings.append(.commandOfImage(names, at: range)) }
  }
}

// MARK: Values

extension PodTemplate {
  /// The variables with values that Bank-Vaults' webhook replaces.
  fileprivate func replacedVariables() throws(Diagnostic) -> [BankVaultsPod.Variable] {
    var found: [BankVaultsPod.Variable] = []
    for (list, isInit) in [(ContainerList.initContainers, true), (.containers, false)] {
      for container in try containers(list) {
        guard let variables = try document.value("env", in: container.node), document.isSequence(variables) else {
          continue
        }
        for (index, item) in document.items(of: variables).enumerated() {
          guard let node = try document.value("value", in: item), document.isString(node),
            case let value = BankVaultsValue(document.text(of: node)), value != .plain
          else { continue }
          found.append(
            BankVaultsPod.Variable(
              name: try document.value("name", in: item).map(document.text(of:)) ?? "", container: try container.name(),
              isOfInitContainer: isInit, value: value,
              path: container.path.appending("env").appending(index).appending("value"),
              range: document.range(of: node), node: node, map: item))
        }
      }
    }
    return found
  }
}

/// A ConfigMap or Secret of which a container takes values for its variables.
struct ValueOrigin {
  let kind: String
  let name: String
  let range: Range<Int>
}

extension Container {
  /// Where values of its variables come from.
  fileprivate func valueOrigins() throws(Diagnostic) -> [ValueOrigin] {
    var origins: [ValueOrigin] = []
    for (list, within, suffix) in [("env", "valueFrom", "KeyRef"), ("envFrom", "", "Ref")] {
      guard let items = try document.value(list, in: node), document.isSequence(items) else { continue }
      for item in document.items(of: items) {
        guard let source = within.isEmpty ? item : try document.value(within, in: item) else { continue }
        for (kind, stem) in [("ConfigMap", "configMap"), ("Secret", "secret")] {
          guard let reference = try document.value(stem + suffix, in: source),
            let name = try document.value("name", in: reference)
          else { continue }
          origins.append(ValueOrigin(kind: kind, name: document.text(of: name), range: document.range(of: name)))
        }
      }
    }
    return origins
  }
}

/// What the ConfigMaps and Secrets of one input hold for Bank-Vaults' webhook.
struct BankVaultsValues: Sendable {
  enum Reading { case references, plain }

  private var found: [String: Reading] = [:]

  init() {}

  /// Reads those of an input, each in the namespace that objects are in for the scope.
  ///
  /// What the webhook replaces when the object itself is applied stays as it is: pods find the secrets there.
  init(of source: SourceText, in scope: InjectionScope) {
    guard let pieces = try? DocumentStream(source) else { return }
    for piece in pieces {
      guard let document = try? Document(piece, of: source), let objects = try? ManifestObject.objects(of: document)
      else { continue }
      for object in objects where ["ConfigMap", "Secret"].contains(object.kind) && object.group.isEmpty {
        let isReplaced = document.firstScalar(in: object.node, beginningWith: BankVaults.prefix) != nil
        let holds = !isReplaced && BankVaultsValues.holdsReference(object, in: document)
        found["\(object.kind)/\(scope.namespace(of: object))/\(object.name)"] = holds ? .references : .plain
      }
    }
  }

  /// What is known of one; nil where the input does not hold it.
  func reading(_ kind: String, _ name: String, in namespace: String) -> Reading? {
    found["\(kind)/\(namespace)/\(name)"]
  }

  private static func holdsReference(_ object: ManifestObject, in document: Document) -> Bool {
    for (member, isEncoded) in [("data", object.kind == "Secret"), ("stringData", false)] {
      guard let map = try? document.value(member, in: object.node), document.isMapping(map) else { continue }
      for (_, value) in document.entries(of: map) {
        let text = document.text(of: value)
        let decoded = isEncoded ? Base64.decoded(text.utf8).map { String(decoding: $0, as: UTF8.self) } : text
        if let decoded, BankVaults.replaces(decoded) { return true }
      }
    }
    return false
  }
}

extension Document {
  fileprivate func firstScalar(in node: NodeID, beginningWith text: String) -> NodeID? {
    scalars(in: node, beginningWith: Array(text.utf8)).first
  }
}
