internal import ManifestText

/// The record as the text of an annotation: JSON on one line, with a digest of itself at the end.
extension InjectionRecord {
  /// Why a text is no record.
  enum Fault: Error, Equatable {
    /// It was not written by this program, or changed since.
    case damaged
    /// It is of a version that is not known here.
    case unknownVersion(String)
  }

  private static let version: Value = 1
  private static let seal = ",\"digest\":\""

  /// The text.
  var text: String {
    var members: [Value.Member] = [
      .init(key: "v", value: InjectionRecord.version), .init(key: "pod", value: pod.value),
    ]
    if !repairs.isEmpty { members.append(.init(key: "text", value: .array(repairs.map(\.value)))) }
    if let difference { members.append(.init(key: "document", value: difference.value)) }
    let body = InjectionRecord.withoutVariables(JSONWriter.compact(.object(members)).dropLast())
    let digest = Digest(bytes: body).text
    return String(decoding: body, as: UTF8.self) + InjectionRecord.seal + digest + "\"}"
  }

  /// Reads a text.
  /// - Throws: A `Fault` where it is not as it was written.
  init(text: String) throws(Fault) {
    let bytes = Array(text.utf8)
    let tail = InjectionRecord.seal.utf8.count + 18
    guard bytes.count > tail else { throw .damaged }
    let body = bytes.dropLast(tail)
    let ending = InjectionRecord.seal + Digest(bytes: body).text + "\"}"
    guard bytes.suffix(tail).elementsEqual(ending.utf8), let value = Value(json: Array(body) + "}".utf8) else {
      throw .damaged
    }
    let version = value["v"] ?? .null
    guard version == InjectionRecord.version else {
      throw .unknownVersion(String(decoding: JSONWriter.compact(version), as: UTF8.self))
    }
    guard let pod = value["pod"].flatMap(Part.init),
      let repairs = (value["text"]?.array ?? []).mapped(SpellingRepair.init)
    else { throw .damaged }
    self.init(pod: pod, repairs: repairs, difference: value["document"].flatMap(FormerDocument.init))
  }

  /// Tools that fill in `${NAME}` leave the text as it is.
  private static func withoutVariables(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
    let pieces = ByteText.pieces(of: String(decoding: bytes, as: UTF8.self), around: "${")
    return Array(pieces.joined(separator: "\\u0024{").utf8)
  }
}

extension InjectionRecord.Part {
  fileprivate var value: Value {
    var members: [Value.Member] = []
    func add(_ key: String, _ entries: [Value.Member]) {
      if !entries.isEmpty { members.append(.init(key: key, value: .object(entries))) }
    }
    func add(_ key: String, _ elements: [InjectionRecord.Element]) {
      if !elements.isEmpty { members.append(.init(key: key, value: .array(elements.map(\.value)))) }
    }
    add("add", added.map { .init(key: $0.step, value: $0.content.value) })
    add("set", replaced.map { .init(key: $0.step, value: $0.content.value) })
    add("front", front)
    add("back", back)
    add("in", children.map { .init(key: $0.step, value: $0.content.value) })
    return .object(members)
  }

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
  fileprivate var value: Value { .string(name.map { "\(digest.text) \($0)" } ?? digest.text) }

  fileprivate init?(record value: Value) {
    guard let text = value.string, let digest = Digest(text: text.prefix(16)) else { return nil }
    let rest = text.dropFirst(16)
    guard rest.isEmpty || rest.hasPrefix(" ") else { return nil }
    self.init(digest: digest, name: rest.isEmpty ? nil : String(rest.dropFirst()))
  }
}

extension InjectionRecord.Injected {
  fileprivate var value: Value {
    switch self {
    case .value(let digest): .string(digest.text)
    case .list(let elements): .array(elements.map(\.value))
    case .map(let entries): .object(entries.map { .init(key: $0.step, value: .string($0.content.text)) })
    }
  }

  fileprivate init?(record value: Value) {
    switch value {
    case .array(let elements):
      guard let elements = elements.mapped(InjectionRecord.Element.init(record:)) else { return nil }
      self = .list(elements)
    case .object:
      guard let entries = Optional(value).entries({ $0.string.flatMap { Digest(text: $0) } }) else { return nil }
      self = .map(entries)
    default:
      guard let digest = value.string.flatMap({ Digest(text: $0) }) else { return nil }
      self = .value(digest)
    }
  }
}

extension InjectionRecord.Replaced {
  fileprivate var value: Value {
    var value: Value = ["now": now.value, "was": .string(String(decoding: former.text, as: UTF8.self))]
    if former.isBelow { value["below"] = true }
    if former.isBelow || former.isIndented { value["column"] = .number(String(former.column)) }
    return value
  }

  fileprivate init?(_ value: Value) {
    guard let now = value["now"].flatMap(InjectionRecord.Injected.init(record:)), let text = value["was"]?.string else {
      return nil
    }
    former = FormerText(
      text: Array(text.utf8), isBelow: value["below"] == true, column: value["column"]?.wholeNumber ?? 0)
    self.now = now
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
}

extension Array {
  /// Every element, read; nil where one of them cannot be read.
  fileprivate func mapped<Result>(_ read: (Element) -> Result?) -> [Result]? {
    let results = compactMap(read)
    return results.count == count ? results : nil
  }
}
