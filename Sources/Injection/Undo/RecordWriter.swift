internal import ManifestText

/// How places and their contents are written in a record.
enum RecordSyntax {
  static let separator = UInt8(ascii: ";")
  static let comma = ASCII.comma
  static let colon = ASCII.colon
  static let open = UInt8(ascii: "(")
  static let close = UInt8(ascii: ")")
  static let front = UInt8(ascii: "/")
  static let back = UInt8(ascii: "~")
  static let replaced = ASCII.exclamation
  static let value = UInt8(ascii: "=")
  static let list = ASCII.plus
  static let map = UInt8(ascii: "@")

  /// What nearly every record names, as one letter each; a name that is one of these letters is escaped.
  ///
  /// Records hold these letters: others may be added, and none may ever stand for something else.
  static let letters: [(name: [UInt8], letter: UInt8)] = [
    ("p", "spec"), ("v", "volumes"), ("i", "initContainers"), ("c", "containers"), ("m", "volumeMounts"),
    ("n", "shareProcessNamespace"),
    // HashiCorp's
    ("A", "vault-agent"), ("I", "vault-agent-init"), ("T", "vault-agent-token"), ("V", "vault-secrets"),
    ("W", "vault-secrets-custom-0"), ("H", "home-init"), ("K", "home-sidecar"),
    // Talend's
    ("B", "tvsi-vault-agent"), ("J", "tvsi-vault-agent-init"), ("S", "secrets"), ("D", "tvsi-agent"),
    ("E", "tvsi-shared"), ("F", "tvsi-sa-token"),
  ].map { (Array($0.1.utf8), Array($0.0.utf8)[0]) }

  /// True for what stands for itself in a step; everything else is a percent sign and two digits.
  static func isPlain(_ byte: UInt8) -> Bool {
    ASCII.isLetter(byte) || ASCII.isDigit(byte) || byte == ASCII.dash || byte == ASCII.dot
      || byte == ASCII.hash || byte == UInt8(ascii: "_")
  }

  static let digits = Array("0123456789ABCDEF".utf8)
}

/// Writes the clauses of a record: there is one for each pod that is injected.
struct RecordWriter {
  private(set) var output: [UInt8] = []
  /// What gave way to others, in the order in which the clauses tell of it.
  private(set) var replaced: [InjectionRecord.Replaced] = []
  /// True where a clause tells of several places.
  private var hasGroups = false

  mutating func raw(_ text: String) { output += text.utf8 }

  mutating func raw(_ text: String, _ bytes: [UInt8]) {
    output += text.utf8
    output += bytes
  }

  /// Writes a clause for everything that was injected in a place; nothing where that is nothing.
  mutating func part(_ part: InjectionRecord.Part) {
    let start = output.count
    for entry in part.added {
      separate(since: start)
      step(entry.step)
      injected(entry.content)
    }
    for entry in part.replaced {
      separate(since: start)
      step(entry.step)
      output.append(RecordSyntax.replaced)
      injected(entry.content.now)
      replaced.append(entry.content)
    }
    elements(part.front, behind: RecordSyntax.front, since: start)
    elements(part.back, behind: RecordSyntax.back, since: start)
    children(part.children, since: start)
  }

  /// Neighbours in which the same was injected are told of together; groups within groups could stand for more places
  /// than any document has.
  private mutating func children(_ children: [InjectionRecord.Entry<InjectionRecord.Part>], since start: Int) {
    var last: [UInt8] = []
    for child in children {
      var inner = RecordWriter()
      inner.part(child.content)
      if inner.output.isEmpty { continue }
      if inner.output == last, inner.replaced.isEmpty, !inner.hasGroups {
        output.removeLast(last.count + 2)
        output.append(RecordSyntax.comma)
        hasGroups = true
      } else {
        separate(since: start)
      }
      step(child.step)
      output.append(RecordSyntax.open)
      output += inner.output
      output.append(RecordSyntax.close)
      replaced += inner.replaced
      hasGroups = hasGroups || inner.hasGroups
      last = inner.output
    }
  }

  private mutating func elements(_ elements: [InjectionRecord.Element], behind mark: UInt8, since start: Int) {
    if elements.isEmpty { return }
    separate(since: start)
    output.append(mark)
    for (index, element) in elements.enumerated() { member(index, element.name, element.digest) }
  }

  private mutating func injected(_ injected: InjectionRecord.Injected) {
    switch injected {
    case .value(let digest):
      output.append(RecordSyntax.value)
      digest.write(to: &output)
    case .list(let elements):
      output.append(RecordSyntax.list)
      for (index, element) in elements.enumerated() { member(index, element.name, element.digest) }
    case .map(let entries):
      output.append(RecordSyntax.map)
      for (index, entry) in entries.enumerated() { member(index, entry.step, entry.content) }
    }
  }

  private mutating func member(_ index: Int, _ name: String?, _ digest: RecordedDigest) {
    if index > 0 { output.append(RecordSyntax.comma) }
    if let name {
      step(name)
      output.append(RecordSyntax.colon)
    }
    digest.write(to: &output)
  }

  private mutating func separate(since start: Int) {
    if output.count > start { output.append(RecordSyntax.separator) }
  }

  private mutating func step(_ text: String) {
    let count = text.utf8.count
    let known = RecordSyntax.letters.first { $0.name.count == count && ByteText.isEqual($0.name[...], text) }
    if let known { return output.append(known.letter) }
    // No step is empty.
    if text.isEmpty { return output.append(ASCII.percent) }
    let isLetter = count == 1 && RecordSyntax.letters.contains { $0.letter == text.utf8.first }
    for byte in text.utf8 {
      if RecordSyntax.isPlain(byte), !isLetter {
        output.append(byte)
      } else {
        output += [ASCII.percent, RecordSyntax.digits[Int(byte >> 4)], RecordSyntax.digits[Int(byte & 15)]]
      }
    }
  }
}
