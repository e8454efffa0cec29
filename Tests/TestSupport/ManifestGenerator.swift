/// Writes random annotated workloads in random spellings: here is what they say, in `ManifestSpelling` how.
public struct ManifestGenerator {
  /// Whose annotations the workloads carry.
  public enum Language: Sendable {
    case talend, hashicorp, openbao
    /// HashiCorp's, with secrets in the environment.
    case variables
  }

  /// A node to be spelt.
  indirect enum Tree {
    case scalar(String)
    case list([Tree])
    case map([(String, Tree)])
    case raw(String)
    case anchored(String, Tree)
  }

  private let language: Language
  private var random: SeededGenerator
  private var spelling: ManifestSpelling

  /// Begins the documents that belong to a seed.
  public init(seed: UInt64, language: Language = .talend) {
    self.language = language
    random = SeededGenerator(seed: seed)
    spelling = ManifestSpelling(seed: random.next())
  }

  /// One document, with everything around it that YAML allows.
  public mutating func document() -> String { spelling.document(workload()) }

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
    var parts: [(String, Tree)] = [("metadata", .map(templateMetadata)), ("spec", .map(podSpec()))]
    if !shared, random.oneIn(4) { parts.reverse() }
    let template: Tree = .map(parts)
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
    let prefix = language == .openbao ? "openbao.org/" : "vault.hashicorp.com/"
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
    return language == .variables ? rows + variableAnnotations() : rows
  }

  private mutating func variableAnnotations() -> [(String, Tree)] {
    let prefix = "vault.hashicorp.com/"
    var rows: [(String, Tree)] = [(prefix + "agent-inject-secret-env", .scalar("secret/data/größe \"x\""))]
    let choices: [Tree] = [
      .raw("\"true\""), .scalar("DB_"), .scalar("A=b"), .scalar("A=größe, B=it's ,C=c|base64Decode"),
    ]
    if random.oneIn(2) { rows.append((prefix + "agent-inject-env-env", random.pick(choices))) }
    if random.oneIn(3) { rows.append((prefix + "agent-inject-env", .raw("\"true\""))) }
    if random.oneIn(4) { rows.append((prefix + "agent-inject-file-env", .scalar("e.env"))) }
    if random.oneIn(4) { rows.append((prefix + "agent-inject-containers", .scalar("app-0"))) }
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
    if random.oneIn(8) { spec.append(("securityContext", .raw(""))) }
    if random.oneIn(8) {
      spec.append(("matrix", .list([.list([.scalar("a"), block()]), .list([.list([.raw("1")])])])))
    }
    if random.oneIn(8) { spec.append(("note", sentence())) }
    return spec.shuffled(using: &random)
  }

  private mutating func containers(_ name: String) -> Tree {
    var list: [Tree] = []
    let mounts = "mounts\(name)"
    let sharesMounts = random.oneIn(4)
    let sharesLifecycle = random.oneIn(6)
    for index in 0..<random.pick([1, 1, 2, 3]) {
      var container: [(String, Tree)] = [("name", .scalar("\(name)-\(index)")), ("image", .scalar("busybox:1"))]
      if sharesMounts {
        container.append(("volumeMounts", index == 0 ? .anchored(mounts, mountList()) : .raw("*\(mounts)")))
      } else if random.oneIn(2) {
        container.append(("volumeMounts", random.oneIn(3) ? empty() : mountList()))
      }
      if random.oneIn(3) { container.append(("command", .list([.scalar("sh"), .scalar("-c"), block()]))) }
      if sharesLifecycle {
        let isFirst = index == 0
        container.append(("lifecycle", isFirst ? .anchored("hook\(name)", lifecycle()) : .raw("*hook\(name)")))
      } else if random.oneIn(4) {
        container.append(("lifecycle", random.oneIn(4) ? .raw("") : lifecycle()))
      }
      if random.oneIn(4) { container.append(("args", .list([block()]))) }
      if random.oneIn(4) { container.append(("env", environment())) }
      container = [container[0]] + container.dropFirst().shuffled(using: &random)
      list.append(.map(container))
    }
    if random.oneIn(8) {
      list[0] = .anchored("first\(name)", list[0])
      list.append(.map([("<<", .raw("*first\(name)")), ("name", .scalar("\(name)-merged"))]))
    }
    return .list(list)
  }

  private func lifecycle() -> Tree {
    .map([("postStart", .map([("exec", .map([("command", .list([.scalar("a")]))]))]))])
  }

  private mutating func environment() -> Tree {
    if language == .variables {
      let value = random.pick(["vault:secret/data/a#b", "vault:kv/x#two words", "vault:8200", "vault:secret/a"])
      return .list([.map([("name", .scalar("A")), ("value", .scalar(value))])])
    }
    return .list([
      .map([("name", .scalar("A")), ("value", random.oneIn(3) ? block() : sentence())]),
      .map([("name", .scalar("B")), ("value", .raw(""))]),
    ])
  }

  /// Text that can be folded over several lines.
  private mutating func sentence() -> Tree {
    .scalar(
      random.pick(["yes it is", "one two, three", "a: b # c", "say \"hi\" to 'them'", "back\\slash and tab\there"]))
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
    .scalar(
      random.pick([
        "echo a\necho b\n", "x\n\n  y", "last\n\n", "# no comment\n", "a: b\n- c\n", "tab\there\n",
        " leading\n", "x\n ", "x\n   \n", " ", "\n \n", "\n\nlate\n", "wide\u{2028}line\u{85}\n",
        "blank at the end \n\n \n",
      ]))
  }
}
