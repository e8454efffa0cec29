import Injection
import TestSupport
import Testing

/// Quantities, on recorded answers and beyond the sizes they have.
@Suite struct QuantityTests {
  @Test func recorded() throws {
    try GoTables.check("quantities", rows: 983) { try Quantity.canonical($0.input) }
  }

  @Test(arguments: [
    ("-.", "0"), ("+.Ki", "0"), ("0.5Ki", "512"), ("0.0001Ki", "102400u"), ("1e2147483647", "10e2147483646"),
    ("1e4294967299", "1e4294967299"), ("12e4294967298", "1200"), ("1e-2147483648", "1e-9"), ("0.0000000001", "1n"),
    ("9999999999.9999999999n", "10"), ("1000E", "1"), ("9223372036854775807.5Ki", "9223372036854775807"),
    ("9223372036854775806.5Ei", "9223372036854775807"), ("1e30", "1e30"), ("1e31", "10e30"), ("-1024Ki", "-1Mi"),
    ("-0.5Gi", "-512Mi"), ("1E5", "100e3"), ("000.5", "500m"), ("1023Ki", "1023Ki"), ("8Ki", "8Ki"), ("16Ki", "16Ki"),
    ("999999999999999999999999999999999999999999Ki", "9223372036854775807"), ("1.1n", "2n"), ("-1.1n", "-2n"),
  ])
  func beyond(text: String, canonical: String) throws {
    #expect(try Quantity.canonical(text) == canonical)
  }

  @Test(arguments: [
    (".Pi", "unable to parse numeric part of quantity"), ("-.e-10", "unable to parse numeric part of quantity"),
    ("1e", "unable to parse quantity's suffix"), ("1ee5", "unable to parse quantity's suffix"),
    ("1e99999999999999999999", "unable to parse quantity's suffix"), ("1e+", "unable to parse quantity's suffix"),
    ("1Ki5", "unable to parse quantity's suffix"),
    ("+-1", "unable to parse quantity's suffix"), ("1kk", "unable to parse quantity's suffix"),
  ])
  func faults(text: String, message: String) throws {
    #expect(try GoTables.outcome { try Quantity.canonical(text) } == "error: \(message)")
  }

  @Test(arguments: ["1 ", " 1", "1..2", "1Q", "1e5x", "1,5", "\u{661}", "1m+5-"])
  func wrongFormat(text: String) throws {
    let expression = "^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$"
    #expect(
      try GoTables.outcome { try Quantity.canonical(text) }
        == "error: quantities must match the regular expression '\(expression)'")
  }

  /// Leading zeros make an amount one that people do not write, which is reckoned with at any size.
  @Test func whatIsUsualComparesAsWhatIsRare() {
    let numbers = ["0", "1", "9", "63", "64", "999", "1000", "1024", "65536", "999999", "1000000"]
    let amounts = numbers.flatMap { number in
      ["", "m", "k", "Ki", "M", "Mi", "G", "Gi", "T", "Q", "x"].map { number + $0 }
    }
    for amount in amounts {
      for other in amounts {
        let rare = Quantity.exceeds("0000000" + amount, "0000000" + other)
        #expect(Quantity.exceeds(amount, other) == rare, "\(amount) and \(other)")
      }
    }
  }
}
