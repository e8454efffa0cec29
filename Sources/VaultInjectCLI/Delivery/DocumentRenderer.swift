internal import Output
internal import Injection
internal import ManifestText
internal import Workloads

/// Puts the documents of one input into the output in the format asked for.
struct DocumentRenderer: DocumentSink {
  private let format: OutputFormat?
  /// False where nobody wants the documents, only what is said of them.
  private let isWanted: Bool
  private(set) var output = OutputBuffer()
  /// True while all that was taken is JSON with nothing but white space around it.
  private(set) var isJSON = true
  /// True where the last document was converted, and has not its own place in the input's text any more.
  private var lastIsConverted = false

  /// Keeps documents as they are written, or converts them.
  init(format: OutputFormat?) { self.init(format, isWanted: true) }

  private init(_ format: OutputFormat?, isWanted: Bool) { (self.format, self.isWanted) = (format, isWanted) }

  /// Takes documents, and keeps none.
  static let nothing = DocumentRenderer(nil, isWanted: false)

  /// A piece of the input that nothing happens to.
  mutating func keep(_ range: Range<Int>, of source: SourceText) {
    guard isWanted else { return }
    note(source.bytes[range])
    output.append(range, of: source.bytes)
  }

  /// Items are as good as the list where they are kept as they are written.
  var takesItems: Bool { format == nil || format == .diff || !isWanted }

  /// What stands around the items of a list of JSON, which is JSON as well.
  mutating func keepAroundItems(_ range: Range<Int>, of source: SourceText) {
    if isWanted { output.append(range, of: source.bytes) }
  }

  /// A document as it is to be.
  mutating func add(_ added: AddedDocument) throws(Diagnostic) {
    guard isWanted else { return }
    let (document, plan) = (added.document, added.plan)
    switch format {
    case .name:
      for object in plan.objects.compactMap(\.object) { addLine(Array(ShownText(of: object.qualifiedName).line.utf8)) }
    case .patch: for object in plan.objects { addPatch(of: object, plan) }
    case .json: try addJSON(document)
    case .yaml where document.format == .json: try addConverted(document)
    case .yaml, .diff, nil: addKept(added)
    }
  }

  private mutating func addPatch(of plan: ObjectPlan, _ document: DocumentPlan) {
    guard let object = plan.object else { return }
    let operations = document.operations(of: plan)
    addLine(JSONWriter.compact(.array(operations.map { $0.json(relativeTo: object.path) })))
  }

  private mutating func addLine(_ line: some Collection<UInt8>) {
    output.append(Array(line))
    output.append("\n")
  }

  /// A document as its text has it, after the one before it in the same input.
  private mutating func addKept(_ added: AddedDocument) {
    let bytes = added.bytes
    if !added.document.isBareJSON { note(bytes) }
    if lastIsConverted { separate(StreamOpening(bytes)) }
    lastIsConverted = false
    // What was read again and compared is what is written: the edits only tell what of it is in memory already.
    if let edits = added.edits, edits.make(bytes, of: added.input.bytes, in: added.place) {
      output.append(added.place, of: added.input.bytes, editedBy: edits)
    } else {
      output.append(bytes)
    }
  }

  /// Notes text that is not JSON; white space is nothing of either.
  private mutating func note(_ bytes: ArraySlice<UInt8>) { isJSON = isJSON && bytes.allSatisfy(ASCII.isWhite) }

  // MARK: Conversion

  /// A document of JSON as YAML, for which its place among the others has to be made.
  private mutating func addConverted(_ document: Document) throws(Diagnostic) {
    guard let root = document.root else { return }
    isJSON = false
    separate(.content)
    output.append(YAMLWriter.block(try document.value(of: root)))
    lastIsConverted = true
  }

  private mutating func separate(_ opening: StreamOpening) {
    output.append(StreamEnding(output, isJSON: false).separator(before: opening, isJSON: false))
  }

  /// A document as JSON; JSON keeps its bytes, without what is not JSON around it.
  private mutating func addJSON(_ document: Document) throws(Diagnostic) {
    guard let root = document.root, !document.isNull(root) else { return }
    if document.format == .json {
      try document.checkNumbers()
      addLine(document.source.bytes[document.range(of: root)])
    } else {
      output.append(JSONWriter.pretty(try document.value(of: root)))
    }
  }
}
