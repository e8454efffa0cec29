internal import ManifestText
internal import Workloads

/// Keys that the API server refuses, or that belong to a secret there is not.
struct HashiCorpKeyTraps {
  private let pod: HashiCorpPod
  private let names: Set<ExactText>
  /// The secrets a misspelt name may stand for.
  private let candidates: [String]

  init(_ pod: HashiCorpPod) {
    self.pod = pod
    let names = pod.secrets.map(\.name)
    self.names = Set(exactly: names)
    candidates = names.count * pod.annotations.entries.count <= NearestName.mostComparisons ? names : []
  }

  func findings() -> [Diagnostic] {
    pod.annotations.entries.compactMap { entry in
      if entry.key.utf8.count > 63 { return .longKey(entry.key, at: entry.keyRange) }
      if !Self.isName(entry.key) { return .unfitKey(entry.key, at: entry.keyRange) }
      return orphan(entry)
    }
  }

  private func orphan(_ entry: Annotations.Named) -> Diagnostic? {
    for family in HashiCorpTable.secretDetails {
      guard let stem = family.stem, let name = ByteText.rest(of: entry.key, after: stem) else { continue }
      return names.contains(name) ? nil : .orphan(entry.key, name, among: candidates, at: entry.keyRange)
    }
    return nil
  }

  /// What may stand after the slash of an annotation's key.
  private static func isName(_ key: String) -> Bool {
    guard let first = key.utf8.first, let last = key.utf8.last else { return false }
    return isAlphanumeric(first) && isAlphanumeric(last)
      && key.utf8.allSatisfy { isAlphanumeric($0) || $0 == ASCII.dash || $0 == ASCII.dot || $0 == UInt8(ascii: "_") }
  }

  private static func isAlphanumeric(_ byte: UInt8) -> Bool {
    ASCII.isDigit(byte) || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
  }
}
