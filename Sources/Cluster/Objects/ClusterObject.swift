internal import Injection
package import ManifestText
package import Workloads

/// One object for the cluster: its content after injection, and its place in its input.
package struct ClusterObject: Sendable {
  /// The input it comes from.
  package let source: SourceText
  /// The document as it was read, which places are looked up in.
  package let document: Document
  /// The object in that document.
  package let manifest: ManifestObject
  /// The whole object, after injection; the namespace in it is settled once the kind's scope is known.
  package var body: Value
  /// Keys that occur twice in one of its maps, of which a server sees only one.
  package var duplicateKeys: [Diagnostic] = []

  package var apiVersion: String { manifest.apiVersion }
  package var kind: String { manifest.kind }
  package var name: String { manifest.name }
  /// `Deployment/web`.
  package var displayName: String { manifest.displayName }
  /// `deployment.apps/web`.
  package var qualifiedName: String { manifest.qualifiedName }
  /// The place that findings about it point at: its name, or where it begins.
  package var range: Range<Int> {
    let name = place(of: "metadata.name")
    return name.isExact ? name.range : start..<start + 1
  }

  /// Where it begins.
  var start: Int { document.range(of: manifest.node).lowerBound }

  /// The namespace it belongs to; nil for a cluster-scoped object.
  package var namespace: String? {
    get { body["metadata"]?["namespace"]?.string }
    set {
      guard var metadata = body["metadata"] else { return }
      metadata["namespace"] = newValue.map(Value.string)
      body["metadata"] = metadata
    }
  }
}

/// Gathers the objects of an input as they come out of the pipeline.
struct ObjectCollector: DocumentSink {
  private(set) var objects: [ClusterObject] = []

  /// Never called: every document for a cluster is parsed.
  mutating func keep(_ range: Range<Int>, of source: SourceText) {}

  mutating func add(_ added: AddedDocument) throws(Diagnostic) {
    let (document, plan) = (added.document, added.plan)
    let original = plan.document
    // A document that cannot be taken apart is told, and never left out.
    _ = try ManifestObject.objects(of: original)
    for manifest in plan.objects.compactMap(\.object) {
      try ObjectCollector.check(manifest, in: original)
      guard let node = try document.node(at: manifest.path) else {
        throw .internalError("an object got lost", at: original.range(of: manifest.node))
      }
      var body = try document.value(of: node)
      guard case .object = body else { throw .noObject(document.kindName(of: node), original.range(of: manifest.node)) }
      body["metadata"]?.removeMembers(["managedFields"])
      body.removeMembers(["status"])
      var object = ClusterObject(source: original.source, document: original, manifest: manifest, body: body)
      object.duplicateKeys = original.duplicateKeys(below: manifest.node)
      objects.append(object)
    }
  }

  /// A finding about an object that lacks what identifies it to the API server.
  private static func check(_ object: ManifestObject, in document: Document) throws(Diagnostic) {
    let range = document.range(of: object.node).lowerBound
    for (key, value) in [("apiVersion", object.apiVersion), ("kind", object.kind)] where value.isEmpty {
      throw .objectWithout(key, object.displayName, range..<range + 1)
    }
    let metadata = try document.value("metadata", in: object.node)
    guard let metadata, let name = try document.value("name", in: metadata), !document.isNull(name) else {
      let generated = try metadata.flatMap { (node) throws(Diagnostic) in
        try document.value("generateName", in: node)
      }
      if let generated { throw .generateName(document.range(of: generated)) }
      throw .objectWithout("metadata.name", object.displayName, range..<range + 1)
    }
    guard document.isString(name) else {
      throw .notA("string", name, at: Path().appending("metadata").appending("name"), in: document)
    }
  }
}

extension Document {
  /// The findings about keys that occur twice in one map, in a node or anywhere below it.
  fileprivate func duplicateKeys(below node: NodeID) -> [Diagnostic] {
    var found: [Diagnostic] = []
    // What an alias stands for is looked at where it is written.
    var waiting = [node]
    while found.count < 20, let next = waiting.popLast() {
      var keys: [ExactText: NodeID] = [:]
      for (key, value) in entries(of: next) {
        if let first = keys.updateValue(key, forKey: ExactText(keyText(key))), !isMergeKey(key) {
          found.append(.keyTwice(keyText(key), first: location(of: first), at: range(of: key)))
        }
        if !isAlias(value) { waiting.append(value) }
      }
      waiting += items(of: next).filter { !isAlias($0) }
    }
    return found.sorted { $0.range?.lowerBound ?? 0 < $1.range?.lowerBound ?? 0 }
  }
}

extension Value {
  /// Removes members; does nothing where this is not an object.
  mutating func removeMembers(_ keys: [String]) {
    for key in keys { self[key] = nil }
  }
}

extension Diagnostic {
  fileprivate static func keyTwice(_ key: String, first: Location, at range: Range<Int>) -> Diagnostic {
    Diagnostic(
      rule: .duplicateKey, message: "the key `\(key)` stands twice in one map, first at \(first)",
      hint: "remove one of the two", range: range)
  }

  static func noObject(_ found: String, _ range: Range<Int>) -> Diagnostic {
    Diagnostic(
      rule: .noObject, message: "this is \(found), and no object of Kubernetes", hint: nil,
      range: range.lowerBound..<range.lowerBound + 1)
  }

  static func objectWithout(_ key: String, _ object: String, _ range: Range<Int>) -> Diagnostic {
    Diagnostic(
      rule: .noObject, message: "\(object) has no \(key), so no cluster can take it",
      hint: "every object needs apiVersion, kind and metadata.name", range: range)
  }

  static func generateName(_ range: Range<Int>) -> Diagnostic {
    Diagnostic(
      rule: .generateName, message: "an object with generateName cannot be applied: it is another one each time",
      hint: "give it a metadata.name, or pipe what is printed without `apply` to kubectl create -f -", range: range)
  }
}
