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
    func text(_ family: String) -> String { annotations.text(family + name) }
    func nonEmpty(_ family: String, _ fallback: String) -> String {
      let text = text(family)
      return text.isEmpty ? fallback : text
    }
    self.name = name
    failsOnMissingKey = try annotations.boolean("error-on-missing-key-" + name)
    path = text("agent-inject-secret-")
    template = text("agent-inject-template-")
    templateFile = template.isEmpty ? text("agent-inject-template-file-") : ""
    mountPath = annotations.text("secret-volume-path-" + name, default: annotations.secretsPath)
    command = text("agent-inject-command-")
    leftDelimiter = nonEmpty("agent-template-left-delim-", "{{")
    rightDelimiter = nonEmpty("agent-template-right-delim-", "}}")
    permissions = text("agent-inject-perms-")
    let file = text("agent-inject-file-")
    destination =
      file.isEmpty ? "\(mountPath)/\(annotations.fileName(ofSecret: name))" : GoText.joined(mountPath, file)
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
  /// Three families of annotations make a secret, and the first that matches names it.
  private static let families = ["agent-inject-secret-", "agent-inject-template-file-", "agent-inject-template-"]

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
    for family in families {
      if let name = ByteText.rest(of: key, after: family), !name.isEmpty { return name }
    }
    return nil
  }

  private static func isBlank(_ text: String) -> Bool { text.unicodeScalars.allSatisfy(\.properties.isWhitespace) }
}

extension HashiCorpAnnotations {
  /// The folder secrets are rendered into unless they say otherwise.
  var secretsPath: String { text("secret-volume-path", default: "/vault/secrets") }

  /// The file a secret becomes where none is named.
  fileprivate func fileName(ofSecret name: String) -> String {
    let choice = self["preserve-secret-case-" + name] ?? self["preserve-secret-case"]
    let keepsCase = (try? choice.map { try GoParse.bool($0.text) }) ?? false
    return keepsCase ? name : GoText.lowercased(name)
  }
}
