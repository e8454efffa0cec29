internal import AgentTemplates
internal import ManifestText

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

  /// False for a file that cannot be read, which the agent tells.
  let isReadable: Bool
  /// The templates for files and for variables, in order.
  let templates: [Template]
  /// The files of the agent's container that hold templates.
  let templateFiles: [String]
  private let entries: [HCLReader.Entry]

  init(_ text: String) {
    let found = try? HCLReader.entries(of: Array(text.utf8))
    isReadable = found != nil
    let entries = found ?? []
    self.entries = entries
    let stanzas = entries.filter { ["template", "env_template"].contains($0.key) }.map(\.value)
    templates = stanzas.flatMap(AgentFile.templates)
    templateFiles = stanzas.flatMap(\.blocks).map { $0.text("source") }.filter { !$0.isEmpty }
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

// Login.
extension AgentFile {
  /// How the agent logs in.
  struct Method {
    let type: String
    /// As it is written; empty for the method's own name.
    let mountPath: String
    let namespace: String
    let role: String
  }

  /// The auth method; nil where the file has none.
  var method: Method? {
    for autoAuth in blocks("auto_auth") {
      guard let entry = autoAuth.last(where: { $0.key == "method" }), let block = entry.value.blocks.last else {
        continue
      }
      let config = block.last("config")?.blocks.last ?? []
      let type = entry.labels.last ?? block.text("type")
      guard !type.isEmpty else { return nil }
      return Method(
        type: type, mountPath: block.text("mount_path"), namespace: block.text("namespace"), role: config.text("role"))
    }
    return nil
  }

  /// The stanza about Vault; empty where the file has none.
  var vault: [HCLReader.Entry] { blocks("vault").last ?? [] }

  /// Where the agent passes requests on with its own token; nil where it does not.
  var proxy: UnknownAccess.Reason? {
    let isProxy = (blocks("api_proxy") + blocks("cache")).contains { stanza in
      switch stanza.last("use_auto_auth_token") {
      case .word(let word): word == "true"
      case .text(let text, _): text == "true" || text == "force"
      case .list, .block, nil: false
      }
    }
    guard isProxy, let listener = blocks("listener").last else { return nil }
    let address = listener.text("address")
    if address.hasPrefix("/") { return .proxySocket(address) }
    let port = ByteText.pieces(of: address, around: ":").last ?? ""
    return .proxy(port: port.isEmpty ? "8200" : port)
  }

  private func blocks(_ key: String) -> [[HCLReader.Entry]] { entries.filter { $0.key == key }.flatMap(\.value.blocks) }
}

extension HCLReader.Value {
  /// The block that the value is, or those of a list.
  fileprivate var blocks: [[HCLReader.Entry]] {
    switch self {
    case .text, .word: []
    case .list(let values): values.flatMap(\.blocks)
    case .block(let entries): [entries]
    }
  }
}

extension [HCLReader.Entry] {
  fileprivate func last(_ key: String) -> HCLReader.Value? { last { $0.key == key }?.value }

  /// The text under a key; empty where there is none.
  func text(_ key: String) -> String {
    if case .text(let text, _) = last(key) { text } else { "" }
  }

  /// True where the key has a truth that holds.
  func isTrue(_ key: String) -> Bool { last(key) == .word("true") }
}
