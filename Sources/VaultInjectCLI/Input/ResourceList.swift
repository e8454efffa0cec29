internal import ManifestText
internal import Platform
internal import Workloads

/// What a KRM function is given on standard input: a list of objects, and its configuration.
struct ResourceList {
  let source: SourceText
  let document: Document

  /// Takes a text whose first document is such a list; nil for every other text.
  ///
  /// What cannot be read is not a list: the pipeline says what is wrong with it.
  init?(_ source: SourceText) {
    guard let document = try? ResourceList.document(of: source), let root = document.root,
      let version = try? document.value("apiVersion", in: root),
      document.text(of: version).hasPrefix("config.kubernetes.io/"),
      let kind = try? document.value("kind", in: root), document.isText(kind, equalTo: "ResourceList")
    else { return nil }
    self.source = source
    self.document = document
  }

  private static func document(of source: SourceText) throws(Diagnostic) -> Document? {
    var pieces = try DocumentStream(source)
    guard let first = pieces.next(),
      TextSearch.mayHold(Array("ResourceList".utf8), in: source.bytes, first.range)
    else { return nil }
    return try Document(first, of: source)
  }

  /// The function's configuration; nil where it was given none.
  /// - Throws: A `Diagnostic` where it was given two.
  func configuration() throws(Diagnostic) -> NodeID? {
    guard let root = document.root, let node = try document.value("functionConfig", in: root) else { return nil }
    return document.isNull(node) ? nil : node
  }

  /// True where kpt runs the function, which shows its results to the user, and its standard error as well.
  ///
  /// It says so to programs in their environment; containers get none of that, but its package's own file is an item.
  var isFromKpt: Bool {
    if Environment.nonEmpty("KUSTOMIZE_ENABLE_ALPHA_COMMANDS") != nil { return true }
    let objects = (try? ManifestObject.objects(of: document)) ?? []
    return objects.contains { $0.kind == "Kptfile" && $0.group == "kpt.dev" }
  }

  /// The text with results added to those that are there.
  /// - Throws: A `Diagnostic` where something else than a list stands in their place.
  func bytes(adding results: [Value]) throws(Diagnostic) -> [UInt8] {
    guard !results.isEmpty else { return source.bytes }
    var edits = Edits(document: document)
    try edits.append(results, to: Path().appending("results"))
    let edited = try edits.spliced()
    var bytes = Array(source.bytes[..<document.range.lowerBound])
    bytes += edited.source.bytes[edited.range]
    bytes += source.bytes[document.range.upperBound...]
    return bytes
  }
}
