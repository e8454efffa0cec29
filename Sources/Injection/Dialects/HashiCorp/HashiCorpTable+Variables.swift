internal import ManifestText

/// The rows about variables, which no webhook reads.
extension HashiCorpTable {
  static let variables: Row<Bool> = Row(
    "agent-inject-env", .boolean, default: .boolean(false),
    "Makes variables of every secret that has a path, called like its fields, in place of a file.",
    .voidedByExact,
    .needs("a secret with a path", "name one in agent-inject-secret-NAME") { pod, _ in
      pod.request.secrets.contains { !$0.path.isEmpty }
    })
  static let variablesOfOne: Row<HashiCorpVariableChoice?> = Row(
    "agent-inject-env-NAME", .optionalVariables, default: .absent("as `agent-inject-env`"),
    "Makes variables of one secret: `true`, a prefix for the fields' names, or the fields that are wanted; "
      + "`VARIABLE=field|base64Decode` takes them out of base64. The file is written as well where other annotations "
      + "shape it.",
    .voidedByExact,
    .needs("`agent-inject-secret-NAME`", "name the path: a template is none") { pod, annotation in
      // Of a name that no secret has, something else is said.
      !pod.annotations[secret, annotation.name].isEmpty
        || !pod.request.secrets.contains { ByteText.isEqual($0.name, annotation.name) }
    })
  static let variablesOnChange: Row<VariableChange> = Row(
    "agent-inject-env-on-change", .variableChange, default: AnnotationDefault("`nothing`") { _ in .nothing },
    "What becomes of an application whose variables change: `restart` ends it, for Kubernetes to start it again.",
    .voidedByExact,
    .needs("variables", "ask for some with agent-inject-env, or with values such as vault:secret/data/db#password") {
      pod, _ in !pod.variables.isEmpty
    })

  static let variableEntries = [variables.entry, variablesOfOne.entry, variablesOnChange.entry]

  /// The annotations that say how a file is to be.
  static let shapersOfFiles = [
    template.row, templateFile.row, file.row, permissions.row, command.row, leftDelimiter.row, rightDelimiter.row,
    preserveCaseOfOne.row, secretPath.row,
  ]
}

extension AnnotationType<HashiCorpVariableChoice?> {
  static var optionalVariables: AnnotationType {
    let type = AnnotationType<HashiCorpVariableChoice>.variables
    var optional = AnnotationType(type.accepted, like: type.examples.last) { (text) throws(GoParse.Failure) in
      try type.parse(text)
    }
    optional.isOff = type.isOff
    return optional
  }
}

extension AnnotationCondition<HashiCorpPod> {
  static var voidedByExact: AnnotationCondition {
    .voidedBy("`--exact`", "leave --exact out: no webhook reads it") { pod, _ in pod.settings.isExact }
  }
}
