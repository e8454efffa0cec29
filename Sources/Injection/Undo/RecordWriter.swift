internal import ManifestText

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
