public import ManifestText
internal import Workloads

/// Puts right what has one right answer in the pods of a document, and finds what has not.
public struct LintFix: DocumentTransform {
  /// What one fix leads to can be another, as a misspelt key in the wrong place; more than this are left for another run.
  private static let mostPasses = 8

  private let linter: Linter

  /// Fixes what a linter finds.
  public init(_ linter: Linter) { self.linter = linter }

  /// True where documents may have annotations there is something to say about.
  public func mayConcern(_ range: Range<Int>, of source: SourceText) -> Bool { linter.mayConcern(range, of: source) }

  /// The document with everything fixed that can be, and the other findings about each object.
  public func plan(for document: Document) -> DocumentPlan {
    let found = linter.plan(for: document).objects
    do throws(Diagnostic) {
      var result = document
      for _ in 0..<LintFix.mostPasses {
        let findings = linter.plan(for: result).objects.flatMap { $0.findings + $0.refusals }
        guard let next = try DocumentFix(findings.compactMap(\.fix), in: result).result() else { break }
        result = next
      }
      let objects = found.map(\.withoutFixed)
      guard !ByteText.isEqual(result.source.bytes[result.range], document.source.bytes[document.range]) else {
        return .unchanged(document, objects)
      }
      return .revised(document, result: result, objects)
    } catch {
      return .refused(document, error)
    }
  }

  /// What a document without the annotations' text holds: there is nothing to fix.
  public func overview(of document: Document) -> DocumentPlan { linter.overview(of: document) }
}

extension ObjectPlan {
  /// The object with what was fixed as its outcome, and the other findings.
  fileprivate var withoutFixed: ObjectPlan {
    let fixed = findings.filter { $0.fix != nil }.map(\.rule.id)
    guard !fixed.isEmpty else { return self }
    var plan = self
    plan.findings.removeAll { $0.fix != nil }
    plan.outcome = .fixed(fixed.reduce(into: []) { if !$0.contains($1) { $0.append($1) } })
    return plan
  }
}

/// Fixes made together in one document.
struct DocumentFix {
  private let document: Document
  private var revision: Revision
  /// What is added once everything else is done.
  private var additions: [(path: Path, text: String)] = []
  /// The places that are taken, each by the first fix that wants it.
  private var taken: Set<Path> = []

  init(_ fixes: [Fix], in document: Document) throws(Diagnostic) {
    self.document = document
    revision = Revision(of: document)
    for fix in fixes { try take(fix) }
  }

  /// The document with everything fixed; nil where nothing is.
  /// - Throws: A `Diagnostic` where it cannot be edited.
  func result() throws(Diagnostic) -> Document? {
    guard !revision.isEmpty || !additions.isEmpty else { return nil }
    let revised = revision.isEmpty ? document : try revision.spliced()
    guard !additions.isEmpty else { return revised }
    var edits = Edits(document: revised)
    for addition in additions { try edits.set(.string(addition.text), at: addition.path) }
    return try edits.spliced()
  }

  private mutating func take(_ fix: Fix) throws(Diagnostic) {
    switch fix {
    case .key(let path, let key):
      guard let parent = path.parent, try isFree(parent.appending(key)), take([path, parent.appending(key)]) else {
        return
      }
      revision.rename(at: path, to: key)
    case .text(let path, let text):
      guard take([path]), let key = path.lastKey else { return }
      revision.rename(at: path, to: key, value: .string(text))
    case .move(let keys, let old, let new):
      for key in keys { try move(key, from: old, to: new) }
    case .removal(let paths):
      guard take(paths) else { return }
      for path in paths { revision.remove(at: path) }
    }
  }

  private mutating func move(_ key: String, from old: Path, to new: Path) throws(Diagnostic) {
    let (source, target) = (old.appending(key), new.appending(key))
    guard let node = try document.node(at: source), try isFree(target), take([source, target]) else { return }
    revision.remove(at: source)
    additions.append((target, document.text(of: node)))
  }

  /// True where there is nothing yet.
  private func isFree(_ path: Path) throws(Diagnostic) -> Bool { try document.node(at: path) == nil }

  /// Claims places; false where one of them is claimed already.
  private mutating func take(_ paths: [Path]) -> Bool {
    guard paths.allSatisfy({ !taken.contains($0) }) else { return false }
    taken.formUnion(paths)
    return true
  }
}
