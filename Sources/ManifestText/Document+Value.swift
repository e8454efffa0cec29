extension Document {
  /// What a scalar means; `.string` for a collection.
  package func meaning(of node: NodeID) -> ScalarMeaning {
    let node = resolved(node)
    let record = self[node]
    guard record.kind == .scalar else { return .string }
    if record.hasTag { return meaningOfTagged(node) }
    return record.style == .plain ? ScalarMeaning(plain: textBytes(of: node)) : .string
  }

  /// True for `null`, `~` and the empty scalar.
  public func isNull(_ node: NodeID) -> Bool { meaning(of: node) == .null }

  /// True for text, as opposed to a number, a boolean, null or a collection.
  public func isString(_ node: NodeID) -> Bool {
    self[resolved(node)].kind == .scalar && meaning(of: node) == .string
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

  private func meaningOfTagged(_ node: NodeID) -> ScalarMeaning {
    let plain = ScalarMeaning(plain: textBytes(of: node))
    switch tag(of: node) {
    case "!!int", "!!float", "!!bool", "!!null", "!<tag:yaml.org,2002:int>", "!<tag:yaml.org,2002:float>",
      "!<tag:yaml.org,2002:bool>", "!<tag:yaml.org,2002:null>":
      return plain
    case "!!str", "!", "!<tag:yaml.org,2002:str>", "!!binary", "!<tag:yaml.org,2002:binary>": return .string
    default: return self[node].style == .plain ? plain : .string
    }
  }

  /// A node's tag as it is written; empty where it has none.
  private func tag(of node: NodeID) -> String {
    let properties = source.bytes[Int(self[node].start)..<Int(self[node].contentStart)]
    let tag = properties.split(whereSeparator: ASCII.isWhite).first { $0.first == ASCII.exclamation }
    return tag.map { String(decoding: $0, as: UTF8.self) } ?? ""
  }
}

extension Document {
  /// A node's meaning, with aliases and merge keys expanded.
  ///
  /// Where a map has a key twice, the last one counts, as in kubectl.
  /// - Throws: A `Diagnostic` where aliases expand to far more than is written (an alias bomb).
  public func value(of node: NodeID) throws(Diagnostic) -> Value {
    var budget = 1_000_000 + 20 * nodes.count
    return try value(of: node, budget: &budget)
  }

  private func value(of node: NodeID, budget: inout Int) throws(Diagnostic) -> Value {
    budget -= 1
    guard budget > 0 else { throw .aliasBomb(at: range(of: node)) }
    let target = resolved(node)
    switch self[target].kind {
    case .scalar, .alias: return scalarValue(of: target)
    case .sequence:
      var elements: [Value] = []
      for item in items(of: target) { elements.append(try value(of: item, budget: &budget)) }
      return .array(elements)
    case .mapping: return .object(try members(of: target, budget: &budget, depth: 0))
    }
  }

  private func scalarValue(of node: NodeID) -> Value {
    switch meaning(of: node) {
    case .null: .null
    case .bool(let truth): .bool(truth)
    case .number(let text): .number(text)
    case .string: .string(text(of: node))
    }
  }

  private func members(
    of map: NodeID, budget: inout Int, depth: Int
  ) throws(Diagnostic) -> [Value.Member] {
    var members: [Value.Member] = []
    var merged: [Value.Member] = []
    for (key, node) in entries(of: map) {
      if isMergeKey(key) { continue }
      let member = Value.Member(key: keyText(key), value: try value(of: node, budget: &budget))
      if let index = members.firstIndex(where: { $0.key == member.key }) { members.remove(at: index) }
      members.append(member)
    }
    guard depth < 100 else { throw .aliasBomb(at: range(of: map)) }
    for source in mergeSources(of: map) {
      for member in try self.members(of: resolved(source), budget: &budget, depth: depth + 1)
      where !members.contains(where: { $0.key == member.key })
        && !merged.contains(where: { $0.key == member.key })
      {
        merged.append(member)
      }
    }
    return merged + members
  }

  /// A key as JSON spells it: keys that are numbers or booleans become text.
  package func keyText(_ key: NodeID) -> String {
    switch meaning(of: key) {
    case .null: "null"
    case .bool(let truth): truth ? "true" : "false"
    case .number(let text): text
    case .string: text(of: key)
    }
  }
}

extension Diagnostic {
  static func aliasBomb(at range: Range<Int>) -> Diagnostic {
    Diagnostic(
      rule: "alias-bomb",
      message: "the aliases of this document expand to far more than what is written in it",
      hint: "write the values out: the API server refuses such documents too", range: range)
  }
}
