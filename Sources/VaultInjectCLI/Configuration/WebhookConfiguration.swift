internal import ArgumentParser
internal import Injection
internal import ManifestText
internal import Platform

/// The webhook's own configuration, as `--webhook-config` names it.
struct WebhookConfiguration {
  let path: String

  init(_ path: String) { self.path = path }

  /// Reads the five files of a folder, or the ConfigMap in a manifest or in a cluster.
  func load(
    _ manifest: (ClusterConfigMap) throws(InputError) -> SourceText
  ) throws(InputError) -> TalendConfiguration {
    if path.isEmpty { throw InputError(.usage, .emptyOption("--webhook-config")) }
    if let name = try ClusterConfigMap(path) {
      return try configuration(in: manifest(name))
    }
    return try isFolder() ? configuration(of: readFiles()) : configuration(in: InputLoader().source(path))
  }

  private func configuration(in manifest: SourceText) throws(InputError) -> TalendConfiguration {
    do throws(FileDiagnostic) {
      return try TalendConfiguration(configMap: manifest)
    } catch {
      throw inputError(error)
    }
  }

  private func configuration(of files: [TalendConfiguration.File: SourceText]) throws(InputError) -> TalendConfiguration
  {
    do throws(FileDiagnostic) {
      return try TalendConfiguration(files: files)
    } catch {
      throw inputError(error)
    }
  }

  private func inputError(_ error: FileDiagnostic) -> InputError {
    let exitCode: ExitCode = error.source == nil ? .noSuchInput : .inputRefused
    return InputError(exitCode, input: path, in: error.source, error.diagnostic)
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
