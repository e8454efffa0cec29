import KubernetesAPI
import Synchronization
import Testing

import Cluster
import ClusterTestSupport

@Suite struct ClusterConnectionTests {
  /// Gives another token each time it is asked after a refusal.
  private final class Tokens: CredentialSource {
    let tokens: [String]
    let asked = Mutex<[Bool]>([])
    init(_ tokens: String...) { self.tokens = tokens }

    func credentials(
      for configuration: ClientConfiguration, afterRejection: Bool
    ) throws(CredentialError) -> UserCredentials {
      let refusals = asked.withLock { asked in
        asked.append(afterRejection)
        return asked.count { $0 }
      }
      guard refusals < tokens.count else { throw CredentialError("no more tokens") }
      var user = configuration.user
      user.token = Secret(tokens[refusals])
      return user
    }
  }

  private func configuration(_ source: Tokens?) -> ClientConfiguration {
    var configuration = ClientConfiguration(server: "https://a")
    configuration.user.source = source
    return configuration
  }

  private let requests = ["/a", "/b", "/c"].map { APIRequest(.get, $0) }

  @Test func refusedRequestsAreSentOnceMoreWithNewCredentials() {
    let transport = TransportDouble { request, user in
      let isRefused = request.path == "/b" && user.token == Secret("old")
      return .success(
        isRefused ? .status(401, "Unauthorized", "Unauthorized") : APIResponse(status: 200, body: Array("{}".utf8)))
    }
    let source = Tokens("old", "new")
    var connection = ClusterConnection(configuration(source), over: transport)
    let answers = connection.send(requests)
    #expect(answers.map { try? $0.get().status } == [200, 200, 200])
    #expect(transport.asked.withLock { $0 } == ["GET /c", "GET /b", "GET /a", "GET /b"])
    #expect(source.asked.withLock { $0 } == [false, true])
    #expect(connection.failure == nil)
  }

  @Test func refusedAgainIsFinal() {
    let transport = TransportDouble { _ in .status(401, "Unauthorized", "Unauthorized") }
    var connection = ClusterConnection(configuration(Tokens("a", "b")), over: transport)
    _ = connection.send(requests)
    #expect(transport.asked.withLock { $0.count } == 6)
    #expect(connection.failure == .unauthorized("Unauthorized"))
    var anonymous = ClusterConnection(configuration(nil), over: transport)
    _ = anonymous.send(requests)
    #expect(transport.asked.withLock { $0.count } == 9)
    #expect(anonymous.failure == .unauthorized("Unauthorized"))
  }

  @Test func noCredentialsNoRequest() {
    let transport = TransportDouble { _ in APIResponse(status: 200, body: Array("{}".utf8)) }
    var connection = ClusterConnection(configuration(Tokens()), over: transport)
    _ = connection.send(requests)
    #expect(transport.asked.withLock { $0.isEmpty })
    #expect(connection.failure == .credentials(CredentialError("no more tokens")))
  }

  @Test func warningsAreTakenOnce() {
    let transport = TransportDouble { request in
      APIResponse(status: 200, warnings: request.path == "/a" ? ["x", "y"] : ["x"], body: Array("{}".utf8))
    }
    var connection = ClusterConnection(configuration(nil), over: transport)
    _ = connection.send(requests)
    #expect(connection.takeWarnings() == ["x", "y"])
    _ = connection.send(requests)
    #expect(connection.takeWarnings() == [])
  }

  @Test func failureSentencesNameServerContextAndProxy() {
    var configuration = configuration(nil)
    configuration.context = "prod"
    configuration.proxy = "http://me:secret@proxy:1"
    func text(_ failure: ClusterFailure) -> String {
      let diagnostic = failure.diagnostic(configuration)
      return "\(diagnostic.message)\n\(diagnostic.hint ?? "")"
    }
    #expect(
      text(.transport(TransportError(.connectionFailed, detail: "refused"))) == """
        nothing answers at the API server's address https://a through the proxy http://…@proxy:1
        check that the cluster runs, and the address and port in the context `prod`
        """)
    #expect(
      text(.transport(TransportError(.hostNotFound))) == """
        the name of the API server https://a through the proxy http://…@proxy:1 is unknown
        check the address in the context `prod`, and the network or VPN it is reached by
        """)
    #expect(
      text(.transport(TransportError(.timedOut))) == """
        the API server https://a through the proxy http://…@proxy:1 took too long to answer
        check the network or VPN, or give it more time with --request-timeout
        """)
    #expect(
      text(.unauthorized("Unauthorized")) == """
        the API server at https://a does not take these credentials (Unauthorized)
        log in again, or choose another user or context; kubectl auth whoami tells who you are to it
        """)
    configuration.certificateAuthority = [1]
    #expect(
      text(.transport(TransportError(.certificateNotTrusted))) == """
        the certificate of https://a is not to be trusted
        it has to be issued by the certificate authority of the kubeconfig; --certificate-authority names another
        """)
  }
}
