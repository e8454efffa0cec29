internal import LibC

/// Text and bytes compared, copied and looked at in one go: what per-element loops are too slow for.
package enum ByteText {
  /// For each byte, what is said of the signs among which it is; the usual for all others.
  package static func table<Mark>(_ signs: KeyValuePairs<String, Mark>, usual: Mark) -> [Mark] {
    var table = Array(repeating: usual, count: 256)
    for (signs, mark) in signs { for byte in signs.utf8 { table[Int(byte)] = mark } }
    return table
  }

  /// True where the bytes are the text's UTF-8.
  package static func isEqual(_ bytes: ArraySlice<UInt8>, _ text: String) -> Bool {
    guard bytes.count == text.utf8.count else { return false }
    var text = text
    return text.withUTF8 { utf8 in unsafe isEqual(bytes, utf8) }
  }

  /// True where the text's UTF-8 stands in the bytes from an index on.
  package static func isEqual(_ bytes: [UInt8], from start: Int, _ text: String) -> Bool {
    guard start + text.utf8.count <= bytes.count else { return false }
    return unsafe withBytes(of: text) { text in
      unsafe bytes.withUnsafeBufferPointer { bytes in unsafe isEqual(bytes, from: start, text) }
    }
  }

  /// True where as many bytes are the same from an index in each on.
  package static func isEqual(
    _ bytes: [UInt8], from start: Int, _ others: [UInt8], from otherStart: Int, count: Int
  ) -> Bool {
    guard count > 0 else { return true }
    guard start + count <= bytes.count, otherStart + count <= others.count else { return false }
    return unsafe bytes.withUnsafeBufferPointer { bytes in
      unsafe others.withUnsafeBufferPointer { others in
        guard let left = bytes.baseAddress, let right = others.baseAddress else { return false }
        return unsafe memcmp(left + start, right + otherStart, count) == 0
      }
    }
  }

  /// True where both texts have the same UTF-8, and not only the same meaning.
  package static func isEqual(_ a: String, _ b: String) -> Bool {
    a.utf8.count == b.utf8.count && begins(a, with: b)
  }

  /// True where both hold the same bytes.
  package static func isEqual(_ bytes: [UInt8], _ text: UnsafeBufferPointer<UInt8>) -> Bool {
    unsafe bytes.count == text.count
      && bytes.withUnsafeBufferPointer { unsafe isEqual($0, from: 0, text) }
  }

  private static func isEqual(
    _ bytes: UnsafeBufferPointer<UInt8>, from start: Int, _ text: UnsafeBufferPointer<UInt8>
  ) -> Bool {
    guard let left = bytes.baseAddress, let right = text.baseAddress else { return text.isEmpty }
    return unsafe memcmp(left + start, right, text.count) == 0
  }

  /// Lends a text's UTF-8, which is not copied for that.
  private static func withBytes<Result>(of text: String, _ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
    if let result = unsafe text.utf8.withContiguousStorageIfAvailable({ unsafe body($0) }) { return result }
    var copy = text
    return copy.withUTF8 { unsafe body($0) }
  }

  /// True where both hold the same bytes.
  package static func isEqual(_ a: ArraySlice<UInt8>, _ b: ArraySlice<UInt8>) -> Bool {
    unsafe b.withUnsafeBufferPointer { b in unsafe isEqual(a, b) }
  }

  /// True where both hold the same bytes.
  package static func isEqual(_ a: ArraySlice<UInt8>, _ b: UnsafeBufferPointer<UInt8>) -> Bool {
    unsafe a.withUnsafeBufferPointer { a in
      guard a.count == b.count else { return false }
      guard let left = a.baseAddress, let right = b.baseAddress else { return true }
      return unsafe memcmp(left, right, a.count) == 0
    }
  }

  /// Where a byte stands in a range first; nil where it does not.
  package static func firstIndex(of byte: UInt8, in bytes: [UInt8], _ range: Range<Int>) -> Int? {
    unsafe bytes[range].withUnsafeBufferPointer { buffer in
      unsafe firstIndex(of: byte, in: buffer, from: 0).map { range.lowerBound + $0 }
    }
  }

  private static func firstIndex(of byte: UInt8, in text: UnsafeBufferPointer<UInt8>, from start: Int) -> Int? {
    guard let base = text.baseAddress, let found = unsafe memchr(base + start, Int32(byte), text.count - start) else {
      return nil
    }
    return unsafe UnsafeRawPointer(found) - UnsafeRawPointer(base)
  }

  /// Appends the lines of a text, each that is not empty indented; an empty last line is left out.
  package static func appendLines(of text: String, to output: inout [UInt8], indent: Int, newline: [UInt8]) {
    var text = text
    let indentation = Array(repeating: ASCII.space, count: indent)
    text.withUTF8 { utf8 in
      unsafe indentation.withUnsafeBufferPointer { indentation in
        var start = 0
        while start < utf8.count {
          let end = unsafe firstIndex(of: ASCII.lineFeed, in: utf8, from: start) ?? utf8.count
          if end > start {
            unsafe output.append(contentsOf: indentation)
            unsafe output.append(contentsOf: UnsafeBufferPointer(rebasing: utf8[start..<end]))
          }
          output += newline
          start = end + 1
        }
      }
    }
  }

  /// Where each line of a text ends, after its line feed; the last one need not have one.
  package static func lineEnds(of text: [UInt8]) -> [Int] {
    var ends: [Int] = []
    ends.reserveCapacity(text.count / 24)
    unsafe text.withUnsafeBufferPointer { buffer in
      var start = 0
      while start < buffer.count {
        start = unsafe firstIndex(of: ASCII.lineFeed, in: buffer, from: start).map { $0 + 1 } ?? buffer.count
        ends.append(start)
      }
    }
    return ends
  }

  /// True where a text holds another, byte for byte.
  package static func holds(_ text: String, _ mark: String) -> Bool {
    unsafe withBytes(of: text) { utf8 in
      unsafe withBytes(of: mark) { mark in unsafe mark.isEmpty || firstIndex(of: mark, in: utf8, from: 0) != nil }
    }
  }

  /// What stands after the beginning of a text, byte for byte; nil where the text begins with something else.
  package static func rest(of text: String, after beginning: String) -> String? {
    guard begins(text, with: beginning) else { return nil }
    return String(decoding: text.utf8.dropFirst(beginning.utf8.count), as: UTF8.self)
  }

  /// True where a text begins with another, byte for byte.
  package static func begins(_ text: String, with beginning: String) -> Bool {
    guard text.utf8.count >= beginning.utf8.count else { return false }
    return unsafe withBytes(of: text) { text in
      unsafe withBytes(of: beginning) { beginning in unsafe isEqual(text, from: 0, beginning) }
    }
  }

  /// True where a text is two others one behind the other, byte for byte.
  package static func isEqual(_ text: String, _ beginning: String, then end: String) -> Bool {
    guard text.utf8.count == beginning.utf8.count + end.utf8.count, begins(text, with: beginning) else { return false }
    return text.utf8.dropFirst(beginning.utf8.count).elementsEqual(end.utf8)
  }

  /// The text between the occurrences of a mark: one piece more than there are occurrences.
  package static func pieces(of text: String, around mark: String) -> [String] {
    guard !mark.isEmpty else { return [text] }
    var (text, mark) = (text, mark)
    return text.withUTF8 { utf8 in
      mark.withUTF8 { mark in unsafe pieces(of: utf8, around: mark) }
    }
  }

  private static func pieces(
    of text: UnsafeBufferPointer<UInt8>, around mark: UnsafeBufferPointer<UInt8>
  ) -> [String] {
    var pieces: [String] = []
    var start = 0
    var index = 0
    while let found = unsafe firstIndex(of: mark, in: text, from: index) {
      unsafe pieces.append(String(decoding: text[start..<found], as: UTF8.self))
      start = found + mark.count
      index = start
    }
    unsafe pieces.append(String(decoding: text[start...], as: UTF8.self))
    return pieces
  }

  /// Where some bytes stand in a range first; nil where they do not, and for none.
  package static func firstIndex(of mark: [UInt8], in bytes: [UInt8], _ range: Range<Int>) -> Int? {
    unsafe bytes[range].withUnsafeBufferPointer { text in
      unsafe mark.withUnsafeBufferPointer { mark in
        unsafe firstIndex(of: mark, in: text, from: 0).map { range.lowerBound + $0 }
      }
    }
  }

  private static func firstIndex(
    of mark: UnsafeBufferPointer<UInt8>, in text: UnsafeBufferPointer<UInt8>, from start: Int
  ) -> Int? {
    guard !mark.isEmpty, let base = text.baseAddress, let needle = mark.baseAddress else { return nil }
    var index = start
    while index + mark.count <= text.count,
      let found = unsafe memchr(base + index, Int32(mark[0]), text.count - index - mark.count + 1)
    {
      index = unsafe UnsafeRawPointer(found) - UnsafeRawPointer(base)
      if unsafe memcmp(base + index, needle, mark.count) == 0 { return index }
      index += 1
    }
    return nil
  }

  /// What kinds of bytes a text holds, found in one pass.
  package struct Traits: OptionSet, Sendable {
    package let rawValue: UInt8
    package init(rawValue: UInt8) { self.rawValue = rawValue }

    package static let lineFeed = Traits(rawValue: 1)
    package static let tab = Traits(rawValue: 2)
    /// A control character other than tab and line feed.
    package static let control = Traits(rawValue: 4)
    package static let nonASCII = Traits(rawValue: 8)
    package static let singleQuote = Traits(rawValue: 16)
    package static let doubleQuoteOrBackslash = Traits(rawValue: 32)

    /// What most languages escape between double quotes.
    package static let escapedInQuotes: Traits = [.doubleQuoteOrBackslash, .control, .lineFeed, .tab]

    /// Looks at every byte of a text.
    package init(_ text: String) {
      var text = text
      rawValue = text.withUTF8 { utf8 in
        unsafe Traits.table.withUnsafeBufferPointer { table in
          var found: UInt8 = 0
          for index in utf8.indices { unsafe found |= table[Int(utf8[index])] }
          return found
        }
      }
    }

    private static let table: [UInt8] = (0...255).map { Traits(of: $0).rawValue }

    private init(of byte: UInt8) {
      switch byte {
      case ASCII.lineFeed: self = .lineFeed
      case ASCII.tab: self = .tab
      case 0..<ASCII.space, 0x7F: self = .control
      case 0x80...: self = .nonASCII
      case ASCII.singleQuote: self = .singleQuote
      case ASCII.doubleQuote, ASCII.backslash: self = .doubleQuoteOrBackslash
      default: self = []
      }
    }
  }
}

/// The bytes this module scans for, by name.
package enum ASCII {
  package static let tab = UInt8(ascii: "\t")
  package static let lineFeed = UInt8(ascii: "\n")
  package static let carriageReturn = UInt8(ascii: "\r")
  package static let space = UInt8(ascii: " ")
  package static let dash = UInt8(ascii: "-")
  package static let dot = UInt8(ascii: ".")
  package static let comma = UInt8(ascii: ",")
  package static let colon = UInt8(ascii: ":")
  package static let hash = UInt8(ascii: "#")
  package static let percent = UInt8(ascii: "%")
  package static let question = UInt8(ascii: "?")
  package static let doubleQuote = UInt8(ascii: "\"")
  package static let singleQuote = UInt8(ascii: "'")
  package static let backslash = UInt8(ascii: "\\")
  package static let openBrace = UInt8(ascii: "{")
  package static let closeBrace = UInt8(ascii: "}")
  package static let openBracket = UInt8(ascii: "[")
  package static let closeBracket = UInt8(ascii: "]")
  package static let pipe = UInt8(ascii: "|")
  package static let greaterThan = UInt8(ascii: ">")
  package static let plus = UInt8(ascii: "+")
  package static let ampersand = UInt8(ascii: "&")
  package static let exclamation = UInt8(ascii: "!")
  package static let asterisk = UInt8(ascii: "*")

  /// A space or a tab.
  package static func isBlank(_ byte: UInt8) -> Bool { byte == space || byte == tab }
  /// A line feed or a carriage return.
  package static func isBreak(_ byte: UInt8) -> Bool { byte == lineFeed || byte == carriageReturn }
  /// A space, a tab, a line feed or a carriage return.
  package static func isWhite(_ byte: UInt8) -> Bool { isBlank(byte) || isBreak(byte) }
  /// The letter in lower case; every other byte as it is.
  package static func lowercased(_ byte: UInt8) -> UInt8 { byte >= 0x41 && byte <= 0x5A ? byte + 0x20 : byte }
  /// The letter in upper case; every other byte as it is.
  package static func uppercased(_ byte: UInt8) -> UInt8 { byte >= 0x61 && byte <= 0x7A ? byte - 0x20 : byte }
  /// One of `A`…`Z` and `a`…`z`.
  package static func isLetter(_ byte: UInt8) -> Bool { lowercased(byte) >= 0x61 && lowercased(byte) <= 0x7A }
  /// All letters and digits.
  package static let alphanumerics = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
  /// One of `0`…`9`.
  package static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }
}

/// The marks some editors put before the first character.
package enum ByteOrderMark {
  package static let utf8: [UInt8] = [0xEF, 0xBB, 0xBF]
}
