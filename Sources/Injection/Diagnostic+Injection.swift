internal import ManifestText
internal import Workloads

extension Diagnostic {
  static func twoDialects(_ first: String, _ second: String, _ template: PodTemplate) throws(Diagnostic) -> Diagnostic {
    let annotations = try template.annotations()
    return Diagnostic(
      rule: "two-dialects", message: "the pod asks for injection by `\(first)` and by `\(second)`",
      hint: "keep the annotations of one injector, or choose one with --dialect",
      range: try annotations.value(second)?.range ?? annotations.range)
  }

  static func misplacedAnnotation(
    _ key: String, object: ManifestObject, isWorkload: Bool, range: Range<Int>
  ) -> Diagnostic {
    let kind = object.kind.isEmpty ? "object" : object.kind
    return isWorkload
      ? Diagnostic(
        .warning, rule: "misplaced-annotation",
        message: "`\(key)` is set on the \(kind) itself, where no injector reads it",
        hint: "move it to the pod template's metadata (usually spec.template.metadata.annotations)", range: range)
      : Diagnostic(
        .warning, rule: "unknown-workload",
        message: "`\(key)` is set on a \(kind), which is not known to make pods",
        hint: "tell where its pod template is: --pod-path \(object.group)/\(kind)=PATH", range: range)
  }
}
