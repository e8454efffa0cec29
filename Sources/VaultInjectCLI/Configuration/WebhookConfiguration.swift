internal import Output
internal import Cluster
internal import Injection
internal import ManifestText
internal import Platform

/// The webhook's own configuration, as `--webhook-config` names it.
struct WebhookConfiguration {
  let path: String

  init(_ path: String) { self.path = path }

  /// Reads the five files of a folder, or the ConfigMap in a manifest or in a cluster.
  func load(
    _ manifest: (ClusterConfigMap) throws(Fault) -> SourceText
  ) throws(Fault) -> TalendConfiguration {
    if path.isEmpty { throw Fault(.usage, .emptyOption("--webhook-config")) }
    if let name = try ClusterConfigMap(path) {
      return try configuration(in: manifest(name))
    }
    return try isFolder() ? configuration(of: readFiles()) : configuration(in: InputLoader().source(path))
  }

  private func configuration(in manifest: SourceText) throws(Fault) -> TalendConfiguration {
    do throws(FileDiagnostic) {
      return try TalendConfiguration(configMap: manifest)
    } catch {
      throw fault(error)
    }
  }

  private func configuration(of files: [TalendConfiguration.File: SourceText]) throws(Fault) -> TalendConfiguration {
    do throws(FileDiagnostic) {
      return try TalendConfiguration(files: files)
    } catch {
      throw fault(error)
    }
  }

  private func fault(_ error: FileDiagnostic) -> Fault {
    Fault(error.source == nil ? .missing : .refused, input: path, in: error.source, error.diagnostic)
  }

  private func isFolder() throws(Fault) -> Bool {
    do throws(SystemError) {
      return try FileStatus(of: path).kind == .folder
    } catch {
      if error == .noSuchFile || error == .notADirectory {
        throw Fault(.missing, input: path, .missingFile(path))
      }
      throw .unreadable(error, input: path)
    }
  }

  /// The files that are there.
  private func readFiles() throws(Fault) -> [TalendConfiguration.File: SourceText] {
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
