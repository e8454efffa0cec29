/// A template of Vault's agent as it was read: Go's `text/template` with Consul Template's functions.
public struct AgentTemplate: Sendable {
  /// The template's text.
  public let text: [UInt8]
  /// What is around its actions.
  public let delimiters: TemplateDelimiters

  let nodes: [TemplateNode]
  let definitions: [String: [TemplateNode]]

  /// Reads a template.
  /// - Throws: What the agent would not read.
  public init(_ text: [UInt8], delimiters: TemplateDelimiters = .standard) throws(TemplateFault) {
    var parser = TemplateParser(text, delimiters)
    nodes = try parser.parse()
    definitions = parser.definitions
    self.text = text
    self.delimiters = delimiters
  }
}
