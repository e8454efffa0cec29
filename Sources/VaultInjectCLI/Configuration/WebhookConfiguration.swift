internal import ArgumentParser
internal import Injection
internal import ManifestText

/// The webhook's own configuration, as `--webhook-config` names it.
struct WebhookConfiguration {
  let path: String

  init(_ path: String) { self.path = path }

  /// Reads the five files of a folder, or the ConfigMap in a manifest.
  func load() throws(InputError) -> TalendConfiguration {
    if path.isEmpty { throw InputError(.usage, .emptyOption("--webhook-config")) }
    if path.lowercased().hasPrefix("configmap/") { throw InputError(.usage, .webhookConfigInCluster(path)) }
    let isFolder = try isFolder()
    let files = isFolder ? try readFiles() : [:]
    let manifest = isFolder ? nil : try InputLoader().source(path)
    do throws(FileDiagnostic) {
      guard let manifest else { return try TalendConfiguration(files: files) }
      return try TalendConfiguration(configMap: manifest)
    } catch {
      let exitCode: ExitCode = error.source == nil ? .noSuchInput : .inputRefused
      throw InputError(exitCode, input: path, in: error.source, error.diagnostic)
    }
  }

  private func isFolder() throws(InputError) -> Bool {
    do throws(SystemError) {
      return try FileStatus(of: path).kind == .folder
    } catch {
      if error == .noSuchFile || error == .notADirectory {
        throw InputError(.noSuchInput, input: path, .missingFile(path))
      }
      throw .unreadable(error, input: path)
    }
  }

  /// The files that are there.
  private func readFiles() throws(InputError) -> [TalendConfiguration.File: SourceText] {
    var files: [TalendConfiguration.File: SourceText] = [:]
    for file in TalendConfiguration.File.allCases {
      let path = path.hasSuffix("/") ? path + file.rawValue : "\(path)/\(file.rawValue)"
      do throws(SystemError) {
        files[file] = SourceText(name: path, bytes: try OpenFile.contents(of: path))
      } catch {
        if error != .noSuchFile { throw .unreadable(error, input: path) }
      }
    }
    return files
  }
}
