internal import AgentTemplates

/// A configuration of the agent that somebody wrote: HashiCorp's HCL, in its first version, or JSON.
struct AgentFile {
  /// A template that stands in it.
  struct Template: Equatable {
    let text: String
    /// Where the text begins in the file.
    let offset: Int
    var delimiters = TemplateDelimiters.standard
    var failsOnMissingKey = false
  }

  /// The templates for files and for variables, in order; none where the file cannot be read, which the agent tells.
  let templates: [Template]

  init(_ text: String) {
    let entries = (try? HCLReader.entries(of: Array(text.utf8))) ?? []
    templates = entries.filter { ["template", "env_template"].contains($0.key) }.flatMap {
      AgentFile.templates($0.value)
    }
  }

  private static func templates(_ value: HCLReader.Value) -> [Template] {
    switch value {
    case .text, .word: return []
    case .list(let values): return values.flatMap(templates)
    case .block(let entries):
      // In JSON the name of a variable is one map further out.
      guard case .text(let text, let offset) = entries.last("contents") else {
        return entries.flatMap { templates($0.value) }
      }
      return [
        Template(
          text: text, offset: offset,
          delimiters: TemplateDelimiters(
            left: entries.text("left_delimiter"), right: entries.text("right_delimiter")),
          failsOnMissingKey: entries.last("error_on_missing_key") == .word("true"))
      ]
    }
  }
}

extension [HCLReader.Entry] {
  fileprivate func last(_ key: String) -> HCLReader.Value? { last { $0.key == key }?.value }

  fileprivate func text(_ key: String) -> String {
    if case .text(let text, _) = last(key) { text } else { "" }
  }
}
