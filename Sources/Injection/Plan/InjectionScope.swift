internal import ManifestText
internal import Workloads

/// What becomes of an injection that somebody has changed by hand, where it is to be taken out.
package enum HandChanges: Sendable {
  /// It stays, and is refused, unless each change is what would be injected.
  case kept
  /// It goes, and what was changed is lost.
  case discarded
  /// It goes; the settings make so what was changed.
  case adopted
}

/// What an injection, its undoing or a conversion is about: whose annotations, which kinds, and which objects.
final class InjectionScope: Sendable {
  let kinds: WorkloadKinds
  /// What becomes of an injection that somebody has changed by hand.
  let handChanges: HandChanges
  let review: AnnotationReview
  private let terms: InjectionTerms
  /// The scopes of namespaces with terms of their own.
  private let namespaced: [String: InjectionScope]
  private let namespace: String?
  private let selection: Selection
  private let search: AnnotationSearch
  /// What an input holds in which a pod names a ConfigMap for its agents.
  private let configMapKeys: [TextPattern]

  /// Brings the dialects, the known kinds and a selection together.
  ///
  /// Objects that name no namespace are taken to be in `namespace`, and in `default` where that is nil. Objects
  /// outside of the selection stay as they are. What was changed by hand in an injection keeps it from being taken out,
  /// unless it may go.
  init(
    _ terms: InjectionTerms, kinds: WorkloadKinds = WorkloadKinds(), namespace: String? = nil,
    selection: Selection = .everything, handChanges: HandChanges = .kept
  ) {
    self.handChanges = handChanges
    self.terms = terms
    self.kinds = kinds
    namespaced = terms.namespaced.mapValues {
      InjectionScope($0, kinds: kinds, namespace: namespace, selection: selection, handChanges: handChanges)
    }
    let dialects = terms.allDialects
    self.namespace = namespace
    self.selection = selection
    review = AnnotationReview(terms.dialects, kinds)
    search = AnnotationSearch(dialects)
    configMapKeys = dialects.flatMap { dialect in
      (dialect.configMapKey.map(dialect.acceptedKeys) ?? []).map { TextPattern($0) }
    }
  }

  /// The same for another thread, with dialects of its own.
  func unshared() -> InjectionScope {
    InjectionScope(
      terms.unshared(), kinds: kinds, namespace: namespace, selection: selection, handChanges: handChanges)
  }

  /// The scope for an object: that of its namespace, where this has terms of its own.
  func scope(for object: ManifestObject) -> InjectionScope {
    namespaced.isEmpty ? self : namespaced[namespace(of: object)] ?? self
  }

  /// The dialects of objects in namespaces without terms of their own.
  var dialects: [any Dialect] { terms.dialects }

  /// The dialects of all namespaces.
  var allDialects: [any Dialect] { terms.allDialects }

  /// What becomes of findings.
  var policy: FindingPolicy { terms.policy }

  /// The ConfigMaps of an input; none where no pod names one for its agents, in a key without escapes.
  func configMaps(of input: SourceText) -> InputConfigMaps {
    guard configMapKeys.contains(where: { $0.isHeld(in: input.bytes, input.bytes.indices) }) else { return .none }
    return InputConfigMaps(of: input, in: self)
  }

  /// True where documents may ask for injection, may have been injected, or have annotations there is something to say
  /// about; false lets them be copied without being parsed.
  func mayConcern(_ range: Range<Int>, of source: SourceText) -> Bool { search.mayHold(in: source.bytes, range) }

  /// True for an object that the selection takes in.
  /// - Throws: A `Diagnostic` where that cannot be told.
  func includes(_ object: ManifestObject, of document: Document) throws(Diagnostic) -> Bool {
    try selection.includes(object, of: document)
  }

  /// The pod templates of an object.
  /// - Throws: A `Diagnostic` where a key on the path to one occurs twice.
  func templates(of object: ManifestObject, in document: Document) throws(Diagnostic) -> [PodTemplate] {
    try PodTemplate.templates(of: object, in: document, kinds: kinds)
  }

  /// The namespace an object is in.
  func namespace(of object: ManifestObject) -> String { object.namespace ?? namespace ?? "default" }

  /// What a document without the annotations' text holds: nothing of it changes, and nothing is refused.
  ///
  /// Workloads are left alone for a reason that depends on what would have been done to them.
  func overview(of document: Document, workloads reason: InjectionOutcome.Reason = .notAsked) -> DocumentPlan {
    let objects = (try? ManifestObject.objects(of: document)) ?? []
    return .unchanged(
      document,
      objects.map { ObjectPlan($0, of: document, outcome: .unchanged(self.reason(for: $0, in: document, reason))) })
  }

  private func reason(
    for object: ManifestObject, in document: Document, _ workload: InjectionOutcome.Reason
  ) -> InjectionOutcome.Reason {
    guard (try? includes(object, of: document)) ?? true else { return .notSelected }
    let templates = (try? templates(of: object, in: document)) ?? []
    return templates.isEmpty ? .notAWorkload : workload
  }
}

/// Looks in text that was not read for everything a review of its annotations could point out: the keys of the dialects,
/// and keys that are near to them.
struct AnnotationSearch: Sendable {
  private let prefixes: [AnnotationPrefix]
  /// What stands before the slash in annotations of injectors that are not served.
  private let others: [[UInt8]]
  /// The marks of dialects whose keys have no domain before a slash.
  private let marks: [TextPattern]

  init(_ dialects: [any Dialect]) {
    prefixes = dialects.flatMap { [$0.annotationPrefix, $0.formerPrefix].compactMap(\.self) }
      .compactMap { AnnotationPrefix($0) }
    others = OtherInjectors.prefixes.map { Array($0.utf8) }
    marks = dialects.filter { AnnotationPrefix($0.annotationPrefix) == nil }.map { TextPattern($0.marker) }
  }

  /// True where a document in this range may be of interest; false where it certainly is not.
  func mayHold(in bytes: [UInt8], _ range: Range<Int>) -> Bool {
    holdsKey(in: bytes, range) || TextSearch.holdsEscapes(in: bytes, range)
      || prefixes.contains { $0.mayBeJoined(in: bytes, range) } || marks.contains { $0.isHeld(in: bytes, range) }
  }

  /// True where a slash has a prefix before it, or what may be one.
  private func holdsKey(in bytes: [UInt8], _ range: Range<Int>) -> Bool {
    guard !prefixes.isEmpty else { return false }
    var start = range.lowerBound
    while let slash = ByteText.firstIndex(of: UInt8(ascii: "/"), in: bytes, start..<range.upperBound) {
      for prefix in prefixes where prefix.mayStand(before: slash, in: bytes, from: range.lowerBound) { return true }
      for other in others where slash - other.count >= range.lowerBound && bytes[slash - other.count] == other[0] {
        if ByteText.isEqual(bytes[slash - other.count..<slash], other[...]) { return true }
      }
      start = slash + 1
    }
    return false
  }
}
