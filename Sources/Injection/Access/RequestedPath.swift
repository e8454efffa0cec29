internal import ManifestText

/// The path that an agent asks Vault for, of what a template has for it.
///
/// White space and slashes around it are not part of it, and neither is a query such as `?version=2`; what is escaped by
/// percent signs is decoded, as the agent does it.
package struct RequestedPath: Equatable, Hashable, Sendable {
  /// The path without a slash at either end.
  package let text: String

  /// Takes a path as it is written.
  package init(_ written: String) {
    let (question, hash, slash) = (UInt8(ascii: "?"), ASCII.hash, UInt8(ascii: "/"))
    func isOuter(_ byte: UInt8) -> Bool { ASCII.isWhite(byte) || byte == slash }
    let outer = written.utf8.drop(while: isOuter)
    var bytes = Array(outer.prefix { $0 != question && $0 != hash })
    while let last = bytes.last, isOuter(last) { bytes.removeLast() }
    text = String(decoding: RequestedPath.unescaped(bytes), as: UTF8.self)
  }

  private init(plain text: String) { self.text = text }

  /// The bytes with each `%2F` the byte it stands for; as they are where a percent sign stands for none.
  private static func unescaped(_ bytes: [UInt8]) -> [UInt8] {
    guard bytes.contains(ASCII.percent) else { return bytes }
    var result: [UInt8] = []
    var index = 0
    while index < bytes.count {
      guard bytes[index] == ASCII.percent else {
        result.append(bytes[index])
        index += 1
        continue
      }
      let digits = bytes[(index + 1)...].prefix(2)
      guard digits.count == 2, digits.allSatisfy({ ASCII.isDigit($0) || ASCII.isLetter($0) }),
        let byte = UInt8(String(decoding: digits, as: UTF8.self), radix: 16)
      else { return bytes }
      result.append(byte)
      index += 3
    }
    return result
  }

  /// The path for an operation on the second KV engine mounted here: the agent puts `data/` in for what is read or
  /// written, and `metadata/` for what is listed, where they are missing.
  package func onKV2(at mount: String, for operation: VaultRequest.Operation) -> RequestedPath {
    let part = operation == .list ? "metadata" : "data"
    guard let rest = rest(below: mount) else { return self }
    let words = rest.utf8.split(separator: UInt8(ascii: "/"), maxSplits: 1).map { String(decoding: $0, as: UTF8.self) }
    let isThere = words.first == "metadata" || operation != .list && words.first == "data" && words.count > 1
    return isThere ? self : RequestedPath(plain: mount + "/" + part + (rest.isEmpty ? "" : "/" + rest))
  }

  /// What comes after a mount, empty for the mount itself; nil for a path that is not below it.
  package func rest(below mount: String) -> String? {
    ByteText.isEqual(text, mount) ? "" : ByteText.rest(of: text, after: mount + "/")
  }
}

extension VaultRequest {
  /// The path that is asked for where nothing is put into it; nil where the template makes it when it is filled in.
  package var requestedPath: RequestedPath? { path.map { RequestedPath($0) } }
}
