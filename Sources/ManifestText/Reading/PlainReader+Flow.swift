/// Collections between brackets.
extension PlainReader {
  /// Reads a collection from its bracket, with everything in it, and goes to the byte after it.
  mutating func readFlow() throws(Unusual) {
    let depth = open.count
    try openFlow()
    while open.count > depth {
      try skipSpaceInFlow()
      if !isAtClosingBracket {
        if open[open.count - 1].isMapping { try readKeyInFlow() }
        vacancy = index
        if bytes[index] == ASCII.openBrace || bytes[index] == ASCII.openBracket {
          try openFlow()
          continue
        }
        append(try scalar(inFlow: true))
      }
      try endEntry(downTo: depth)
    }
  }

  private mutating func openFlow() throws(Unusual) {
    let kind: NodeRecord.Kind = bytes[index] == ASCII.openBrace ? .mapping : .sequence
    try openCollection(record(kind, .flow, start: index), at: 0)
    index += 1
  }

  private mutating func readKeyInFlow() throws(Unusual) {
    let key = try scalar(inFlow: true)
    skipSpaces()
    guard bytes[index] == ASCII.colon, isShortKey(key) else { throw Unusual() }
    append(key)
    index += 1
    try skipSpaceInFlow()
  }

  /// Goes to where the next entry begins, and ends the collections that end before that, unless only so many are left.
  private mutating func endEntry(downTo depth: Int) throws(Unusual) {
    while open.count > depth {
      try skipSpaceInFlow()
      let isClosing = isAtClosingBracket
      guard isClosing || bytes[index] == ASCII.comma else { throw Unusual() }
      index += 1
      guard isClosing else { return }
      reached = Int32(index)
      close()
    }
  }

  private var isAtClosingBracket: Bool {
    bytes[index] == (open[open.count - 1].isMapping ? ASCII.closeBrace : ASCII.closeBracket)
  }

  /// Passes over spaces, line ends and comments.
  private mutating func skipSpaceInFlow() throws(Unusual) {
    while true {
      switch bytes[index] {
      case ASCII.space: index += 1
      case ASCII.hash:
        guard isSpaceOrLineFeed(bytes[index - 1]) else { throw Unusual() }
        skipLine()
      case ASCII.lineFeed: index += 1
      default: return
      }
      if index == end { throw Unusual() }
    }
  }
}
