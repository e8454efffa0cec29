internal import ManifestText

/// Values as Go's `strconv` and `time` read them from text, refused with the messages they refuse it with.
package enum GoParse {
  /// Text that Go cannot read.
  package struct Failure: Error, Equatable, Sendable {
    /// What Go says of it, to the letter.
    package let message: String
  }

  /// A truth value, with HashiCorp's words around Go's message; empty text is false.
  package static func bool(_ text: String) throws(Failure) -> Bool {
    switch text {
    case "1", "t", "T", "true", "True", "TRUE": return true
    case "0", "f", "F", "false", "False", "FALSE", "": return false
    default: throw Failure(message: "cannot parse '' as bool: \(Fault.syntax.message("ParseBool", text))")
    }
  }

  /// A whole number of 64 bits; empty text is 0, as HashiCorp's injector takes it.
  package static func int(_ text: String) throws(Failure) -> Int64 {
    text.isEmpty ? 0 : try signed(text, by: "ParseInt")
  }

  /// `strconv.Atoi`: a whole number of 64 bits.
  package static func index(_ text: String) throws(Failure) -> Int64 { try signed(text, by: "Atoi") }

  /// A whole number of 64 bits that is not negative and has no sign.
  package static func uint(_ text: String) throws(Failure) -> UInt64 {
    do throws(Fault) {
      return try magnitude(of: Array(text.utf8)[...])
    } catch {
      throw Failure(message: error.message("ParseUint", text))
    }
  }

  /// Why a number cannot be read.
  enum Fault: String, Error {
    case syntax = "invalid syntax"
    case range = "value out of range"

    /// What `strconv` says of it.
    func message(_ function: String, _ text: String) -> String {
      "strconv.\(function): parsing \(GoQuote.quoted(text)): \(rawValue)"
    }
  }

  private static func signed(_ text: String, by function: String) throws(Failure) -> Int64 {
    do throws(Fault) {
      var digits = Array(text.utf8)[...]
      let isNegative = digits.first == ASCII.dash
      if isNegative || digits.first == ASCII.plus { digits.removeFirst() }
      let magnitude = try magnitude(of: digits)
      guard let value = isNegative ? Int64(negating: magnitude) : Int64(exactly: magnitude) else { throw .range }
      return value
    } catch {
      throw Failure(message: error.message(function, text))
    }
  }

  /// The number these digits spell; what is too large is found before what follows it is looked at.
  private static func magnitude(of digits: ArraySlice<UInt8>) throws(Fault) -> UInt64 {
    guard !digits.isEmpty else { throw .syntax }
    var value: UInt64 = 0
    for digit in digits {
      guard ASCII.isDigit(digit) else { throw .syntax }
      let product = value.multipliedReportingOverflow(by: 10)
      let sum = product.partialValue.addingReportingOverflow(UInt64(digit - UInt8(ascii: "0")))
      guard !product.overflow, !sum.overflow else { throw .range }
      value = sum.partialValue
    }
    return value
  }
}

extension Int64 {
  /// The number below zero of this magnitude; nil where there is none.
  fileprivate init?(negating magnitude: UInt64) {
    guard magnitude <= Int64.min.magnitude else { return nil }
    self = 0 &- Int64(bitPattern: UInt64(magnitude))
  }
}
