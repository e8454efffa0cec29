internal import AgentTemplates
internal import ManifestText
internal import Workloads

/// The templates of a pod's annotation, one after another: whether the agent can read them.
struct TalendTemplates {
  private let pod: TalendPod
  /// That of a webhook; nil where the containers are our own.
  private let webhook: TalendConfiguration?

  init(_ pod: TalendPod, _ configuration: TalendConfiguration?) {
    self.pod = pod
    webhook = configuration?.origin == .webhook ? configuration : nil
  }

  /// What is to be said of them; nothing where no secrets are asked for.
  func findings() -> [Diagnostic] {
    guard pod.request.modes.secrets, !hasOwnDelimiters else { return [] }
    guard pod.templates != nil else { return webhook.map(defaultTemplate) ?? [] }
    return reviews().compactMap(\.review).flatMap { $0.findings() }
  }

  /// The pod's own templates with the files they fill in; without one that the webhook makes another text of.
  func reviews() -> [(file: String, review: TemplateReview?)] {
    guard let templates = pod.templates, let found = pod.request.secrets.templates.source else { return [] }
    var reviews: [(String, TemplateReview?)] = []
    var offset = 0
    for (template, destination) in zip(templates, pod.destinations) {
      defer { offset += template.utf8.count + TalendTable.templateSeparator.utf8.count }
      guard !isFilledIn(template) else {
        reviews.append((destination, nil))
        continue
      }
      let source = TemplateReview.Source(
        name: "the template of `\(destination)`", text: template, node: found.node, document: pod.template.document,
        offset: offset)
      reviews.append((destination, TemplateReview(source)))
    }
    return reviews
  }

  /// A webhook's configuration brings a default template of its own.
  private func defaultTemplate(of webhook: TalendConfiguration) -> [Diagnostic] {
    let text = defaultText(of: webhook, "secret/path")
    do throws(TemplateFault) {
      _ = try AgentTemplate(Array(text.utf8))
      return []
    } catch {
      return [
        Diagnostic(
          rule: .templateSyntax,
          message: "the agent cannot read the default template of the webhook's configuration: \(error.message)"
            + " (`\(error.agent)`)",
          hint: error.hint, range: pod.annotationsRange)
      ]
    }
  }

  /// The template that fills in the file of a path.
  func defaultText(at path: String) -> String {
    webhook.map { defaultText(of: $0, path) } ?? DefaultTemplate.text(of: path)
  }

  private func defaultText(of webhook: TalendConfiguration, _ path: String) -> String {
    PlaceholderText(webhook.templateDefault).replacing("<VSI_SECRETS_VAULT_SECRETS_PATH>", with: path)
  }

  /// A webhook's own stanza may say what stands around actions.
  var hasOwnDelimiters: Bool {
    webhook.map { ByteText.holds($0.templateBlock, "_delimiter") } ?? false
  }

  /// What the webhook replaces in a template first makes another text of it.
  private func isFilledIn(_ template: String) -> Bool {
    webhook != nil && ByteText.holds(template, "<VSI_SECRETS_")
  }
}
