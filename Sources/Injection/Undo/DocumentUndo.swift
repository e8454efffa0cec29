internal import ManifestText
internal import Workloads

/// A pod with a record of its injection.
struct RecordedPod {
  /// Where it is in the document.
  let path: Path
  let recordKey: String
  let record: InjectionRecord
  /// Why the record is one of names; nil where it was found in the pod.
  var makeshift: Diagnostic?
}

/// The undoing of a document's injections, pod by pod.
struct DocumentUndo {
  /// A document as it was, and what of the injected text that is.
  struct Result {
    let document: Document
    let kept: [KeptText]
  }

  private(set) var pods: [RecordedPod] = []
  /// What was changed in the pods since, and goes all the same.
  private(set) var discarded: [Path: [LostChange]] = [:]
  private var revision: Revision
  private var cursor: PathCursor
  private let isForced: Bool

  /// Plans nothing yet; what was changed by hand goes with the rest, or keeps the rest from going.
  init(of document: Document, isForced: Bool = false) {
    self.isForced = isForced
    revision = Revision(of: document)
    cursor = PathCursor(document)
  }

  var document: Document { revision.document }

  /// Plans one pod.
  /// - Throws: A `Diagnostic` that points at what was changed since; nothing is planned for the pod then.
  mutating func add(_ pod: RecordedPod) throws(Diagnostic) {
    guard let node = try cursor.node(at: pod.path) else { throw .internalError("a pod is gone", at: document.range) }
    // Each pod's revision is added at the end: a copy of all to plan one would take longer with each.
    var undo = PodUndo(
      document: document, recordKey: pod.recordKey, version: pod.record.version,
      isAdmitted: try document.isPodOfCluster(node), isForced: isForced)
    try undo.take(pod.record.pod, fromPod: node, at: pod.path)
    revision.add(undo.revision)
    let lost = pod.makeshift.map { [LostChange.untold($0)] } ?? undo.discarded
    if !lost.isEmpty { discarded[pod.path] = lost }
    let record = PodTemplate.annotationsPath(ofPodAt: pod.path).appending(pod.recordKey)
    let isThere = pod.makeshift == nil ? true : try cursor.node(at: record) != nil
    if isThere { revision.remove(at: record) }
    pods.append(pod)
  }

  /// The document with everything taken out and every spelling put back.
  /// - Throws: A `Diagnostic` where that cannot be done.
  func result() throws(Diagnostic) -> Result {
    let bare = try bare(by: textEdits())
    guard let repaired = try repaired(bare.document) else { return bare }
    return Result(document: repaired.document, kept: bare.kept.followed(by: repaired.kept))
  }

  /// What takes everything out, as edits of the document's text, in order.
  func textEdits() throws(Diagnostic) -> [TextEdit] { try revision.textEdits() }

  /// The document with everything taken out, by text edits that are known already.
  func bare(by edits: [TextEdit]) throws(Diagnostic) -> Result {
    Result(document: try revision.spliced(by: edits), kept: edits.kept(in: document.range))
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

/// The objects of a document that hold records of injections.
struct RecordedObjects {
  private(set) var pods: [Int: [RecordedPod]] = [:]
  private(set) var refusals: [(Int, Diagnostic)] = []
  let objects: [ManifestObject]
  private var undo: DocumentUndo
  private let isForced: Bool

  /// Looks for them, and for whatever keeps one from being undone.
  ///
  /// What was changed by hand keeps an object from being undone, unless that is forced.
  /// Where that also holds for pods without a usable record, what has the names of an injection is taken for one.
  init(
    in document: Document, _ scope: InjectionScope, isForced: Bool = false, takesNames: Bool = false
  ) throws(Diagnostic) {
    objects = try ManifestObject.objects(of: document)
    self.isForced = isForced
    undo = DocumentUndo(of: document, isForced: isForced)
    for (index, object) in objects.enumerated() {
      do throws(Diagnostic) {
        guard try scope.includes(object, of: document) else { continue }
        let pods = try RecordedObjects.pods(
          of: object, in: document, scope.scope(for: object), takesNames: isForced && takesNames)
        for pod in pods { try undo.add(pod) }
        if !pods.isEmpty { self.pods[index] = pods }
      } catch {
        refusals.append((index, error))
      }
    }
  }

  private static func pods(
    of object: ManifestObject, in document: Document, _ scope: InjectionScope, takesNames: Bool
  ) throws(Diagnostic) -> [RecordedPod] {
    var pods: [RecordedPod] = []
    for template in try scope.templates(of: object, in: document) {
      for dialect in scope.dialects {
        do throws(Diagnostic) {
          if let record = try dialect.record(of: template) {
            pods.append(RecordedPod(path: template.path, recordKey: dialect.recordKey, record: record))
          } else if takesNames {
            try dialect.refuseWithoutRecord(template, namespace: scope.namespace(of: object))
          }
        } catch {
          guard takesNames, let record = try InjectionRecord.ofNames(in: template, dialect) else { throw error }
          pods.append(
            RecordedPod(path: template.path, recordKey: dialect.recordKey, record: record, makeshift: error))
        }
      }
    }
    return pods
  }

  var isEmpty: Bool { pods.isEmpty }

  /// Which objects they are, in order.
  var indices: [Int] { pods.keys.sorted() }

  var paths: Set<Path> { Set(pods.values.flatMap { $0.map(\.path) }) }

  /// The records of some of the objects, by the places of their pods.
  func records(of indices: [Int]) -> [Path: InjectionRecord] {
    let found = indices.flatMap { pods[$0] ?? [] }
    return Dictionary(found.map { ($0.path, $0.record) }) { first, _ in first }
  }

  /// The document without the injections of some of the objects, or of all.
  func undone(_ indices: [Int]) throws(Diagnostic) -> DocumentUndo.Result {
    if indices.count == pods.count { return try undo.result() }
    var undo = DocumentUndo(of: undo.document, isForced: isForced)
    for index in indices { for pod in pods[index] ?? [] { try undo.add(pod) } }
    return try undo.result()
  }

  /// What was changed by hand in the pods of an object, and is lost.
  func discarded(of index: Int) -> [LostChange] { (pods[index] ?? []).flatMap { undo.discarded[$0.path] ?? [] } }

  /// The names of what the record of an object says was injected.
  func summary(of index: Int) -> InjectionOutcome.Summary {
    (pods[index] ?? []).reduce(into: InjectionOutcome.Summary()) { summary, pod in
      let own = pod.record.summary
      summary.initContainers += own.initContainers
      summary.containers += own.containers
      summary.volumes += own.volumes
    }
  }
}

extension InjectionRecord {
  /// The names of what it says was injected.
  var summary: InjectionOutcome.Summary {
    var summary = InjectionOutcome.Summary()
    summary.initContainers = pod.names(in: "initContainers")
    summary.containers = pod.names(in: "containers")
    summary.volumes = pod.names(in: "volumes")
    return summary
  }
}
