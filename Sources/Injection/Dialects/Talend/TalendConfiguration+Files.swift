package import ManifestText

extension TalendConfiguration {
  /// The five files the injector is configured with, in the order they are documented.
  package enum File: String, CaseIterable, Sendable {
    case injection = "injectionconfig.yaml"
    case proxy = "proxyconfig.hcl"
    case templateBlock = "templateblock.hcl"
    case templateDefault = "templatedefault.tmpl"
    case hooks = "podlifecyclehooks.yaml"

    /// The placeholders the injector replaces in this file.
    var placeholders: [String] {
      switch self {
      case .proxy: ["<VSI_PROXY_PORT>"]
      case .templateBlock:
        [
          "<VSI_SECRETS_DESTINATION>", "<VSI_SECRETS_TEMPLATE_CONTENT>", "<VSI_SECRETS_VAULT_SECRETS_PATH>",
          "<VSI_SECRETS_TEMPLATE_COMMAND_TO_RUN>",
        ]
      case .templateDefault: ["<VSI_SECRETS_VAULT_SECRETS_PATH>", "<VSI_SECRETS_TEMPLATE_COMMAND_TO_RUN>"]
      case .hooks: ["<VSI_SECRETS_VOL_MOUNTPATH>"]
      case .injection: []
      }
    }
  }

  /// Reads the injector's own five files.
  /// - Throws: A `FileDiagnostic` where one is missing, cannot be read, or holds a placeholder that the
  ///   injector does not know.
  package init(files: [File: SourceText]) throws(FileDiagnostic) {
    self.init()
    for file in File.allCases {
      guard let source = files[file] else { throw FileDiagnostic(.missingWebhookFile(file), in: nil) }
      do throws(Diagnostic) {
        try take(file, source)
      } catch {
        throw FileDiagnostic(error, in: source)
      }
    }
  }

  /// Takes over what one file says.
  mutating func take(_ file: File, _ source: SourceText) throws(Diagnostic) {
    try TalendConfiguration.checkPlaceholders(of: file, in: source)
    switch file {
    case .injection:
      let objects = try WebhookObjects(source)
      initContainers = try objects?.containers("initContainers") ?? []
      containers = try objects?.containers("containers") ?? []
      volumes = try objects?.volumes("volumes") ?? []
    case .proxy: proxyConfig = String(decoding: source.bytes, as: UTF8.self)
    case .templateBlock: templateBlock = String(decoding: source.bytes, as: UTF8.self)
    case .templateDefault: templateDefault = String(decoding: source.bytes, as: UTF8.self)
    case .hooks: postStart = try WebhookObjects(source)?.handler("postStart")
    }
  }

  /// Finds `<VSI_…>` that nothing replaces.
  private static func checkPlaceholders(of file: File, in source: SourceText) throws(Diagnostic) {
    let open = Array("<VSI_".utf8)
    let bytes = source.bytes
    var index = 0
    while let start = bytes[index...].firstIndex(of: UInt8(ascii: "<")) {
      index = start + 1
      guard bytes[start...].starts(with: open), let end = bytes[start...].firstIndex(of: UInt8(ascii: ">"))
      else {
        continue
      }
      let placeholder = String(decoding: bytes[start...end], as: UTF8.self)
      if !file.placeholders.contains(placeholder) {
        throw .unknownPlaceholder(placeholder, known: file.placeholders, range: start..<end + 1)
      }
    }
  }
}
