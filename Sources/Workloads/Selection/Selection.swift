public import ManifestText

/// Which objects of the manifests are meant; the others stay as they are.
///
/// An object is meant where it meets every condition that is set, and of a condition with several patterns one.
public struct Selection: Sendable {
  /// What the object's own labels have to be; nil for any.
  public var labels: LabelSelector?
  /// Kinds; empty for any.
  public var kinds: [KindPattern] = []
  /// Patterns of names; empty for any.
  public var names: [NamePattern] = []
  /// Patterns of namespaces; empty for any.
  public var namespaces: [NamePattern] = []
  /// The namespace of objects that name none.
  public var defaultNamespace = "default"

  /// Every object.
  public init() {}

  /// Every object.
  public static let everything = Selection()

  /// True where the object is meant.
  /// - Throws: A `Diagnostic` where labels are asked for and the object's cannot be read.
  public func includes(_ object: ManifestObject, of document: Document) throws(Diagnostic) -> Bool {
    guard kinds.isEmpty || kinds.contains(where: { $0.matches(object) }) else { return false }
    guard names.isEmpty || names.contains(where: { $0.matches(object.name) }) else { return false }
    let namespace = object.namespace ?? defaultNamespace
    guard namespaces.isEmpty || namespaces.contains(where: { $0.matches(namespace) }) else { return false }
    return try labels?.matches { (key) throws(Diagnostic) in try object.label(key, in: document) } ?? true
  }
}

extension ManifestObject {
  /// The text of one of the object's own labels; nil where it is absent or no scalar.
  fileprivate func label(_ key: String, in document: Document) throws(Diagnostic) -> String? {
    guard let metadata = try document.value("metadata", in: node),
      let labels = try document.value("labels", in: metadata), let value = try document.value(key, in: labels),
      !document.isMapping(value), !document.isSequence(value)
    else { return nil }
    return document.isNull(value) ? "" : document.text(of: value)
  }
}

/// What is said about a selection that makes no sense.
extension Diagnostic {
  static func selectorSyntax(_ selector: String, found: String?, expected: String) -> Diagnostic {
    let found = found.map { "has `\($0)` where" } ?? "ends where"
    return Diagnostic(
      rule: "selector-syntax", message: "the selector `\(selector)` \(found) \(expected) belongs",
      hint: "such as app=web,tier!=db,env in (prod,test),release,!legacy")
  }

  static func selectorText(_ selector: String, _ part: String, _ text: String, _ fault: String) -> Diagnostic {
    Diagnostic(
      rule: "selector-syntax", message: "the selector `\(selector)` has the \(part) `\(text)`, which no label has",
      hint: fault)
  }

  static func notAKind(_ text: String) -> Diagnostic {
    Diagnostic(
      rule: "kind-name", message: "`\(text)` is no name of a kind",
      hint: "write it as Deployment, deployments, deploy or deployment.apps; several with commas")
  }
}
