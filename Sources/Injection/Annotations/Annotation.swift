internal import ManifestText
internal import Workloads

/// One annotation, or a family of them whose keys end with a name: its row in a dialect's table.
///
/// A dialect reads a pod through its table alone: `annotations[row]` is the value of the annotation or, where the pod
/// has none, the default of the row.
final class Annotation<Source: AnnotationSource, Value: Sendable>: Sendable {
  /// What is documented of it.
  let row: AnnotationSchema.Row
  /// What is known of it whatever the type of its value.
  let entry: AnnotationEntry<Source.Pod>
  /// How its text is read.
  let type: AnnotationType<Value>
  /// What holds where it is absent.
  let fallback: AnnotationDefault<Source, Value>

  init(
    _ key: String, _ type: AnnotationType<Value>, default fallback: AnnotationDefault<Source, Value>,
    _ summary: String, _ conditions: AnnotationCondition<Source.Pod>...,
    whenEmpty: EmptyAnnotation<Source.Pod>? = nil, exampleName: String = "db"
  ) {
    row = AnnotationSchema.Row(
      key, default: fallback.words, accepts: type.accepted, summary, conditions: conditions.map(\.words),
      setting: fallback.setting, meaningOfEmpty: whenEmpty?.meaning,
      example: type.examples.first { fallback.words != "`\($0)`" }, shape: type.shape, exampleName: exampleName)
    entry = AnnotationEntry(row: row, conditions: conditions, whenEmpty: whenEmpty, isOff: type.isOff)
    self.type = type
    self.fallback = fallback
  }

  /// The key, without the dialect's prefix.
  var key: String { row.key }
}

/// A row of a dialect's table without the type of its value.
final class AnnotationEntry<Pod>: Sendable {
  /// What is documented of it.
  let row: AnnotationSchema.Row
  /// What has to hold for it to be of use, in the order it is checked.
  let conditions: [AnnotationCondition<Pod>]
  /// What the empty text means; nil where that is what its absence means, or nothing to be told about.
  let whenEmpty: EmptyAnnotation<Pod>?
  /// True for a text that asks for nothing, which therefore cannot be without effect.
  let isOff: @Sendable (String) -> Bool

  init(
    row: AnnotationSchema.Row, conditions: [AnnotationCondition<Pod>], whenEmpty: EmptyAnnotation<Pod>?,
    isOff: @escaping @Sendable (String) -> Bool
  ) {
    self.row = row
    self.conditions = conditions
    self.whenEmpty = whenEmpty
    self.isOff = isOff
  }

  /// What may be said of a pod, whether it has the annotation or not.
  var judgements: [AnnotationJudgement<Pod>] {
    conditions.compactMap { condition in condition.finding.map { AnnotationJudgement(row: row, finding: $0) } }
  }

  /// Why the annotation, which a pod has with this text, is without effect; nil where it has one.
  func obstacle(in pod: Pod, _ place: AnnotationPlace, _ text: String) -> AnnotationObstacle? {
    guard !text.isEmpty, !isOff(text) else { return nil }
    return conditions.lazy.compactMap(\.effect).first { $0.isPrevented(pod, place) }?.obstacle
  }
}

/// A condition of an annotation of which something is said where a pod breaks it.
struct AnnotationJudgement<Pod>: Sendable {
  let row: AnnotationSchema.Row
  fileprivate let finding: @Sendable (Pod, AnnotationPlace) -> Diagnostic?

  /// What is said of a pod in which the annotation stands at a place; nil where there is nothing to say.
  func finding(on pod: Pod, at range: Range<Int>?) -> Diagnostic? {
    finding(pod, AnnotationPlace(key: row.key, range: range))
  }
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
  /// Texts that are accepted, the likeliest first; empty for what only an injector writes.
  let examples: [String]
  /// What the text has to be beyond what the injector asks of it; nil where that is anything.
  let shape: ValueShape?
  let parse: @Sendable (String) throws(GoParse.Failure) -> Value
  /// True for a text that asks for nothing.
  var isOff: @Sendable (String) -> Bool = { _ in false }

  /// A type; where no example is given, the words that `accepted` quotes are examples.
  init(
    _ accepted: String, as shape: ValueShape? = nil, like example: String? = nil,
    _ parse: @escaping @Sendable (String) throws(GoParse.Failure) -> Value
  ) {
    self.accepted = accepted
    examples = example.map { [$0] } ?? Self.quoted(in: accepted)
    self.shape = shape
    self.parse = parse
  }

  private static func quoted(in text: String) -> [String] {
    text.split(separator: "`", omittingEmptySubsequences: false).enumerated()
      .filter { !$0.offset.isMultiple(of: 2) }.map { String($0.element) }
  }
}

extension AnnotationType<Bool> {
  /// The type, with the texts that mean no as such that ask for nothing.
  var offWhereFalse: AnnotationType {
    var type = self
    type.isOff = { [parse] text in (try? parse(text)) == false }
    return type
  }
}

extension AnnotationType<String> {
  /// Text that counts as it is written.
  static func text(_ accepted: String, _ shape: ValueShape = .line, like example: String? = nil) -> AnnotationType {
    AnnotationType(accepted, as: shape, like: example) { $0 }
  }
}

extension AnnotationType<String?> {
  /// Text, of which the empty one counts as none.
  static func optional(_ accepted: String, _ shape: ValueShape = .line, like example: String? = nil) -> AnnotationType {
    AnnotationType(accepted, as: shape, like: example) { $0.isEmpty ? nil : $0 }
  }
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
  /// The path of the setting it comes from; nil where it comes from none.
  let setting: String?
  let content: @Sendable (Source) -> Content

  /// A value that depends on the pod or on settings.
  init(_ words: String, _ value: @escaping @Sendable (Source) -> Value) {
    self.init(words: words) { .value(value($0)) }
  }

  private init(words: String, setting: String? = nil, _ content: @escaping @Sendable (Source) -> Content) {
    self.words = words
    self.setting = setting
    self.content = content
  }

  /// Text that is read as the annotation's own would be.
  static func text(_ text: String) -> AnnotationDefault {
    AnnotationDefault(words: "`\(text)`") { _ in .text(text, setting: nil) }
  }

  /// What a setting says.
  static func setting(_ path: String, _ value: @escaping @Sendable (Source) -> Value) -> AnnotationDefault {
    setting(path, content: { .value(value($0)) })
  }

  /// What a setting says, as a value or as text.
  static func setting(_ path: String, content: @escaping @Sendable (Source) -> Content) -> AnnotationDefault {
    AnnotationDefault(words: words(ofSetting: path), setting: path, content)
  }

  /// What is said of a default that a setting decides.
  static func words(ofSetting path: String) -> String { "the setting `\(path)`" }
}

extension AnnotationDefault where Value: ExpressibleByNilLiteral {
  static var none: AnnotationDefault { absent("none") }

  /// No value, and in words what holds then.
  static func absent(_ words: String) -> AnnotationDefault { AnnotationDefault(words) { _ in nil } }
}

extension AnnotationDefault where Value == Bool {
  static var off: AnnotationDefault { AnnotationDefault("off") { _ in false } }

  static func boolean(_ value: Bool) -> AnnotationDefault { AnnotationDefault("`\(value)`") { _ in value } }
}

extension AnnotationDefault where Value == String {
  /// No text.
  static var empty: AnnotationDefault { AnnotationDefault("none") { _ in "" } }
}
