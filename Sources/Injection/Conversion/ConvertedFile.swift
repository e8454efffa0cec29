internal import ManifestText

/// One file of secrets, as HashiCorp's annotations describe it.
struct ConvertedFile: Equatable {
  /// What stands for the file in the keys of its annotations.
  let name: String
  /// Where it is under the secrets volume.
  let destination: String
  /// The secret's path in Vault; empty where a template reads it.
  let path: String
  /// The template that renders the same bytes.
  let contents: String
  let command: String

  /// The files a pod asks for, each with a name of its own.
  static func files(of pod: TalendPod, _ settings: TalendDialect.Settings) -> [ConvertedFile] {
    var names: [String] = []
    return pod.renderedFiles().map { file in
      names.append(name(for: file.destination, among: names))
      let content = file.content ?? settings.configuration.defaultTemplate(for: file.path)
      return ConvertedFile(
        name: names[names.count - 1], destination: file.destination, path: file.path, contents: withEnding(content),
        command: file.command)
    }
  }

  // MARK: Names

  /// What is left of the API server's 63 characters after the longest key.
  private static let longestName = 63 - "agent-inject-template-".utf8.count

  private static func name(for destination: String, among names: [String]) -> String {
    let base = fitted(destination)
    for number in 2... {
      let suffix = number == 2 ? "" : "-\(number - 1)"
      let name = fitted(String(base.prefix(longestName - suffix.utf8.count))) + suffix
      if !names.contains(name) { return name }
    }
    return base
  }

  /// Lower-case letters, digits, dots, dashes and underscores, one of the first two at the end.
  private static func fitted(_ text: String) -> String {
    let letters = text.unicodeScalars.map { scalar in
      switch scalar {
      case "a"..."z", "0"..."9", ".", "-", "_": String(scalar)
      case "A"..."Z": String(scalar).lowercased()
      default: "-"
      }
    }
    var name = letters.joined()
    // The annotation of a template in a file begins like that of a template.
    if name.hasPrefix("file-") { name = "secret-" + name }
    name = String(name.prefix(longestName))
    while let last = name.last, !last.isLetter && !last.isNumber { name.removeLast() }
    return name.isEmpty ? "secret" : name
  }

  // MARK: Contents

  /// Talend's templates end with a line break more than they are written with.
  private static func withEnding(_ template: String) -> String {
    let blank: Set<Unicode.Scalar> = [" ", "\t", "\r", "\n"]
    let scalars = template.unicodeScalars.reversed().drop { blank.contains($0) }
    let trimmed = String(String.UnicodeScalarView(scalars.reversed()))
    // An action that ends in a dash takes what is after it away.
    if trimmed.hasSuffix("-}}"), GoTemplateText.isUnbalanced(String(trimmed.dropLast(3))) { return template }
    return template + (template.utf8.last == ASCII.lineFeed ? "{{ \"\\n\" }}" : "\n")
  }
}

extension TalendConfiguration {
  /// The template for a secret that brings none.
  func defaultTemplate(for path: String) -> String {
    let path = quoting == .hcl ? GoTemplateText.escaped(path) : path
    return PlaceholderText(templateDefault).replacing("<VSI_SECRETS_VAULT_SECRETS_PATH>", with: path)
  }
}
