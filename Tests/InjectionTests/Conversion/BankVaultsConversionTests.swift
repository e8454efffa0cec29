import Foundation
import Injection
import ManifestText
import TestSupport
import Testing
import Workloads

/// What Bank-Vaults' webhook reads, converted: the same but for that, and the same variables once it is injected.
@Suite struct BankVaultsConversionTests {
  /// A variable, and of what it is made.
  fileprivate struct Variable: Hashable, CustomStringConvertible {
    let container, name, path, field: String

    init(container: String, name: String, path: String, field: String) {
      (self.container, self.name, self.path, self.field) = (container, name, path, field)
    }

    init(_ variable: BankVaultsPodGenerator.Variable) {
      self.init(container: variable.container, name: variable.name, path: variable.path, field: variable.field)
    }

    var description: String { "\(container): \(name)=\(path)#\(field)" }
  }

  private static let hashicorp = HashiCorpDialect(HashiCorpDialect.Settings(HashiCorpSettings(), isExact: false))

  @Test(arguments: 0..<4) func generatedPods(_ batch: Int) throws {
    var converted = 0
    for seed in batch * 100..<(batch + 1) * 100 {
      var generator = BankVaultsPodGenerator(seed: UInt64(seed))
      converted += try check(generator.pod(), "seed \(seed)") ? 1 : 0
    }
    #expect(converted > 40)
  }

  /// Converts a manifest, injects it and takes that out again; false where it is not converted.
  private func check(_ pod: BankVaultsPodGenerator.Pod, _ name: String) throws -> Bool {
    let source = SourceText(name: name, bytes: Array(pod.text.utf8))
    let document = try #require(try Array(DocumentStream(source)).map { try Document($0, of: source) }.first)
    let conversion = BankVaultsConversion(to: Self.hashicorp).informed(by: source)
    let plan = conversion.plan(for: document)
    #expect(plan.refusals.isEmpty != pod.isLost, "\(name): \(plan.refusals.map(\.message))\n\(pod.text)")
    guard plan.refusals.isEmpty, !plan.isEmpty else {
      #expect(pod.isLost || pod.variables.isEmpty && !pod.asksForAll, "\(name): left as it is\n\(pod.text)")
      return false
    }
    let result = try plan.result()
    let text = String(decoding: result.source.bytes, as: UTF8.self)
    let before = try document.value(of: #require(document.root))
    let after = try result.value(of: #require(result.root))
    let patched = try JSONPatchApplier.apply(plan.objects.flatMap(plan.operations), to: before)
    expectEqual(after.sorted, patched.sorted, "\(name): two roads")
    #expect(conversion.plan(for: result).isEmpty, "\(name): converted again\n\(text)")
    #expect(pod.keptLines.allSatisfy { text.contains($0) }, "\(name): what has to stay\n\(text)")
    try expectInjection(of: result, pod, "\(name)\n\(text)")
    return true
  }

  private func expectInjection(of document: Document, _ pod: BankVaultsPodGenerator.Pod, _ name: String) throws {
    let plan = Injector(dialects: [Self.hashicorp]).plan(for: document)
    #expect(plan.refusals.isEmpty, "\(name): \(plan.refusals.map(\.message))")
    guard plan.refusals.isEmpty else { return }
    let injected = try plan.result()
    let value = try injected.value(of: #require(injected.root))
    #expect(Self.variables(ofInjected: value) == Set(pod.variables.map { Variable($0) }), "\(name)")
    let undone = try Uninjector(dialects: [Self.hashicorp]).plan(for: injected).result()
    #expect(undone.source.bytes[undone.range] == document.source.bytes[document.range], "\(name): undone")
  }

  /// What the agent of an injected pod makes variables of, as its templates say.
  private static func variables(ofInjected pod: Value) -> Set<Variable> {
    let containers = (pod["spec"]?["initContainers"]?.array ?? []) + (pod["spec"]?["containers"]?.array ?? [])
    var files: [String: String] = [:]
    for file in RenderedFile.files(of: pod) { files[file.destination] = file.contents }
    var found: Set<Variable> = []
    for container in containers {
      let words = (container["command"]?.array ?? []).compactMap(\.string).joined(separator: " ")
      for (file, contents) in files where "\(words) ".contains(". \(file) ") {
        found.formUnion(variables(of: contents, in: container["name"]?.string ?? ""))
      }
    }
    return found
  }

  private static func variables(of template: String, in container: String) -> [Variable] {
    template.components(separatedBy: "{{ with secret \"").dropFirst().compactMap { part in
      let path = part.prefix { $0 != "\"" }
      guard let start = part.range(of: "set -- '") else { return nil }
      let name = part[start.upperBound...].prefix { $0 != "=" }
      guard let index = part.range(of: "index $d \"", options: .backwards), !name.hasPrefix("{{") else {
        return Variable(container: container, name: "*", path: String(path), field: "*")
      }
      return Variable(
        container: container, name: String(name), path: String(path),
        field: String(part[index.upperBound...].prefix { $0 != "\"" }))
    }
  }
}

/// Pods as they are written for Bank-Vaults' webhook, with what has to come of them.
struct BankVaultsPodGenerator {
  struct Variable { let container, name, path, field: String }

  struct Pod {
    var text = ""
    /// What its containers have to get.
    var variables: [Variable] = []
    /// What has to stand in the converted text as it is.
    var keptLines: [String] = []
    /// True where something cannot be had otherwise.
    var isLost = false
    var asksForAll = false
  }

  private var state: UInt64

  init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 1 }

  private mutating func below(_ bound: Int) -> Int {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return Int(state % UInt64(bound))
  }

  mutating func pod() -> Pod {
    var pod = Pod()
    var (annotations, containers) = ([String](), [(list: String, name: String, lines: [String])]())
    let hasInit = below(3) == 0
    for name in (hasInit ? ["prepare"] : []) + ["app", "proxy"].prefix(1 + below(2)) {
      var lines: [String] = []
      for number in 0..<below(4) { lines += variable("V\(number)", in: name, &pod) }
      containers.append((name == "prepare" ? "initContainers" : "containers", name, lines))
    }
    for annotation in [
      "vault-addr: \"https://vault:8200\"   # where", "vault-role: web", "vault-path: team/kubernetes",
      "vault-skip-verify: \"true\"", "vault-tls-secret: vault-tls", "enable-json-log: 'true'",
      "vault-env-image: program:1", "vault-namespace: team", "run-as-user: \"1000\"", "vault-env-daemon: \"true\"",
    ] where below(3) == 0 {
      annotations.append("    vault.security.banzaicloud.io/\(annotation)")
    }
    if below(4) == 0 {
      annotations.append("    vault.security.banzaicloud.io/vault-env-from-path: secret/data/all,secret/data/old#7")
      (pod.asksForAll, pod.isLost) = (true, pod.isLost || hasInit)
      for container in containers where container.list == "containers" {
        for path in ["secret/data/all", "secret/data/old?version=7"] {
          pod.variables.append(Variable(container: container.name, name: "*", path: path, field: "*"))
        }
      }
    }
    if below(2) == 0 { annotations.append("    team: crew   # stays") }
    if annotations.last?.contains("crew") ?? false { pod.keptLines.append("    team: crew   # stays") }
    pod.text = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\n"
    if !annotations.isEmpty { pod.text += "  annotations:\n" + annotations.joined(separator: "\n") + "\n" }
    pod.text += "spec:\n"
    for list in ["initContainers", "containers"] {
      let own = containers.filter { $0.list == list }
      if !own.isEmpty { pod.text += "  \(list):\n" }
      for container in own {
        pod.text += "  - name: \(container.name)\n    command: [/app]\n"
        if !container.lines.isEmpty { pod.text += "    env:\n" + container.lines.joined(separator: "\n") + "\n" }
      }
    }
    return pod
  }

  /// The lines of one variable, whose meaning is noted.
  private mutating func variable(_ name: String, in container: String, _ pod: inout Pod) -> [String] {
    func add(_ path: String, _ field: String) {
      pod.variables.append(Variable(container: container, name: name, path: path, field: field))
    }
    let value: String
    switch below(16) {
    case 0...4:
      value = "vault:secret/data/db#password"
      pod.keptLines.append("      value: \(value)   # kept")
      add("secret/data/db", "password")
    case 5:
      value = "vault:secret/data/db#password#12"
      add("secret/data/db?version=12", "password")
    case 6:
      value = "\"${vault:database/creds/web#username}\""
      add("database/creds/web", "username")
    case 7:
      value = "vault:secret/data/db#${.host}"
      add("secret/data/db", "host")
    case 8...13: value = ["vault:8200", "plain", "\"{{ vault: no }}\""][below(3)]
    case 14: value = "vault:secret/data/db#${.host | b64dec}"
    default: value = ["\">>vault:gen/password#value\"", "vault:login", "\"a ${vault:secret/data/a#b}\""][below(3)]
    }
    if value.contains("b64dec") || value.contains(">>") || value.contains("login") || value.hasPrefix("\"a ") {
      pod.isLost = true
    }
    return ["    - name: \(name)", "      value: \(value)   # kept"]
  }
}
