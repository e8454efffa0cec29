internal import Injection
internal import ManifestText
internal import Workloads

/// Tells the manifests in a repository from everything else that a hook is handed or a folder holds: Helm charts,
/// kustomizations and their patches, YAML that has nothing to do with Kubernetes.
///
/// Of what a hook is handed, only what certainly is a manifest has to be one that can be read. A file that was found in
/// a folder has to be where it holds an injector's annotation. A file that was named is a manifest, or it is said why not.
struct RepositoryFilter: DocumentFilter {
  private let kinds: WorkloadKinds
  /// What the user named; nil where a hook is handed whatever a repository holds.
  private let named: InputResolver?

  /// What was named is meant even where it could not be injected: kustomizations, patches, other kinds.
  private var keepsOthers: Bool { named != nil }

  /// Knows manifests by the kinds that make pods; `named` is what the user named, in no run of a hook.
  init(kinds: WorkloadKinds, named: InputResolver? = nil) { (self.kinds, self.named) = (kinds, named) }

  /// True for a file whose place says that it is not a manifest.
  func skips(_ source: SourceText) -> Bool {
    !keepsOthers && RepositoryFilter.isKustomization(source.name) || HelmTemplateFile.isNamed(by: source.name)
  }

  /// True for a document that is a template which Helm has yet to fill in.
  func skips(_ piece: DocumentStream.Piece, of source: SourceText) -> Bool {
    HelmTemplateFile.holdsAction(piece.range, of: source)
  }

  func excuses(_ piece: DocumentStream.Piece, of source: SourceText, isConcerned: Bool) -> Bool {
    guard keepsOthers else { return !isBrokenManifest(piece, of: source) }
    if isNamed(source) { return !isConcerned && !isBrokenManifest(piece, of: source) }
    return !isConcerned || UnfilledTemplate.isHeld(in: piece, of: source)
  }

  func reason(forKeeping piece: DocumentStream.Piece, of source: SourceText) -> InjectionOutcome.Reason? {
    guard keepsOthers, !isNamed(source) else { return nil }
    return UnfilledTemplate.isHeld(in: piece, of: source) ? .template : .unreadable
  }

  /// What Helm has yet to fill in is all that need not be read of what was named.
  func reason(forSkippingIn source: SourceText) -> InjectionOutcome.Reason? {
    keepsOthers && !isNamed(source) ? .template : nil
  }

  func remark(on piece: DocumentStream.Piece, of source: SourceText, unreadable error: Diagnostic?) -> Diagnostic? {
    guard isNamed(source) else { return nil }
    if let error { return .unreadableRemark(error) }
    let start = piece.range.lowerBound
    return skips(piece, of: source) ? .helmTemplateRemark(at: start) : .noObjectRemark(at: start)
  }

  func remark(onUnread source: SourceText, isConcerned: Bool) throws(Diagnostic) -> Diagnostic? {
    guard isNamed(source) else { return nil }
    if HelmTemplateFile.isNamed(by: source.name) { return .helmTemplateRemark(at: 0) }
    for piece in try DocumentStream(source) where !skips(piece, of: source) {
      do throws(Diagnostic) {
        _ = try Document(piece, of: source)
      } catch {
        if excuses(piece, of: source, isConcerned: isConcerned) { return .unreadableRemark(error) }
        throw error
      }
    }
    return nil
  }

  /// True for a document of which no object is a manifest that could be injected; of what was named, for one that is no
  /// object.
  func skips(_ document: Document) -> Bool {
    if keepsOthers { return isNamed(document.source) && isNoObject(document) }
    guard let objects = try? ManifestObject.objects(of: document) else { return false }
    return !objects.contains { isManifest($0, in: document) }
  }

  /// True for text, for a list, and for a map with nothing that every object has.
  private func isNoObject(_ document: Document) -> Bool {
    guard let root = document.root, !document.isNull(root) else { return false }
    guard document.isMapping(root) else { return true }
    guard !RepositoryFilter.isKustomization(document.source.name) else { return false }
    let keys = ["apiVersion", "kind"].compactMap { try? document.value($0, in: root) }
    return keys.isEmpty
  }

  /// True for a file that was named itself, and not found in a folder.
  private func isNamed(_ source: SourceText) -> Bool { named?.isNamed(source.name) ?? false }

  /// True for what looks like a manifest, and cannot be read for another reason than that a program has yet to fill it in.
  private func isBrokenManifest(_ piece: DocumentStream.Piece, of source: SourceText) -> Bool {
    let text = String(decoding: source.bytes[piece.range], as: UTF8.self)
    let (lines, parts) = (text.split(whereSeparator: \.isNewline), text.split { "{,".contains($0) })
    let isLikeManifest = ["apiVersion", "kind"].allSatisfy { key in
      lines.contains { $0.drop { "\"'{, ".contains($0) }.hasPrefix(key) }
        || parts.contains { RepositoryFilter.isEntry($0, of: key) }
    }
    return isLikeManifest && !UnfilledTemplate.isHeld(in: piece, of: source)
  }

  /// True for what begins with a key and its colon, as an entry in braces does.
  private static func isEntry(_ text: Substring, of key: String) -> Bool {
    let text = text.drop { "\"' ".contains($0) }
    return text.hasPrefix(key) && text.dropFirst(key.count).first { !"\"' ".contains($0) } == ":"
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

extension Diagnostic {
  fileprivate static func unreadableRemark(_ error: Diagnostic) -> Diagnostic {
    Diagnostic(
      rule: .noManifest, message: "this is no manifest, and is passed over: \(error.message)", range: error.range)
  }

  fileprivate static func noObjectRemark(at offset: Int) -> Diagnostic {
    Diagnostic(
      rule: .noManifest, message: "this is no manifest, and is passed over: it has neither an apiVersion nor a kind",
      range: offset..<offset)
  }

  fileprivate static func helmTemplateRemark(at offset: Int) -> Diagnostic {
    Diagnostic(
      rule: .noManifest, message: "this is a template of a Helm chart, and is passed over",
      hint: "look at what Helm makes of it: helm template CHART | kubectl vault-inject lint -", range: offset..<offset)
  }
}
