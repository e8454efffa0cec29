import Foundation
import Injection
import ManifestText
import TestSupport
import Testing
import Workloads

/// What is told of pods is what becomes of them: for every recorded pod, and every example.
@Suite struct StoryTests {
  @Test(arguments: [("cases", true), ("cases", false), ("random", false), ("config", true)])
  func storiesOfHashiCorpsPodsAreTrue(_ file: String, isExact: Bool) throws {
    var count = 0
    for verdict in try Fixtures.jsonLines("hashicorp/\(file).jsonl") {
      let config = verdict["config"] ?? [:]
      let settings = HashiCorpDialect.Settings(HashiCorpSettings(webhook: config), isExact: isExact)
      let truth = StoryTruth(dialect: HashiCorpDialect(settings), namespace: config["Namespace"]?.string)
      count += try truth.check(document(verdict), verdict["name"]?.string ?? "")
    }
    #expect(count > 20)
  }

  @Test(arguments: [("cases", true), ("cases", false), ("config", true)])
  func storiesOfOpenBaosPodsAreTrue(_ file: String, isExact: Bool) throws {
    var count = 0
    for verdict in try Fixtures.jsonLines("openbao/\(file).jsonl") {
      let config = verdict["config"] ?? [:]
      let dialect = OpenBaoDialect(OpenBaoSettings(webhook: config), DialectOptions(isExact: isExact))
      let truth = StoryTruth(dialect: dialect, namespace: config["Namespace"]?.string)
      count += try truth.check(document(verdict), verdict["name"]?.string ?? "")
    }
    #expect(count > 20)
  }

  @Test(arguments: [true, false]) func storiesOfTalendsPodsAreTrue(isBuiltIn: Bool) throws {
    let files = try TalendConfiguration.File.allCases.map {
      ($0, try Fixtures.source("talend/config/\($0.rawValue)"))
    }
    let webhook = try TalendConfiguration(files: Dictionary(uniqueKeysWithValues: files))
    let settings = TalendSettings()
    let dialect = TalendDialect(
      TalendDialect.Settings(settings, configuration: isBuiltIn ? nil : webhook, isExact: !isBuiltIn))
    var count = 0
    for verdict in try Fixtures.jsonLines("talend/cases.jsonl") {
      count += try StoryTruth(dialect: dialect).check(document(verdict), verdict["name"]?.string ?? "")
    }
    #expect(count > 200)
  }

  @Test(arguments: Dialects.names, Sidecars.allCases) func storiesOfExamplesAreTrue(
    _ name: String, _ sidecars: Sidecars
  ) throws {
    var configuration = Configuration()
    try configuration.set(assignment: "sidecars=\(sidecars.rawValue)")
    let dialect = try #require(Dialects.all.first { $0.name == name })
      .init(configuration, DialectOptions(isExact: false))
    var count = 0
    for source in try Self.examples() {
      for piece in try DocumentStream(source) {
        count += try StoryTruth(dialect: dialect).check(Document(piece, of: source), source.name)
      }
    }
    #expect(count > 5)
  }

  /// What was injected before is told as what it was made from, with places in the text as it is.
  @Test func storyOfInjectedPodPointsIntoItsText() throws {
    let dialect = Dialects.all[0].init(Configuration(), DialectOptions(isExact: false))
    let source = try #require(Self.examples().first { $0.name.hasSuffix("/examples/deployment.yaml") })
    let document = try Fixtures.document(source.bytes)
    let injected = try Injector(dialects: [dialect]).plan(for: document).result()
    let story = try #require(Explainer(dialects: [dialect]).explain(injected).first)
    let pod = try #require(story.pods.first)
    let range = try #require(pod.request.range)
    #expect(String(decoding: injected.source.bytes[range], as: UTF8.self) == "\"true\"")
    #expect(story.plan.outcome == .unchanged(.alreadyInjected))
  }

  private func document(_ verdict: Value) throws -> Document {
    try Fixtures.document(JSONWriter.pretty(#require(verdict["input"])), name: verdict["name"]?.string ?? "")
  }

  private static func examples() throws -> [SourceText] {
    let folder = Fixtures.folder.appending(path: "../../examples").standardized
    let files = try #require(FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil))
    return try files.compactMap { $0 as? URL }.filter { ["yaml", "json"].contains($0.pathExtension) }
      .sorted { $0.path < $1.path }
      .map { SourceText(name: $0.path, bytes: Array(try Data(contentsOf: $0))) }
  }
}
