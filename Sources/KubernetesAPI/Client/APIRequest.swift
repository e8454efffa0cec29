/// One request to the API server, apart from where that is and who asks.
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

  /// True where asking twice is the same as asking once, so that a lost connection may be tried again.
  public var isRead: Bool { method == .get }

  /// True where the server is only asked what it would do.
  package var isTrial: Bool { query.contains(Parameter("dryRun", "All")) }

  /// True where carrying the request out twice comes to the same as once: reads, trials, and server-side apply.
  package var isRepeatable: Bool {
    isRead || contentType == "application/apply-patch+yaml" || isTrial
  }
}

/// What the API server answered.
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
