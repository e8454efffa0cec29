/// What stands in a URL before the host.
package enum URLUser {
  /// The user with a password, or a token, before the `@` of what stands behind a URL's scheme; nil where there is none.
  ///
  /// A `/`, `?` or `#` in a password has to be encoded: where it is not, what should be a port is none.
  package static func user(of rest: Substring) -> Substring? {
    let authority = rest.prefix { !"/?#".contains($0) }
    if let mark = authority.lastIndex(of: "@") { return authority[..<mark] }
    guard let colon = authority.firstIndex(of: ":"), authority.first != "[" else { return nil }
    let port = authority[colon...].dropFirst()
    let isPort = !port.isEmpty && port.allSatisfy { $0.isASCII && $0.isNumber }
    return isPort ? nil : rest.lastIndex(of: "@").map { rest[..<$0] }
  }

  /// The scheme of a URL, and what stands behind it; nil where it has none.
  static func parts(of url: String) -> (scheme: Substring, rest: Substring)? {
    guard let mark = url.firstRange(of: "://") else { return nil }
    let scheme = url[..<mark.lowerBound]
    let isScheme =
      (scheme.first?.isLetter ?? false) && scheme.allSatisfy { $0.isLetter || $0.isNumber || "+-.".contains($0) }
    return isScheme ? (scheme, url[mark.upperBound...]) : nil
  }
}
