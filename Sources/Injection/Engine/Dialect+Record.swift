internal import ManifestText
internal import Workloads

extension Dialect {
  /// The record of the injection into a pod; nil where there is none.
  /// - Throws: A `Diagnostic` where there is one that cannot be used.
  func record(of template: PodTemplate) throws(Diagnostic) -> InjectionRecord? {
    guard let found = try template.annotations().value(recordKey) else { return nil }
    do throws(InjectionRecord.Fault) {
      return try InjectionRecord(text: found.text)
    } catch {
      switch error {
      case .damaged: throw .recordDamaged(recordKey, at: found.range)
      case .unknownVersion(let version): throw .recordTooNew(recordKey, version, at: found.range)
      }
    }
  }
}
