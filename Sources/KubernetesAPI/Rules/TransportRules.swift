package import ManifestText

/// Why a request to a server gives no answer.
extension Rule {
  package static let transport = [
    libcurlMissing, hostNotFound, notConnected, timedOut, certificateNotTrusted, certificateExpired, certificateName,
    clientCertificate, proxyFailed, tlsFailed, invalidURL, unsendable, httpStatus, redirect, transferFailed,
    tooManyRedirects,
  ]

  package static let libcurlMissing = Rule(
    fault: "libcurl-missing", "libcurl cannot be opened.",
    "Requests are made with it; everything that needs no network works without.")
  package static let hostNotFound = Rule(
    fault: "host-not-found", "A host name is unknown.",
    "The server cannot be reached.")
  package static let notConnected = Rule(
    fault: "not-connected", "Nothing answers at a server's address.",
    "It may be down, or not be reachable from here.")
  package static let timedOut = Rule(
    fault: "timed-out", "A server took too long to answer.",
    "What it did meanwhile is not known.")
  package static let certificateNotTrusted = Rule(
    fault: "certificate-not-trusted", "A server's certificate is not signed by a trusted authority.",
    "Somebody else may answer in its place.")
  package static let certificateExpired = Rule(
    fault: "certificate-expired", "A server's certificate has expired, or is not valid yet.",
    "It proves nothing then.")
  package static let certificateName = Rule(
    fault: "certificate-name", "A server's certificate is for another name.",
    "Somebody else may answer in its place.")
  package static let clientCertificate = Rule(
    fault: "client-certificate", "The client certificate is refused, or cannot be used.",
    "The server does not know who asks.")
  package static let proxyFailed = Rule(
    fault: "proxy-failed", "A proxy refuses, or cannot be reached.",
    "The request did not get to the server.")
  package static let tlsFailed = Rule(
    fault: "tls-failed", "No secure connection can be made.",
    "Something other than TLS may answer.")
  package static let invalidURL = Rule(
    fault: "invalid-url", "A text is not a URL that can be asked.",
    "Only http and https are supported.")
  package static let unsendable = Rule(
    fault: "unsendable", "A request would hold characters that no request may hold.",
    "They could be read as another request.")
  package static let httpStatus = Rule(
    fault: "http-status", "A server answered with an unexpected status.",
    "A proxy in between may answer in its place.")
  package static let redirect = Rule(
    fault: "redirect", "A server sends on to another address.",
    "Credentials do not follow.")
  package static let transferFailed = Rule(
    fault: "transfer-failed", "A connection broke off.",
    "What the server did meanwhile is not known.")
  package static let tooManyRedirects = Rule(
    fault: "too-many-redirects", "A server redirects more than ten times.",
    "It would lead around for ever.")
}
