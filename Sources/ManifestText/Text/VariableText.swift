/// Text with places that others fill in.
package enum VariableText {
  /// What stands around the name of what is filled in: `$(PASSWORD)`, `${PASSWORD}`, `{{.password}}`.
  private static let marks = [("$(", ")"), ("${", "}"), ("{{", "}}")]

  /// The text without such places: what is written out in it.
  package static func written(in text: String) -> String {
    marks.reduce(text) { text, marks in
      let pieces = ByteText.pieces(of: text, around: marks.0)
      return pieces.dropFirst().reduce(pieces[0]) { written, piece in
        guard let end = piece.firstRange(of: marks.1) else { return written + marks.0 + piece }
        return written + piece[end.upperBound...]
      }
    }
  }
}
