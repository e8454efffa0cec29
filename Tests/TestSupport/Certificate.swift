import Foundation

extension TemporaryFolder {
  /// Makes a certificate for 127.0.0.1 that is its own authority; the file holds its key as well.
  public func selfSignedCertificate() throws -> String {
    let file = path("certificate.pem")
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [
      "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
      "-days", "1",
      "-subj", "/CN=test", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", file, "-out",
      path("only.pem"),
    ]
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    let both =
      try String(contentsOfFile: file, encoding: .utf8)
      + String(contentsOfFile: path("only.pem"), encoding: .utf8)
    return try write("certificate.pem", both)
  }
}
