internal import LibC

/// Patterns of file names, as shells and kubectl expand them.
package enum Glob {
  /// Whether a path holds a character that makes it a pattern.
  package static func isPattern(_ path: String) -> Bool {
    path.utf8.contains { $0 == UInt8(ascii: "*") || $0 == UInt8(ascii: "?") || $0 == UInt8(ascii: "[") }
  }

  /// The paths a pattern matches, in the order of their bytes; none where nothing matches.
  package static func matches(of pattern: String) -> [String] {
    var result = unsafe glob_t()
    defer { unsafe globfree(&result) }
    guard unsafe pattern.withSystemPath({ unsafe glob($0, 0, nil, &result) }) == 0, let paths = unsafe result.gl_pathv
    else {
      return []
    }
    return unsafe (0..<Int(result.gl_pathc)).compactMap { index in
      unsafe paths[index].map { unsafe FilePath.text($0) }
    }
  }
}
