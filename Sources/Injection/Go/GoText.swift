internal import ManifestText

/// Text as Go's standard library treats it, which the injectors' behaviour is made of.
package enum GoText {
  /// `strings.ToLower`: each scalar by itself, without regard to its neighbours.
  package static func lowercased(_ text: String) -> String {
    if text.utf8.allSatisfy({ $0 < 0x80 }) { return text.lowercased() }
    return text.unicodeScalars.reduce(into: "") { result, scalar in
      result.unicodeScalars.append(scalar.properties.lowercaseMapping.unicodeScalars.first ?? scalar)
    }
  }

  /// `strings.Split`: every piece between the separators, empty ones included.
  static func split(_ text: String, at separator: String) -> [String] {
    ByteText.pieces(of: text, around: separator)
  }

  /// `path.Join`: the elements with slashes between them, lexically cleaned.
  ///
  /// Empty elements are left out; where all are empty, so is the result.
  package static func joined(_ elements: String...) -> String {
    let joined = elements.filter { !$0.isEmpty }.joined(separator: "/")
    return joined.isEmpty ? "" : cleaned(joined)
  }

  /// `path.Clean`: no doubled slashes, no `.`, and `..` taken back where that can be done.
  package static func cleaned(_ path: String) -> String {
    if isClean(path) { return path }
    let isRooted = path.utf8.first == UInt8(ascii: "/")
    var kept: [String] = []
    for element in split(path, at: "/") where !element.isEmpty && element != "." {
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

  /// True for most paths that are clean; false for all that are not.
  private static func isClean(_ path: String) -> Bool {
    let slash = UInt8(ascii: "/")
    var path = path
    return path.withUTF8 { path in
      var last = slash
      for index in path.indices {
        let byte = unsafe path[index]
        if last == slash, byte == ASCII.dot || byte == slash && index > 0 { return false }
        last = byte
      }
      return last != slash
    }
  }

  /// The order Go's `sort` has for strings: by their bytes.
  package static func precedes(_ first: String, _ second: String) -> Bool {
    first.utf8.lexicographicallyPrecedes(second.utf8)
  }
}
