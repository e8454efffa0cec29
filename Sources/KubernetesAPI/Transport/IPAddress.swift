internal import LibC

/// An IP address: 4 bytes, or 16.
struct IPAddress: Equatable {
  let bytes: [UInt8]

  /// Reads `192.0.2.1` or `2001:db8::1`; nil for everything else.
  ///
  /// IPv4 within IPv6 is taken for IPv4.
  init?(_ text: some StringProtocol) {
    guard let bytes = IPAddress.parse(String(text), AF_INET, 4) ?? IPAddress.parse(String(text), AF_INET6, 16) else {
      return nil
    }
    let isMapped = bytes.count == 16 && bytes.prefix(10).allSatisfy { $0 == 0 } && bytes[10...11] == [0xFF, 0xFF]
    self.bytes = isMapped ? Array(bytes.suffix(4)) : bytes
  }

  private static func parse(_ text: String, _ family: Int32, _ count: Int) -> [UInt8]? {
    var bytes = [UInt8](repeating: 0, count: count)
    return unsafe inet_pton(family, text, &bytes) == 1 ? bytes : nil
  }

  var isLoopback: Bool {
    bytes.count == 4 ? bytes[0] == 127 : bytes.dropLast().allSatisfy { $0 == 0 } && bytes.last == 1
  }

  /// True where the address is in a network written as `10.0.0.0/8`.
  func isIn(network text: some StringProtocol) -> Bool {
    let parts = String(text).split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, let network = IPAddress(parts[0]), let bits = Int(parts[1]),
      network.bytes.count == bytes.count, (0...bytes.count * 8).contains(bits)
    else { return false }
    return bytes.indices.allSatisfy { index in
      let kept = min(max(bits - index * 8, 0), 8)
      let mask = UInt8(truncatingIfNeeded: 0xFF00 >> kept)
      return bytes[index] & mask == network.bytes[index] & mask
    }
  }
}

/// The time that goes on evenly, whatever happens to the clock on the wall.
enum Clock {
  static var milliseconds: Int {
    var time = timespec()
    _ = unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return time.tv_sec * 1000 + time.tv_nsec / 1_000_000
  }
}
