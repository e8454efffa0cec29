/// Why a template does not work: what the agent refuses, and where.
public struct TemplateFault: Error, Equatable, Sendable {
  /// When it shows.
  public enum Stage: Equatable, Sendable {
    /// The template cannot be read: the agent ends, or tries again and again.
    case parsing
    /// The template can be read, and certainly fails when it is filled in.
    case execution
    /// The same, where the agent comes to that place at all.
    case reachedExecution
    /// It nests deeper than is read here; what the agent says of it is not known.
    case unjudged
  }

  /// What kind of mistake it is, as far as something else follows from it.
  public enum Kind: Equatable, Sendable {
    /// A field whose name has a character that names have not: `.Data.a-b`.
    case fieldName
    /// An action that Helm was to write, or its escapes.
    case helm
    case other
  }

  /// When it shows.
  public let stage: Stage
  /// What kind of mistake it is.
  public var kind = Kind.other
  /// What is wrong, in one sentence without a full stop.
  public let message: String
  /// What Go says of it, without the place.
  public let agent: String
  /// How to fix it; nil where the message says it all.
  public var hint: String?
  /// The bytes of the template's text that it is about.
  public let range: Range<Int>
}
