package import LibC

/// The user this process works for.
package enum CurrentUser {
  /// True for the user, for root, who can do everything anyway, and for whoever became root by `sudo`.
  package static func trusts(_ owner: uid_t) -> Bool {
    let user = geteuid()
    return owner == user || owner == 0 || user == 0 && owner == invoker
  }

  /// The user who called `sudo`; nil where nobody did.
  private static var invoker: uid_t? { Environment.value("SUDO_UID").flatMap { uid_t($0) } }
}
