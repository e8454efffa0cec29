internal import ManifestText
internal import Workloads

/// An object that asks for injection and has no pod template that is known: why it has none, and what to do about it.
struct PodlessObject {
  private let object: ManifestObject
  private let document: Document
  private let kinds: WorkloadKinds
  /// The annotations that ask for injection.
  private let requests: [String]

  init(_ object: ManifestObject, in document: Document, kinds: WorkloadKinds, requests: [String]) {
    self.object = object
    self.document = document
    self.kinds = kinds
    self.requests = requests
  }

  /// What there is to say where the object asks for injection.
  func finding() throws(Diagnostic) -> Diagnostic? {
    guard let key = document.firstKey(in: object.node, among: requests) else { return nil }
    let (text, range) = (document.text(of: key), document.range(of: key))
    if object.apiVersion.isEmpty, object.kind.isEmpty { return try ofNoKind(text, range) }
    if OperatedKinds.include(object) { return .podsOfOperator(text, object, range) }
    if object.group.hasSuffix("kustomize.config.k8s.io") { return .kustomization(text, object.kind, range) }
    if let kind = kinds.kind(of: object) { return try ofKnownKind(kind, text, range) }
    if let group = kinds.all.first(where: { $0.kind == object.kind })?.group, isMeant(group) {
      return .wrongGroup(text, object, group: group, range)
    }
    if let kind = nearestKind { return .unknownWorkload(text, object, hint: "did you mean \(kind)?", range) }
    return .unknownWorkload(text, object, hint: try podPathHint(), range)
  }

  /// The kind that is misspelt here; nil where a kind of another group may be meant.
  private var nearestKind: String? {
    NearestName.nearest(to: object.kind, among: kinds.all.filter { isMeant($0.group) }.map(\.kind))
  }

  /// True where a group is the object's, or may be what its own is misspelt for.
  private func isMeant(_ group: String) -> Bool {
    object.group == group || object.group.isEmpty || NearestName.nearest(to: object.group, among: [group]) != nil
  }

  private func podPathHint() throws(Diagnostic) -> String {
    let paths = try templatePaths()
    let options = (paths.isEmpty ? ["PATH"] : paths).map { "--pod-path \(object.group)/\(object.kind)=\($0)" }
    return "tell where its pod template is: \(options.joined(separator: " "))"
  }

  /// What an object is that says neither its kind nor its version.
  private func ofNoKind(_ key: String, _ range: Range<Int>) throws(Diagnostic) -> Diagnostic {
    guard document.isMapping(object.node) else { return .patch(key, "a JSON Patch", range) }
    for list in ["resources", "bases", "components", "patches", "patchesStrategicMerge"] {
      guard let value = try document.value(list, in: object.node) else { continue }
      if document.isSequence(value) { return .kustomization(key, "Kustomization", range) }
    }
    for part in ["spec", "metadata", "template"] {
      if let value = try document.value(part, in: object.node), document.isMapping(value) {
        return .patch(key, "an object without apiVersion and kind, as in a patch", range)
      }
    }
    return .helmValues(key, range)
  }

  /// What an object is that has pods by its kind, and none here.
  private func ofKnownKind(
    _ kind: WorkloadKind, _ key: String, _ range: Range<Int>
  ) throws(Diagnostic) -> Diagnostic {
    let path = Path([.key("spec"), .key("workloadRef")])
    guard let reference = try document.node(at: path, from: object.node), document.isMapping(reference) else {
      return .patch(key, "\(object.kind.withArticle) without a pod template, as in a patch", range)
    }
    let names = try ["kind", "name"].map { (name) throws(Diagnostic) in
      try document.value(name, in: reference).map(document.text(of:)) ?? ""
    }
    return .podsOfReference(key, object, names.filter { !$0.isEmpty }.joined(separator: "/"), range)
  }

  /// Where pod templates stand: the maps with `spec.containers` beside the annotations that ask for injection.
  private func templatePaths() throws(Diagnostic) -> [String] {
    var paths: [String] = []
    let keys = requests.flatMap { request in
      document.scalars(in: object.node, beginningWith: Array(request.utf8.dropLast()))
        .filter { document.isText($0, equalTo: request) }
    }.sorted { $0.index < $1.index }
    for map in document.maps(withKeys: keys, in: object.node) {
      let steps = map.path.steps
      guard steps.suffix(2) == [.key("metadata"), .key("annotations")] else { continue }
      let template = Path(Array(steps.dropLast(2)))
      let containers = template.appending("spec").appending("containers")
      guard let list = try document.node(at: containers, from: object.node), document.isSequence(list) else {
        continue
      }
      let path = template.pattern
      if !paths.contains(path) { paths.append(path) }
    }
    return paths
  }
}

extension Path {
  /// The path as `--pod-path` takes it, every element of a list meant.
  fileprivate var pattern: String {
    guard !steps.isEmpty else { return "." }
    return steps.reduce("") { text, step in
      switch step {
      case .key(let key): text.isEmpty ? key : "\(text).\(key)"
      case .index: "\(text)[*]"
      }
    }
  }
}

extension String {
  /// A kind as it stands in a sentence.
  fileprivate var withArticle: String {
    let isVowel = first.map { "AEIOaeio".contains($0) } ?? false
    return isVowel ? "an \(self)" : "a \(self)"
  }
}

extension Diagnostic {
  fileprivate static func unknownWorkload(
    _ key: String, _ object: ManifestObject, hint: String, _ range: Range<Int>
  ) -> Diagnostic {
    Diagnostic(
      rule: .unknownWorkload,
      message: "`\(key)` is set on \(object.kind.withArticle), which is not known to make pods", hint: hint,
      range: range)
  }

  fileprivate static func wrongGroup(
    _ key: String, _ object: ManifestObject, group: String, _ range: Range<Int>
  ) -> Diagnostic {
    let found = object.apiVersion.isEmpty ? "without apiVersion" : "of `\(object.apiVersion)`"
    return Diagnostic(
      rule: .unknownWorkload,
      message: "`\(key)` is set on \(object.kind.withArticle) \(found), and that makes no pods",
      hint: "a \(object.kind) is of the group \(group): apiVersion: \(group)/VERSION", range: range)
  }

  fileprivate static func podsOfOperator(_ key: String, _ object: ManifestObject, _ range: Range<Int>) -> Diagnostic {
    Diagnostic(
      rule: .podsOfOperator,
      message: "`\(key)` is set on \(object.kind.withArticle), whose pods are made by its operator",
      hint: "only the injector's webhook can inject there, when the pods are made", range: range)
  }

  fileprivate static func podsOfReference(
    _ key: String, _ object: ManifestObject, _ reference: String, _ range: Range<Int>
  ) -> Diagnostic {
    Diagnostic(
      rule: .podsOfReference,
      message: "`\(key)` is set on \(object.kind.withArticle) that takes its pods from \(reference), by workloadRef",
      hint: "annotate the pod template of \(reference), and inject that", range: range)
  }

  fileprivate static func patch(_ key: String, _ what: String, _ range: Range<Int>) -> Diagnostic {
    Diagnostic(
      rule: .annotatedPatch, message: "`\(key)` is set in \(what), and nothing is injected there",
      hint: "inject what kustomize builds with it: kubectl vault-inject -k FOLDER", range: range)
  }

  fileprivate static func kustomization(_ key: String, _ kind: String, _ range: Range<Int>) -> Diagnostic {
    Diagnostic(
      rule: .annotatedKustomization,
      message: "`\(key)` is set in \(kind.withArticle): kustomize puts it into what it builds",
      hint:
        "inject what comes of it, where commonAnnotations stand on pod templates too: kubectl vault-inject -k FOLDER",
      range: range)
  }

  fileprivate static func helmValues(_ key: String, _ range: Range<Int>) -> Diagnostic {
    Diagnostic(
      rule: .annotatedValues,
      message: "`\(key)` is set in no Kubernetes object: these seem to be the values of a Helm chart",
      hint: "inject what Helm renders: helm template NAME CHART | kubectl vault-inject -f -, or the post-renderer",
      range: range)
  }
}
