internal import ManifestText
package import Platform

/// Text for standard output that people read: lines that fit where they are read, coloured where they stand on a terminal.
package struct Page {
  /// Lines are no longer than this, however wide the terminal is.
  private static let widest = 100

  /// How many columns a line may take.
  let columns: Int
  private let usesColor: Bool
  /// Everything so far, line by line.
  private(set) var lines: [ShownText] = []

  /// A page for the reader of a stream.
  package init(for descriptor: FileDescriptor = .standardOutput) {
    self.init(usesColor: ColorChoice.allows(on: descriptor), columns: Page.columns(of: descriptor))
  }

  /// A page with colour or without.
  package init(usesColor: Bool, columns: Int = 80) { (self.usesColor, self.columns) = (usesColor, columns) }

  /// How wide lines may be that are read at the end of a stream: as wide as its terminal, and 80 columns elsewhere.
  package static func columns(of descriptor: FileDescriptor) -> Int { min(descriptor.terminalWidth ?? 80, widest) }

  /// Everything so far, each line ended.
  package var text: String { lines.map { $0.line + "\n" }.joined() }

  /// The text in the colour of its meaning, or as it is where colours do not show.
  package func styled(_ text: ShownText, _ style: Console.Style) -> ShownText {
    usesColor ? style.applied(to: text) : text
  }

  /// Adds a line, or a blank one.
  package mutating func line(_ text: ShownText = "") { lines.append(text) }

  /// Adds a text after this beginning, over as many lines as it takes; the further ones begin where its first word does.
  mutating func wrapped(_ text: String, after start: ShownText, width: Int) {
    wrapped(text, after: start, then: ShownText(of: String(repeating: " ", count: width)), width: width)
  }

  /// The same, with what the further lines begin with.
  package mutating func wrapped(_ text: String, after start: ShownText, then margin: ShownText, width: Int) {
    for (index, line) in Page.wrapped(text, columns: columns - width).enumerated() {
      lines.append("\(index == 0 ? start : margin)\(line)")
    }
  }

  /// Adds a text that matters less, over as many lines as it takes.
  mutating func faint(_ text: String, indent: Int) {
    let blank = String(repeating: " ", count: indent)
    for line in Page.wrapped(text, columns: columns - indent) {
      lines.append("\(blank)\(styled("\(line)", .faint))")
    }
  }

  /// Adds a line that takes so many columns, with something at its end.
  mutating func line(_ text: ShownText, of width: Int, end: String) {
    let gap = columns - width - TerminalWidth.columns(of: end)
    lines.append("\(text)\(String(repeating: " ", count: max(2, gap)))\(styled("\(end)", .faint))")
  }

  /// The words of a text on lines of so many columns.
  static func wrapped(_ text: String, columns: Int) -> [String] {
    WrappedText(ShownText.safe(text), columns: columns).lines
  }
}
