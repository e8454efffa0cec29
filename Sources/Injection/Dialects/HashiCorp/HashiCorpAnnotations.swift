internal import ManifestText
internal import Workloads

/// The annotations of a pod under HashiCorp's prefix, read by type; each refusal points at the value.
struct HashiCorpAnnotations {
  /// Without the prefix, in byte order of their keys.
  let entries: [Annotations.Named]
  /// Where all annotations stand, for findings about one that is missing.
  let range: Range<Int>?
  private let places: NameIndex

  init(_ template: PodTemplate) throws(Diagnostic) {
    let annotations = try template.annotations()
    entries = try annotations.all(withPrefix: "\(HashiCorpDialect.prefix)/")
    range = annotations.range
    places = NameIndex(entries.map(\.key))
  }

  /// An annotation by its key after the prefix.
  subscript(key: String) -> Annotations.Located? {
    places.place(of: key).map { entries[$0].value }
  }

  /// The text of an annotation; a default holds only where the key is absent.
  func text(_ key: String, default fallback: @autoclosure () -> String = "") -> String {
    self[key]?.text ?? fallback()
  }

  /// Where an annotation stands, or all of them where it is missing.
  func place(_ key: String) -> Range<Int>? { self[key]?.range ?? range }

  /// What to name where a value makes no sense: the annotation, or the operator's setting that stands in for it.
  func culprit(_ key: String, _ setting: String?) -> String { self[key] == nil ? setting ?? key : key }

  /// The annotations of a family, such as `auth-config-PARAM`, by what stands in the family's place holder.
  func family(_ prefix: String) -> [(name: String, value: Annotations.Located)] {
    var members: [(String, Annotations.Located)] = []
    for entry in entries {
      if let name = ByteText.rest(of: entry.key, after: prefix) { members.append((name, entry.value)) }
    }
    return members
  }

  /// Where the first member of a family stands; nil where there is none.
  func firstPlace(of prefix: String) -> Range<Int>? {
    entries.first { $0.key.utf8.starts(with: prefix.utf8) }?.value.range
  }

  // MARK: Values with a type

  func boolean(_ key: String, default fallback: Bool = false) throws(Diagnostic) -> Bool {
    guard let value = self[key] else { return fallback }
    return try parsed(value.text, key, "`true` or `false`", GoParse.bool)
  }

  /// The value an annotation or, where it is absent, an operator gives.
  func parsed<Parsed>(
    _ text: String, _ key: String, _ accepted: String, setting: String? = nil,
    _ parse: (String) throws(GoParse.Failure) -> Parsed
  ) throws(Diagnostic) -> Parsed {
    do throws(GoParse.Failure) {
      return try parse(text)
    } catch {
      throw .hashicorp(
        .parsing, error.message, hint: "`\(culprit(key, setting))` has to be \(accepted)", at: place(key))
    }
  }
}
