public import ManifestText

/// A finding about one of several files, and the file it is about.
public struct FileDiagnostic: Error, Sendable {
  /// The finding.
  public let diagnostic: Diagnostic
  /// The file; nil where the finding is about a file that is missing, or about none.
  public let source: SourceText?

  /// Brings the two together.
  public init(_ diagnostic: Diagnostic, in source: SourceText?) {
    self.diagnostic = diagnostic
    self.source = source
  }
}
