internal import ManifestText
internal import Synchronization

/// A token, a password or a key: shown as `<redacted>` wherever it is printed, and nowhere written to disk.
///
/// As soon as one exists, its content is removed from all text that is shown, wherever that text comes from.
public struct Secret: Equatable, Sendable {
  /// The bytes themselves, for the one place that sends them.
  package let exposed: [UInt8]

  /// Keeps some bytes from being shown.
  public init(_ bytes: [UInt8]) {
    exposed = bytes
    SecretsInUse.note(bytes)
  }

  /// Keeps a text from being shown.
  public init(_ text: String) { self.init(Array(text.utf8)) }

  /// The bytes as text, for headers.
  package var exposedText: String { String(decoding: exposed, as: UTF8.self) }
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// `<redacted>`.
  public var description: String { SecretsInUse.mark }
  /// `<redacted>`.
  public var debugDescription: String { description }
  /// Nothing, so that `dump` shows nothing either.
  public var customMirror: Mirror { Mirror(self, children: []) }
}

/// Every secret of this process, so that none of them is shown, whatever repeats it: a server, a library, a program.
package enum SecretsInUse {
  /// The text shown in a secret's place.
  package static let mark = "<redacted>"

  /// From this length on a secret is hardly a word that occurs in other text.
  private static let unmistakable = 8

  /// A shorter one is hidden only where a credential stands: a text without its `a`s would be unreadable, and no
  /// effective secret is so short.
  private static let shortestWord = 3

  private static let known = Mutex<[String]>([])

  /// The text with every secret taken out of it, also where it is encoded, and where it was cut short at the end.
  ///
  /// A secret that is hardly longer than a word is taken out where it stands as a word, and one of a letter or two
  /// where it stands as a credential.
  package static func redacted(_ text: String) -> String {
    let forms = known.withLock { $0 }
    return forms.reduce(text, hiding)
  }

  /// Keeps a secret from being shown, and the forms it takes in headers, URLs and files.
  static func note(_ bytes: [UInt8]) {
    guard !bytes.isEmpty else { return }
    let text = String(decoding: bytes, as: UTF8.self)
    var forms = [text, PercentEncoding.component(text), Base64.encoded(bytes)]
    if text.contains("-----BEGIN") { forms += keyLines(of: text) }
    let found = forms
    known.withLock { known in
      for form in found where !known.contains(form) { known.append(form) }
      // The longest first: what holds another goes as a whole.
      known.sort { $0.utf8.count > $1.utf8.count }
    }
  }

  /// The lines of a key, each of which is a part of it.
  private static func keyLines(of text: String) -> [String] {
    text.split(whereSeparator: \.isNewline).map(String.init).filter { $0.utf8.count >= 16 && !$0.hasPrefix("-----") }
  }

  private static func hiding(_ text: String, _ secret: String) -> String {
    guard secret.utf8.count >= unmistakable else { return hidingWords(text, secret) }
    let pieces = ByteText.pieces(of: text, around: secret)
    return hidingEnd(of: pieces.joined(separator: mark), secret)
  }

  private static func hidingWords(_ text: String, _ secret: String) -> String {
    let pieces = ByteText.pieces(of: text, around: secret)
    return pieces.dropFirst().reduce(into: pieces[0]) { result, piece in
      let isWord = !(result.utf8.last.map(isWordByte) ?? false) && !(piece.utf8.first.map(isWordByte) ?? false)
      let isHidden = isWord && (secret.utf8.count >= shortestWord || isCredential(between: result, and: piece))
      result += (isHidden ? mark : secret) + piece
    }
  }

  /// The words that come before a credential, in headers, settings and sentences.
  private static let credentialWords: [String] = [
    "authorization", "basic", "bearer", "cookie", "credential", "credentials", "key", "pass", "passwd", "password",
    "pwd", "secret", "token",
  ]

  /// True in the user's part of a URL, and after a word for credentials: `Bearer a`, `password=a`, `"token": "a"`.
  private static func isCredential(between before: String, and after: String) -> Bool {
    if after.utf8.first == UInt8(ascii: "@"), [UInt8(ascii: ":"), UInt8(ascii: "/")].contains(before.utf8.last) {
      return true
    }
    // The user's name, in front of a password that may have been taken out already.
    if before.utf8.last == UInt8(ascii: "/"), after.utf8.first == UInt8(ascii: ":"),
      after.utf8.prefix(while: { $0 != UInt8(ascii: "/") }).contains(UInt8(ascii: "@"))
    {
      return true
    }
    let word = before.utf8.reversed().drop { " :=\"'`\\".utf8.contains($0) }.prefix { isLetter($0) }
    return credentialWords.contains(String(decoding: word.reversed(), as: UTF8.self).lowercased())
  }

  private static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- UInt8(ascii: "a") < 26 }

  /// A text that was cut short may have most of a secret at its end.
  private static func hidingEnd(of text: String, _ secret: String) -> String {
    let (text, secret) = (Array(text.utf8), Array(secret.utf8))
    let longest = min(text.count, secret.count - 1)
    guard longest >= unmistakable else { return String(decoding: text, as: UTF8.self) }
    for count in stride(from: longest, through: unmistakable, by: -1)
    where text.suffix(count).elementsEqual(secret.prefix(count)) {
      return String(decoding: text.dropLast(count), as: UTF8.self) + mark
    }
    return String(decoding: text, as: UTF8.self)
  }

  private static func isWordByte(_ byte: UInt8) -> Bool {
    (byte | 0x20) &- UInt8(ascii: "a") < 26 || byte &- UInt8(ascii: "0") < 10 || byte >= 0x80
  }
}

extension SecretsInUse {
  /// Keeps what a URL holds before its host's `@` from being shown, and long values of its query.
  package static func note(url: String) {
    let rest = URLUser.parts(of: url)?.rest ?? url[...]
    if let user = URLUser.user(of: rest) {
      // A name by itself is a word that objects are called by as well; a token is longer than those.
      if let colon = user.firstIndex(of: ":") {
        note(encoded: user)
        note(encoded: user[user.index(after: colon)...])
      } else if user.utf8.count >= 2 * unmistakable {
        note(encoded: user)
      }
    }
    guard let query = rest.firstIndex(of: "?") else { return }
    for parameter in rest[query...].dropFirst().prefix(while: { $0 != "#" }).split(separator: "&") {
      let value = parameter.firstIndex(of: "=").map { parameter[parameter.index(after: $0)...] } ?? parameter
      if value.utf8.count >= 2 * unmistakable { note(encoded: value) }
    }
  }

  /// A part of a URL, as it is written and as it is meant.
  private static func note(encoded text: Substring) {
    note(Array(text.utf8))
    note(PercentEncoding.decoded(String(text)))
  }
}
