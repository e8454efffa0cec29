internal import Injection
internal import ManifestText

/// What a run says once where it injects pods that ask Vault at addresses which nobody chose.
struct AddressNote {
  private let finding: ([String]) -> Diagnostic?
  /// Those that were met, in order.
  private var addresses: [String] = []

  init(_ finding: @escaping ([String]) -> Diagnostic?) { self.finding = finding }

  /// Looks for such addresses among what is not refused.
  mutating func note(_ entry: ReportEntry) {
    if entry.isRefused { return }
    for address in entry.objects.compactMap(\.assumedAddress) where !addresses.contains(address) {
      addresses.append(address)
    }
  }

  /// What there is to say; nil where no such address was met.
  var due: Diagnostic? { addresses.isEmpty ? nil : finding(addresses) }
}
