/// Carries requests to the API server and answers back; tests replace it by a double.
public protocol Transport {
  /// Carries requests, many at once, and gives each answer as it comes, with its request's index.
  ///
  /// Every request gets exactly one answer or error; when this returns, none is pending. The only requests that are
  /// repeated are reads whose connection was lost, and those that the server itself defers (`Retry-After`).
  mutating func send(
    _ requests: [APIRequest], as user: UserCredentials,
    onResponse: (_ index: Int, _ result: Result<APIResponse, TransportError>) -> Void)

  /// Carries requests whose answers go on and on, such as watches, and hands over each line as it comes.
  ///
  /// Ends when an answer does, and as soon as `goesOn` says no, which is asked several times a second; nothing is
  /// repeated. False where an answer was no success, or broke off.
  mutating func follow(
    _ requests: [APIRequest], as user: UserCredentials, onLine: (_ index: Int, _ line: [UInt8]) -> Void,
    while goesOn: () -> Bool
  ) -> Bool
}

extension Transport {
  /// What carries whole answers alone follows none.
  public mutating func follow(
    _ requests: [APIRequest], as user: UserCredentials, onLine: (_ index: Int, _ line: [UInt8]) -> Void,
    while goesOn: () -> Bool
  ) -> Bool { false }
}

/// Why a request failed, or what the server answered instead of the wanted content.
///
/// It contains facts only; the sentence is written where it is shown.
public struct TransportError: Error, Equatable, Sendable {
  /// What went wrong, as far as a program can tell kinds apart.
  public enum Code: Equatable, Sendable {
    /// libcurl is not installed or could not be opened.
    case libraryMissing
    /// The URL is not one.
    case invalidURL
    /// The URL, or a redirect, asks for something other than http or https.
    case unsupportedScheme
    /// A part of the request holds what cannot stand there; nothing was sent.
    case unsendable
    /// The host's name, or the proxy's, has no address.
    case hostNotFound
    /// Nothing listens there, or there is no route.
    case connectionFailed
    /// The server took too long to connect or to send.
    case timedOut
    /// The server's certificate is not one to trust.
    case certificateNotTrusted
    /// The server's certificate is out of date, or not yet valid.
    case certificateExpired
    /// The server's certificate is for other names than the one that was asked for.
    case certificateForOtherName
    /// The server does not take the client's certificate, or wants one.
    case clientCertificateRefused
    /// The client's certificate or key cannot be used.
    case clientCertificateUnusable
    /// TLS could not be agreed on for another reason.
    case tlsFailed
    /// The proxy cannot be reached, or refuses.
    case proxyFailed
    /// The server redirects to another address, to which credentials are not sent.
    case redirected(to: String)
    /// The user ended the run before the answer came.
    case cancelled
    /// More redirects than are followed.
    case tooManyRedirects
    /// The answer is longer than is accepted.
    case tooLarge
    /// The server answered with this status instead of 200.
    case status(Int)
    /// The connection broke, or another failure of the transfer.
    case transferFailed
  }

  /// The kind of failure.
  public let code: Code
  /// What libcurl or the loader says about it; may be empty.
  public let detail: String

  /// Puts a failure together.
  public init(_ code: Code, detail: String = "") {
    self.code = code
    self.detail = detail
  }
}

extension TransportError {
  /// Whether a repeated request could succeed: kubectl repeats one after a broken transport or a 5xx answer.
  ///
  /// Failures that depend on nothing but the request or on a certificate are final.
  var isWorthRetrying: Bool {
    switch code {
    case .hostNotFound, .connectionFailed, .timedOut, .tlsFailed, .transferFailed: true
    case .status(let status): (500..<600).contains(status)
    case .libraryMissing, .invalidURL, .unsupportedScheme, .unsendable, .certificateNotTrusted, .certificateExpired,
      .certificateForOtherName, .clientCertificateRefused, .clientCertificateUnusable, .proxyFailed, .redirected,
      .cancelled, .tooManyRedirects, .tooLarge:
      false
    }
  }
}
