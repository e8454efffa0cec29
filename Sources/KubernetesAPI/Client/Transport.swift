/// What carries requests to the API server and answers back; the seam tests put a double in.
public protocol Transport {
  /// Carries requests, many at once, and gives each answer as it comes, with its request's index.
  ///
  /// Every request gets exactly one answer or error; when this returns, none is under way. Asked again is only a
  /// read whose connection was lost, and what the server itself puts off (`Retry-After`).
  mutating func send(
    _ requests: [APIRequest], as user: UserCredentials,
    onResponse: (_ index: Int, _ result: Result<APIResponse, TransportError>) -> Void)
}
