/// A token, a password or a key: shown as `<redacted>` wherever it is printed, and nowhere written to disk.
///
/// From the moment there is one, no text that is shown holds what is in it, whoever wrote that text.
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
