import Injection

extension DocumentPipeline.Result {
  /// Everything that a report tells of an input, to compare two ways of doing the same.
  var said: String {
    let lines =
      objects.map { "\($0.object?.displayName ?? "-") \($0.offset ?? -1) \($0.outcome) \($0.findings)" }
      + findings.map { "\($0)" } + ["changed: \(isChanged), refused: \(isRefused)"]
    return lines.joined(separator: "\n") + "\n"
  }
}
