internal import Output
package import KubernetesAPI
package import ManifestText
internal import Platform
internal import Workloads

/// An unsuccessful answer of the API server, together with the object it is about.
package struct RefusedObject {
  let object: ClusterObject
  let resource: APIResource
  let status: APIStatus
  let operation: ClusterOperation
  /// The path of the part of the object that the request was about, with a dot at its end; empty for the object itself.
  let fieldPrefix: String
  /// Whom the request was sent as; nil where that is the user.
  let impersonation: UserCredentials.Impersonation?

  /// Brings an object and an answer together.
  package init(
    object: ClusterObject, resource: APIResource, status: APIStatus, operation: ClusterOperation,
    fieldPrefix: String = "", as impersonation: UserCredentials.Impersonation? = nil
  ) {
    (self.object, self.resource, self.status, self.operation) = (object, resource, status, operation)
    (self.fieldPrefix, self.impersonation) = (fieldPrefix, impersonation)
  }

  /// One sentence for each thing that has to be fixed, each at its place in the input.
  package var diagnostics: [Diagnostic] {
    switch status.code {
    case 403: [forbidden]
    case 404: [notFound]
    case 409 where !status.conflicts.isEmpty: conflicts
    case 409: [conflict]
    case 422, 400, 500:
      webhook.map { [$0] } ?? tooLarge.map { [$0] } ?? schemaProblems ?? (status.code == 422 ? invalid : [other])
    default: [webhook ?? tooLarge ?? other]
    }
  }

  /// True where the request may have been carried out all the same.
  package var leavesDoubt: Bool {
    // What a webhook keeps from being done is not done.
    if status.code < 500 || status.message.contains("webhook \"") { return false }
    return status.code == 504 || operation.isDelicate || status.message.contains("request timed out")
  }

  // MARK: Sentences

  private var subject: String {
    let place = object.namespace.map { " in namespace \($0)" } ?? ""
    return "\(object.displayName)\(place)"
  }

  private func place(of field: String, ofType type: String? = nil) -> ClusterObject.FieldPlace {
    object.place(of: fieldPrefix + field.drop { $0 == "." }, ofType: type)
  }

  /// A sentence about the object; `isJudged` where the cluster looked at the object itself.
  private func plain(
    _ what: String, hint: String?, rule: Rule = .refusedByCluster, at range: Range<Int>? = nil,
    isJudged: Bool = true
  ) -> Diagnostic {
    let subject =
      isJudged
      ? operation.negated(subject, isDoubtful: leavesDoubt) : operation.untried(subject, isDoubtful: leavesDoubt)
    var diagnostic = Diagnostic(rule: rule, message: "\(subject): \(what)", hint: hint, range: range ?? object.range)
    diagnostic.hidesText = object.kind == "Secret"
    return diagnostic
  }

  // MARK: Who may, and what may be

  private var forbidden: Diagnostic {
    let words = status.message.firstRange(of: " is forbidden: ").map { String(status.message[$0.upperBound...]) }
    let reason = words ?? status.message
    if let admission = admission(reason) { return admission }
    guard reason.hasPrefix("User \"") || words == nil, let verb = reason.word(after: " cannot ") else {
      return webhook
        ?? plain(
          reason, hint: "a policy of the cluster refuses it; whoever runs the cluster can tell", rule: .forbidden)
    }
    return plain(reason, hint: hint(forVerb: verb, reason), rule: .forbidden, isJudged: false)
  }

  /// How to get a right that is missing.
  private func hint(forVerb verb: String, _ reason: String) -> String {
    if verb == "impersonate" {
      return "leave --as out, or ask for the right: kubectl auth can-i impersonate users"
    }
    if verb.hasPrefix("impersonate") {
      return "leave --as out (`as` in the kubeconfig): acting as another needs the verb impersonate for users, or"
        + " from Kubernetes 1.35 on \(verb) for \(resource.qualifiedPlural)"
    }
    if reason.hasPrefix("User \"system:anonymous\"") {
      return "no credentials were sent: the kubeconfig has none for this user, or the address is no https:// one"
    }
    let place = object.namespaceOption
    let name = verb == "create" ? "" : "/\(object.name)"
    let create = verb == "patch" ? "; applying needs the verbs patch and create" : ""
    let user = impersonation.options
    return "check with kubectl auth can-i \(verb) \(resource.qualifiedPlural)\(name)\(place)\(user)\(create)"
  }

  /// A refusal by the server's admission; nil where the reason is not a known one.
  private func admission(_ words: String) -> Diagnostic? {
    guard let (refusal, rest) = AdmissionRefusal.reason(words) else { return nil }
    let range = refusal.isAboutNamespace ? object.namespacePlace : refusal.reference?.fields.first.flatMap(podPlace)
    let hint = refusal.hint(rest, object.namespace ?? "default")
    if refusal.rule == .quota {
      return besideItself(words, hint, if: "the quota has room without that one", rule: refusal.rule, at: range)
    }
    return plain(words, hint: hint, rule: refusal.rule, at: range)
  }

  /// A sentence about an obstacle that may exist only because creation is tried while the object to be replaced is
  /// still there: that object counts towards quotas, and holds what only one object can have.
  private func besideItself(
    _ what: String, _ hint: String?, if condition: String, rule: Rule, at range: Range<Int>? = nil
  ) -> Diagnostic {
    guard operation == .replaced else { return plain(what, hint: hint, rule: rule, at: range) }
    let deletion = "kubectl delete \(object.qualifiedName)\(object.namespaceOption)"
    let remedy = "the trial is made while the old one is there; if \(condition), run \(deletion), and apply again"
    return plain(
      "tried beside the one that is there: \(what)", hint: [remedy, hint].compactMap(\.self).joined(separator: "; "),
      rule: rule, at: range)
  }

  /// Where a field of the pod's spec is written; nil where it is not.
  private func podPlace(of field: String) -> Range<Int>? {
    let place = place(of: "spec.\(field)")
    return place.isExact ? place.range : nil
  }

  /// True where it is the object's namespace that is not there.
  var isAboutNamespace: Bool { status.kind == "namespaces" || status.message.hasPrefix("namespaces ") }

  private var notFound: Diagnostic {
    if isAboutNamespace {
      let name = status.name.isEmpty ? object.namespace ?? "" : status.name
      return plain(
        "the namespace `\(name)` does not exist",
        hint: "create it with kubectl create namespace \(name), or add its manifest: namespaces are applied first",
        rule: .noNamespace, at: object.namespacePlace)
    }
    if status.name.isEmpty {
      return plain(
        "the cluster knows no \(object.kind) of \(object.apiVersion)",
        hint: "see kubectl api-resources; its CustomResourceDefinition may be missing, or of another version",
        rule: .unknownKind)
    }
    if status.name != object.name || ![resource.plural, resource.kind, ""].contains(status.kind) {
      return plain(status.message, hint: "create it first, or add its manifest to the input", rule: .notFound)
    }
    return plain("it does not exist", hint: nil, rule: .notFound)
  }

  private var conflicts: [Diagnostic] {
    let last = status.conflicts.count - 1
    return status.conflicts.enumerated().map { index, cause in
      let owner = cause.message.hasPrefix("conflict with ") ? String(cause.message.dropFirst(14)) : cause.message
      if cause.field.hasSuffix(ApplySet.memberLabel) { return memberOfAnother(owner) }
      return plain(
        "the field \(cause.field) belongs to \(owner)", hint: index == last ? RefusedObject.conflictHint : nil,
        rule: .fieldConflict, at: place(of: cause.field).range)
    }
  }

  /// Somebody else made it a member of a set, which would prune it.
  private func memberOfAnother(_ owner: String) -> Diagnostic {
    plain(
      "it is a member of another set, which belongs to \(owner)",
      hint: "take it out of that set first: kubectl label \(object.qualifiedName)\(object.namespaceOption)"
        + " \(ApplySet.memberLabel)-; --force-conflicts moves it into this one", rule: .setMember)
  }

  private static let conflictHint =
    "take the fields over with --force-conflicts, leave them out of the manifest, or write the value they have"

  private var conflict: Diagnostic {
    if status.message.hasPrefix("object is being deleted: ") {
      return plain(
        "the one that is there is being deleted",
        hint: "wait until it is gone, and run the command again; \(finalizersHint)", rule: .beingDeleted)
    }
    if status.reason == "AlreadyExists" {
      return plain(
        "another one has been created in between", hint: "run the command again", rule: .conflict)
    }
    return plain(
      status.message, hint: "it was changed or is being deleted at this moment; run the command again", rule: .conflict
    )
  }

  /// How to find out what delays an object's deletion.
  private var finalizersHint: String {
    "kubectl get \(resource.qualifiedPlural)/\(object.name)\(object.namespaceOption)"
      + " -o jsonpath={.metadata.finalizers} tells what it waits for"
  }

  private var other: Diagnostic {
    let words = status.message.isEmpty ? "the API server answered \(status.code)" : status.message
    guard let row = RefusedObject.faults.first(where: { $0.codes.contains(status.code) }) else {
      return plain(words, hint: nil)
    }
    return plain(row.message ?? words, hint: row.hint, rule: row.rule, isJudged: row.isJudged)
  }

  /// What other statuses mean, whatever the object.
  private struct Fault {
    let codes: ClosedRange<Int>
    let rule: Rule
    /// The message shown instead of the server's.
    var message: String?
    let hint: String
    var isJudged = false
  }

  private static let faults = [
    Fault(
      codes: 405...405, rule: .methodNotAllowed,
      hint: "kubectl api-resources -o wide lists what can be done with each kind"),
    Fault(
      codes: 415...415, rule: .noServerSideApply,
      hint:
        "what serves this kind takes no server-side apply; print it without `apply`, and pipe it to kubectl apply -f -"),
    Fault(
      codes: 429...429, rule: .clusterBusy, message: "the API server is too busy",
      hint: "run the command again later"),
    Fault(
      codes: 503...503, rule: .clusterUnavailable,
      hint:
        "the API server, or what serves this kind for it, is not available at this moment; run the command again later"),
    Fault(
      codes: 504...504, rule: .clusterSlow,
      hint: "the API server took too long; run the command again"),
    Fault(codes: 500...599, rule: .clusterFault, hint: "a fault of the API server or of something behind it"),
  ]

  /// Sentences about what no API server accepts, however it is written; nil where the failure is another one.
  private var tooLarge: Diagnostic? {
    let limit: String
    if status.code == 413 {
      limit = "it takes about 3 MB"
    } else if status.message.contains("etcdserver: request is too large")
      || status.message.contains("trying to send message larger than max")
    {
      limit = "etcd, where it is kept, takes about 1.5 MB"
    } else {
      return nil
    }
    return plain("is too large for the API server", hint: "\(limit); move data out of the object", rule: .tooLarge)
  }

  // MARK: Fields

  private var invalid: [Diagnostic] {
    let causes = status.causes.filter { !$0.message.isEmpty }
    guard !causes.isEmpty else {
      return [
        isImmutable ? immutable("spec") : admission(status.message) ?? plain(status.message, hint: nil, rule: .invalid)
      ]
    }
    // Servers name one and the same thing several times.
    return causes.reduce(into: [Diagnostic]()) { found, cause in
      let diagnostic = invalid(cause)
      if !found.contains(diagnostic) { found.append(diagnostic) }
    }
  }

  private func invalid(_ cause: APIStatus.Cause) -> Diagnostic {
    let hasField = !cause.field.isEmpty && cause.field != "<nil>"
    if RefusedObject.isImmutable(cause.message) { return immutable(hasField ? cause.field : "spec") }
    guard hasField else {
      return admission(cause.message) ?? plain(cause.message, hint: nil, rule: .invalid)
    }
    let place = place(of: cause.field)
    if cause.message.contains("already allocated") {
      return besideItself(
        "\(cause.field): \(cause.message)", nil, if: "nothing else has it", rule: .invalid, at: place.range)
    }
    return plain(
      "\(fieldPrefix)\(cause.field): \(cause.message.shortened)",
      hint: place.isInjected ? RefusedObject.injectedHint : nil,
      rule: .invalid, at: place.range)
  }

  private static let injectedHint =
    "the injection added this field; the settings of kubectl vault-inject config view decide what is in it"

  /// What does not fit the schema of the kind; nil where the failure is another one.
  private var schemaProblems: [Diagnostic]? {
    let problems = SchemaProblem.problems(in: status.message)
    return problems.isEmpty ? nil : problems.map(sentence)
  }

  private func sentence(_ problem: SchemaProblem) -> Diagnostic {
    let field = fieldPrefix + problem.path
    switch problem.kind {
    case .unknown:
      return unknown("there is no field `\(field)`", field, at: place(of: problem.path))
    case .duplicate:
      return unknown("the field `\(field)` is there twice", field, at: place(of: problem.path))
    case .type(let expected):
      let place = place(of: problem.path, ofType: expected)
      let found = place.value.map { " is \($0.kindName), and" } ?? ""
      return plain(
        "`\(field)`\(found) has to be a \(expected)", hint: hint(forType: expected, place, field), rule: .wrongType,
        at: place.range)
    case .duplicateElement(let key):
      return plain(
        "`\(field)` has two elements \(key)", hint: "remove one of them, or give it another name",
        rule: .duplicateElement, at: place(of: field + key).range)
    case .other(let words):
      return plain(
        "\(field): \(words)", hint: explanation(of: field), rule: .wrongType, at: place(of: problem.path).range)
    }
  }

  private func unknown(_ what: String, _ field: String, at place: ClusterObject.FieldPlace) -> Diagnostic {
    plain(
      "\(what) in \(object.kind) of \(object.apiVersion)",
      hint: "see kubectl explain \(resource.plural)\(SchemaProblem.parent(of: field)) for the fields there are",
      rule: .unknownField, at: place.range)
  }

  private func hint(forType expected: String, _ place: ClusterObject.FieldPlace, _ field: String) -> String {
    if place.isInjected { return RefusedObject.injectedHint }
    switch place.value {
    case .number(let text)? where expected == "string" && object.kind != "Secret": return "quote it: \"\(text)\""
    case .bool(let truth)? where expected == "string" && object.kind != "Secret": return "quote it: \"\(truth)\""
    case .number?, .bool?: return expected == "string" ? "quote it" : explanation(of: field)
    default: return explanation(of: field)
    }
  }

  private func explanation(of field: String) -> String {
    "see kubectl explain \(resource.plural)\(SchemaProblem.explained(field)) for what it takes"
  }

  // MARK: Webhooks

  private var webhook: Diagnostic? {
    guard let mark = status.message.firstRange(of: "webhook \"") else { return nil }
    let name = String(status.message[mark.upperBound...].prefix { $0 != "\"" })
    let rest = status.message[mark.upperBound...].dropFirst(name.count + 1)
    if rest.hasPrefix(" does not support dry run") {
      return plain(
        "the admission webhook `\(name)` of the cluster takes no dry run",
        hint: "it would have to declare sideEffects: None or NoneOnDryRun; --dry-run=client asks no webhook",
        rule: .webhookDryRun, isJudged: false)
    }
    let words =
      rest.hasPrefix(" denied the request: ")
      ? String(rest.dropFirst(21)) : String(rest.drop { $0 == ":" || $0 == " " })
    let hint =
      "webhooks belong to the cluster; kubectl get validatingwebhookconfigurations,mutatingwebhookconfigurations"
    let sentence = "the admission webhook `\(name)` of the cluster"
    guard rest.hasPrefix(" denied") else {
      return plain("\(sentence) cannot be asked: \(words)", hint: hint, rule: .webhook, isJudged: false)
    }
    return besideItself("\(sentence) refuses it: \(words)", hint, if: "that is all it objects to", rule: .webhook)
  }

  // MARK: What cannot be changed

  /// True where the object would have to be deleted and created again.
  package var isImmutable: Bool {
    status.code == 422 && (status.causes.map(\.message) + [status.message]).contains(where: RefusedObject.isImmutable)
  }

  private static func isImmutable(_ message: String) -> Bool {
    immutableWords.contains(where: message.contains)
      || message.contains("are forbidden") && message.contains("updates to")
  }

  private static let immutableWords = [
    "field is immutable", "pod updates may not", "may not change fields other than", "may not add or remove containers",
    "cannot change roleRef", "may not change once set",
  ]

  private func immutable(_ field: String) -> Diagnostic {
    let place = place(of: field)
    return plain(
      "`\(field)` of a \(object.kind) that exists cannot be changed",
      hint: object.losesOthers.map { "--replace does not delete it: \($0)" }
        ?? "--replace deletes it and creates it again, and its pods with it", rule: .immutable,
      at: place.isExact ? place.range : nil)
  }
}

extension ClusterObject {
  /// What would be lost with the object, for which `--replace` does not delete it; nil where it may be deleted.
  var losesOthers: String? {
    switch "\(group)/\(kind)" {
    case "/Namespace": "everything in it would go with it"
    case "apiextensions.k8s.io/CustomResourceDefinition": "all objects of its kind would go with it"
    case "/PersistentVolumeClaim", "/PersistentVolume": "the data in it could go with it"
    default: nil
    }
  }
}

extension ClusterObject {
  /// ` -n NAMESPACE`, as kubectl takes it; empty for an object of the cluster as a whole.
  var namespaceOption: String { namespace.map { " -n \($0)" } ?? "" }

  /// Where the namespace is written; nil where it is not.
  var namespacePlace: Range<Int>? {
    let place = place(of: "metadata.namespace")
    return place.isExact ? place.range : nil
  }
}

extension String {
  /// The word that follows some text; nil where the text is not there.
  fileprivate func word(after mark: String) -> String? {
    firstRange(of: mark).map { String(self[$0.upperBound...].prefix { $0 != " " }) }
  }

  /// The text without the whole objects that the server puts between `Invalid value: ` and the reason.
  fileprivate var shortened: String {
    guard utf8.count > 300, let start = firstRange(of: "Invalid value: "), let end = lastRange(of: ": ") else {
      return self
    }
    return "\(self[..<start.upperBound])…\(self[end.lowerBound...])"
  }

  private func lastRange(of text: String) -> Range<String.Index>? {
    ranges(of: text).last
  }
}

extension UserCredentials.Impersonation? {
  /// kubectl's options for the same, after a blank; nothing where nobody is impersonated.
  var options: String {
    guard let self else { return "" }
    return " --as \(ShellText.word(self.user, bare: "/.-_:@"))"
      + self.groups.map { " --as-group \(ShellText.word($0, bare: "/.-_:@"))" }.joined()
  }
}
