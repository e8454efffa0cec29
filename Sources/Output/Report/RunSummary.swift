internal import Injection
internal import ManifestText

/// What a run comes to, counted: the last line of a report for people, and a part of one for machines.
struct RunSummary {
  /// How many objects of each outcome there are, in the order they are told.
  private var counts: [(word: String, count: Int)] = []
  private var unchanged = 0
  private var checked = 0
  private var refused = 0
  /// Findings by how bad they are, those that refuse an object aside.
  private var findings: [Diagnostic.Severity: Int] = [:]
  private var ignored = 0
  private var passedOver = 0
  private var cluster: ClusterAccount?
  /// True where every warning refuses its object.
  var isStrict = false
  /// Why there is nothing to do in inputs without an annotation; nil where nobody asks.
  var reasonForNothing: ReasonForNothing?
  /// True once an input was read.
  private(set) var hasBegun = false

  /// True where nothing of what was read asks for anything.
  var isEmpty: Bool { counts.isEmpty && unchanged + checked + refused + ignored == 0 && findings.isEmpty }

  /// Counts what became of an input.
  mutating func note(_ entry: ReportEntry) {
    if entry.source != nil, entry.name != nil { hasBegun = true }
    for plan in entry.objects {
      let row = plan.outcome.row
      switch row.kind {
      case .change: count(row.word(isPending: entry.isPending))
      case .none where plan.outcome == .checked: checked += 1
      case .none: unchanged += 1
      case .refusal: refused += 1
      case .leftOut: continue
      }
      ignored += plan.ignoredCount
      for finding in plan.findings { findings[finding.severity, default: 0] += 1 }
    }
    for finding in entry.findings { findings[finding.severity, default: 0] += 1 }
  }

  /// Counts an input that was not read, as it holds no annotation.
  mutating func notePassedOver() {
    hasBegun = true
    passedOver += 1
  }

  /// Counts a finding about the whole run, of a rule that is ignored.
  mutating func noteIgnored() { ignored += 1 }

  /// Counts what a cluster has of what was asked for.
  mutating func note(_ account: ClusterAccount) { cluster = account }

  private mutating func count(_ word: String) {
    if let index = counts.firstIndex(where: { $0.word == word }) {
      counts[index].count += 1
    } else {
      counts.append((word, 1))
    }
  }

  // MARK: Text

  /// One line, such as `24 injected, 3 refused, 5 unchanged, 2 warnings`; it says how to learn why objects stay as they
  /// are, unless `tellsUnchanged` has that told already.
  func text(tellsUnchanged: Bool) -> String {
    var parts = counts.map { "\($0.count) \($0.word)" }
    parts += [(refused, "refused"), (unchanged, "unchanged"), (checked, "checked")].filter { $0.0 > 0 }
      .map { "\($0.0) \($0.1)" }
    parts += findingParts
    if isStrict, !parts.isEmpty { parts.append("strict") }
    if let cluster { parts += cluster.summaryParts }
    guard !parts.isEmpty else {
      if passedOver == 0 { return "nothing to do" }
      let reason = reasonForNothing.map { ": \($0.sentence)" } ?? ""
      return "nothing to do in \(RunSummary.number(passedOver, "file"))\(reason)"
    }
    let isAllUnchanged = unchanged > 0 && counts.isEmpty && checked + refused + (findings[.error] ?? 0) == 0
    return parts.joined(separator: ", ") + (isAllUnchanged && !tellsUnchanged ? " (-v tells why)" : "")
  }

  /// What to do where there is nothing to do in the one file that is named; nil for everything else.
  var hint: String? { isEmpty && passedOver == 1 && cluster == nil ? reasonForNothing?.hint() : nil }

  private var findingParts: [String] {
    var parts: [String] = []
    for (severity, word) in [(Diagnostic.Severity.error, "error"), (.warning, "warning"), (.note, "note")] {
      if let count = findings[severity], count > 0 { parts.append(RunSummary.number(count, word)) }
    }
    if ignored > 0 { parts.append("\(RunSummary.number(ignored, "finding")) ignored") }
    return parts
  }

  static func number(_ count: Int, _ word: String) -> String { "\(count) \(word)\(count == 1 ? "" : "s")" }

  // MARK: JSON

  /// The same for machines.
  var json: Value {
    var value: Value = [:]
    for (word, count) in counts { value[word] = .number("\(count)") }
    let others = [("refused", refused), ("unchanged", unchanged), ("checked", checked)]
    for (word, count) in others where count > 0 { value[word] = .number("\(count)") }
    for severity in [Diagnostic.Severity.error, .warning, .note] {
      value["\(severity.rawValue)s"] = .number("\(findings[severity] ?? 0)")
    }
    value["ignored"] = .number("\(ignored)")
    value["strict"] = .bool(isStrict)
    return value
  }
}

/// Why nothing is done about inputs in which no annotation stands.
package struct ReasonForNothing: Sendable {
  let sentence: String
  /// What to do about it, found out where it is said.
  let hint: @Sendable () -> String?

  /// A reason, such as `no pod asks for injection`, and what to do where one file is named.
  package init(_ sentence: String, hint: @autoclosure @escaping @Sendable () -> String? = nil) {
    (self.sentence, self.hint) = (sentence, hint)
  }
}

extension ClusterAccount {
  /// How many objects the cluster took, and how many it did not.
  fileprivate var summaryParts: [String] {
    let verb = isTrial ? "accepted" : "applied"
    let failed = rest.isEmpty ? [] : ["\(rest.count) not \(verb)"]
    return ["\(done.count + othersDone) \(verb)"] + failed + prunedParts + waitedParts
  }

  private var waitedParts: [String] {
    let outcomes = (waited ?? []).map(\.outcome)
    return [ClusterAccount.Waited.Outcome.ready, .notReady, .notWaitedFor].compactMap { outcome in
      let count = outcomes.count { $0 == outcome }
      return count == 0 ? nil : "\(count) \(outcome.rawValue)"
    }
  }

  private var prunedParts: [String] {
    guard let pruned else { return [] }
    let done = pruned.count { $0.outcome == .pruned }
    return (done > 0 ? ["\(done) pruned"] : []) + (pruned.count > done ? ["\(pruned.count - done) not pruned"] : [])
  }
}
