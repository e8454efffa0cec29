internal import ManifestText

/// Text that becomes a part of a request: of its address, of a header, of the way to a proxy.
///
/// A line break in a header begins another header, or another request, and what follows a NUL is lost on the way
/// through C. Every text on its way to libcurl is checked here, wherever it comes from. Settings are checked when they
/// are read as well, because only then the one at fault can be named.
package enum RequestText {
  /// The first control character, such as `U+000A`; nil where the text can be sent.
  package static func controlCharacter(in text: String) -> String? {
    let isControl: (Unicode.Scalar) -> Bool = { $0.value < 0x20 || (0x7F...0x9F).contains($0.value) }
    return text.unicodeScalars.first(where: isControl).map { String(VisibleText.spelling($0).dropFirst().dropLast()) }
  }

  /// The text itself.
  /// - Throws: `unsendable` where it cannot be sent; it is not repeated, as it may be secret.
  static func checked(_ text: String) throws(TransportError) -> String {
    if let name = controlCharacter(in: text) {
      throw TransportError(.unsendable, detail: "a header or the address would hold the control character \(name)")
    }
    return text
  }

  /// Makes sure that a request is for what its parts name, and for nothing else.
  static func check(_ request: APIRequest) throws(TransportError) {
    for part in request.path.utf8.split(separator: UInt8(ascii: "/")) {
      guard part.allSatisfy(URLPath.isAllowed) else {
        throw TransportError(.unsendable, detail: "a part of the address's path is not encoded")
      }
      let text = String(decoding: PercentEncoding.decoded(String(Substring(part))), as: UTF8.self)
      if let fault = fault(ofPathPart: text) {
        throw TransportError(.unsendable, detail: "a part of the address's path \(fault)")
      }
    }
    for parameter in request.query { _ = try checked(parameter.name + parameter.value) }
  }

  /// What is wrong with a part of an address's path, such as an object's name; nil where it can only be that part.
  ///
  /// These are the rules of the API server, which takes no object of such a name either.
  package static func fault(ofPathPart text: String) -> String? {
    if text == "." || text == ".." { return "cannot be `\(text)`" }
    for character in ["/", "%"] where text.utf8.contains(character.utf8.first ?? 0) {
      return "cannot hold a `\(character)`"
    }
    return controlCharacter(in: text).map { "cannot hold the control character \($0)" }
  }
}
