package import ManifestText

/// When a native sidecar of the built-in configuration counts as started.
package struct TalendStartupProbe {
  private let settings: TalendSettings

  package init(_ settings: TalendSettings) { self.settings = settings }

  /// The agent's: it holds a token, every file it renders is there, and its proxy listens.
  ///
  /// `destinations` are file names under the secrets volume, none where another container renders them;
  /// `proxyPort` is nil without the proxy.
  package func agent(destinations: [String], proxyPort: Int?) -> Value {
    let files = [BuiltInPaths.agentToken] + destinations.map(path)
    return probe.succeeds(StartupProbe.filesExist + (proxyPort.map(listens) ?? ""), arguments: files)
  }

  /// Consul Template's: every file it renders is there.
  package func consulTemplate(destinations: [String]) -> Value {
    probe.filesExist(destinations.map(path))
  }

  private func path(_ destination: String) -> String { BuiltInPaths.secrets + "/" + destination }

  private var probe: StartupProbe { StartupProbe(seconds: settings.startupSeconds) }

  /// The proxy listens on the loopback address, where the kubelet's own probes do not reach; the kernel's table
  /// needs no network tool.
  private func listens(on port: Int) -> String {
    let digits = String(port, radix: 16, uppercase: true)
    let hexadecimal = String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    return "\ngrep -q ' 0100007F:\(hexadecimal) 00000000:0000 0A ' /proc/net/tcp"
  }
}
