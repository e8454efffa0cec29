internal import CCurl
internal import LibC

/// Gets what an http or https URL names, the way kubectl does for `-f URL`.
///
/// It asks up to three times, a second apart, where the transport breaks or the server answers 5xx; it follows
/// ten redirects as Go's client does, and accepts nothing but the status 200.
public struct URLFetch: Sendable {
  /// How often to ask before giving up.
  public var attempts = 3
  /// How long to wait before asking again.
  public var pauseMilliseconds = 1000
  /// How long connecting may take.
  public var connectMilliseconds = 30_000
  /// How long the server may send nothing at all.
  public var stallSeconds = 60
  /// The longest body that is accepted.
  public var bodyLimit = 512 << 20
  /// What Go reads from `SSL_CERT_FILE`: the certificates to trust instead of the system's; nil for those.
  public var certificateFile: String?
  /// What Go reads from `SSL_CERT_DIR`; nil for the system's.
  public var certificateFolder: String?
  /// The proxies the environment names.
  public var proxies = ProxyEnvironment()

  /// Fetches with the limits of a manifest.
  public init() {}

  /// The bytes the URL names.
  ///
  /// - Throws: the last attempt's failure; `status` where the server answered with anything but 200.
  public func get(_ url: String) throws(TransportError) -> [UInt8] {
    SecretsInUse.note(url: url)
    var handle = try CurlHandle()
    try configure(&handle, for: url)
    for _ in 1..<max(attempts, 1) {
      do throws(TransportError) {
        return try ask(&handle)
      } catch {
        guard error.isWorthRetrying else { throw error }
        wait()
      }
    }
    return try ask(&handle)
  }

  private func ask(_ handle: inout CurlHandle) throws(TransportError) -> [UInt8] {
    let body = try handle.perform(bodyLimit: bodyLimit)
    let status = handle.status()
    guard status == 200 else { throw TransportError(.status(status)) }
    return body
  }

  private func configure(_ handle: inout CurlHandle, for url: String) throws(TransportError) {
    try handle.set(CURLOPT_URL, url)
    try handle.allowOnlyHTTP()
    try handle.set(CURLOPT_NOSIGNAL, 1)
    try handle.set(CURLOPT_FOLLOWLOCATION, 1)
    try handle.set(CURLOPT_MAXREDIRS, 10)
    try handle.set(CURLOPT_USERAGENT, "kubectl-vault-inject")
    // Empty stands for every encoding this libcurl can undo.
    try handle.set(CURLOPT_ACCEPT_ENCODING, "")
    try handle.set(CURLOPT_CONNECTTIMEOUT_MS, connectMilliseconds)
    try handle.set(CURLOPT_LOW_SPEED_LIMIT, 1)
    try handle.set(CURLOPT_LOW_SPEED_TIME, stallSeconds)
    try configureTrust(&handle)
    if let server = ServerAddress(url) {
      try handle.set(CURLOPT_PROXY, try ProxyChoice(for: server, named: nil, proxies).url)
      try handle.set(CURLOPT_NOPROXY, "")
    }
  }

  private func configureTrust(_ handle: inout CurlHandle) throws(TransportError) {
    try handle.set(CURLOPT_SSL_VERIFYPEER, 1)
    try handle.set(CURLOPT_SSL_VERIFYHOST, 2)
    if let certificateFile { try handle.set(CURLOPT_CAINFO, certificateFile) }
    if let certificateFolder { try handle.set(CURLOPT_CAPATH, certificateFolder) }
  }

  private func wait() {
    // A microsecond short of a second, the most POSIX lets usleep take.
    for milliseconds in stride(from: pauseMilliseconds, to: 0, by: -999) {
      _ = usleep(UInt32(min(milliseconds, 999) * 1000))
    }
  }
}
