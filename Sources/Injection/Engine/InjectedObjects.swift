internal import ManifestText
internal import Workloads

/// The objects of a document that hold records of injections.
struct InjectedObjects {
  private(set) var pods: [Int: [Undo.Pod]] = [:]
  private(set) var refusals: [(Int, Diagnostic)] = []
  let objects: [ManifestObject]
  private var undo: Undo

  /// Looks for them, and for whatever keeps one from being undone.
  init(in document: Document, _ injector: Injector) throws(Diagnostic) {
    objects = try ManifestObject.objects(of: document)
    undo = Undo(document)
    for (index, object) in objects.enumerated() {
      do throws(Diagnostic) {
        guard try injector.selection.includes(object, of: document) else { continue }
        let pods = try InjectedObjects.pods(of: object, in: document, injector)
        for pod in pods { try undo.add(pod) }
        if !pods.isEmpty { self.pods[index] = pods }
      } catch {
        refusals.append((index, error))
      }
    }
  }

  private static func pods(
    of object: ManifestObject, in document: Document, _ injector: Injector
  ) throws(Diagnostic) -> [Undo.Pod] {
    var pods: [Undo.Pod] = []
    for template in try PodTemplate.templates(of: object, in: document, kinds: injector.kinds) {
      for dialect in injector.dialects {
        guard let record = try dialect.record(of: template) else { continue }
        pods.append(Undo.Pod(path: template.path, recordKey: dialect.recordKey, record: record))
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
  func undone(_ indices: [Int]) throws(Diagnostic) -> Undo.Result {
    if indices.count == pods.count { return try undo.result() }
    var undo = Undo(undo.document)
    for index in indices { for pod in pods[index] ?? [] { try undo.add(pod) } }
    return try undo.result()
  }

  /// The names of what the record of an object says was injected.
  func summary(of index: Int) -> InjectionOutcome.Summary {
    (pods[index] ?? []).reduce(into: InjectionOutcome.Summary()) { summary, pod in
      summary.initContainers += pod.record.pod.names(in: "initContainers")
      summary.containers += pod.record.pod.names(in: "containers")
      summary.volumes += pod.record.pod.names(in: "volumes")
    }
  }
}
