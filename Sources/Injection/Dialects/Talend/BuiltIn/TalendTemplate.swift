/// One file to render: where it goes, what it holds, what runs after it changed.
package struct TalendTemplate: Equatable, Sendable {
  /// The file's name under the secrets volume.
  package var destination: String
  /// The template's text; nil takes the configuration's default, filled with `path`.
  package var content: String?
  /// The Vault path the default template reads; empty where templates were given.
  package var path: String
  /// The command to run after each change; empty for none.
  package var command: String

  package init(destination: String, content: String? = nil, path: String = "", command: String = "") {
    self.destination = destination
    self.content = content
    self.path = path
    self.command = command
  }
}

extension TalendConfiguration {
  /// The agent's template stanzas for these files, each followed by one newline.
  package func templateBlocks(_ templates: [TalendTemplate]) -> String {
    templates.map { block($0) + "\n" }.joined()
  }

  private func block(_ template: TalendTemplate) -> String {
    switch origin {
    case .webhook: writtenBlock(template)
    case .builtIn: quotedBlock(template)
    }
  }

  /// Later replacements see what earlier ones put in, as in the webhook.
  private func writtenBlock(_ template: TalendTemplate) -> String {
    let values = [
      ("<VSI_SECRETS_DESTINATION>", template.destination),
      ("<VSI_SECRETS_TEMPLATE_CONTENT>", template.content ?? templateDefault),
      ("<VSI_SECRETS_VAULT_SECRETS_PATH>", template.path),
      ("<VSI_SECRETS_TEMPLATE_COMMAND_TO_RUN>", template.command),
    ]
    return values.reduce(templateBlock) { PlaceholderText($0).replacing($1.0, with: $1.1) }
  }

  /// No value is looked into for placeholders, so that one's name inside a template stays what it is.
  private func quotedBlock(_ template: TalendTemplate) -> String {
    let path = GoTemplateText.escaped(template.path)
    let pathPlaceholder = "<VSI_SECRETS_VAULT_SECRETS_PATH>"
    let content =
      template.content ?? PlaceholderText(templateDefault).replacing(pathPlaceholder, with: path)
    return replacingOnce(
      in: templateBlock,
      [
        ("<VSI_SECRETS_DESTINATION>", HCLText.escaped(template.destination)),
        ("<VSI_SECRETS_TEMPLATE_CONTENT>", HCLText.literal(lines: content)),
        ("<VSI_SECRETS_TEMPLATE_COMMAND_TO_RUN>", HCLText.escaped(template.command)),
      ])
  }

  private func replacingOnce(in text: String, _ values: [(placeholder: String, value: String)]) -> String {
    guard let first = values.first else { return text }
    let rest = Array(values.dropFirst())
    return PlaceholderText(text).pieces(around: first.placeholder)
      .map { replacingOnce(in: $0, rest) }
      .joined(separator: first.value)
  }
}
