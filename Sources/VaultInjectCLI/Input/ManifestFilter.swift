internal import Injection
internal import ManifestText

/// Tells the manifests in an application's folder from other YAML, and leaves that out, as Argo CD's own source of
/// plain folders does.
struct ManifestFilter: DocumentFilter {
  /// What an object has, and the texts that tell without reading it that a file may hold one.
  private static let marks = [("apiVersion", "apiVersion"), ("kind", "kind"), ("metadata.name", "metadata")].map {
    (name: $0, patterns: [TextPattern("\($1):"), TextPattern("\"\($1)\"")])
  }

  func skips(_ document: Document) throws(Diagnostic) -> Bool {
    guard let root = document.root, !document.isNull(root) else { return false }
    guard document.isMapping(root) else { return true }
    let missing = try missing(in: document, root)
    if missing.isEmpty { return false }
    // What has some of it, in a file that has all of it, is a manifest that something is wrong with.
    guard missing.count < ManifestFilter.marks.count, ManifestFilter.looksLikeManifests(document.source) else {
      return true
    }
    throw .incompleteManifest(missing, at: document.range(of: root))
  }

  /// What an object lacks of what each has; a list needs no name.
  private func missing(in document: Document, _ root: NodeID) throws(Diagnostic) -> [String] {
    let isList = try document.value("items", in: root) != nil
    let names = try ["name", "generateName"].map { name throws(Diagnostic) in
      try document.node(at: Path().appending("metadata").appending(name)) != nil
    }
    let present = [
      try document.value("apiVersion", in: root) != nil, try document.value("kind", in: root) != nil,
      isList || names.contains(true),
    ]
    return zip(ManifestFilter.marks, present).filter { !$1 }.map(\.0.name)
  }

  func excuses(_ piece: DocumentStream.Piece, of source: SourceText, isConcerned: Bool) -> Bool {
    !ManifestFilter.looksLikeManifests(source)
  }

  func omission(_ piece: DocumentStream.Piece, unreadable error: Diagnostic?) -> Diagnostic? {
    error.map(Diagnostic.unreadableOmission) ?? .noManifest(piece.range)
  }

  private static func looksLikeManifests(_ source: SourceText) -> Bool {
    marks.allSatisfy { mark in mark.patterns.contains { $0.isHeld(in: source.bytes, source.bytes.indices) } }
  }
}

extension Diagnostic {
  fileprivate static func unreadableOmission(_ error: Diagnostic) -> Diagnostic {
    Diagnostic(
      rule: .noManifest, message: "this cannot be read, and is left out: \(error.message)", range: error.range)
  }

  fileprivate static func noManifest(_ range: Range<Int>) -> Diagnostic {
    Diagnostic(
      rule: .noManifest,
      message: "this is not a manifest, and is left out: it has no apiVersion, kind and metadata.name",
      range: range.lowerBound..<range.lowerBound)
  }

  fileprivate static func incompleteManifest(_ missing: [String], at range: Range<Int>) -> Diagnostic {
    Diagnostic(
      rule: .incompleteManifest, message: "this manifest has no \(missing.joined(separator: " and no "))",
      hint: "add what is missing; what is not a manifest belongs in a file of its own, which is left out",
      range: range.lowerBound..<range.lowerBound)
  }
}
