/// Text with placeholders, replaced byte for byte: a placeholder counts even where a combining character follows.
package struct PlaceholderText {
  private let bytes: [UInt8]

  package init(_ text: String) { bytes = Array(text.utf8) }

  /// The text with every occurrence of the placeholder replaced by the value.
  package func replacing(_ placeholder: String, with value: String) -> String {
    pieces(around: placeholder).joined(separator: value)
  }

  /// The text between the occurrences of the placeholder: one piece more than there are occurrences.
  package func pieces(around placeholder: String) -> [String] {
    let mark = Array(placeholder.utf8)
    guard let first = mark.first else { return [text(bytes[...])] }
    var pieces: [String] = []
    var start = 0
    var index = 0
    while index + mark.count <= bytes.count {
      if bytes[index] == first && bytes[index..<index + mark.count].elementsEqual(mark) {
        pieces.append(text(bytes[start..<index]))
        index += mark.count
        start = index
      } else {
        index += 1
      }
    }
    return pieces + [text(bytes[start...])]
  }

  private func text(_ bytes: ArraySlice<UInt8>) -> String { String(decoding: bytes, as: UTF8.self) }
}
