internal import Injection
internal import ManifestText
internal import Platform
internal import Workloads

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

  func excuses(_ piece: DocumentStream.Piece, of source: SourceText) -> Bool {
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

/// Tells the manifests in a repository from everything else that a hook is handed: Helm charts, kustomizations and
/// their patches, YAML that has nothing to do with Kubernetes.
///
/// Whatever does not certainly ask for injection stays as it is, and nothing is said about it.
struct RepositoryFilter: DocumentFilter {
  private let kinds: WorkloadKinds
  /// True where what could not be injected is meant as well: kustomizations, patches, other kinds.
  private let keepsOthers: Bool

  /// Knows manifests by the kinds that make pods.
  init(kinds: WorkloadKinds, keepsOthers: Bool = false) { (self.kinds, self.keepsOthers) = (kinds, keepsOthers) }

  /// True for a file whose place says that it is not a manifest.
  func skips(_ source: SourceText) -> Bool {
    !keepsOthers && RepositoryFilter.isKustomization(source.name) || HelmTemplateFile.isNamed(by: source.name)
  }

  /// True for a document that is a template which Helm has yet to fill in.
  func skips(_ piece: DocumentStream.Piece, of source: SourceText) -> Bool {
    HelmTemplateFile.holdsAction(piece.range, of: source)
  }

  /// True where a document that cannot be read need not be one: only what looks like a manifest should be one.
  func excuses(_ piece: DocumentStream.Piece, of source: SourceText) -> Bool {
    let text = String(decoding: source.bytes[piece.range], as: UTF8.self)
    if text.contains("{{") { return true }
    return !["apiVersion", "kind"].allSatisfy { key in
      text.split(whereSeparator: \.isNewline).contains { $0.drop { "\"'{, ".contains($0) }.hasPrefix(key) }
    }
  }

  /// True for a document of which no object is a manifest that could be injected.
  func skips(_ document: Document) -> Bool {
    guard !keepsOthers, let objects = try? ManifestObject.objects(of: document) else { return false }
    return !objects.contains { isManifest($0, in: document) }
  }

  /// False also for a pod without containers: that is a patch, for kustomize to put into a manifest.
  private func isManifest(_ object: ManifestObject, in document: Document) -> Bool {
    guard !object.apiVersion.isEmpty, kinds.kind(of: object) != nil else { return false }
    guard let templates = try? PodTemplate.templates(of: object, in: document, kinds: kinds) else { return true }
    return templates.contains { template in
      guard let containers = try? template.containers(.containers) else { return true }
      return !containers.isEmpty
    }
  }

  private static func isKustomization(_ path: String) -> Bool {
    ["kustomization.yaml", "kustomization.yml", "Kustomization"].contains { path == $0 || path.hasSuffix("/" + $0) }
  }
}

/// What tells that a file is a template of a Helm chart.
private enum HelmTemplateFile {
  /// True for a file in a chart's folder of templates, at any depth.
  static func isNamed(by path: String) -> Bool {
    var folder = path[...]
    while let slash = folder.lastIndex(of: "/") {
      folder = folder[..<slash]
      guard folder == "templates" || folder.hasSuffix("/templates") else { continue }
      if (try? FileStatus(of: folder.dropLast("templates".count) + HelmChart.fileName)) != nil { return true }
    }
    return false
  }

  private static let opening = Array("{{".utf8)

  /// What stands in the actions of Helm's templates, and not in those of Vault's.
  private static let words = [
    ".Values", ".Release", ".Chart", ".Capabilities", ".Files", ".Template", "include ", "tpl ", "toYaml", "lookup ",
  ]

  /// True where `{{ … }}` holds something that only Helm knows.
  static func holdsAction(_ range: Range<Int>, of source: SourceText) -> Bool {
    guard ByteText.firstIndex(of: opening, in: source.bytes, range) != nil else { return false }
    let text = String(decoding: source.bytes[range], as: UTF8.self)
    return text.split(separator: "{{").dropFirst(text.hasPrefix("{{") ? 0 : 1).contains { part in
      let action = part.firstRange(of: "}}").map { part[..<$0.lowerBound] } ?? part
      return words.contains { action.contains($0) }
    }
  }
}
