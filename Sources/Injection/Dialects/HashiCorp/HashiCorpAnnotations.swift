internal import ManifestText
internal import Workloads

/// The annotations of a pod under HashiCorp's prefix, read by their rows; each refusal points at the value.
///
/// An empty annotation is there, and mostly means something else than its absence.
final class HashiCorpAnnotations: AnnotationSource {
  typealias Pod = HashiCorpPod

  /// Without the prefix, in byte order of their keys.
  let entries: [Annotations.Named]
  /// Where all annotations stand, for findings about one that is missing.
  let range: Range<Int>?
  let settings: HashiCorpDialect.Settings
  let namespace: String
  /// True where the pod is to run to completion.
  let isToEnd: Bool
  /// What the table has for each of the entries; nil for a key that is none.
  let known: [(entry: HashiCorpTable.Entry, name: String)?]
  /// Where the annotations are that belong to no family, each by its row.
  private let fixed: [(row: ObjectIdentifier, place: Int)]
  private let places: NameIndex

  /// The keys of those that stand under the former prefix; nil where none counts.
  private let former: NameIndex?

  /// Up to so many annotations, comparing them all is faster than making the key of one that is looked for.
  private static let few = 12

  init(_ template: PodTemplate, _ settings: HashiCorpDialect.Settings, namespace: String) throws(Diagnostic) {
    let annotations = try template.annotations()
    (entries, former) = try annotations.all(of: settings)
    range = annotations.range
    places = NameIndex(entries.map(\.key))
    let missing = settings.brand.missing
    let known = entries.map { entry in
      HashiCorpTable.entry(of: entry.key).flatMap { found in missing.contains(found.entry.row) ? nil : found }
    }
    self.known = known
    fixed = known.indices.compactMap { index in
      known[index].flatMap { $0.entry.row.stem == nil ? (ObjectIdentifier($0.entry.row), index) : nil }
    }
    self.settings = settings
    self.namespace = namespace
    isToEnd = try template.isToEnd()
  }

  // MARK: Values

  /// The value of an annotation or, where it is absent, its default.
  /// - Throws: A `Diagnostic` in the webhook's words where the text makes no sense.
  subscript<Value>(row: HashiCorpTable.Row<Value>) -> Value {
    get throws(Diagnostic) { try value(of: row) }
  }

  /// The same for the member of a family that has this name.
  subscript<Value>(row: HashiCorpTable.Row<Value>, name: String) -> Value {
    get throws(Diagnostic) { try value(of: row, name) }
  }

  /// A text, which counts as it is written.
  subscript(row: HashiCorpTable.Row<String>) -> String { text(of: row, located(row.row)) }

  subscript(row: HashiCorpTable.Row<String>, name: String) -> String { text(of: row, located(row.row, name)) }

  /// A text; nil where it is empty.
  subscript(row: HashiCorpTable.Row<String?>) -> String? {
    if let found = located(row.row) { return found.text.isEmpty ? nil : found.text }
    switch row.fallback.content(self) {
    case .value(let text): return text
    case .text(let text, _): return text.isEmpty ? nil : text
    }
  }

  /// The value, refused as the webhook does it where it gets to the annotation in this phase.
  func value<Value>(
    of row: HashiCorpTable.Row<Value>, _ name: String = "", in phase: HashiCorpPhase = .parsing
  ) throws(Diagnostic) -> Value {
    let text: String
    var culprit: String?
    if let found = located(row.row, name) {
      text = found.text
    } else {
      switch row.fallback.content(self) {
      case .value(let value): return value
      case .text(let fallback, let setting): (text, culprit) = (fallback, setting)
      }
    }
    do throws(GoParse.Failure) {
      return try row.type.parse(text)
    } catch {
      let subject = culprit.map(settings.brand.setting) ?? row.row.key(of: name)
      let hint = "`\(subject)` has to be \(row.type.accepted)"
      let own = "`\(subject)` cannot be `\(text)`"
      throw .hashicorp(phase, error.message, hint: hint, at: place(row.row, name), saying: own)
    }
  }

  private func text(of row: HashiCorpTable.Row<String>, _ found: Annotations.Located?) -> String {
    found?.text ?? fallback(of: row)
  }

  /// The text that holds where an annotation is absent.
  func fallback(of row: HashiCorpTable.Row<String>) -> String {
    switch row.fallback.content(self) {
    case .value(let text), .text(let text, _): text
    }
  }

  // MARK: Places

  /// The full key of an annotation, as it is written where it is there.
  func fullKey(_ key: String) -> String {
    guard let prefix = settings.former?.prefix, let former, former.contains(key) else {
      return settings.brand.fullKey(key)
    }
    return "\(prefix)/\(key)"
  }

  /// An annotation as it is written; nil where it is absent.
  func located(_ row: AnnotationSchema.Row, _ name: String = "") -> Annotations.Located? {
    guard let stem = row.stem else {
      let identity = ObjectIdentifier(row)
      return fixed.first { $0.row == identity }.map { entries[$0.place].value }
    }
    guard entries.count > Self.few else {
      let index = entries.indices.first { ByteText.isEqual(entries[$0].key, stem, then: name) }
      return index.map { entries[$0].value }
    }
    return places.place(of: stem + name).map { entries[$0].value }
  }

  /// Where an annotation stands, or all of them where it is missing.
  func place(_ row: AnnotationSchema.Row, _ name: String = "") -> Range<Int>? { located(row, name)?.range ?? range }

  /// The members of a family, such as `auth-config-PARAM`, by what stands in the family's place holder.
  func members(of row: AnnotationSchema.Row) -> [(name: String, value: Annotations.Located)] {
    guard let stem = row.stem else { return [] }
    var members: [(String, Annotations.Located)] = []
    for entry in entries {
      if let name = ByteText.rest(of: entry.key, after: stem) { members.append((name, entry.value)) }
    }
    return members
  }
}

extension Annotations {
  /// Those of an injector, without their prefixes, in byte order of their keys, and the keys of those under another's.
  fileprivate func all(
    of settings: HashiCorpDialect.Settings
  ) throws(Diagnostic) -> (entries: [Named], former: NameIndex?) {
    let own = try all(withPrefix: settings.brand.fullKey(""))
    guard let former = settings.former else { return (own, nil) }
    let others = try formerOnes(former, beside: settings.brand).filter { $0.isCounted }.map(\.annotation)
    return ((own + others).sorted { GoText.precedes($0.key, $1.key) }, NameIndex(others.map(\.key)))
  }

  /// Another injector's annotations, and whether each counts: it does not where there is one of the same name.
  func formerOnes(
    _ former: AgentBrand.Former, beside brand: AgentBrand
  ) throws(Diagnostic) -> [(annotation: Named, isCounted: Bool)] {
    let own = NameIndex(try all(withPrefix: brand.fullKey("")).map(\.key))
    return try all(withPrefix: former.prefix + "/").map { ($0, !own.contains($0.key)) }
  }
}
