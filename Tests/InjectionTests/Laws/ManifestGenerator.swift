/// Random numbers that are the same on every machine (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64
  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// True once in so many times.
  mutating func oneIn(_ count: Int) -> Bool { Int.random(in: 0..<count, using: &self) == 0 }
  mutating func pick<T>(_ values: [T]) -> T { values[Int.random(in: 0..<values.count, using: &self)] }
}

/// Writes random annotated workloads in random spellings.
struct ManifestGenerator {
  /// Whose annotations the workloads carry.
  enum Language { case talend, hashicorp }

  private let language: Language
  private var random: SeededGenerator
  private let newline: String
  private let step: Int
  private let sequenceOffset: Int
  private let dashGap: Int
  private let usesComments: Bool
  private let flowRate: Int

  init(seed: UInt64, language: Language = .talend) {
    self.language = language
    random = SeededGenerator(seed: seed)
    newline = random.oneIn(5) ? "\r\n" : "\n"
    step = random.pick([2, 2, 2, 3, 4, 8])
    sequenceOffset = random.oneIn(2) ? 0 : step
    dashGap = random.pick([2, 2, 2, 4])
    usesComments = random.oneIn(2)
    flowRate = random.pick([4, 8, 100])
  }

  /// A node to be spelt.
  private indirect enum Tree {
    case scalar(String)
    case list([Tree])
    case map([(String, Tree)])
    case raw(String)
    case anchored(String, Tree)
  }

  /// One document, with everything around it that YAML allows.
  mutating func document() -> String {
    var text = ""
    if random.oneIn(12) { text += "\u{FEFF}" }
    if random.oneIn(10) {
      text += "%YAML 1.1\(newline)---\(newline)"
    } else if random.oneIn(4) {
      text += "---\(newline)"
    }
    if random.oneIn(4) { text += "# Ω a header, with 🎉 in it\(newline)" }
    text += spell(.map(workload()), column: 0, inFlow: false, leading: false)
    if random.oneIn(4) { text += comment(0) }
    if random.oneIn(6) { text += "...\(newline)" }
    if random.oneIn(4), !text.hasSuffix("...\(newline)") { text = text.droppingFinalNewline }
    return text
  }

  // MARK: What it says

  private mutating func workload() -> [(String, Tree)] {
    let annotations = annotations()
    let shared = random.oneIn(6)
    var metadata: [(String, Tree)] = [("name", .scalar("web"))]
    if shared { metadata.append(("annotations", .anchored("ann", .map(annotations)))) }
    var templateMetadata: [(String, Tree)] = [
      ("labels", .map([("com.talend.application", .scalar("shop")), ("com.talend.service", .scalar("cart"))]))
    ]
    let merged = shared && random.oneIn(2)
    let own: Tree =
      shared
      ? (merged ? .map([("<<", .raw("*ann")), ("more", .scalar("yes it is"))]) : .raw("*ann"))
      : .map(annotations)
    templateMetadata.append(("annotations", own))
    if random.oneIn(2) { templateMetadata.reverse() }
    let template: Tree = .map([("metadata", .map(templateMetadata)), ("spec", .map(podSpec()))])
    return [
      ("apiVersion", .scalar("apps/v1")), ("kind", .scalar("Deployment")), ("metadata", .map(metadata)),
      ("spec", .map([("replicas", .raw("3")), ("template", template)])),
    ]
  }

  private mutating func annotations() -> [(String, Tree)] {
    var rows = language == .talend ? talendAnnotations() : hashicorpAnnotations()
    if random.oneIn(3) { rows.append(("note", block())) }
    return rows.shuffled(using: &random)
  }

  private mutating func hashicorpAnnotations() -> [(String, Tree)] {
    let prefix = "vault.hashicorp.com/"
    var rows: [(String, Tree)] = [(prefix + "agent-inject", .raw("\"true\"")), (prefix + "role", .scalar("réader 🎈"))]
    if random.oneIn(2) { rows.append((prefix + "agent-inject-secret-db", .scalar("database/creds/web"))) }
    if random.oneIn(3) { rows.append((prefix + "agent-inject-template-cfg", block())) }
    if random.oneIn(3) { rows.append((prefix + "agent-init-first", .raw("'t'"))) }
    if random.oneIn(4) { rows.append((prefix + "secret-volume-path-db", .scalar("/db"))) }
    if random.oneIn(4) { rows.append((prefix + "agent-share-process-namespace", .raw("\"true\""))) }
    if random.oneIn(4) { rows.append((prefix + "agent-copy-volume-mounts", .scalar("app-0"))) }
    if random.oneIn(4) { rows.append((prefix + "agent-native-sidecar", .raw("\"true\""))) }
    if random.oneIn(4) { rows.append((prefix + "agent-cache-enable", .raw("'TRUE'"))) }
    if random.oneIn(5) { rows.append((prefix + "agent-pre-populate-only", .raw("\"true\""))) }
    if random.oneIn(5) { rows.append((prefix + "agent-inject-status", .scalar("pending"))) }
    return rows
  }

  private mutating func talendAnnotations() -> [(String, Tree)] {
    let prefix = "sidecar.vault.talend.org/"
    var rows: [(String, Tree)] = [(prefix + "inject", .raw("\"true\""))]
    if random.oneIn(3) { rows.append((prefix + "role", .scalar("réader 🎈"))) }
    if random.oneIn(3) { rows.append((prefix + "mode", .scalar(random.pick(["secrets", "proxy", "secrets,proxy"])))) }
    if random.oneIn(4) { rows.append((prefix + "secrets-hook", .raw("'yes'"))) }
    if random.oneIn(5) { rows.append((prefix + "status", .scalar("pending"))) }
    return rows
  }

  private mutating func podSpec() -> [(String, Tree)] {
    var spec: [(String, Tree)] = [("containers", containers("app"))]
    if random.oneIn(3) { spec.append(("initContainers", random.oneIn(3) ? empty() : containers("init"))) }
    if random.oneIn(2) { spec.append(("volumes", random.oneIn(3) ? empty() : volumes())) }
    if random.oneIn(3) { spec.append(("serviceAccountName", .scalar("sa"))) }
    return spec.shuffled(using: &random)
  }

  private mutating func containers(_ name: String) -> Tree {
    var list: [Tree] = []
    let mounts = "mounts\(name)"
    let sharesMounts = random.oneIn(4)
    for index in 0..<random.pick([1, 1, 2, 3]) {
      var container: [(String, Tree)] = [("name", .scalar("\(name)-\(index)")), ("image", .scalar("busybox:1"))]
      if sharesMounts {
        container.append(("volumeMounts", index == 0 ? .anchored(mounts, mountList()) : .raw("*\(mounts)")))
      } else if random.oneIn(2) {
        container.append(("volumeMounts", random.oneIn(3) ? empty() : mountList()))
      }
      if random.oneIn(3) { container.append(("command", .list([.scalar("sh"), .scalar("-c"), block()]))) }
      if random.oneIn(4) {
        container.append(
          ("lifecycle", .map([("postStart", .map([("exec", .map([("command", .list([.scalar("a")]))]))]))])))
      }
      if random.oneIn(4) { container.append(("args", .list([block()]))) }
      container = [container[0]] + container.dropFirst().shuffled(using: &random)
      list.append(.map(container))
    }
    if random.oneIn(8) {
      list[0] = .anchored("first\(name)", list[0])
      list.append(.map([("<<", .raw("*first\(name)")), ("name", .scalar("\(name)-merged"))]))
    }
    return .list(list)
  }

  private func mountList() -> Tree {
    .list([.map([("name", .scalar("data")), ("mountPath", .scalar("/data"))])])
  }

  private mutating func volumes() -> Tree {
    .list([.map([("name", .scalar("data")), ("emptyDir", .raw("{}"))])])
  }

  private mutating func empty() -> Tree { .raw(random.pick(["", "null", "~", "[]", "[ ]"])) }

  /// Text over several lines, which a block scalar may hold.
  private mutating func block() -> Tree {
    .scalar(random.pick(["echo a\necho b\n", "x\n\n  y", "last\n\n", "# no comment\n", "a: b\n- c\n", "tab\there\n"]))
  }

  // MARK: How it is spelt

  private mutating func spell(_ tree: Tree, column: Int, inFlow: Bool, leading: Bool) -> String {
    switch tree {
    case .raw(let text): return text
    case .scalar(let text): return scalar(text, inFlow: inFlow)
    case .anchored(let name, let inner):
      return "&\(name) " + flow(inner)
    case .list(let items):
      if inFlow || items.isEmpty { return flow(tree) }
      return items.map { dash($0, column: column) }.joined()
    case .map(let entries):
      if inFlow || entries.isEmpty { return flow(tree) }
      return entries.enumerated().map { index, entry in
        (index == 0 && leading ? "" : maybeComment(column) + indent(column)) + self.entry(entry, column: column)
      }.joined()
    }
  }

  private mutating func entry(_ entry: (String, Tree), column: Int) -> String {
    let key = key(entry.0)
    if random.oneIn(30), case .scalar = entry.1 {
      return "? \(key)\(newline)\(indent(column)): \(flow(entry.1))\(newline)"
    }
    return "\(key):\(value(entry.1, column: column))"
  }

  private mutating func value(_ tree: Tree, column: Int) -> String {
    switch tree {
    case .list(let items) where !items.isEmpty && !random.oneIn(flowRate):
      return trailer() + spell(tree, column: column + sequenceOffset, inFlow: false, leading: false)
    case .map(let entries) where !entries.isEmpty && !random.oneIn(flowRate):
      return trailer() + spell(tree, column: column + step, inFlow: false, leading: false)
    case .scalar(let text) where text.contains("\n"): return " " + blockScalar(text, parent: column)
    case .anchored(let name, let inner):
      if case .raw = inner { return " &\(name) \(flow(inner))\(trailer())" }
      guard random.oneIn(2) else { return " &\(name) \(flow(inner))\(trailer())" }
      return " &\(name)" + value(inner, column: column)
    case .raw(""): return trailer()
    default: return " " + flow(tree) + trailer()
    }
  }

  private mutating func dash(_ item: Tree, column: Int) -> String {
    let head = maybeComment(column) + indent(column) + "-"
    let gap = String(repeating: " ", count: dashGap - 1)
    switch item {
    case .map(let entries) where !entries.isEmpty && !random.oneIn(flowRate):
      if random.oneIn(12) { return head + newline + spell(item, column: column + step, inFlow: false, leading: false) }
      return head + gap + spell(item, column: column + dashGap, inFlow: false, leading: true)
    case .anchored(let name, .map(let entries)):
      return head + " &\(name)" + newline + spell(.map(entries), column: column + step, inFlow: false, leading: false)
    case .scalar(let text) where text.contains("\n"): return head + gap + blockScalar(text, parent: column)
    default: return head + gap + flow(item) + trailer()
    }
  }

  private mutating func blockScalar(_ text: String, parent: Int) -> String {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    let breaks = text.reversed().prefix { $0 == "\n" }.count
    if lines.last == "" { lines.removeLast() }
    let chomping = breaks == 0 ? "-" : breaks == 1 ? random.pick(["", "+"]) : "+"
    let column = parent + step
    let header = "|" + (random.oneIn(5) ? String(step) : "") + chomping + (random.oneIn(5) ? " # kept" : "")
    return header + newline + lines.map { ($0.isEmpty ? "" : indent(column) + $0) + newline }.joined()
  }

  private mutating func flow(_ tree: Tree) -> String {
    switch tree {
    case .raw(let text): return text.isEmpty ? "~" : text
    case .scalar(let text): return scalar(text, inFlow: true)
    case .anchored(let name, let inner): return "&\(name) \(flow(inner))"
    case .list(let items): return bracketed("[", items.map { flow($0) }, "]")
    case .map(let entries): return bracketed("{", entries.map { "\(key($0.0)): \(flow($0.1))" }, "}")
    }
  }

  private mutating func bracketed(_ open: String, _ parts: [String], _ close: String) -> String {
    let pad = random.oneIn(3) ? " " : ""
    let comma = random.oneIn(6) && !parts.isEmpty ? "," : ""
    return open + pad + parts.joined(separator: ", ") + comma + pad + close
  }

  private mutating func key(_ text: String) -> String {
    guard text != "<<" else { return text }
    switch Int.random(in: 0..<12, using: &random) {
    case 0: return "\"\(text)\""
    case 1: return "'\(text)'"
    case 2 where text.contains("/"): return "\"" + text.split(separator: "/").joined(separator: "\\x2f") + "\""
    default: return text
    }
  }

  private mutating func scalar(_ text: String, inFlow: Bool) -> String {
    let needsQuotes = text.contains("\n") || text.contains(",") || text.contains(": ") || text.contains("#")
    if needsQuotes || random.oneIn(4) {
      let escaped = text.map { $0 == "\n" ? "\\n" : $0 == "\t" ? "\\t" : String($0) }.joined()
      return "\"\(escaped)\""
    }
    return text
  }

  private mutating func trailer() -> String {
    if usesComments, random.oneIn(6) { return "  # trailing ü\(newline)" }
    return (random.oneIn(20) ? "\t" : "") + newline
  }

  private mutating func maybeComment(_ column: Int) -> String {
    usesComments && random.oneIn(8) ? comment(random.pick([column, 0, column + 1])) : ""
  }

  private mutating func comment(_ column: Int) -> String {
    random.oneIn(4) ? newline : indent(column) + "# a remark: with {braces} and - dashes\(newline)"
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
