internal import CCurl

/// One libcurl handle: a connection cache and the options of the next transfer.
///
/// It cannot be copied and is freed once. This is the only file of the module that touches pointers.
@safe
struct CurlHandle: ~Copyable {
  private let raw: UnsafeMutableRawPointer
  private let message: UnsafeMutablePointer<CChar>

  /// Opens libcurl where that has not happened yet, and makes a handle.
  ///
  /// - Throws: `TransportError.Code.libraryMissing` where libcurl cannot be opened.
  init() throws(TransportError) {
    if let reason = CurlLibrary.openingFailure {
      throw TransportError(.libraryMissing, detail: reason)
    }
    guard let raw = unsafe ccurl_easy_init() else {
      throw TransportError(.transferFailed, detail: "libcurl has no memory left")
    }
    unsafe self.raw = raw
    unsafe message = UnsafeMutablePointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))
    unsafe message.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
  }

  deinit {
    unsafe ccurl_easy_cleanup(raw)
    unsafe message.deallocate()
  }

  /// Sets an option that takes a number or a switch.
  borrowing func set(_ option: CURLoption, _ value: Int) throws(TransportError) {
    try check(unsafe ccurl_setopt_long(raw, option, value))
  }

  /// Sets an option that takes text, which libcurl copies.
  borrowing func set(_ option: CURLoption, _ value: String) throws(TransportError) {
    try check(unsafe ccurl_setopt_string(raw, option, value))
  }

  /// Limits the schemes of the URL and of redirects, in the form `http,https`.
  borrowing func allowOnlyHTTP() throws(TransportError) {
    do {
      try set(CURLOPT_PROTOCOLS_STR, "http,https")
      try set(CURLOPT_REDIR_PROTOCOLS_STR, "http,https")
    } catch {
      // Before 7.85 (Ubuntu 22.04) there are only the numbered forms, which newer headers call deprecated.
      let protocols = CURLoption(rawValue: 181), redirectProtocols = CURLoption(rawValue: 182)
      try set(protocols, Int(CURLPROTO_HTTP | CURLPROTO_HTTPS))
      try set(redirectProtocols, Int(CURLPROTO_HTTP | CURLPROTO_HTTPS))
    }
  }

  /// Runs the transfer that the options describe and returns the body.
  ///
  /// - Throws: `TransportError.Code.tooLarge` where the body is longer than the limit; what libcurl reports.
  mutating func perform(bodyLimit: Int) throws(TransportError) -> [UInt8] {
    var body = Body(limit: bodyLimit)
    let code = unsafe withUnsafeMutablePointer(to: &body) { context in
      unsafe transfer(into: context)
    }
    if body.isOverLimit { throw TransportError(.tooLarge) }
    try check(code)
    return body.bytes
  }

  /// The status of the last answer; 0 where there was none.
  borrowing func status() -> Int {
    var status = 0
    _ = unsafe ccurl_getinfo_long(raw, CURLINFO_RESPONSE_CODE, &status)
    return status
  }

  /// The context is lent for the length of the transfer and taken back before this returns.
  private func transfer(into context: UnsafeMutablePointer<Body>) -> CURLcode {
    unsafe message[0] = 0
    _ = unsafe ccurl_setopt_pointer(raw, CURLOPT_ERRORBUFFER, message)
    _ = unsafe ccurl_setopt_pointer(raw, CURLOPT_WRITEDATA, context)
    _ = unsafe ccurl_setopt_write(raw, CURLOPT_WRITEFUNCTION) { data, size, count, context in
      guard let body = unsafe context?.assumingMemoryBound(to: Body.self) else { return 0 }
      return unsafe body.pointee.append(UnsafeRawBufferPointer(start: data, count: size * count))
    }
    let code = unsafe ccurl_easy_perform(raw)
    _ = unsafe ccurl_setopt_pointer(raw, CURLOPT_WRITEDATA, nil)
    return code
  }

  private borrowing func check(_ code: CURLcode) throws(TransportError) {
    guard code != CURLE_OK else { return }
    let detail = unsafe String(cString: message)
    throw TransportError(
      .init(code), detail: detail.isEmpty ? unsafe String(cString: ccurl_easy_strerror(code)) : detail)
  }
}

/// The bytes of an answer as they come in, up to a limit.
private struct Body {
  let limit: Int
  var bytes: [UInt8] = []
  var isOverLimit = false

  /// Takes some bytes and says how many it took; libcurl stops where that is fewer than it offered.
  mutating func append(_ data: UnsafeRawBufferPointer) -> Int {
    guard data.count <= limit - bytes.count else {
      isOverLimit = true
      return 0
    }
    unsafe bytes.append(contentsOf: data)
    return data.count
  }
}

/// libcurl itself: opened and set up once, when the first handle is made.
package enum CurlLibrary {
  #if canImport(Darwin)
    static let name = "libcurl.4.dylib"
  #else
    static let name = "libcurl.so.4"
  #endif

  /// Why libcurl cannot be used; nil where it can.
  package static let openingFailure: String? = open(name) ?? setUp()

  /// Opens the library of this name; the reason where that fails.
  package static func open(_ name: String) -> String? {
    unsafe ccurl_open(name).map { unsafe String(cString: $0) }
  }

  private static func setUp() -> String? {
    let code = ccurl_global_init(Int(CURL_GLOBAL_DEFAULT))
    return code == CURLE_OK ? nil : unsafe String(cString: ccurl_easy_strerror(code))
  }
}
