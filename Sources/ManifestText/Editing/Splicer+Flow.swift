/// Edits of collections in flow style, YAML's and JSON's: text between the brackets.
extension Splicer {
  /// Adds entries after the last one of a map in braces; a trailing comma stays one.
  mutating func addFlow(_ members: [Value.Member], to map: NodeID) {
    let writer = document.flowWriter(in: map)
    if document.source.bytes[Int(document[map].contentStart)] != ASCII.openBrace {
      return addToBarePair(members, map)
    }
    appendFlow(members, to: map) { writer.append($0, depth: $1, to: &$2) }
  }

  /// Adds elements after the last one of a list in brackets.
  mutating func appendFlow(_ values: [Value], to list: NodeID) {
    let writer = document.flowWriter(in: list)
    appendFlow(values, to: list) { writer.append($0, depth: $1, to: &$2) }
  }

  /// Adds elements in front of an element of a list in brackets.
  mutating func insertFlow(_ values: [Value], into list: NodeID, before index: Int) {
    let writer = document.flowWriter(in: list)
    var text: [UInt8] = []
    for value in values {
      writer.append(value, depth: 1, to: &text)
      writer.appendSeparator(depth: 1, to: &text)
    }
    let items = Array(document.items(of: list))
    let place = Int(document[items[index]].start)
    edits.append(TextEdit(place..<place, text))
  }

  /// Gives a value to a key without a colon: `{key}`.
  mutating func addFlowValue(_ value: Value, to key: NodeID, in map: NodeID) {
    var text = [ASCII.colon, ASCII.space]
    FlowWriter(spelling: .yaml).append(value, to: &text)
    let end = Int(document[key].end)
    edits.append(TextEdit(end..<end, text))
  }

  private mutating func appendFlow<Element>(
    _ elements: [Element], to collection: NodeID, _ append: (Element, Int, inout [UInt8]) -> Void
  ) {
    guard let last = lastChild(of: collection) else { return fillEmpty(elements, collection, append) }
    let writer = document.flowWriter(in: collection)
    let end = Int(document[last].end)
    let comma = trailingComma(after: end, before: Int(document[collection].end))
    var text: [UInt8] = []
    for (index, element) in elements.enumerated() {
      if index > 0 || comma == nil && !breaksAtComment(after: end, writer) {
        writer.appendSeparator(depth: 1, to: &text)
      } else if writer.lines != nil {
        writer.appendBreak(depth: 1, to: &text)
      } else {
        text.append(ASCII.space)
      }
      append(element, 1, &text)
    }
    if comma != nil { text.append(ASCII.comma) }
    place(text, after: end, comma: comma, writer)
  }

  /// Puts the text after the last element or, where a comment follows that on its line, after the comment.
  private mutating func place(_ text: [UInt8], after end: Int, comma: Int?, _ writer: FlowWriter) {
    let place = comma.map { $0 + 1 } ?? end
    guard breaksAtComment(after: place, writer) else {
      return edits.append(TextEdit(place..<place, text))
    }
    if comma == nil { edits.append(TextEdit(end..<end, [ASCII.comma])) }
    let lineEnd = document.lineBreak(after: place)
    edits.append(TextEdit(lineEnd..<lineEnd, text))
  }

  private func breaksAtComment(after end: Int, _ writer: FlowWriter) -> Bool {
    guard writer.lines != nil, document.format == .yaml else { return false }
    let rest = document.source.bytes[end..<document.lineBreak(after: end)].drop { $0 == ASCII.comma }
    return rest.first.map(ASCII.isBlank) == true && rest.first { !ASCII.isBlank($0) } == ASCII.hash
  }

  private mutating func fillEmpty<Element>(
    _ elements: [Element], _ collection: NodeID, _ append: (Element, Int, inout [UInt8]) -> Void
  ) {
    let writer = document.flowWriter(in: collection)
    var text: [UInt8] = []
    for (index, element) in elements.enumerated() {
      if index > 0 {
        writer.appendSeparator(depth: 1, to: &text)
      } else {
        writer.appendBreak(depth: 1, to: &text)
      }
      append(element, 1, &text)
    }
    writer.appendBreak(depth: 0, to: &text)
    let place = Int(document[collection].contentStart) + 1
    edits.append(TextEdit(place..<place, text))
  }

  /// `[a: b]` holds a map without braces; more entries need them.
  private mutating func addToBarePair(_ members: [Value.Member], _ map: NodeID) {
    let range = document.range(of: map)
    let last = lastChild(of: map).map { Int(document[$0].end) } ?? range.upperBound
    var text: [UInt8] = []
    let writer = FlowWriter(spelling: .yaml)
    for member in members {
      writer.appendSeparator(depth: 0, to: &text)
      writer.append(member, to: &text)
    }
    edits.append(TextEdit(range.lowerBound..<range.lowerBound, [ASCII.openBrace]))
    edits.append(TextEdit(last..<last, text + [ASCII.closeBrace]))
  }

  private func lastChild(of collection: NodeID) -> NodeID? {
    var last: NodeID?
    var index = collection.index + 1
    while index < Int(document[collection].next) {
      last = NodeID(index)
      index = Int(document.nodes[index].next)
    }
    return last
  }

  /// The comma YAML allows after the last element.
  func trailingComma(after start: Int, before end: Int) -> Int? {
    let bytes = document.source.bytes
    var index = start
    while index < end {
      if bytes[index] == ASCII.comma { return index }
      if bytes[index] == ASCII.hash {
        index = document.lineBreak(after: index)
      } else if let next = document.lines.afterWhite(at: index) {
        index = next
      } else {
        return nil
      }
    }
    return nil
  }
}
