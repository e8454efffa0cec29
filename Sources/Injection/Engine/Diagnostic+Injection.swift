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

  static func mountPathTaken(_ container: String, _ path: String, range: Range<Int>) -> Diagnostic {
    Diagnostic(
      .warning, rule: "mount-path-taken",
      message: "the container `\(container)` already mounts another volume at \(path)",
      hint: "the API server will refuse two mounts at one path: mount the other volume elsewhere", range: range)
  }
}
