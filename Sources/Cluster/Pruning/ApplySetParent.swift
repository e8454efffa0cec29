package import KubernetesAPI
package import ManifestText

/// What an answer says of a set's parent.
package enum ApplySetParent {
  /// What the set holds: nothing where there is no parent yet.
  /// - Throws: The reason why the object is not, and cannot become, the parent of this set.
  package static func contents(of set: ApplySet, in response: APIResponse) throws(Diagnostic) -> ApplySetContents {
    if let status = APIStatus(response) {
      guard status.code == 404 else { throw .unreadableParent(set, status) }
      guard set.resource.group.isEmpty else { throw .missingParent(set) }
      return ApplySetContents()
    }
    let metadata = response.json?["metadata"]
    let annotations = metadata?["annotations"]
    guard let tooling = annotations?[ApplySet.toolingAnnotation]?.string else { throw .notAParent(set) }
    let tool = tooling.lastIndex(of: "/").map { tooling[..<$0] } ?? tooling[...]
    guard tool == ApplySet.tool else { throw .foreignSet(set, tooling) }
    let id = metadata?["labels"]?[ApplySet.idLabel]?.string
    guard id == set.id else { throw .wrongID(set, id) }
    guard let kinds = annotations?[ApplySet.kindsAnnotation]?.string else { throw .withoutKinds(set) }
    return ApplySetContents(kinds: kinds, namespaces: annotations?[ApplySet.namespacesAnnotation]?.string ?? "")
  }
}

extension Diagnostic {
  private static func aboutParent(_ set: ApplySet, _ what: String, _ hint: String) -> Diagnostic {
    Diagnostic(rule: .setParent, message: "--applyset: \(set.title)\(set.place) \(what)", hint: hint)
  }

  fileprivate static func unreadableParent(_ set: ApplySet, _ status: APIStatus) -> Diagnostic {
    aboutParent(
      set, "cannot be read: \(status.message)",
      "check with kubectl auth can-i get \(set.resource.qualifiedPlural)/\(set.name)\(set.namespaceOption)")
  }

  fileprivate static func missingParent(_ set: ApplySet) -> Diagnostic {
    aboutParent(set, "does not exist", "create it first: only Secrets and ConfigMaps are created for a set")
  }

  fileprivate static func notAParent(_ set: ApplySet) -> Diagnostic {
    let (title, option) = (set.title, set.namespaceOption)
    let annotations = "\(ApplySet.toolingAnnotation)=\(ApplySet.tooling) \(ApplySet.kindsAnnotation)="
    return aboutParent(
      set, "is there already, and no set is kept in it",
      set.resource.group.isEmpty
        ? "choose another name: it is created where it does not exist"
        : "begin one: kubectl annotate \(title)\(option) \(annotations); kubectl label \(title)\(option) \(ApplySet.idLabel)=\(set.id)"
    )
  }

  fileprivate static func foreignSet(_ set: ApplySet, _ tooling: String) -> Diagnostic {
    let tooling = ShellText.word(tooling, bare: "/.-_")
    return aboutParent(
      set, "belongs to another tool: \(tooling)",
      "go on with that tool, or hand the set over: kubectl annotate --overwrite \(set.title)\(set.namespaceOption) \(ApplySet.toolingAnnotation)=\(ApplySet.tooling) (and back with =\(tooling))"
    )
  }

  fileprivate static func wrongID(_ set: ApplySet, _ id: String?) -> Diagnostic {
    aboutParent(
      set, id.map { "bears the id \($0), and its own is \(set.id)" } ?? "does not bear its id",
      "it may be a copy of another set's, whose members would be pruned; if it is not, set the label: kubectl label --overwrite \(set.title)\(set.namespaceOption) \(ApplySet.idLabel)=\(set.id)"
    )
  }

  fileprivate static func withoutKinds(_ set: ApplySet) -> Diagnostic {
    aboutParent(
      set, "does not say which kinds the set holds",
      "write them down, such as ConfigMap,Deployment.apps: kubectl annotate \(set.title)\(set.namespaceOption) \(ApplySet.kindsAnnotation)=KINDS"
    )
  }

  /// The parent could not be written before, or after, the members were applied.
  static func unwritableParent(_ set: ApplySet, _ status: APIStatus, after isAfter: Bool) -> Diagnostic {
    let (kind, option) = (set.resource.qualifiedPlural, set.namespaceOption)
    let namespace = set.namespace ?? ""
    let isNamespaceMissing = status.code == 404 && status.kind == "namespaces"
    let check = "check with kubectl auth can-i patch \(kind)/\(set.name)\(option); creating it needs the verb create"
    return aboutParent(
      set,
      isAfter
        ? "could not be updated, after everything was applied and pruned: \(status.message)"
        : "cannot be written: \(status.message)",
      isNamespaceMissing
        ? "a set is begun before anything is applied: kubectl create namespace \(namespace)"
        : isAfter ? "run the command again; \(check)" : check)
  }
}
