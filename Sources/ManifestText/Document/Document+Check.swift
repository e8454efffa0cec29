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
    for (key, value) in entries(of: map) {
      if isMergeKey(key) { merges = true } else { try checkKey(key) }
      try checkScalar(value)
    }
    if merges { try checkMergeKeys(of: map) }
  }

  private func checkKey(_ key: NodeID) throws(Diagnostic) {
    guard mayBeMoreThanText(resolved(key)) else { return }
    _ = try checkedKeyText(key)
  }

  private func checkScalar(_ node: NodeID) throws(Diagnostic) {
    let node = resolved(node)
    guard self[node].kind == .scalar, mayBeMoreThanText(node) else { return }
    _ = try scalarValue(of: node)
  }

  /// False for scalars that are text at the first look, as most are.
  private func mayBeMoreThanText(_ node: NodeID) -> Bool {
    let record = self[node]
    guard record.kind == .scalar, record.tag == .none else { return true }
    guard record.style == .plain else { return false }
    let text = textBytes(of: node)
    guard let first = text.first, text.count > 5 else { return true }
    return ASCII.isDigit(first) || first == ASCII.plus || first == ASCII.dash || first == ASCII.dot
  }
}
