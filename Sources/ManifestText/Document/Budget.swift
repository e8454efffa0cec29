/// How deep documents may nest, and how far their aliases and merge keys may expand.
///
/// Both readers keep to it, so that whatever walks through a document afterwards, or through a value that was made of
/// one, comes to an end in reasonable time and on any stack, and needs no limit of its own. Nesting that is written is
/// refused at once; what aliases bring, only where they are followed: the rest of such a document is as good as any.
package enum Budget {
  /// How many lists and maps may stand inside one another, those that aliases stand for included.
  ///
  /// The deepest schemas of custom resources have fewer than 100 levels. In a debug build a level takes up to 3 KiB of
  /// stack where a value is written, so that so many still fit on the 1 MiB that a thread may have.
  package static let deepest = 256

  /// True where aliases expand to more than kubectl's own YAML parser lets them.
  ///
  /// As there, 99 of 100 nodes may come from aliases in a document that expands to 400,000 nodes, and one in 10 in one
  /// that expands to 4,000,000; what lies between is in proportion.
  package static func isExceeded(byAliased aliased: Int, among expanded: Int) -> Bool {
    guard aliased > 100, expanded > 1000 else { return false }
    let beyond = Double(min(max(expanded - 400_000, 0), 3_600_000)) / 3_600_000
    return Double(aliased) > Double(expanded) * (0.99 - 0.89 * beyond)
  }
}

/// What the aliases of a document expand to, counted while it is read.
struct AliasExpansion {
  /// What an alias of a node brings to its place.
  struct Size {
    /// Nodes, those that aliases in it stand for included.
    var nodes = 1
    /// Lists and maps inside one another, itself included.
    var levels = 0
  }

  /// The nodes that aliases stand for, so far.
  private(set) var aliased = 0
  /// What is wrong with the first alias that exceeds the budget.
  private(set) var fault: Diagnostic?
  /// What each anchored list or map expands to, by its index.
  private var sizes: [Int: Size] = [:]

  /// What an alias of the node with this index brings.
  func size(of node: Int) -> Size { sizes[node] ?? Size() }

  /// Notes what an anchored list or map expands to.
  mutating func note(_ size: Size, of node: Int) { sizes[node] = size }

  /// Counts an alias that stands inside so many lists and maps, after so many nodes.
  mutating func add(_ size: Size, at range: Range<Int>, inside levels: Int, after written: Int) {
    // What comes after the first fault may have no end.
    guard fault == nil else { return }
    aliased += size.nodes
    if levels + size.levels > Budget.deepest { fault = .tooDeep(at: range) }
    if Budget.isExceeded(byAliased: aliased, among: aliased + written) { fault = .aliasBomb(at: range) }
  }
}

extension Diagnostic {
  /// Nesting beyond the budget.
  package static func tooDeep(at range: Range<Int>) -> Diagnostic {
    Diagnostic(
      rule: .tooDeep, message: "lists and maps are nested more than \(Budget.deepest) levels deep here",
      hint: "no manifest needs so many: look for brackets or indentation that a generator never closes", range: range)
  }

  static func aliasBomb(at range: Range<Int>) -> Diagnostic {
    Diagnostic(
      rule: .aliasBomb,
      message: "the aliases of this document expand to far more than what is written in it",
      hint: "write the values out: kubectl refuses such documents too", range: range)
  }
}
