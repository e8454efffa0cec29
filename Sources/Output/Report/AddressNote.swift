internal import Injection
internal import ManifestText

/// What a run says once where it injects pods that ask Vault at an address which nobody chose.
struct AddressNote {
  private let finding: Diagnostic
  /// True once such a pod was met.
  private var isDue = false

  init(_ finding: Diagnostic) { self.finding = finding }

  /// Looks for such pods among what is not refused.
  mutating func note(_ entry: ReportEntry) {
    if !isDue, !entry.isRefused { isDue = entry.objects.contains(where: \.assumesAddress) }
  }

  /// What there is to say; nil where no such pod was met.
  var due: Diagnostic? { isDue ? finding : nil }
}
