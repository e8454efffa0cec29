public import ManifestText

/// Why the way to a cluster cannot be told from kubeconfig files and flags.
///
/// It names a place but carries no text of the file: lines of a kubeconfig hold secrets.
public struct KubeconfigError: Error, Equatable, Sendable {
  /// Who has to fix it.
  public enum Kind: Equatable, Sendable {
    /// The command line asks for what cannot be.
    case usage
    /// A file that is named is not there.
    case missing
    /// A file is there and cannot be used.
    case refused
    /// Nothing is wrong, but there is no cluster to talk to.
    case unavailable
  }

  /// Who has to fix it.
  public let kind: Kind
  /// `file:line:column` or a file's name; nil where the command line is at fault.
  public let place: String?
  /// What was found and what would be accepted; without a range.
  public let diagnostic: Diagnostic

  init(_ kind: Kind = .refused, at place: String? = nil, _ diagnostic: Diagnostic) {
    self.kind = kind
    self.place = place
    self.diagnostic = diagnostic
    assert(diagnostic.range == nil)
  }

  /// A finding about a text, its place taken out of it.
  init(_ diagnostic: Diagnostic, in source: SourceText) {
    let place = diagnostic.range.map { "\(source.location(of: $0.lowerBound))" }
    var placeless = diagnostic
    placeless.range = nil
    self.init(at: place ?? source.name, placeless)
  }
}

extension KubeconfigError {
  /// Where a setting comes from: a flag, or a key of a kubeconfig's entry.
  enum Origin {
    case flag
    case entry(KubeconfigEntry, key: String)

    /// What is wrong with the setting, pointed at.
    func error(_ diagnostic: Diagnostic) -> KubeconfigError {
      switch self {
      case .flag: KubeconfigError(.usage, diagnostic)
      case .entry(let entry, let key): entry.error(at: key, diagnostic)
      }
    }
  }
}
