package import ManifestText

/// What the injector adds to pods: the contents of its five configuration files.
///
/// Texts may hold the placeholders the injector knows (`<VSI_SECRETS_DESTINATION>` and its like).
package struct TalendConfiguration: Equatable, Sendable, WebhookContents {
  /// Whose containers they are.
  package enum Origin: Equatable, Sendable {
    /// Our own, put together from settings: values are quoted as HCL needs it where they are put.
    case builtIn
    /// Those of a webhook's configuration, into which values are put as they are.
    case webhook
  }

  /// The program on the secrets volume that starts an application with its secrets in the environment.
  static let environmentHelper = EnvironmentProgram.name

  /// core/v1 containers to pick from by name, in order.
  package var initContainers: [Value]
  /// core/v1 containers to pick from by name, in order.
  package var containers: [Value]
  /// core/v1 volumes, in order.
  package var volumes: [Value]
  /// What makes the agent a proxy; its placeholder is the port.
  package var proxyConfig: String
  /// One template stanza; written once for each destination.
  package var templateBlock: String
  /// The template of destinations that come with none.
  package var templateDefault: String
  /// A core/v1 lifecycle handler that holds an application back until its secrets are there.
  package var postStart: Value?
  /// Built in, or the webhook's own.
  package var origin: Origin

  package init(
    initContainers: [Value] = [], containers: [Value] = [], volumes: [Value] = [], proxyConfig: String = "",
    templateBlock: String = "", templateDefault: String = "", postStart: Value? = nil,
    origin: Origin = .webhook
  ) {
    self.initContainers = initContainers
    self.containers = containers
    self.volumes = volumes
    self.proxyConfig = proxyConfig
    self.templateBlock = templateBlock
    self.templateDefault = templateDefault
    self.postStart = postStart
    self.origin = origin
  }

  /// What the containers and volumes are called, among which are all that may be added to a pod.
  var names: [String] { (initContainers + containers + volumes).compactMap { $0["name"]?.string } }

  /// The same configuration, with everything spelt as the API server writes it.
  var stored: TalendConfiguration {
    var stored = self
    stored.initContainers = initContainers.map { PodPlace.container.stored($0) }
    stored.containers = containers.map { PodPlace.container.stored($0) }
    stored.volumes = volumes.map { PodPlace.volume.stored($0) }
    stored.postStart = postStart.map { PodPlace.hook.stored($0) }
    return stored
  }
}

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
