internal import ManifestText

/// The scripts that start the built-in containers' programs, for any POSIX `sh`.
///
/// They travel in manifests: no `${` (Flux and envsubst would substitute it), no `$$`, and no `$(` around a bare
/// name (Kubernetes would). What settings and pods bring stands in quoted here-documents.
struct AgentScript: Sendable {
  /// How long a script waits.
  enum Wait {
    /// Until the program ends.
    case forProgram
    /// Until the babysitter says that the job's container has ended, or the program has.
    case forJob
  }

  private let beginning: String
  private let end: String

  private init(_ beginning: String, end: String) { (self.beginning, self.end) = (beginning, end) }

  /// Runs the agent, hands on what stops it, and revokes its token whatever it ended by.
  ///
  /// A stopped sidecar has done its work, an init container has not. A token that is there at the start belongs to a run
  /// that was killed. Shells that keep here-documents in files do that in `TMPDIR`; the root file system is read-only.
  static func agent(program: String, once: Bool) -> AgentScript {
    let program = ShellText.word(program)
    let beginning = """
      export HOME=\(BuiltInPaths.agentHome) TMPDIR=\(BuiltInPaths.agentHome)
      revoke() {
        [ -s ~/token ] || return 0
        VAULT_TOKEN=$(cat ~/token) VAULT_CLIENT_TIMEOUT=5s \(program) token revoke -self && rm -f ~/token
      }
      trap 'exit \(once ? 143 : 0)' TERM INT
      trap 'trap "" TERM INT; kill $! 2>/dev/null; wait; revoke' EXIT
      revoke
      cat >~/agent.hcl <<
      """
    return AgentScript(beginning, end: "\(program) agent -config=$HOME/agent.hcl &\n")
  }

  /// Runs Consul Template, which reads the token that the agent keeps, again whenever it changes.
  ///
  /// Once a job is done there may never be a token again.
  static func consulTemplate(_ wait: Wait) -> AgentScript {
    let orDone = wait == .forJob ? " || [ -e \(BuiltInPaths.jobDone) ]" : ""
    return AgentScript(
      """
      export HOME=\(BuiltInPaths.agentHome) TMPDIR=\(BuiltInPaths.agentHome)
      trap 'exit 0' TERM INT
      trap 'trap "" TERM INT; kill $! 2>/dev/null; wait' EXIT
      until [ -s ~/token ]\(orDone); do sleep 1; done
      cat >~/consul-template.hcl <<
      """,
      end: "consul-template -config=$HOME/consul-template.hcl &\n")
  }

  /// The script with the program's configuration, which ends with a line feed.
  func text(_ configuration: String, _ wait: Wait = .forProgram) -> String {
    text(configuration, endingWith: AgentScript.mark(for: configuration), wait)
  }

  /// The same with a line that ends the here-document.
  func text(_ configuration: String, endingWith mark: String, _ wait: Wait = .forProgram) -> String {
    var text = ""
    text.reserveCapacity(beginning.utf8.count + configuration.utf8.count + end.utf8.count + 128)
    text += beginning
    text += "'"
    text += mark
    text += "'\n"
    text += configuration
    text += mark
    text += "\n"
    text += end
    text += wait == .forJob ? AgentScript.jobWait : "wait $!"
    return text
  }

  private static let jobWait = """
    while [ ! -e \(BuiltInPaths.jobDone) ]; do
      kill -0 $! 2>/dev/null || { wait $!; exit; }
      sleep 1
    done
    """

  /// A line that ends a here-document, and is no line of it.
  static func mark(for text: String) -> String {
    var mark = "END"
    while ByteText.holds(text, mark + "\n") { mark += "_" }
    return mark
  }
}
