internal import ManifestText

/// Findings about what tells what images start.
extension Diagnostic {
  private static func images(_ message: String, _ hint: String, at range: Range<Int>? = nil) -> Diagnostic {
    Diagnostic(rule: .unfitImageConfig, message: message, hint: hint, range: range)
  }

  private static let making = "skopeo copy docker://IMAGE oci:FOLDER:TAG makes one, and so does an unpacked docker save"

  static let noImageFile = images("is neither a file nor a folder", "name a file, or a folder in the OCI layout")
  static let noImages = images(
    "holds no images: there is neither an index.json nor a manifest.json", making)
  static let indexWithoutLayout = images("is no OCI layout: there is an index.json, and no oci-layout", making)
  static let imageFileTooLarge = images(
    "is no file of less than 4 MiB, as images' configurations are", "crane config IMAGE prints one")
  static let imageArchive = images("is an archive", "unpack it with tar, and name the folder")

  static func otherLayout(at range: Range<Int>?) -> Diagnostic {
    images("this is not the OCI layout 1.0.0", making, at: range)
  }

  static func noImageIndex(at range: Range<Int>?) -> Diagnostic {
    images("this is no index of images: there is no list `manifests`", making, at: range)
  }

  static func noImageManifest(at range: Range<Int>?) -> Diagnostic {
    images("this is no manifest of an image: there is no `config`", making, at: range)
  }

  static func noImageArchive(at range: Range<Int>?) -> Diagnostic {
    images("this is not the manifest.json of an archive of images, which is a list", making, at: range)
  }

  static func noImageDigest(at range: Range<Int>?) -> Diagnostic {
    images("this names a file of an image by no digest", "copy the image again", at: range)
  }

  static func noImageWords(_ key: String, _ found: String, at range: Range<Int>) -> Diagnostic {
    images("`\(key)` is \(found), and has to be a list of texts", "ask for the configuration again", at: range)
  }

  static func imageWithoutName(_ path: String) -> Diagnostic {
    images("this does not say which image it is of", "put the image before it: --image-config IMAGE=\(path)")
  }

  static func imageNotFound(_ image: String, in names: [String]) -> Diagnostic {
    images(
      "holds no image `\(image)`",
      names.isEmpty ? "it holds images without names" : "it holds \(names.map { "`\($0)`" }.listed(first: 4))")
  }
}
