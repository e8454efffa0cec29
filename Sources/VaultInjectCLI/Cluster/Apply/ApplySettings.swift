internal import ArgumentParser
internal import KubernetesAPI
internal import ManifestText

/// How objects are brought to the cluster.
package struct ApplySettings: Equatable, Sendable {
  /// What happens with what was asked for.
  package enum DryRun: String, CaseIterable, ExpressibleByArgument, Sendable {
    /// It is done.
    case none
    /// Nothing is asked; what would be sent is shown.
    case client
    /// The server does everything but keep it.
    case server
  }

  /// What the server does with fields it does not know.
  package enum Validation: String, CaseIterable, ExpressibleByArgument, Sendable {
    case strict, warn, ignore
    case `true`, `false`

    /// The value of the request's parameter.
    var parameter: String {
      switch self {
      case .strict, .true: "Strict"
      case .warn: "Warn"
      case .ignore, .false: "Ignore"
      }
    }
  }

  /// In whose name fields are set.
  package var fieldManager = "kubectl-vault-inject"
  /// True where fields are taken from other managers.
  package var forcesConflicts = false
  package var dryRun = DryRun.none
  package var validation = Validation.strict
  /// True where what cannot be changed is deleted and made anew.
  package var replaces = false
  /// True where what was injected is taken out instead.
  package var uninjects = false

  package init() {}

  /// The parameters every writing request has.
  var parameters: [APIRequest.Parameter] {
    var parameters = [APIRequest.Parameter("fieldManager", fieldManager)]
    if dryRun == .server { parameters.append(.init("dryRun", "All")) }
    parameters.append(.init("fieldValidation", validation.parameter))
    return parameters
  }
}

/// The requests that bring one object to the cluster.
struct ObjectRequests {
  let object: ClusterObject
  let resource: APIResource
  let settings: ApplySettings

  private var path: String { resource.path(namespace: object.namespace, name: object.name) }

  /// Server-side apply of the whole object.
  func apply(forced: Bool) -> APIRequest {
    var parameters = settings.parameters
    if forced { parameters.insert(.init("force", "true"), at: 1) }
    return APIRequest(
      .patch, path, query: parameters, contentType: "application/apply-patch+yaml",
      body: JSONWriter.compact(object.body))
  }

  /// The object as the cluster has it.
  var get: APIRequest { APIRequest(.get, path) }

  /// A JSON Patch of the object.
  func patch(_ operations: Value) -> APIRequest {
    APIRequest(
      .patch, path, query: settings.parameters, contentType: "application/json-patch+json",
      body: JSONWriter.compact(operations))
  }

  /// Deletes the object and, behind it, what belongs to it.
  var delete: APIRequest {
    APIRequest(.delete, path, query: [.init("propagationPolicy", "Background")])
  }
}
