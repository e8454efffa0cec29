package import ManifestText

/// Why annotations cannot be read, or objects not be selected.
extension Rule {
  package static let workloads = [
    annotationType, selectorSyntax, kindName,
  ]

  package static let annotationType = Rule(
    fault: "annotation-type", "An annotation is not text.",
    "Annotations are strings: the API server refuses a number, a boolean or a list; in YAML `true` needs quotes.")
  package static let selectorSyntax = Rule(
    fault: "selector-syntax", "A label selector cannot be read.",
    "Selecting on a guess could change other objects than were meant.")
  package static let kindName = Rule(
    fault: "kind-name", "A name is not that of a kind.",
    "Kinds are named as kubectl names them: `Deployment`, `deploy`, `deployments.apps`.")
}
