/// What a log says of one request: no header, no body, nothing secret.
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
