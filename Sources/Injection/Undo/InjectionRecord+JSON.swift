internal import ManifestText

/// Records as versions 1 and 2 wrote them: JSON on one line, with a digest of itself at the end.
extension InjectionRecord {
  private static let seal = ",\"digest\":\""

  /// Reads a text of one of these versions.
  /// - Throws: A `Fault` where it is not as it was written.
  init(json text: String) throws(Fault) {
    let bytes = Array(text.utf8)
    let tail = InjectionRecord.seal.utf8.count + 18
    guard bytes.count > tail else { throw .damaged }
    let body = bytes.dropLast(tail)
    let ending = bytes.suffix(tail)
    guard ending.starts(with: InjectionRecord.seal.utf8), ending.suffix(2).elementsEqual("\"}".utf8),
      RecordedDigest(text: ending.dropLast(2).suffix(16)) == RecordedDigest(bytes: body),
      let value = Value(json: Array(body) + "}".utf8)
    else { throw .damaged }
    let number = value["v"] ?? .null
    guard let version = number.wholeNumber.flatMap(Version.init), version != .current else {
      throw .unknownVersion(String(decoding: JSONWriter.compact(number), as: UTF8.self))
    }
    guard let pod = value["pod"].flatMap(Part.init) else { throw .damaged }
    self.init(version: version, pod: pod)
    try readSupplements(value)
  }
}

/// What a record of any version holds as JSON: text.
extension InjectionRecord {
  /// What there is to say beside what was injected, with the texts that some of that replaced.
  func supplements(_ replaced: [Replaced]) -> Value {
    var value: Value = [:]
    if !replaced.isEmpty { value["former"] = .array(replaced.map(\.formerValue)) }
    if !repairs.isEmpty { value["text"] = .array(repairs.map(\.value)) }
    if let difference { value["document"] = difference.value }
    return value
  }

  mutating func readSupplements(_ value: Value) throws(Fault) {
    guard let repairs = (value["text"]?.array ?? []).mapped(SpellingRepair.init) else { throw .damaged }
    self.repairs = repairs
    difference = value["document"].flatMap(FormerDocument.init)
  }
}

extension InjectionRecord.Replaced {
  fileprivate var formerValue: Value {
    var value: Value = ["was": .string(String(decoding: former.text, as: UTF8.self))]
    if isMerged { value["merged"] = true }
    if former.isBelow { value["below"] = true }
    if former.isBelow || former.isIndented { value["column"] = .number(String(former.column)) }
    return value
  }

  init?(now: InjectionRecord.Injected, former value: Value) {
    guard let text = value["was"]?.string else { return nil }
    let column = value["column"].map(\.recordedCount) ?? 0
    guard let column, column <= FormerText.mostColumns else { return nil }
    former = FormerText(text: Array(text.utf8), isBelow: value["below"] == true, column: column)
    self.now = now
    isMerged = value["merged"] == true
  }
}

extension InjectionRecord.Part {
  fileprivate init?(_ value: Value) {
    guard value.members != nil, let added = value["add"].entries(InjectionRecord.Injected.init(record:)),
      let replaced = value["set"].entries(InjectionRecord.Replaced.init),
      let front = (value["front"]?.array ?? []).mapped(InjectionRecord.Element.init(record:)),
      let back = (value["back"]?.array ?? []).mapped(InjectionRecord.Element.init(record:)),
      let children = value["in"].entries(InjectionRecord.Part.init)
    else { return nil }
    self.init(added: added, replaced: replaced, front: front, back: back, children: children)
  }
}

extension InjectionRecord.Element {
  fileprivate init?(record value: Value) {
    guard let text = value.string, let digest = RecordedDigest(text: text.prefix(16).utf8) else { return nil }
    let rest = text.dropFirst(16)
    guard rest.isEmpty || rest.hasPrefix(" ") else { return nil }
    self.init(digest: digest, name: rest.isEmpty ? nil : String(rest.dropFirst()))
  }
}

extension InjectionRecord.Injected {
  fileprivate init?(record value: Value) {
    switch value {
    case .array(let elements):
      guard let elements = elements.mapped(InjectionRecord.Element.init(record:)) else { return nil }
      self = .list(elements)
    case .object:
      guard let entries = Optional(value).entries({ RecordedDigest($0) }) else { return nil }
      self = .map(entries)
    default:
      guard let digest = RecordedDigest(value) else { return nil }
      self = .value(digest)
    }
  }
}

extension InjectionRecord.Replaced {
  fileprivate init?(_ value: Value) {
    guard let now = value["now"].flatMap(InjectionRecord.Injected.init(record:)) else { return nil }
    self.init(now: now, former: value)
  }
}

extension Value? {
  /// A map's entries, each read; none where there is no map, nil where one of them cannot be read.
  fileprivate func entries<Content>(_ read: (Value) -> Content?) -> [InjectionRecord.Entry<Content>]? {
    (self?.members ?? []).mapped { member in
      read(member.value).map { InjectionRecord.Entry(step: member.key, content: $0) }
    }
  }
}

extension Value {
  /// A number without a fraction; nil for anything else.
  var wholeNumber: Int? {
    guard case .number(let text) = self else { return nil }
    return Int(text)
  }

  /// A number of bytes, elements or columns; nil for what is none, or more than any document has.
  ///
  /// Anybody can write a record: its numbers are not to be trusted in arithmetic.
  var recordedCount: Int? { wholeNumber.flatMap { (0...Int(Int32.max)).contains($0) ? $0 : nil } }
}

extension Array {
  /// Every element, read; nil where one of them cannot be read.
  fileprivate func mapped<Result>(_ read: (Element) -> Result?) -> [Result]? {
    let results = compactMap(read)
    return results.count == count ? results : nil
  }
}
