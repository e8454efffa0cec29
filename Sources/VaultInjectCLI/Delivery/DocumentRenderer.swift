internal import Injection
internal import ManifestText
internal import Workloads

/// Puts the documents of one input into the output in the format asked for.
struct DocumentRenderer: DocumentSink {
  private let format: OutputFormat?
  private(set) var output = OutputBuffer()
  private var isFirst = true

  init(format: OutputFormat?) { self.format = format }

  /// A piece of the input that nothing happens to.
  mutating func keep(_ range: Range<Int>, of source: SourceText) {
    output.append(sharing: source.bytes[range])
  }

  /// A document as it is to be, with what was planned for it.
  mutating func add(_ document: Document, _ plan: DocumentPlan) throws(Diagnostic) {
    switch format {
    case .name:
      for object in plan.objects.compactMap(\.object) { addLine(Array(ShownText(of: object.qualifiedName).line.utf8)) }
    case .patch: for object in plan.objects { addPatch(of: object, plan) }
    case .yaml where document.format == .json, .json where document.format == .yaml: try convert(document)
    case .yaml, .json: addKept(document)
    case .diff, nil: output.append(document.source.bytes[document.range])
    }
  }

  private mutating func addPatch(of plan: ObjectPlan, _ document: DocumentPlan) {
    guard let object = plan.object else { return }
    let operations = document.operations(of: plan)
    addLine(JSONWriter.compact(.array(operations.map { $0.json(relativeTo: object.path) })))
  }

  private mutating func addLine(_ line: [UInt8]) {
    output.append(line)
    output.append("\n")
  }

  // MARK: Conversion

  private mutating func convert(_ document: Document) throws(Diagnostic) {
    guard let root = document.root, !document.isNull(root) else { return }
    let value = try document.value(of: root)
    if format == .yaml {
      separate()
      output.append(YAMLWriter.block(value))
    } else {
      output.append(JSONWriter.pretty(value))
    }
    isFirst = false
  }

  /// A document that has the format already, with a marker before it where documents came before.
  private mutating func addKept(_ document: Document) {
    let bytes = document.source.bytes[document.range]
    if format == .yaml, !bytes.starts(with: "---".utf8) { separate() }
    output.append(bytes)
    if bytes.last != UInt8(ascii: "\n"), !bytes.isEmpty, format == .json { output.append("\n") }
    isFirst = false
  }

  private mutating func separate() {
    if !isFirst { output.append("---\n") }
  }
}
