import Foundation
import Injection
import ManifestText
import TestSupport
import Testing
import Workloads

/// The laws of lossless injection, on generated input, examples and recorded pods.
@Suite struct LawTests {
  let builtIn: Laws
  let webhook: Laws
  let hashicorp = Laws(
    dialects: [HashiCorpDialect(HashiCorpDialect.Settings(HashiCorpSettings(), isExact: false))])
  /// OpenBao's with HashiCorp's annotations as its own.
  let openbao: Laws = {
    var settings = OpenBaoSettings()
    settings.vaultAnnotations = .rewrite
    return Laws(dialects: [OpenBaoDialect(settings, DialectOptions(isExact: false))])
  }()

  let variables: Laws

  init() throws {
    let settings = TalendSettings()
    variables = Laws(dialects: [LawTests.withVariables(.auto)])
    builtIn = Laws(dialects: [
      TalendDialect(TalendDialect.Settings(settings, isExact: false))
    ])
    let files = try TalendConfiguration.File.allCases.map { ($0, try Fixtures.source("talend/config/\($0.rawValue)")) }
    let configuration = try TalendConfiguration(files: Dictionary(uniqueKeysWithValues: files))
    webhook = Laws(dialects: [
      TalendDialect(TalendDialect.Settings(settings, configuration: configuration, isExact: false))
    ])
  }

  /// A dialect that knows what the images of generated containers start.
  static func withVariables(_ sidecars: Sidecars) -> HashiCorpDialect {
    var settings = HashiCorpSettings()
    settings.sidecars = sidecars
    settings.entrypoints = ["app-0", "app-1", "app-2", "app-merged", "init-0", "init-1", "init-2", "init-merged"]
      .map { "\($0)=[\"/\($0)\",\"it's\"]" }
    return HashiCorpDialect(HashiCorpDialect.Settings(settings, isExact: false))
  }

  @Test(arguments: 0..<10) func generatedManifests(_ batch: Int) {
    var injected = 0
    for seed in batch * 150..<(batch + 1) * 150 {
      var generator = ManifestGenerator(seed: UInt64(seed))
      let bytes = Array(generator.document().utf8)
      injected += (seed.isMultiple(of: 2) ? webhook : builtIn).accepts(bytes, seed: seed).injected
    }
    #expect(injected > 140)
  }

  @Test(arguments: 0..<5) func generatedManifestsOfHashiCorp(_ batch: Int) {
    var injected = 0
    for seed in batch * 150..<(batch + 1) * 150 {
      var generator = ManifestGenerator(seed: UInt64(seed), language: .hashicorp)
      let bytes = Array(generator.document().utf8)
      injected += hashicorp.accepts(bytes, seed: seed).injected
    }
    #expect(injected > 140)
  }

  /// Some are refused: an init container may start before the agent, or nothing may be left that restarts.
  @Test(arguments: 0..<5) func generatedManifestsWithVariables(_ batch: Int) {
    var injected = 0
    for seed in batch * 150..<(batch + 1) * 150 {
      var generator = ManifestGenerator(seed: UInt64(seed), language: .variables)
      let outcome = variables.check(Array(generator.document().utf8), "seed \(seed)", turn: seed)
      injected += outcome.injected
      for refusal in outcome.refusals { #expect(refusal.rule == .environmentImpossible, "\(refusal.message)") }
    }
    #expect(injected > 120)
  }

  @Test(arguments: 0..<5) func generatedManifestsOfOpenBao(_ batch: Int) {
    var injected = 0
    for seed in batch * 150..<(batch + 1) * 150 {
      var generator = ManifestGenerator(seed: UInt64(seed), language: seed.isMultiple(of: 4) ? .hashicorp : .openbao)
      let bytes = Array(generator.document().utf8)
      injected += openbao.accepts(bytes, seed: seed).injected
    }
    #expect(injected > 140)
  }

  @Test func examples() throws { try checkExamples("examples", by: builtIn, atLeast: 11) }

  @Test func examplesOfHashiCorp() throws { try checkExamples("examples/hashicorp", by: hashicorp, atLeast: 7) }

  @Test func examplesOfOpenBao() throws { try checkExamples("examples/openbao", by: openbao, atLeast: 7) }

  private func checkExamples(_ path: String, by laws: Laws, atLeast count: Int) throws {
    let folder = Fixtures.folder.deletingLastPathComponent().deletingLastPathComponent().appending(path: path)
    let names = try Fixtures.manifests(in: folder)
    #expect(names.count >= count)
    for name in names.sorted() {
      let bytes = Array(try Data(contentsOf: folder.appending(path: name)))
      let outcome = laws.check(bytes, name)
      #expect(outcome.injected > 0 && outcome.refusals.isEmpty, "\(name)")
      #expect(outcome.onlyInserts, "\(name)")
    }
  }

  @Test func recordedPods() throws {
    try checkPods("talend/cases.jsonl", 300, by: webhook)
    try checkPods("hashicorp/cases.jsonl", 100, by: hashicorp)
    try checkPods("hashicorp/random.jsonl", 100, by: hashicorp)
    try checkPods("openbao/cases.jsonl", 100, by: openbao)
    try checkPods("openbao/cases.jsonl", 100, by: openbao) { $0.hasPrefix("prefix-") }
  }

  private func checkPods(
    _ file: String, _ count: Int, by laws: Laws, where isMeant: (String) -> Bool = { _ in true }
  ) throws {
    for verdict in try Fixtures.jsonLines(file).filter({ isMeant($0["name"]?.string ?? "") }).prefix(count) {
      let name = verdict["name"]?.string ?? ""
      let pod = try #require(verdict["input"])
      laws.check(JSONWriter.compact(pod), "\(name) minified", judgedByYams: false)
      laws.check(JSONWriter.pretty(pod), "\(name) pretty", judgedByYams: false)
      laws.check(YAMLWriter.block(pod), "\(name) block", judgedByYams: false)
      laws.check(Array("# flow\n".utf8) + JSONWriter.compact(pod, spaced: true), "\(name) flow", judgedByYams: false)
    }
  }
}
