internal import ManifestText

/// The files that settings are read from.
enum ConfigurationFile {
  /// What the file is called that is found without being named.
  static let name = ".vault-inject.yaml"

  /// The file of that name in a folder or, failing that, in the nearest folder above it that has one.
  ///
  /// It is named from the working directory, which is also the folder where none is given: `../.vault-inject.yaml`.
  static func nearest(to folder: String?) throws(InputError) -> SourceText? {
    // One folder a slash; where the working directory is gone, there is nothing to find.
    guard let absolute = folder ?? Environment.currentFolder else { return nil }
    let depth = absolute == "/" ? 0 : absolute.utf8.count { $0 == UInt8(ascii: "/") }
    var path = folder.map { "\($0)/" } ?? ""
    for _ in 0...depth {
      if let source = try found(at: path + name) { return source }
      path += "../"
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
