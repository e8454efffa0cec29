import Foundation

/// A web server on loopback for one test, driven by a table of answers.
///
/// A path's answers are given one after the other; the last one stays. What was asked is kept in order.
public final class WebServer {
  private let process = Process()
  private let folder: TemporaryFolder

  /// Where it listens, such as `http://127.0.0.1:40123`.
  public let address: String

  /// Starts a server; with a certificate and key in one PEM file it speaks TLS.
  ///
  /// The table is JSON: `{"/path": [{"status": 200, "headers": {}, "body": "…", "delay": 0}]}`.
  public init(_ answers: String, certificate: String? = nil) throws {
    folder = try TemporaryFolder()
    let script = try folder.write("server.py", Self.script)
    let table = try folder.write("answers.json", answers)
    let output = Pipe()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3", script, table, folder.path("asked"), certificate ?? ""]
    process.standardOutput = output
    try process.run()
    let line = output.fileHandleForReading.availableData
    let port = String(decoding: line, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    address = "\(certificate == nil ? "http" : "https")://127.0.0.1:\(port)"
  }

  deinit {
    // Not SIGTERM: threads that run tests block it, and a child inherits that.
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
  }

  /// The paths that were asked for, in order.
  public var asked: [String] {
    guard let text = try? String(contentsOfFile: folder.path("asked"), encoding: .utf8) else { return [] }
    return text.split(separator: "\n").map(String.init)
  }

  private static let script = #"""
    import http.server, json, ssl, sys, time

    answers = json.load(open(sys.argv[1]))

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            with open(sys.argv[2], "a") as asked:
                asked.write(self.path + "\n")
            queue = answers.get(self.path, [{"status": 404}])
            answer = queue.pop(0) if len(queue) > 1 else queue[0]
            time.sleep(answer.get("delay", 0))
            body = (answer.get("body", "") * answer.get("times", 1)).encode()
            self.send_response(answer.get("status", 200))
            for name, value in answer.get("headers", {}).items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body) + answer.get("missing", 0)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

        def handle(self):
            try:
                super().handle()
            except OSError:
                pass

    class Server(http.server.ThreadingHTTPServer):
        def handle_error(self, *_):
            pass

    server = Server(("127.0.0.1", 0), Handler)
    if sys.argv[3]:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(sys.argv[3])
        server.socket = context.wrap_socket(server.socket, server_side=True)
    print(server.server_port, flush=True)
    server.serve_forever()
    """#
}
