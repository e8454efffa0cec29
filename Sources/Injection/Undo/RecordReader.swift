internal import ManifestText

/// Reads the clauses of a record.
struct RecordReader {
  /// Deeper than anything is injected: who writes a record by hand does not get far.
  private static let mostLevels = 32

  private let bytes: [UInt8]
  private var index = 0
  /// True within a clause that tells of several places.
  private var isInGroup = false
  /// The texts that gave way to others, of those clauses that are still to be read.
  private var formers: ArraySlice<Value>

  init(_ bytes: ArraySlice<UInt8>, formers: [Value]) {
    self.bytes = Array(bytes)
    self.formers = formers[...]
  }

  /// What was injected into the pod, whose status annotation has this key.
  /// - Throws: A `Fault` where that is not what a writer writes.
  mutating func pod(_ statusKey: String) throws(InjectionRecord.Fault) -> InjectionRecord.Part {
    var pod = InjectionRecord.Part()
    let hasStatus = take(Array(";s".utf8))
    if take(RecordSyntax.separator) { pod = try part(1) }
    guard index == bytes.count, formers.isEmpty else { throw .damaged }
    return hasStatus ? pod.withStatus(statusKey) : pod
  }

  private mutating func part(_ level: Int) throws(InjectionRecord.Fault) -> InjectionRecord.Part {
    var part = InjectionRecord.Part()
    repeat { try clause(&part, level) } while take(RecordSyntax.separator)
    try demandOnce(part.added.map(\.step) + part.replaced.map(\.step) + part.children.map(\.step))
    return part
  }

  private mutating func clause(
    _ part: inout InjectionRecord.Part, _ level: Int
  ) throws(InjectionRecord.Fault) {
    if take(RecordSyntax.front) { return part.front += try elements() }
    if take(RecordSyntax.back) { return part.back += try elements() }
    var steps = [try step()]
    while take(RecordSyntax.comma) { steps.append(try step()) }
    if take(RecordSyntax.open) {
      let inner = try group(of: steps, level)
      part.children += steps.map { InjectionRecord.Entry(step: $0, content: inner) }
      return
    }
    guard steps.count == 1 else { throw .damaged }
    if take(RecordSyntax.replaced) {
      guard let former = formers.popFirst(),
        let replaced = InjectionRecord.Replaced(now: try injected(), former: former)
      else { throw .damaged }
      part.replaced.append(InjectionRecord.Entry(step: steps[0], content: replaced))
    } else {
      part.added.append(InjectionRecord.Entry(step: steps[0], content: try injected()))
    }
  }

  /// What was injected further down, in one place or in each of several: not the same twice, nor several times several,
  /// or a short text could keep us busy for ever.
  private mutating func group(
    of steps: [String], _ level: Int
  ) throws(InjectionRecord.Fault) -> InjectionRecord.Part {
    let isGroup = steps.count > 1
    guard level < RecordReader.mostLevels, !isGroup || !isInGroup else { throw .damaged }
    try demandOnce(steps)
    if isGroup { isInGroup = true }
    defer { if isGroup { isInGroup = false } }
    let inner = try part(level + 1)
    guard take(RecordSyntax.close) else { throw .damaged }
    return inner
  }

  private mutating func injected() throws(InjectionRecord.Fault) -> InjectionRecord.Injected {
    if take(RecordSyntax.value) {
      guard let digest = RecordedDigest(text: word()) else { throw .damaged }
      return .value(digest)
    }
    if take(RecordSyntax.list) { return .list(try elements()) }
    guard take(RecordSyntax.map) else { throw .damaged }
    var entries: [InjectionRecord.Entry<RecordedDigest>] = []
    for element in try elements() {
      guard let step = element.name else { throw .damaged }
      entries.append(InjectionRecord.Entry(step: step, content: element.digest))
    }
    try demandOnce(entries.map(\.step))
    return .map(entries)
  }

  private mutating func elements() throws(InjectionRecord.Fault) -> [InjectionRecord.Element] {
    var elements: [InjectionRecord.Element] = []
    repeat {
      let first = word()
      let isNamed = take(RecordSyntax.colon)
      guard let digest = RecordedDigest(text: isNamed ? word() : first) else { throw .damaged }
      elements.append(InjectionRecord.Element(digest: digest, name: isNamed ? try name(first) : nil))
    } while take(RecordSyntax.comma)
    return elements
  }

  /// Refuses to be told the same place twice, or a short text could keep us busy for long.
  private func demandOnce(_ steps: [String]) throws(InjectionRecord.Fault) {
    guard Set(exactly: steps).count == steps.count else { throw .damaged }
  }

  // MARK: Words

  private mutating func step() throws(InjectionRecord.Fault) -> String { try name(word()) }

  private func name(_ word: ArraySlice<UInt8>) throws(InjectionRecord.Fault) -> String {
    guard let first = word.first else { throw .damaged }
    if word.count == 1 {
      if first == ASCII.percent { return "" }
      if let known = RecordSyntax.letters.first(where: { $0.letter == first }) {
        return String(decoding: known.name, as: UTF8.self)
      }
    }
    var text: [UInt8] = []
    var rest = word
    while let byte = rest.popFirst() {
      guard byte == ASCII.percent else {
        text.append(byte)
        continue
      }
      guard let high = rest.popFirst().flatMap(RecordReader.digit),
        let low = rest.popFirst().flatMap(RecordReader.digit)
      else { throw .damaged }
      text.append(high << 4 | low)
    }
    return String(decoding: text, as: UTF8.self)
  }

  private static func digit(_ byte: UInt8) -> UInt8? { RecordSyntax.digits.firstIndex(of: byte).map(UInt8.init) }

  private mutating func word() -> ArraySlice<UInt8> {
    let start = index
    while index < bytes.count, RecordSyntax.isPlain(bytes[index]) || bytes[index] == ASCII.percent { index += 1 }
    return bytes[start..<index]
  }

  private mutating func take(_ byte: UInt8) -> Bool {
    guard index < bytes.count, bytes[index] == byte else { return false }
    index += 1
    return true
  }

  /// Takes a whole clause.
  private mutating func take(_ clause: [UInt8]) -> Bool {
    let end = index + clause.count
    guard bytes[index...].starts(with: clause), end == bytes.count || bytes[end] == RecordSyntax.separator else {
      return false
    }
    index = end
    return true
  }
}
