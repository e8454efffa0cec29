internal import ManifestText
internal import Workloads

/// A secret that a pod asks for, and the file it becomes.
struct HashiCorpSecret {
  /// As the annotations spell it.
  let name: String
  let path: String
  let template: String
  let templateFile: String
  /// The folder the file is in, where `file` does not lead out of it.
  let mountPath: String
  let command: String
  let leftDelimiter: String
  let rightDelimiter: String
  let permissions: String
  let failsOnMissingKey: Bool
  /// The file that is rendered.
  let destination: String
  /// The annotation that makes the secret.
  let place: Range<Int>

  private init(_ name: String, _ annotations: HashiCorpAnnotations, place: Range<Int>) throws(Diagnostic) {
    func nonEmpty(_ row: HashiCorpTable.Row<String>) -> String {
      let text = annotations[row, name]
      return text.isEmpty ? annotations.fallback(of: row) : text
    }
    self.name = name
    failsOnMissingKey = try annotations[HashiCorpTable.errorOnMissingKey, name]
    path = annotations[HashiCorpTable.secret, name]
    template = annotations[HashiCorpTable.template, name]
    templateFile = template.isEmpty ? annotations[HashiCorpTable.templateFile, name] : ""
    mountPath = annotations[HashiCorpTable.secretPath, name]
    command = annotations[HashiCorpTable.command, name]
    leftDelimiter = nonEmpty(HashiCorpTable.leftDelimiter)
    rightDelimiter = nonEmpty(HashiCorpTable.rightDelimiter)
    permissions = annotations[HashiCorpTable.permissions, name]
    let file = annotations[HashiCorpTable.file, name]
    destination =
      file.isEmpty ? "\(mountPath)/\(try annotations.fileName(ofSecret: name))" : GoText.joined(mountPath, file)
    self.place = place
  }

  /// True where the pod brings no template for it.
  var usesDefaultTemplate: Bool { template.isEmpty && templateFile.isEmpty }

  /// What the file holds where the pod brings no template.
  enum DefaultTemplate: String {
    case map, json

    /// The template for a path, which is inserted as it is.
    func text(_ path: String) -> String {
      switch self {
      case .map: "{{ with secret \"\(path)\" }}{{ range $k, $v := .Data }}{{ $k }}: {{ $v }}\n{{ end }}{{ end }}"
      case .json: "{{ with secret \"\(path)\" }}{{ .Data | toJSON }}\n{{ end }}"
      }
    }
  }
}

extension HashiCorpSecret {
  /// The secrets a pod asks for, in the order of their annotations' keys.
  static func all(in annotations: HashiCorpAnnotations) throws(Diagnostic) -> [HashiCorpSecret] {
    var secrets: [HashiCorpSecret] = []
    var seen: Set<ExactText> = []
    for entry in annotations.entries where !isBlank(entry.value.text) {
      guard let name = name(in: entry.key), seen.add(name) else { continue }
      secrets.append(try HashiCorpSecret(name, annotations, place: entry.value.range))
    }
    return secrets
  }

  private static func name(in key: String) -> String? {
    for family in HashiCorpTable.secretMakers {
      if let stem = family.stem, let name = ByteText.rest(of: key, after: stem), !name.isEmpty { return name }
    }
    return nil
  }

  private static func isBlank(_ text: String) -> Bool { text.unicodeScalars.allSatisfy(\.properties.isWhitespace) }
}

extension HashiCorpAnnotations {
  /// The file a secret becomes where none is named.
  fileprivate func fileName(ofSecret name: String) throws(Diagnostic) -> String {
    let choice = try self[HashiCorpTable.preserveCaseOfOne, name]
    let keepsCase = if let choice { choice } else { try self[HashiCorpTable.preserveCase] }
    return keepsCase ? name : GoText.lowercased(name)
  }
}
