internal import ManifestText

/// The config map that the agents read in place of a generated configuration, where it stands in the same input.
struct HashiCorpConfigMapTraps {
  private let pod: HashiCorpPod
  private let configMaps: InputConfigMaps

  init(_ pod: HashiCorpPod, _ configMaps: InputConfigMaps) {
    self.pod = pod
    self.configMaps = configMaps
  }

  /// What is to be said of the files that the agents read; nothing where the input does not have them.
  func findings() -> [Diagnostic] {
    guard let name = pod.configMap, let configMap = configMaps.named(name, in: pod.namespace) else { return [] }
    return pod.agents.flatMap { agent in
      guard let file = configMap.file(agent.configurationFile) else { return [missing(agent, in: configMap)] }
      return findings(on: file, in: configMap)
    }
  }

  private var place: Range<Int>? { pod.annotations.place(HashiCorpTable.configMap.row) }

  private func missing(_ agent: HashiCorpAgents.Name, in configMap: InputConfigMap) -> Diagnostic {
    let names = configMap.files.map { "`\($0.name)`" }.listed(first: 5)
    return Diagnostic(
      rule: .configMapFile,
      message:
        "the ConfigMap `\(configMap.name)` has no `\(agent.configurationFile)`, which \(agent.name(in: pod.brand)) reads; "
        + (names.isEmpty ? "it is empty" : "it has \(names)"),
      hint: "add that file to its data\(pod.agents.count > 1 ? wayWithout(agent) : "")", range: place)
  }

  /// The annotation that leaves an agent out, where that leaves another.
  private func wayWithout(_ agent: HashiCorpAgents.Name) -> String {
    let row = agent == .sidecar ? HashiCorpTable.prePopulateOnly.row : HashiCorpTable.prePopulate.row
    return ", or set \(row.key): \"\(agent == .sidecar)\" to do without \(agent.name(in: pod.brand))"
  }

  /// What is said of the templates in a file, at the annotation that names it, with the line they are written in.
  private func findings(on file: InputConfigMap.File, in configMap: InputConfigMap) -> [Diagnostic] {
    configMap.reviews(of: file).flatMap { review in
      review.findings().map { finding in
        let source = configMap.document.source
        let line = finding.range.map { " (line \(source.location(of: $0.lowerBound).line) of the input)" } ?? ""
        // The file is read as far as that is certain, and the cluster may have another by then: a warning is enough.
        return Diagnostic(
          as: finding.severity == .error ? .warning : finding.severity, rule: finding.rule,
          message: "\(finding.message), in \(file.name)\(line)",
          hint: finding.hint, range: place)
      }
    }
  }
}

extension InputConfigMap {
  /// The templates in an agent's configuration; none where it is in base64, in which nothing has a place.
  func reviews(of file: File) -> [TemplateReview] {
    guard let node = file.node else { return [] }
    return AgentFile(file.text).templates.map { template in
      TemplateReview(
        TemplateReview.Source(
          name: "a template of the ConfigMap `\(name)`", text: template.text, delimiters: template.delimiters,
          node: node, document: document, offset: template.offset, failsOnMissingKey: template.failsOnMissingKey))
    }
  }
}
