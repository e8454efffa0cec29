internal import LibC

/// Paths, which are bytes to the system and text here.
///
/// Nothing says that a name is UTF-8. A byte that is part of no character stands here as a character of its own, one
/// of the last of Unicode's private use; the bytes of a name that holds such a character by itself stand in the same
/// way, so that each name has one text, and each text leads to one name.
package enum FilePath {
  /// The character that stands for byte 0; those for 0x80 to 0xFF are used.
  private static let base: UInt32 = 0x10_FF00
  /// What the UTF-8 of every such character begins with, and little else does.
  private static let leadByte: UInt8 = 0xF4

  /// The text for what the system calls a file.
  static func text(_ name: UnsafePointer<CChar>) -> String {
    if let text = unsafe String(validatingCString: name), unsafe !mayHoldBytes(name) { return text }
    return unsafe text(Array(UnsafeRawBufferPointer(start: name, count: strlen(name))))
  }

  /// The text for the bytes of a name.
  package static func text(_ bytes: [UInt8]) -> String {
    var text = String.UnicodeScalarView()
    var rest = bytes[...]
    while !rest.isEmpty {
      if let scalar = scalar(atStartOf: rest), byte(of: scalar) == nil {
        text.append(scalar)
        rest = rest.dropFirst(UTF8.width(scalar))
      } else {
        text.append(Unicode.Scalar(base + UInt32(rest.removeFirst())) ?? "\u{FFFD}")
      }
    }
    return String(text)
  }

  /// False where no character of a name can stand for a byte, as in most.
  fileprivate static func mayHoldBytes(_ name: UnsafePointer<CChar>) -> Bool {
    unsafe strchr(name, Int32(leadByte)) != nil
  }

  /// The bytes that a path's text stands for.
  package static func bytes(of text: String) -> [UInt8] {
    guard text.utf8.contains(leadByte) else { return Array(text.utf8) }
    return text.unicodeScalars.flatMap { scalar in byte(of: scalar).map { [$0] } ?? Array(String(scalar).utf8) }
  }

  /// The text as it is shown: with `\xE9` for a byte that is part of no character.
  package static func shown(_ text: String) -> String {
    guard text.utf8.contains(leadByte) else { return text }
    return text.unicodeScalars.map { scalar in
      byte(of: scalar).map { "\\x" + String($0, radix: 16, uppercase: true) } ?? String(scalar)
    }.joined()
  }

  /// The byte that a character stands for; nil where it stands for itself.
  static func byte(of scalar: Unicode.Scalar) -> UInt8? {
    scalar.value >= base + 0x80 ? UInt8(scalar.value - base) : nil
  }

  /// True for text that holds bytes which are no text.
  package static func holdsBytes(_ text: String) -> Bool {
    text.utf8.contains(leadByte) && text.unicodeScalars.contains { byte(of: $0) != nil }
  }

  private static func scalar(atStartOf bytes: ArraySlice<UInt8>) -> Unicode.Scalar? {
    (1...4).lazy.compactMap { count in
      String(validating: bytes.prefix(count), as: UTF8.self)?.unicodeScalars.first
    }.first
  }
}

extension String {
  /// Calls a function of the system with the path this text stands for.
  func withSystemPath<Result>(_ body: (UnsafePointer<CChar>) -> Result) -> Result {
    let plain = unsafe withCString { path in unsafe FilePath.mayHoldBytes(path) ? nil : body(path) }
    if let plain { return plain }
    let bytes = FilePath.bytes(of: self).map(CChar.init(bitPattern:)) + [0]
    return unsafe bytes.withUnsafeBufferPointer { buffer in
      // There is at least the zero at its end.
      guard let start = buffer.baseAddress else { return unsafe withCString(body) }
      return unsafe body(start)
    }
  }
}

/// The parts of paths.
extension FilePath {
  /// The path without symbolic links, from the root; nil where it leads nowhere.
  package static func resolved(_ path: String) -> String? {
    guard let resolved = unsafe path.withSystemPath({ unsafe realpath($0, nil) }) else { return nil }
    defer { unsafe free(resolved) }
    return unsafe text(resolved)
  }

  /// The folder a path leads through last: `.` for a bare name.
  package static func folder(of path: String) -> String {
    guard let slash = lastSlash(in: path) else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// The last name of a path.
  package static func name(of path: String) -> String {
    guard let slash = lastSlash(in: path) else { return path }
    return String(path[path.utf8.index(after: slash)...])
  }

  /// Where the last slash of a path is; nil in a bare name.
  static func lastSlash(in path: String) -> String.Index? {
    var path = path
    let offset = path.withUTF8 { utf8 in unsafe utf8.lastIndex(of: UInt8(ascii: "/")) }
    return offset.map { path.utf8.index(path.startIndex, offsetBy: $0) }
  }

  /// A path as seen from a folder, both from the root; nil where they have nothing in common but the root.
  package static func relative(_ path: String, to folder: String) -> String? {
    let (names, others) = (path.split(separator: "/"), folder.split(separator: "/"))
    let common = zip(names, others).prefix { $0.utf8.elementsEqual($1.utf8) }.count
    guard common > 0 || others.isEmpty else { return nil }
    return (Array(repeating: "..", count: others.count - common) + names[common...]).joined(separator: "/")
  }
}

extension String {
  /// The path of a name in this folder.
  package func joined(_ name: String) -> String { utf8.last == UInt8(ascii: "/") ? self + name : "\(self)/\(name)" }
}
