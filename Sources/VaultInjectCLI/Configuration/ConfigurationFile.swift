internal import ManifestText

/// The files that settings are read from.
enum ConfigurationFile {
  /// What the file is called that is found without being named.
  static let name = ".vault-inject.yaml"

  /// The file of that name in the working directory or, failing that, in the nearest folder above it that has one.
  ///
  /// It is named from the working directory: `../.vault-inject.yaml`.
  static func nearest() throws(InputError) -> SourceText? {
    // One folder a slash; where the working directory is gone, there is nothing to find.
    guard let folder = Environment.currentFolder else { return nil }
    let depth = folder == "/" ? 0 : folder.utf8.count { $0 == UInt8(ascii: "/") }
    var path = name
    for _ in 0...depth {
      if let source = try found(at: path) { return source }
      path = "../" + path
    }
    return nil
  }

  private static func found(at path: String) throws(InputError) -> SourceText? {
    do throws(SystemError) {
      return SourceText(name: path, bytes: try OpenFile.contents(of: path))
    } catch {
      // A folder that cannot be searched holds no configuration for the user.
      if error == .noSuchFile || (try? FileStatus(of: path)) == nil { return nil }
      throw .unreadable(error, input: path)
    }
  }

  /// The file of `--config`.
  static func named(_ path: String) throws(InputError) -> SourceText {
    guard !path.isEmpty else { throw InputError(.usage, .emptyOption("--config")) }
    return try InputLoader().source(path)
  }
}
