internal import ManifestText
internal import Workloads

/// What is to be taken out of a pod of which no record tells what was injected.
extension InjectionRecord {
  /// A record of everything that has the name of something a dialect injects; nil for a pod without a spec.
  ///
  /// Digests say nothing in it. Commands and hooks that an injection has changed have no names, and stay.
  /// - Throws: A `Diagnostic` where the pod cannot be taken apart.
  static func ofNames(
    in template: PodTemplate, _ dialect: any Dialect
  ) throws(Diagnostic) -> InjectionRecord? {
    guard let spec = try template.spec() else { return nil }
    let document = template.document
    let names = dialect.injectedNames + [dialect.tokenVolume]
    var part = Part()
    var volumes: [String] = []
    for list in ["volumes", "initContainers", "containers"] {
      guard let node = try document.value(list, in: spec), document.isSequence(node) else { continue }
      var (elements, others): ([Element], [Entry<Part>]) = ([], [])
      for item in document.items(of: node) {
        guard let name = try document.elementName(item) else { continue }
        let mayBeShared = list == "volumes" && name == dialect.sharedVolume
        let isShared = mayBeShared ? try document.isInMemory(item) : false
        if isShared || names.holdsExactly(name) {
          elements.append(Element(digest: RecordedDigest(bytes: []), name: name))
        } else if let mounts = try mounts(of: volumes, in: item, document) {
          others.append(Entry(step: name, content: mounts))
        }
      }
      if list == "volumes" { volumes = elements.compactMap(\.name) }
      if !elements.isEmpty, others.isEmpty {
        part.added.append(Entry(step: list, content: .list(elements)))
      } else if !others.isEmpty {
        var inner = Part(children: others)
        inner.front = elements
        part.children.append(Entry(step: list, content: inner))
      }
    }
    var record = InjectionRecord()
    if !part.added.isEmpty || !part.children.isEmpty {
      record.pod = Part(children: [Entry(step: "spec", content: part)])
    }
    if try template.annotations().holds(dialect.statusKey) { record.pod = record.pod.withStatus(dialect.statusKey) }
    return record
  }

  /// The mounts of volumes in a container; nil where there are none.
  private static func mounts(
    of volumes: [String], in container: NodeID, _ document: Document
  ) throws(Diagnostic) -> Part? {
    guard document.isMapping(container), let mounts = try document.value("volumeMounts", in: container),
      document.isSequence(mounts)
    else { return nil }
    var elements: [Element] = []
    for mount in document.items(of: mounts) {
      if let name = try document.elementName(mount), volumes.holdsExactly(name) {
        elements.append(Element(digest: RecordedDigest(bytes: []), name: name))
      }
    }
    return elements.isEmpty ? nil : Part(added: [Entry(step: "volumeMounts", content: .list(elements))])
  }
}

extension Document {
  /// True for an empty volume in memory, as injections bring them.
  fileprivate func isInMemory(_ volume: NodeID) throws(Diagnostic) -> Bool {
    guard let folder = try value("emptyDir", in: volume), isMapping(folder),
      let medium = try value("medium", in: folder)
    else { return false }
    return isText(medium, equalTo: "Memory")
  }
}

extension Diagnostic {
  /// What is taken out all the same where no record tells what was injected.
  static func takenOutByName(_ reason: Diagnostic) -> Diagnostic {
    var finding = reason
    finding.severity = .warning
    finding.hint =
      "what has the name of something that is injected goes; look at the commands and hooks of your own "
      + "containers, which stay as they are"
    return finding
  }
}
