package import KubernetesAPI
internal import ManifestText

/// How objects are applied to a cluster.
package struct ApplySettings: Equatable, Sendable {
  /// Whether the requested changes are made.
  package enum DryRun: String, CaseIterable, Sendable {
    /// It is done.
    case none
    /// No request is sent; what would be sent is shown.
    case client
    /// The server does everything except persist the result.
    case server
  }

  /// What the server does with fields it does not know.
  package enum Validation: String, CaseIterable, Sendable {
    case strict, warn, ignore
    case `true`, `false`

    /// True where unknown fields are left out, and the rest is applied.
    package var leavesOutUnknown: Bool { parameter != "Strict" }

    /// True where such fields are reported.
    package var warns: Bool { parameter == "Warn" }

    /// The value of the request's parameter.
    var parameter: String {
      switch self {
      case .strict, .true: "Strict"
      case .warn: "Warn"
      case .ignore, .false: "Ignore"
      }
    }
  }

  /// The field manager's name.
  package var fieldManager = "kubectl-vault-inject"
  /// True where fields are taken from other managers.
  package var forcesConflicts = false
  package var dryRun = DryRun.none
  package var validation = Validation.strict
  /// True where the command has an option for that.
  package var takesValidation = false
  /// True where objects that cannot be changed are deleted and created again.
  package var replaces = false
  /// How long to wait for what is deleted to be gone.
  package var deletionMilliseconds = 60_000
  /// True where injections are removed instead.
  package var uninjects = false
  /// How workloads are waited for; nil where they are not.
  package var wait: WaitSettings?
  /// The parent of the set that the objects belong to; nil where they belong to none.
  package var set: ApplySetName?
  /// Whom the command line acts as; nil where that is the user.
  package var impersonation: UserCredentials.Impersonation?

  package init() {}

  /// The parameters every writing request has.
  var parameters: [APIRequest.Parameter] {
    var parameters = [APIRequest.Parameter("fieldManager", fieldManager)]
    if dryRun == .server { parameters.append(.init("dryRun", "All")) }
    parameters.append(.init("fieldValidation", validation.parameter))
    return parameters
  }
}

/// The requests about one object.
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

  /// Asks the cluster, in a dry run, what an object becomes when it is updated to another one.
  func trial(from live: Value, to wanted: Value) -> APIRequest {
    var settings = settings
    settings.dryRun = .server
    let operations = PatchOperation.difference(from: live.withoutRecords, to: wanted.withoutRecords)
    return ObjectRequests(object: object, resource: resource, settings: settings)
      .patch(.array(operations.map { $0.json(relativeTo: Path()) }))
  }

  /// Deletes the object, if it still has this UID, and then its dependents.
  func delete(uid: Value?) -> APIRequest {
    var options: Value = ["apiVersion": "v1", "kind": "DeleteOptions", "propagationPolicy": "Background"]
    if let uid { options["preconditions"] = ["uid": uid] }
    return APIRequest(.delete, path, contentType: "application/json", body: JSONWriter.compact(options))
  }

  /// Creates an object like it under another name, in a dry run.
  var trialCreation: APIRequest {
    var settings = settings
    settings.dryRun = .server
    var body = object.body
    body["metadata"]?.removeMembers(["name", "uid", "resourceVersion"])
    body["metadata"]?["generateName"] = .string("\(object.name)-")
    return APIRequest(
      .post, resource.path(namespace: object.namespace), query: settings.parameters, contentType: "application/json",
      body: JSONWriter.compact(body))
  }
}

extension Value {
  /// An object without the fields that the server maintains itself.
  var withoutRecords: Value {
    var object = self
    object.removeMembers(["status"])
    object["metadata"]?.removeMembers(["managedFields", "resourceVersion", "generation"])
    return object
  }
}
