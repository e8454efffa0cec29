internal import CLibYAML

/// Reads one YAML document into a table of nodes with libyaml, the ancestor of the parser kubectl uses.
///
/// This is the only file that touches libyaml.
package enum YAMLReader {
  /// Reads the document in this range of the source.
  package static func read(_ range: Range<Int>, of source: SourceText) throws(Diagnostic) -> Document {
    guard source.bytes.count < Int(Int32.max) else { throw .inputTooLarge(source.bytes.count) }
    var builder = NodeTableBuilder(source: source, range: skippingByteOrderMark(range, source.bytes))
    try parseEvents(of: &builder)
    return builder.document(range: range)
  }

  private static func skippingByteOrderMark(_ range: Range<Int>, _ bytes: [UInt8]) -> Range<Int> {
    bytes[range].starts(with: ByteOrderMark.utf8) ? range.dropFirst(ByteOrderMark.utf8.count) : range
  }

  private static func parseEvents(of builder: inout NodeTableBuilder) throws(Diagnostic) {
    let source = builder.source
    var parser = unsafe yaml_parser_t()
    guard unsafe yaml_parser_initialize(&parser) == 1 else { throw .outOfMemory }
    defer { unsafe yaml_parser_delete(&parser) }
    unsafe yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING)
    let failure: Diagnostic? = unsafe source.bytes.withUnsafeBufferPointer { bytes in
      guard let start = bytes.baseAddress else { return nil }
      unsafe yaml_parser_set_input_string(&parser, start + builder.range.lowerBound, builder.range.count)
      return unsafe consumeEvents(of: &parser, into: &builder)
    }
    if let failure { throw failure }
  }

  private static func consumeEvents(
    of parser: inout yaml_parser_t, into builder: inout NodeTableBuilder
  ) -> Diagnostic? {
    var event = unsafe yaml_event_t()
    var ended = false
    while !ended {
      guard unsafe yaml_parser_parse(&parser, &event) == 1 else {
        return unsafe .yamlSyntax(ParserFailure(parser), in: builder)
      }
      defer { unsafe yaml_event_delete(&event) }
      unsafe ended = event.type == YAML_STREAM_END_EVENT
      if let failure = unsafe builder.append(event) { return failure }
    }
    return nil
  }
}

/// What libyaml said of a text it could not read, copied out of the parser.
struct ParserFailure {
  let problem: String
  let context: String
  /// Where it stands, counted in characters from the document's start; nil where only a byte offset is known.
  let character: Int?
  /// The byte offset of an encoding problem.
  let byte: Int

  init(_ parser: yaml_parser_t) {
    problem = unsafe parser.problem.map { unsafe String(cString: $0) } ?? "not YAML"
    context = unsafe parser.context.map { unsafe String(cString: $0) } ?? ""
    let isEncoding = unsafe parser.error == YAML_READER_ERROR
    unsafe character = isEncoding ? nil : Int(parser.problem_mark.index)
    unsafe byte = Int(parser.problem_offset)
  }
}

extension NodeRecord.Tag {
  /// A tag as libyaml has it, its handle written out.
  fileprivate init(_ tag: String) {
    self =
      switch tag {
      case "tag:yaml.org,2002:str", "!": .text
      case "tag:yaml.org,2002:int": .integer
      case "tag:yaml.org,2002:float": .float
      case "tag:yaml.org,2002:bool": .bool
      case "tag:yaml.org,2002:null": .null
      case "tag:yaml.org,2002:binary": .binary
      case "tag:yaml.org,2002:timestamp": .timestamp
      case "tag:yaml.org,2002:merge": .merge
      default: .other
      }
  }
}

/// Turns libyaml's events into a table of nodes.
struct NodeTableBuilder {
  private struct OpenCollection {
    let node: Int
    /// Where the last of what is in it ended.
    var end: Int32
    /// How many nodes are directly in it, so far; keys count.
    var count = 0
    /// How many levels are inside of it, so far.
    var levels = 0
    /// What aliases had expanded to before it.
    let aliased: Int
  }

  let source: SourceText
  /// What libyaml was given; offsets in events count from its start, in characters.
  let range: Range<Int>
  private var nodes: [NodeRecord] = []
  private var scratch: [UInt8] = []
  /// The collections around what comes next, outermost first.
  private var open: [OpenCollection] = []
  /// The node that each anchor stands at last.
  private var anchors: [String: Int] = [:]
  private var expansion = AliasExpansion()
  private var documents = 0
  private let offsets: CharacterOffsets
  private let lines: LineBreaks

  init(source: SourceText, range: Range<Int>) {
    self.source = source
    self.range = range
    offsets = CharacterOffsets(source.bytes, range: range)
    lines = LineBreaks(bytes: source.bytes, range: range, isYAML: true)
    nodes.reserveCapacity(range.count / 12 + 8)
  }

  func document(range: Range<Int>) -> Document {
    Document(
      source: source, range: range, format: .yaml, nodes: nodes, scratch: scratch, expansionFault: expansion.fault)
  }

  /// The byte offset in the input of a character of the document.
  func offset(_ character: Int) -> Int { offsets.byte(of: character) }

  /// Takes one event in; a finding where the event cannot be accepted.
  mutating func append(_ event: yaml_event_t) -> Diagnostic? {
    switch unsafe event.type {
    case YAML_SCALAR_EVENT: return unsafe appendScalar(event)
    case YAML_MAPPING_START_EVENT, YAML_SEQUENCE_START_EVENT: return unsafe openCollection(event)
    case YAML_MAPPING_END_EVENT, YAML_SEQUENCE_END_EVENT: unsafe closeCollection(event)
    case YAML_ALIAS_EVENT: return unsafe appendAlias(event)
    case YAML_DOCUMENT_START_EVENT:
      documents += 1
      if documents > 1 { return unsafe .secondDocument(at: offset(Int(event.start_mark.index))) }
    default: break
    }
    return nil
  }

  private mutating func appendScalar(_ event: yaml_event_t) -> Diagnostic? {
    let scalar = unsafe event.data.scalar
    let start = unsafe offset(Int(event.start_mark.index))
    let end = unsafe offset(Int(event.end_mark.index))
    let hasProperties = unsafe scalar.anchor != nil || scalar.tag != nil
    var record = NodeRecord(
      kind: .scalar, style: style(unsafe scalar.style), start: Int32(start),
      contentStart: Int32(hasProperties ? skipProperties(start, before: end) : start), end: Int32(end))
    record.tag = unsafe scalar.tag.map { unsafe NodeRecord.Tag(String(cString: $0)) } ?? .none
    if record.style == .literal || record.style == .folded {
      unsafe keepBlockText(UnsafeBufferPointer(start: scalar.value, count: scalar.length), in: &record)
    } else {
      unsafe keepText(UnsafeBufferPointer(start: scalar.value, count: scalar.length), in: &record)
      if start == end { placeEmptyValue(&record) }
    }
    unsafe addAnchor(scalar.anchor, to: &record)
    appendLeaf(&record)
    return escapedSlash(in: record).map { .unknownEscape(at: $0..<$0 + 2) }
  }

  private func style(_ style: yaml_scalar_style_t) -> NodeRecord.Style {
    switch style {
    case YAML_SINGLE_QUOTED_SCALAR_STYLE: .singleQuoted
    case YAML_DOUBLE_QUOTED_SCALAR_STYLE: .doubleQuoted
    case YAML_LITERAL_SCALAR_STYLE: .literal
    case YAML_FOLDED_SCALAR_STYLE: .folded
    default: .plain
    }
  }

  /// Points at the text where it stands in the input, and copies it only where it is spelt differently.
  private mutating func keepText(_ text: UnsafeBufferPointer<UInt8>, in record: inout NodeRecord) {
    let quote = record.style == .plain ? 0 : 1
    let start = Int(record.contentStart) + quote
    record.textLength = Int32(text.count)
    let isVerbatim =
      unsafe Int(record.end) - quote - start == text.count
      && ByteText.isEqual(source.bytes[start..<start + text.count], text)
    if isVerbatim {
      record.text = Int32(start)
    } else {
      record.isDecoded = true
      record.text = Int32(scratch.count)
      unsafe scratch.append(contentsOf: text)
    }
  }

  /// Keeps the text of a block scalar, and ends the record after its last line of content.
  ///
  /// kubectl ends an input's last line where nothing else does, so that a block scalar there keeps a line feed.
  private mutating func keepBlockText(_ text: UnsafeBufferPointer<UInt8>, in record: inout NodeRecord) {
    let parentColumn = open.last.map { lines.column(of: Int(nodes[$0.node].contentStart)) }
    let scalar = BlockScalarText(record, in: lines, parentColumn: parentColumn)
    record.isDecoded = true
    record.text = Int32(scratch.count)
    unsafe scratch.append(contentsOf: text)
    if scalar.lacksLineEnding { scratch.append(ASCII.lineFeed) }
    record.textLength = Int32(scratch.count) - record.text
    record.end = Int32(scalar.end)
  }

  /// Where a scalar in double quotes escapes a slash, as JSON and YAML 1.2 may and kubectl's parser does not know.
  private func escapedSlash(in record: NodeRecord) -> Int? {
    guard record.style == .doubleQuoted, record.isDecoded else { return nil }
    let end = Int(record.end)
    var start = Int(record.contentStart)
    while let backslash = ByteText.firstIndex(of: ASCII.backslash, in: source.bytes, start..<end) {
      if backslash + 1 < end, source.bytes[backslash + 1] == UInt8(ascii: "/") { return backslash }
      start = min(backslash + 2, end)
    }
    return nil
  }

  /// Puts the empty value of a key without a colon after the key: libyaml has it in front of what comes next,
  /// which may be lines away.
  private func placeEmptyValue(_ record: inout NodeRecord) {
    guard let parent = open.last, nodes[parent.node].kind == .mapping, !parent.count.isMultiple(of: 2) else { return }
    let next = lines.skippingWhiteAndComments(from: Int(parent.end))
    guard next >= Int(record.start) || source.bytes[next] != ASCII.colon else { return }
    record.start = parent.end
    record.contentStart = parent.end
    record.end = parent.end
  }

  private mutating func openCollection(_ event: yaml_event_t) -> Diagnostic? {
    let isMapping = unsafe event.type == YAML_MAPPING_START_EVENT
    let start = unsafe offset(Int(event.start_mark.index))
    let headEnd = unsafe offset(Int(event.end_mark.index))
    let isFlow =
      unsafe isMapping
      ? event.data.mapping_start.style == YAML_FLOW_MAPPING_STYLE
      : event.data.sequence_start.style == YAML_FLOW_SEQUENCE_STYLE
    var record = NodeRecord(
      kind: isMapping ? .mapping : .sequence, style: isFlow ? .flow : .block, start: Int32(start),
      contentStart: Int32(contentStart(headEnd: headEnd, start: start, isMapping: isMapping, isFlow: isFlow)),
      end: Int32(headEnd))
    let anchor = unsafe isMapping ? event.data.mapping_start.anchor : event.data.sequence_start.anchor
    let tag = unsafe isMapping ? event.data.mapping_start.tag : event.data.sequence_start.tag
    record.tag = unsafe tag.map { unsafe NodeRecord.Tag(String(cString: $0)) } ?? .none
    unsafe addAnchor(anchor, to: &record)
    let content = Int(record.contentStart)
    guard open.count < Budget.deepest else { return .tooDeep(at: content..<content) }
    open.append(OpenCollection(node: nodes.count, end: record.end, aliased: expansion.aliased))
    nodes.append(record)
    return holdsTemplate(record) ? .unrenderedTemplate(at: content, of: source.bytes) : nil
  }

  /// `{{` is YAML, a map with a map for a key, but no manifest has that; templates do.
  private func holdsTemplate(_ record: NodeRecord) -> Bool {
    let start = Int(record.contentStart)
    return record.style == .flow && source.bytes[start...].starts(with: [ASCII.openBrace, ASCII.openBrace])
  }

  /// Where a collection's own text begins, after its anchor and tag.
  ///
  /// A block collection's start token has no width and stands at its first key or dash, except for a
  /// sequence at its key's column, where the token is the dash; a flow collection's is its bracket.
  private func contentStart(headEnd: Int, start: Int, isMapping: Bool, isFlow: Bool) -> Int {
    guard headEnd > start else { return headEnd }
    let last = source.bytes[headEnd - 1]
    if isFlow {
      let isBracket = last == ASCII.openBrace || last == ASCII.openBracket
      return isBracket ? headEnd - 1 : start
    }
    if isMapping { return headEnd }
    let isAtDash = headEnd < source.bytes.count && source.bytes[headEnd] == ASCII.dash
    return isAtDash ? headEnd : headEnd - 1
  }

  private mutating func closeCollection(_ event: yaml_event_t) {
    guard let closing = open.popLast() else { return }
    let index = closing.node
    nodes[index].next = Int32(nodes.count)
    if nodes[index].style == .flow {
      unsafe nodes[index].end = Int32(offset(Int(event.end_mark.index)))
    } else if nodes.count > index + 1 {
      nodes[index].end = closing.end
    }
    if nodes[index].hasAnchor {
      let size = nodes.count - index + expansion.aliased - closing.aliased
      expansion.note(AliasExpansion.Size(nodes: size, levels: closing.levels + 1), of: index)
    }
    closed(at: nodes[index].end, levels: closing.levels + 1)
  }

  private mutating func appendAlias(_ event: yaml_event_t) -> Diagnostic? {
    let start = unsafe offset(Int(event.start_mark.index))
    let end = unsafe offset(Int(event.end_mark.index))
    let name = unsafe String(cString: event.data.alias.anchor)
    // The subtree of what is still open has no end yet.
    guard let target = anchors[name], nodes[target].next > 0 else { return .unknownAnchor(name, range: start..<end) }
    let size = expansion.size(of: target)
    expansion.add(size, at: start..<end, inside: open.count, after: nodes.count)
    var record = NodeRecord(
      kind: .alias, style: .plain, start: Int32(start), contentStart: Int32(start), end: Int32(end))
    record.text = Int32(target)
    appendLeaf(&record, levels: size.levels)
    return nil
  }

  private mutating func appendLeaf(_ record: inout NodeRecord, levels: Int = 0) {
    record.next = Int32(nodes.count + 1)
    nodes.append(record)
    closed(at: record.end, levels: levels)
  }

  /// Ends with its last child what has no end of its own, and counts the levels inside of it.
  private mutating func closed(at end: Int32, levels: Int) {
    guard let last = open.indices.last else { return }
    open[last].end = max(open[last].end, end)
    open[last].levels = max(open[last].levels, levels)
    open[last].count += 1
  }

  private mutating func addAnchor(_ name: UnsafeMutablePointer<yaml_char_t>?, to record: inout NodeRecord) {
    guard let name = unsafe name else { return }
    record.hasAnchor = true
    unsafe anchors[String(cString: name)] = nodes.count
  }

  /// Skips an anchor and a tag, in either order, and the white space and comments after them.
  private func skipProperties(_ start: Int, before end: Int) -> Int {
    let bytes = source.bytes
    var index = start
    while index < end, bytes[index] == ASCII.ampersand || bytes[index] == ASCII.exclamation {
      while index < end, lines.afterWhite(at: index) == nil { index += 1 }
      index = min(lines.skippingWhiteAndComments(from: index), end)
    }
    return index
  }
}
