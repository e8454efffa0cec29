/// What a dialect's annotations are called, accept and do: the documented part of its table, for hints and documentation.
public struct AnnotationSchema: Equatable, Sendable {
  /// One annotation, or a family of them whose keys end with a name of the user's own.
  public struct Row: Equatable, Sendable {
    /// The key after the dialect's prefix; the end of a family's keys is in capitals, as in `agent-inject-file-NAME`.
    public let key: String
    /// What holds where the annotation is absent, in words.
    public let fallback: String
    /// The values that are accepted, in words.
    public let accepted: String
    /// What it does, in one sentence.
    public let summary: String
    /// What it needs or cannot go with, one sentence each.
    public let conditions: [String]
    /// What the keys of a family begin with; nil for one annotation.
    public let stem: String?

    init(
      _ key: String, default fallback: String, accepts accepted: String, _ summary: String, conditions: [String] = []
    ) {
      self.key = key
      self.fallback = fallback
      self.accepted = accepted
      self.summary = summary
      self.conditions = conditions
      stem = Row.stem(of: key)
    }

    /// The key, of a family that of the member with a name.
    func key(of name: String) -> String { stem.map { $0 + name } ?? key }

    private static func stem(of key: String) -> String? {
      let end = key.utf8.reversed().prefix { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) }
      return end.isEmpty ? nil : String(key.dropLast(end.count))
    }
  }

  /// What stands in front of the slash in each key; empty for bare keys.
  public let prefix: String
  /// The annotations, in the order they are documented.
  public let rows: [Row]
  /// What others call some of them, as a rule another injector, by the key they stand for here.
  let misnomers: [String: String]

  init(prefix: String, rows: [Row], misnomers: [String: String] = [:]) {
    self.prefix = prefix
    self.rows = rows
    self.misnomers = misnomers
  }

  /// The full key of an annotation.
  public func fullKey(_ key: String) -> String { prefix.isEmpty ? key : "\(prefix)/\(key)" }

  /// The row of a key without its prefix; nil where the dialect has none such.
  public func row(_ key: String) -> Row? {
    rows.first { $0.stem == nil && $0.key == key }
      ?? rows.first { row in row.stem.map { key.utf8.count > $0.utf8.count && key.hasPrefix($0) } ?? false }
  }
}
