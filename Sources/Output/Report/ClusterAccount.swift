internal import ManifestText

/// What a cluster has now of what was asked for, and what it has not.
package struct ClusterAccount {
  /// One object.
  package struct Entry {
    /// The object as kubectl names it: `deployment.apps/web`.
    let name: String
    /// Its namespace; nil where it belongs to the cluster as a whole.
    let namespace: String?
    /// What became of it.
    let outcome: ApplyOutcome
    private let findPlace: () -> String

    /// An object; its place is looked for only where it is shown, as counting lines takes time.
    package init(name: String, namespace: String?, place: @escaping @autoclosure () -> String, outcome: ApplyOutcome) {
      self.name = name
      self.namespace = namespace
      self.outcome = outcome
      findPlace = place
    }

    /// Where it stands in the input: `file:line`.
    var place: String { findPlace() }

    /// `deployment.apps/web in shop`.
    var title: String { namespace.map { "\(name) in \($0)" } ?? name }
  }

  /// An object that was to be deleted, as its set holds it no longer.
  package struct Pruned {
    /// What became of it.
    package enum Outcome: String, Sendable {
      case notTried = "not tried"
      case pruned
      case failed
      case unknown
    }

    /// `deployment.apps/web in shop`.
    let title: String
    let outcome: Outcome

    package init(name: String, namespace: String?, outcome: Outcome) {
      (title, self.outcome) = (namespace.map { "\(name) in \($0)" } ?? name, outcome)
    }

    fileprivate var remark: String {
      switch outcome {
      case .notTried: " (not tried)"
      case .unknown: " (it may have been all the same)"
      case .pruned, .failed: ""
      }
    }
  }

  /// A workload that was waited for.
  package struct Waited {
    /// How far it is.
    package enum Outcome: String, Sendable {
      case ready
      case notReady = "not ready"
      case notWaitedFor = "not waited for"
    }

    /// `deployment.apps/web in shop`.
    let title: String
    let outcome: Outcome
    /// What it still waits for; nil where it waits for nothing.
    let words: String?

    package init(name: String, namespace: String?, outcome: Outcome, words: String?) {
      (title, self.outcome, self.words) = (namespace.map { "\(name) in \($0)" } ?? name, outcome, words)
    }
  }

  /// The objects, in order.
  let entries: [Entry]
  /// How many more objects were done, which nobody needs to be told apart.
  let othersDone: Int
  /// What was to be deleted; nil where nothing was looked for.
  let pruned: [Pruned]?
  /// What was waited for; nil where nothing was.
  let waited: [Waited]?
  /// True where the wait was cut short, so that what is not ready has not been told.
  let isCutShort: Bool
  /// True where the cluster was only asked what it would do.
  let isTrial: Bool

  package init(
    entries: [Entry], othersDone: Int = 0, pruned: [Pruned]? = nil, waited: [Waited]? = nil, isCutShort: Bool = false,
    isTrial: Bool
  ) {
    (self.entries, self.othersDone, self.isTrial) = (entries, othersDone, isTrial)
    (self.pruned, self.waited, self.isCutShort) = (pruned, waited, isCutShort)
  }

  var done: [Entry] { entries.filter(\.outcome.isDone) }
  var rest: [Entry] { entries.filter { !$0.outcome.isDone } }

  /// Lines for people; none where there is nothing to tell apart.
  var lines: [String] { appliedLines + prunedLines + waitedLines }

  private var appliedLines: [String] {
    if rest.isEmpty, waitedLines.isEmpty { return [] }
    let verb = isTrial ? "accepted" : "applied"
    let counts = "\(done.count + othersDone) of \(entries.count + othersDone)"
    var lines = ["\(counts) objects \(verb)\(done.isEmpty ? "" : ":")"]
    lines += done.map { "  \($0.title)" }
    if rest.isEmpty { return lines }
    lines.append("not \(verb):")
    return lines + rest.map { "  \($0.title) (\($0.place)\($0.remark))" }
  }

  /// What was pruned of what was to be, where that is not all of it.
  private var prunedLines: [String] {
    guard let pruned, !pruned.allSatisfy({ $0.outcome == .pruned }) else { return [] }
    let done = pruned.filter { $0.outcome == .pruned }
    let rest = pruned.filter { $0.outcome != .pruned }
    return ["\(done.count) of \(pruned.count) objects pruned\(done.isEmpty ? "" : ":")"] + done.map { "  \($0.title)" }
      + ["not pruned:"] + rest.map { "  \($0.title)\($0.remark)" }
  }

  /// What was not ready when the wait was cut short.
  private var waitedLines: [String] {
    guard let waited, isCutShort else { return [] }
    let rest = waited.filter { $0.outcome == .notReady }
    if rest.isEmpty { return [] }
    return ["not ready yet:"] + rest.map { "  \($0.title)\($0.words.map { " (\($0))" } ?? "")" }
  }

  /// The same for machines.
  var json: Value {
    let objects = entries.map { entry -> Value in
      var value: Value = ["object": .string(entry.name)]
      value["namespace"] = entry.namespace.map(Value.string)
      value["place"] = .string(entry.place)
      value["outcome"] = .string(entry.outcome.rawValue)
      return value
    }
    var value: Value = ["trial": .bool(isTrial), "objects": .array(objects)]
    value["pruned"] = pruned.map { pruned in
      .array(pruned.map { ["object": .string($0.title), "outcome": .string($0.outcome.rawValue)] })
    }
    value["waited"] = waited.map { waited in
      .array(waited.map { ["object": .string($0.title), "outcome": .string($0.outcome.rawValue)] })
    }
    return value
  }
}

extension ClusterAccount.Entry {
  fileprivate var remark: String {
    switch outcome {
    case .pending: ", not tried"
    case .unknown: ", no answer: it may have been all the same"
    case .unfinished: ", applied, and not yet taken over from others: apply it again"
    case .perhapsDeleted: ", perhaps deleted: there was no clear answer"
    case .lost: ", deleted and not created again"
    case .gone: ", gone and not created again"
    case .perhapsLost: ", perhaps not there again: there was no clear answer"
    case .deleting: ", being deleted, and not created again"
    case .applied, .replaced, .patched, .failed: ""
    }
  }
}
