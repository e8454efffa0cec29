package import ManifestText

/// One place that manifests come from; nothing is read before `load`.
package struct Input: Sendable {
  /// Where the bytes are.
  enum Origin: Sendable {
    case file
    case standardInput
    case url(String)
    case kustomization(String)
    /// Found to be unusable while the command line was resolved; loading says why.
    case unusable(InputError)
  }

  /// What the user knows it by: the path as typed, the URL, `<stdin>`, `kustomize:DIR`.
  package let name: String
  let origin: Origin

  static func file(_ path: String) -> Input { Input(name: path, origin: .file) }
  static let standardInput = Input(name: "<stdin>", origin: .standardInput)
  static func url(_ url: String) -> Input { Input(name: URLText.withoutSecrets(url), origin: .url(url)) }
  static func kustomization(_ folder: String) -> Input {
    Input(name: "kustomize:\(folder)", origin: .kustomization(folder))
  }
  static func unusable(_ name: String, _ error: InputError) -> Input {
    Input(name: name, origin: .unusable(error))
  }

  /// The path of an input that can be written back to; nil for everything that is not a file.
  package var path: String? {
    guard case .file = origin else { return nil }
    return name
  }

  /// Which file this is, to find out that two paths lead to the same; nil where that cannot be told.
  package var identity: FileStatus.Identity? {
    guard let path, let status = try? FileStatus(of: path), status.kind == .file else { return nil }
    return status.identity
  }

  /// Reads the whole input.
  ///
  /// - Throws: what is to be said about an input that cannot be had.
  package func load() throws(InputError) -> SourceText {
    try load(with: InputLoader())
  }

  /// Whether there is nothing to be read here, as loading will say.
  var isUnusable: Bool { if case .unusable = origin { true } else { false } }

  /// Reads the whole input in the way the loader says.
  package func load(with loader: InputLoader) throws(InputError) -> SourceText {
    switch origin {
    case .file: SourceText(name: name, bytes: try loader.file(name))
    case .standardInput: SourceText(name: name, bytes: try loader.stream(name))
    case .url(let url): SourceText(name: name, bytes: try loader.url(url, name))
    case .kustomization(let folder): SourceText(name: name, bytes: try loader.kustomization(folder, name))
    case .unusable(let error): throw error
    }
  }
}

/// An input that has been read.
struct LoadedInput {
  let input: Input
  let source: SourceText
}

extension Input {
  /// Reads the whole input, and keeps what it was read from.
  func loaded() throws(InputError) -> LoadedInput {
    LoadedInput(input: self, source: try load())
  }
}
