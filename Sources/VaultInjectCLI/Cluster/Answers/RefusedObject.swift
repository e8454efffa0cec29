package import KubernetesAPI
package import ManifestText
internal import Workloads

/// An answer of the API server that is no success, together with the object it is about.
package struct RefusedObject {
  let object: ClusterObject
  let resource: APIResource
  let status: APIStatus
  let operation: ClusterOperation
  /// Where in the object stands what the request was about, with a dot at its end; empty for the object itself.
  let fieldPrefix: String

  /// Brings an object and an answer together.
  package init(
    object: ClusterObject, resource: APIResource, status: APIStatus, operation: ClusterOperation,
    fieldPrefix: String = ""
  ) {
    (self.object, self.resource, self.status, self.operation) = (object, resource, status, operation)
    self.fieldPrefix = fieldPrefix
  }

  /// One sentence for each thing that has to be mended, each at its place in the input.
  package var diagnostics: [Diagnostic] {
    switch status.code {
    case 403: [forbidden]
    case 404: [notFound]
    case 409 where !status.conflicts.isEmpty: conflicts
    case 409: [conflict]
    case 413: [plain("is too large for the API server", hint: "it takes about 3 MB; move data out of the object")]
    case 422 where isImmutable: [immutable]
    case 422, 400, 500:
      webhook.map { [$0] } ?? unknownFields ?? (status.code == 422 ? invalid : [other])
    default: [webhook ?? other]
    }
  }

  // MARK: Sentences

  private var subject: String {
    let place = object.namespace.map { " in namespace \($0)" } ?? ""
    return "\(object.displayName)\(place)"
  }

  private func place(of field: String) -> ClusterObject.FieldPlace {
    object.place(of: fieldPrefix + field.drop { $0 == "." })
  }

  private func plain(
    _ what: String, hint: String?, rule: String = "refused-by-cluster", at range: Range<Int>? = nil
  ) -> Diagnostic {
    var diagnostic = Diagnostic(
      rule: rule, message: "\(operation.negated(subject)): \(what)", hint: hint, range: range ?? object.range)
    diagnostic.hidesText = object.kind == "Secret"
    return diagnostic
  }

  private var forbidden: Diagnostic {
    let words = status.message.firstRange(of: " is forbidden: ").map { String(status.message[$0.upperBound...]) }
    let reason = words ?? status.message
    guard let verb = reason.word(after: " cannot ") else {
      return webhook
        ?? plain(
          reason, hint: "a policy of the cluster refuses it; whoever runs the cluster can tell", rule: "forbidden")
    }
    if verb == "impersonate" {
      return plain(
        reason, hint: "leave --as out, or ask for the right: kubectl auth can-i impersonate users", rule: "forbidden")
    }
    let place = object.namespace.map { " -n \($0)" } ?? ""
    let create = verb == "patch" ? "; applying needs the verbs patch and create" : ""
    return plain(
      reason, hint: "check with kubectl auth can-i \(verb) \(resource.qualifiedPlural)/\(object.name)\(place)\(create)",
      rule: "forbidden")
  }

  private var notFound: Diagnostic {
    if status.kind == "namespaces" || status.message.hasPrefix("namespaces ") {
      let name = status.name.isEmpty ? object.namespace ?? "" : status.name
      return plain(
        "the namespace `\(name)` does not exist",
        hint: "create it with kubectl create namespace \(name), or add its manifest: namespaces are applied first",
        rule: "no-namespace", at: object.namespacePlace)
    }
    if status.name.isEmpty {
      return plain(
        "the cluster knows no \(object.kind) of \(object.apiVersion)",
        hint: "see kubectl api-resources; its CustomResourceDefinition may be missing, or of another version",
        rule: "unknown-kind")
    }
    return plain("it does not exist", hint: nil, rule: "not-found")
  }

  private var conflicts: [Diagnostic] {
    let last = status.conflicts.count - 1
    return status.conflicts.enumerated().map { index, cause in
      let owner = cause.message.hasPrefix("conflict with ") ? String(cause.message.dropFirst(14)) : cause.message
      return plain(
        "the field \(cause.field) belongs to \(owner)", hint: index == last ? RefusedObject.conflictHint : nil,
        rule: "field-conflict", at: place(of: cause.field).range)
    }
  }

  private static let conflictHint =
    "take the fields over with --force-conflicts, leave them out of the manifest, or write the value they have"

  private var conflict: Diagnostic {
    plain(
      status.message, hint: "it was changed or is being deleted at this moment; run the command again", rule: "conflict"
    )
  }

  private var other: Diagnostic {
    let words = status.message.isEmpty ? "the API server answered \(status.code)" : status.message
    switch status.code {
    case 429: return plain("the API server is too busy", hint: "run the command again later", rule: "cluster-busy")
    case 504: return plain(words, hint: "the API server took too long; run the command again", rule: "cluster-slow")
    case 500...: return plain(words, hint: "a fault of the API server or of something behind it", rule: "cluster-fault")
    default: return plain(words, hint: nil)
    }
  }

  // MARK: Fields

  private var invalid: [Diagnostic] {
    let causes = status.causes.filter { !$0.message.isEmpty }
    guard !causes.isEmpty else { return [plain(status.message, hint: nil, rule: "invalid")] }
    return causes.map { cause in
      guard !cause.field.isEmpty, cause.field != "<nil>" else {
        return plain(cause.message, hint: nil, rule: "invalid")
      }
      let place = place(of: cause.field)
      return plain(
        "\(fieldPrefix)\(cause.field): \(cause.message.shortened)",
        hint: place.isInjected ? RefusedObject.injectedHint : nil,
        rule: "invalid", at: place.range)
    }
  }

  private static let injectedHint =
    "the injection added this field; the settings of kubectl vault-inject config view decide what is in it"

  /// Fields the server does not know; nil where the failure is another one.
  private var unknownFields: [Diagnostic]? {
    let fields = UnknownField.fields(in: status.message)
    guard !fields.isEmpty else { return nil }
    return fields.map { field in
      let place = place(of: field.path)
      let what =
        field.isDuplicate
        ? "the field `\(fieldPrefix)\(field.path)` is there twice" : "there is no field `\(fieldPrefix)\(field.path)`"
      return plain(
        "\(what) in \(object.kind) of \(object.apiVersion)",
        hint:
          "see kubectl explain \(resource.plural)\(UnknownField.parent(of: fieldPrefix + field.path)) for the fields there are",
        rule: "unknown-field", at: place.range)
    }
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
        rule: "webhook-dry-run")
    }
    let words =
      rest.hasPrefix(" denied the request: ")
      ? String(rest.dropFirst(21)) : String(rest.drop { $0 == ":" || $0 == " " })
    let how = rest.hasPrefix(" denied") ? "refuses it" : "cannot be asked"
    return plain(
      "the admission webhook `\(name)` of the cluster \(how): \(words)",
      hint: "webhooks belong to the cluster; kubectl get validatingwebhookconfigurations,mutatingwebhookconfigurations",
      rule: "webhook")
  }

  // MARK: What cannot be changed

  /// True where the object would have to be made anew.
  package var isImmutable: Bool {
    guard status.code == 422 else { return false }
    return (status.causes.map(\.message) + [status.message]).contains { message in
      message.contains("field is immutable") || message.contains("pod updates may not")
        || message.contains("may not change fields other than") || message.contains("may not add or remove containers")
        || message.contains("are forbidden") && message.contains("updates to")
    }
  }

  private var immutable: Diagnostic {
    let field = status.causes.map(\.field).first { !$0.isEmpty } ?? "spec"
    let place = place(of: field)
    return plain(
      "`\(field)` of a \(object.kind) that exists cannot be changed",
      hint: "--replace deletes and makes it anew, and its pods with it", rule: "immutable",
      at: place.isExact ? place.range : nil)
  }
}

extension ClusterObject {
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
