internal import ManifestText

/// What is said about a selection that makes no sense.
extension Diagnostic {
  static func selectorSyntax(_ selector: String, found: String?, expected: String) -> Diagnostic {
    let found = found.map { "has `\($0)` where" } ?? "ends where"
    return Diagnostic(
      rule: "selector-syntax", message: "the selector `\(selector)` \(found) \(expected) belongs",
      hint: "such as app=web,tier!=db,env in (prod,test),release,!legacy")
  }

  static func selectorText(_ selector: String, _ part: String, _ text: String, _ fault: String) -> Diagnostic {
    Diagnostic(
      rule: "selector-syntax", message: "the selector `\(selector)` has the \(part) `\(text)`, which no label has",
      hint: fault)
  }

  static func notAKind(_ text: String) -> Diagnostic {
    Diagnostic(
      rule: "kind-name", message: "`\(text)` is no name of a kind",
      hint: "write it as Deployment, deployments, deploy or deployment.apps; several with commas")
  }
}
