import Testing
import TestSupport

import KubernetesAPI

@Suite struct URLFetchTests {
  /// Fetches at once and impatiently, as tests should.
  private var fetch: URLFetch {
    var fetch = URLFetch()
    fetch.pauseMilliseconds = 5
    return fetch
  }

  private func failure(_ fetch: URLFetch, _ url: String) -> TransportError? {
    do {
      _ = try fetch.get(url)
      return nil
    } catch {
      return error
    }
  }

  @Test func bodyOfAnOrdinaryAnswer() throws {
    let server = try WebServer(#"{"/app.yaml": [{"body": "a: 1\nü: 2\r\n"}]}"#)
    #expect(try fetch.get(server.address + "/app.yaml") == Array("a: 1\nü: 2\r\n".utf8))
    #expect(server.asked == ["/app.yaml"])
  }

  @Test func missingPageIsAskedForOnce() throws {
    let server = try WebServer("{}")
    #expect(failure(fetch, server.address + "/none")?.code == .status(404))
    #expect(server.asked == ["/none"])
  }

  @Test func faultsOfTheServerAreForgivenTwice() throws {
    let server = try WebServer(#"{"/a": [{"status": 500}, {"status": 503}, {"body": "ok"}]}"#)
    #expect(try fetch.get(server.address + "/a") == Array("ok".utf8))
    #expect(server.asked == ["/a", "/a", "/a"])
  }

  @Test func thirdFaultIsFinal() throws {
    let server = try WebServer(#"{"/a": [{"status": 502}]}"#)
    #expect(failure(fetch, server.address + "/a")?.code == .status(502))
    #expect(server.asked.count == 3)
  }

  @Test(arguments: [204, 301, 401, 403, 429]) func otherStatusIsFinal(_ status: Int) throws {
    let server = try WebServer(#"{"/a": [{"status": \#(status)}]}"#)
    #expect(failure(fetch, server.address + "/a")?.code == .status(status))
    #expect(server.asked.count == 1)
  }

  @Test func brokenTransferIsRepeatedFromTheStart() throws {
    let server = try WebServer(#"{"/a": [{"body": "half", "missing": 4}, {"body": "complete"}]}"#)
    #expect(try fetch.get(server.address + "/a") == Array("complete".utf8))
  }

  @Test(arguments: [301, 302, 303, 307, 308]) func redirectsAreFollowed(_ status: Int) throws {
    let server = try WebServer(
      #"{"/a": [{"status": \#(status), "headers": {"Location": "/b"}}], "/b": [{"body": "there"}]}"#)
    #expect(try fetch.get(server.address + "/a") == Array("there".utf8))
    #expect(server.asked == ["/a", "/b"])
  }

  @Test func endlessRedirectsEnd() throws {
    let server = try WebServer(#"{"/a": [{"status": 302, "headers": {"Location": "/a"}}]}"#)
    #expect(failure(fetch, server.address + "/a")?.code == .tooManyRedirects)
    #expect(server.asked.count == 11)
  }

  @Test func redirectsLeadNowhereButToTheWeb() throws {
    let server = try WebServer(
      #"{"/a": [{"status": 302, "headers": {"Location": "file:///etc/passwd"}}]}"#)
    #expect(failure(fetch, server.address + "/a")?.code == .unsupportedScheme)
    #expect(failure(fetch, "file:///etc/passwd")?.code == .unsupportedScheme)
  }

  @Test func nobodyListens() throws {
    let closed: String
    do { closed = try WebServer("{}").address }
    #expect(failure(fetch, closed + "/a")?.code == .connectionFailed)
  }

  @Test func hostWithoutAddress() {
    #expect(failure(fetch, "http://nowhere.invalid/a")?.code == .hostNotFound)
  }

  @Test(arguments: ["http://", "http://[::1", "http://a b/"]) func whatIsNoURL(_ text: String) {
    #expect(failure(fetch, text)?.code == .invalidURL)
  }

  @Test func silentServerIsGivenUp() throws {
    let server = try WebServer(#"{"/a": [{"delay": 20}]}"#)
    var fetch = fetch
    fetch.attempts = 1
    fetch.stallSeconds = 1
    #expect(failure(fetch, server.address + "/a")?.code == .timedOut)
  }

  @Test func longAnswerIsRefused() throws {
    let server = try WebServer(#"{"/a": [{"body": "0123456789", "times": 200}]}"#)
    var fetch = fetch
    fetch.bodyLimit = 1999
    #expect(failure(fetch, server.address + "/a")?.code == .tooLarge)
    #expect(server.asked.count == 1)
    fetch.bodyLimit = 2000
    #expect(try fetch.get(server.address + "/a").count == 2000)
  }

  @Test func certificateMustBeTrusted() throws {
    let folder = try TemporaryFolder()
    let certificate = try folder.selfSignedCertificate()
    let server = try WebServer(#"{"/a": [{"body": "secure"}]}"#, certificate: certificate)
    var fetch = fetch
    #expect(failure(fetch, server.address + "/a")?.code == .certificateNotTrusted)
    fetch.certificateFile = certificate
    #expect(try fetch.get(server.address + "/a") == Array("secure".utf8))
    let name = server.address.replacing("127.0.0.1", with: "localhost")
    #expect(failure(fetch, name + "/a")?.code == .certificateForOtherName)
  }

  @Test func plainServerIsNoSecureOne() throws {
    let server = try WebServer("{}")
    #expect(failure(fetch, server.address.replacing("http:", with: "https:") + "/a")?.code == .tlsFailed)
  }

  @Test func missingLibraryIsNamed() {
    let reason = CurlLibrary.open("libcurl-that-is-not-there.so.4")
    #expect(reason?.contains("libcurl-that-is-not-there.so.4") == true)
    #expect(CurlLibrary.openingFailure == nil)
  }
}
