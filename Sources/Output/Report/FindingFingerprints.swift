internal import Injection
internal import ManifestText
internal import Workloads

/// Names findings by what they are about, so that they keep their names when lines move.
struct FindingFingerprints {
  private var counts: [UInt64: Int] = [:]

  /// The name of the next finding, made of its rule, its place, its object and the number of equal findings before it.
  mutating func next(of finding: ReportEntry.Finding, at place: String) -> String {
    let texts = [
      finding.diagnostic.rule.id, place, finding.object?.qualifiedName ?? "",
      finding.object?.namespace ?? "", finding.diagnostic.message,
    ]
    // FNV-1a, 64 bits.
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in texts.joined(separator: "\u{0}").utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    let count = counts[hash, default: 0] + 1
    counts[hash] = count
    let digits = String(hash, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits + ":\(count)"
  }
}

extension Diagnostic {
  /// The message, and the hint on a line of its own, safe to show.
  var plainText: String { ShownText.safe(message + (hint.map { "\n\($0)" } ?? ""), keeping: ["\n"]) }
}
