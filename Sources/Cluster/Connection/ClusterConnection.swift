package import KubernetesAPI
internal import ManifestText
internal import Output
internal import Platform
internal import Synchronization

/// An open connection to a cluster: takes requests and gives their answers in order.
package struct ClusterConnection {
  /// An answer, or why there is none.
  package typealias Answer = Result<APIResponse, ClusterFailure>

  /// What opens a connection.
  package typealias Opening = @Sendable (ClientConfiguration) throws(TransportError) -> any Transport

  /// How many requests are pending before interrupts are looked for.
  fileprivate static let batchSize = 200

  /// The address of the cluster, and the user's credentials.
  package let configuration: ClientConfiguration
  private var transport: any Transport
  /// The server's warnings, each once, in order, that have not been taken yet.
  private var warnings: [String] = []
  private var knownWarnings: Set<String> = []
  /// Why no more requests can be sent; nil where all is well.
  package private(set) var failure: ClusterFailure?

  /// A connection with this configuration over this transport.
  package init(_ configuration: ClientConfiguration, over transport: any Transport) {
    self.configuration = configuration
    self.transport = transport
  }

  /// Connects to a cluster; nothing is sent yet.
  package init(_ configuration: ClientConfiguration, _ open: Opening) throws(ClusterFailure) {
    do throws(TransportError) {
      self.init(configuration, over: try open(configuration))
    } catch {
      throw .transport(error)
    }
  }

  /// Sends requests, many at once; the answers stand in the order of the requests.
  ///
  /// Where the server does not take the credentials and others can be had, those requests are sent once more.
  package mutating func send(_ requests: [APIRequest]) -> [Answer] {
    if requests.isEmpty { return [] }
    var answers = [Answer](repeating: .failure(.transport(TransportError(.transferFailed))), count: requests.count)
    send(Array(requests.indices), of: requests, afterRejection: false, into: &answers)
    if configuration.user.source != nil, answers.contains(where: \.isRejection) {
      send(rejected(requests, answers), of: requests, afterRejection: true, into: &answers)
    }
    for answer in answers { note(answer) }
    return answers
  }

  /// Sends one request.
  package mutating func send(_ request: APIRequest) throws(ClusterFailure) -> APIResponse {
    guard let answer = send([request]).first else { throw .transport(TransportError(.transferFailed)) }
    return try answer.get()
  }

  private mutating func send(
    _ indices: [Int], of requests: [APIRequest], afterRejection: Bool, into answers: inout [Answer]
  ) {
    let user: UserCredentials
    do throws(CredentialError) {
      user =
        try configuration.user.source?.credentials(for: configuration, afterRejection: afterRejection)
        ?? configuration.user
    } catch {
      for index in indices { answers[index] = .failure(.credentials(error)) }
      return
    }
    transport.send(indices.map { requests[$0] }, as: user) { place, result in
      answers[indices[place]] = Answer(result, ofText: requests[indices[place]].accept == APIRequest.text)
    }
  }

  /// Watches objects, and hands over the state of each whenever it changes; false where that is not possible, or not
  /// any more.
  ///
  /// What fails here is not the end of the connection: whoever watches can ask as well.
  mutating func watch(
    _ requests: [APIRequest], each: (_ index: Int, _ event: WatchEvent) -> Void, while goesOn: () -> Bool
  ) -> Bool {
    guard
      let user = try? configuration.user.source?.credentials(for: configuration, afterRejection: false)
        ?? configuration.user
    else { return false }
    var isBroken = false
    let isDone = transport.follow(requests, as: user) { index, line in
      guard let event = WatchEvent(line) else { return isBroken = true }
      each(index, event)
    } while: {
      !isBroken && goesOn()
    }
    return isDone && !isBroken
  }

  /// The requests that the server refused as unauthorized, and those lost with the connection, which it closes in that
  /// case.
  private func rejected(_ requests: [APIRequest], _ answers: [Answer]) -> [Int] {
    answers.indices.filter { index in
      answers[index].isRejection || answers[index].isLost && requests[index].isRepeatable
    }
  }

  private mutating func note(_ answer: Answer) {
    switch answer {
    case .success(let response):
      for text in response.warnings where knownWarnings.insert(text).inserted { warnings.append(text) }
    case .failure(let failure): self.failure = self.failure ?? failure
    }
  }

  /// Allows more requests, after those that were lost were sent again and answered.
  package mutating func recover() { failure = nil }

  /// The warnings that came since the last time, each of them once in a connection's life.
  package mutating func takeWarnings() -> [String] {
    defer { warnings = [] }
    return warnings
  }
}

extension RandomAccessCollection where Index == Int {
  /// The elements in batches of as many as requests are sent for at once, before interrupts are looked for.
  var batches: some Sequence<SubSequence> {
    stride(from: startIndex, to: endIndex, by: ClusterConnection.batchSize).lazy.map { start in
      self[start..<Swift.min(start + ClusterConnection.batchSize, endIndex)]
    }
  }
}

extension ClusterConnection.Answer {
  /// What came back, where refused credentials are a failure that concerns every request.
  fileprivate init(_ result: Result<APIResponse, TransportError>, ofText isText: Bool) {
    switch result {
    case .success(let response) where response.status == 401:
      let words = APIStatus(response)?.message ?? ""
      self = .failure(.unauthorized(words.isEmpty ? "Unauthorized" : words))
    case .success(let response) where response.status == 400 && response.saysThatTLSIsSpoken:
      self = .failure(.speaksTLS)
    case .success(let response) where response.isSuccess && !isText && !response.isWholeObject:
      self = .failure(.transport(TransportError(.transferFailed, detail: "the answer is not JSON, or cut short")))
    case .success(let response): self = .success(response)
    case .failure(let error): self = .failure(.transport(error))
    }
  }

  fileprivate var isRejection: Bool {
    guard case .failure(.unauthorized) = self else { return false }
    return true
  }

  fileprivate var isLost: Bool {
    guard case .failure(.transport(let error)) = self else { return false }
    return error.code == .transferFailed
  }
}

/// A change of an object, as a watch tells it.
struct WatchEvent: Equatable {
  /// The object; of one that was deleted, as it was last.
  let object: Value
  let isDeletion: Bool

  /// Reads a line of a watch; nil where it is none about an object, such as that the watch is too old.
  init?(_ line: [UInt8]) {
    guard let event = Value(json: line), let type = event["type"]?.string, let object = event["object"],
      ["ADDED", "MODIFIED", "DELETED"].contains(type)
    else { return nil }
    (self.object, isDeletion) = (object, type == "DELETED")
  }
}

extension APIResponse {
  /// What Go's servers, and so API servers, answer to a request without TLS at a port with it.
  fileprivate var saysThatTLSIsSpoken: Bool {
    body.starts(with: Array("Client sent an HTTP request to an HTTPS server".utf8))
  }
}

extension ClusterConnection {
  /// Carries requests over libcurl, through the proxies the environment names.
  ///
  /// Requests that are under way when the user ends the run get a few seconds to be answered.
  @Sendable package static func transport(
    for configuration: ClientConfiguration
  ) throws(TransportError) -> any Transport {
    try CurlTransport(configuration, options())
  }

  /// How a connection to a cluster is opened, with each request shown on standard error, once it has been answered, or
  /// not; and with options that differ from those for API servers.
  package static func opening(
    showingRequests: Bool, _ change: @escaping @Sendable (inout CurlTransport.Options) -> Void = { _ in }
  ) -> Opening {
    { (configuration) throws(TransportError) in
      var options = options()
      if showingRequests { options.onTrace = { FileDescriptor.standardError.show($0.line) } }
      change(&options)
      return try CurlTransport(configuration, options)
    }
  }

  private static func options() -> CurlTransport.Options {
    let patience = Patience(milliseconds: 5000)
    var options = CurlTransport.Options()
    options.userAgent = "kubectl-vault_inject/\(Version.number) (\(PlatformName.current))"
    options.disablesHTTP2 = Environment.nonEmpty("DISABLE_HTTP2") != nil
    options.proxies = ProxyEnvironment(Environment.value)
    options.isCancelled = { TerminationSignals.isPending && patience.isOver }
    return options
  }
}

extension TransportTrace {
  /// One line for people; a request's URL holds nothing secret.
  fileprivate var line: ShownText {
    "\(method.rawValue) \(url): \(status.map { "\($0)" } ?? "no answer") in \(milliseconds) ms"
  }
}

/// How long to wait for something after it was first asked about.
private final class Patience: Sendable {
  private let milliseconds: Int
  private let start = Mutex<Int?>(nil)

  init(milliseconds: Int) { self.milliseconds = milliseconds }

  var isOver: Bool {
    let now = MonotonicClock.milliseconds
    return start.withLock { start in
      let first = start ?? now
      start = first
      return now - first >= milliseconds
    }
  }
}

extension ClusterConnection {
  /// Discovers the resources of the cluster: all at once where it supports that, else version by version.
  package mutating func discover(_ wanted: [Discovery.Wanted]) -> Discovery {
    var discovery = Discovery()
    for case .success(let response) in send(Discovery.roots(wanted)) { discovery.take(root: response) }
    let missing = discovery.unanswered(wanted)
    for (version, answer) in zip(missing, send(missing.map { APIRequest(.get, $0.path) })) {
      if case .success(let response) = answer { discovery.take(version, response) }
    }
    return discovery
  }
}

extension Report {
  /// Reports why a run was stopped before its end; does nothing where it was not.
  mutating func end(_ connection: ClusterConnection) {
    let wasGivenUp = connection.failure?.isCancellation == true
    if let failure = connection.failure, !wasGivenUp {
      fail(.unavailable, failure.diagnostic(connection.configuration))
    }
    if TerminationSignals.isPending || wasGivenUp { fail(.unavailable, .interruptedRequests(wasGivenUp: wasGivenUp)) }
  }
}

extension Diagnostic {
  fileprivate static func interruptedRequests(wasGivenUp: Bool) -> Diagnostic {
    Diagnostic(
      rule: .interrupted,
      message: wasGivenUp
        ? "interrupted, and some of what was under way was not answered in time"
        : "interrupted after everything that was under way had been answered",
      hint: "running the command again is safe: what is there already stays as it is")
  }
}
