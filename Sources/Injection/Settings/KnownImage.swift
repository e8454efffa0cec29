internal import ManifestText

/// What is known of an image on one platform.
package struct KnownImage: Equatable, Sendable {
  /// What an image starts, or why that cannot be told.
  package enum Start: Equatable, Sendable {
    case words(entrypoint: [String], arguments: [String])
    /// A part of it is not here, as where only one platform was copied.
    case absent(String)
    case unfit(String)
  }

  /// What it is called.
  package var names: [ImageReference]
  /// Its digest, and those of the lists that it is in.
  package var digests: [ImageDigest]
  package let platform: ImagePlatform?
  package let start: Start
  /// Where that is told.
  package let place: String

  package init(
    names: [ImageReference] = [], digests: [ImageDigest] = [], platform: ImagePlatform?, start: Start, place: String
  ) {
    (self.names, self.digests, self.platform) = (names, digests, platform)
    (self.start, self.place) = (start, place)
  }

  /// True for what a pod's image names.
  package func isMeant(by reference: ImageReference) -> Bool {
    if let digest = reference.digest { return digests.contains(digest) || names.contains(reference) }
    return names.contains(reference)
  }
}

/// What an image runs on.
package struct ImagePlatform: Equatable, Sendable {
  package let system: String
  package let architecture: String
  package let variant: String

  package init(system: String, architecture: String, variant: String = "") {
    (self.system, self.architecture, self.variant) = (system, architecture, variant)
  }

  /// The platform as image tools write it: `linux/arm/v7`.
  package var text: String { "\(system)/\(architecture)" + (variant.isEmpty ? "" : "/\(variant)") }
}

/// The images of which something is known, by the entries of the setting `imageConfigs`.
package struct ImageCatalog: Sendable {
  /// What an entry leads to.
  package struct Source: Equatable, Sendable {
    package var images: [KnownImage]
    /// Why an image may be missing among them, as a sentence; nil where there is nothing to say.
    package var remark: String?

    package init(_ images: [KnownImage], remark: String? = nil) { (self.images, self.remark) = (images, remark) }
  }

  private var sources: [String: Source] = [:]

  /// Knows nothing.
  package init() {}

  /// Takes over what was found for an entry.
  package mutating func add(_ source: Source, of entry: String) { sources[entry] = source }

  /// What some entries lead to, the last entry first.
  func sources(of entries: [String]) -> [Source] { entries.reversed().compactMap { sources[$0] } }
}

/// An entry of the setting `imageConfigs`: a path, and perhaps the image that is meant, `IMAGE=PATH`.
package struct ImageEntry: Equatable, Sendable {
  package let image: ImageReference?
  package let path: String

  /// Nil where no path is left; a text before the first `=` that names no image is a part of the path.
  package init?(_ text: String) {
    guard ControlCharacter(in: text) == nil else { return nil }
    let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    image = parts.count == 2 ? ImageReference(parts[0]) : nil
    path = image == nil ? text : parts[1]
    if path.isEmpty || path.utf8.first == UInt8(ascii: "=") { return nil }
  }

  /// The image that two entries name; nil where each names one of its own, or none.
  static func nameTwice(in entries: [String]) -> String? {
    var known: [ImageReference] = []
    for image in entries.compactMap({ ImageEntry($0)?.image }) {
      if known.contains(image) { return image.text }
      known.append(image)
    }
    return nil
  }

  /// The entry with another path.
  package static func text(_ text: String, withPath change: (String) -> String) -> String {
    guard let entry = ImageEntry(text) else { return text }
    return String(text.dropLast(entry.path.count)) + change(entry.path)
  }
}
