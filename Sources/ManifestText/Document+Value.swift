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
  /// - Throws: A `Diagnostic` where aliases expand to more than the budget has.
  public func value(of node: NodeID) throws(Diagnostic) -> Value {
    if let expansionFault { throw expansionFault }
    return expanded(node)
  }

  private func expanded(_ node: NodeID) -> Value {
    let target = resolved(node)
    return switch self[target].kind {
    case .scalar, .alias: scalarValue(of: target)
    case .sequence: .array(items(of: target).map(expanded))
    case .mapping: .object(members(of: target))
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

  private func members(of map: NodeID) -> [Value.Member] {
    let own = ownMembers(of: map)
    guard holdsMergeKey(map) else { return own }
    var merge = Merge(names: NameIndex(own.map(\.key)))
    collect(from: map, into: &merge)
    return merge.members + own
  }

  /// The members that merge keys bring: of those with one key the first counts, and no map has to be seen twice.
  private struct Merge {
    var names: NameIndex
    var members: [Value.Member] = []
    var seen: Set<NodeID> = []
  }

  private func collect(from map: NodeID, into merge: inout Merge) {
    for source in mergedMaps(of: map) where merge.seen.insert(source).inserted {
      // What is written in a map counts before what is merged into it, and comes after that.
      let own = ownMembers(of: source).filter { merge.names.insert($0.key, at: 0) }
      collect(from: source, into: &merge)
      merge.members += own
    }
  }

  /// The members that are written in a map; of those with one key the last counts.
  private func ownMembers(of map: NodeID) -> [Value.Member] {
    var members: [Value.Member] = []
    var names = NameIndex()
    var repeats = false
    for (key, node) in entries(of: map) where !isMergeKey(key) {
      let name = keyText(key)
      repeats = !names.insert(name, at: 0) || repeats
      members.append(Value.Member(key: name, value: expanded(node)))
    }
    guard repeats else { return members }
    names = NameIndex()
    return members.reversed().filter { names.insert($0.key, at: 0) }.reversed()
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
