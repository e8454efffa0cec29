internal import Output
package import KubernetesAPI
internal import Platform
internal import Synchronization

extension ClusterConnection {
  /// Carries requests over libcurl, through the proxies the environment names.
  ///
  /// Requests that are under way when the user ends the run get a few seconds to be answered.
  @Sendable package static func transport(
    for configuration: ClientConfiguration
  ) throws(TransportError) -> any Transport {
    try CurlTransport(configuration, options())
  }

  /// What opens the way to a cluster, with each request shown or not.
  package static func opening(showingRequests: Bool) -> Opening { showingRequests ? shownTransport : transport }

  /// The same, and each request is shown on standard error once it has been answered.
  @Sendable private static func shownTransport(
    for configuration: ClientConfiguration
  ) throws(TransportError) -> any Transport {
    var options = options()
    options.onTrace = { FileDescriptor.standardError.show($0.line) }
    return try CurlTransport(configuration, options)
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
