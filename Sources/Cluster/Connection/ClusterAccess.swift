package import KubernetesAPI
package import ManifestText
package import Output
internal import Platform

/// Access to a cluster: its configuration, its user and its transport; nothing is read or requested before it is
/// needed.
package struct ClusterAccess: Sendable {
  /// What the command line says about the cluster and the user, over the kubeconfig.
  private let overrides: ClientOverrides
  /// True where standard input is read for manifests, so that no credential plugin can ask anything.
  private let readsManifests: Bool
  private let connect: ClusterConnection.Opening

  package init(
    _ overrides: ClientOverrides = ClientOverrides(), readsManifests: Bool = false,
    _ connect: @escaping ClusterConnection.Opening = ClusterConnection.transport
  ) {
    (self.overrides, self.readsManifests, self.connect) = (overrides, readsManifests, connect)
  }

  /// The address of the cluster and the user's credentials, from the kubeconfig and the flags over it.
  package func configuration() throws(Fault) -> ClientConfigurationReader.Result {
    let host = Host.process(readsManifests: readsManifests)
    do throws(KubeconfigError) {
      return try ClientConfigurationReader(overrides: overrides, host: host).read()
    } catch {
      throw Fault(error)
    }
  }

  /// The same, with warnings and errors reported.
  package func configuration(_ report: inout Report) throws(Reported) -> ClientConfiguration {
    let result = try report.catching { () throws(Fault) in try configuration() }
    for finding in result.findings { report.add(finding) }
    return result.configuration
  }

  /// Connects to the cluster, or reports why that fails.
  package func open(_ configuration: ClientConfiguration, _ report: inout Report) throws(Reported) -> ClusterConnection
  {
    do throws(ClusterFailure) {
      return try ClusterConnection(configuration, connect)
    } catch {
      report.fail(.unavailable, error.diagnostic(configuration))
      throw Reported()
    }
  }

  /// Reads the configuration of the cluster, and connects to it.
  package func open(_ report: inout Report) throws(Reported) -> ClusterConnection {
    try open(configuration(&report), &report)
  }

  /// Asks for a ConfigMap.
  package func manifest(of name: ClusterConfigMap) throws(Fault) -> SourceText {
    try name.manifest(over: configuration().configuration, connect)
  }
}

extension Fault {
  /// A kubeconfig, or a flag over it, that cannot be used.
  fileprivate init(_ error: KubeconfigError) {
    let kind: Kind =
      switch error.kind {
      case .usage: .usage
      case .missing: .missing
      case .refused: .refused
      case .unavailable: .unavailable
      }
    self.init(kind, input: error.place, error.diagnostic)
  }
}

extension Host {
  /// The machine this process runs on.
  ///
  /// `readsManifests` where standard input is read for manifests, so that no credential plugin can ask anything.
  package static func process(readsManifests: Bool) -> Host {
    Host(
      variable: { Environment.value($0) },
      contents: { (path) throws(FileFailure) in
        do throws(SystemError) {
          return try OpenFile.contents(of: path)
        } catch {
          throw error == .noSuchFile || error == .notADirectory ? .missing : .unreadable(error.reason)
        }
      },
      program: ProgramPath.resolved, run: { $0.outcome }, now: { WallClock.seconds },
      standardInput: readsManifests ? .taken : FileDescriptor.standardInput.isTerminal ? .terminal : .notATerminal)
  }
}

extension ProgramCall {
  /// Runs the program; what it says on standard error is shown.
  fileprivate var outcome: ProgramOutcome {
    do throws(SystemError) {
      let outcome = try ended()
      switch outcome.ending {
      case .exited(0): return .output(Secret(outcome.output))
      case .exited(let code): return .exited(code)
      case .killed(let signal): return .killed(signal)
      }
    } catch {
      return .notStarted(error.reason)
    }
  }

  /// A program that may ask the user needs the terminal as it is, for prompts without a line's end and hidden input;
  /// what any other says is text from anywhere, and is shown line by line as such.
  private func ended() throws(SystemError) -> Subprocess.Outcome {
    let subprocess = Subprocess(
      program, arguments, environment: environment.map { ($0.name, $0.value) },
      sharing: isInteractive ? [.input, .errors] : [])
    if isInteractive { return try subprocess.run() }
    return try subprocess.run { line in
      let end = line.last == UInt8(ascii: "\r") ? line.count - 1 : line.count
      FileDescriptor.standardError.show(ShownText(lines: String(decoding: line[..<end], as: UTF8.self)))
    }
  }
}

/// Programs as shells find them.
enum ProgramPath {
  /// The path of a program: its own where it is one, else in the first folder of `PATH` that has it.
  @Sendable static func resolved(_ name: String) -> String? {
    if name.contains("/") { return FileStatus.isProgram(name) ? name : nil }
    let folders = (Environment.value("PATH") ?? "").split(separator: ":")
    return folders.lazy.map { "\($0)/\(name)" }.first(where: FileStatus.isProgram)
  }
}
