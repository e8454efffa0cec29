internal import CCurl

extension TransportError.Code {
  /// The kind of failure that libcurl's own code and words stand for.
  init(_ code: CURLcode, saying words: String) {
    switch code {
    case CURLE_URL_MALFORMAT: self = .invalidURL
    case CURLE_UNSUPPORTED_PROTOCOL: self = .unsupportedScheme
    case CURLE_COULDNT_RESOLVE_HOST: self = .hostNotFound
    case CURLE_COULDNT_RESOLVE_PROXY, CURLE_PROXY: self = .proxyFailed
    case CURLE_COULDNT_CONNECT: self = .connectionFailed
    case CURLE_OPERATION_TIMEDOUT: self = .timedOut
    case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ISSUER_ERROR:
      self = .init(distrust: words)
    case CURLE_SSL_CERTPROBLEM: self = .clientCertificateUnusable
    case CURLE_TOO_MANY_REDIRECTS: self = .tooManyRedirects
    case CURLE_FILESIZE_EXCEEDED: self = .tooLarge
    case _ where words.contains("from proxy after CONNECT"): self = .proxyFailed
    case _ where words.contains("alert") && (words.contains("certificate") || words.contains("unknown ca")):
      self = .clientCertificateRefused
    case CURLE_SSL_CONNECT_ERROR, CURLE_SSL_CIPHER: self = .tlsFailed
    default: self = .transferFailed
    }
  }

  /// OpenSSL's words tell the reasons apart that libcurl has one code for.
  private init(distrust words: String) {
    if words.contains("expired") || words.contains("not yet valid") {
      self = .certificateExpired
    } else if words.contains("subject name") || words.contains("does not match") {
      self = .certificateForOtherName
    } else {
      self = .certificateNotTrusted
    }
  }
}
