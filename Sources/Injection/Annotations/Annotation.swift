internal import ManifestText
internal import Workloads

/// One annotation, or a family of them whose keys end with a name: its row in a dialect's table.
///
/// A dialect reads a pod through its table alone: `annotations[.key]` is the value of the annotation or, where the pod
/// has none, the default of the row.
struct Annotation<Source: AnnotationSource, Value: Sendable>: Sendable {
  /// What is documented of it.
  let row: AnnotationSchema.Row
  /// How its text is read.
  let type: AnnotationType<Value>
  /// What holds where it is absent.
  let fallback: AnnotationDefault<Source, Value>
  /// What has to hold for it to be of use, in the order it is checked.
  let conditions: [AnnotationCondition<Source.Pod>]

  init(
    _ key: String, _ type: AnnotationType<Value>, default fallback: AnnotationDefault<Source, Value>,
    _ summary: String, _ conditions: AnnotationCondition<Source.Pod>...
  ) {
    row = AnnotationSchema.Row(
      key, default: fallback.words, accepts: type.accepted, summary, conditions: conditions.compactMap(\.words))
    self.type = type
    self.fallback = fallback
    self.conditions = conditions
  }

  /// The key, without the dialect's prefix.
  var key: String { row.key }
}

/// The annotations of a pod as a dialect reads them, which defaults may depend on.
protocol AnnotationSource {
  /// What the dialect makes of the whole pod.
  associatedtype Pod
}

/// A value that was read, and the annotation it comes from.
struct AnnotationValue<Value: Sendable>: Sendable {
  let value: Value
  /// Nil where the default holds.
  let source: Annotations.Located?

  /// Where the annotation's value stands.
  var range: Range<Int>? { source?.range }
}

// MARK: Types

/// How the text of an annotation is read.
struct AnnotationType<Value: Sendable>: Sendable {
  /// What is accepted, in words that go after "has to be".
  let accepted: String
  let parse: @Sendable (String) throws(GoParse.Failure) -> Value

  init(_ accepted: String, _ parse: @escaping @Sendable (String) throws(GoParse.Failure) -> Value) {
    self.accepted = accepted
    self.parse = parse
  }
}

extension AnnotationType<String> {
  /// Text that counts as it is written.
  static func text(_ accepted: String) -> AnnotationType { AnnotationType(accepted) { $0 } }
}

extension AnnotationType<String?> {
  /// Text, of which the empty one counts as none.
  static func optional(_ accepted: String) -> AnnotationType { AnnotationType(accepted) { $0.isEmpty ? nil : $0 } }
}

// MARK: Defaults

/// What holds where an annotation is absent.
struct AnnotationDefault<Source, Value: Sendable>: Sendable {
  /// What a default is given as.
  enum Content {
    case value(Value)
    /// Text to be read as the annotation's own, and the setting it comes from, to be named where it cannot be read.
    case text(String, setting: String?)
  }

  /// The default in words, for documentation.
  let words: String
  let content: @Sendable (Source) throws(Diagnostic) -> Content

  /// A value that depends on the pod or on settings.
  init(_ words: String, _ value: @escaping @Sendable (Source) throws(Diagnostic) -> Value) {
    self.words = words
    content = { (source) throws(Diagnostic) in .value(try value(source)) }
  }

  private init(words: String, _ content: @escaping @Sendable (Source) -> Content) {
    self.words = words
    self.content = content
  }

  /// Text that is read as the annotation's own would be.
  static func text(_ text: String) -> AnnotationDefault {
    AnnotationDefault(words: "`\(text)`") { _ in .text(text, setting: nil) }
  }

  /// What a setting says.
  static func setting(_ path: String, _ value: @escaping @Sendable (Source) -> Value) -> AnnotationDefault {
    AnnotationDefault(words: words(ofSetting: path)) { .value(value($0)) }
  }

  /// What a setting says in text, which is read as the annotation's own would be.
  static func setting(_ path: String, text: @escaping @Sendable (Source) -> String) -> AnnotationDefault {
    AnnotationDefault(words: words(ofSetting: path)) { .text(text($0), setting: path) }
  }

  private static func words(ofSetting path: String) -> String { "the setting `\(path)`" }
}

extension AnnotationDefault where Value: ExpressibleByNilLiteral {
  static var none: AnnotationDefault { absent("none") }

  /// No value, and in words what holds then.
  static func absent(_ words: String) -> AnnotationDefault { AnnotationDefault(words) { _ in nil } }
}

extension AnnotationDefault where Value: ExpressibleByBooleanLiteral {
  static var off: AnnotationDefault { AnnotationDefault("off") { _ in false } }
}

// MARK: Conditions

/// Something that an annotation needs or cannot go with.
struct AnnotationCondition<Pod>: Sendable {
  /// The condition as a sentence, for documentation; nil where the summary says it.
  let words: String?
  /// What is said of a pod that breaks it, of which an annotation stands at a place; nil for all others.
  let finding: @Sendable (Pod, Range<Int>?) -> Diagnostic?

  /// Something without which the annotation, or one value of it, has no effect or is refused.
  static func needs(
    _ words: String, for value: String? = nil,
    _ finding: @escaping @Sendable (Pod, Range<Int>?) -> Diagnostic? = { _, _ in nil }
  ) -> AnnotationCondition {
    AnnotationCondition(words: (value.map { "`\($0)` needs" } ?? "Needs") + " \(words).", finding: finding)
  }

  /// Something with which the annotation, or one value of it, has no effect or is refused.
  static func excludes(
    _ words: String, for value: String? = nil,
    _ finding: @escaping @Sendable (Pod, Range<Int>?) -> Diagnostic? = { _, _ in nil }
  ) -> AnnotationCondition {
    AnnotationCondition(words: (value.map { "`\($0)` excludes" } ?? "Excludes") + " \(words).", finding: finding)
  }
}
