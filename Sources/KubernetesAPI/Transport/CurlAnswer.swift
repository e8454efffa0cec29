internal import CCurl
internal import ManifestText

/// An answer as it comes in: its headers, and its body up to a limit.
struct CurlAnswer {
  /// One line of the head.
  struct Header: Equatable {
    /// The name, in lower case.
    let name: String
    /// The value, without the white space around it.
    let value: String
  }

  let bodyLimit: Int
  private(set) var body: [UInt8] = []
  private(set) var headers: [Header] = []
  private(set) var isOverLimit = false

  init(bodyLimit: Int) { self.bodyLimit = bodyLimit }

  /// Takes some bytes of the body and says how many it took; libcurl stops where that is fewer than it offered.
  mutating func append(body data: UnsafeRawBufferPointer) -> Int {
    guard data.count <= bodyLimit - body.count else {
      isOverLimit = true
      return 0
    }
    unsafe body.append(contentsOf: data)
    return data.count
  }

  /// Takes the whole lines that have come of the body; what is left is the beginning of the next one.
  mutating func takeLines() -> [[UInt8]] {
    guard let last = body.lastIndex(of: UInt8(ascii: "\n")) else { return [] }
    let lines = body[...last].split(separator: UInt8(ascii: "\n")).map(Array.init)
    body.removeSubrange(...last)
    return lines
  }

  /// Takes a line of the head; a status line begins a new head, as the one after a proxy's or a `100 Continue`.
  mutating func append(header data: UnsafeRawBufferPointer) {
    let line = unsafe String(decoding: data, as: UTF8.self)
    if line.hasPrefix("HTTP/") { return headers = [] }
    guard let colon = line.utf8.firstIndex(of: UInt8(ascii: ":")) else { return }
    let value = line[line.utf8.index(after: colon)...]
    headers.append(Header(name: line[..<colon].lowercased(), value: String(CurlAnswer.trimmed(value))))
  }

  /// The same with nothing but its head.
  var withoutBody: CurlAnswer {
    var answer = self
    answer.body = []
    return answer
  }

  /// The last value of a header; nil where there is none.
  func header(_ name: String) -> String? { headers.last { $0.name == name }?.value }

  /// Every value of a header, in order.
  func headers(_ name: String) -> [String] { headers.filter { $0.name == name }.map(\.value) }

  private static func trimmed(_ text: Substring) -> Substring {
    var rest = text.drop(while: \.isWhitespace)
    while rest.last?.isWhitespace == true { rest.removeLast() }
    return rest
  }
}

/// The warnings the API server sends beside an answer (RFC 7234 section 5.5): `299 - "text" "date"`, several of them
/// separated by commas.
enum WarningHeader {
  /// The texts of a header's value with the code 299, unquoted, in order; what cannot be read is left out.
  static func texts(_ value: String) -> [String] {
    var texts: [String] = []
    var rest = value.utf8[...]
    while let warning = takeWarning(from: &rest) {
      if warning.code == "299" { texts.append(warning.text) }
    }
    return texts
  }

  private static func takeWarning(from rest: inout Substring.UTF8View) -> (code: String, text: String)? {
    skip(while: { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: ",") }, in: &rest)
    let code = takeWord(from: &rest)
    _ = takeWord(from: &rest)
    guard !code.isEmpty, let text = takeQuoted(from: &rest) else { return nil }
    skip(while: { $0 == UInt8(ascii: " ") }, in: &rest)
    // The date.
    if rest.first == UInt8(ascii: "\"") { _ = takeQuoted(from: &rest) }
    return (code, text)
  }

  private static func takeWord(from rest: inout Substring.UTF8View) -> String {
    let word = rest.prefix { $0 != UInt8(ascii: " ") }
    rest = rest.dropFirst(word.count)
    skip(while: { $0 == UInt8(ascii: " ") }, in: &rest)
    return String(decoding: word, as: UTF8.self)
  }

  private static func takeQuoted(from rest: inout Substring.UTF8View) -> String? {
    guard rest.first == UInt8(ascii: "\"") else { return nil }
    rest = rest.dropFirst()
    var text: [UInt8] = []
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "\"") { return String(decoding: text, as: UTF8.self) }
      if byte == UInt8(ascii: "\\"), let escaped = rest.popFirst() {
        text.append(escaped)
      } else {
        text.append(byte)
      }
    }
    return nil
  }

  private static func skip(while condition: (UInt8) -> Bool, in rest: inout Substring.UTF8View) {
    rest = rest.drop(while: condition)
  }
}

extension TransportError.Code {
  /// The kind of failure that libcurl's own code and words stand for.
  init(_ code: CURLcode, saying words: String) {
    switch code {
    case CURLE_URL_MALFORMAT: self = .invalidURL
    case CURLE_UNSUPPORTED_PROTOCOL: self = .unsupportedScheme
    case CURLE_COULDNT_RESOLVE_HOST: self = .hostNotFound
    case CURLE_COULDNT_RESOLVE_PROXY, CURLE_PROXY: self = .proxyFailed
    case CURLE_COULDNT_CONNECT: self = .connectionFailed
    case CURLE_OPERATION_TIMEDOUT: self = .timedOut
    case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ISSUER_ERROR:
      self = .init(distrust: words)
    case CURLE_SSL_CERTPROBLEM: self = .clientCertificateUnusable
    case CURLE_TOO_MANY_REDIRECTS: self = .tooManyRedirects
    case CURLE_FILESIZE_EXCEEDED: self = .tooLarge
    case _ where words.contains("from proxy after CONNECT"): self = .proxyFailed
    case _ where words.contains("alert") && (words.contains("certificate") || words.contains("unknown ca")):
      self = .clientCertificateRefused
    case CURLE_SSL_CONNECT_ERROR, CURLE_SSL_CIPHER: self = .tlsFailed
    default: self = .transferFailed
    }
  }

  /// OpenSSL's words tell the reasons apart that libcurl has one code for.
  private init(distrust words: String) {
    if words.contains("expired") || words.contains("not yet valid") {
      self = .certificateExpired
    } else if words.contains("subject name") || words.contains("does not match") {
      self = .certificateForOtherName
    } else {
      self = .certificateNotTrusted
    }
  }
}

/// The user's credentials, as far as they are sent in headers.
extension UserCredentials {
  /// The headers, in order.
  var headers: [String] { (authorization.map { ["Authorization: \($0)"] } ?? []) + impersonationHeaders }

  private var authorization: String? {
    if let token { return "Bearer \(token.exposedText)" }
    guard let basic else { return nil }
    return "Basic " + Base64.encoded(basic.pair.exposed)
  }

  private var impersonationHeaders: [String] {
    guard let impersonation else { return [] }
    var headers = ["Impersonate-User: \(impersonation.user)"]
    if !impersonation.uid.isEmpty { headers.append("Impersonate-Uid: \(impersonation.uid)") }
    headers += impersonation.groups.map { "Impersonate-Group: \($0)" }
    for (key, values) in impersonation.extra {
      headers += values.map { "Impersonate-Extra-\(PercentEncoding.headerKey(key)): \($0)" }
    }
    return headers
  }
}
