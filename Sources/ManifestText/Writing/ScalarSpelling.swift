/// Spells new text as a YAML scalar: plain where no reader can take it for anything else, quoted otherwise.
package enum ScalarSpelling {
  /// Where a scalar stands: inside brackets fewer characters may be plain.
  enum Context: Sendable { case block, flow }

  /// Appends the text on one line.
  static func append(_ text: String, to output: inout [UInt8], in context: Context) {
    if !appendPlain(text, to: &output, in: context) { appendQuoted(text, to: &output) }
  }

  /// Appends the text on one line, in quotes.
  static func appendQuoted(_ text: String, to output: inout [UInt8]) {
    if isBestSingleQuoted(ByteText.Traits(text)) {
      output.append(ASCII.singleQuote)
      output.append(contentsOf: text.utf8)
      output.append(ASCII.singleQuote)
    } else {
      JSONWriter.appendQuoted(text, to: &output, escapingLineSeparators: true)
    }
  }

  /// True where text over several lines can stand in a literal block scalar and come back the same.
  static func isLiteral(_ text: String) -> Bool {
    let traits = ByteText.Traits(text)
    guard traits.contains(.lineFeed), !traits.contains(.control) else { return false }
    var bytes = text.utf8[...]
    if bytes.last == ASCII.lineFeed { bytes = bytes.dropLast() }
    guard let last = bytes.last, !ASCII.isWhite(last) else { return false }
    return !traits.contains(.nonASCII) || !text.unicodeScalars.contains(where: isUnprintable)
  }

  /// True for text on one line that has escapes in quotes, and none in a literal block scalar.
  static func isBestLiteral(_ text: String) -> Bool {
    let traits = ByteText.Traits(text)
    return traits.contains([.singleQuote, .doubleQuoteOrBackslash]) && !traits.contains(.lineFeed)
      && isLiteral(text + "\n")
  }

  // MARK: Plain

  /// Appends the text without quotes; false where it needs them.
  static func appendPlain(_ text: String, to output: inout [UInt8], in context: Context) -> Bool {
    var text = text
    return text.withUTF8 { utf8 in
      guard unsafe isPlain(utf8, in: context) else { return false }
      unsafe output.append(contentsOf: utf8)
      return true
    }
  }

  private static func isPlain(_ text: UnsafeBufferPointer<UInt8>, in context: Context) -> Bool {
    guard let first = unsafe text.first, let last = unsafe text.last else { return false }
    guard isWordByte(first) || first == UInt8(ascii: "/") || first == ASCII.dash || first == ASCII.dot else {
      return false
    }
    guard last != ASCII.space, last != ASCII.colon else { return false }
    return unsafe holdsNothingElse(text, in: context) && !meansSomethingElse(text, first: first)
  }

  /// True for text whose bytes may all be plain: a colon where no space follows.
  private static func holdsNothingElse(_ text: UnsafeBufferPointer<UInt8>, in context: Context) -> Bool {
    unsafe odd.withUnsafeBufferPointer { odd in
      let mask: UInt8 = context == .block ? 1 : 2
      for place in text.indices where unsafe odd[Int(text[place])] & mask != 0 {
        guard context == .block, unsafe text[place] == ASCII.colon, place + 1 < text.count,
          unsafe text[place + 1] != ASCII.space
        else { return false }
      }
      return true
    }
  }

  /// For each byte, whether it is plain in nothing that is written here: 1 outside of brackets, 2 between them.
  private static let odd: [UInt8] = ByteText.table([ASCII.alphanumerics + "_ -./@+=%~": 0, ",$();": 2], usual: 3)

  private static func isWordByte(_ byte: UInt8) -> Bool {
    (byte | 0x20) &- UInt8(ascii: "a") < 26 || ASCII.isDigit(byte) || byte == UInt8(ascii: "_")
  }

  /// True for text that some YAML reader, 1.1 or 1.2, takes for a number, a boolean, null, a date or a marker.
  private static func meansSomethingElse(_ text: UnsafeBufferPointer<UInt8>, first: UInt8) -> Bool {
    if ASCII.isDigit(first) || first == ASCII.dash || first == ASCII.dot {
      return unsafe !text.contains { isBeyondNumbers($0) } || text.starts(with: "- ".utf8)
        || text.elementsEqual("---".utf8) || (first == ASCII.dot && !text.contains(UInt8(ascii: "/")))
    }
    return text.count <= 5 && reserved.contains(unsafe lowercased(text))
  }

  private static let reserved =
    ["null", "true", "false", "yes", "no", "on", "off", "y", "n"].map { lowercased($0.utf8) }

  /// A word of up to eight letters as one number.
  private static func lowercased(_ word: some Sequence<UInt8>) -> UInt64 {
    word.reduce(0) { $0 << 8 | UInt64(ASCII.lowercased($1)) }
  }

  /// A letter or sign that stands in no number, time or date.
  private static func isBeyondNumbers(_ byte: UInt8) -> Bool {
    let letter = byte | 0x20
    guard (UInt8(ascii: "g")...UInt8(ascii: "z")).contains(letter) else {
      return byte == UInt8(ascii: "/") || byte == UInt8(ascii: "@")
    }
    return letter != UInt8(ascii: "o") && letter != UInt8(ascii: "t") && letter != UInt8(ascii: "x")
      && letter != UInt8(ascii: "z")
  }

  // MARK: Quoted

  /// Single quotes need no escapes, which reads better around double quotes and backslashes.
  private static func isBestSingleQuoted(_ traits: ByteText.Traits) -> Bool {
    traits == .doubleQuoteOrBackslash
  }

  /// Characters that YAML takes for line breaks or does not allow unescaped, and those that show text in another order
  /// than it stands in.
  package static func isUnprintable(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x7F...0x9F, 0x2028, 0x2029, 0xFEFF, 0xFFFE, 0xFFFF: true
    case 0x061C, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069: true
    default: false
    }
  }
}
