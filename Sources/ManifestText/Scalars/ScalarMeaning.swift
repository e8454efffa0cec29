/// What a plain YAML scalar means to kubectl, whose parser follows YAML 1.1.
package enum ScalarMeaning: Equatable, Sendable {
  case null
  case bool(Bool)
  /// A number, spelt as JSON spells it.
  case number(String)
  case string

  /// Resolves the text of a plain scalar without a tag.
  package init(plain text: ArraySlice<UInt8>) {
    guard let first = text.first else {
      self = .null
      return
    }
    switch first {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), ASCII.plus, ASCII.dash, ASCII.dot:
      self = NumberSpelling.json(text).map(ScalarMeaning.number) ?? .string
    default:
      self = ScalarMeaning.mayBeMoreThanText(first, count: text.count) ? ScalarMeaning(word: text) : .string
    }
  }

  /// False for what is text by its first byte and its length, as most plain scalars are.
  static func mayBeMoreThanText(_ first: UInt8, count: Int) -> Bool {
    switch first {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), ASCII.plus, ASCII.dash, ASCII.dot: true
    case UInt8(ascii: "~"): count == 1
    default: count <= 5 && mayBeginWord(first)
    }
  }

  /// True for the first letters of null, of yes and no, true and false, on and off.
  private static func mayBeginWord(_ byte: UInt8) -> Bool {
    switch byte | 0x20 {
    case UInt8(ascii: "f"), UInt8(ascii: "n"), UInt8(ascii: "o"), UInt8(ascii: "t"), UInt8(ascii: "y"): true
    default: false
    }
  }

  private init(word text: ArraySlice<UInt8>) {
    let word = ScalarMeaning.packed(text)
    if ScalarMeaning.truths.contains(word) {
      self = .bool(true)
    } else if ScalarMeaning.falsehoods.contains(word) {
      self = .bool(false)
    } else {
      self = ScalarMeaning.nulls.contains(word) ? .null : .string
    }
  }

  private static let nulls = ["~", "null", "Null", "NULL"].map { packed($0.utf8) }
  private static let truths =
    ["true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON", "y", "Y"].map { packed($0.utf8) }
  private static let falsehoods =
    ["false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF", "n", "N"].map { packed($0.utf8) }

  /// A word of up to eight bytes as one number.
  private static func packed(_ word: some Sequence<UInt8>) -> UInt64 { word.reduce(0) { $0 << 8 | UInt64($1) } }
}

/// Points in time as kubectl's parser takes them after the tag `!!timestamp`.
enum TimestampSpelling {
  /// True for a date, alone or with a time: after a space in UTC, after a `T` with `Z` or an offset.
  static func isValid(_ text: ArraySlice<UInt8>) -> Bool {
    var rest = text
    guard text.prefix(while: ASCII.isDigit).count == 4, let year = number(&rest, digits: 4...4), skip("-", &rest),
      let month = number(&rest), skip("-", &rest), let day = number(&rest), isDay(day, month, year)
    else { return false }
    switch rest.first {
    case nil: return true
    case UInt8(ascii: "T"), UInt8(ascii: "t"):
      rest.removeFirst()
      return time(&rest) && zone(&rest) && rest.isEmpty
    case ASCII.space:
      rest = rest.drop { $0 == ASCII.space }
      return time(&rest) && rest.isEmpty
    default: return false
    }
  }

  private static func time(_ rest: inout ArraySlice<UInt8>) -> Bool {
    guard let hour = number(&rest), hour < 24, skip(":", &rest), let minute = number(&rest), minute < 60,
      skip(":", &rest), let second = number(&rest), second < 60
    else { return false }
    if let mark = rest.first, mark == ASCII.dot || mark == ASCII.comma {
      let fraction = rest.dropFirst().prefix(while: ASCII.isDigit)
      if !fraction.isEmpty { rest = rest[fraction.endIndex...] }
    }
    return true
  }

  private static func zone(_ rest: inout ArraySlice<UInt8>) -> Bool {
    if skip("Z", &rest) { return true }
    guard skip("+", &rest) || skip("-", &rest), let hours = number(&rest, digits: 2...2), hours <= 24,
      skip(":", &rest), let minutes = number(&rest, digits: 2...2)
    else { return false }
    return minutes < 60
  }

  private static func isDay(_ day: Int, _ month: Int, _ year: Int) -> Bool {
    let isLeap = year.isMultiple(of: 4) && (!year.isMultiple(of: 100) || year.isMultiple(of: 400))
    let lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    return lengths.indices.contains(month - 1) && (1...lengths[month - 1]).contains(day)
  }

  private static func number(_ rest: inout ArraySlice<UInt8>, digits: ClosedRange<Int> = 1...2) -> Int? {
    let text = rest.prefix(digits.upperBound).prefix(while: ASCII.isDigit)
    guard text.count >= digits.lowerBound else { return nil }
    rest = rest[text.endIndex...]
    return text.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
  }

  private static func skip(_ mark: Unicode.Scalar, _ rest: inout ArraySlice<UInt8>) -> Bool {
    guard rest.first == UInt8(ascii: mark) else { return false }
    rest.removeFirst()
    return true
  }
}
