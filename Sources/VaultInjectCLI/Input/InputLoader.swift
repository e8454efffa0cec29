package import Output
package import KubernetesAPI
internal import ManifestText
package import Platform

/// How each kind of input is read; the parts a test wants to replace are properties.
package struct InputLoader {
  package var standardInput = FileDescriptor.standardInput
  package var fetch = URLFetch.asTheEnvironmentSays
  package var kubectl = "kubectl"
  /// Tells the user something without which waiting would look like hanging, or a warning of another program's.
  package var note: (ShownText) -> Void = { FileDescriptor.standardError.show($0) }

  package init() {}

  /// A file under the name it was given.
  func source(_ path: String) throws(Fault) -> SourceText {
    SourceText(name: path, bytes: try file(path))
  }

  func file(_ path: String) throws(Fault) -> [UInt8] { try openFile(path).bytes }

  /// Every byte of a file, and its status from before the first of them was read.
  func openFile(_ path: String) throws(Fault) -> (bytes: [UInt8], status: FileStatus) {
    do throws(SystemError) {
      return try OpenFile.read(path)
    } catch .noSuchFile {
      throw Fault(.missing, input: path, .missingFile(path))
    } catch {
      throw .unreadable(error, input: path)
    }
  }

  func stream(_ name: String) throws(Fault) -> [UInt8] {
    if standardInput.isTerminal { note("Reading manifests from the terminal; Ctrl-D ends them.") }
    do throws(SystemError) {
      return try standardInput.readToEnd()
    } catch {
      throw .unreadable(error, input: name)
    }
  }

  func url(_ url: String, _ name: String) throws(Fault) -> [UInt8] {
    let bytes: [UInt8]
    do throws(TransportError) {
      bytes = try fetch.get(url)
    } catch {
      throw .notFetched(error, input: name, attempts: fetch.attempts)
    }
    guard !URLText.isWebPage(bytes) else { throw Fault(.refused, input: name, .webPage) }
    return bytes
  }

  func rendered(_ renderer: Renderer, _ name: String) throws(Fault) -> [UInt8] {
    let (output, words) = try renderer.run(named: name)
    if !words.isEmpty { note(ShownText(lines: words)) }
    return output
  }
}

extension URLFetch {
  /// Trusts what Go programs such as kubectl would trust, and leaves out the proxy where they would.
  static var asTheEnvironmentSays: URLFetch {
    var fetch = URLFetch()
    fetch.certificateFile = Environment.nonEmpty("SSL_CERT_FILE")
    fetch.certificateFolder = Environment.nonEmpty("SSL_CERT_DIR")
    fetch.proxies = ProxyEnvironment(Environment.value)
    return fetch
  }
}
