/// Spells new values in flow style: YAML's or JSON's braces and brackets.
struct FlowWriter: Sendable {
  /// Whose rules the scalars follow.
  enum Spelling: Sendable { case yaml, json }

  /// How a collection is laid out over several lines.
  struct Lines: Equatable, Sendable {
    /// The line ending of the neighbours.
    var newline: [UInt8]
    /// The white space in front of the line the value begins on.
    var indent: [UInt8]
    /// What one level adds to it.
    var unit: [UInt8]
  }

  let spelling: Spelling
  /// A space after `,` and `:`; YAML always wants one.
  let spaced: Bool
  /// Nil for everything on one line.
  let lines: Lines?

  init(spelling: Spelling, spaced: Bool = true, lines: Lines? = nil) {
    self.spelling = spelling
    self.spaced = spaced || lines != nil || spelling == .yaml
    self.lines = lines
  }

  /// A key with its value, as it stands inside braces.
  func append(_ member: Value.Member, depth: Int = 0, to output: inout [UInt8]) {
    appendText(member.key, to: &output)
    output.append(ASCII.colon)
    if spaced { output.append(ASCII.space) }
    append(member.value, depth: depth, to: &output)
  }

  /// Keys with their values, one level deeper than the braces they stand in, with what separates them.
  func text(of members: [Value.Member]) -> [UInt8] {
    var text: [UInt8] = []
    for (index, member) in members.enumerated() {
      if index > 0 { appendSeparator(depth: 1, to: &text) }
      append(member, depth: 1, to: &text)
    }
    return text
  }

  /// A line ending and the indent of a nested level, or what separates values on one line.
  func appendBreak(depth: Int, to output: inout [UInt8]) {
    guard let lines else { return }
    output += lines.newline
    output += lines.indent
    for _ in 0..<depth { output += lines.unit }
  }

  func appendSeparator(depth: Int, to output: inout [UInt8]) {
    output.append(ASCII.comma)
    if lines == nil {
      if spaced { output.append(ASCII.space) }
    } else {
      appendBreak(depth: depth, to: &output)
    }
  }

  /// A value that begins on a line this many levels deeper than the collection it is put into.
  func append(_ value: Value, depth: Int = 0, to output: inout [UInt8]) {
    switch value {
    case .null: output += "null".utf8
    case .bool(let truth): output += (truth ? "true" : "false").utf8
    case .number(let text): output += text.utf8
    case .string(let text): appendText(text, to: &output)
    case .array(let elements):
      appendCollection(elements, ASCII.openBracket, ASCII.closeBracket, depth: depth, to: &output) {
        append($0, depth: depth + 1, to: &$1)
      }
    case .object(let members):
      appendCollection(members, ASCII.openBrace, ASCII.closeBrace, depth: depth, to: &output) {
        append($0, depth: depth + 1, to: &$1)
      }
    }
  }

  private func appendCollection<Element>(
    _ elements: [Element], _ open: UInt8, _ close: UInt8, depth: Int, to output: inout [UInt8],
    _ append: (Element, inout [UInt8]) -> Void
  ) {
    output.append(open)
    for (index, element) in elements.enumerated() {
      if index == 0 {
        appendBreak(depth: depth + 1, to: &output)
      } else {
        appendSeparator(depth: depth + 1, to: &output)
      }
      append(element, &output)
    }
    if !elements.isEmpty { appendBreak(depth: depth, to: &output) }
    output.append(close)
  }

  private func appendText(_ text: String, to output: inout [UInt8]) {
    switch spelling {
    case .json: JSONWriter.appendQuoted(text, to: &output)
    case .yaml: ScalarSpelling.append(text, to: &output, in: .flow)
    }
  }
}
