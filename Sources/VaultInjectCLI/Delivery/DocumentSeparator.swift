/// Writes outputs one after the other so that their documents stay apart.
struct DocumentSeparator {
  /// False where the outputs are lines of their own.
  let isNeeded: Bool
  private var last: (byte: UInt8, isJSON: Bool)?

  init(isNeeded: Bool) { self.isNeeded = isNeeded }

  /// Writes an output to standard output, behind a marker where its first document needs one.
  mutating func write(_ output: inout OutputBuffer) throws(OutputError) {
    guard let first = output.firstLine.first, let lastByte = output.lastByte else { return }
    let isJSON = first == UInt8(ascii: "{")
    if isNeeded, let last {
      var between = OutputBuffer()
      if last.byte != UInt8(ascii: "\n") { between.append("\n") }
      if !(isJSON && last.isJSON), !output.firstLine.starts(with: "---".utf8) { between.append("---\n") }
      try between.write()
    }
    last = (lastByte, isJSON)
    try output.write()
  }
}
