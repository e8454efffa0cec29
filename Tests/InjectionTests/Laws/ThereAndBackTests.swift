import Foundation
import Injection
import ManifestText
import TestSupport
import Testing
import Workloads

/// Law 11: what was applied to an API server and read back is recognised.
@Suite struct ThereAndBackTests {
  private static let modes = [Sidecars.container, .native]

  private static func dialects(_ sidecars: Sidecars, isExact: Bool = false) -> [any Dialect] {
    var talend = TalendSettings()
    talend.sidecars = sidecars
    var hashicorp = HashiCorpSettings()
    hashicorp.sidecars = sidecars
    var openbao = OpenBaoSettings()
    openbao.agents.sidecars = sidecars
    return [
      TalendDialect(TalendDialect.Settings(talend, isExact: isExact)),
      HashiCorpDialect(HashiCorpDialect.Settings(hashicorp, isExact: isExact)),
      OpenBaoDialect(openbao, DialectOptions(isExact: isExact)),
    ]
  }

  // MARK: Recordings

  struct Recording: Sendable, CustomStringConvertible {
    let description: String
    let sidecars: Sidecars
    let applied: Value
    let stored: Value

    static let all: [Recording] = {
      let folder = Fixtures.folder.appending(path: "kube-apiserver/stored")
      let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
      return names.sorted().compactMap { name in
        guard let source = try? Fixtures.source("kube-apiserver/stored/\(name)"),
          let value = try? Fixtures.value(source.bytes, name: name), let applied = value["applied"],
          let stored = value["stored"], let sidecars = value["sidecars"]?.string.flatMap(Sidecars.init)
        else { return nil }
        return Recording(description: name, sidecars: sidecars, applied: applied, stored: stored)
      }
    }()
  }

  @Test func everyRecordingIsThere() { #expect(Recording.all.count == 38) }

  /// What the first version injected keeps being known, and is refreshed.
  @Test(arguments: Recording.all) func firstVersionIsRecognised(_ recording: Recording) throws {
    // Its default for HashiCorp's pods was what `auto` is now.
    let isHashiCorps = recording.description.hasPrefix("hashicorp")
    let sidecars = isHashiCorps && recording.sidecars == .container ? .auto : recording.sidecars
    let injector = Injector(dialects: Self.dialects(sidecars))
    let plan = injector.plan(for: try document(recording.stored, recording.description))
    #expect(plan.refusals.map(\.message) == [])
    for object in plan.objects {
      switch object.outcome {
      case .unchanged(.alreadyInjected):
        // A configuration from a config map is not brought by the variable that the agents now start with.
        #expect(isHashiCorps && recording.description.contains("configmap"))
      case .refreshed(let changes):
        // Volumes that the pod has no use for.
        let surplus = isHashiCorps ? [] : ["secrets", "tvsi-shared", "tvsi-sa-token"]
        #expect(changes.added == [] && changes.removed.allSatisfy(surplus.contains), "\(changes)")
      default: Issue.record("\(object.outcome)")
      }
    }
  }

  @Test(arguments: Recording.all) func firstVersionIsTakenOut(_ recording: Recording) throws {
    let uninjector = Uninjector(dialects: Self.dialects(recording.sidecars))
    let original = try result(of: uninjector, on: recording.applied, recording.description)
    let taken = try result(of: uninjector, on: recording.stored, recording.description)
    var form = ServerForm()
    expectEqual(pods(of: taken).sorted, pods(of: form.object(original)).sorted, recording.description)
  }

  /// The model of the server agrees with what a real one made of what it was given.
  @Test(arguments: Recording.all) func modelAgrees(_ recording: Recording) {
    var form = ServerForm()
    let made = pods(of: form.object(recording.applied))
    expectEqual(made.sorted, pods(of: recording.stored).sorted, recording.description)
  }

  // MARK: Examples and generated manifests

  private static let examples: [String] = {
    let root = Fixtures.folder.deletingLastPathComponent().deletingLastPathComponent()
    return ["examples", "examples/hashicorp", "examples/openbao"].flatMap { folder -> [String] in
      let names = (try? Fixtures.manifests(in: root.appending(path: folder))) ?? []
      return names.map { "\(folder)/\($0)" }
    }
  }()

  @Test(arguments: examples, modes) func examplesAreRecognised(_ path: String, _ sidecars: Sidecars) throws {
    let root = Fixtures.folder.deletingLastPathComponent().deletingLastPathComponent()
    let source = SourceText(name: path, bytes: Array(try Data(contentsOf: root.appending(path: path))))
    for piece in try DocumentStream(source) {
      let document = try Document(piece, of: source)
      guard let node = document.root else { continue }
      let dialects = Self.dialects(sidecars)
      let original = try document.value(of: node)
      let plan = Injector(dialects: dialects).plan(for: document)
      guard plan.refusals.isEmpty, !plan.isEmpty else { continue }
      let injected = try plan.result()
      let value = try injected.value(of: #require(injected.root))
      try expectRecognised(value, original, dialects, seed: nil, "\(path) \(sidecars)")
      for seed: UInt64 in 0..<4 {
        try expectRecognised(value, original, dialects, seed: seed, "\(path) \(sidecars) \(seed)")
      }
      expectSpeltAsStored(value, path)
    }
  }

  @Test(arguments: 0..<4) func generatedManifestsAreRecognised(_ batch: Int) throws {
    var injected = 0
    for seed in batch * 40..<(batch + 1) * 40 {
      let language: ManifestGenerator.Language = [.talend, .hashicorp, .talend, .openbao][seed % 4]
      if try isRecognised(seed, language, Self.dialects(seed % 4 < 2 ? .container : .native)) { injected += 1 }
    }
    #expect(injected > 35)
  }

  @Test func generatedVariablesAreRecognised() throws {
    let injected = try (0..<80).filter { seed in
      try isRecognised(seed, .variables, [LawTests.withVariables(seed % 4 < 2 ? .container : .native)])
    }
    #expect(injected.count > 30)
  }

  /// True where a generated document could be injected.
  private func isRecognised(
    _ seed: Int, _ language: ManifestGenerator.Language, _ dialects: [any Dialect]
  ) throws -> Bool {
    var generator = ManifestGenerator(seed: UInt64(seed), language: language)
    let document = try Fixtures.document(Array(generator.document().utf8), name: "seed \(seed)")
    let plan = Injector(dialects: dialects).plan(for: document)
    guard plan.refusals.isEmpty, !plan.isEmpty, let root = document.root else { return false }
    let original = try document.value(of: root)
    let result = try plan.result()
    let value = try result.value(of: #require(result.root))
    try expectRecognised(value, original, dialects, seed: nil, "seed \(seed)")
    try expectRecognised(value, original, dialects, seed: UInt64(seed), "seed \(seed), now and then")
    expectSpeltAsStored(value, "seed \(seed)")
    #expect(!JSONWriter.compact(value).contains("${"), "seed \(seed)")
    return true
  }

  /// What LimitRanger and AlwaysPullImages add to a live pod was changed by nobody; they leave templates alone.
  @Test(arguments: 0..<8, modes) func admissionOfPodsIsRecognised(_ seed: UInt64, _ sidecars: Sidecars) throws {
    let dialects = Self.dialects(sidecars)
    let original: Value = [
      "apiVersion": "v1", "kind": "Pod",
      "metadata": [
        "name": "web", "uid": "0f3c8a52",
        "annotations": [
          "vault.hashicorp.com/agent-inject": "true", "vault.hashicorp.com/role": "web",
          "vault.hashicorp.com/agent-inject-secret-db": "secret/data/db",
        ],
      ],
      "spec": ["containers": [["name": "web", "image": "nginx:1.25"]]],
    ]
    let plan = Injector(dialects: dialects).plan(for: try document(original, "pod"))
    let injected = try plan.result()
    let value = try injected.value(of: #require(injected.root))
    var form = ServerForm(seed: seed)
    let stored = ServerForm.limited(form.object(value), Self.isOurs)
    let again = Injector(dialects: dialects).plan(for: try document(stored, "live pod"))
    #expect(again.isEmpty && again.refusals.isEmpty, "\(again.objects.map(\.outcome))")
    let taken = try result(of: Uninjector(dialects: dialects), on: stored, "live pod")
    var full = ServerForm()
    expectEqual(pods(of: full.object(taken)).sorted, pods(of: full.object(original)).sorted, "live pod")
    var manifest = stored
    manifest["metadata"]?["uid"] = nil
    let changed = Injector(dialects: dialects).plan(for: try document(manifest, "manifest"))
    #expect(changed.refusals.map(\.rule) == [.injectedChanged])
  }

  private func expectRecognised(
    _ injected: Value, _ original: Value, _ dialects: [any Dialect], seed: UInt64?, _ name: String
  ) throws {
    var form = ServerForm(seed: seed)
    let stored = form.object(injected)
    let plan = Injector(dialects: dialects).plan(for: try document(stored, name))
    #expect(plan.isEmpty && plan.refusals.isEmpty, "\(name): \(plan.objects.map(\.outcome))")
    let taken = try result(of: Uninjector(dialects: dialects), on: stored, name)
    var full = ServerForm()
    expectEqual(pods(of: full.object(taken)).sorted, pods(of: full.object(original)).sorted, name)
  }

  /// What is injected is spelt as it is stored: the server adds to it, and changes nothing of it.
  private func expectSpeltAsStored(_ injected: Value, _ name: String) {
    var form = ServerForm()
    let stored = form.object(injected)
    for (pod, storedPod) in zip(pods(of: injected).array ?? [], pods(of: stored).array ?? []) {
      for list in ["initContainers", "containers", "volumes"] {
        for element in pod["spec"]?[list]?.array ?? [] where Self.isOurs(element) {
          let twin = (storedPod["spec"]?[list]?.array ?? []).first { $0["name"] == element["name"] }
          #expect(twin.map { $0.holds(element) } ?? false, "\(name): \(element["name"]?.string ?? "")")
        }
      }
    }
  }

  private static func isOurs(_ element: Value) -> Bool {
    let name = element["name"]?.string ?? ""
    return name.hasPrefix("tvsi-") || name.hasPrefix("vault-") || name.hasPrefix("home-") || name == "secrets"
  }

  // MARK: Values

  private func document(_ value: Value, _ name: String) throws -> Document {
    try Fixtures.document(JSONWriter.pretty(value), name: name)
  }

  private func result(of transform: some DocumentTransform, on value: Value, _ name: String) throws -> Value {
    let plan = transform.plan(for: try document(value, name))
    for refusal in plan.refusals { Issue.record("\(name): \(refusal.message)") }
    let result = try plan.result()
    return try result.value(of: #require(result.root))
  }

  /// The pods of an object, without what only a server says of them.
  private func pods(of object: Value) -> Value {
    switch object["kind"]?.string {
    case "List":
      let items: [Value] = object["items"]?.array ?? []
      return .array(items.flatMap { pods(of: $0).array ?? [] })
    case "CronJob": return .array([bare(object["spec"]?["jobTemplate"]?["spec"]?["template"] ?? .null)])
    case "Pod":
      let pod: Value = ["metadata": object["metadata"] ?? [:], "spec": object["spec"] ?? [:]]
      return .array([bare(pod)])
    default: return .array([bare(object["spec"]?["template"] ?? .null)])
    }
  }

  private func bare(_ pod: Value) -> Value {
    var pod = pod
    let annotations = (pod["metadata"]?["annotations"]?.members ?? []).filter { !$0.key.hasSuffix("/injection") }
    pod["metadata"] = ["annotations": .object(annotations)]
    if pod["spec"]?["tolerations"] != nil { pod["spec"]?["tolerations"] = [] }
    return pod.withoutAdmission
  }
}

extension Value {
  /// True where everything another value says is said here in the same way; maps may say more.
  fileprivate func holds(_ other: Value) -> Bool {
    switch (self, other) {
    case (.object, .object(let members)): members.allSatisfy { self[$0.key]?.holds($0.value) ?? false }
    case (.array(let own), .array(let others)):
      own.count >= others.count && zip(own, others).allSatisfy { $0.holds($1) }
    default: self == other
    }
  }

  /// Without the token's volume, which has another name each time.
  fileprivate var withoutAdmission: Value {
    switch self {
    case .array(let elements):
      .array(
        elements.filter { !($0["name"]?.string ?? "").hasPrefix("kube-api-access-") }.map(\.withoutAdmission))
    case .object(let members):
      .object(
        members.map { Member(key: $0.key, value: $0.value.withoutAdmission) }
          .filter { $0.value != .array([]) })
    default: self
    }
  }
}

extension [UInt8] {
  fileprivate func contains(_ text: String) -> Bool { String(decoding: self, as: UTF8.self).contains(text) }
}
