internal import CCurl

/// One libcurl handle: a connection cache and the options of the next transfer.
///
/// It cannot be copied and is freed once. Together with `CurlMulti` this is all of the module that touches pointers.
@safe
struct CurlHandle: ~Copyable {
  /// libcurl's own handle, for `CurlMulti`.
  let raw: UnsafeMutableRawPointer
  private let message: UnsafeMutablePointer<CChar>
  private let answerInProgress: UnsafeMutablePointer<CurlAnswer>
  /// What libcurl reads during a transfer without copying it.
  private var lists: [OpaqueList] = []

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
    unsafe answerInProgress = UnsafeMutablePointer<CurlAnswer>.allocate(capacity: 1)
    unsafe answerInProgress.initialize(to: CurlAnswer(bodyLimit: 0))
  }

  deinit {
    unsafe ccurl_easy_cleanup(raw)
    for list in lists { list.free() }
    unsafe message.deallocate()
    unsafe answerInProgress.deinitialize(count: 1)
    unsafe answerInProgress.deallocate()
  }

  /// Forgets every option; connections stay.
  mutating func reset() {
    unsafe ccurl_easy_reset(raw)
    for list in lists { list.free() }
    lists = []
  }

  /// Sets an option that takes a number or a switch.
  borrowing func set(_ option: CURLoption, _ value: Int) throws(TransportError) {
    try check(unsafe ccurl_setopt_long(raw, option, value))
  }

  /// Sets an option that takes text, which libcurl copies.
  borrowing func set(_ option: CURLoption, _ value: String) throws(TransportError) {
    try check(unsafe ccurl_setopt_string(raw, option, try RequestText.checked(value)))
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

  /// Takes an option's default away, such as the system's own certificates.
  borrowing func clear(_ option: CURLoption) throws(TransportError) {
    try check(unsafe ccurl_setopt_pointer(raw, option, nil))
  }

  /// Sets an option that takes bytes, which libcurl copies; they never reach a disk.
  borrowing func set(_ option: CURLoption, blob bytes: [UInt8]) throws(TransportError) {
    var bytes = bytes
    let code = unsafe bytes.withUnsafeMutableBytes { buffer in
      var blob = unsafe curl_blob(data: buffer.baseAddress, len: buffer.count, flags: UInt32(CURL_BLOB_COPY))
      return unsafe ccurl_setopt_blob(raw, option, &blob)
    }
    try check(code)
  }

  /// Sets an option that takes lines, such as headers.
  mutating func set(_ option: CURLoption, list lines: [String]) throws(TransportError) {
    for line in lines { _ = try RequestText.checked(line) }
    guard let list = OpaqueList(lines) else { throw TransportError(.transferFailed, detail: "no memory left") }
    lists.append(list)
    try check(unsafe ccurl_setopt_list(raw, option, list.first))
  }

  /// Sets the bytes to send, which libcurl copies.
  borrowing func set(body: [UInt8]) throws(TransportError) {
    try check(unsafe ccurl_setopt_offset(raw, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(body.count)))
    var body = body.isEmpty ? [0] : body
    try check(
      unsafe body.withUnsafeMutableBytes { unsafe ccurl_setopt_pointer(raw, CURLOPT_COPYPOSTFIELDS, $0.baseAddress) })
  }

  /// Runs the transfer that the options describe and returns the body.
  ///
  /// - Throws: `TransportError.Code.tooLarge` where the body is longer than the limit; what libcurl reports.
  mutating func perform(bodyLimit: Int) throws(TransportError) -> [UInt8] {
    try prepare(bodyLimit: bodyLimit)
    return try answer(endingWith: unsafe ccurl_easy_perform(raw)).body
  }

  /// Makes room for an answer, before a transfer begins.
  borrowing func prepare(bodyLimit: Int) throws(TransportError) {
    unsafe message[0] = 0
    unsafe answerInProgress.pointee = CurlAnswer(bodyLimit: bodyLimit)
    try check(unsafe ccurl_setopt_pointer(raw, CURLOPT_ERRORBUFFER, message))
    try check(unsafe ccurl_setopt_pointer(raw, CURLOPT_WRITEDATA, answerInProgress))
    try check(
      unsafe ccurl_setopt_write(raw, CURLOPT_WRITEFUNCTION) { data, size, count, context in
        guard let answer = unsafe context?.assumingMemoryBound(to: CurlAnswer.self) else { return 0 }
        return unsafe answer.pointee.append(body: UnsafeRawBufferPointer(start: data, count: size * count))
      })
    try check(unsafe ccurl_setopt_pointer(raw, CURLOPT_HEADERDATA, answerInProgress))
    try check(
      unsafe ccurl_setopt_write(raw, CURLOPT_HEADERFUNCTION) { data, size, count, context in
        guard let answer = unsafe context?.assumingMemoryBound(to: CurlAnswer.self) else { return 0 }
        unsafe answer.pointee.append(header: UnsafeRawBufferPointer(start: data, count: size * count))
        return size * count
      })
  }

  /// The lines that have come since the last time of an answer that is under way.
  borrowing func takeLines() -> [[UInt8]] { unsafe answerInProgress.pointee.takeLines() }

  /// Codes of transfers whose connection the server, or something on the way to it, ended early.
  private static let brokenConnections: Set<UInt32> = Set(
    [
      CURLE_SEND_ERROR, CURLE_RECV_ERROR, CURLE_GOT_NOTHING, CURLE_PARTIAL_FILE, CURLE_HTTP2, CURLE_HTTP2_STREAM,
    ].map(\.rawValue))

  /// The answer of a transfer that ended with this code.
  ///
  /// A refusal counts as soon as its status line is there: a server that takes no notice of a request's body may end
  /// the connection right after it, and only the answer's body is missing then. A transfer that ended for another
  /// reason, such as a limit, fails with that reason.
  borrowing func answer(endingWith code: CURLcode) throws(TransportError) -> CurlAnswer {
    let answer = unsafe answerInProgress.pointee
    if answer.isOverLimit { throw TransportError(.tooLarge) }
    if Self.brokenConnections.contains(code.rawValue), status() >= 400 { return answer.withoutBody }
    try check(code)
    unsafe answerInProgress.pointee = CurlAnswer(bodyLimit: 0)
    return answer
  }

  /// The status of the last answer; 0 where there was none.
  borrowing func status() -> Int {
    var status = 0
    _ = unsafe ccurl_getinfo_long(raw, CURLINFO_RESPONSE_CODE, &status)
    return status
  }

  private borrowing func check(_ code: CURLcode) throws(TransportError) {
    guard code != CURLE_OK else { return }
    let words = unsafe String(cString: message)
    let detail = words.isEmpty ? unsafe String(cString: ccurl_easy_strerror(code)) : words
    throw TransportError(.init(code, saying: detail), detail: detail)
  }
}

/// A list of lines as libcurl wants it; whoever made it frees it.
@safe
struct OpaqueList {
  let first: UnsafeMutablePointer<curl_slist>?

  /// Copies lines; nil where memory runs out.
  init?(_ lines: [String]) {
    var list: UnsafeMutablePointer<curl_slist>?
    for line in lines {
      guard let longer = unsafe ccurl_slist_append(list, line) else {
        unsafe ccurl_slist_free_all(list)
        return nil
      }
      unsafe list = longer
    }
    unsafe first = list
  }

  func free() { unsafe ccurl_slist_free_all(first) }
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

/// Several transfers at once on the calling thread, over shared connections.
@safe
final class CurlMulti {
  private let raw: UnsafeMutableRawPointer
  private var active: [CurlTransfer] = []

  /// - Throws: `TransportError.Code.libraryMissing` where libcurl cannot be opened.
  init(connections: Int) throws(TransportError) {
    if let reason = CurlLibrary.openingFailure { throw TransportError(.libraryMissing, detail: reason) }
    guard let raw = unsafe ccurl_multi_init() else {
      throw TransportError(.transferFailed, detail: "libcurl has no memory left")
    }
    unsafe self.raw = raw
    // HTTP/2 needs one connection; what falls back to HTTP/1.1 shares a few.
    _ = unsafe ccurl_multi_setopt_long(raw, CURLMOPT_MAX_HOST_CONNECTIONS, connections)
    _ = unsafe ccurl_multi_setopt_long(raw, CURLMOPT_PIPELINING, Int(CURLPIPE_MULTIPLEX))
  }

  deinit {
    for transfer in active { _ = unsafe ccurl_multi_remove(raw, transfer.handle.raw) }
    unsafe ccurl_multi_cleanup(raw)
  }

  /// The number of pending transfers.
  var count: Int { active.count }

  /// Begins a transfer.
  func begin(_ transfer: CurlTransfer) {
    active.append(transfer)
    _ = unsafe ccurl_multi_add(raw, transfer.handle.raw)
  }

  /// Moves every transfer on as far as it goes, and gives back those that have ended.
  func advance() -> [(transfer: CurlTransfer, result: Result<CurlAnswer, TransportError>)] {
    _ = unsafe ccurl_multi_perform(raw)
    var ended: [(CurlTransfer, Result<CurlAnswer, TransportError>)] = []
    var code = CURLE_OK
    while let handle = unsafe ccurl_multi_finished(raw, &code) {
      guard let index = active.firstIndex(where: { unsafe $0.handle.raw == handle }) else { continue }
      let transfer = active.remove(at: index)
      _ = unsafe ccurl_multi_remove(raw, handle)
      ended.append((transfer, transfer.result(endingWith: code)))
    }
    return ended
  }

  /// Hands over the lines that have come of answers that are under way, and are successes.
  func takeLines(_ take: (_ index: Int, _ line: [UInt8]) -> Void) {
    for transfer in active where (200..<300).contains(transfer.status) {
      for line in transfer.handle.takeLines() { take(transfer.index, line) }
    }
  }

  /// Waits until a transfer can go on, or for this long.
  func wait(milliseconds: Int) {
    _ = unsafe ccurl_multi_poll(raw, Int32(milliseconds))
  }

  /// Ends every transfer, finished or not, and gives them back.
  func abandon() -> [CurlTransfer] {
    for transfer in active { _ = unsafe ccurl_multi_remove(raw, transfer.handle.raw) }
    defer { active = [] }
    return active
  }
}

/// A pending request, and how often it has been sent.
final class CurlTransfer {
  /// The request's place among those that were given.
  let index: Int
  /// How often it was sent before.
  var attempt: RequestAttempt
  /// When it was begun, on a clock of milliseconds.
  let start: Int
  fileprivate(set) var handle: CurlHandle

  init(_ index: Int, _ attempt: RequestAttempt, _ handle: consuming CurlHandle, start: Int) {
    self.index = index
    self.attempt = attempt
    self.start = start
    self.handle = handle
  }

  /// The status of the answer.
  var status: Int { handle.status() }

  fileprivate func result(endingWith code: CURLcode) -> Result<CurlAnswer, TransportError> {
    do throws(TransportError) {
      return .success(try handle.answer(endingWith: code))
    } catch {
      return .failure(error)
    }
  }
}
