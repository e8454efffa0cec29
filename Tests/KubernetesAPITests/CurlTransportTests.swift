import KubernetesAPI
import TestSupport
import Testing

/// What of the transport shows best without an API server; the rest is tested against one, in `Tests/Cluster`.
@Suite struct CurlTransportTests {
  private func answers(
    of server: WebServer, _ paths: [String], timeoutMilliseconds: Int = 0, stallSeconds: Int = 90
  ) throws -> [Result<APIResponse, TransportError>?] {
    var configuration = ClientConfiguration(server: server.address)
    configuration.timeoutMilliseconds = timeoutMilliseconds
    var options = CurlTransport.Options()
    options.stallSeconds = stallSeconds
    let transport = try CurlTransport(configuration, options)
    var answers = [Result<APIResponse, TransportError>?](repeating: nil, count: paths.count)
    transport.send(paths.map { APIRequest(.get, $0) }, as: UserCredentials()) { answers[$0] = $1 }
    return answers
  }

  private func code(_ answer: Result<APIResponse, TransportError>?) -> TransportError.Code? {
    guard case .failure(let error) = answer else { return nil }
    return error.code
  }

  @Test func answersStandWithTheirRequests() throws {
    let server = try WebServer(
      #"{"/slow": [{"delay": 0.5, "body": "slow"}], "/quick": [{"body": "quick"}], "/gone": [{"status": 410}]}"#)
    let answers = try answers(of: server, ["/slow", "/quick", "/gone"])
    let found = answers.map { answer -> String in
      guard case .success(let response) = answer else { return "none" }
      return "\(response.status) \(String(decoding: response.body, as: UTF8.self))"
    }
    #expect(found == ["200 slow", "200 quick", "410 "])
  }

  /// Where the other side is gone without a word, no limit of the user's is needed to notice.
  @Test func silence() throws {
    let server = try WebServer(#"{"/silent": [{"delay": 30}], "/slow": [{"delay": 2, "body": "slow"}]}"#)
    let answers = try answers(of: server, ["/silent", "/slow"], stallSeconds: 4)
    #expect(code(answers[0]) == .timedOut)
    #expect(code(answers[1]) == nil)
  }

  @Test func limitOfTheUsersOwn() throws {
    let server = try WebServer(#"{"/slow": [{"delay": 30}], "/later": [{"delay": 3, "body": "late"}]}"#)
    #expect(code(try answers(of: server, ["/slow"], timeoutMilliseconds: 300)[0]) == .timedOut)
    // Whoever allows more is not cut off sooner.
    #expect(code(try answers(of: server, ["/later"], timeoutMilliseconds: 60_000, stallSeconds: 1)[0]) == nil)
  }
}
