internal import ManifestText
internal import Workloads

/// An injection that is made and undone again, to see what undoing it does not give back by itself.
struct RoundTrip {
  /// The document with the injection.
  let result: Document
  private let document: Document
  private let undo: DocumentUndo
  /// What undoing gives by itself, and what of the document that keeps; nil where it is the document to the byte, which
  /// need not be read again.
  private let inexact: (bare: Document, kept: [KeptText])?

  /// Makes an injection, and takes it out of the pods again that keep a record of it.
  /// - Throws: A `Diagnostic` where one of the two cannot be done.
  init(_ edits: Edits, as textEdits: [TextEdit], pods: [RecordedPod]) throws(Diagnostic) {
    let document = edits.document
    self.document = document
    result = try edits.spliced(by: textEdits)
    var undo = DocumentUndo(of: result)
    for pod in pods { try undo.add(pod) }
    self.undo = undo
    let undoing = try undo.textEdits()
    let isExact = undoing.make(document.source.bytes[document.range], of: result.source.bytes, in: result.range)
    let bare = isExact ? nil : try undo.bare(by: undoing)
    inexact = bare.map { ($0.document, textEdits.kept(in: document.range).followed(by: $0.kept)) }
  }

  /// True where undoing gives the document back to the byte by itself.
  var needsNoSupplement: Bool { inexact == nil }

  /// True where undoing gives the document back to the byte.
  func isExact() throws(Diagnostic) -> Bool {
    let result = try undo.result().document
    return ByteText.isEqual(result.source.bytes[result.range], document.source.bytes[document.range])
  }

  /// What the document was, as a difference from what undoing gives by all other means.
  func difference() -> FormerDocument {
    let bare = inexact?.bare ?? document
    return FormerDocument(from: bare.source.bytes[bare.range], to: document.source.bytes[document.range])
  }

  /// What the records of the pods have to hold for the document to come back as it was; nil where finding it would
  /// take too long.
  func supplements() throws(Diagnostic) -> [Path: InjectionRecord]? {
    guard let (bare, kept) = inexact else { return [:] }
    var supplements: [Path: InjectionRecord] = [:]
    var searched = 0
    var scopes = Scopes(try bare.ranges(ofPodsAt: undo.pods.map(\.path)))
    for gap in kept.gaps(before: document.range, after: bare.range) {
      let former = document.source.bytes[gap.before]
      guard !ByteText.isEqual(former, bare.source.bytes[gap.after]) else { continue }
      guard searched < SpellingRepair.mostSearched else { return nil }
      guard let (path, repair) = try repair(Array(former), in: gap.after, of: bare, &scopes) else {
        searched += bare.range.count
        continue
      }
      searched += repair.isAnywhere ? bare.range.count : scopes.size(of: gap.after)
      supplements[path, default: InjectionRecord()].repairs.append(repair)
    }
    return supplements
  }

  private func repair(
    _ text: [UInt8], in place: Range<Int>, of bare: Document, _ scopes: inout Scopes
  ) throws(Diagnostic) -> (Path, SpellingRepair)? {
    let bytes = bare.source.bytes
    if let index = scopes.index(of: place),
      let repair = SpellingRepair(text, in: place, of: bytes, scope: scopes.ranges[index], isAnywhere: false)
    {
      return (undo.pods[index].path, repair)
    }
    guard let first = undo.pods.first else { return nil }
    return SpellingRepair(text, in: place, of: bytes, scope: bare.range, isAnywhere: true)
      .map { (first.path, $0) }
  }

  /// Where the pods stand, asked for places in ascending order.
  private struct Scopes {
    let ranges: [Range<Int>]
    private var next = 0

    init(_ ranges: [Range<Int>]) { self.ranges = ranges }

    /// How much text is searched for a place.
    mutating func size(of place: Range<Int>) -> Int { index(of: place).map { ranges[$0].count } ?? 0 }

    mutating func index(of place: Range<Int>) -> Int? {
      while next < ranges.count, ranges[next].upperBound < place.upperBound { next += 1 }
      return next < ranges.count && ranges[next].lowerBound <= place.lowerBound ? next : nil
    }
  }
}
