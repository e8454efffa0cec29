internal import ManifestText

/// What names an image, in full, as container runtimes take what is written: `nginx` is `docker.io/library/nginx:latest`.
package struct ImageReference: Equatable, Sendable {
  /// The registry and the path in it.
  package let repository: String
  /// Nil beside a digest, which counts alone.
  package let tag: String?
  package let digest: ImageDigest?

  /// Nil for a text that names no image.
  package init?(_ text: String) {
    guard text.utf8.count <= 1024 else { return nil }
    let parts = text.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    digest = parts.count == 2 ? ImageDigest(parts[1]) : nil
    guard parts.count == 1 || digest != nil, let name = Name(parts[0]) else { return nil }
    repository = name.repository
    tag = digest == nil ? name.tag ?? "latest" : nil
  }

  /// The name in full.
  package var text: String {
    digest.map { "\(repository)@\($0.text)" } ?? "\(repository):\(tag ?? "")"
  }

  /// A name without a digest.
  private struct Name {
    let repository: String
    let tag: String?

    init?(_ text: String) {
      var components = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
      let host = components.count > 1 && Self.isHost(components[0]) ? components.removeFirst() : nil
      guard let last = components.popLast() else { return nil }
      let parts = last.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      components.append(parts[0])
      tag = parts.count == 2 ? parts[1] : nil
      guard components.allSatisfy(Self.isComponent), tag.map(ImageReference.isTag) ?? true,
        host.map(Self.isHostName) ?? true
      else { return nil }
      let isHub = [nil, "docker.io", "index.docker.io"].contains(host)
      if isHub, components.count == 1 { components.insert("library", at: 0) }
      repository = ([isHub ? "docker.io" : host ?? ""] + components).joined(separator: "/")
    }

    /// True for a first component that is a registry, and no part of a path on the usual one.
    private static func isHost(_ text: String) -> Bool {
      text == "localhost"
        || text.utf8.contains { $0 == ASCII.dot || $0 == UInt8(ascii: ":") || (0x41...0x5A).contains($0) }
    }

    private static func isHostName(_ text: String) -> Bool {
      text.utf8.allSatisfy {
        ASCII.isLetter($0) || ASCII.isDigit($0) || [ASCII.dot, ASCII.dash].contains($0)
          || [UInt8(ascii: ":"), UInt8(ascii: "["), UInt8(ascii: "]")].contains($0)
      } && text.utf8.first != ASCII.dot
    }

    private static func isComponent(_ text: String) -> Bool {
      guard let first = text.utf8.first, let last = text.utf8.last else { return false }
      func isWord(_ byte: UInt8) -> Bool { ASCII.isDigit(byte) || (0x61...0x7A).contains(byte) }
      return isWord(first) && isWord(last)
        && text.utf8.allSatisfy { isWord($0) || [ASCII.dot, ASCII.dash, UInt8(ascii: "_")].contains($0) }
    }
  }

  /// True for what a tag can be.
  package static func isTag(_ text: String) -> Bool {
    guard let first = text.utf8.first, first != ASCII.dot, first != ASCII.dash else { return false }
    return text.utf8.count <= 128
      && text.utf8.allSatisfy {
        ASCII.isLetter($0) || ASCII.isDigit($0) || [ASCII.dot, ASCII.dash, UInt8(ascii: "_")].contains($0)
      }
  }
}

/// The hash by which something is named, such as `sha256:9f86d0…`.
package struct ImageDigest: Hashable, Sendable {
  package let algorithm: String
  /// The hash in lower-case hexadecimal digits, which is also the name of a file.
  package let hex: String

  /// Nil for any other text, and above all for one that could lead out of a folder.
  package init?(_ text: String) {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2, let count = ["sha256": 64, "sha512": 128][parts[0]], parts[1].utf8.count == count,
      parts[1].utf8.allSatisfy({ ASCII.isDigit($0) || (0x61...0x66).contains($0) })
    else { return nil }
    (algorithm, hex) = (parts[0], parts[1])
  }

  package var text: String { "\(algorithm):\(hex)" }
}
