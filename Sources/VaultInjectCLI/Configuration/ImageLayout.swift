internal import Cluster
internal import Injection
internal import ManifestText
internal import Output
internal import Platform

/// A folder of images in the layout of the Open Container Initiative.
///
/// Its files name one another by digests alone, and what a file holds is held to its name.
struct ImageLayout {
  static let index = "index.json"
  private static let marker = "oci-layout"
  /// How deep lists of images are in one another, and how many files are read.
  private static let (mostLevels, mostFiles) = (8, 20_000)

  private let folder: String
  private var filesLeft = ImageLayout.mostFiles

  init(_ folder: String) { self.folder = folder }

  /// Every image that the index names, with all its platforms.
  mutating func images() throws(Fault) -> [ImageFiles.Found] {
    guard FileStatus.isLink(folder.joined(Self.marker)) != nil else {
      throw Fault(.refused, input: folder, .indexWithoutLayout)
    }
    try check(ImageFolder(folder).document(Self.marker))
    let document = try ImageFolder(folder).document(Self.index)
    do throws(Diagnostic) {
      guard let root = document.root, let list = try document.value("manifests", in: root), document.isSequence(list)
      else { throw .noImageIndex(at: document.root.map(document.range)) }
      // Some tools write an image's own list of platforms as the index.
      let own = [ImageDigest(of: document.source.bytes)].compactMap(\.self)
      var found: [ImageFiles.Found] = []
      for item in document.items(of: list) {
        guard let part = try ImageDescriptor(item, in: document) else {
          throw .noImageDigest(at: document.range(of: item))
        }
        let images = images(of: part, below: own, level: 0)
        guard !images.isEmpty else { continue }
        found.append(
          ImageFiles.Found(
            images: images.map { image in
              var image = image
              image.names = part.names
              return image
            }, shortName: part.names.isEmpty ? part.shortName : nil))
      }
      return found
    } catch {
      throw Fault(.refused, in: document.source, error)
    }
  }

  private func check(_ marker: Document) throws(Fault) {
    let version = marker.root.flatMap { try? marker.value("imageLayoutVersion", in: $0) }
    guard let version, marker.text(of: version) == "1.0.0" else {
      throw Fault(.refused, in: marker.source, .otherLayout(at: (version ?? marker.root).map(marker.range)))
    }
  }

  /// What is behind a descriptor: an image, or a list of images for several platforms.
  private mutating func images(of part: ImageDescriptor, below lists: [ImageDigest], level: Int) -> [KnownImage] {
    // Signatures and the like stand among the images that they are about.
    guard !part.isAttachment else { return [] }
    let digests = lists + [part.digest]
    func broken(_ reason: KnownImage.Start) -> [KnownImage] {
      [KnownImage(digests: digests, platform: part.platform, start: reason, place: folder)]
    }
    let (document, fault) = blob(part.digest)
    guard let document, let root = document.root else { return broken(fault ?? .unfit("\(folder) is empty")) }
    do throws(Diagnostic) {
      if let list = try document.value("manifests", in: root), document.isSequence(list) {
        guard level < Self.mostLevels else {
          return broken(.unfit("\(folder) has lists of images more than \(Self.mostLevels) deep in one another"))
        }
        var images: [KnownImage] = []
        for item in document.items(of: list) {
          guard let part = try ImageDescriptor(item, in: document) else {
            throw .noImageDigest(at: document.range(of: item))
          }
          images += self.images(of: part, below: digests, level: level + 1)
        }
        return images
      }
      if try document.value("subject", in: root) != nil { return [] }
      guard let node = try document.value("config", in: root), let config = try ImageDescriptor(node, in: document)
      else { throw .noImageManifest(at: document.range(of: root)) }
      guard config.isImage else { return broken(.unfit("it is no image in \(folder), but \(config.mediaType)")) }
      return [try image(config.digest, called: digests, on: part.platform)]
    } catch {
      return broken(.unfit(error, in: document))
    }
  }

  private mutating func image(
    _ config: ImageDigest, called digests: [ImageDigest], on platform: ImagePlatform?
  ) throws(Diagnostic) -> KnownImage {
    let (document, fault) = blob(config)
    func image(_ platform: ImagePlatform?, _ start: KnownImage.Start) -> KnownImage {
      KnownImage(digests: digests, platform: platform, start: start, place: folder)
    }
    guard let document else { return image(platform, fault ?? .unfit("\(folder) is empty")) }
    do throws(Diagnostic) {
      let found = try ImageConfigurationFile(document).configuration
      return image(found.platform ?? platform, found.start)
    } catch {
      return image(platform, .unfit(error, in: document))
    }
  }

  private mutating func blob(_ digest: ImageDigest) -> (Document?, KnownImage.Start?) {
    filesLeft -= 1
    guard filesLeft >= 0 else { return (nil, .unfit("\(folder) has more than \(Self.mostFiles) files to read")) }
    return ImageFolder(folder).blob("blobs/\(digest.algorithm)/\(digest.hex)", digest)
  }
}

/// A folder as `docker save` fills its archive.
struct ImageArchive {
  static let manifest = "manifest.json"
  private let folder: String

  init(_ folder: String) { self.folder = folder }

  /// Every image that the manifest names.
  func images() throws(Fault) -> [ImageFiles.Found] {
    let document = try ImageFolder(folder).document(Self.manifest)
    do throws(Diagnostic) {
      guard let root = document.root, document.isSequence(root) else {
        throw .noImageArchive(at: document.root.map(document.range))
      }
      return try document.items(of: root).map { (item) throws(Diagnostic) in
        guard let path = try document.value("Config", in: item), document.isString(path),
          let digest = Self.digest(document.text(of: path))
        else { throw .noImageDigest(at: document.range(of: item)) }
        return ImageFiles.Found(images: [image(digest, called: try names(item, in: document))])
      }
    } catch {
      throw Fault(.refused, in: document.source, error)
    }
  }

  private func names(_ item: NodeID, in document: Document) throws(Diagnostic) -> [ImageReference] {
    guard let list = try document.value("RepoTags", in: item), document.isSequence(list) else { return [] }
    return document.items(of: list).compactMap { ImageReference(document.text(of: $0)) }
  }

  private func image(_ config: Config, called names: [ImageReference]) -> KnownImage {
    let (document, fault) = ImageFolder(folder).blob(config.path, config.digest)
    guard let document else {
      return KnownImage(names: names, platform: nil, start: fault ?? .unfit("\(folder) is empty"), place: folder)
    }
    do throws(Diagnostic) {
      var image = try ImageConfigurationFile(document).configuration
      image.names = names
      return image
    } catch {
      return KnownImage(names: names, platform: nil, start: .unfit(error, in: document), place: folder)
    }
  }

  private typealias Config = (path: String, digest: ImageDigest)

  /// What names the configuration, of which only the digest counts.
  private static func digest(_ path: String) -> Config? {
    let name = FilePath.name(of: path)
    let isNew = ByteText.begins(path, with: "blobs/sha256/")
    let hex = isNew ? name : ByteText.begins(name, with: ".") ? "" : name.replacingSuffix(".json")
    return ImageDigest("sha256:\(hex)").map { (isNew ? "blobs/sha256/\($0.hex)" : "\($0.hex).json", $0) }
  }
}

extension KnownImage.Start {
  /// What is wrong in a file, after its place; never the file's text, as it may hold the variables of an image.
  fileprivate static func unfit(_ error: Diagnostic, in document: Document) -> Self {
    let place = error.range.map { document.source.location(of: $0.lowerBound).description }
    return .unfit("\(place ?? document.source.name): \(error.message)")
  }
}

extension ImageDigest {
  /// The name of a file that holds these bytes.
  fileprivate init?(of bytes: [UInt8]) { self.init("sha256:\(SHA256.hex(bytes))") }
}

extension String {
  /// The text without an ending; empty where it has another.
  fileprivate func replacingSuffix(_ suffix: String) -> String {
    utf8.count > suffix.utf8.count && hasSuffix(suffix) ? String(dropLast(suffix.count)) : ""
  }
}

/// What names a part of an image in a list.
struct ImageDescriptor {
  let digest: ImageDigest
  let mediaType: String
  let platform: ImagePlatform?
  /// What it is called in full.
  let names: [ImageReference]
  /// What else it is called, such as a mere tag.
  let shortName: String?
  /// True for what is about another image, such as a signature.
  let isAttachment: Bool

  /// Nil where it has no digest.
  init?(_ node: NodeID, in document: Document) throws(Diagnostic) {
    func text(_ key: String, _ node: NodeID?) throws(Diagnostic) -> String? {
      guard let node, let value = try document.value(key, in: node), document.isString(value) else { return nil }
      return document.text(of: value)
    }
    guard document.isMapping(node), let digest = try text("digest", node).flatMap(ImageDigest.init) else { return nil }
    self.digest = digest
    mediaType = try text("mediaType", node) ?? ""
    let annotations = try document.value("annotations", in: node)
    let system = try document.value("platform", in: node)
    platform = try text("os", system).map { (os) throws(Diagnostic) in
      ImagePlatform(
        system: os, architecture: try text("architecture", system) ?? "", variant: try text("variant", system) ?? "")
    }
    let name = try text("io.containerd.image.name", annotations)
    let reference = try text("org.opencontainers.image.ref.name", annotations)
    let isFull = reference?.utf8.contains { [UInt8(ascii: "/"), UInt8(ascii: ":"), UInt8(ascii: "@")].contains($0) }
    names = [name, isFull == true ? reference : nil].compactMap { $0 }.compactMap(ImageReference.init)
    shortName = reference
    let kind = try text("kind", annotations)
    isAttachment =
      try text("vnd.docker.reference.type", annotations) != nil || platform?.system == "unknown"
      || ["dev.cosignproject.cosign/sigs", "dev.cosignproject.cosign/atts"].contains(kind)
  }

  /// True where it names the configuration of an image that can be run.
  var isImage: Bool {
    [
      "", "application/vnd.oci.image.config.v1+json", "application/vnd.docker.container.image.v1+json",
    ].contains(mediaType)
  }
}

/// The files of a folder of images.
struct ImageFolder {
  private let folder: String

  init(_ folder: String) { self.folder = folder }

  /// A file by a name that is known.
  func document(_ name: String) throws(Fault) -> Document {
    let path = folder.joined(name)
    let bytes: [UInt8]?
    do throws(SystemError) {
      bytes = try contents(path)
    } catch {
      throw .unreadable(error, input: path)
    }
    guard let bytes else { throw Fault(.refused, input: path, .imageFileTooLarge) }
    let source = SourceText(name: path, bytes: bytes)
    do throws(Diagnostic) {
      return try Document.json(source)
    } catch {
      throw Fault(.refused, in: source, error)
    }
  }

  /// A file by its digest, which it is held to; or why it cannot be had.
  func blob(_ name: String, _ digest: ImageDigest) -> (Document?, KnownImage.Start?) {
    let path = folder.joined(name)
    guard digest.algorithm == "sha256" else {
      return (nil, .unfit("\(folder) names it by \(digest.algorithm), which cannot be checked here"))
    }
    let bytes: [UInt8]?
    do throws(SystemError) {
      bytes = try contents(path)
    } catch {
      if error == .noSuchFile { return (nil, .absent("\(folder) has no \(name)")) }
      return (nil, .unfit("\(path) cannot be read: \(error.reason)"))
    }
    guard let bytes else { return (nil, .unfit("\(path) is no file, or larger than 4 MiB")) }
    guard SHA256.hex(bytes) == digest.hex else {
      return (nil, .unfit("\(path) has another digest: it was changed, or not copied in full"))
    }
    do throws(Diagnostic) {
      return (try Document.json(SourceText(name: path, bytes: bytes)), nil)
    } catch {
      return (nil, .unfit("\(path) is no JSON"))
    }
  }

  /// Nil for what is no file, or too large.
  private func contents(_ path: String) throws(SystemError) -> [UInt8]? {
    let status = try FileStatus(of: path)
    guard status.kind == .file, status.size <= ImageFiles.mostBytes else { return nil }
    return try OpenFile.contents(of: path)
  }
}
