internal import Injection
internal import ManifestText
internal import Output

/// Writes nothing, and tells how the run ends by how bad the findings are.
struct Linting: Delivery {
  private var verdict: LintVerdict
  private var files = SameFiles()

  init(_ verdict: LintVerdict) { self.verdict = verdict }

  var ending: Ending { verdict.ending }

  func renderer() -> DocumentRenderer { .nothing }

  mutating func take(_ delivered: Delivered, _ report: inout Report) {
    var entry = delivered.entry
    if let status = delivered.input.status, let first = files.note(entry, status) { entry.repeats(first) }
    verdict.note(entry.findings + entry.objects.flatMap(\.findings))
    report.add(entry)
  }

  mutating func finish(_ report: inout Report) { verdict.note([report.tellOfAddress()].compactMap(\.self)) }
}

/// Rewrites files with what is put right in them, and tells how the run ends by how bad the other findings are.
struct LintRewriting: Delivery {
  private var rewriting = Rewriting(showsDiff: false)
  private var verdict: LintVerdict

  init(_ verdict: LintVerdict) { self.verdict = verdict }

  var ending: Ending { verdict.ending }
  var needsEveryInput: Bool { rewriting.needsEveryInput }
  var isOpen: Bool { rewriting.isOpen }

  mutating func begin(_ inputs: [Input]) throws(Fault) {
    for input in inputs where !input.isUnusable && input.path == nil {
      throw Fault(.usage, .notFixable(input.name))
    }
    try rewriting.begin(inputs)
  }

  func renderer() -> DocumentRenderer { rewriting.renderer() }

  mutating func take(_ delivered: Delivered, _ report: inout Report) {
    let entry = delivered.entry
    verdict.note(entry.findings + entry.objects.flatMap(\.findings))
    rewriting.take(delivered, &report)
  }

  mutating func finish(_ report: inout Report) {
    rewriting.finish(&report)
    verdict.note([report.tellOfAddress()].compactMap(\.self))
  }
}

/// Shows what would be put right in files, and tells how the run ends by that and by how bad the other findings are.
struct LintComparison: Delivery {
  private var comparison = Comparison(showsDiff: true)
  private var verdict: LintVerdict

  init(_ verdict: LintVerdict) { self.verdict = verdict }

  var ending: Ending { comparison.ending == .done ? verdict.ending : comparison.ending }
  var isOpen: Bool { comparison.isOpen }

  func renderer() -> DocumentRenderer { comparison.renderer() }

  mutating func take(_ delivered: Delivered, _ report: inout Report) {
    let entry = delivered.entry
    verdict.note(entry.findings + entry.objects.flatMap(\.findings))
    comparison.take(delivered, &report)
  }

  mutating func finish(_ report: inout Report) {
    comparison.finish(&report)
    verdict.note([report.tellOfAddress()].compactMap(\.self))
  }
}

/// How a run ends that looks for findings.
struct LintVerdict {
  /// How bad a finding has to be for the run to end otherwise than well; nil where none does.
  let threshold: Diagnostic.Severity?
  private var foundSomething = false

  init(failingOn threshold: Diagnostic.Severity?) { self.threshold = threshold }

  var ending: Ending { foundSomething ? .differencesFound : .done }

  /// Looks at some findings.
  mutating func note(_ findings: [Diagnostic]) {
    guard let threshold, !foundSomething else { return }
    foundSomething = findings.contains { $0.severity.isAtLeast(threshold) }
  }
}

extension Diagnostic {
  fileprivate static func notFixable(_ name: String) -> Diagnostic {
    Diagnostic(
      rule: .usage, message: "\(name) is not a file that could be rewritten",
      hint: "leave --fix out to see the findings")
  }
}

extension Diagnostic.Severity {
  /// True for one that is as bad as another, or worse.
  fileprivate func isAtLeast(_ other: Diagnostic.Severity) -> Bool { rank >= other.rank }

  private var rank: Int {
    switch self {
    case .note: 0
    case .warning: 1
    case .error: 2
    }
  }
}
