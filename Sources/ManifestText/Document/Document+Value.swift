extension Document {
  /// What a scalar means; `.string` for a collection.
  package func meaning(of node: NodeID) -> ScalarMeaning {
    let node = resolved(node)
    let record = self[node]
    guard record.kind == .scalar else { return .string }
    switch record.tag {
    case .none: return record.style == .plain ? ScalarMeaning(plain: textBytes(of: node)) : .string
    case .text, .binary, .timestamp, .merge, .other: return .string
    case .integer, .float, .bool, .null:
      let meaning = ScalarMeaning(plain: textBytes(of: node))
      return meaning.agrees(with: record.tag) ? meaning : .string
    }
  }

  /// True for `null`, `~` and the empty scalar.
  public func isNull(_ node: NodeID) -> Bool {
    let record = self[resolved(node)]
    // Most scalars are told from null by their length.
    guard record.kind == .scalar else { return false }
    guard record.textLength <= 1 || record.textLength == 4 || record.tag != .none else { return false }
    return meaning(of: node) == .null
  }

  /// True for text, as opposed to a number, a boolean, null or a collection.
  public func isString(_ node: NodeID) -> Bool {
    let record = self[resolved(node)]
    guard record.kind == .scalar else { return false }
    return !mayBeMoreThanText(record) || meaning(of: node) == .string
  }

  /// What a person would call this kind of value in a sentence: `a list`, `a string`.
  public func kindName(of node: NodeID) -> String {
    switch self[resolved(node)].kind {
    case .mapping: return "a map"
    case .sequence: return "a list"
    case .scalar, .alias: break
    }
    return switch meaning(of: node) {
    case .null: "null"
    case .bool: "a boolean"
    case .number: "a number"
    case .string: "a string"
    }
  }
}

extension Document {
  /// A node's meaning, with aliases and merge keys expanded.
  ///
  /// Where a map has a key twice, the last one counts, as in kubectl.
  /// - Throws: A `Diagnostic` where aliases expand to more than the budget has.
  public func value(of node: NodeID) throws(Diagnostic) -> Value {
    if let expansionFault { throw expansionFault }
    return try expanded(node)
  }

  private func expanded(_ node: NodeID) throws(Diagnostic) -> Value {
    let target = resolved(node)
    switch self[target].kind {
    case .scalar, .alias: return try scalarValue(of: target)
    case .sequence:
      var elements: [Value] = []
      for item in items(of: target) { elements.append(try expanded(item)) }
      return .array(elements)
    case .mapping: return .object(try members(of: target))
    }
  }

  func scalarValue(of node: NodeID) throws(Diagnostic) -> Value {
    let record = self[node]
    switch meaning(of: node) {
    case .null: return .null
    case .bool(let truth): return .bool(truth)
    case .number(let text): return .number(text)
    case .string where format == .json && record.style == .plain: throw .numberTooLarge(at: range(of: node))
    case .string: break
    }
    let text = textBytes(of: node)
    switch record.tag {
    case .none where record.style == .plain && NumberSpelling.isNotFinite(text),
      .float where NumberSpelling.isNotFinite(text):
      throw .notFinite(String(decoding: text, as: UTF8.self), at: range(of: node))
    case .integer, .float, .bool, .null: throw .wrongTag(self, node)
    case .timestamp where !TimestampSpelling.isValid(text): throw .wrongTag(self, node)
    case .binary:
      guard let bytes = Base64.decoded(text) else { throw .wrongBase64(at: range(of: node)) }
      return .string(String(decoding: bytes, as: UTF8.self))
    case .none, .text, .timestamp, .merge, .other: return .string(String(decoding: text, as: UTF8.self))
    }
  }

  /// Refuses numbers that cannot be stored, for whoever hands the text on as JSON without asking for values.
  /// - Throws: A `Diagnostic` where a number of JSON is larger than a float of 64 bits can be.
  package func checkNumbers() throws(Diagnostic) {
    guard format == .json else { return }
    for index in nodes.indices where nodes[index].kind == .scalar && nodes[index].style == .plain {
      _ = try scalarValue(of: NodeID(index))
    }
  }

  private func members(of map: NodeID) throws(Diagnostic) -> [Value.Member] {
    let own = try ownMembers(of: map)
    guard holdsMergeKey(map) else { return own }
    try checkMergeKeys(of: map)
    var merge = Merge(names: NameIndex(own.map(\.key)))
    return try mergedMembers(of: map, &merge) + own
  }

  /// The members that merge keys bring: of those with one key the first counts, and no map has to be seen twice.
  private struct Merge {
    var names: NameIndex
    var seen: Set<NodeID> = []
  }

  /// The members in the order of the merge keys, of which the last counts first.
  private func mergedMembers(of map: NodeID, _ merge: inout Merge) throws(Diagnostic) -> [Value.Member] {
    var groups: [[Value.Member]] = []
    for sources in mergedMapsByKey(of: map).reversed() {
      var group: [Value.Member] = []
      for source in sources where merge.seen.insert(source).inserted {
        // What is written in a map counts before what is merged into it, and comes after that.
        let own = try ownMembers(of: source).filter { merge.names.insert($0.key, at: 0) }
        group += try mergedMembers(of: source, &merge) + own
      }
      groups.append(group)
    }
    return groups.reversed().flatMap(\.self)
  }

  /// Refuses merge keys that name no map, and those that bring a key which stands in front of them: for kubectl the
  /// merged value counts then, for others the map's own.
  ///
  /// To be asked of documents whose aliases keep to the budget.
  func checkMergeKeys(of map: NodeID) throws(Diagnostic) {
    var names = NameIndex()
    var own: [NodeID] = []
    for (key, value) in entries(of: map) {
      guard isMergeKey(key) else {
        names.insert(keyText(key), at: own.count)
        own.append(key)
        continue
      }
      guard let sources = mergeSources(broughtBy: value) else {
        throw .wrongMerge(kindName(of: value), at: range(of: value))
      }
      guard !own.isEmpty else { continue }
      for source in sources {
        for (merged, _) in entries(of: source) where !isMergeKey(merged) {
          guard let place = names.place(of: keyText(merged)) else { continue }
          throw .duplicateKey(keyText(merged), first: location(of: own[place]), at: range(of: key))
        }
      }
    }
  }

  /// The members that are written in a map; of those with one key the last counts.
  private func ownMembers(of map: NodeID) throws(Diagnostic) -> [Value.Member] {
    var members: [Value.Member] = []
    var names = NameIndex()
    var repeats = false
    for (key, node) in entries(of: map) where !isMergeKey(key) {
      let name = try checkedKeyText(key)
      repeats = !names.insert(name, at: 0) || repeats
      members.append(Value.Member(key: name, value: try expanded(node)))
    }
    guard repeats else { return members }
    names = NameIndex()
    return members.reversed().filter { names.insert($0.key, at: 0) }.reversed()
  }

  /// A key as JSON spells it.
  /// - Throws: A `Diagnostic` where JSON cannot spell it.
  func checkedKeyText(_ key: NodeID) throws(Diagnostic) -> String {
    let record = self[resolved(key)]
    guard record.kind == .scalar, !isNull(key) else { throw .wrongKey(kindName(of: key), at: range(of: key)) }
    if record.tag == .none, record.style == .plain, NumberSpelling.isNotFinite(textBytes(of: key)) {
      return text(of: key).lowercased().filter { $0 != "+" }
    }
    switch try scalarValue(of: resolved(key)) {
    case .string(let text): return text
    case .number(let text) where Int64(text) == nil && UInt64(text) != nil:
      throw .wrongKey("a number of more than 63 bits", at: range(of: key))
    default: return keyText(key)
    }
  }

  /// A key as JSON spells it: keys that are numbers or booleans become text.
  package func keyText(_ key: NodeID) -> String {
    switch meaning(of: key) {
    case .null: "null"
    case .bool(let truth): truth ? "true" : "false"
    case .number(let text): NumberSpelling.key(text)
    case .string: text(of: key)
    }
  }
}

extension ScalarMeaning {
  /// True for what a tag allows; a whole number is a float as well.
  fileprivate func agrees(with tag: NodeRecord.Tag) -> Bool {
    switch (self, tag) {
    case (.null, .null), (.bool, .bool), (.number, .float): true
    case (.number(let text), .integer): !NumberSpelling.isFloat(text)
    default: false
    }
  }
}

extension Diagnostic {
  static func numberTooLarge(at range: Range<Int>) -> Diagnostic {
    Diagnostic(
      rule: .number, message: "this number is larger than any that can be stored",
      hint: "write it in quotes if it is text", range: range)
  }

  static func notFinite(_ text: String, at range: Range<Int>) -> Diagnostic {
    Diagnostic(
      rule: .number, message: "`\(text)` is not a number that JSON can write, so that kubectl refuses it too",
      hint: "write it in quotes if it is text", range: range)
  }

  static func wrongTag(_ document: Document, _ node: NodeID) -> Diagnostic {
    let name =
      switch document[node].tag {
      case .integer: "!!int"
      case .float: "!!float"
      case .bool: "!!bool"
      case .timestamp: "!!timestamp"
      default: "!!null"
      }
    return Diagnostic(
      rule: .tag,
      message: "`\(document.text(of: node))` is not what its tag \(name) says, so that kubectl refuses it too",
      hint: "remove the tag, or write a value of its kind", range: document.range(of: node))
  }

  static func wrongBase64(at range: Range<Int>) -> Diagnostic {
    Diagnostic(
      rule: .tag, message: "this is tagged !!binary, and is not base64",
      hint: "write base64 without spaces, or remove the tag", range: range)
  }

  static func wrongMerge(_ kind: String, at range: Range<Int>) -> Diagnostic {
    Diagnostic(
      rule: .mergeKey, message: "the merge key `<<` takes a map or a list of maps, and this is \(kind)",
      hint: "name a map, such as *anchor; a key that is really called << is written in quotes", range: range)
  }

  static func wrongKey(_ kind: String, at range: Range<Int>) -> Diagnostic {
    Diagnostic(
      rule: .mapKey, message: "a key is text, a number or a boolean, and this is \(kind)",
      hint: "write the key in quotes", range: range)
  }
}

extension Document {
  /// Refuses what no value can be made of, wherever in the document it stands; kubectl would refuse all of the document.
  ///
  /// What is not on the way to an edit is copied and never looked at. Of a document that changes it has to mean
  /// something all the same: what nobody can read cannot be recognised, refreshed or taken out again.
  package func checkMeaning() throws(Diagnostic) {
    if let expansionFault { throw expansionFault }
    guard let root else { return }
    try checkScalar(root)
    for index in nodes.indices {
      let node = NodeID(index)
      switch self[node].kind {
      case .mapping: try checkEntries(of: node)
      case .sequence: for item in items(of: node) { try checkScalar(item) }
      case .scalar, .alias: break
      }
    }
  }

  private func checkEntries(of map: NodeID) throws(Diagnostic) {
    var merges = false
    let end = Int(self[map].next)
    var index = map.index + 1
    while index < end {
      let (key, value) = (NodeID(index), NodeID(Int(nodes[index].next)))
      index = Int(nodes[value.index].next)
      if isMergeKey(key) {
        merges = true
      } else if mayBeMoreThanText(self[resolved(key)]) {
        _ = try checkedKeyText(key)
      }
      try checkScalar(value)
    }
    if merges { try checkMergeKeys(of: map) }
  }

  private func checkScalar(_ node: NodeID) throws(Diagnostic) {
    let node = resolved(node)
    guard self[node].kind == .scalar, mayBeMoreThanText(self[node]) else { return }
    _ = try scalarValue(of: node)
  }

  /// False for scalars that are text at the first look, as most are.
  private func mayBeMoreThanText(_ record: NodeRecord) -> Bool {
    guard record.kind == .scalar, record.tag == .none else { return true }
    guard record.style == .plain else { return false }
    guard record.textLength > 0 else { return true }
    let first = record.isDecoded ? scratch[Int(record.text)] : source.bytes[Int(record.text)]
    return ScalarMeaning.mayBeMoreThanText(first, count: Int(record.textLength))
  }
}
