internal import ManifestText
internal import Workloads

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
  /// - Throws: A `Diagnostic` where the annotation is no string.
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
    try annotations.value(dialect.annotations.fullKey(row.key))
  }

  private func parsed<Value>(
    _ text: String, _ row: TalendTable.Row<Value>, at range: Range<Int>?
  ) throws(Diagnostic) -> Value {
    do throws(GoParse.Failure) {
      return try row.type.parse(text)
    } catch {
      throw Diagnostic(
        rule: "annotation-value", message: error.message, hint: "`\(row.key)` has to be \(row.type.accepted)",
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
  init(_ template: PodTemplate, _ knobs: TalendSettings) throws(Diagnostic) {
    application = try template.label(knobs.applicationLabel) ?? ""
    service = try template.label(knobs.serviceLabel) ?? ""
  }
}

// MARK: - Conditions

extension Annotation where Source == TalendAnnotations {
  /// Refuses a pod that breaks one of the annotation's conditions.
  func check(_ pod: TalendPod, at range: Range<Int>?) throws(Diagnostic) {
    if let refusal = entry.findings(on: pod, at: range).first { throw refusal }
  }
}
