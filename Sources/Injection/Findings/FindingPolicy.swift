package import ManifestText

/// What becomes of the findings about an object: which are ignored, which refuse it, and which are only told.
///
/// Findings are collected while a pod is planned. What the webhook itself refuses is thrown instead, and no policy
/// changes that.
package struct FindingPolicy: Sendable {
  /// True where the webhook's verdict stays, so that what would certainly fail is a warning.
  package let isExact: Bool
  /// True where every warning refuses its object.
  package let isStrict: Bool
  /// The rules whose findings are dropped.
  package let ignored: Set<String>

  /// Refuses what cannot work, and warns of the rest, unless told otherwise.
  package init(isExact: Bool = false, isStrict: Bool = false, ignoring ignored: Set<String> = []) {
    (self.isExact, self.isStrict, self.ignored) = (isExact, isStrict, ignored)
  }

  /// What is left of findings that were collected.
  package func verdict(on findings: [Diagnostic]) -> FindingVerdict {
    guard !findings.isEmpty else { return FindingVerdict() }
    var verdict = FindingVerdict()
    for finding in findings {
      if let judged = judged(finding) { verdict.findings.append(judged) } else { verdict.ignoredCount += 1 }
    }
    if let last = verdict.findings.lastIndex(where: { $0.severity == .error }) {
      verdict.refusal = verdict.findings.remove(at: last)
    }
    return verdict
  }

  /// A finding with the severity it has; nil where it is ignored.
  package func judged(_ finding: Diagnostic) -> Diagnostic? {
    if ignores(finding.rule) { return nil }
    var finding = finding
    finding.severity = severity(of: finding)
    return finding
  }

  /// True for a rule whose findings are dropped.
  package func ignores(_ rule: Rule) -> Bool { rule.isIgnorable && ignored.contains(rule.id) }

  private func severity(of finding: Diagnostic) -> Diagnostic.Severity {
    switch finding.severity {
    case .error: isExact && !isStrict ? .warning : .error
    case .warning: isStrict ? .error : .warning
    case .note: .note
    }
  }
}

/// What a policy makes of the findings about an object.
package struct FindingVerdict {
  /// What is told beside the refusal, in the order it was found.
  package fileprivate(set) var findings: [Diagnostic] = []
  /// What refuses the object; nil where nothing does.
  package fileprivate(set) var refusal: Diagnostic?
  /// How many findings are of ignored rules.
  package fileprivate(set) var ignoredCount = 0
}
