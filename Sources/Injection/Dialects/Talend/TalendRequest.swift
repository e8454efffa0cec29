internal import ManifestText
internal import Workloads

/// A pod's annotations, decoded: what it asks of the injector.
struct TalendRequest {
  /// The authentication methods the injector knows.
  enum AuthMethod: String, CaseIterable { case kubernetes, approle }

  /// How the secrets come.
  struct Secrets {
    /// The types the injector knows.
    enum Kind: String, CaseIterable { case dynamic, static_ = "static" }

    /// How secrets reach the application.
    enum Method: String, CaseIterable { case file, env }

    let type: AnnotationValue<TalendWord<Kind>>
    let method: AnnotationValue<TalendWord<Method>>
    let paths: AnnotationValue<[String]>
    let destinations: AnnotationValue<[String]>
    /// Nil where the pod brings none.
    let templates: AnnotationValue<[String]?>
    let commands: AnnotationValue<[String]>
    let hook: AnnotationValue<Bool>

    var isDynamic: Bool { type.value.choice == .dynamic }
    var isEnvironment: Bool { method.value.choice == .env }
    var asksForHook: Bool { hook.value && isDynamic }
  }

  var modes: TalendModes
  let auth: AnnotationValue<TalendWord<AuthMethod>>
  let role: AnnotationValue<String>
  /// Nil for the pod's own.
  let serviceAccountToken: AnnotationValue<String?>
  /// Nil for the configuration's.
  let image: AnnotationValue<String?>
  let secrets: Secrets
  let proxyPort: AnnotationValue<String>

  /// - Throws: A `Diagnostic` where an annotation is not a string.
  init(_ annotations: TalendAnnotations, modes: TalendModes) throws(Diagnostic) {
    self.modes = modes
    auth = try annotations.read(TalendTable.auth)
    role = try annotations.read(TalendTable.role)
    serviceAccountToken = try annotations.read(TalendTable.serviceAccountToken)
    image = try annotations.read(TalendTable.image)
    proxyPort = try annotations.read(TalendTable.proxyPort)
    secrets = Secrets(
      type: try annotations.read(TalendTable.secretsType), method: try annotations.read(TalendTable.secretsMethod),
      paths: try annotations.read(TalendTable.secretsPath),
      destinations: try annotations.read(TalendTable.secretsDestination),
      templates: try annotations.read(TalendTable.secretsTemplate), commands: try annotations.read(TalendTable.notify),
      hook: try annotations.read(TalendTable.secretsHook))
  }
}

/// A word as the injector reads it: in any case, and known to it or not.
struct TalendWord<Choice: CaseIterable & RawRepresentable<String> & Sendable>: Sendable {
  /// In lower case.
  let text: String
  /// Nil for a word the injector does not know.
  let choice: Choice?

  init(_ text: String) {
    self.text = GoText.lowercased(text)
    choice = Choice(rawValue: self.text)
  }
}

/// What a pod asks the agent to do.
struct TalendModes: Equatable {
  /// What the annotation may name.
  enum Word: String, CaseIterable { case secrets, proxy, job }

  var secrets = false
  var proxy = false
  var job = false
  /// Parts of the annotation the injector ignores.
  var unknown: [String] = []

  /// Reads the annotation `mode` as the injector does: no trimming, case counts.
  init(_ text: String) {
    let parts = GoText.split(text, at: ",")
    for part in parts { enable(part) }
    if parts == TalendModes.wordsForSecretsToo { secrets = true }
  }

  private mutating func enable(_ part: String) {
    switch Word(rawValue: part) {
    case .secrets?: secrets = true
    case .proxy?: proxy = true
    case .job?: job = true
    case nil: unknown.append(part)
    }
  }

  /// The one list of modes that stands for another mode as well.
  static let wordsForSecretsToo = [Word.job.rawValue]
}

/// A pod's annotations as Talend's injector reads them: an empty one counts as absent.
struct TalendAnnotations: AnnotationSource {
  typealias Pod = TalendPod

  let dialect: TalendDialect
  let labels: TalendLabels
  private let annotations: Annotations

  init(_ annotations: Annotations, _ dialect: TalendDialect, labels: TalendLabels = TalendLabels()) {
    self.annotations = annotations
    self.dialect = dialect
    self.labels = labels
  }

  /// Where all annotations stand, for findings about one that is missing.
  var range: Range<Int>? { annotations.range }

  /// The value of an annotation or, where it is absent, its default.
  subscript<Value>(row: TalendTable.Row<Value>) -> Value {
    get throws(Diagnostic) { try read(row).value }
  }

  /// The same with the annotation it comes from.
  /// - Throws: A `Diagnostic` where the annotation is not a string.
  func read<Value>(_ row: TalendTable.Row<Value>) throws(Diagnostic) -> AnnotationValue<Value> {
    if let found = try located(row), !found.text.isEmpty {
      return AnnotationValue(value: try parsed(found.text, row, at: found.range), source: found)
    }
    switch row.fallback.content(self) {
    case .value(let value): return AnnotationValue(value: value, source: nil)
    case .text(let text, _): return AnnotationValue(value: try parsed(text, row, at: range), source: nil)
    }
  }

  /// The annotation as it is written, an empty one included.
  func located<Value>(_ row: TalendTable.Row<Value>) throws(Diagnostic) -> Annotations.Located? {
    try annotations.value(dialect.annotations.fullKey(of: row.row))
  }

  private func parsed<Value>(
    _ text: String, _ row: TalendTable.Row<Value>, at range: Range<Int>?
  ) throws(Diagnostic) -> Value {
    do throws(GoParse.Failure) {
      return try row.type.parse(text)
    } catch {
      throw Diagnostic(
        rule: .annotationValue, message: error.message, hint: "`\(row.key)` has to be \(row.type.accepted)",
        range: range)
    }
  }
}

/// The labels of a pod that stand in for annotations; empty where it has none.
struct TalendLabels {
  var application = ""
  var service = ""
}

extension TalendLabels {
  init(_ template: PodTemplate, _ settings: TalendDialect.Settings) throws(Diagnostic) {
    application = try template.label(settings.operatorSettings.applicationLabel) ?? ""
    service = try template.label(settings.operatorSettings.serviceLabel) ?? ""
  }
}
