internal import Synchronization

/// A file with a token that somebody else renews, read again each minute.
final class TokenFile: CredentialSource {
  private struct Known {
    let token: Secret
    let readAt: Int
  }

  private let path: String
  private let fallback: Secret?
  private let host: Host
  private let known = Mutex<Known?>(nil)

  /// Names a file, and the token to send until it can be read.
  init(_ path: String, fallback: Secret?, on host: Host) {
    (self.path, self.fallback, self.host) = (path, fallback, host)
  }

  func credentials(
    for configuration: ClientConfiguration, afterRejection: Bool
  ) throws(CredentialError) -> UserCredentials {
    var user = configuration.user
    user.token = try token(again: afterRejection)
    return user
  }

  /// The token of this minute.
  func token(again: Bool) throws(CredentialError) -> Secret {
    let now = host.now()
    let last = known.withLock { $0 }
    if let last, !again, now - last.readAt < 60 { return last.token }
    let reason: String
    do throws(Host.FileFailure) {
      let token = Secret(TokenText.trimmed(try host.contents(path)))
      let fault = RequestText.controlCharacter(in: token.exposedText)
      if !token.exposed.isEmpty, fault == nil {
        known.withLock { $0 = Known(token: token, readAt: now) }
        return token
      }
      reason = fault.map { "holds the control character \($0), which cannot be sent" } ?? "is empty"
    } catch {
      switch error {
      case .missing: reason = "does not exist"
      case .unreadable(let words): reason = "cannot be read: \(words)"
      }
    }
    if let token = last?.token ?? fallback { return token }
    throw CredentialError("the token file \(path) \(reason)", hint: "tokenFile names a file that holds a token alone")
  }
}

/// Tokens as files hold them.
enum TokenText {
  /// A file's content without the white space around it.
  static func trimmed(_ bytes: [UInt8]) -> [UInt8] {
    let isWhite: (UInt8) -> Bool = { $0 <= UInt8(ascii: " ") }
    let end = bytes.lastIndex { !isWhite($0) }.map { $0 + 1 } ?? 0
    return Array(bytes[..<end].drop(while: isWhite))
  }
}
