internal import ManifestText

/// The template of a file with variables, as records: lines of a shell that put `KEY=value` before its arguments, so
/// that a value may hold any byte a variable can have.
///
///     set -- 'DB_PASSWORD=it'\''s' "$@"
///
/// A shell sources the file; the program `vaultinjector-env` reads the same lines where there is none.
enum VariableRecords {
  private static let text = "text"

  /// Writes a value between quotes: lists and maps as JSON, null as nothing; a variable cannot hold the byte 0.
  private static let definition =
    "{{ define \"\(text)\" }}{{ $t := printf \"%T\" . }}"
    + "{{ if eq $t \"map[string]interface {}\" \"[]interface {}\" }}{{ . | toJSON | \(quoting) }}"
    + "{{ else if ne $t \"<nil>\" }}{{ $s := printf \"%v\" . }}"
    + "{{ if regexMatch \"\\\\x00\" $s }}{{ sprig_fail \"a variable cannot hold the byte 0\" }}{{ end }}"
    + "{{ $s | \(quoting) }}{{ end }}{{ end }}"

  private static let quoting = #"replaceAll "'" "'\\''""#

  /// The template for all of these.
  static func template(of sources: [HashiCorpVariables.Source]) -> String {
    definition + sources.map(part).joined()
  }

  /// Takes the fields of a secret; the second KV engine has them below `data`, beside `metadata`, and both are maps there.
  private static let fields =
    "{{ $d := .Data }}{{ if eq (printf \"%T %T\" (index $d \"data\") (index $d \"metadata\")) "
    + "(printf \"%T %T\" $d $d) }}{{ $d = $d.data }}{{ end }}"

  /// What reads one secret.
  private static func part(_ source: HashiCorpVariables.Source) -> String {
    "{{ with secret \(quoted(source.path)) }}\(fields)\(records(source)){{ end }}"
  }

  private static func records(_ source: HashiCorpVariables.Source) -> String {
    switch source.choice {
    case .none: ""
    case .all(let prefix):
      "{{ range $k, $v := $d }}set -- '\(prefix){{ template \"\(text)\" $k }}={{ template \"\(text)\" $v }}' \"$@\"\n"
        + "{{ end }}"
    case .fields(let fields): fields.map { record($0, of: source.path) }.joined()
    }
  }

  /// What is not there ends the agent, which says what it is.
  private static func record(_ field: HashiCorpVariableChoice.Field, of path: String) -> String {
    let complaint = quoted("\(path) has no field \(field.field)")
    let value = field.isEncoded ? "(base64Decode $v)" : "$v"
    return "{{ $v := index $d \(quoted(field.field)) }}"
      + "{{ if eq (printf \"%T\" $v) \"<nil>\" }}{{ sprig_fail \(complaint) }}{{ end }}"
      + "set -- '\(field.variable)={{ template \"\(text)\" \(value) }}' \"$@\"\n"
  }

  /// Text as the template has it between quotes.
  private static func quoted(_ text: String) -> String {
    "\"" + text.unicodeScalars.map { $0 == "\"" || $0 == "\\" ? "\\\($0)" : String($0) }.joined() + "\""
  }
}
