internal import Platform
internal import Synchronization

/// Whether text is coloured: as the command line says, else as the environment does, else where a terminal shows it.
package enum ColorChoice: String, CaseIterable, Sendable {
  case auto, always, never

  private static let inForce = Mutex(ColorChoice.auto)

  /// Makes this the choice for all that the process shows.
  package func takeEffect() { ColorChoice.inForce.withLock { $0 = self } }

  /// Whether a stream takes colour.
  static func allows(on descriptor: FileDescriptor) -> Bool {
    inForce.withLock { $0 }.allows(isTerminal: descriptor.isTerminal, Environment.value)
  }

  /// Whether a stream takes colour in an environment: `NO_COLOR` takes it off, `FORCE_COLOR` and `CLICOLOR_FORCE` turn it
  /// on everywhere; at a terminal `CLICOLOR=0` and `TERM=dumb` take it off.
  package func allows(isTerminal: Bool, _ variable: (String) -> String?) -> Bool {
    func value(_ name: String) -> String? { variable(name).flatMap { $0.isEmpty ? nil : $0 } }
    switch self {
    case .always: return true
    case .never: return false
    case .auto:
      if value("NO_COLOR") != nil { return false }
      if let force = value("FORCE_COLOR") { return force != "0" && force != "false" }
      if let force = value("CLICOLOR_FORCE"), force != "0" { return true }
      guard isTerminal, value("CLICOLOR") != "0", let term = variable("TERM") else { return false }
      return term != "dumb"
    }
  }
}
