internal import ManifestText

/// Text with placeholders, replaced byte for byte: a placeholder counts even where a combining character follows.
package struct PlaceholderText {
  private let text: String

  package init(_ text: String) { self.text = text }

  /// The text with every occurrence of the placeholder replaced by the value.
  package func replacing(_ placeholder: String, with value: String) -> String {
    pieces(around: placeholder).joined(separator: value)
  }

  /// The text between the occurrences of the placeholder: one piece more than there are occurrences.
  package func pieces(around placeholder: String) -> [String] {
    ByteText.pieces(of: text, around: placeholder)
  }
}
