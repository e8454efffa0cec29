internal import ManifestText

/// What HashiCorp's dialect is asked for where Talend's puts a file's lines into the environment.
enum ConvertedVariables {
  /// The path of a secret, and the value of the annotation that makes variables of it; nil where the lines of a
  /// template are more than fields of one secret.
  static func of(path: String, template: String?) -> (path: String, choice: String)? {
    guard let template else { return path.isEmpty ? nil : (path, "true") }
    let lines = GoText.split(template, at: "\n").map(compact).filter { !$0.isEmpty }
    guard lines.count > 2, let first = lines.first, lines.last == "{{end}}",
      let path = between("{{withsecret\"", first, "\"}}"), !path.contains("\"")
    else { return nil }
    let data = VaultPath(path).isDataOfKV2 ? "{{.Data.data." : "{{.Data."
    var fields: [String] = []
    for line in lines.dropFirst().dropLast() {
      guard let sign = line.firstIndex(of: "="),
        let field = between(data, String(line[line.index(after: sign)...]), "}}"),
        HashiCorpVariableChoice.isVariable(String(line[..<sign])), HashiCorpVariableChoice.isVariable(field),
        !field.contains("."), !field.contains("-")
      else { return nil }
      fields.append("\(line[..<sign])=\(field)")
    }
    return (path, fields.joined(separator: ","))
  }

  /// A line without the white space that means nothing in it: around and in actions.
  private static func compact(_ line: String) -> String {
    let trimmed = line.unicodeScalars.filter { $0 != " " && $0 != "\t" && $0 != "\r" }
    let text = String(String.UnicodeScalarView(trimmed))
    return GoText.split(GoText.split(text, at: "{{-").joined(separator: "{{"), at: "-}}").joined(separator: "}}")
  }

  private static func between(_ beginning: String, _ text: String, _ end: String) -> String? {
    guard let rest = ByteText.rest(of: text, after: beginning), rest.hasSuffix(end), rest.count > end.count else {
      return nil
    }
    return String(rest.dropLast(end.count))
  }
}

extension Diagnostic {
  static func templateOfVariables(_ destination: String, at range: Range<Int>?) -> Diagnostic {
    Diagnostic(
      rule: .notConvertible,
      message: "the template of `\(destination)` makes more of its variables than fields of one secret",
      hint:
        "write lines such as USER={{ .Data.data.user }} between {{ with secret \"PATH\" }} and {{ end }}, or say in "
        + "agent-inject-env-NAME which fields become which variables", range: range)
  }

  static func commandWithoutFile(at range: Range<Int>?) -> Diagnostic {
    Diagnostic(
      rule: .convertedDifferently, message: "no file is written where secrets become variables, and no command runs",
      hint: "take the command out, or ask for a file as well with agent-inject-command-NAME", range: range)
  }

  static func valuesStayWhole(at range: Range<Int>?) -> Diagnostic {
    Diagnostic(
      rule: .convertedDifferently,
      message: "values keep their white space and line breaks, and lists and maps become JSON",
      hint: "no webhook reads agent-inject-env-NAME: inject the manifest before it is applied", range: range)
  }
}
