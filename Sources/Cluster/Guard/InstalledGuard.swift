internal import Injection
internal import KubernetesAPI
internal import ManifestText
internal import Output

/// The objects of a guard in a cluster, beside those it should have.
struct InstalledGuard {
  /// One of them, and how it is.
  struct Part {
    enum State {
      case same
      /// It is not there.
      case missing
      /// It is there in another form; where it differs.
      case different([Path])
      /// It is there and should not be.
      case needless
    }

    let kind: String
    let name: String
    let state: State
  }

  let parts: [Part]

  /// Asks the cluster for the policy and everything that binds it.
  /// - Throws: What stops that, among it an API server without such policies.
  init(_ guardian: Guard, over connection: inout ClusterConnection) throws(Fault) {
    let policies = try InstalledGuard.resource("ValidatingAdmissionPolicy", &connection)
    let bindings = try InstalledGuard.resource("ValidatingAdmissionPolicyBinding", &connection)
    let policy = try InstalledGuard.answer(policies, name: guardian.name, &connection)
    let list = try InstalledGuard.answer(bindings, name: nil, &connection)
    let bound = (list?["items"]?.array ?? []).filter { $0["spec"]?["policyName"]?.string == guardian.name }
    let wanted = guardian.documents.map(\.value)
    var parts: [Part] = []
    for (index, object) in wanted.enumerated() {
      let name = object["metadata"]?["name"]?.string ?? ""
      let found = index == 0 ? policy : bound.first { $0["metadata"]?["name"]?.string == name }
      parts.append(Part(kind: object["kind"]?.string ?? "", name: name, state: InstalledGuard.state(object, found)))
    }
    let names = parts.map(\.name)
    for binding in bound {
      guard let name = binding["metadata"]?["name"]?.string, !names.contains(name) else { continue }
      parts.append(Part(kind: bindings.kind, name: name, state: .needless))
    }
    self.parts = parts
  }

  private static func state(_ wanted: Value, _ found: Value?) -> Part.State {
    guard let found else { return .missing }
    let places = ValueDifference.places(AdmissionDefaults.spec(of: wanted), AdmissionDefaults.spec(of: found))
    return places.isEmpty ? .same : .different(places)
  }

  // MARK: Asking

  private static func resource(
    _ kind: String, _ connection: inout ClusterConnection
  ) throws(Fault) -> APIResource {
    let wanted = Discovery.Wanted(group: AdmissionObjects.group, version: "v1")
    let apiVersion = "\(AdmissionObjects.group)/v1"
    let discovery = connection.discover([Discovery.Wanted(group: wanted.group, version: nil), wanted])
    if let resource = discovery.resource(apiVersion: apiVersion, kind: kind) { return resource }
    if let failure = connection.failure { throw Fault(.unavailable, failure.diagnostic(connection.configuration)) }
    if let status = discovery.refusals[apiVersion] {
      throw Fault(.unavailable, .notTold(apiVersion, status))
    }
    let version = ServerVersion(over: &connection)
    throw Fault(.unavailable, .noPolicies(kind, apiVersion, version, elsewhere: discovery.apiVersions(of: kind)))
  }

  /// An object, or a list of all; nil where there is none.
  private static func answer(
    _ resource: APIResource, name: String?, _ connection: inout ClusterConnection
  ) throws(Fault) -> Value? {
    let path = name.map { resource.path(namespace: nil, name: $0) } ?? resource.path(namespace: nil)
    let response: APIResponse
    do throws(ClusterFailure) {
      response = try connection.send(APIRequest(.get, path))
    } catch {
      throw Fault(.unavailable, error.diagnostic(connection.configuration))
    }
    guard let status = APIStatus(response) else {
      guard let value = response.json else { throw Fault(.unavailable, input: resource.qualifiedPlural, .cutShort) }
      return value
    }
    if status.code == 404, name != nil { return nil }
    let title = name.map { "\(resource.qualifiedPlural)/\($0)" } ?? resource.qualifiedPlural
    let user = connection.configuration.user.impersonation.options
    throw Fault(
      .unavailable, input: title,
      .guardNotRead(status, "\(name == nil ? "list" : "get") \(resource.qualifiedPlural)\(user)"))
  }
}

/// What an API server fills in where policies and bindings leave something out, so that two mean the same that are spelt
/// otherwise.
enum AdmissionDefaults {
  /// The specification with everything that holds.
  static func spec(of object: Value) -> Value {
    var spec = object["spec"] ?? [:]
    if object["kind"]?.string == "ValidatingAdmissionPolicy" {
      set("failurePolicy", "Fail", in: &spec)
      spec["matchConstraints"] = match(spec["matchConstraints"])
      spec["validations"] = (spec["validations"]?.array).map { .array($0.map { with("reason", "Invalid", $0) }) }
    } else {
      spec["matchResources"] = match(spec["matchResources"])
      let actions = spec["validationActions"]?.array?.compactMap(\.string) ?? []
      spec["validationActions"] = .array(
        actions.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.map(Value.string))
    }
    return spec
  }

  private static func match(_ match: Value?) -> Value {
    var match = match ?? [:]
    set("matchPolicy", "Equivalent", in: &match)
    for key in ["namespaceSelector", "objectSelector"] { set(key, [:], in: &match) }
    for key in ["resourceRules", "excludeResourceRules"] {
      match[key] = .array((match[key]?.array ?? []).map { with("scope", "*", $0) })
    }
    return match
  }

  private static func set(_ key: String, _ usual: Value, in value: inout Value) {
    if value[key] == nil || value[key] == .null { value[key] = usual }
  }

  private static func with(_ key: String, _ usual: Value, _ value: Value) -> Value {
    var value = value
    set(key, usual, in: &value)
    return value
  }
}

/// Where two values differ.
enum ValueDifference {
  /// The paths of what differs, each as far down as both have it; the order of members does not count.
  static func places(_ one: Value, _ other: Value, at path: Path = Path()) -> [Path] {
    switch (one, other) {
    case (.object(let members), .object(let others)):
      let missing = others.filter { other in !members.contains { ByteText.isEqual($0.key, other.key) } }
      return members.flatMap { member in
        other[member.key].map { places(member.value, $0, at: path.appending(member.key)) } ?? [
          path.appending(member.key)
        ]
      } + missing.map { path.appending($0.key) }
    case (.array(let elements), .array(let others)) where elements.count == others.count:
      return zip(elements, others).enumerated().flatMap { index, pair in
        places(pair.0, pair.1, at: path.appending(index))
      }
    default: return one == other ? [] : [path]
    }
  }
}

extension Diagnostic {
  fileprivate static func notTold(_ apiVersion: String, _ status: APIStatus) -> Diagnostic {
    Diagnostic(
      rule: .unknownKind, message: "the API server does not tell what \(apiVersion) has: \(status.message)",
      hint: "see kubectl get apiservices for one that is not available")
  }

  fileprivate static func noPolicies(
    _ kind: String, _ apiVersion: String, _ version: ServerVersion?, elsewhere: [String]
  ) -> Diagnostic {
    let others = elsewhere.isEmpty ? "" : " (it has one of \(elsewhere.joined(separator: ", ")))"
    return Diagnostic(
      rule: .unknownKind,
      message: "the cluster knows no \(kind) of \(apiVersion)\(others)"
        + ServerVersion.clause(kind, of: apiVersion, version),
      hint: "inject the manifests instead, and check that in CI: kubectl vault-inject --check -R FOLDER")
  }

  fileprivate static func guardNotRead(_ status: APIStatus, _ request: String) -> Diagnostic {
    Diagnostic(
      rule: .notRead, message: "cannot be read: \(status.message)", hint: "check with kubectl auth can-i \(request)")
  }
}
