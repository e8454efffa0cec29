#if canImport(Darwin)
  internal import Darwin
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Glibc
#endif

/// The user this process works for.
enum CurrentUser {
  /// True for the user, for root, who can do everything anyway, and for whoever became root by `sudo`.
  static func trusts(_ owner: uid_t) -> Bool {
    let user = geteuid()
    return owner == user || owner == 0 || user == 0 && owner == invoker
  }

  /// The user who called `sudo`; nil where nobody did.
  private static var invoker: uid_t? { Environment.value("SUDO_UID").flatMap { uid_t($0) } }
}
