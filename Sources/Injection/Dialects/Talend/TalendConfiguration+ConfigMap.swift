package import ManifestText
internal import Workloads

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

  /// Lines stand after some indentation, so they are told apart from their ends.
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
