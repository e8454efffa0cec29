internal import Injection
internal import ManifestText

/// What a file tells of images: the configuration of one, as a registry has it, or what Docker says of some.
struct ImageConfigurationFile {
  private let document: Document

  init(_ document: Document) { self.document = document }

  /// The images; one whose name is not told has none.
  var images: [KnownImage] {
    get throws(Diagnostic) {
      guard let root = document.root else { return [] }
      guard document.isSequence(root) else { return [try image(root)] }
      return try document.items(of: root).map { (item) throws(Diagnostic) in try image(item) }
    }
  }

  private func image(_ node: NodeID) throws(Diagnostic) -> KnownImage {
    // A container's words may be others than its image's.
    guard document.isMapping(node), try !has("State", node) else { throw noConfiguration(node) }
    if let inspected = try document.value("Config", in: node), document.isMapping(inspected) {
      return KnownImage(
        names: try texts("RepoTags", in: node).compactMap(ImageReference.init),
        digests: try texts("RepoDigests", in: node).compactMap { ImageReference($0)?.digest },
        platform: try platform(node, "Os", "Architecture", "Variant"), start: try start(inspected), place: place(node))
    }
    let (hasEntrypoint, hasArguments) = (try has("Entrypoint", node), try has("Cmd", node))
    if hasEntrypoint || hasArguments {
      return KnownImage(platform: nil, start: try start(node), place: place(node))
    }
    guard try isConfiguration(node) else { throw noConfiguration(node) }
    return try configuration(node)
  }

  /// The configuration of an image as registries and layouts have it.
  var configuration: KnownImage {
    get throws(Diagnostic) {
      guard let root = document.root, document.isMapping(root), try isConfiguration(root) else {
        throw noConfiguration(document.root)
      }
      return try configuration(root)
    }
  }

  private func configuration(_ node: NodeID) throws(Diagnostic) -> KnownImage {
    let part = try document.value("config", in: node)
    if let part, !document.isMapping(part), !document.isNull(part) { throw noConfiguration(part) }
    return KnownImage(
      platform: try platform(node, "os", "architecture", "variant"),
      start: try part.map { (part) throws(Diagnostic) in try start(part) } ?? .words(entrypoint: [], arguments: []),
      place: place(node))
  }

  private func isConfiguration(_ node: NodeID) throws(Diagnostic) -> Bool {
    if try has("schemaVersion", node) { return false }
    if try has("rootfs", node) { return true }
    guard try has("config", node) else { return false }
    return try has("architecture", node)
  }

  private func has(_ key: String, _ node: NodeID) throws(Diagnostic) -> Bool {
    try document.value(key, in: node) != nil
  }

  // MARK: Parts

  private func start(_ node: NodeID) throws(Diagnostic) -> KnownImage.Start {
    .words(entrypoint: try texts("Entrypoint", in: node), arguments: try texts("Cmd", in: node))
  }

  private func texts(_ key: String, in node: NodeID) throws(Diagnostic) -> [String] {
    guard document.isMapping(node), let list = try document.value(key, in: node), !document.isNull(list) else {
      return []
    }
    guard document.isSequence(list) else { throw .noImageWords(key, document.kindName(of: list), at: range(list)) }
    return try document.items(of: list).map { (item) throws(Diagnostic) in
      guard document.isString(item) else {
        throw .noImageWords(key, "a list with \(document.kindName(of: item))", at: range(item))
      }
      guard !document.text(of: item).utf8.contains(0) else {
        throw .noImageWords(key, "a list with the byte 0 in a text", at: range(item))
      }
      return document.text(of: item)
    }
  }

  private func platform(
    _ node: NodeID, _ system: String, _ architecture: String, _ variant: String
  ) throws(Diagnostic) -> ImagePlatform? {
    func text(_ key: String) throws(Diagnostic) -> String? {
      guard let value = try document.value(key, in: node), document.isString(value) else { return nil }
      return document.text(of: value)
    }
    guard let system = try text(system), let architecture = try text(architecture), !system.isEmpty else { return nil }
    return ImagePlatform(system: system, architecture: architecture, variant: try text(variant) ?? "")
  }

  private func range(_ node: NodeID) -> Range<Int> { document.range(of: node) }
  private func place(_ node: NodeID) -> String { document.location(of: node).file }

  /// Says what it is instead, where that can be told.
  private func noConfiguration(_ node: NodeID?) -> Diagnostic {
    func has(_ key: String) -> Bool { node.flatMap { try? document.value(key, in: $0) } != nil }
    let hint =
      if node.map({ !document.isMapping($0) }) ?? true {
        "crane config IMAGE, skopeo inspect --config docker://IMAGE and docker image inspect IMAGE print one"
      } else if has("layers") || has("manifests") || has("schemaVersion") {
        "this is an image's manifest: crane config IMAGE prints its configuration"
      } else if has("Name"), has("Layers") {
        "skopeo inspect --config docker://IMAGE prints the configuration"
      } else if has("State") {
        "this is about a container: docker image inspect IMAGE tells of its image"
      } else if has("Config"), has("Layers") {
        "this is a part of an archive: unpack all of it, and name the folder"
      } else if has("config") {
        "it needs `architecture` or `rootfs` beside `config`, as crane config IMAGE prints them"
      } else {
        "it has none of `config`, `Config`, `Entrypoint` and `Cmd`: crane config IMAGE, skopeo inspect --config docker://IMAGE and docker image inspect IMAGE print one"
      }
    return Diagnostic(
      rule: .unfitImageConfig, message: "this is not the configuration of an image", hint: hint,
      range: node.map { document.range(of: $0) })
  }
}
