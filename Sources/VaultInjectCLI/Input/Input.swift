package import KubernetesAPI
package import ManifestText
package import Output
package import Platform

/// One place that manifests come from; nothing is read before `load`.
package struct Input: Sendable {
  /// Where the bytes are.
  enum Origin: Sendable {
    case file
    /// A pipe or a device, which can be read once, and has no content that could be replaced.
    case stream
    case standardInput
    case url(String)
    case kustomization(String)
    case chart(HelmChart)
    /// Read already.
    case text(SourceText)
    /// Found to be unusable while the command line was resolved; loading says why.
    case unusable(Fault)
  }

  /// What the user knows it by: the path as typed, the URL, `<stdin>`, `kustomize:DIR`, `helm:.`.
  package let name: String
  let origin: Origin

  static func file(_ path: String) -> Input { Input(name: path, origin: .file) }
  static func stream(_ path: String) -> Input { Input(name: path, origin: .stream) }
  static let standardInput = Input(name: ReportPlaces.standardInput, origin: .standardInput)
  static func url(_ url: String) -> Input {
    SecretsInUse.note(url: url)
    return Input(name: URLText.withoutSecrets(url), origin: .url(url))
  }
  static func kustomization(_ folder: String) -> Input {
    Input(name: "kustomize:\(folder)", origin: .kustomization(folder))
  }
  static func chart(_ chart: HelmChart) -> Input { Input(name: "helm:.", origin: .chart(chart)) }
  static func text(_ source: SourceText) -> Input { Input(name: source.name, origin: .text(source)) }
  static func unusable(_ name: String, _ error: Fault) -> Input {
    Input(name: name, origin: .unusable(error))
  }

  /// Where it is, as far as that decides about its configuration.
  var place: InputPlace {
    switch origin {
    case .file, .stream: .file(name)
    case .kustomization(let folder): .folder(folder)
    case .standardInput, .url, .chart, .text, .unusable: .workingFolder
    }
  }

  /// Whether there is nothing to be read here, as loading will say.
  var isUnusable: Bool { if case .unusable = origin { true } else { false } }

  /// Whether what was named does not exist, as loading will say.
  var isMissing: Bool {
    if case .unusable(let error) = origin { error.kind == .missing } else { false }
  }

  /// The path of an input that can be written back to; nil for everything that is not a file.
  package var path: String? {
    guard case .file = origin else { return nil }
    return name
  }

  /// Reads the whole input.
  ///
  /// - Throws: what is to be said about an input that cannot be had.
  package func load() throws(Fault) -> SourceText {
    try load(with: InputLoader())
  }

  /// Reads the whole input in the way the loader says.
  package func load(with loader: InputLoader) throws(Fault) -> SourceText { try loaded(with: loader).source }

  /// Reads the whole input, and keeps what it was read from.
  func loaded(with loader: InputLoader = InputLoader()) throws(Fault) -> LoadedInput {
    let bytes: [UInt8]
    var status: FileStatus?
    switch origin {
    case .file: (bytes, status) = try loader.openFile(name)
    case .stream: bytes = try loader.file(name)
    case .standardInput: bytes = try loader.stream(name)
    case .url(let url): bytes = try loader.url(url, name)
    case .kustomization(let folder): bytes = try loader.rendered(.kustomize(folder, with: loader.kubectl), name)
    case .chart(let chart): bytes = try loader.rendered(chart.renderer, name)
    case .text(let source): bytes = source.bytes
    case .unusable(let error): throw error
    }
    return LoadedInput(source: SourceText(name: name, bytes: bytes), status: status)
  }

  /// Reads a file that is smaller than this; nil for a larger one, and for what is no file.
  func loadedFile(below size: Int) throws(Fault) -> LoadedInput? {
    guard case .file = origin, let (bytes, status) = try InputLoader().openFile(name, below: size) else { return nil }
    return LoadedInput(source: SourceText(name: name, bytes: bytes), status: status)
  }
}

/// An input that has been read.
struct LoadedInput: Sendable {
  let source: SourceText
  /// What the system knew of the file before it was read; nil for everything that is not a file.
  let status: FileStatus?
}

/// How each kind of input is read; the parts a test wants to replace are properties.
package struct InputLoader {
  package var standardInput = FileDescriptor.standardInput
  package var fetch = URLFetch.asTheEnvironmentSays
  package var kubectl = "kubectl"
  /// Shows the user why a run waits, or a warning of another program.
  package var note: (ShownText) -> Void = { FileDescriptor.standardError.show($0) }

  package init() {}

  /// A file under the name it was given.
  func source(_ path: String) throws(Fault) -> SourceText {
    SourceText(name: path, bytes: try file(path))
  }

  func file(_ path: String) throws(Fault) -> [UInt8] { try openFile(path).bytes }

  /// Every byte of a file, and its status from before the first of them was read.
  func openFile(_ path: String) throws(Fault) -> (bytes: [UInt8], status: FileStatus) {
    try naming(path) { () throws(SystemError) in try OpenFile.read(path) }
  }

  /// The same of a file that is smaller than this; nil for any other.
  func openFile(_ path: String, below size: Int) throws(Fault) -> (bytes: [UInt8], status: FileStatus)? {
    try naming(path) { () throws(SystemError) in try OpenFile.read(path, below: size) }
  }

  private func naming<Result>(_ path: String, _ read: () throws(SystemError) -> Result) throws(Fault) -> Result {
    do throws(SystemError) {
      return try read()
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
  ///
  /// The environment is read once: every file has a loader of its own.
  static let asTheEnvironmentSays: URLFetch = {
    var fetch = URLFetch()
    fetch.certificateFile = Environment.nonEmpty("SSL_CERT_FILE")
    fetch.certificateFolder = Environment.nonEmpty("SSL_CERT_DIR")
    fetch.proxies = ProxyEnvironment(Environment.value)
    return fetch
  }()
}
