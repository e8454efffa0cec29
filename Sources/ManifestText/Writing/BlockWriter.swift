/// How a document lays out its block collections, taken from the neighbours of what is inserted.
struct BlockStyle: Equatable, Sendable {
  /// How far a map stands after the key it belongs to.
  var indentStep = 2
  /// How far the dashes of a list stand after the key it belongs to: 0 puts them at the key's column.
  var sequenceOffset = 2
  /// How far an element stands after its dash.
  var dashGap = 2
  /// The line ending.
  var newline: [UInt8] = [ASCII.lineFeed]
}

/// Spells new values in YAML's block style, line by line.
struct BlockWriter: Sendable {
  let style: BlockStyle
  private let constants: ConstantTexts
  /// False where the text ends an input without a line ending, which literal block scalars would need.
  var allowsLiterals = true
  /// True where text on one line is a literal, too, before it has escapes in quotes.
  var prefersLiterals = false
  private(set) var output: [UInt8] = []

  init(style: BlockStyle, knowing constants: ConstantTexts = .none) {
    self.style = style
    self.constants = constants
    output.reserveCapacity(512)
  }

  /// Writes the entries of a map at a column, each line ended.
  mutating func append(_ members: [Value.Member], at column: Int, indentingFirst: Bool = true) {
    let members = members.span
    for index in members.indices {
      if index > 0 || indentingFirst { indent(column) }
      ScalarSpelling.append(members[index].key, to: &output, in: .block)
      output.append(ASCII.colon)
      append(entryValue: members[index].value, at: column)
    }
  }

  /// Writes the elements of a list with their dashes at a column, each line ended.
  mutating func append(_ elements: [Value], at column: Int, indentingFirst: Bool = true) {
    let elements = elements.span
    for index in elements.indices {
      if index > 0 || indentingFirst { indent(column) }
      output.append(ASCII.dash)
      append(item: elements[index], at: column)
    }
  }

  /// Writes the value of a key that is written out as `? key`.
  mutating func append(explicit value: Value, at column: Int) {
    indent(column)
    output.append(ASCII.colon)
    append(entryValue: value, at: column)
  }

  /// Writes a list or a map whose first line is already indented.
  mutating func append(collection value: Value, at column: Int) {
    switch value {
    case .array, .object: append(value, at: column, indentingFirst: false)
    default: append(scalar: value, contentColumn: column + style.indentStep, parentColumn: column)
    }
  }

  /// Writes a list or a map, or copies what was written where it is always the same.
  private mutating func append(_ value: Value, at column: Int, indentingFirst: Bool) {
    guard let number = constants.number(of: value) else {
      return write(value, at: column, indentingFirst: indentingFirst)
    }
    let layout = ConstantTexts.Layout(
      style: style, column: column, indentsFirst: indentingFirst, allowsLiterals: allowsLiterals)
    if let text = constants.text(ofNumber: number, as: layout) { return output += text }
    let start = output.count
    write(value, at: column, indentingFirst: indentingFirst)
    constants.keep(output[start...], ofNumber: number, as: layout)
  }

  private mutating func write(_ value: Value, at column: Int, indentingFirst: Bool) {
    switch value {
    case .array(let elements): append(elements, at: column, indentingFirst: indentingFirst)
    case .object(let members): append(members, at: column, indentingFirst: indentingFirst)
    default: break
    }
  }

  private mutating func append(entryValue value: Value, at column: Int) {
    switch value {
    case .array(let elements) where !elements.isEmpty:
      endLine()
      append(value, at: column + style.sequenceOffset, indentingFirst: true)
    case .object(let members) where !members.isEmpty:
      endLine()
      append(value, at: column + style.indentStep, indentingFirst: true)
    default:
      output.append(ASCII.space)
      append(scalar: value, contentColumn: column + style.indentStep, parentColumn: column)
    }
  }

  private mutating func append(item value: Value, at column: Int) {
    let inner = column + style.dashGap
    switch value {
    case _ where value.isNonEmptyCollection:
      indent(style.dashGap - 1)
      append(value, at: inner, indentingFirst: false)
    default:
      indent(style.dashGap - 1)
      append(scalar: value, contentColumn: inner, parentColumn: column)
    }
  }

  private mutating func append(scalar value: Value, contentColumn: Int, parentColumn: Int) {
    switch value {
    case .string(let text) where ScalarSpelling.appendPlain(text, to: &output, in: .block): endLine()
    case .string(let text) where allowsLiterals && ScalarSpelling.isLiteral(text),
      .string(let text) where prefersLiterals && ScalarSpelling.isBestLiteral(text):
      append(literal: text, at: contentColumn, parentColumn: parentColumn)
    case .string(let text):
      ScalarSpelling.appendQuoted(text, to: &output)
      endLine()
    default:
      FlowWriter(spelling: .yaml).append(value, to: &output)
      endLine()
    }
  }

  private mutating func append(literal text: String, at column: Int, parentColumn: Int) {
    output.append(ASCII.pipe)
    if BlockWriter.needsIndicator(text) { output += String(column - parentColumn).utf8 }
    if text.utf8.last != ASCII.lineFeed { output.append(ASCII.dash) }
    endLine()
    ByteText.appendLines(of: text, to: &output, indent: column, newline: style.newline)
  }

  /// A first line that begins with white space hides where the indentation ends.
  private static func needsIndicator(_ text: String) -> Bool {
    let lines = text.utf8.drop { $0 == ASCII.lineFeed }
    return lines.first.map(ASCII.isBlank) ?? false
  }

  private mutating func indent(_ column: Int) {
    output.append(contentsOf: repeatElement(ASCII.space, count: column))
  }

  private mutating func endLine() {
    for byte in style.newline { output.append(byte) }
  }
}
