internal import CCurl

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

  /// How many transfers are under way.
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

/// One request on its way, and how often it has been sent.
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
