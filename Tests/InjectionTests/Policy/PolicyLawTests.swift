import Foundation
import Injection
import ManifestText
import Output
import TestSupport
import Testing
import VaultInjectCLI
import Workloads

/// What an agent is configured to read, the policy allows; and of the policy no line can be missed.
///
/// The injected text is searched for calls of the agent's functions, and the policy's text for its paths, by a few lines of
/// this file: neither knows how the program reads them.
@Suite struct PolicyLawTests {
  @Test(arguments: ["cases", "config"]) func openbaosPods(_ file: String) throws {
    var count = 0
    for verdict in try Fixtures.jsonLines("openbao/\(file).jsonl") {
      let config = verdict["config"] ?? [:]
      let dialect = OpenBaoDialect(OpenBaoSettings(webhook: config), DialectOptions(isExact: false))
      let law = PolicyLaw(dialect: dialect, namespace: config["Namespace"]?.string)
      count += try law.check(JSONWriter.pretty(#require(verdict["input"])), verdict["name"]?.string ?? "")
    }
    #expect(count > 10)
  }

  @Test(arguments: ["cases", "random", "config"]) func hashicorpsPods(_ file: String) throws {
    var count = 0
    for verdict in try Fixtures.jsonLines("hashicorp/\(file).jsonl") {
      let config = verdict["config"] ?? [:]
      let settings = HashiCorpDialect.Settings(HashiCorpSettings(webhook: config), isExact: false)
      let law = PolicyLaw(dialect: HashiCorpDialect(settings), namespace: config["Namespace"]?.string)
      count += try law.check(JSONWriter.pretty(#require(verdict["input"])), verdict["name"]?.string ?? "")
    }
    #expect(count > 10)
  }

  @Test func talendsPods() throws {
    let law = PolicyLaw(dialect: TalendDialect(TalendDialect.Settings(TalendSettings(), isExact: false)))
    var count = 0
    for verdict in try Fixtures.jsonLines("talend/cases.jsonl") {
      count += try law.check(JSONWriter.pretty(#require(verdict["input"])), verdict["name"]?.string ?? "")
    }
    #expect(count > 100)
  }

  @Test(arguments: Dialects.names) func examples(_ name: String) throws {
    let dialect = try #require(Dialects.all.first { $0.name == name })
      .init(Configuration(), DialectOptions(isExact: false))
    let folder = Fixtures.folder.appending(path: "../../examples").standardized
    let files = try #require(FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil))
    var count = 0
    for case let file as URL in files where ["yaml", "json"].contains(file.pathExtension) {
      count += try PolicyLaw(dialect: dialect).check(Array(Data(contentsOf: file)), file.lastPathComponent)
    }
    #expect(count > 5)
  }

  @Test(arguments: 0..<4) func madePods(_ batch: Int) throws {
    var count = 0
    for seed in batch * 50..<(batch + 1) * 50 {
      var maker = AskingPodMaker(seed: UInt64(seed))
      let dialect = try #require(Dialects.all.first { $0.name == (seed.isMultiple(of: 2) ? "talend" : "hashicorp") })
      let law = PolicyLaw(dialect: dialect.init(Configuration(), DialectOptions(isExact: false)))
      count += try law.check(Array(maker.manifest(for: dialect.name).utf8), "seed \(seed)")
    }
    #expect(count > 100)
  }
}

/// Compares what is injected into the pods of a manifest with their policies.
private struct PolicyLaw {
  let dialect: any ExplainableDialect
  var namespace: String?

  /// - Returns: how many calls were found in what is injected.
  func check(_ bytes: [UInt8], _ name: String) throws -> Int {
    let source = SourceText(name: name, bytes: bytes)
    let injector = Injector(dialects: [dialect], namespace: namespace, policy: FindingPolicy(isExact: true))
      .informed(by: source)
    let documents = try DocumentStream(source).map { try Document($0, of: source) }
    let plans = documents.map { injector.plan(for: $0) }
    guard plans.allSatisfy(\.refusals.isEmpty), plans.contains(where: { !$0.isEmpty }) else { return 0 }
    let results = try plans.map { try $0.result() }
    let calls = try results.reduce(into: Set<AgentCall>()) { try $0.formUnion(AgentCalls.found(in: $1)) }
    let (policies, isWhole) = try policies(of: documents, in: source)
    let injected = try self.policies(of: results, in: source).policies
    #expect(policies.map(\.paths) == injected.map(\.paths), "\(name): what is injected asks for the same")
    // What the agent cannot read is not executed.
    guard isWhole else { return 0 }
    let rules = policies.flatMap(\.rules)
    for call in calls {
      #expect(rules.contains { $0.allows(call) }, "\(name): \(call) is not covered by \(rules)")
    }
    for rule in rules {
      #expect(calls.contains { rule.allows($0) }, "\(name): nothing needs \(rule)")
    }
    return calls.count
  }

  private func policies(
    of documents: [Document], in source: SourceText
  ) throws -> (policies: [PolicyText], isWhole: Bool) {
    let reader = AccessReader(dialects: [dialect], namespace: namespace, policy: FindingPolicy(isExact: true))
      .informed(by: source)
    var draft = PolicyDraft(KVVersions(), PolicyNaming())
    var isWhole = true
    for object in documents.flatMap(reader.read) {
      for pod in object.pods {
        let workload = PolicyWorkload(
          name: object.plan.object?.displayName ?? "", namespace: object.namespace,
          location: Location(file: "x", line: 1, column: 1))
        // A character that does not show is refused.
        let isTaken = (try? draft.add(pod, of: workload) { source.location(of: $0.lowerBound) }) != nil
        isWhole =
          isWhole && isTaken && pod.unknowns.isEmpty
          && pod.requests.allSatisfy { $0.requestedPath?.text.isEmpty == false }
      }
    }
    let papers = PolicyPapers(policies: draft.policies().policies, gaps: [], lifetime: .usual, program: "vault")
    return (papers.files.map { PolicyText($0.text) }, isWhole)
  }
}

/// A call of one of the agent's functions, as a text has it.
private struct AgentCall: Hashable, CustomStringConvertible {
  let path: String
  let capability: String
  var description: String { "\(capability) of \(path)" }
}

private enum AgentCalls {
  /// The calls in everything that the agents of a document are told.
  static func found(in document: Document) throws -> Set<AgentCall> {
    let value = try document.value(of: #require(document.root))
    return texts(of: value, under: "").reduce(into: []) { $0.formUnion(found(in: $1)) }
  }

  /// What stands in the command or the configuration of an agent.
  private static func texts(of value: Value, under key: String) -> [String] {
    switch value {
    case .string(let text): return ["command", "data"].contains(key) ? [heredocs(text)] : []
    case .array(let values): return values.flatMap { texts(of: $0, under: key) }
    case .object(let members):
      if value["name"] == "VAULT_CONFIG" || value["name"] == "BAO_CONFIG", let text = value["value"]?.string {
        return Base64.decoded(text.utf8).flatMap { Value(json: $0) }.map(templates) ?? []
      }
      let isConfigMap = value["kind"] == "ConfigMap"
      return members.filter { $0.key != "annotations" }.flatMap { member in
        isConfigMap && member.key == "data"
          ? (member.value.members ?? []).flatMap { texts(of: $0.value, under: "data") }
          : texts(of: member.value, under: member.key)
      }
    default: return []
    }
  }

  /// A script with the templates that stand in quotes written out.
  private static func heredocs(_ script: String) -> String {
    let mark = "contents = \""
    return script.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      guard let start = line.firstRange(of: mark) else { return String(line) }
      let quoted = line[line.index(before: start.upperBound)...]
      return Value(json: Array(quoted.utf8))?.string ?? String(line)
    }.joined(separator: "\n")
  }

  private static func templates(_ configuration: Value) -> [String] {
    (configuration["template"]?.array ?? []).compactMap { template in
      guard let left = template["left_delimiter"]?.string, let contents = template["contents"]?.string else {
        return nil
      }
      // Only what stands between braces is executed; with other delimiters, between those.
      return left == "{{" ? contents : contents.replacing("{{", with: "").replacing(left, with: "{{")
    }
  }

  private static func found(in text: String) -> [AgentCall] {
    let word = #"(?:"((?:[^"\\\n]|\\.)*)"|`([^`]*)`)"#
    let pattern = "\\{\\{[^}]*?\\b(secrets|secret|pkiCert)\\s+\(word)((?:\\s+\"[^\"]*=[^\"]*\")*)"
    guard let regex = try? NSRegularExpression(pattern: pattern) else { return [] }
    let string = text as NSString
    func part(_ match: NSTextCheckingResult, _ index: Int) -> String {
      let range = match.range(at: index)
      return range.location == NSNotFound ? "" : string.substring(with: range)
    }
    return regex.matches(in: text, range: NSRange(location: 0, length: string.length)).map { match in
      let function = part(match, 1)
      let writes = function == "pkiCert" || !part(match, 4).isEmpty
      let path = part(match, 2).isEmpty ? part(match, 3) : unescaped(part(match, 2))
      return AgentCall(
        path: trimmed(path), capability: function == "secrets" ? "list" : writes ? "update" : "read")
    }
  }

  private static func unescaped(_ text: String) -> String {
    text.replacing("\\\"", with: "\"").replacing("\\\\", with: "\\").replacing("\\t", with: "\t")
  }

  /// Without a query, and without slashes and spaces at its ends.
  private static func trimmed(_ path: String) -> String {
    let query = path.prefix { $0 != "?" && $0 != "#" }
    return query.trimmingCharacters(in: CharacterSet(charactersIn: "/ \t\n\r"))
  }
}

/// A policy as it is written into Vault.
private struct PolicyText {
  struct Rule: CustomStringConvertible {
    let path: String
    let capabilities: [String]
    var description: String { "\(capabilities) at \(path)" }

    /// The second KV engine has `data/` or `metadata/` after its mount, which the agent puts in.
    func allows(_ call: AgentCall) -> Bool {
      guard capabilities.contains(call.capability) else { return false }
      let words = call.path.split(separator: "/", maxSplits: 1)
      let completed = ["data", "metadata"].map { "\(words.first ?? "")/\($0)/\(words.dropFirst().first ?? "")" }
      return path == call.path || completed.contains(path)
    }
  }

  let rules: [Rule]
  var paths: [String] { rules.map(\.path) }

  init(_ text: String) {
    var rules: [Rule] = []
    var path: String?
    for line in text.split(separator: "\n") {
      if line.hasPrefix("path "), line.hasSuffix(" {") {
        path = Value(json: Array(line.dropFirst(5).dropLast(2).utf8))?.string
      } else if line.hasPrefix("  capabilities = "), let found = path {
        let list = Value(json: Array(line.dropFirst("  capabilities = ".count).utf8))?.array ?? []
        rules.append(Rule(path: found, capabilities: list.compactMap(\.string)))
        path = nil
      }
    }
    self.rules = rules
  }
}

/// Makes pods that ask for many things in many spellings.
private struct AskingPodMaker {
  private var random: SeededGenerator

  init(seed: UInt64) { random = SeededGenerator(seed: seed) }

  mutating func manifest(for dialect: String) -> String {
    let kind = random.pick(["Deployment", "StatefulSet", "DaemonSet"])
    let rows = dialect == "talend" ? talend() : hashicorp()
    let annotations = rows.map { "        \($0.0): \(json($0.1))" }.joined(separator: "\n")
    return """
      apiVersion: apps/v1
      kind: \(kind)
      metadata: {name: web-\(Int.random(in: 0..<9, using: &random)), namespace: \(random.pick(["shop", "bank"]))}
      spec:
        template:
          metadata:
            annotations:
      \(annotations)
          spec:
            serviceAccountName: \(random.pick(["web", "worker"]))
            containers:
              - {name: app, image: busybox, command: [sleep, "9"]}

      """
  }

  private func json(_ text: String) -> String { String(decoding: JSONWriter.compact(.string(text)), as: UTF8.self) }

  private mutating func talend() -> [(String, String)] {
    let prefix = "sidecar.vault.talend.org/"
    var rows = [(prefix + "inject", "true"), (prefix + "role", random.pick(["web", "Web.2"]))]
    let count = Int.random(in: 1...4, using: &random)
    if random.oneIn(2) {
      let templates = (0..<count).map { _ in template() }
      rows.append((prefix + "secrets-template", templates.joined(separator: "\n---\n")))
      rows += [("com.talend.unused", "x"), (prefix + "secrets-path", "secret/unused")]
    } else {
      rows.append((prefix + "secrets-path", (0..<count).map { _ in path() }.joined(separator: ",")))
    }
    rows.append((prefix + "secrets-destination", (0..<count).map { "f\($0)" }.joined(separator: ",")))
    if rows.contains(where: { $0.0.hasSuffix("secrets-template") }) { rows.removeAll { $0.0 == "com.talend.unused" } }
    return rows
  }

  private mutating func hashicorp() -> [(String, String)] {
    let prefix = "vault.hashicorp.com/"
    var rows = [(prefix + "agent-inject", "true"), (prefix + "role", random.pick(["web", "web+x"]))]
    for index in 0..<Int.random(in: 1...5, using: &random) {
      if random.oneIn(2) {
        rows.append((prefix + "agent-inject-template-\(index)", template()))
      } else {
        rows.append((prefix + "agent-inject-secret-\(index)", path()))
      }
    }
    if random.oneIn(4) { rows.append((prefix + "agent-inject-default-template", "json")) }
    return rows
  }

  private mutating func path() -> String {
    let part = random.pick(["a", "b-c", "team/x", "${v}", "%{v}", "data", "it's", "x y", "é", "$(id)", "a.b"])
    return random.pick(["secret/", "kv/data/", "database/creds/", "pki/cert/", "/kv/", "deep/er/kv/"]) + part
      + random.pick(["", "", "", "?version=2", "/", "/end"])
  }

  private mutating func template() -> String {
    let path = path()
    return random.pick([
      "{{ with secret \"\(path)\" }}{{ .Data.data.x }}{{ end }}",
      "{{- with secret `\(path)` -}}{{ .Data.x }}{{ end }}",
      "{{ range secrets \"\(path)\" }}{{ . }}{{ end }}",
      "{{ with secret \"\(path)\" \"common_name=a\" \"ttl=1h\" }}{{ .Data.x }}{{ end }}",
      "{{ with pkiCert \"pki/issue/web\" \"common_name=a\" }}{{ .Cert }}{{ end }}",
      "{{ if true }}{{ with secret \"\(path)\" }}{{ .Data.x }}{{ end }}{{ else }}no{{ end }}",
      "{{ $s := secret \"\(path)\" }}{{ $s.Data.a }}",
    ])
  }
}
