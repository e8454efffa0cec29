internal import ManifestText

/// What a dialect's annotations are called, accept and do: the documented part of its table, for hints and documentation.
public final class AnnotationSchema: Equatable, Sendable {
  /// One annotation, or a family of them whose keys end with a name of the user's own.
  ///
  /// Each is made once, and the same as itself alone.
  public final class Row: Equatable, Sendable {
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
    /// The setting that the default comes from; nil where it comes from none.
    package let setting: String?
    /// What the empty text means, in words that go after "is there and empty,"; nil where that is nothing special.
    package let meaningOfEmpty: String?
    /// A value that is accepted; nil for what only the injector sets.
    package let example: String?
    /// What its readers in the pod take, beyond what the injector does; nil where that is anything.
    package let shape: ValueShape?
    /// The name that the example of a family has at the end of its key.
    package let exampleName: String
    /// What the keys of a family begin with; nil for one annotation.
    public let stem: String?

    init(
      _ key: String, default fallback: String, accepts accepted: String, _ summary: String, conditions: [String] = [],
      setting: String? = nil, meaningOfEmpty: String? = nil, example: String? = nil, shape: ValueShape? = nil,
      exampleName: String = ""
    ) {
      self.key = key
      self.fallback = fallback
      self.accepted = accepted
      self.summary = summary
      self.conditions = conditions
      self.setting = setting
      self.meaningOfEmpty = meaningOfEmpty
      self.example = example
      self.shape = shape
      self.exampleName = exampleName
      stem = Row.stem(of: key)
    }

    /// True for one and the same row.
    public static func == (one: Row, other: Row) -> Bool { one === other }

    /// The key, of a family that of the member with a name.
    package func key(of name: String) -> String { stem.map { $0 + name } ?? key }

    /// What the name of a family's members stands for in capitals: `NAME`; nil for one annotation.
    package var placeholder: String? { stem.map { String(key.dropFirst($0.count)) } }

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
  package let misnomers: [String: String]

  /// The full key of the annotation that keeps what undoing an injection needs.
  let recordKey: String
  /// The full keys of the rows.
  private let fullKeys: [(row: Row, key: String)]
  /// The rows that are no families, by their keys.
  private let fixed: [String: Row]
  private let families: [(stem: String, row: Row)]

  init(prefix: String, rows: [Row], misnomers: [String: String] = [:]) {
    self.prefix = prefix
    self.rows = rows
    self.misnomers = misnomers
    let stem = prefix.isEmpty ? "" : prefix + "/"
    recordKey = stem + "injection"
    fullKeys = rows.map { ($0, stem + $0.key) }
    fixed = rows.reduce(into: [:]) { fixed, row in if row.stem == nil { fixed[row.key] = row } }
    families = rows.compactMap { row in row.stem.map { ($0, row) } }
  }

  /// True for the same annotations with the same prefix.
  public static func == (one: AnnotationSchema, other: AnnotationSchema) -> Bool {
    one.prefix == other.prefix && one.rows == other.rows
  }

  /// The full key of one of the rows.
  func fullKey(of row: Row) -> String { fullKeys.first { $0.row === row }?.key ?? fullKey(row.key) }

  /// The full key of an annotation.
  public func fullKey(_ key: String) -> String { prefix.isEmpty ? key : "\(prefix)/\(key)" }

  /// The row of a key without its prefix; nil where the dialect has none such.
  public func row(_ key: String) -> Row? {
    fixed[key] ?? families.first { key.utf8.count > $0.stem.utf8.count && ByteText.begins(key, with: $0.stem) }?.row
  }
}

/// What annotation a person may have meant by a key that means nothing.
struct AnnotationGuess {
  /// The annotations under a prefix, which are asked for where a key may be meant for one of them.
  struct Source: Sendable {
    let prefix: AnnotationPrefix?
    let schema: @Sendable () -> AnnotationSchema
  }

  private let sources: [Source]
  private var schemas: [AnnotationSchema] { sources.map { $0.schema() } }

  init(_ sources: [Source]) { self.sources = sources }

  init(_ schemas: [AnnotationSchema]) {
    self.init(schemas.map { schema in Source(prefix: AnnotationPrefix(schema.prefix), schema: { schema }) })
  }

  /// The full keys of the known annotations that are nearest to a key of this schema's prefix, the likeliest first.
  func nearest(to key: String, in schema: AnnotationSchema) -> [String] {
    let foreign = schemas.lazy.filter { $0.prefix != schema.prefix }
      .compactMap { other in other.row(key).map { (key: other.fullKey(key), row: $0) } }.first
    let name = schema.misnomers[key] ?? foreign.flatMap { schema.misnomers[$0.row.key] }
    let own = name ?? nearestName(to: key, in: schema)
    return [own.map(schema.fullKey), foreign?.key].compactMap(\.self)
  }

  /// True where one full key is nothing but another spelling of a known one, so that it can be put right unasked.
  static func isRespelling(_ key: String, of known: String) -> Bool {
    let isFamily = known.hasSuffix("-NAME") || known.hasSuffix("-PARAM")
    let (name, other) = (key.split(separator: "/").last, known.split(separator: "/").last)
    guard !isFamily, let name, let other else { return false }
    return AnnotationWords(String(name)).isSame(as: AnnotationWords(String(other)))
      || NearestName.nearest(to: String(name), among: [String(other)]) != nil
  }

  private func nearestName(to key: String, in schema: AnnotationSchema) -> String? {
    let lowercased = key.lowercased()
    let fixed = schema.rows.filter { $0.stem == nil }.map(\.key)
    if let name = fixed.first(where: { $0 == lowercased }) { return name }
    let stems = schema.rows.compactMap(\.stem)
    if let name = stems.lazy.compactMap({ Self.key(key, under: $0) }).first { return name }
    if let row = schema.rows.first(where: { $0.stem == lowercased + "-" || $0.stem == lowercased }) { return row.key }
    let words = AnnotationWordIndex(fixed: fixed, families: stems)
    return words.sameWords(as: key) ?? NearestName.nearest(to: key, among: fixed, within: 1)
      ?? nearestMember(key, of: stems) ?? nearestFamily(key, in: schema) ?? words.nearestWords(to: key)
      ?? NearestName.nearest(to: key, among: fixed) ?? completed(key, fixed: fixed, stems: stems)
  }

  /// The key as a member of a family, where it is one but for the case of its letters.
  private static func key(_ key: String, under stem: String) -> String? {
    guard key.utf8.count > stem.utf8.count, key.lowercased().hasPrefix(stem) else { return nil }
    return stem + key.dropFirst(stem.count)
  }

  /// The key as a member of the family that what it begins with is nearest to.
  private func nearestMember(_ key: String, of stems: [String]) -> String? {
    let dashes = key.indices.filter { key[$0] == "-" }
    for dash in dashes {
      let end = key.index(after: dash)
      guard let stem = NearestName.nearest(to: String(key[..<end]), among: stems), end < key.endIndex else { continue }
      return stem + key[end...]
    }
    return nil
  }

  /// The family that is meant by what its keys begin with, misspelt, where the name of a member is missing.
  private func nearestFamily(_ key: String, in schema: AnnotationSchema) -> String? {
    let families = schema.rows.filter { $0.stem != nil }
    let stem = NearestName.nearest(to: "\(key)-", among: families.compactMap(\.stem))
    return stem.flatMap { stem in families.first { $0.stem == stem }?.key }
  }

  /// The shortest known key that this one is the end of.
  private func completed(_ key: String, fixed: [String], stems: [String]) -> String? {
    let names = fixed.filter { $0.hasSuffix("-" + key) }
    let members = stems.compactMap { stem in
      let starts = stem.indices.filter { stem[$0] == "-" }.map { stem[stem.index(after: $0)...] }
      return starts.first { !$0.isEmpty && key.hasPrefix($0) && key.count > $0.count }
        .map { stem.dropLast($0.count) + key }
    }
    return (names + members.map(String.init)).min { $0.utf8.count < $1.utf8.count }
  }

  // MARK: Prefixes

  /// The known annotation that a key of no known prefix is nearest to, the prefix misspelt; nil where none is near.
  func nearest(toForeign key: String) -> String? {
    for source in sources {
      guard let name = source.prefix?.name(in: key), !name.isEmpty else { continue }
      let schema = source.schema()
      if schema.row(name) != nil { return schema.fullKey(name) }
      if let nearest = nearest(to: name, in: schema).first { return nearest }
    }
    return nil
  }
}
