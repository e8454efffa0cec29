internal import ManifestText
internal import Workloads

/// Finds annotations that are meant for an injector and reach none: misspelt ones, and those in the wrong place.
struct AnnotationReview {
  private let dialects: [Entry]
  private let kinds: WorkloadKinds
  private let guess: AnnotationGuess

  private final class Entry: Sendable {
    private let dialect: any Dialect
    /// True for keys without a prefix, which cannot be told from anybody else's.
    let isBare: Bool
    /// The prefix with its slash, and that of another injector whose annotations count as well.
    let stems: [String]
    let requestKey: String
    let requestKeys: [String]
    /// What the injection itself writes.
    let ownKeys: [String]
    let recordKey: String

    init(_ dialect: any Dialect) {
      self.dialect = dialect
      isBare = dialect.annotationPrefix.isEmpty
      stems = isBare ? [] : [dialect.annotationPrefix, dialect.formerPrefix].compactMap(\.self).map { $0 + "/" }
      (requestKey, recordKey) = (dialect.requestKey, dialect.recordKey)
      requestKeys = dialect.acceptedKeys(for: requestKey)
      ownKeys = [dialect.statusKey, recordKey].flatMap(dialect.acceptedKeys)
    }

    var schema: AnnotationSchema { dialect.annotations }

    func isUnclear(_ request: String) -> Bool { dialect.isUnclear(request: request) }

    /// True where an annotation asks for injection, or says that none is wanted.
    func isAsked(by annotations: Annotations) throws(Diagnostic) -> Bool {
      for key in requestKeys where try annotations.holds(key) { return true }
      return false
    }

    /// A key without the dialect's prefix; nil for one that is not the dialect's.
    func name(of key: String) -> String? { stems.lazy.compactMap { ByteText.rest(of: key, after: $0) }.first }
  }

  init(_ dialects: [any Dialect], _ kinds: WorkloadKinds) {
    self.kinds = kinds
    self.dialects = dialects.map(Entry.init)
    guess = AnnotationGuess(
      dialects.map { dialect in
        AnnotationGuess.Source(prefix: AnnotationPrefix(dialect.annotationPrefix)) { dialect.annotations }
      })
  }

  /// What there is to say about an object and its pod templates.
  func findings(
    on object: ManifestObject, _ templates: [PodTemplate], in document: Document
  ) throws(Diagnostic) -> [Diagnostic] {
    guard !templates.isEmpty else {
      let podless = PodlessObject(object, in: document, kinds: kinds, requests: dialects.flatMap(\.requestKeys))
      let others = try OtherInjectors.findings(on: object, in: document)
      return try podless.finding().map { [$0] + others }
        ?? PodText(dialects.flatMap(\.requestKeys)).findings(on: object, in: document) + others
    }
    var findings: [Diagnostic] = []
    for template in templates {
      let annotations = try template.annotations()
      let keys = annotations.keys()
      findings += OtherInjectors.findings(on: keys)
      findings += try unasked(annotations, keys, template, in: object)
      findings += keys.compactMap { unread($0.key, at: $0.range, in: template) }
    }
    return try findings + misplaced(on: object, templates, in: document)
  }

  /// What there is to say about requests for injection that are there and ask for nothing, or nobody knows for what.
  func idleRequests(of templates: [PodTemplate]) throws(Diagnostic) -> [Diagnostic] {
    var findings: [Diagnostic] = []
    for template in templates {
      let annotations = try template.annotations()
      for dialect in dialects where !dialect.isBare {
        for key in dialect.requestKeys {
          guard let request = try annotations.value(key) else { continue }
          if request.text.isEmpty {
            findings.append(.emptyRequest(key, at: request.range))
          } else if dialect.isUnclear(request.text) {
            findings.append(.unclearRequest(key, request.text, at: request.range))
          }
          break
        }
      }
    }
    return findings
  }

  /// Points at annotations of a dialect that nothing asks to read.
  private func unasked(
    _ annotations: Annotations, _ keys: [(key: String, range: Range<Int>)], _ template: PodTemplate,
    in object: ManifestObject
  ) throws(Diagnostic) -> [Diagnostic] {
    var findings: [Diagnostic] = []
    for dialect in dialects where !dialect.isBare {
      if try dialect.isAsked(by: annotations) { continue }
      let names = keys.compactMap { key in dialect.name(of: key.key).map { (key, $0) } }
      let settings = names.filter {
        !(dialect.requestKeys + dialect.ownKeys).contains($0.0.key)
          && dialect.schema.row($0.1) != nil
      }
      guard let first = settings.first?.0, try !annotations.holds(dialect.recordKey),
        template.document.firstKey(in: object.node, among: dialect.requestKeys) == nil,
        !names.contains(where: { guess.nearest(to: $0.1, in: dialect.schema).contains(dialect.requestKey) })
      else { continue }
      findings.append(.notAsked(first.key, others: settings.count - 1, dialect.requestKey, at: first.range))
    }
    return findings
  }

  /// Points at a status that keeps a pod without an agent from being injected.
  func statusWithoutAgent(_ template: PodTemplate, _ dialect: any Dialect) throws(Diagnostic) -> [Diagnostic] {
    let annotations = try template.annotations()
    guard try annotations.holds(dialect.requestKey), let status = try annotations.value(dialect.statusKey) else {
      return []
    }
    var names = try template.volumeNames().map(\.name)
    for container in try template.containers(.initContainers) + template.containers(.containers) {
      names.append(try container.name())
    }
    guard !names.contains(where: dialect.injectedNames.contains) else { return [] }
    return [.statusWithoutAgent(dialect.statusKey, at: status.range)]
  }

  // MARK: Misspelt

  /// What there is to say about an annotation no injector reads.
  private func unread(_ key: String, at range: Range<Int>, in template: PodTemplate) -> Diagnostic? {
    unread(key).map { nearest in
      let isClear = nearest.count == 1 && AnnotationGuess.isRespelling(key, of: nearest[0])
      let fix = isClear ? Fix.key(at: template.annotationsPath.appending(key), nearest[0]) : nil
      return .unknownAnnotation(key, nearest: nearest, at: range, fix: fix)
    }
  }

  /// The annotations that may have been meant by one no injector reads; nil for one that is none of anybody's business.
  private func unread(_ key: String) -> [String]? {
    for dialect in dialects where !dialect.isBare {
      guard let name = dialect.name(of: key) else { continue }
      guard !dialect.ownKeys.contains(key), dialect.schema.row(name) == nil else { return nil }
      return guess.nearest(to: name, in: dialect.schema)
    }
    return guess.nearest(toForeign: key).map { [$0] }
  }

  // MARK: Misplaced

  /// One finding for each map that has annotations which belong on a pod.
  private func misplaced(
    on object: ManifestObject, _ templates: [PodTemplate], in document: Document
  ) throws(Diagnostic) -> [Diagnostic] {
    var maps: [NodeID] = []
    for template in templates {
      let path = PodTemplate.annotationsPath(ofPodAt: Path())
      guard let map = try document.node(at: path, from: template.node) else { continue }
      maps += try [map] + document.mergeSources(of: map)
    }
    let strays = dialects.filter { !$0.isBare }.flatMap { dialect in
      let scalars = dialect.stems.flatMap { document.scalars(in: object.node, beginningWith: Array($0.utf8)) }
      let keys = scalars.filter { key in
        !maps.contains { document.holds(key, in: $0) }
      }
      return document.maps(withKeys: keys, in: object.node)
    }
    if strays.isEmpty { return [] }
    let home = templates[0].annotationsPath.steps.dropFirst(object.path.steps.count)
    return strays.map { stray in
      .misplacedAnnotation(
        document.text(of: stray.keys[0]), others: stray.keys.count - 1, found: stray.path, home: Path(Array(home)),
        range: document.range(of: stray.keys[0]), fix: fix(for: stray, of: object, templates, in: document))
    }
  }

  /// What stands in the metadata of the one that makes the pods belongs to its one template; everything else may be meant
  /// otherwise.
  private func fix(
    for stray: (path: Path, keys: [NodeID]), of object: ManifestObject, _ templates: [PodTemplate],
    in document: Document
  ) -> Fix? {
    let own = PodTemplate.annotationsPath(ofPodAt: object.path)
    guard templates.count == 1, PodTemplate.annotationsPath(ofPodAt: Path()) == stray.path else { return nil }
    return .move(keys: stray.keys.map(document.text), from: own, to: templates[0].annotationsPath)
  }
}

extension Diagnostic {
  static func unknownAnnotation(_ key: String, nearest: [String], at range: Range<Int>, fix: Fix?) -> Diagnostic {
    let names = nearest.map { "`\($0)`" }.joined(separator: ", or ")
    return Diagnostic(
      rule: .unknownAnnotation, message: "`\(key)` is not an annotation that any injector reads",
      hint: names.isEmpty ? "take it out, or look its name up in the README" : "did you mean \(names)?", range: range,
      fix: fix)
  }

  static func emptyRequest(_ key: String, at range: Range<Int>) -> Diagnostic {
    Diagnostic(
      rule: .emptyAnnotation, message: "`\(key)` is there and empty, which means off: nothing is injected",
      hint: "set it to \"true\", or leave it out", range: range)
  }

  static func unclearRequest(_ key: String, _ text: String, at range: Range<Int>) -> Diagnostic {
    let shown = text.count > 40 ? "\(text.prefix(40))…" : text
    return Diagnostic(
      rule: .unclearRequest,
      message: "`\(key)` is `\(shown)`, which the injector takes for no: nothing is injected",
      hint: "write \"true\" or \"false\"", range: range)
  }

  static func misplacedAnnotation(
    _ key: String, others: Int, found: Path, home: Path, range: Range<Int>, fix: Fix?
  ) -> Diagnostic {
    let subject = others == 0 ? "`\(key)` is" : "`\(key)` and \(others) more are"
    let them = others == 0 ? "it" : "them"
    return Diagnostic(
      rule: .misplacedAnnotation,
      message: "\(subject) set in `\(found)`, where no injector reads \(them)",
      hint: "move \(them) to `\(home)`", range: range, fix: fix)
  }

  fileprivate static func notAsked(_ key: String, others: Int, _ request: String, at range: Range<Int>) -> Diagnostic {
    let subject = others == 0 ? "`\(key)` is set" : "`\(key)` and \(others) more are set"
    return Diagnostic(
      rule: .injectionNotAsked, message: "\(subject), and no `\(request)` asks for injection",
      hint: "add \(request): \"true\"; with \"false\" the pod says that none is wanted", range: range)
  }

  fileprivate static func statusWithoutAgent(_ key: String, at range: Range<Int>) -> Diagnostic {
    Diagnostic(
      rule: .statusWithoutAgent,
      message: "`\(key)` says that the pod has been injected, and it has no agent: it will never be injected",
      hint: "take the annotation out", range: range)
  }
}
