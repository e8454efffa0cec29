internal import ManifestText

/// A reason why the API server's admission refuses an object, recognised by words in the server's message.
struct AdmissionRefusal: Sendable {
  /// A short stable name for machines.
  let rule: Rule
  /// The words by which the reason is recognised; no other reason has them.
  let mark: String
  /// How to fix it; it gets the server's words after the mark, and the object's namespace.
  let hint: @Sendable (_ rest: Substring, _ namespace: String) -> String
  /// What the pod refers to and the cluster lacks; nil where nothing is missing.
  var reference: Reference?
  /// True where it is about the namespace the object belongs to.
  var isAboutNamespace = false

  /// A kind of object that a pod may refer to.
  struct Reference: Sendable {
    let kind: String
    /// The fields of the pod's `spec` that refer to it, or come from it.
    let fields: [String]
  }

  /// The reason that the server's words give; nil where it is not a known one.
  static func reason(_ words: String) -> (refusal: AdmissionRefusal, rest: Substring)? {
    for row in rows {
      if let mark = words.firstRange(of: row.mark) { return (row, words[mark.upperBound...]) }
    }
    return nil
  }

  private static let rows = [
    AdmissionRefusal(
      rule: .noServiceAccount, mark: "serviceaccount \"",
      hint: { rest, namespace in
        let name = rest.prefix { $0 != "\"" }
        return name == "default"
          ? "a new namespace gets this account a moment later; run the command again"
          : "create it with kubectl create serviceaccount \(name) -n \(namespace), or add its manifest: service accounts are applied before workloads"
      }, reference: Reference(kind: "ServiceAccount", fields: ["serviceAccountName", "serviceAccount"])),
    AdmissionRefusal(
      rule: .namespaceTerminating, mark: "because it is being terminated",
      hint: { _, namespace in
        "wait until the namespace is gone and create it again, or choose another; kubectl get namespace \(namespace) -o yaml tells what it waits for"
      }, isAboutNamespace: true),
    quota("exceeded quota: "),
    quota("failed quota: "),
    AdmissionRefusal(
      rule: .quota, mark: "insufficient quota to match",
      hint: { _, namespace in "see kubectl get quota -n \(namespace): one of that scope has to be there" }),
    limit(" usage per "),
    limit(" limit to request ratio per "),
    AdmissionRefusal(
      rule: .noPriorityClass, mark: "no PriorityClass with name ",
      hint: { _, _ in "see kubectl get priorityclasses for those there are" },
      reference: Reference(kind: "PriorityClass", fields: ["priorityClassName", "priority"])),
    AdmissionRefusal(
      rule: .noRuntimeClass, mark: "pod rejected: RuntimeClass \"",
      hint: { _, _ in "see kubectl get runtimeclasses for those there are" },
      reference: Reference(kind: "RuntimeClass", fields: ["runtimeClassName"])),
    AdmissionRefusal(
      rule: .forbidden, mark: "attempting to grant RBAC permissions not currently held",
      hint: { _, _ in
        "you can only grant permissions you hold; ask somebody who holds them, or for the verbs bind and escalate"
      }),
    AdmissionRefusal(
      rule: .admissionPolicy, mark: "ValidatingAdmissionPolicy '",
      hint: { rest, _ in "kubectl get validatingadmissionpolicy \(rest.prefix { $0 != "'" }) -o yaml shows the rule" }),
  ]

  private static func quota(_ mark: String) -> AdmissionRefusal {
    AdmissionRefusal(
      rule: .quota, mark: mark,
      hint: { rest, namespace in
        "see kubectl describe quota \(rest.prefix { $0 != "," && $0 != ":" }) -n \(namespace): ask for less, free some of it, or have it raised"
      })
  }

  private static func limit(_ mark: String) -> AdmissionRefusal {
    AdmissionRefusal(
      rule: .limitRange, mark: mark,
      hint: { _, namespace in "see kubectl describe limitrange -n \(namespace) for what is allowed" })
  }
}
