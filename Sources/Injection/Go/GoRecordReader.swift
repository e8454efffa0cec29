internal import ManifestText

/// Reads JSON into a Go struct and writes it again, as Go's decoder and encoder do.
struct GoRecordReader {
  /// The first value of a wrong type; Go reads on after it, for what else is wrong may weigh more.
  private var mismatch: GoParse.Failure?

  /// What is left of a node: known members in order, and of these what is not empty.
  /// - Throws: A `Failure` where a value has a wrong type.
  static func read(_ node: GoJSONNode?, as record: GoRecord) throws(GoParse.Failure) -> Value {
    var reader = GoRecordReader()
    let place = Place(record: nil, path: "")
    let value = try reader.value(of: node, as: .always(.record(record)), over: nil, at: place)
    if let mismatch = reader.mismatch { throw mismatch }
    return value ?? reader.zero(of: .record(record)) ?? .null
  }

  /// Where a value stands, for messages.
  private struct Place {
    let record: GoRecord?
    let path: String

    func member(_ name: String, of record: GoRecord) -> Place {
      Place(record: record, path: path.isEmpty ? name : "\(path).\(name)")
    }
  }

  /// Reads a node; a member that was there before is written over, and an object is added to.
  ///
  /// Nil where nothing is set.
  private mutating func value(
    of node: GoJSONNode?, as shape: GoRecord.Shape, over before: Value?, at place: Place
  ) throws(GoParse.Failure) -> Value? {
    let node = node.flatMap { $0 == .null || $0 == .scalar(Array("null".utf8)) ? nil : $0 }
    switch (shape, node) {
    case (.always(let shape), _): return try value(of: node, as: shape, over: before, at: place)
    case (.optional(let shape), let node?): return try value(of: node, as: shape, over: before, at: place)
    case (.quantity, _): return .string(try quantity(node))
    case (.optional, nil), (.list, nil), (.map, nil): return nil
    case (_, nil): return before
    case (.text, .scalar(let spelling)?) where spelling.first == ASCII.doubleQuote: return node?.value
    case (.flag, let node?) where node.kindName == "bool": return node.value
    case (.integer(let bits), .scalar(let spelling)?) where node?.kindName == "number":
      return integer(spelling, bits: bits, shape, at: place) ?? before
    case (.integerOrText, let node?): return try integerOrText(node)
    case (.list(let element), .array(let nodes)?): return try list(nodes, of: element, at: place)
    case (.map(let element), .object(let members)?):
      return try map(members, of: element, over: before, at: place)
    case (.record(let record), .object(let members)?):
      return try self.record(members, as: record, over: before, at: place)
    case (_, let node?):
      note(node.kindName, shape, at: place)
      return before
    }
  }

  // MARK: Collections

  private mutating func list(
    _ nodes: [GoJSONNode?], of element: GoRecord.Shape, at place: Place
  ) throws(GoParse.Failure) -> Value {
    var elements: [Value] = []
    for node in nodes {
      elements.append(try value(of: node, as: element, over: nil, at: place) ?? zero(of: element) ?? .null)
    }
    return .array(elements)
  }

  private mutating func map(
    _ nodes: [GoJSONNode.Member], of element: GoRecord.Shape, over before: Value?, at place: Place
  ) throws(GoParse.Failure) -> Value {
    var map = before ?? .object([])
    for node in nodes {
      map[node.key] = try value(of: node.value, as: element, over: nil, at: place) ?? zero(of: element)
    }
    return .object(GoJSON.sorted(map.members ?? []))
  }

  private mutating func record(
    _ nodes: [GoJSONNode.Member], as record: GoRecord, over before: Value?, at place: Place
  ) throws(GoParse.Failure) -> Value {
    var found = before ?? .object([])
    for node in nodes {
      guard let field = record.field(named: node.key) else { continue }
      found[field.name] = try value(
        of: node.value, as: field.shape, over: found[field.name], at: place.member(field.name, of: record))
    }
    return .object(record.fields.compactMap { written(found[$0.name], as: $0) })
  }

  // MARK: Scalars

  private mutating func integer(
    _ spelling: [UInt8], bits: Int, _ shape: GoRecord.Shape, at place: Place
  ) -> Value? {
    let text = String(decoding: spelling, as: UTF8.self)
    guard let number = try? GoParse.int(text), bits == 64 || Int32(exactly: number) != nil else {
      note("number \(text)", shape, at: place)
      return nil
    }
    return .number(String(number))
  }

  private func integerOrText(_ node: GoJSONNode) throws(GoParse.Failure) -> Value {
    if case .string(let text) = node.value { return .string(text) }
    let text = if case .number(let text) = node.value { text } else { "" }
    guard let number = try? GoParse.index(text), let port = Int32(exactly: number) else {
      throw .mismatch(text.isEmpty ? node.kindName : "number \(text)", "value", .integer(bits: 32))
    }
    return .number(String(port))
  }

  /// Kubernetes looks at how the value is spelt, escapes and all.
  private func quantity(_ node: GoJSONNode?) throws(GoParse.Failure) -> String {
    guard let node else { return "0" }
    guard case .scalar(let spelling) = node else { return try Quantity.canonical("{}") }
    let isQuoted = spelling.first == ASCII.doubleQuote
    let text = String(decoding: isQuoted ? spelling.dropFirst().dropLast() : spelling[...], as: UTF8.self)
    let scalars = text.unicodeScalars.drop { $0.properties.isWhitespace }
    let trimmed = scalars.reversed().drop { $0.properties.isWhitespace }.reversed()
    return try Quantity.canonical(String(String.UnicodeScalarView(trimmed)))
  }

  private mutating func note(_ found: String, _ shape: GoRecord.Shape, at place: Place) {
    let target = place.record.map { "struct field \($0.name.split(separator: ".").last ?? "").\(place.path)" }
    mismatch = mismatch ?? .mismatch(found, target ?? "value", shape)
  }

  // MARK: Writing

  /// The member as it is written, if it is.
  private func written(_ value: Value?, as field: GoRecord.Field) -> Value.Member? {
    let written: Value? =
      switch field.shape {
      case .always(let shape): value ?? zero(of: shape)
      case .optional: value
      default: value.flatMap { isEmpty($0) ? nil : $0 }
      }
    return written.map { Value.Member(key: field.name, value: $0) }
  }

  private func isEmpty(_ value: Value) -> Bool {
    [.string(""), false, 0, .array([]), .object([])].contains(value)
  }

  private func zero(of shape: GoRecord.Shape) -> Value? {
    switch shape {
    case .text: ""
    case .flag: false
    case .integer, .integerOrText: 0
    case .quantity: "0"
    case .list, .map, .optional: nil
    case .record(let record): .object(record.fields.compactMap { written(nil, as: $0) })
    case .always(let shape): zero(of: shape)
    }
  }
}

extension GoParse.Failure {
  fileprivate static func mismatch(_ found: String, _ target: String, _ shape: GoRecord.Shape) -> GoParse.Failure {
    GoParse.Failure(message: "json: cannot unmarshal \(found) into Go \(target) of type \(shape.typeName)")
  }
}
