internal import CCurl

/// libcurl itself: opened and set up once, when the first handle is made.
package enum CurlLibrary {
  #if canImport(Darwin)
    static let name = "libcurl.4.dylib"
  #else
    static let name = "libcurl.so.4"
  #endif

  /// Why libcurl cannot be used; nil where it can.
  package static let openingFailure: String? = open(name) ?? setUp()

  /// Opens the library of this name; the reason where that fails.
  package static func open(_ name: String) -> String? {
    unsafe ccurl_open(name).map { unsafe String(cString: $0) }
  }

  private static func setUp() -> String? {
    let code = ccurl_global_init(Int(CURL_GLOBAL_DEFAULT))
    return code == CURLE_OK ? nil : unsafe String(cString: ccurl_easy_strerror(code))
  }
}
