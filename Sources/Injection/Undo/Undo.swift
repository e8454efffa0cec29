internal import ManifestText
internal import Workloads

/// Takes the injections out of a document, pod by pod.
struct Undo {
  /// A pod with a record of its injection.
  struct Pod {
    /// Where it is in the document.
    let path: Path
    let recordKey: String
    let record: InjectionRecord
  }

  /// A document as it was, and what of the injected text that is.
  struct Result {
    let document: Document
    let kept: [KeptText]
  }

  private(set) var pods: [Pod] = []
  private var removals: Removals
  private var cursor: PathCursor

  init(_ document: Document) {
    removals = Removals(document: document)
    cursor = PathCursor(document)
  }

  var document: Document { removals.document }

  /// Plans one pod.
  /// - Throws: A `Diagnostic` that points at what was changed since; nothing is planned for the pod then.
  mutating func add(_ pod: Pod) throws(Diagnostic) {
    guard let node = try cursor.node(at: pod.path) else { throw .internalError("a pod is gone", at: document.range) }
    // Each pod's removals are added up at the end: a copy of all to plan one would take longer with each.
    var removal = PodRemoval(
      document: document, recordKey: pod.recordKey, version: pod.record.version,
      isAdmitted: try document.isPodOfCluster(node))
    try removal.take(pod.record.pod, fromPod: node, at: pod.path)
    removals.add(removal.removals)
    removals.remove(at: PodTemplate.annotationsPath(ofPodAt: pod.path).appending(pod.recordKey))
    pods.append(pod)
  }

  /// The document with everything taken out and every spelling put back.
  /// - Throws: A `Diagnostic` where that cannot be done.
  func result() throws(Diagnostic) -> Result {
    let bare = try bare()
    guard let repaired = try repaired(bare.document) else { return bare }
    return Result(document: repaired.document, kept: bare.kept.followed(by: repaired.kept))
  }

  /// The document with everything taken out.
  func bare() throws(Diagnostic) -> Result {
    let edits = try removals.textEdits()
    return Result(document: try removals.spliced(by: edits), kept: edits.kept(in: document.range))
  }

  /// The document with the spellings put back; nil where there are none or where they would change its meaning.
  private func repaired(_ bare: Document) throws(Diagnostic) -> Result? {
    var edits: [TextEdit] = []
    let scopes = try bare.ranges(ofPodsAt: pods.map(\.path))
    for (pod, scope) in zip(pods, scopes) {
      edits += pod.record.repairs.compactMap { repair in
        repair.edit(in: bare.source.bytes, repair.isAnywhere ? bare.range : scope)
      }
    }
    edits = edits.inOrder()
    if let result = try applied(edits, to: bare) { return result }
    let isShort = edits.count * bare.range.count <= SpellingRepair.mostSearched
    if isShort, let result = try applied(harmless(edits, to: bare), to: bare) { return result }
    let difference = pods.lazy.compactMap(\.record.difference).compactMap {
      $0.edit(in: bare.source.bytes, bare.range)
    }
    return try applied(difference.prefix(1).map(\.self), to: bare)
  }

  /// Those of the edits that change no meaning, each by itself.
  private func harmless(_ edits: [TextEdit], to bare: Document) throws(Diagnostic) -> [TextEdit] {
    var harmless: [TextEdit] = []
    for edit in edits where try applied([edit], to: bare) != nil { harmless.append(edit) }
    return harmless
  }

  private func applied(_ edits: [TextEdit], to bare: Document) throws(Diagnostic) -> Result? {
    guard !edits.isEmpty, edits.areDisjoint, let root = bare.root else { return nil }
    let bytes = edits.applied(to: bare.source.bytes, in: bare.range)
    guard let document = try? bare.reread(bytes), let newRoot = document.root,
      try document.value(of: newRoot) == bare.value(of: root)
    else { return nil }
    return Result(document: document, kept: edits.kept(in: bare.range))
  }
}

extension Document {
  /// The bytes of each pod; a pod that is the whole document takes all of them, comments around it included.
  func ranges(ofPodsAt paths: [Path]) throws(Diagnostic) -> [Range<Int>] {
    var cursor = PathCursor(self)
    return try paths.map { (path) throws(Diagnostic) in
      guard !path.steps.isEmpty, let node = try cursor.node(at: path) else { return range }
      return range(of: node)
    }
  }
}
