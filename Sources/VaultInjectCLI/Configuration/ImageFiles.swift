internal import Injection
internal import ManifestText
internal import Output
internal import Platform

/// What an entry of the setting `imageConfigs` leads to: a folder of images, or a file about some.
struct ImageFiles {
  /// No registry takes a manifest that is larger, and no image's configuration comes near it.
  static let mostBytes = 4 << 20

  private let entry: ImageEntry
  private let origin: Configuration.Origin

  init(_ entry: ImageEntry, _ origin: Configuration.Origin) { (self.entry, self.origin) = (entry, origin) }

  private var isOption: Bool { if case .option = origin { true } else { false } }

  /// Reads what is there.
  ///
  /// What a configuration file names, and nobody has made yet, is missed where it is needed.
  func load() throws(Fault) -> ImageCatalog.Source {
    let status: FileStatus
    do throws(SystemError) {
      status = try FileStatus(of: entry.path)
    } catch {
      guard error == .noSuchFile || error == .notADirectory else { throw .unreadable(error, input: entry.path) }
      if isOption { throw Fault(.missing, input: entry.path, .missingFile(entry.path)) }
      let shown = FilePath.shown(entry.path)
      return ImageCatalog.Source([], remark: "`\(shown)`, which \(origin) names, does not exist")
    }
    if status.kind == .folder { return try folder() }
    guard status.kind == .file || isOption && !status.isDevice else {
      throw Fault(.refused, input: entry.path, .noImageFile)
    }
    return try file(status)
  }

  private func folder() throws(Fault) -> ImageCatalog.Source {
    let folder = entry.path
    if FileStatus.isLink(folder.joined(ImageLayout.index)) != nil {
      var layout = ImageLayout(folder)
      return try chosen(layout.images())
    }
    guard FileStatus.isLink(folder.joined(ImageArchive.manifest)) != nil else {
      throw Fault(.refused, input: folder, .noImages)
    }
    return try chosen(ImageArchive(folder).images())
  }

  private func file(_ status: FileStatus) throws(Fault) -> ImageCatalog.Source {
    if status.kind == .file, status.size > ImageFiles.mostBytes {
      throw Fault(.refused, input: entry.path, .imageFileTooLarge)
    }
    let source = try InputLoader().source(entry.path)
    if source.bytes.count > ImageFiles.mostBytes { throw Fault(.refused, input: entry.path, .imageFileTooLarge) }
    if ImageFiles.isArchive(source.bytes) { throw Fault(.refused, input: entry.path, .imageArchive) }
    do throws(Diagnostic) {
      let images = try ImageConfigurationFile(Document.json(source)).images
      if entry.image == nil, images.contains(where: \.names.isEmpty) { throw .imageWithoutName(entry.path) }
      return try choice(images.map { ImageFiles.Found(images: [$0]) })
    } catch {
      var error = error
      // The same line may hold the variables of an image.
      error.hidesText = true
      throw Fault(.refused, in: source, error)
    }
  }

  /// True for a tar archive, or anything that gzip or zstd made.
  private static func isArchive(_ bytes: [UInt8]) -> Bool {
    bytes.starts(with: [0x1F, 0x8B]) || bytes.starts(with: [0x28, 0xB5, 0x2F, 0xFD])
      || bytes.count > 262 && bytes[257..<262].elementsEqual("ustar".utf8)
  }

  // MARK: Which are meant

  /// What a folder or file has of one image, on all its platforms.
  struct Found {
    var images: [KnownImage]
    /// What it is called where that is no name in full, such as a mere tag.
    var shortName: String?

    var names: [String] {
      var names: [String] = []
      for name in images.flatMap(\.names).map(\.text) + [shortName].compactMap(\.self) where !names.contains(name) {
        names.append(name)
      }
      return names
    }
  }

  /// All of them or, where an image is named, that one under this name.
  private func choice(_ found: [Found]) throws(Diagnostic) -> ImageCatalog.Source {
    guard let image = entry.image else {
      let short = found.filter { $0.images.allSatisfy(\.names.isEmpty) }.map { $0.shortName ?? "" }
      let shown = FilePath.shown(entry.path)
      return ImageCatalog.Source(
        found.flatMap(\.images),
        remark: short.isEmpty
          ? nil
          : "\(shown) holds images without full names\(ImageFiles.quoted(short)): say which one is meant by IMAGE=\(shown)"
      )
    }
    let meant = Self.meant(by: image, among: found)
    guard !meant.isEmpty else { throw .imageNotFound(image.text, in: found.flatMap(\.names)) }
    return ImageCatalog.Source(
      meant.flatMap(\.images).map { known in
        var known = known
        known.names = [image]
        return known
      })
  }

  /// Those under the name or tag, or all where nothing else can be meant; one image may stand there for each platform.
  private static func meant(by image: ImageReference, among found: [Found]) -> [Found] {
    let own = found.filter { $0.images.contains { $0.isMeant(by: image) } }
    if !own.isEmpty || image.digest != nil { return own }
    let tagged = found.filter { $0.shortName != nil && $0.shortName == image.tag }
    if !tagged.isEmpty || found.count == 1 { return tagged.isEmpty ? found : tagged }
    let platforms = found.flatMap(\.images).compactMap(\.platform?.text)
    let isOne = found.allSatisfy(\.names.isEmpty) && platforms.count == found.flatMap(\.images).count
    return isOne && Set(platforms).count == platforms.count ? found : []
  }

  private static func quoted(_ names: [String]) -> String {
    let names = names.filter { !$0.isEmpty }
    return names.isEmpty ? "" : " (\(names.map { "`\($0)`" }.listed(first: 4)))"
  }

  private func chosen(_ found: [Found]) throws(Fault) -> ImageCatalog.Source {
    do throws(Diagnostic) {
      return try choice(found)
    } catch {
      throw Fault(.refused, input: entry.path, error)
    }
  }
}
