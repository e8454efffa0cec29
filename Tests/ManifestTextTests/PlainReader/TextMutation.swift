import TestSupport

/// Texts that are almost YAML: samples with something changed, and syntax thrown together.
struct TextMutation {
  private var random: SeededGenerator
  private var bytes: [UInt8] = []

  /// The text that belongs to a seed.
  static func text(seed: UInt64, of samples: [[UInt8]]) -> [UInt8] {
    var mutation = TextMutation(random: SeededGenerator(seed: seed))
    return mutation.text(of: samples)
  }

  private mutating func text(of samples: [[UInt8]]) -> [UInt8] {
    if random.oneIn(4) {
      throwTogether()
    } else {
      bytes = random.pick(samples)
      if bytes.count > 600, random.oneIn(2) { takeSomeLines() }
    }
    for _ in 0..<random.pick([0, 1, 1, 1, 2, 3, 5]) { mutate() }
    return bytes
  }

  private mutating func throwTogether() {
    for _ in 0..<Int.random(in: 1..<16, using: &random) { bytes += random.pick(Self.tokens) }
    if !random.oneIn(4) { bytes.append(UInt8(ascii: "\n")) }
  }

  private mutating func takeSomeLines() {
    var lines = lines()
    lines.removeFirst(Int.random(in: 0..<lines.count, using: &random))
    set(lines.prefix(Int.random(in: 2..<25, using: &random)))
  }

  private mutating func mutate() {
    switch Int.random(in: 0..<10, using: &random) {
    case 0: bytes.insert(contentsOf: random.pick(Self.tokens), at: place())
    case 1: bytes.insert(random.pick(Self.special), at: place())
    case 2: if !bytes.isEmpty { bytes[Int.random(in: 0..<bytes.count, using: &random)] = random.pick(Self.special) }
    case 3: if !bytes.isEmpty { bytes.remove(at: Int.random(in: 0..<bytes.count, using: &random)) }
    case 4: if random.oneIn(3) { bytes.removeSubrange(place()...) }
    case 5: swapQuotes()
    default: mutateLines()
    }
  }

  private mutating func swapQuotes() {
    let quotes = bytes.indices.filter { bytes[$0] == UInt8(ascii: "\"") || bytes[$0] == UInt8(ascii: "'") }
    guard !quotes.isEmpty else { return }
    let place = random.pick(quotes)
    bytes[place] ^= UInt8(ascii: "\"") ^ UInt8(ascii: "'")
  }

  private mutating func mutateLines() {
    var lines = lines()
    guard !lines.isEmpty else { return }
    let place = Int.random(in: 0..<lines.count, using: &random)
    switch Int.random(in: 0..<7, using: &random) {
    case 0: lines.remove(at: place)
    case 1: lines.insert(lines[place], at: random.pick(Array(lines.indices)))
    case 2, 3: lines[place] = spaces() + lines[place].drop { $0 == UInt8(ascii: " ") }
    case 4: lines[place] = spaces() + lines[place]
    case 5: lines.insert(random.pick([[], spaces(), spaces() + Array("# note".utf8)]), at: place)
    default: lines.swapAt(place, random.pick(Array(lines.indices)))
    }
    set(lines[...])
  }

  private mutating func spaces() -> [UInt8] {
    Array(repeating: UInt8(ascii: " "), count: Int.random(in: 0..<9, using: &random))
  }

  private mutating func place() -> Int { Int.random(in: 0...bytes.count, using: &random) }

  private func lines() -> [[UInt8]] {
    bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map(Array.init)
  }

  private mutating func set(_ lines: ArraySlice<[UInt8]>) {
    bytes = Array(lines.joined(separator: [UInt8(ascii: "\n")]))
    if bytes.last != UInt8(ascii: "\n"), !random.oneIn(8) { bytes.append(UInt8(ascii: "\n")) }
  }

  private static let special = Array(" \n:-#,[]{}'\"|>?&*!%@`\\\t\r~.x0é".utf8) + [0, 0x7F, 0x85, 0xFF]

  private static let tokens: [[UInt8]] = [
    "\n", "\n", "\n", "\n ", "\n  ", "\n  ", "\n    ", "\n\n", " ", " ", "  ", "\t", "\r\n", "\u{85}", "\u{2028}",
    "\u{FEFF}", ": ", ": ", ":", "a: ", "b: ", "c:", "a:\n", "\nb:\n", "key: value", "\nkey: value\n", "- ", "- ",
    "\n- ", "\n  - ", "-\n", "- - ", "- a: b\n", "\n- a\n- b\n", "a", "b", "1", "x y", "-1", "é", "🎈", " #", " # note",
    "# note\n", "#", "|", "|\n", "|-\n", "|+\n", "|\n  text\n", "|-\n    text\n      more\n\n", "|2\n", ">\n",
    ">-\n  text\n", ">+\n  a\n  b\n\n   c\n  d\n\n",
    "[", "]", "{", "}", ",", ", ", "[]", "{}", "[a, b]", "{a: b}", "[a,\n b]", "{a: b,\n c: [d]}", "{a: b}: c",
    "{{ x }}",
    "'", "\"", "''", "\"\"", "'a'", "\"a\"", "'it''s'", "\"a\\nb\"", "\"a\\\\\"", "\"\\u00e9\"", "\"\\/\"", "\"a\":",
    "'a': ",
    "?", "? ", "? a\n: b\n", "&a ", "*a", "!!str ", "!", "<<: ", "%", "%YAML 1.1\n", "---", "---\n", "--- ", "\n---\n",
    "...", "\n...\n", "@", "`", "~", "null", "\\", ".", "..", "--", "----\n", "http://x:1/y", "a#b", "a:b", ":a", "?a",
  ].map { Array($0.utf8) }
}
