/// What the user calls this program, for help and messages.
enum ProgramName {
  /// The file kubectl looks for when one types `kubectl vault-inject`.
  private static let pluginFile = "kubectl-vault_inject"

  /// `kubectl vault-inject` where kubectl started the program, else the program's own name.
  static let current: String = {
    let file = CommandLine.arguments.first.map(basename) ?? ""
    if file == pluginFile { return "kubectl vault-inject" }
    let isStartedByKubectl = Environment.value("_").map(basename) == "kubectl"
    return isStartedByKubectl ? "kubectl vault inject" : "kubectl-vault-inject"
  }()

  private static func basename(_ path: String) -> String {
    path.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(path[path.utf8.index(after: $0)...]) } ?? path
  }
}
