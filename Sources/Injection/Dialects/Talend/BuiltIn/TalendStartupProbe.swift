package import ManifestText

/// When a native sidecar of the built-in configuration counts as started.
package struct TalendStartupProbe {
  private let settings: TalendSettings

  package init(_ settings: TalendSettings) { self.settings = settings }

  /// The agent's: its proxy listens, and every file it renders is there; where it renders none, its token is.
  package func agent(_ needs: TalendNeeds, writesFiles: Bool) -> Value {
    let files = writesFiles ? paths(of: needs) : [BuiltInPaths.agentToken]
    guard let port = needs.proxyPort.flatMap({ Int($0) }) else { return filesExist(files) }
    return probe.succeeds(StartupProbe.filesExist + listens(on: port), arguments: files)
  }

  /// Consul Template's: every file it renders is there.
  package func consulTemplate(_ needs: TalendNeeds) -> Value { filesExist(paths(of: needs)) }

  private func filesExist(_ files: [String]) -> Value {
    files.count == 1 ? probe.succeeds(["test", "-e"] + files.map(StartupProbe.unexpanded)) : probe.filesExist(files)
  }

  private func paths(of needs: TalendNeeds) -> [String] {
    needs.files.map { BuiltInPaths.secrets + "/" + $0.destination }
  }

  private var probe: StartupProbe { StartupProbe(seconds: settings.startupSeconds) }

  /// The proxy listens on the loopback address, where the kubelet's own probes do not reach; the kernel's table
  /// needs no network tool.
  private func listens(on port: Int) -> String {
    let digits = String(port, radix: 16, uppercase: true)
    let hexadecimal = String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    return "\ngrep -q ' 0100007F:\(hexadecimal) 00000000:0000 0A ' /proc/net/tcp"
  }
}
