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
