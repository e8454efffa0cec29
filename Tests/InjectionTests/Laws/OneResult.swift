import Injection
import ManifestText
import TestSupport
import Testing
import VaultInjectCLI

/// Law 10: what is printed of an input is, byte for byte, what its file would be rewritten with.
struct OneResult {
  let delivery: InMemoryDelivery

  init(_ transform: any DocumentTransform) { delivery = InMemoryDelivery(transform) }

  /// What may stand before the first document of a file, with both line ends.
  static let prefixes = unixPrefixes + unixPrefixes.map(withCRLF).filter { !unixPrefixes.contains($0) }

  private static let unixPrefixes = [
    "", "\n", "\n\n\n", " \n", "\t\n", "  \n\n", "# a comment\n", "\n# a comment\n", "#\n\n", "---\n", "\n---\n",
    "# a comment\n---\n", "--- # a comment\n", "%YAML 1.1\n---\n", "\n%YAML 1.1\n---\n", "# c\n%YAML 1.1\n# d\n---\n",
    "\u{FEFF}", "\u{FEFF}\n", "\u{FEFF}---\n", "\u{FEFF}# c\n", "\u{FEFF}%YAML 1.1\n---\n", "---\n---\n",
    "---\n# c\n---\n",
  ]

  private static func withCRLF(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "\r\n")
  }

  /// What may stand before this text: a byte order mark counts at the very beginning alone, and a directive only before
  /// a marker.
  static func prefixes(before text: some Collection<UInt8>) -> [String] {
    if text.starts(with: "\u{FEFF}".utf8) { return [""] }
    guard text.starts(with: "%".utf8) || text.starts(with: "---".utf8) else { return prefixes }
    return ["", "\n", "\r\n", " \n", "# c\n"]
  }

  /// Asserts the law after the prefix whose turn it is.
  func check(_ text: [UInt8], _ name: String, turn: Int) {
    let prefixes = OneResult.prefixes(before: text)
    let prefix = prefixes[turn % prefixes.count]
    check(Array(prefix.utf8) + text, "\(name) after \(prefix.debugDescription)")
  }

  /// Asserts the law; what is written, and whether that is a change, or nil where the input is refused.
  @discardableResult
  func check(_ text: [UInt8], _ name: String) -> (bytes: [UInt8], isChanged: Bool)? {
    let source = SourceText(name: name, bytes: text)
    let printed = delivery.printed([source])
    let written = delivery.written(source)
    // What is broken and of no interest to an injector is passed over where it is not printed.
    if printed.isEmpty, !text.isEmpty, written?.isChanged != true, delivery.refusesToPrint(source) { return nil }
    guard let written else {
      Issue.record("\(name): refused, and printed all the same")
      return nil
    }
    expectSame(printed, written.bytes, "\(name): printed and written")
    #expect(written.isChanged == (written.bytes != text), "\(name): what --check says")
    return written
  }
}
