internal import CCurl
internal import Platform

/// Requests to one API server over libcurl: HTTP/2 on one connection where the server speaks it, TLS 1.2 at least.
///
/// Everything happens on the calling thread, inside `send`. Keys and tokens stay in memory.
public final class CurlTransport: Transport {
  /// The options of a run, besides the server's address.
  public struct Options: Sendable {
    /// How many requests are pending at once.
    public var concurrency = 100
    /// How many connections are opened to a server that speaks HTTP/1.1 only.
    public var connections = 8
    /// The longest answer that is accepted, in bytes.
    public var bodyLimit = 64 << 20
    /// How long connecting may take.
    public var connectMilliseconds = 30_000
    /// How long a request may go without a byte in either direction where no other limit is set: API servers end a
    /// request after 60 s at most, so that after a longer silence the server, or the connection to it, is lost.
    public var stallSeconds = 90
    /// The longest time for which a server may put a request off (`Retry-After`) before that is taken for its answer.
    public var longestDelaySeconds = 86_400
    /// The `User-Agent` header.
    public var userAgent = "kubectl-vault_inject"
    /// True where only HTTP/1.1 is to be spoken, as `DISABLE_HTTP2` asks.
    public var disablesHTTP2 = false
    /// The proxies the environment names.
    public var proxies = ProxyEnvironment()
    /// True once the user asked for the run to end.
    public var isCancelled: @Sendable () -> Bool = { false }
    /// Called with each answer or failure, for a log without secrets; nil where there is no log.
    public var onTrace: (@Sendable (TransportTrace) -> Void)?

    /// Defaults that suit most clusters.
    public init() {}
  }

  private let server: ServerAddress
  private let configuration: ClientConfiguration
  private let proxy: ProxyChoice
  private let options: Options
  private let multi: CurlMulti

  /// Opens libcurl; nothing is sent yet.
  /// - Throws: `libraryMissing` where libcurl cannot be opened, `invalidURL` for a server that is no URL, and
  ///   `unsupportedScheme` for a proxy that is neither http, https nor socks5.
  public init(_ configuration: ClientConfiguration, _ options: Options = Options()) throws(TransportError) {
    guard let server = ServerAddress(configuration.server) else {
      throw TransportError(.invalidURL, detail: configuration.server)
    }
    self.server = server
    self.configuration = configuration
    self.options = options
    proxy = try ProxyChoice(for: server, named: configuration.proxy, options.proxies)
    multi = try CurlMulti(connections: options.connections)
  }

  /// Sends requests, many at once, and gives each answer as it comes.
  public func send(
    _ requests: [APIRequest], as user: UserCredentials,
    onResponse: (_ index: Int, _ result: Result<APIResponse, TransportError>) -> Void
  ) {
    var waiting = requests.indices.map { Waiting(index: $0, attempt: RequestAttempt()) }[...]
    var delayed: [Waiting] = []
    while !(waiting.isEmpty && delayed.isEmpty && multi.count == 0) {
      if options.isCancelled() {
        let cut = multi.abandon().map(\.index) + waiting.map(\.index) + delayed.map(\.index)
        for index in cut.sorted() { onResponse(index, .failure(TransportError(.cancelled))) }
        return
      }
      let now = MonotonicClock.milliseconds
      for due in delayed where due.attempt.notBefore <= now { waiting.append(due) }
      delayed.removeAll { $0.attempt.notBefore <= now }
      while multi.count < options.concurrency, let next = waiting.popFirst() {
        begin(next, requests[next.index], as: user, onResponse)
      }
      for (transfer, result) in multi.advance() {
        let outcome = settle(transfer, result, requests[transfer.index])
        switch outcome {
        case .again(let attempt): delayed.append(Waiting(index: transfer.index, attempt: attempt))
        case .done(let result): onResponse(transfer.index, result)
        }
      }
      if multi.count > 0 || !delayed.isEmpty { multi.wait(milliseconds: 100) }
    }
  }

  /// Carries requests whose answers go on and on, and hands over each line as it comes.
  public func follow(
    _ requests: [APIRequest], as user: UserCredentials, onLine: (_ index: Int, _ line: [UInt8]) -> Void,
    while goesOn: () -> Bool
  ) -> Bool {
    var isFailed = false
    for (index, request) in requests.enumerated() {
      begin(Waiting(index: index, attempt: RequestAttempt()), request, as: user) { _, _ in isFailed = true }
    }
    defer {
      for transfer in multi.abandon() {
        trace(transfer, .failure(TransportError(.cancelled)), requests[transfer.index])
      }
    }
    while !isFailed, goesOn() {
      let ended = multi.advance()
      multi.takeLines(onLine)
      for (transfer, result) in ended {
        trace(transfer, result, requests[transfer.index])
        guard case .success(let answer) = result, (200..<300).contains(transfer.status) else { return false }
        var rest = answer
        for line in rest.takeLines() { onLine(transfer.index, line) }
      }
      if !ended.isEmpty { return true }
      multi.wait(milliseconds: 100)
    }
    return !isFailed
  }

  /// A request that is not pending.
  private struct Waiting {
    let index: Int
    let attempt: RequestAttempt
  }

  private enum Outcome {
    case again(RequestAttempt)
    case done(Result<APIResponse, TransportError>)
  }

  private func begin(
    _ waiting: Waiting, _ request: APIRequest, as user: UserCredentials,
    _ onResponse: (_ index: Int, _ result: Result<APIResponse, TransportError>) -> Void
  ) {
    do throws(TransportError) {
      var handle = try CurlHandle()
      try configure(&handle, for: request, as: user)
      multi.begin(CurlTransfer(waiting.index, waiting.attempt, handle, start: MonotonicClock.milliseconds))
    } catch {
      onResponse(waiting.index, .failure(error))
    }
  }

  private func trace(
    _ transfer: CurlTransfer, _ result: Result<CurlAnswer, TransportError>, _ request: APIRequest
  ) {
    options.onTrace?(
      TransportTrace(
        request, server, transfer.status > 0 ? .success(transfer.status) : result.map { _ in 0 },
        milliseconds: MonotonicClock.milliseconds - transfer.start
      ))
  }

  private func settle(
    _ transfer: CurlTransfer, _ result: Result<CurlAnswer, TransportError>, _ request: APIRequest
  ) -> Outcome {
    trace(transfer, result, request)
    switch result {
    case .success(let answer):
      let status = transfer.status
      let next = transfer.attempt.next(
        afterStatus: status, retryAfter: answer.header("retry-after"), now: MonotonicClock.milliseconds,
        atMost: options.longestDelaySeconds)
      if let next, next.notBefore < request.deadline ?? .max { return .again(next) }
      if (300..<400).contains(status), status != 304 {
        return .done(.failure(TransportError(.redirected(to: answer.header("location") ?? ""))))
      }
      return .done(.success(APIResponse(status: status, answer)))
    case .failure(let error):
      if let next = transfer.attempt.next(after: error, ofRead: request.isRead) { return .again(next) }
      return .done(.failure(error))
    }
  }

  // MARK: Options of a transfer

  private func configure(
    _ handle: inout CurlHandle, for request: APIRequest, as user: UserCredentials
  ) throws(TransportError) {
    try RequestText.check(request)
    try handle.set(CURLOPT_NOSIGNAL, 1)
    try handle.allowOnlyHTTP()
    try handle.set(CURLOPT_URL, server.url(for: request, as: configuration.tlsServerName))
    try handle.set(CURLOPT_FOLLOWLOCATION, 0)
    try handle.set(CURLOPT_USERAGENT, options.userAgent)
    try handle.set(CURLOPT_CONNECTTIMEOUT_MS, options.connectMilliseconds)
    try configureLimits(&handle, request)
    if !configuration.disablesCompression { try handle.set(CURLOPT_ACCEPT_ENCODING, "gzip") }
    let version = options.disablesHTTP2 ? CURL_HTTP_VERSION_1_1 : CURL_HTTP_VERSION_2TLS
    try handle.set(CURLOPT_HTTP_VERSION, Int(version))
    if !options.disablesHTTP2, server.isSecure { try handle.set(CURLOPT_PIPEWAIT, 1) }
    try configureRoute(&handle)
    try configureTrust(&handle, user)
    try configureMethod(&handle, request)
    try handle.set(CURLOPT_HTTPHEADER, list: headers(for: request, as: user))
    try handle.prepare(bodyLimit: options.bodyLimit)
  }

  private func configureLimits(_ handle: inout CurlHandle, _ request: APIRequest) throws(TransportError) {
    let own = configuration.timeoutMilliseconds > 0 ? configuration.timeoutMilliseconds : nil
    let left = request.deadline.map { max(1, $0 - MonotonicClock.milliseconds) }
    if let limit = [own, left].compactMap(\.self).min() { try handle.set(CURLOPT_TIMEOUT_MS, limit) }
    if own == nil {
      try handle.set(CURLOPT_LOW_SPEED_LIMIT, 1)
      try handle.set(CURLOPT_LOW_SPEED_TIME, options.stallSeconds)
    }
  }

  private func configureRoute(_ handle: inout CurlHandle) throws(TransportError) {
    // What libcurl would read from the environment by itself is not what Go programs make of it.
    try handle.set(CURLOPT_PROXY, proxy.url)
    try handle.set(CURLOPT_NOPROXY, "")
    if let name = configuration.tlsServerName {
      try handle.set(CURLOPT_CONNECT_TO, list: [server.connectTo(from: name)])
    }
  }

  private func configureTrust(_ handle: inout CurlHandle, _ user: UserCredentials) throws(TransportError) {
    try handle.set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
    try handle.set(CURLOPT_SSL_VERIFYPEER, configuration.skipsVerification ? 0 : 1)
    try handle.set(CURLOPT_SSL_VERIFYHOST, configuration.skipsVerification ? 0 : 2)
    if let authority = configuration.certificateAuthority, !configuration.skipsVerification {
      try handle.clear(CURLOPT_CAPATH)
      try handle.set(CURLOPT_CAINFO_BLOB, blob: authority)
    }
    if let certificate = user.certificate, server.isSecure {
      try handle.set(CURLOPT_SSLCERTTYPE, "PEM")
      try handle.set(CURLOPT_SSLCERT_BLOB, blob: certificate.certificate)
      try handle.set(CURLOPT_SSLKEYTYPE, "PEM")
      try handle.set(CURLOPT_SSLKEY_BLOB, blob: certificate.key.exposed)
    }
  }

  private func configureMethod(_ handle: inout CurlHandle, _ request: APIRequest) throws(TransportError) {
    if request.method == .get { return try handle.set(CURLOPT_HTTPGET, 1) }
    try handle.set(CURLOPT_POST, 1)
    try handle.set(CURLOPT_CUSTOMREQUEST, request.method.rawValue)
    try handle.set(body: request.body)
  }

  private func headers(for request: APIRequest, as user: UserCredentials) -> [String] {
    var headers = ["Accept: \(request.accept)", "Expect:"]
    // An empty value takes libcurl's own guess away.
    headers.append("Content-Type:\(request.contentType.map { " \($0)" } ?? "")")
    if configuration.tlsServerName != nil { headers.append("Host: \(server.authority)") }
    if server.isSecure || server.isLoopback { headers += user.headers }
    return headers + request.headers.map { "\($0.name): \($0.value)" }
  }
}

extension APIResponse {
  fileprivate init(status: Int, _ answer: CurlAnswer) {
    self.init(
      status: status, contentType: answer.header("content-type") ?? "",
      warnings: answer.headers("warning").flatMap(WarningHeader.texts), body: answer.body)
  }
}

/// libcurl's handles belong to one thread.
@available(*, unavailable)
extension CurlTransport: Sendable {}

/// One request as a log shows it: no header, no body, nothing secret.
public struct TransportTrace: Equatable, Sendable {
  /// The method.
  public let method: APIRequest.Method
  /// The URL.
  public let url: String
  /// The answer's status; nil where there was none.
  public let status: Int?
  /// How long it took.
  public let milliseconds: Int

  init(_ request: APIRequest, _ server: ServerAddress, _ status: Result<Int, TransportError>, milliseconds: Int) {
    method = request.method
    url = server.url(for: request, as: nil)
    self.status = try? status.get()
    self.milliseconds = milliseconds
  }
}

/// How often a request has been sent, and whether it is worth sending again.
///
/// client-go's rules: an answer 429 or 5xx is followed by another attempt only where `Retry-After` says when, ten
/// times at most; a lost connection only for reads, here once.
struct RequestAttempt: Equatable {
  /// How often an answer may put the request off.
  static let mostDelays = 10

  private(set) var delays = 0
  private(set) var lostConnections = 0
  /// The moment before which it is not sent, on a clock of milliseconds.
  private(set) var notBefore = 0

  /// The next attempt after an answer; nil where the answer is to be taken as it is.
  func next(afterStatus status: Int, retryAfter: String?, now: Int, atMost longest: Int = 86_400) -> RequestAttempt? {
    guard status == 429 || (500..<600).contains(status), delays < RequestAttempt.mostDelays,
      let seconds = retryAfter.flatMap({ Int($0) }), (0...longest).contains(seconds)
    else { return nil }
    var next = self
    next.delays += 1
    next.notBefore = now + seconds * 1000
    return next
  }

  /// The next attempt after a failure; nil where the failure is final.
  func next(after error: TransportError, ofRead isRead: Bool) -> RequestAttempt? {
    guard isRead, error.code == .transferFailed, lostConnections == 0 else { return nil }
    var next = self
    next.lostConnections += 1
    return next
  }
}
