internal import ManifestText
internal import Workloads

/// An object that may be waited for: no more of it than is needed, as there may be many.
struct ReadinessObject {
  /// Group and kind: `apps/Deployment`.
  let kind: String
  let name: String
  let namespace: String?
  /// `Deployment/web`.
  let displayName: String
  /// `deployment.apps/web`.
  let qualifiedName: String
  /// True for an object of a kind that makes pods.
  let makesPods: Bool
  /// Where findings about it point; nil where it is in no file.
  let source: SourceText?
  let range: Range<Int>?

  /// `isLive` where it was read from the cluster, so that there is no place to point at, nor a text to keep.
  init(_ object: ClusterObject, isLive: Bool = false) {
    kind = "\(object.group)/\(object.kind)"
    (name, namespace) = (object.name, object.namespace)
    (displayName, qualifiedName) = (object.displayName, object.qualifiedName)
    makesPods = WorkloadKinds().kind(of: object.manifest) != nil || OperatedKinds.include(object.manifest)
    source = isLive ? nil : object.source
    range = isLive ? nil : object.range
  }

  /// `Deployment/web in namespace shop`.
  var subject: String { "\(displayName)\(namespace.map { " in namespace \($0)" } ?? "")" }
}
