internal import ManifestText

/// What an image starts, as the configuration tells it: `CONTAINER=["/app", "serve"]`, or with the name of the
/// container's object and a slash before it.
package enum Entrypoint {
  /// The words for a container; nil where no entry is about it.
  static func words(of container: String, in object: String, among entries: [String]) -> [String]? {
    let parsed = entries.compactMap(parsed)
    let entry = parsed.last { $0.name == "\(object)/\(container)" } ?? parsed.last { $0.name == container }
    return entry?.words
  }

  /// An entry's name and words; nil for a text that is none.
  package static func parsed(_ entry: String) -> (name: String, words: [String])? {
    guard let sign = entry.utf8.firstIndex(of: UInt8(ascii: "=")) else { return nil }
    let name = String(entry[..<sign])
    let json = Array(entry.utf8[entry.utf8.index(after: sign)...])
    guard !name.isEmpty, let elements = Value(json: json)?.array else { return nil }
    let words = elements.compactMap(\.string)
    guard !words.isEmpty, words.count == elements.count, words[0] != "" else { return nil }
    return (name, words)
  }
}
