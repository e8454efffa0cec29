package import ManifestText
package import Workloads

/// A dialect that tells what an injection will come to, and why a pod is not injected.
package protocol ExplainableDialect: Dialect {
  /// What becomes of a pod whose standing is `asking`, with these ConfigMaps in the same input.
  /// - Throws: A `Diagnostic` where the pod is refused.
  func story(
    of template: PodTemplate, namespace: String, beside configMaps: InputConfigMaps
  ) throws(Diagnostic) -> PodStory

  /// What the agents of a pod ask of Vault that asks for injection, or was injected, with these ConfigMaps in the same input.
  /// - Throws: A `Diagnostic` where the pod is refused.
  func access(
    of template: PodTemplate, namespace: String, beside configMaps: InputConfigMaps
  ) throws(Diagnostic) -> VaultAccess

  /// Every reason for which a pod is left as it is, each of which is enough; empty where it is injected.
  /// - Throws: A `Diagnostic` where an annotation that says it cannot be read.
  func objections(to template: PodTemplate, namespace: String) throws(Diagnostic) -> [Objection]
}

/// Why a pod is left as it is, and where that is said.
package struct Objection: Equatable, Sendable {
  /// A clause such as "`vault.hashicorp.com/agent-inject` is not set".
  package let text: String
  /// Nil where nothing in the input says it.
  package var range: Range<Int>?

  init(_ text: String, at range: Range<Int>? = nil) { (self.text, self.range) = (text, range) }
}

extension Objection {
  /// The annotation that asks is not there, or says no; nil where it asks.
  static func request(
    _ key: String, _ found: Annotations.Located?, asks: Bool, in template: PodTemplate
  ) throws(Diagnostic) -> Objection? {
    if asks { return nil }
    guard let found else {
      let range = try template.annotations().range ?? template.document.range(of: template.node)
      return Objection("`\(key)` is not set on the pod", at: range)
    }
    return Objection(
      "`\(key)` is \(found.text.isEmpty ? "empty" : "`\(found.text)`"), which asks for nothing", at: found.range)
  }

  /// The pod says that it has been injected; nil where it does not.
  static func status(_ key: String, _ found: Annotations.Located?, isInjected: Bool) -> Objection? {
    guard isInjected, let found else { return nil }
    return Objection("`\(key)` says that it has been injected", at: found.range)
  }

  /// The pod is in a namespace in which nothing is injected; nil where it is in another.
  static func namespace(_ namespace: String, isLeftAlone: Bool, in template: PodTemplate) throws(Diagnostic)
    -> Objection?
  {
    guard isLeftAlone else { return nil }
    let path = Path([.key("metadata"), .key("namespace")])
    let node = try template.document.node(at: path, from: template.object.node)
    return Objection(
      "it is in the namespace `\(namespace)`, in which nothing is injected", at: node.map(template.document.range(of:)))
  }
}

extension PodTemplate {
  /// Whom the files of a container that is added belong to, as `user:group`: its own security context says it, which a
  /// source decided, or that of the pod; nil where nothing does.
  func owner(of container: Value, by source: Decision.Source) throws(Diagnostic) -> Decision? {
    let own = container["securityContext"]
    func id(_ key: String) throws(Diagnostic) -> (text: String, source: Decision.Source)? {
      if case .number(let text) = own?[key] { return (text, source) }
      guard let node = try podSecurity(key) else { return nil }
      return (document.text(of: node), .field("spec.securityContext.\(key)", at: document.range(of: node)))
    }
    guard let user = try id("runAsUser") else { return nil }
    let group = try id("runAsGroup").map { ":\($0.text)" } ?? ""
    return Decision("owner", user.text + group, by: user.source)
  }

  /// A member of the pod's security context; nil where it is absent.
  private func podSecurity(_ key: String) throws(Diagnostic) -> NodeID? {
    guard let spec = try spec(), let context = try document.value("securityContext", in: spec),
      document.isMapping(context), let value = try document.value(key, in: context), !document.isNull(value)
    else { return nil }
    return value
  }
}
