internal import ManifestText

/// One request to the API server, without the server's address and the user's credentials.
public struct APIRequest: Equatable, Sendable {
  /// What is asked for.
  public enum Method: String, Equatable, Sendable {
    case get = "GET"
    case post = "POST"
    case put = "PUT"
    case patch = "PATCH"
    case delete = "DELETE"
  }

  /// What is asked for.
  public var method: Method
  /// The path from the server's root, percent-encoded: `/apis/apps/v1/namespaces/shop/deployments/web`.
  public var path: String
  /// The query, not encoded yet, in order.
  public var query: [Parameter]
  /// The media type of the body; nil where there is none.
  public var contentType: String?
  /// The media types that are accepted.
  public var accept: String
  /// The body; empty where there is none.
  public var body: [UInt8]
  /// Headers beside those that every request has.
  public var headers: [Header] = []
  /// When it is given up, in milliseconds of the monotonic clock; nil where the transport's own limits are enough.
  public var deadline: Int?

  /// One line of a request's head, which may be secret and is never shown.
  public struct Header: Equatable, Sendable, CustomStringConvertible, CustomReflectable {
    /// The name.
    public let name: String
    /// The value.
    package let value: String

    /// Pairs a name with a value.
    public init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }

    /// The name alone.
    public var description: String { name }
    /// The name alone.
    public var customMirror: Mirror { Mirror(self, children: ["name": name]) }
  }

  /// One `name=value` of a query.
  public struct Parameter: Equatable, Sendable {
    /// The name.
    public let name: String
    /// The value.
    public let value: String

    /// Pairs a name with a value.
    public init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }

  /// Puts a request together.
  public init(
    _ method: Method, _ path: String, query: [Parameter] = [], contentType: String? = nil,
    accept: String = "application/json", body: [UInt8] = []
  ) {
    self.method = method
    self.path = path
    self.query = query
    self.contentType = contentType
    self.accept = accept
    self.body = body
  }

  /// What is accepted where the answer is no object, but text.
  package static let text = "text/plain, */*"

  /// True where sending the request twice has the effect of sending it once, so that it may be repeated after a lost
  /// connection.
  public var isRead: Bool { method == .get }

  /// True where the server is only asked what it would do.
  package var isTrial: Bool { query.contains(Parameter("dryRun", "All")) }

  /// True where carrying the request out twice comes to the same as once: reads, trials, and server-side apply.
  package var isRepeatable: Bool {
    isRead || contentType == "application/apply-patch+yaml" || isTrial
  }
}

/// The API server's answer.
public struct APIResponse: Equatable, Sendable {
  /// The HTTP status.
  public var status: Int
  /// The media type of the body, with its parameters; empty where the server names none.
  public var contentType: String
  /// The texts of `Warning: 299` headers, unquoted, in order.
  public var warnings: [String]
  /// The body.
  public var body: [UInt8]

  /// Puts an answer together.
  public init(status: Int, contentType: String = "application/json", warnings: [String] = [], body: [UInt8] = []) {
    self.status = status
    self.contentType = contentType
    self.warnings = warnings
    self.body = body
  }

  /// True for 200 to 299.
  public var isSuccess: Bool { (200..<300).contains(status) }
}

/// Parts of a URL's path.
enum URLPath {
  /// The text with everything percent-encoded that could end the part or mean something else.
  static func encoded(_ text: String) -> String { PercentEncoding.component(text, keeping: ":") }

  /// True for a byte of an encoded part.
  static func isAllowed(_ byte: UInt8) -> Bool {
    PercentEncoding.isUnreserved(byte) || byte == UInt8(ascii: ":") || byte == UInt8(ascii: "%")
  }
}

/// Text that becomes a part of a request: of its address, of a header, of a proxy's URL.
///
/// A line break in a header begins another header, or another request, and what follows a NUL is lost in C. Every text
/// for libcurl is checked here, wherever it comes from. Settings are checked when they are read as well, because only
/// then the one at fault can be named.
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

  /// Makes sure that a request is for the object that its parts name, and for nothing else.
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
