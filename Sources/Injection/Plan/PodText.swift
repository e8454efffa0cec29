internal import ManifestText
internal import Workloads

/// Pods that are text in other objects, such as the templates of a CI server in a ConfigMap.
///
/// What makes pods of such text is not known here.
struct PodText {
  private let requests: [TextPattern]
  private static let containers = TextPattern("containers:")

  /// Looks for pods with one of these annotations.
  init(_ requestKeys: [String]) { requests = requestKeys.map { TextPattern($0 + ":") } }

  /// What there is to say about an object that makes no pods itself.
  func findings(on object: ManifestObject, in document: Document) -> [Diagnostic] {
    for node in document.scalars(in: object.node, beginningWith: []) {
      let bytes = Array(document.text(of: node).utf8)
      guard bytes.contains(ASCII.lineFeed), requests.contains(where: { $0.isHeld(in: bytes, bytes.indices) }),
        PodText.containers.isHeld(in: bytes, bytes.indices)
      else { continue }
      return [.podInText(object.kind, at: document.range(of: node))]
    }
    return []
  }
}

extension Diagnostic {
  fileprivate static func podInText(_ kind: String, at range: Range<Int>) -> Diagnostic {
    Diagnostic(
      rule: .podInText,
      message: "a pod that asks for injection is text in this \(kind.isEmpty ? "object" : kind), which stays as it is",
      hint: "write the pod into a file of its own and inject that, and make the text of the result", range: range)
  }
}
