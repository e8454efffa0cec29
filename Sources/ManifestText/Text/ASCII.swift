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
  /// One of `0`…`9`.
  package static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }
}

/// The marks some editors put before the first character.
package enum ByteOrderMark {
  package static let utf8: [UInt8] = [0xEF, 0xBB, 0xBF]
}
