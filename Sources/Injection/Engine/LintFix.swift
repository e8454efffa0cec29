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

  /// The same, knowing what a linter of this input knows.
  public func informed(by input: SourceText) -> LintFix { LintFix(linter.informed(by: input)) }

  /// The document with everything fixed that can be, and the other findings about each object.
  public func plan(for document: Document) -> DocumentPlan {
    let found = linter.plan(for: document).objects
    do throws(Diagnostic) {
      var (result, rest) = (document, found)
      var met = found.map(\.findings)
      for _ in 0..<LintFix.mostPasses {
        let fixes = rest.flatMap(\.findings).compactMap(\.fix)
        guard let next = try DocumentFix(fixes, in: result).result() else { break }
        result = next
        rest = linter.plan(for: result).objects
        for (index, object) in rest.enumerated() where index < met.count { met[index] += object.findings }
      }
      let objects = zip(zip(found, rest), met).map { objects, met in objects.0.listing(objects.1.findings, of: met) }
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

  /// The linter: what is fixed can have other findings than it had, and they stand elsewhere.
  public var judge: (any DocumentTransform)? { linter }
}

extension ObjectPlan {
  /// The object with what was fixed as its outcome, among what was met on the way, and the findings that are left.
  fileprivate func listing(_ rest: [Diagnostic], of met: [Diagnostic]) -> ObjectPlan {
    func isLeft(_ found: Diagnostic) -> Bool {
      rest.contains { $0.rule == found.rule && $0.message == found.message }
    }
    let left = findings.filter(isLeft)
    let fixed = met.filter { $0.fix != nil && !isLeft($0) }.map(\.rule.id)
    guard !fixed.isEmpty else { return self }
    var plan = self
    plan.findings = left
    plan.outcome = .fixed(fixed.reduce(into: []) { if !$0.contains($1) { $0.append($1) } })
    return plan
  }
}

/// Fixes made together in one document.
struct DocumentFix {
  /// An entry that was taken out elsewhere.
  private struct Addition {
    let path: Path
    let text: String
    /// How the text was spelt.
    let spelling: FormerText
    /// What stood after it on its line.
    let comment: [UInt8]
  }

  private let document: Document
  private var revision: Revision
  /// What is added once everything else is done.
  private var additions: [Addition] = []
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
    return try commented(spelt(edits.spliced()))
  }

  /// The document with what was moved spelt as it was.
  private func spelt(_ moved: Document) throws(Diagnostic) -> Document {
    var revision = Revision(of: moved)
    for addition in additions {
      guard let place = try place(of: addition, in: moved) else { continue }
      try revision.restore(addition.spelling, in: place.node, of: place.map, at: addition.path)
    }
    return try revision.spliced()
  }

  /// The document with the comments of what was moved after it, on lines of its own.
  private func commented(_ moved: Document) throws(Diagnostic) -> Document {
    var comments: [TextEdit] = []
    for addition in additions where !addition.comment.isEmpty {
      guard let place = try place(of: addition, in: moved), moved.endsLine(place.node, in: place.map) else { continue }
      let end = moved.range(of: place.node).upperBound
      comments.append(TextEdit(end..<end, addition.comment))
    }
    return comments.isEmpty ? moved : try Revision(of: moved).spliced(by: comments)
  }

  private func place(of addition: Addition, in moved: Document) throws(Diagnostic) -> (map: NodeID, node: NodeID)? {
    guard let path = addition.path.parent, let map = try moved.node(at: path),
      let node = try moved.node(at: addition.path)
    else { return nil }
    return (map, node)
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
      guard let parent = path.parent, let map = try document.node(at: parent),
        let node = try document.node(at: path),
        let spelling = document.spelling(of: text, inQuotesOf: node, in: map)
      else { return revision.rename(at: path, to: key, value: .string(text)) }
      try revision.restore(spelling, in: node, of: map, at: path)
    case .move(let keys, let old, let new):
      for key in keys { try move(key, from: old, to: new) }
    case .removal(let paths):
      guard take(paths) else { return }
      for path in paths { revision.remove(at: path) }
    }
  }

  private mutating func move(_ key: String, from old: Path, to new: Path) throws(Diagnostic) {
    let (source, target) = (old.appending(key), new.appending(key))
    guard let map = try document.node(at: old), let node = try document.value(key, in: map), try isFree(target),
      take([source, target])
    else { return }
    revision.remove(at: source)
    additions.append(
      Addition(
        path: target, text: document.text(of: node), spelling: document.spelling(ofText: node, in: map),
        comment: document.comment(after: node, in: map)))
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
