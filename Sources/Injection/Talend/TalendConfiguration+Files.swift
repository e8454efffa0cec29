public import ManifestText

/// A finding about one of several files, and the file it is about.
public struct FileDiagnostic: Error, Sendable {
  /// The finding.
  public let diagnostic: Diagnostic
  /// The file; nil where the finding is about a file that is missing.
  public let source: SourceText?

  /// Brings the two together.
  public init(_ diagnostic: Diagnostic, in source: SourceText?) {
    self.diagnostic = diagnostic
    self.source = source
  }
}

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
        try TalendConfiguration.checkPlaceholders(of: file, in: source)
        try take(file, source)
      } catch {
        throw FileDiagnostic(error, in: source)
      }
    }
  }

  private mutating func take(_ file: File, _ source: SourceText) throws(Diagnostic) {
    switch file {
    case .injection:
      let value = try TalendConfiguration.value(of: source)
      initContainers = try TalendConfiguration.list("initContainers", of: value)
      containers = try TalendConfiguration.list("containers", of: value)
      volumes = try TalendConfiguration.list("volumes", of: value)
    case .proxy: proxyConfig = String(decoding: source.bytes, as: UTF8.self)
    case .templateBlock: templateBlock = String(decoding: source.bytes, as: UTF8.self)
    case .templateDefault: templateDefault = String(decoding: source.bytes, as: UTF8.self)
    case .hooks: postStart = try TalendConfiguration.value(of: source)["postStart"]
    }
  }

  private static func value(of source: SourceText) throws(Diagnostic) -> Value {
    var stream = try DocumentStream(source)
    guard let piece = stream.next() else { return .object([]) }
    let document = try Document(piece, of: source)
    guard let root = document.root, !document.isNull(root) else { return .object([]) }
    guard document.isMapping(root) else { throw .notA("map", root, at: Path(), in: document) }
    return try document.value(of: root)
  }

  private static func list(_ key: String, of value: Value) throws(Diagnostic) -> [Value] {
    guard let list = value[key], list != .null else { return [] }
    guard let elements = list.array, elements.allSatisfy({ $0["name"]?.string != nil }) else {
      throw Diagnostic(
        rule: "webhook-config", message: "`\(key)` has to be a list of objects with a `name`",
        hint: "write it as in the injector's injectionconfig.yaml")
    }
    return elements
  }

  /// Finds `<VSI_…>` that nothing replaces.
  private static func checkPlaceholders(of file: File, in source: SourceText) throws(Diagnostic) {
    let open = Array("<VSI_".utf8)
    let bytes = source.bytes
    var index = 0
    while let start = bytes[index...].firstIndex(of: UInt8(ascii: "<")) {
      index = start + 1
      guard bytes[start...].starts(with: open), let end = bytes[start...].firstIndex(of: UInt8(ascii: ">")) else {
        continue
      }
      let placeholder = String(decoding: bytes[start...end], as: UTF8.self)
      if !file.placeholders.contains(placeholder) {
        throw .unknownPlaceholder(placeholder, known: file.placeholders, range: start..<end + 1)
      }
    }
  }
}

extension Diagnostic {
  static func missingWebhookFile(_ file: TalendConfiguration.File) -> Diagnostic {
    let names = TalendConfiguration.File.allCases.map(\.rawValue).joined(separator: ", ")
    return Diagnostic(
      rule: "webhook-config", message: "the webhook's configuration has no \(file.rawValue)",
      hint: "all five are needed: \(names)")
  }

  static func unknownPlaceholder(_ found: String, known: [String], range: Range<Int>) -> Diagnostic {
    let accepted =
      known.isEmpty ? "this file has no placeholders" : "this file knows \(known.joined(separator: ", "))"
    let nearest = NearestName.nearest(to: found, among: known).map { "did you mean \($0)? " } ?? ""
    return Diagnostic(
      rule: "webhook-config", message: "nothing replaces the placeholder \(found) here",
      hint: nearest + accepted, range: range)
  }
}
