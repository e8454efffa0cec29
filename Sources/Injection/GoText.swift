/// Text as Go's standard library treats it, which the injectors' behaviour is made of.
enum GoText {
  /// `strings.ToLower`: each scalar by itself, without regard to its neighbours.
  static func lowercased(_ text: String) -> String {
    if text.utf8.allSatisfy({ $0 < 0x80 }) { return text.lowercased() }
    return text.unicodeScalars.reduce(into: "") { result, scalar in
      result.unicodeScalars.append(scalar.properties.lowercaseMapping.unicodeScalars.first ?? scalar)
    }
  }

  /// `strings.Split`: every piece between the separators, empty ones included.
  static func split(_ text: String, at separator: String) -> [String] {
    PlaceholderText(text).pieces(around: separator)
  }

  /// `path.Join`: the elements with slashes between them, lexically cleaned.
  static func joined(_ first: String, _ second: String) -> String {
    cleaned(first.isEmpty ? second : "\(first)/\(second)")
  }

  /// `path.Clean`: no doubled slashes, no `.`, and `..` taken back where that can be done.
  static func cleaned(_ path: String) -> String {
    let isRooted = path.utf8.first == UInt8(ascii: "/")
    var kept: [Substring] = []
    for element in path.split(separator: "/") where element != "." {
      guard element == ".." else {
        kept.append(element)
        continue
      }
      if let last = kept.last, last != ".." {
        kept.removeLast()
      } else if !isRooted {
        kept.append(element)
      }
    }
    let joined = kept.joined(separator: "/")
    return isRooted ? "/" + joined : joined.isEmpty ? "." : joined
  }
}
