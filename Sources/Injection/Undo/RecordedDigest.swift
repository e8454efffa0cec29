internal import ManifestText

/// As much of a digest as a record keeps: its first 36 bits, so that one in 69 billion changes by hand would
/// go unnoticed.
struct RecordedDigest: Hashable, Sendable {
  private let bits: UInt64

  /// The beginning of a digest.
  init(_ digest: Digest) { bits = digest.bits >> 28 }

  /// The beginning of the digest of what a value means to Kubernetes at its place.
  init(_ value: Value, at place: PodPlace, knowing constants: ConstantDigests = .none) {
    self.init(Digest(value, at: place, knowing: constants))
  }

  /// The beginning of the digest of some text.
  init(bytes: some Sequence<UInt8>) { self.init(Digest(bytes: bytes)) }
}

extension RecordedDigest {
  /// How many characters the text has.
  static let length = 6

  /// The 64 characters of base64 for URLs, none of which means anything in a record.
  private static let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

  /// Six characters, each of which stands for six bits.
  var text: [UInt8] {
    var text: [UInt8] = []
    write(to: &text)
    return text
  }

  /// Adds these characters to others.
  func write(to output: inout [UInt8]) {
    for shift in stride(from: 30, through: 0, by: -6) {
      output.append(RecordedDigest.digits[Int(bits >> shift & 0x3F)])
    }
  }

  /// Reads what `text` writes, or the sixteen hexadecimal digits of a whole digest; nil for anything else.
  init?(text: some Collection<UInt8>) {
    switch text.count {
    case RecordedDigest.length:
      var bits: UInt64 = 0
      for byte in text {
        guard let digit = RecordedDigest.digits.firstIndex(of: byte) else { return nil }
        bits = bits << 6 | UInt64(digit)
      }
      self.bits = bits
    case 16:
      guard let whole = UInt64(String(decoding: text, as: UTF8.self), radix: 16) else { return nil }
      bits = whole >> 28
    default: return nil
    }
  }

  /// What a value says that is a digest's text; nil for anything else.
  init?(_ value: Value?) {
    guard let text = value?.string else { return nil }
    self.init(text: text.utf8)
  }
}

extension Value {
  /// The text of a digest.
  init(_ digest: RecordedDigest) { self = .string(String(decoding: digest.text, as: UTF8.self)) }
}
