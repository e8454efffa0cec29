internal import ManifestText
package import Platform

/// Spells the lines of a unified diff.
struct DiffWriter {
  /// What happens to a line.
  enum Line { case kept, removed, added }

  let style: DiffStyle

  /// One of the two lines that name what is compared.
  func header(_ mark: String, _ name: String, to output: inout OutputBuffer) {
    styled(mark + DiffWriter.spelt(name), .strong, to: &output)
    output.append("\n")
  }

  /// The line before a hunk, with the lines it covers, counted from 0.
  func hunk(old: Range<Int>, new: Range<Int>, to output: inout OutputBuffer) {
    styled("@@ -\(DiffWriter.spelt(old)) +\(DiffWriter.spelt(new)) @@", .note, to: &output)
    output.append("\n")
  }

  /// A line with its mark; one that no line feed ends is pointed out.
  func line(_ kind: Line, _ text: ArraySlice<UInt8>, to output: inout OutputBuffer) {
    let isEnded = text.last == ASCII.lineFeed
    let color = style.isColored ? kind.style : nil
    if let color { output.append(color.opening) }
    output.append(kind.mark)
    let content = isEnded ? text.dropLast() : text
    if style.isForPeople { output.append(DiffWriter.shown(content)) } else { output.append(content) }
    if color != nil { output.append(Console.Style.closing) }
    output.append(isEnded ? "\n" : "\n\\ No newline at end of file\n")
  }

  /// A line as a terminal may have it; the carriage return at its end does nothing there.
  private static func shown(_ line: ArraySlice<UInt8>) -> String {
    let isDOS = line.last == ASCII.carriageReturn
    let text = String(decoding: isDOS ? line.dropLast() : line, as: UTF8.self)
    return VisibleText.spelt(text, keeping: ["\t"]) + (isDOS ? "\r" : "")
  }

  private func styled(_ text: String, _ style: Console.Style, to output: inout OutputBuffer) {
    output.append(self.style.isColored ? style.opening + text + Console.Style.closing : text)
  }

  /// A range as hunks name it: from 1, and an empty one by the line before it.
  private static func spelt(_ range: Range<Int>) -> String {
    switch range.count {
    case 0: "\(range.lowerBound),0"
    case 1: "\(range.lowerBound + 1)"
    default: "\(range.lowerBound + 1),\(range.count)"
    }
  }

  /// A name that `patch` and `git apply` read back: quoted as C does where it has to be, and ended by a tab where
  /// white space in it could be taken for its end.
  private static func spelt(_ name: String) -> String {
    let holdsMark = VisibleText.withoutMarks(name) != name
    // White space after the mark is skipped, so that a name cannot begin with it.
    let needsQuotes =
      holdsMark || name.hasPrefix(" ")
      || name.unicodeScalars.contains { VisibleText.hides($0) || $0 == "\"" || $0 == "\\" }
    guard needsQuotes else { return name.contains(" ") ? name + "\t" : name }
    let text = name.unicodeScalars.map(escaped).joined()
    return "\"\(VisibleText.withoutMarks(text, spelling: "\\043"))\""
  }

  private static func octal(_ byte: UInt32) -> String {
    let digits = String(byte, radix: 8)
    return "\\" + String(repeating: "0", count: 3 - digits.count) + digits
  }

  private static func escaped(_ scalar: Unicode.Scalar) -> String {
    switch scalar {
    case "\"", "\\": return "\\\(scalar)"
    case "\t": return "\\t"
    case "\n": return "\\n"
    case "\r": return "\\r"
    case _ where VisibleText.hides(scalar):
      return FilePath.bytes(of: String(scalar)).map { octal(UInt32($0)) }.joined()
    default: return String(scalar)
    }
  }
}

extension DiffWriter.Line {
  fileprivate var mark: String {
    switch self {
    case .kept: " "
    case .removed: "-"
    case .added: "+"
    }
  }

  fileprivate var style: Console.Style? {
    switch self {
    case .kept: nil
    case .removed: .error
    case .added: .success
    }
  }
}

/// How a unified diff is written: for programs, or for people.
package struct DiffStyle: Sendable {
  /// Bytes as they are, for `patch` and `git apply`.
  package static let forPrograms = DiffStyle(isForPeople: false, isColored: false)

  /// True where a person reads it at a terminal, which must not obey what is in the lines.
  let isForPeople: Bool
  let isColored: Bool

  /// The style for a reader of this kind.
  package init(isForPeople: Bool, isColored: Bool) { (self.isForPeople, self.isColored) = (isForPeople, isColored) }

  /// The style for the reader of a stream.
  package init(for descriptor: FileDescriptor) {
    let isColored = ColorChoice.allows(on: descriptor)
    self.init(isForPeople: descriptor.isTerminal || isColored, isColored: isColored)
  }
}
