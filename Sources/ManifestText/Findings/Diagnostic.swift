/// One finding about an input: what is wrong, where, and how to fix it.
///
/// A diagnostic is thrown where nothing of the input can be used, and collected where the rest can.
/// Each module writes its sentences as static factories in one extension of this type.
public struct Diagnostic: Error, Equatable, Sendable {
  /// How bad a finding is.
  public enum Severity: String, Equatable, Sendable {
    /// The input is refused.
    case error
    /// The input is used; a person should look at it.
    case warning
    /// Worth knowing.
    case note
  }

  /// How bad it is.
  public var severity: Severity
  /// What kind of finding it is.
  public var rule: Rule
  /// One sentence without a full stop: what was found.
  public var message: String
  /// What would be accepted or how to fix it; nil where the message says it all.
  public var hint: String?
  /// The bytes of the input this is about; nil where it is about the input as a whole.
  public var range: Range<Int>?
  /// What puts it right; nil where that is for a person to say.
  public var fix: Fix?
  /// True where the input's text at that place may hold a secret, so that it is not to be shown.
  public var hidesText = false

  /// Puts a finding together, as bad as its rule says or as is told here.
  public init(
    as severity: Severity? = nil, rule: Rule, message: String, hint: String? = nil, range: Range<Int>? = nil,
    fix: Fix? = nil
  ) {
    self.severity = severity ?? rule.level
    self.rule = rule
    self.message = message
    self.hint = hint
    self.range = range
    self.fix = fix
  }
}

extension Diagnostic {
  /// The same finding with what puts it right.
  package func fixed(by fix: Fix?) -> Diagnostic {
    var finding = self
    finding.fix = fix
    return finding
  }
}

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
