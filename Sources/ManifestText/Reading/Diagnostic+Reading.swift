/// What can be wrong with an input before its meaning is looked at.
extension Diagnostic {
  static func wrongEncoding(_ name: String) -> Diagnostic {
    Diagnostic(
      rule: .encoding, message: "this is \(name) text, and manifests are UTF-8",
      hint: "convert it first: iconv -f \(name) -t UTF-8", range: 0..<0)
  }

  static func binary(at index: Int) -> Diagnostic {
    Diagnostic(
      rule: .encoding, message: "this is binary data: byte \(index) is zero",
      hint: "pass a manifest in YAML or JSON; a compressed or compiled file has to be unpacked first",
      range: index..<index + 1)
  }

  static func invalidUTF8(_ byte: UInt8, at index: Int) -> Diagnostic {
    Diagnostic(
      rule: .encoding, message: "this is not UTF-8 text: found the byte 0x\(String(byte, radix: 16, uppercase: true))",
      hint: "save the file as UTF-8 text", range: index..<index + 1)
  }

  static func inputTooLarge(_ count: Int) -> Diagnostic {
    Diagnostic(
      rule: .tooLarge, message: "the input holds \(count) bytes, more than the 2 GiB that can be edited",
      hint: "split it into several files")
  }

  static var outOfMemory: Diagnostic {
    Diagnostic(rule: .outOfMemory, message: "not enough memory to read this document")
  }

  static func secondDocument(at offset: Int) -> Diagnostic {
    Diagnostic(
      rule: .yamlSyntax, message: "a second document begins here, where none was expected",
      hint: "put `---` on a line of its own between documents", range: offset..<offset)
  }

  static func unknownAnchor(_ name: String, range: Range<Int>) -> Diagnostic {
    Diagnostic(
      rule: .yamlSyntax, message: "the alias *\(name) stands for nothing that ends before it in this document",
      hint: "define it before its use, with &\(name)", range: range)
  }

  static func unknownEscape(at range: Range<Int>) -> Diagnostic {
    Diagnostic(
      rule: .yamlSyntax,
      message: "`\\/` is an escape that kubectl's parser does not know, so that kubectl refuses it too",
      hint: "write / alone; only JSON may have it escaped", range: range)
  }

  static func yamlSyntax(_ failure: ParserFailure, in builder: NodeTableBuilder) -> Diagnostic {
    let bytes = builder.source.bytes
    let offset = failure.character.map(builder.offset) ?? builder.range.lowerBound + failure.byte
    let clamped = min(offset, bytes.count)
    if let template = HelmTemplate.marker(in: builder.range, near: clamped, of: bytes) {
      return .unrenderedTemplate(at: template, of: bytes)
    }
    let isTab = clamped < bytes.count && bytes[clamped] == ASCII.tab
    return Diagnostic(
      rule: .yamlSyntax, message: isTab ? "this line is indented with a tab" : sentence(failure),
      hint: isTab ? "indent with spaces: YAML allows no tabs there" : hint(failure),
      range: clamped..<min(clamped + 1, bytes.count))
  }

  private static func sentence(_ failure: ParserFailure) -> String {
    failure.context.isEmpty
      ? "this is not YAML: \(failure.problem)" : "this is not YAML: \(failure.problem) \(failure.context)"
  }

  private static func hint(_ failure: ParserFailure) -> String? {
    switch failure.problem {
    case "mapping values are not allowed in this context":
      "quote the value if it holds `: `, or check the indentation of this line"
    case "did not find expected key", "did not find expected '-' indicator":
      "check that this line is indented like its siblings, and that quotes and brackets above it are closed"
    case "could not find expected ':'":
      "a key wants `: ` after it; text over several lines wants `|` or quotes"
    case "found unexpected end of stream", "did not find expected ',' or ']'", "did not find expected ',' or '}'":
      "close the quote or bracket that opens before this place"
    case "control characters are not allowed", "invalid leading UTF-8 octet", "invalid trailing UTF-8 octet":
      "save the file as UTF-8 text"
    default: nil
    }
  }

  static func unrenderedTemplate(at offset: Int, of bytes: [UInt8]) -> Diagnostic {
    guard !AgentAction.stands(at: offset, of: bytes) else { return .bareAgentTemplate(at: offset) }
    return Diagnostic(
      rule: .helmTemplate,
      message: "this is a Helm template that was never rendered: `{{` stands where YAML wants a value",
      hint: "pass what `helm template` prints",
      range: offset..<offset + 2)
  }

  private static func bareAgentTemplate(at offset: Int) -> Diagnostic {
    Diagnostic(
      rule: .yamlSyntax,
      message: "a template of Vault's agent stands here without quotes, where `{{` begins a map in YAML",
      hint: "put it in single quotes, or write `|` here and the template on the lines below, indented",
      range: offset..<offset + 2)
  }

  static func jsonSyntax(_ found: String, expected: String, at offset: Int, in bytes: [UInt8]) -> Diagnostic {
    Diagnostic(
      rule: .jsonSyntax, message: "this is not JSON: found \(found)", hint: "expected \(expected)",
      range: offset..<min(offset + 1, bytes.count))
  }
}

/// Finds the braces of a text template that was never rendered.
enum HelmTemplate {
  /// The `{{` that stands first or as a value on the line of this offset or the line above it.
  static func marker(in range: Range<Int>, near offset: Int, of bytes: [UInt8]) -> Int? {
    let current = lineStart(before: min(offset, range.upperBound), range, bytes)
    let above = current > range.lowerBound ? lineStart(before: current - 1, range, bytes) : current
    let end = bytes[current..<range.upperBound].firstIndex(where: ASCII.isBreak) ?? range.upperBound
    var index = above
    while index + 1 < end {
      if bytes[index] == ASCII.openBrace, bytes[index + 1] == ASCII.openBrace, standsBare(index, range, bytes) {
        return index
      }
      index += 1
    }
    return nil
  }

  private static func lineStart(before offset: Int, _ range: Range<Int>, _ bytes: [UInt8]) -> Int {
    bytes[range.lowerBound..<offset].lastIndex(where: ASCII.isBreak).map { $0 + 1 } ?? range.lowerBound
  }

  /// Vault's own templates stand in quotes or block scalars; Helm's stand first on a line, or as a value.
  private static func standsBare(_ index: Int, _ range: Range<Int>, _ bytes: [UInt8]) -> Bool {
    let before = bytes[range.lowerBound..<index].last { !ASCII.isBlank($0) }
    guard let before else { return true }
    return ASCII.isBreak(before) || before == ASCII.colon || before == ASCII.dash
  }
}
