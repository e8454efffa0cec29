internal import ManifestText
internal import Workloads

/// Values that the webhook passes on as they are, and that their readers in the pod refuse.
struct HashiCorpValueTraps {
  private let pod: HashiCorpPod
  private var annotations: HashiCorpAnnotations { pod.annotations }

  init(_ pod: HashiCorpPod) { self.pod = pod }

  func findings() -> [Diagnostic] {
    guard pod.runsInitContainer || pod.runsSidecar else { return [] }
    return values() + addresses() + settings() + users() + backoffs()
  }

  /// What the table says of each value.
  private func values() -> [Diagnostic] {
    zip(annotations.entries, annotations.known).compactMap { entry, known in
      guard let row = known?.entry.row, let shape = row.shape, !shape.accepts(entry.value.text),
        isRead(row, shape, entry.key)
      else { return nil }
      return .unfit(entry.value.text, shape, of: annotations.fullKey(entry.key), at: entry.value.range)
    }
  }

  /// Addresses that tell more than where something is; one that is no address at all is another finding.
  private func addresses() -> [Diagnostic] {
    [HashiCorpTable.service, HashiCorpTable.proxyAddress].compactMap { row in
      let annotation = annotations.located(row.row)
      let address = annotation?.text ?? annotations.fallback(of: row)
      guard URLText(address).showsCredentials, row.row.shape?.accepts(address) ?? true else { return nil }
      if let annotation { return .credentialsInAddress(annotations.fullKey(row.key), at: annotation.range) }
      return row.row.setting.map { .credentialsInAddress(pod.brand.setting($0), at: pod.requestPlace) }
    }
  }

  /// False for a value that nobody reads in this pod.
  private func isRead(_ row: AnnotationSchema.Row, _ shape: ValueShape, _ key: String) -> Bool {
    if shape.reader == .configuration, pod.configMap != nil { return false }
    return switch row.key {
    case HashiCorpTable.cacheListenerPort.key: pod.listens
    case HashiCorpTable.cacheToken.key: pod.listens && pod.request.usesCache
    case HashiCorpTable.runAsUser.key:
      pod.request.setsSecurityContext && annotations.located(HashiCorpTable.runAsSameUser.row) == nil
    case HashiCorpTable.runAsGroup.key: pod.request.setsSecurityContext
    case HashiCorpTable.secret.key:
      // A template of the pod's own names the path it reads.
      pod.request.secrets.contains { $0.usesDefaultTemplate && ByteText.isEqual(row.key(of: $0.name), key) }
    case HashiCorpTable.permissions.key: pod.secrets.contains { ByteText.isEqual(row.key(of: $0.name), key) }
    default: true
    }
  }

  /// Settings that stand in for annotations, as far as any text is taken for them.
  private func settings() -> [Diagnostic] {
    guard pod.configMap == nil else { return [] }
    return [
      HashiCorpTable.authType, HashiCorpTable.authMinBackoff, HashiCorpTable.authMaxBackoff,
      HashiCorpTable.renderInterval,
    ].compactMap { row in
      guard let shape = row.row.shape, let setting = row.row.setting, annotations.located(row.row) == nil else {
        return nil
      }
      return .unfit(annotations.fallback(of: row), shape, of: setting, at: pod.requestPlace)
    }
  }

  private func users() -> [Diagnostic] {
    guard pod.request.setsSecurityContext else { return [] }
    return [(HashiCorpTable.runAsUser, pod.request.runAsUser), (HashiCorpTable.runAsGroup, pod.request.runAsGroup)]
      .compactMap { row, id in
        guard let id, annotations.located(row.row) == nil, let setting = row.row.setting else { return nil }
        return .unfit(String(id), .userID, of: setting, at: pod.requestPlace)
      }
  }

  /// The agent's own limits hold where none is given.
  private func backoffs() -> [Diagnostic] {
    func length(_ row: HashiCorpTable.Row<String>, _ usual: Int64) -> Int64? {
      let text = annotations[row]
      if text.isEmpty { return usual }
      return AgentDuration.nanoseconds(text).map { $0 > 0 ? $0 : usual }
    }
    let (least, most) = (HashiCorpTable.authMinBackoff, HashiCorpTable.authMaxBackoff)
    guard pod.configMap == nil, let shortest = length(least, 1_000_000_000),
      let longest = length(most, 300_000_000_000),
      shortest >= longest
    else { return [] }
    let (from, upTo) = (annotations[least], annotations[most])
    return [
      .backoffsCrossed(
        from.isEmpty ? "1s" : from, upTo.isEmpty ? "5m" : upTo, areEqual: shortest == longest,
        at: (annotations.located(least.row) ?? annotations.located(most.row))?.range ?? pod.requestPlace)
    ]
  }
}

extension HashiCorpPod {
  /// Where the pod asks for injection, for findings about what no annotation says.
  var requestPlace: Range<Int>? { annotations.place(HashiCorpTable.inject.row) }

  /// True where annotations or settings change what the agents' containers mount or may take.
  var changesAgents: Bool {
    !settings.hasUsualAmounts
      || Self.agentRows.contains { annotations.located($0) != nil }
      || !annotations.members(of: HashiCorpTable.secretPath.row).isEmpty
  }

  private static let agentRows =
    [
      HashiCorpTable.secretsPath.row, HashiCorpTable.copyVolumeMounts.row, HashiCorpTable.patch.row,
      HashiCorpTable.initPatch.row,
    ] + HashiCorpTable.amounts.values.flatMap(\.values)

  /// True where an agent listens for requests.
  var listens: Bool {
    configMap == nil && (keepsCache || request.usesCache && runsSidecar || request.enablesQuit)
  }
}
