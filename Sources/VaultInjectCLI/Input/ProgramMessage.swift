/// What kubectl or helm wrote before it failed, freed from what their logging puts around it.
struct ProgramMessage {
  /// The words meant for a person.
  let text: String

  /// Takes `error: WORDS`, `Error: WORDS`, and `E1123 09:24:48.816904 15886 run.go:72] "command failed" err="WORDS"`.
  init(_ errors: String) {
    if errors.hasPrefix("error: ") || errors.hasPrefix("Error: ") {
      text = String(errors.dropFirst(7))
    } else if let mark = errors.firstRange(of: Self.mark), errors.hasSuffix("\"") {
      text =
        errors[..<errors.lineStart(of: mark.lowerBound)]
        + Self.unquoted(errors[mark.upperBound...].dropLast())
    } else {
      text = errors
    }
  }

  private static let mark = "] \"command failed\" err=\""

  /// Undoes the escapes of a Go string as far as messages hold them.
  private static func unquoted(_ quoted: Substring) -> String {
    var text = ""
    var isEscaped = false
    for character in quoted {
      if isEscaped {
        text.append(character == "n" ? "\n" : character == "t" ? "\t" : character)
        isEscaped = false
      } else if character == "\\" {
        isEscaped = true
      } else {
        text.append(character)
      }
    }
    return text
  }
}

extension String {
  /// Where the line begins that holds this place.
  fileprivate func lineStart(of index: Index) -> Index {
    self[..<index].lastIndex(of: "\n").map(self.index(after:)) ?? startIndex
  }
}
