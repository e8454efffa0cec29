internal import ManifestText
internal import Workloads

/// Variables that are not what they were meant to be.
struct HashiCorpVariableTraps {
  private let pod: HashiCorpPod

  init(_ pod: HashiCorpPod) { self.pod = pod }

  func findings() throws(Diagnostic) -> [Diagnostic] {
    guard !pod.settings.isExact else { return [] }
    return try unlikeReferences() + sameVariables() + inOneContainer() + expanded() + expiring() + fetchedTwice()
      + outranked()
  }

  /// Values that were perhaps meant to be a reference to a secret, and are none.
  private func unlikeReferences() throws(Diagnostic) -> [Diagnostic] {
    var findings: [Diagnostic] = []
    for container in pod.initContainers + pod.containers {
      for entry in try container.writtenVariables() {
        guard let hint = remedy(of: entry.value) else { continue }
        findings.append(.unlikeReference(entry.name, entry.value, hint, at: entry.range))
      }
    }
    return findings
  }

  /// What to write in place of a value that is only nearly a reference; nil for any other text.
  private func remedy(of value: String) -> String? {
    guard value.utf8.contains(ASCII.colon), VaultReference(value) == nil else { return nil }
    if let meant = VaultReference.meant(by: value) { return "did you mean `\(meant)`?" }
    if VaultReference.isMeantToWrite(value) { return BankVaultsValue.Loss.write.hint(pod.brand) }
    // An application may know other texts that begin like one, such as a key that Vault's transit engine has encrypted.
    if ByteText.begins(value, with: VaultReference.scheme), !VaultReference.isLike(value) { return nil }
    return switch BankVaultsValue(value) {
    case .written(let text): "did you mean `\(text)`?"
    case .lost(let loss): loss.hint(pod.brand)
    case .plain where VaultReference.isLike(value): "write PATH#FIELD, such as vault:secret/data/db#password"
    case .plain, .served: nil
    }
  }

  /// Variables that two secrets become for all containers, as far as the manifest names them.
  private func sameVariables() -> [Diagnostic] {
    var findings: [Diagnostic] = []
    for file in pod.variables.files {
      var known = NameIndex()
      for source in file.sources {
        for variable in source.choice.variables where !known.add(variable) {
          findings.append(.sameVariable(variable, at: source.range))
        }
      }
    }
    return findings
  }

  /// Variables that a container would have twice, of which at least one stands in its own manifest.
  private func inOneContainer() throws(Diagnostic) -> [Diagnostic] {
    var findings: [Diagnostic] = []
    let all = sharedVariables
    for receiver in pod.variables.receivers {
      let shared = receiver.getsShared ? all : NameIndex()
      for source in receiver.own {
        for variable in source.choice.variables where shared.contains(variable) {
          findings.append(.sameVariable(variable, at: source.range))
        }
      }
      let own = NameIndex(receiver.own.flatMap(\.choice.variables))
      for entry in try receiver.container.writtenVariables()
      where VaultReference(entry.value) == nil && (own.contains(entry.name) || shared.contains(entry.name)) {
        findings.append(.variableBesideSecret(entry.name, at: entry.nameRange))
      }
    }
    return findings
  }

  /// The variables of annotations, as far as the manifest names them.
  private var sharedVariables: NameIndex {
    let sources = pod.variables.sources.filter { if case .secret = $0.asked { true } else { false } }
    return NameIndex(sources.flatMap(\.choice.variables))
  }

  /// `$(NAME)` of a secret's variable, which Kubernetes fills in before any secret is read.
  private func expanded() throws(Diagnostic) -> [Diagnostic] {
    var findings: [Diagnostic] = []
    let all = sharedVariables
    for receiver in pod.variables.receivers {
      let own = NameIndex(receiver.own.flatMap(\.choice.variables))
      let shared = receiver.getsShared ? all : NameIndex()
      for text in try receiver.container.expandedTexts() {
        for name in VariableExpansion.names(in: text.value) where own.contains(name) || shared.contains(name) {
          let finding = Diagnostic.expandedVariable(name, text.field, isReference: own.contains(name), at: text.range)
          if findings.last != finding { findings.append(finding) }
        }
      }
    }
    return findings
  }

  /// Another injector's annotations that do not count beside the injector's own, and say something else.
  private func outranked() throws(Diagnostic) -> [Diagnostic] {
    guard let former = pod.settings.former else { return [] }
    let annotations = try pod.template.annotations()
    var findings: [Diagnostic] = []
    for (other, isCounted) in try annotations.formerOnes(former, beside: pod.brand) {
      guard !isCounted, other.key != HashiCorpTable.status.key,
        let own = try annotations.value(pod.brand.fullKey(other.key)), own.text != other.value.text
      else { continue }
      findings.append(.outranked(other.key, former.prefix, pod.brand.prefix, at: other.value.range))
    }
    return findings
  }

  /// What Vault makes for the init container and, other than that, for the sidecar, which restarts the application at once.
  private func fetchedTwice() -> [Diagnostic] {
    guard pod.variables.onChange == .restart, pod.runsInitContainer, pod.runsSidecar, !pod.keepsCache else { return [] }
    return pod.variables.sources.filter { VaultPath.isMadeForEach($0.path) }.map { source in
      let name: String = if case .secret(let name) = source.asked { name } else { source.path }
      return .fetchedTwice(name, at: source.range)
    }
  }

  /// What Vault makes for each who asks and takes back after a time.
  private func expiring() -> [Diagnostic] {
    guard pod.variables.onChange == .nothing else { return [] }
    return pod.variables.sources.filter { VaultPath.isMadeForEach($0.path) }.map {
      .expiringVariables($0.path, at: $0.range)
    }
  }
}

/// What Kubernetes takes for variables in `env`, `command` and `args`.
package enum VariableExpansion {
  /// The names in `$(NAME)`, in order; after a dollar that stands before it, `$(` is text.
  package static func names(in text: String) -> [String] {
    var bytes = Array(text.utf8)[...]
    var names: [String] = []
    while let byte = bytes.popFirst() {
      guard byte == UInt8(ascii: "$"), let next = bytes.popFirst(), next == UInt8(ascii: "(") else { continue }
      guard let end = bytes.firstIndex(of: UInt8(ascii: ")")) else { break }
      names.append(String(decoding: bytes[..<end], as: UTF8.self))
      bytes = bytes[(end + 1)...]
    }
    return names
  }
}

extension Container {
  /// A variable whose value is written out.
  fileprivate typealias WrittenVariable = (name: String, nameRange: Range<Int>, value: String, range: Range<Int>)
  /// A text in which Kubernetes fills variables in.
  fileprivate typealias ExpandedText = (field: String, value: String, range: Range<Int>)

  fileprivate func writtenVariables() throws(Diagnostic) -> [WrittenVariable] {
    var found: [WrittenVariable] = []
    for item in try items(of: "env") {
      guard let name = try document.value("name", in: item), document.isString(name) else { continue }
      let value = try document.value("value", in: item)
      let (text, range) = (value.map(document.text) ?? "", document.range(of: value ?? name))
      found.append((document.text(of: name), document.range(of: name), text, range))
    }
    return found
  }

  fileprivate func expandedTexts() throws(Diagnostic) -> [ExpandedText] {
    var found: [ExpandedText] = try writtenVariables().map { ("env", $0.value, $0.range) }
    for field in ["command", "args"] {
      found += try items(of: field).map { (field, document.text(of: $0), document.range(of: $0)) }
    }
    return found
  }
}
