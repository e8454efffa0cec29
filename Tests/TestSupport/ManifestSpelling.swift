/// Spells workloads in YAML at random: every style, layout and whim that kubectl reads.
struct ManifestSpelling {
  typealias Tree = ManifestGenerator.Tree

  private var random: SeededGenerator
  private let newline: String
  private let step: Int
  private let sequenceOffset: Int
  private let dashGap: Int
  private let flowRate: Int
  private let usesComments: Bool
  private let habits: Habits
  private var anchorCount = 0
  /// True where the next value has an anchor already.
  private var isAnchored = false

  /// What a document is full of; most are full of little.
  private struct Habits: OptionSet {
    let rawValue: Int
    /// `? key`, with and without a value.
    static let explicitKeys = Habits(rawValue: 1)
    /// Anchors and tags on keys and values.
    static let properties = Habits(rawValue: 2)
    /// Lines of white space and blanks at the ends of lines.
    static let blanks = Habits(rawValue: 4)
    /// Line endings of every kind beside one another.
    static let mixedBreaks = Habits(rawValue: 8)
    /// Text and brackets over several lines.
    static let folding = Habits(rawValue: 16)
    /// Escapes, and quotes where none are needed.
    static let escapes = Habits(rawValue: 32)
    /// JSON between brackets.
    static let json = Habits(rawValue: 64)
  }

  init(seed: UInt64) {
    random = SeededGenerator(seed: seed)
    newline = random.pick(["\n", "\n", "\n", "\n", "\n", "\n", "\r\n", "\r\n", "\r"])
    step = random.pick([2, 2, 2, 3, 4, 8])
    sequenceOffset = random.oneIn(2) ? 0 : step
    dashGap = random.pick([2, 2, 2, 4])
    usesComments = random.oneIn(2)
    flowRate = random.pick([4, 8, 100])
    habits = Habits(rawValue: random.oneIn(3) ? 0 : Int.random(in: 0..<128, using: &random))
  }

  /// True once in so many times, in a document with this habit.
  private mutating func happens(_ habit: Habits, oneIn count: Int) -> Bool {
    habits.contains(habit) && random.oneIn(count)
  }

  mutating func document(_ workload: [(String, Tree)]) -> String {
    var text = ""
    if random.oneIn(12) { text += "\u{FEFF}" }
    if random.oneIn(10) {
      text += "%YAML 1.1\(newline)---\(newline)"
    } else if random.oneIn(4) {
      text += "---\(newline)"
    }
    if random.oneIn(4) { text += "# Ω a header, with 🎉 in it\(newline)" }
    text += spell(.map(workload), column: 0, inFlow: false, leading: false)
    if random.oneIn(4) { text += comment(0) }
    let isEnded = random.oneIn(6) && text.hasSuffix(newline)
    if isEnded { text += "...\(newline)" }
    if random.oneIn(4), !isEnded { text = text.droppingFinalNewline }
    return text
  }

  // MARK: Block style

  private mutating func spell(_ tree: Tree, column: Int, inFlow: Bool, leading: Bool) -> String {
    switch tree {
    case .raw(let text): return text
    case .scalar(let text): return scalar(text, column: inFlow ? 1 : column + 1)
    case .anchored(let name, let inner): return "&\(name) " + flow(inner)
    case .list(let items):
      if inFlow || items.isEmpty { return flow(tree) }
      return items.enumerated().map { index, item in
        (index == 0 && leading ? "" : maybeComment(column) + indent(column)) + dash(item, column: column)
      }.joined()
    case .map(let entries):
      if inFlow || entries.isEmpty { return flow(tree) }
      return entries.enumerated().map { index, entry in
        (index == 0 && leading ? "" : maybeComment(column) + indent(column)) + self.entry(entry, column: column)
      }.joined()
    }
  }

  private mutating func entry(_ entry: (String, Tree), column: Int) -> String {
    let key = maybeProperties(onKey: entry.0) + key(entry.0)
    guard happens(.explicitKeys, oneIn: 3) || random.oneIn(40) else {
      return "\(key):\(value(entry.1, column: column))"
    }
    let gap = random.oneIn(4) ? trailer(allowsTabs: false) + maybeComment(column + 1) + indent(column + 2) : " "
    if case .raw("") = entry.1, random.oneIn(2) { return "?\(gap)\(key)" + colonTrailer() }
    return "?\(gap)\(key)" + colonTrailer() + maybeComment(column) + indent(column) + ":"
      + explicitValue(entry.1, column: column)
  }

  private mutating func explicitValue(_ tree: Tree, column: Int) -> String {
    let isCollection =
      switch tree {
      case .list(let items): !items.isEmpty
      case .map(let entries): !entries.isEmpty
      default: false
      }
    guard isCollection, random.oneIn(3) else { return value(tree, column: column, allowsTabs: false) }
    return " " + spell(tree, column: column + 2, inFlow: false, leading: true)
  }

  /// A value after its colon; after that of a `? key` no tab may stand.
  private mutating func value(_ tree: Tree, column: Int, allowsTabs: Bool = true) -> String {
    switch tree {
    case .list(let items) where !items.isEmpty && !random.oneIn(flowRate):
      return maybeProperties() + trailer(allowsTabs: allowsTabs)
        + spell(tree, column: column + sequenceOffset, inFlow: false, leading: false)
    case .map(let entries) where !entries.isEmpty && !random.oneIn(flowRate):
      return maybeProperties() + trailer(allowsTabs: allowsTabs)
        + spell(tree, column: column + step, inFlow: false, leading: false)
    case .scalar(let text) where isBlock(text): return maybeProperties() + " " + blockScalar(text, parent: column)
    case .anchored(let name, let inner):
      if case .raw = inner { return " &\(name) \(flow(inner))\(trailer())" }
      guard random.oneIn(2) else { return " &\(name) \(flow(inner))\(trailer())" }
      isAnchored = true
      defer { isAnchored = false }
      return " &\(name)" + value(inner, column: column)
    case .raw(""): return trailer(allowsTabs: allowsTabs)
    case .raw where happens(.blanks, oneIn: 6):
      return trailer(allowsTabs: allowsTabs) + indent(column + random.pick([1, 2, 4])) + flow(tree) + trailer()
    case .raw: return " " + flow(tree) + trailer()
    default: return maybeProperties() + " " + flow(tree, column: column + 1) + trailer()
    }
  }

  private mutating func dash(_ item: Tree, column: Int) -> String {
    let gap = String(repeating: " ", count: dashGap - 1)
    switch item {
    case .map(let entries) where !entries.isEmpty && !random.oneIn(flowRate):
      if random.oneIn(12) {
        return "-" + trailer(allowsTabs: false) + spell(item, column: column + step, inFlow: false, leading: false)
      }
      return "-" + gap + spell(item, column: column + dashGap, inFlow: false, leading: true)
    case .list(let items) where !items.isEmpty && !random.oneIn(flowRate):
      return "-" + gap + spell(item, column: column + dashGap, inFlow: false, leading: true)
    case .anchored(let name, .map(let entries)):
      return "- &\(name)" + trailer() + spell(.map(entries), column: column + step, inFlow: false, leading: false)
    case .scalar(let text) where isBlock(text): return "-" + gap + blockScalar(text, parent: column)
    default: return "-" + gap + flow(item, column: column + 1) + trailer()
    }
  }

  /// True for text over several lines, each of which comes back as it is.
  private func isBlock(_ text: String) -> Bool { text.contains("\n") && !text.contains("\u{85}") }

  private mutating func blockScalar(_ text: String, parent: Int) -> String {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    let breaks = text.reversed().prefix { $0 == "\n" }.count
    if lines.last == "" { lines.removeLast() }
    let chomping = breaks == 0 ? "-" : breaks == 1 ? random.pick(["", "+"]) : "+"
    let column = parent + step
    // A first line that begins with a space would be taken for indentation.
    let isHidden = lines.first { !$0.isEmpty }?.first == " "
    let indicator = isHidden || random.oneIn(5) ? String(step) : ""
    let header = random.pick(["|", "|", ">"]) + (random.oneIn(2) ? indicator + chomping : chomping + indicator)
    let content = lines.map { line in
      let inner = line.replacing("\u{2028}", with: "\u{2028}" + indent(column))
      return (line.isEmpty ? maybeBlanks(upTo: column) : indent(column) + inner) + ending()
    }.joined()
    return header + (random.oneIn(5) ? " # kept" : "") + newline + content
      + (happens(.blanks, oneIn: 4) ? maybeBlanks(upTo: column + 3) + ending() : "")
  }

  // MARK: Flow style

  private mutating func flow(_ tree: Tree, column: Int = 1) -> String {
    if happens(.json, oneIn: 2), let json = json(tree) { return json }
    switch tree {
    case .raw(let text): return text.isEmpty ? "~" : text
    case .scalar(let text): return scalar(text, column: column)
    case .anchored(let name, let inner): return "&\(name) \(flow(inner, column: column))"
    case .list(let items): return bracketed("[", items.map { flow($0, column: column) }, "]", column)
    case .map(let entries):
      return bracketed("{", entries.map { flowEntry($0.0, $0.1, column: column) }, "}", column)
    }
  }

  /// An entry between braces, whose empty value may be left out after its colon or with it.
  private mutating func flowEntry(_ key: String, _ value: Tree, column: Int) -> String {
    let key = flowKey(key)
    guard case .raw("") = value else { return "\(key): \(flow(value, column: column))" }
    let mayEndInColon = key.hasSuffix("\"") || key.hasSuffix("'")
    return key + random.pick([": ~", ": ", ":   ", " ", mayEndInColon ? ":" : ""])
  }

  private mutating func flowKey(_ text: String) -> String {
    let key = maybeProperties(onKey: text) + key(text)
    return happens(.explicitKeys, oneIn: 4) ? "? \(key) " : key
  }

  private mutating func bracketed(_ open: String, _ parts: [String], _ close: String, _ column: Int) -> String {
    let comma = random.oneIn(6) && !parts.isEmpty ? "," : ""
    if happens(.folding, oneIn: 3) {
      let lines = parts.map { indent(column + random.pick([0, 1, 3])) + $0 }
      let separator = (random.oneIn(4) ? " ," : ",") + trailer()
      return open + trailer() + lines.joined(separator: separator) + comma + trailer() + indent(column) + close
    }
    let pad = random.oneIn(3) ? " " : ""
    return open + pad + parts.joined(separator: ", ") + comma + pad + close
  }

  /// The tree as JSON; nil where it has anchors, aliases or spellings of its own.
  private func json(_ tree: Tree) -> String? {
    switch tree {
    case .raw(let text): return ["[]", "{}", "null", "3", "1"].contains(text) ? text : nil
    case .scalar(let text): return quoted(text)
    case .anchored: return nil
    case .list(let items):
      let parts = items.compactMap(json)
      return parts.count == items.count ? "[" + parts.joined(separator: ",") + "]" : nil
    case .map(let entries):
      let parts = entries.compactMap { entry in
        entry.0 == "<<" ? nil : json(entry.1).map { "\(quoted(entry.0)):\($0)" }
      }
      return parts.count == entries.count ? "{" + parts.joined(separator: ",") + "}" : nil
    }
  }

  // MARK: Scalars

  private mutating func key(_ text: String) -> String {
    guard text != "<<" else { return text }
    if happens(.escapes, oneIn: 3) { return escaped(text) }
    switch Int.random(in: 0..<12, using: &random) {
    case 0: return "\"\(text)\""
    case 1: return "'\(text)'"
    case 2 where text.contains("/"): return "\"" + text.split(separator: "/").joined(separator: "\\x2f") + "\""
    default: return text
    }
  }

  private mutating func scalar(_ text: String, column: Int) -> String {
    let isSimple =
      text.unicodeScalars.allSatisfy { !" \n\t,:#\"'\\".unicodeScalars.contains($0) }
      || text == "busybox:1" || text == "yes it is" || text == "réader 🎈"
    if happens(.escapes, oneIn: 3) { return escaped(text) }
    if !isSimple || random.oneIn(4) {
      let isSingle = random.oneIn(3) && !text.contains { $0 == "\n" || $0 == "\u{85}" || $0 == "\u{2028}" }
      return folded(isSingle ? "'" + text.replacing("'", with: "''") + "'" : quoted(text), column: column)
    }
    return folded(text, column: column)
  }

  /// Text broken at one of its spaces, which a reader puts back.
  private mutating func folded(_ text: String, column: Int) -> String {
    let words = text.split(separator: " ", omittingEmptySubsequences: false)
    guard happens(.folding, oneIn: 2), words.count > 1, !words.contains(""), !text.contains("# ") else { return text }
    let place = Int.random(in: 1..<words.count, using: &random)
    let blanks = random.oneIn(3) ? "  " : ""
    return words[..<place].joined(separator: " ") + blanks + ending() + indent(column + random.pick([0, 1, 4]))
      + words[place...].joined(separator: " ")
  }

  private func quoted(_ text: String) -> String {
    "\"" + text.unicodeScalars.map(escape).joined() + "\""
  }

  private func escape(_ scalar: Unicode.Scalar) -> String {
    switch scalar {
    case "\n": "\\n"
    case "\t": "\\t"
    case "\"", "\\": "\\\(scalar)"
    case "\u{85}": "\\u0085"
    case "\u{2028}": "\\u2028"
    default: String(scalar)
    }
  }

  private mutating func escaped(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      let code = String(scalar.value, radix: 16)
      switch Int.random(in: 0..<8, using: &random) {
      case 0 where code.count <= 2: result += "\\x" + String(repeating: "0", count: 2 - code.count) + code
      case 1 where code.count <= 4: result += "\\u" + String(repeating: "0", count: 4 - code.count) + code
      case 2: result += "\\U" + String(repeating: "0", count: 8 - code.count) + code
      default: result += escape(scalar)
      }
    }
    return result + "\""
  }

  // MARK: In between

  /// An anchor that nothing refers to, or a tag that changes nothing.
  private mutating func maybeProperties() -> String {
    guard !isAnchored, happens(.properties, oneIn: 3) else {
      isAnchored = false
      return ""
    }
    anchorCount += 1
    return " &u\(anchorCount)"
  }

  private mutating func maybeProperties(onKey key: String) -> String {
    guard key != "<<", happens(.properties, oneIn: 2) else { return "" }
    anchorCount += 1
    return random.pick(["&k\(anchorCount) ", "!!str ", "&k\(anchorCount) !!str ", "!!str &k\(anchorCount) "])
  }

  private mutating func ending() -> String {
    happens(.mixedBreaks, oneIn: 6) ? random.pick(["\n", "\r\n", "\u{2028}", "\u{2029}", "\u{85}"]) : newline
  }

  private mutating func trailer(allowsTabs: Bool = true) -> String {
    let blanks = allowsTabs ? ["  ", "\t", " \t "] : [" ", "  ", "   "]
    if usesComments, random.oneIn(6) { return random.pick(blanks) + remark() + ending() }
    if happens(.blanks, oneIn: 4) { return random.pick(blanks) + ending() }
    return (allowsTabs && random.oneIn(20) ? "\t" : "") + ending()
  }

  /// What stands after `? key`, where a colon in a comment could be taken for the key's.
  private mutating func colonTrailer() -> String {
    usesComments && random.oneIn(2) ? " # a: b" + ending() : trailer()
  }

  private mutating func remark() -> String {
    random.pick(["# trailing ü", "# a: b", "#", "# - 'x' \"y\" {", "# ? [1], *a &b", "#: |"])
  }

  private mutating func maybeComment(_ column: Int) -> String {
    let blank = happens(.blanks, oneIn: 6) ? maybeBlanks(upTo: 30) + ending() : ""
    return blank + (usesComments && random.oneIn(8) ? comment(random.pick([column, 0, column + 1, 3, 17])) : "")
  }

  private mutating func comment(_ column: Int) -> String {
    random.oneIn(4) ? ending() : indent(column) + "# a remark: with {braces} and - dashes" + ending()
  }

  private mutating func maybeBlanks(upTo column: Int) -> String {
    happens(.blanks, oneIn: 2) ? indent(Int.random(in: 0...column, using: &random)) : ""
  }

  private func indent(_ column: Int) -> String { String(repeating: " ", count: column) }
}

extension String {
  fileprivate var droppingFinalNewline: String {
    var scalars = unicodeScalars
    if scalars.last == "\n" { scalars.removeLast() }
    if scalars.last == "\r" { scalars.removeLast() }
    return String(scalars)
  }
}
