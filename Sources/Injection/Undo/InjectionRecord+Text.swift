internal import ManifestText

/// The record as the text of an annotation: JSON on one line, with a digest of itself at the end.
extension InjectionRecord {
  /// Why a text is not a record.
  enum Fault: Error, Equatable {
    /// It was not written by this program, or changed since.
    case damaged
    /// It is of a version that is not known here.
    case unknownVersion(String)
  }

  private static let seal = ",\"digest\":\""

  /// The text.
  var text: String {
    var writer = RecordWriter()
    writer.object { writer in
      writer.member("v") { $0.number(version.rawValue) }
      writer.member("pod") { pod.write(to: &$0) }
      if !repairs.isEmpty { writer.member("text") { $0.array(repairs) { $1.value($0.value) } } }
      if let difference { writer.member("document") { $0.value(difference.value) } }
    }
    let body = InjectionRecord.withoutVariables(writer.output.dropLast())
    return String(
      decoding: body + InjectionRecord.seal.utf8 + Digest(bytes: body).text.utf8 + "\"}".utf8, as: UTF8.self)
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
    let number = value["v"] ?? .null
    guard let version = number.wholeNumber.flatMap(Version.init) else {
      throw .unknownVersion(String(decoding: JSONWriter.compact(number), as: UTF8.self))
    }
    guard let pod = value["pod"].flatMap(Part.init),
      let repairs = (value["text"]?.array ?? []).mapped(SpellingRepair.init)
    else { throw .damaged }
    self.init(version: version, pod: pod, repairs: repairs, difference: value["document"].flatMap(FormerDocument.init))
  }

  private static let variable = TextPattern("${")

  /// Tools that fill in `${NAME}` leave the text as it is.
  private static func withoutVariables(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
    guard variable.isHeld(in: Array(bytes), 0..<bytes.count) else { return Array(bytes) }
    let pieces = ByteText.pieces(of: String(decoding: bytes, as: UTF8.self), around: "${")
    return Array(pieces.joined(separator: "\\u0024{").utf8)
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
    guard let text = value.string, let digest = Digest(text: text.prefix(16)) else { return nil }
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
      guard let entries = Optional(value).entries({ $0.string.flatMap { Digest(text: $0) } }) else { return nil }
      self = .map(entries)
    default:
      guard let digest = value.string.flatMap({ Digest(text: $0) }) else { return nil }
      self = .value(digest)
    }
  }
}

extension InjectionRecord.Replaced {
  fileprivate init?(_ value: Value) {
    guard let now = value["now"].flatMap(InjectionRecord.Injected.init(record:)), let text = value["was"]?.string else {
      return nil
    }
    let column = value["column"].map(\.recordedCount) ?? 0
    guard let column, column <= FormerText.mostColumns else { return nil }
    former = FormerText(text: Array(text.utf8), isBelow: value["below"] == true, column: column)
    self.now = now
    isMerged = value["merged"] == true
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

/// Writes a record as JSON straight away: there is one for each pod that is injected.
struct RecordWriter {
  private(set) var output: [UInt8] = []
  private var isFirst = true

  init() { output.reserveCapacity(1024) }

  mutating func object(_ write: (inout RecordWriter) -> Void) { enclose(ASCII.openBrace, ASCII.closeBrace, write) }

  mutating func array<Element>(_ elements: [Element], _ write: (Element, inout RecordWriter) -> Void) {
    enclose(ASCII.openBracket, ASCII.closeBracket) { writer in
      for element in elements {
        writer.separate()
        write(element, &writer)
      }
    }
  }

  mutating func member(_ key: String, _ write: (inout RecordWriter) -> Void) {
    separate()
    string(key)
    output.append(ASCII.colon)
    write(&self)
  }

  mutating func string(_ text: String) { JSONWriter.appendQuoted(text, to: &output) }

  mutating func number(_ number: Int) { output += String(number).utf8 }

  mutating func value(_ value: Value) { output += JSONWriter.compact(value) }

  mutating func digest(_ digest: Digest, name: String? = nil) {
    string(name.map { "\(digest.text) \($0)" } ?? digest.text)
  }

  private mutating func enclose(_ open: UInt8, _ close: UInt8, _ write: (inout RecordWriter) -> Void) {
    output.append(open)
    isFirst = true
    write(&self)
    output.append(close)
    isFirst = false
  }

  private mutating func separate() {
    if !isFirst { output.append(ASCII.comma) }
    isFirst = false
  }
}

extension InjectionRecord.Part {
  func write(to writer: inout RecordWriter) {
    writer.object { writer in
      if !added.isEmpty { writer.entries("add", added) { $0.write(to: &$1) } }
      if !replaced.isEmpty { writer.entries("set", replaced) { $0.write(to: &$1) } }
      if !front.isEmpty { writer.member("front") { $0.elements(front) } }
      if !back.isEmpty { writer.member("back") { $0.elements(back) } }
      if !children.isEmpty { writer.entries("in", children) { $0.write(to: &$1) } }
    }
  }
}

extension InjectionRecord.Injected {
  fileprivate func write(to writer: inout RecordWriter) {
    switch self {
    case .value(let digest): writer.digest(digest)
    case .list(let elements): writer.elements(elements)
    case .map(let entries):
      writer.object { writer in
        for entry in entries { writer.member(entry.step) { $0.digest(entry.content) } }
      }
    }
  }
}

extension InjectionRecord.Replaced {
  fileprivate func write(to writer: inout RecordWriter) {
    writer.object { writer in
      writer.member("now") { now.write(to: &$0) }
      writer.member("was") { $0.string(String(decoding: former.text, as: UTF8.self)) }
      if isMerged { writer.member("merged") { $0.value(true) } }
      if former.isBelow { writer.member("below") { $0.value(true) } }
      if former.isBelow || former.isIndented { writer.member("column") { $0.number(former.column) } }
    }
  }
}

extension RecordWriter {
  fileprivate mutating func elements(_ elements: [InjectionRecord.Element]) {
    array(elements) { $1.digest($0.digest, name: $0.name) }
  }

  fileprivate mutating func entries<Content>(
    _ key: String, _ entries: [InjectionRecord.Entry<Content>], _ write: (Content, inout RecordWriter) -> Void
  ) {
    member(key) { writer in
      writer.object { writer in
        for entry in entries { writer.member(entry.step) { write(entry.content, &$0) } }
      }
    }
  }
}
