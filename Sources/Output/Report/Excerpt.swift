internal import ManifestText

/// A line of an input as it is shown, each character in columns of its own.
///
/// A character that would move the cursor, or reorder the line, has a sign in its place, and a tab has spaces.
struct Excerpt {
  /// A character as it is shown.
  private struct Cell {
    let text: String
    let width: Int

    init(_ scalar: Unicode.Scalar, at column: Int) {
      if scalar == "\t" {
        width = Excerpt.tabWidth - column % Excerpt.tabWidth
        text = String(repeating: " ", count: width)
      } else if VisibleText.hides(scalar) {
        (text, width) = ("\u{FFFD}", 1)
      } else {
        (text, width) = (String(scalar), TerminalWidth.columns(of: scalar))
      }
    }
  }

  private static let tabWidth = 8

  private let cells: [Cell]

  /// Shows some characters.
  init(_ scalars: ArraySlice<Unicode.Scalar>) {
    var column = 0
    cells = scalars.map { scalar in
      let cell = Cell(scalar, at: column)
      column += cell.width
      return cell
    }
  }

  /// The line.
  var text: String { cells.map(\.text).joined() }

  /// How many columns come before a character.
  func columns(before index: Int) -> Int { cells.prefix(index).reduce(0) { $0 + $1.width } }

  /// How many columns some characters take.
  func columns(of range: Range<Int>) -> Int {
    columns(before: range.upperBound) - columns(before: range.lowerBound)
  }
}

/// How many columns of a terminal characters take.
enum TerminalWidth {
  /// 0 for what is put onto the character before, 2 for the wide ones of East Asia and for pictures, else 1.
  static func columns(of scalar: Unicode.Scalar) -> Int {
    if scalar.value < 0x300 { return 1 }
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark: return 0
    default: return scalar.properties.isEmojiPresentation || wide.contains { $0.contains(scalar.value) } ? 2 : 1
    }
  }

  /// What Unicode calls wide or fullwidth.
  private static let wide: [ClosedRange<UInt32>] = [
    0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xA000...0xA4CF,
    0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6,
    0x1F300...0x1F64F, 0x1F680...0x1F6FF, 0x1F900...0x1F9FF, 0x20000...0x3FFFD,
  ]
}
