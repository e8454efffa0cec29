package import KubernetesAPI
package import ManifestText

/// Objects with everything needed for requests about them, in the order in which they are applied.
package struct ApplyPlan {
  /// One object and its resource.
  package struct Item {
    package var object: ClusterObject
    package let resource: APIResource
  }

  /// How the objects are applied.
  let settings: ApplySettings
  /// The set that they belong to; nil where they belong to none.
  let set: ApplySet?

  /// The objects, in the order of the input.
  package private(set) var items: [Item] = []
  /// Indices into the objects, step by step.
  package private(set) var steps: [[Int]] = []
  /// Why nothing may be sent; empty where all is well.
  package private(set) var refusals: [(diagnostic: Diagnostic, source: SourceText)] = []

  /// The inputs that the objects come from, each once.
  package var sources: [SourceText] {
    var known: Set<String> = []
    return items.map(\.object.source).filter { known.insert($0.name).inserted }
  }

  /// Settles each object's resource and namespace.
  ///
  /// Kinds that the cluster does not have are refused, and so are objects of another namespace than the one that is
  /// forced, and objects that occur twice in the input.
  package init(
    _ objects: [ClusterObject], _ resolver: ResourceResolver, _ settings: ApplySettings, namespace: String,
    isForced: Bool, in set: ApplySet? = nil
  ) {
    (self.settings, self.set) = (settings, set)
    var known: [ExactText: ClusterObject] = [:]
    for var object in objects {
      guard let resource = resolver.resource(of: object) else {
        refusals.append((resolver.unknownKind(of: object), object.source))
        continue
      }
      let own = object.namespace.flatMap { $0.isEmpty ? nil : $0 }
      if resource.isNamespaced, isForced, let own, own != namespace {
        refusals.append((.namespaceMismatch(own, namespace, object), object.source))
      }
      object.namespace = resource.isNamespaced ? own ?? namespace : nil
      for (key, text) in [("name", object.name), ("namespace", object.namespace ?? "")] {
        guard let fault = RequestText.fault(ofPathPart: text) else { continue }
        refusals.append((.unusableName(key, fault, object), object.source))
      }
      if let set {
        let label = object.body["metadata"]?["labels"]?[ApplySet.memberLabel]
        if let label, label != .string(set.id) { refusals.append((.memberOfAnother(object), object.source)) }
        set.label(&object.body)
      }
      let identity = "\(resource.qualifiedPlural)/\(object.namespace ?? "")/\(object.name)"
      if let first = known.updateValue(object, forKey: ExactText(identity)) {
        refusals.append((.objectTwice(object, first), object.source))
      }
      items.append(Item(object: object, resource: resource))
    }
    steps = ObjectOrder.steps(of: items.map(\.object))
  }

  /// Removes a field from the object that is sent.
  mutating func leaveOut(_ path: Path, of index: Int) {
    items[index].object.body.remove(path.steps[...])
  }

  /// The objects as members of a set, with their resources.
  var memberships: [MemberSearch.Identity: APIResource] {
    let pairs = items.indices.map { (identity(of: $0), items[$0].resource) }
    return Dictionary(pairs) { first, _ in first }
  }

  /// What a set knows an object by.
  func identity(of index: Int) -> MemberSearch.Identity {
    let (object, resource) = (items[index].object, items[index].resource)
    let kind = ApplySetContents.Kind(group: resource.group, kind: resource.kind)
    return MemberSearch.Identity(kind: kind, namespace: object.namespace, name: object.name)
  }

  /// Where the objects are, as a set says it.
  var contents: ApplySetContents {
    ApplySetContents(
      kinds: Set(items.map { ApplySetContents.Kind(group: $0.resource.group, kind: $0.resource.kind) }),
      namespaces: Set(items.compactMap(\.object.namespace)))
  }

  /// The requests about an object.
  func requests(_ index: Int) -> ObjectRequests {
    ObjectRequests(object: items[index].object, resource: items[index].resource, settings: settings)
  }

  /// What an answer that is not a success means for an object.
  func refusal(_ index: Int, _ status: APIStatus, _ operation: ClusterOperation) -> RefusedObject {
    RefusedObject(
      object: items[index].object, resource: items[index].resource, status: status, operation: operation,
      as: settings.impersonation)
  }
}

extension Value {
  /// Removes the value at the end of a path; does nothing where the path leads nowhere.
  fileprivate mutating func remove(_ steps: ArraySlice<Path.Step>) {
    guard let first = steps.first else { return }
    switch (first, self) {
    case (.key(let key), .object):
      guard steps.count > 1 else { return removeMembers([key]) }
      self[key]?.remove(steps.dropFirst())
    case (.index(let index), .array(var elements)) where elements.indices.contains(index):
      if steps.count == 1 { elements.remove(at: index) } else { elements[index].remove(steps.dropFirst()) }
      self = .array(elements)
    default: return
    }
  }
}

extension Diagnostic {
  static func namespaceMismatch(_ own: String, _ asked: String, _ object: ClusterObject) -> Diagnostic {
    Diagnostic(
      rule: .namespaceMismatch,
      message: "the namespace from the provided object \"\(own)\" does not match the namespace \"\(asked)\"",
      hint: "you must pass --namespace=\(own), or leave -n out", range: object.namespacePlace ?? object.range)
  }

  static func unusableName(_ key: String, _ fault: String, _ object: ClusterObject) -> Diagnostic {
    Diagnostic(
      rule: .invalidName, message: "\(object.displayName): a \(key) \(fault), so no cluster can take the object",
      hint: "most names consist of a-z, 0-9 and -, and some kinds take dots and colons as well",
      range: key == "name" ? object.range : object.namespacePlace ?? object.range)
  }

  static func memberOfAnother(_ object: ClusterObject) -> Diagnostic {
    let place = object.place(of: "metadata.labels.\(ApplySet.memberLabel)")
    return Diagnostic(
      rule: .setMember,
      message: "\(object.displayName) bears the label \(ApplySet.memberLabel), with the id of another set",
      hint: "remove the label: --applyset sets it", range: place.isExact ? place.range : object.range)
  }

  static func objectTwice(_ object: ClusterObject, _ first: ClusterObject) -> Diagnostic {
    Diagnostic(
      rule: .objectTwice, message: "\(object.displayName) stands twice in the input, first at \(first.place)",
      hint: "remove one of the two, or apply them in two runs", range: object.range)
  }
}

extension ApplyPlan {
  /// The object of the same input that a refusal reports as missing; nil where the input has none such.
  func brought(missingFor refusal: RefusedObject) -> ClusterObject? {
    items.first { refusal.misses($0.object, $0.resource) }?.object
  }
}
