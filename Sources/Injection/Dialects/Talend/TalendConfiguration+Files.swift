package import ManifestText
internal import Workloads

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

extension TalendConfiguration {
  /// Reads the injector's ConfigMap: its five files are the entries of `data`.
  ///
  /// The manifest may be a stream or a list with other objects in it.
  /// - Throws: A `FileDiagnostic` where there is none or more than one, and for what is wrong in it.
  package init(configMap source: SourceText) throws(FileDiagnostic) {
    let data: WebhookData
    do throws(Diagnostic) {
      data = try WebhookData(source)
    } catch {
      throw FileDiagnostic(error, in: source)
    }
    self.init()
    for file in File.allCases {
      let text = try data.text(of: file)
      do throws(Diagnostic) {
        try take(file, text.source)
      } catch {
        throw text.located(error)
      }
    }
  }
}

/// The `data` of the injector's ConfigMap.
private struct WebhookData {
  private let document: Document
  private let node: NodeID

  init(_ source: SourceText) throws(Diagnostic) {
    let mark = Array(TalendConfiguration.File.injection.rawValue.utf8)
    var found: (document: Document, data: NodeID, name: String)?
    for piece in try DocumentStream(source) where TextSearch.mayHold(mark, in: source.bytes, piece.range) {
      let document = try Document(piece, of: source)
      for object in try ManifestObject.objects(of: document) {
        guard let data = try WebhookData.data(of: object, in: document) else { continue }
        if let found {
          throw .twoWebhookConfigMaps(found.name, object.name, range: document.range(of: data))
        }
        found = (document, data, object.name)
      }
    }
    guard let found else { throw .noWebhookConfigMap }
    (document, node) = (found.document, found.data)
  }

  private static func data(of object: ManifestObject, in document: Document) throws(Diagnostic) -> NodeID? {
    guard object.kind == "ConfigMap", object.group.isEmpty,
      let data = try document.value("data", in: object.node)
    else { return nil }
    return try document.value(TalendConfiguration.File.injection.rawValue, in: data) == nil ? nil : data
  }

  func text(of file: TalendConfiguration.File) throws(FileDiagnostic) -> EmbeddedText {
    do throws(Diagnostic) {
      guard let entry = try document.entry(file.rawValue, in: node) else {
        throw .missingWebhookFile(file, range: document.range(of: node))
      }
      guard document.isString(entry.value) else {
        throw .webhookShape(
          file.rawValue, document.kindName(of: entry.value), "a string: begin it with |",
          range: document.range(of: entry.value))
      }
      return EmbeddedText(entry.value, key: file.rawValue, in: document)
    } catch {
      throw FileDiagnostic(error, in: document.source)
    }
  }
}

/// A file that is a scalar of another file.
private struct EmbeddedText {
  /// The text, named after both files.
  let source: SourceText
  private let outer: SourceText
  /// Where the first line of the text stands in the outer file; nil where the text is not there line by line.
  private let firstLine: Int?

  init(_ node: NodeID, key: String, in document: Document) {
    outer = document.source
    source = SourceText(name: "\(outer.name)[\(key)]", bytes: Array(document.textBytes(of: node)))
    let record = document[document.resolved(node)]
    firstLine = record.style == .literal ? outer.startOfLine(after: Int(record.contentStart)) : nil
  }

  /// A finding in the text as one in the outer file where that is possible, and as it is where it is not.
  func located(_ finding: Diagnostic) -> FileDiagnostic {
    guard let range = finding.range, let outerRange = outerRange(of: range) else {
      return FileDiagnostic(finding, in: source)
    }
    var located = finding
    located.range = outerRange
    return FileDiagnostic(located, in: outer)
  }

  /// The outer file indents the lines, so columns are counted from the ends of lines.
  private func outerRange(of range: Range<Int>) -> Range<Int>? {
    let before = source.bytes[..<min(range.lowerBound, source.bytes.count)]
    let lineStart = before.lastIndex(of: ASCII.lineFeed).map { $0 + 1 } ?? 0
    let line = source.line(from: lineStart)
    var outerStart = firstLine
    for _ in 0..<before.count(where: { $0 == ASCII.lineFeed }) {
      outerStart = outerStart.flatMap(outer.startOfLine)
    }
    guard let outerLine = outerStart.map(outer.line), outerLine.count >= line.count else { return nil }
    let textStart = outerLine.endIndex - line.count
    guard outerLine[textStart...].elementsEqual(line) else { return nil }
    let start = textStart + range.lowerBound - lineStart
    return start..<max(start, min(start + range.count, outerLine.endIndex))
  }
}

extension SourceText {
  /// After the end of the line that holds this offset; nil in the last line.
  fileprivate func startOfLine(after offset: Int) -> Int? {
    bytes[offset...].firstIndex(of: ASCII.lineFeed).map { $0 + 1 }
  }

  /// A line's bytes from this offset on, without its line ending.
  fileprivate func line(from offset: Int) -> ArraySlice<UInt8> {
    bytes[offset...].prefix { !ASCII.isBreak($0) }
  }
}
