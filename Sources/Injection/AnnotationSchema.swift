/// The annotations of a dialect: one row each, for decoding, hints and documentation alike.
public struct AnnotationSchema: Equatable, Sendable {
  /// One annotation.
  public struct Row: Equatable, Sendable {
    /// The key behind the dialect's prefix.
    public let key: String
    /// What holds where the annotation is absent, in words.
    public let fallback: String
    /// The values that are accepted, in words.
    public let accepted: String
    /// What it does, in one sentence.
    public let summary: String

    init(_ key: String, default fallback: String, accepts accepted: String, _ summary: String) {
      self.key = key
      self.fallback = fallback
      self.accepted = accepted
      self.summary = summary
    }
  }

  /// What stands in front of the slash in each key; empty for bare keys.
  public let prefix: String
  /// The annotations, in the order they are documented.
  public let rows: [Row]

  /// The full key of an annotation.
  public func fullKey(_ key: String) -> String { prefix.isEmpty ? key : "\(prefix)/\(key)" }

  /// The annotation of this full key; nil where the dialect has none such.
  public func row(fullKey: String) -> Row? { rows.first { self.fullKey($0.key) == fullKey } }
}
