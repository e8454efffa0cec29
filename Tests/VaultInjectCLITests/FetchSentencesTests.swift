import KubernetesAPI
import Testing
import Output
import VaultInjectCLI

@Suite struct FetchSentencesTests {
  private static let cases: [(TransportError, String, Int32)] = [
    (
      TransportError(.libraryMissing, detail: "libcurl.so.4: cannot open shared object file"),
      """
      u: reading a URL needs libcurl, which cannot be opened (libcurl.so.4: cannot open shared object file)
        hint: install it (Debian, Ubuntu: apt-get install libcurl4; macOS: brew install curl), or download the \
      file yourself
      """, 69
    ),
    (
      TransportError(.invalidURL, detail: "URL using bad/illegal format"),
      "u: is not a URL (URL using bad/illegal format)\n  hint: a URL looks like https://example.org/app.yaml",
      64
    ),
    (TransportError(.unsupportedScheme), "u: leads to something other than http or https", 64),
    (
      TransportError(.hostNotFound, detail: "Could not resolve host: nowhere.invalid"),
      """
      u: the host name is unknown (Could not resolve host: nowhere.invalid)
        hint: check its spelling and the network connection
      """, 66
    ),
    (TransportError(.connectionFailed), "u: the server cannot be reached\n  hint: 3 attempts were made", 69),
    (TransportError(.timedOut), "u: the server took too long to answer\n  hint: 3 attempts were made", 69),
    (
      TransportError(.certificateNotTrusted),
      """
      u: the server's certificate is not trusted
        hint: if it is your own, name the file of its authority in SSL_CERT_FILE
      """, 69
    ),
    (
      TransportError(.tlsFailed),
      "u: no secure connection can be made\n  hint: the server may not speak TLS at this port", 69
    ),
    (TransportError(.tooManyRedirects), "u: the server redirects more than ten times", 69),
    (TransportError(.tooLarge), "u: the answer is longer than 512 MB, too long for a manifest", 65),
    (TransportError(.transferFailed), "u: the transfer broke off\n  hint: 3 attempts were made", 69),
  ]

  @Test(arguments: cases) func everyFailureHasASentence(
    _ error: TransportError, _ text: String, _ exitCode: Int32
  ) {
    let shown = Fault.notFetched(error, input: "u", attempts: 3)
    #expect(shown.description == text)
    #expect(Failure.exitCode(of: shown.kind) == exitCode)
  }

  @Test func secretsStayOutOfNames() {
    #expect(URLText.withoutSecrets("https://h/a/b.yaml") == "https://h/a/b.yaml")
    #expect(URLText.withoutSecrets("https://u:p@h/a") == "https://…@h/a")
    #expect(URLText.withoutSecrets("https://token@h") == "https://…@h")
    #expect(URLText.withoutSecrets("https://h/a@b?x=1&token=t") == "https://h/a@b?…")
    #expect(URLText.withoutSecrets("https://h?next=http://u:p@i/") == "https://h?…")
  }
}
