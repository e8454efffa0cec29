/// A kind of finding: its stable name, how bad it is, and what a person should know of it.
///
/// Every diagnostic is of a rule, and every rule is a row in a table: `static let` declarations, which each target has
/// for what it finds. The reports, `explain rule` and the documentation read them.
public final class Rule: Sendable {
  /// A short stable name for people and machines, such as `yaml-syntax`.
  public let id: String
  /// How bad a finding of the rule is unless it says otherwise.
  public let level: Diagnostic.Severity
  /// The dialect whose annotations the rule is about; nil where it is about none in particular.
  public let dialect: String?
  /// What is wrong, in one sentence.
  public let summary: String
  /// Why it matters.
  public let reason: String
  /// What the rule finds something in, and what it does not; nil for a fault.
  public let examples: Examples?

  /// A manifest that fails and one that passes.
  ///
  /// Each is a whole manifest, or lines for the annotations of an ordinary pod.
  public struct Examples: Sendable {
    /// What the rule finds something in.
    public let fails: String
    /// The same as it should be.
    public let passes: String
  }

  /// A rule about what manifests say: its findings are collected, and can be ignored.
  package init(
    _ id: String, _ level: Diagnostic.Severity, in dialect: String? = nil, _ summary: String, because reason: String,
    fails: String, passes: String
  ) {
    (self.id, self.level, self.dialect, self.summary, self.reason) = (id, level, dialect, summary, reason)
    examples = Examples(fails: fails, passes: passes)
  }

  /// A fault: why something cannot be read, done or had.
  ///
  /// It cannot be ignored.
  package init(
    fault id: String, as level: Diagnostic.Severity = .error, in dialect: String? = nil, _ summary: String,
    _ reason: String
  ) {
    (self.id, self.level, self.dialect, self.summary, self.reason) = (id, level, dialect, summary, reason)
    examples = nil
  }

  /// True for rules about what manifests say, which `--ignore` silences.
  public var isIgnorable: Bool { examples != nil }
}

extension Rule: Equatable, CustomStringConvertible {
  /// Rules are the same where their names are.
  public static func == (one: Rule, other: Rule) -> Bool { one === other || one.id == other.id }

  /// The name.
  public var description: String { id }
}
