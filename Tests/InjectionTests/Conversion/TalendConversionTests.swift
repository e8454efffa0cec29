import Foundation
import Injection
import ManifestText
import TestSupport
import Testing
import Workloads

/// Converted manifests: the same but for annotations, and the same files once they are injected.
@Suite struct TalendConversionTests {
  let talend: TalendDialect
  let hashicorp = HashiCorpDialect(HashiCorpDialect.Settings(HashiCorpSettings(), isExact: false))
  let openbao = OpenBaoDialect(OpenBaoSettings(), DialectOptions(isExact: false))
  /// The injectors that are asked then, with the dialects that read their annotations.
  var targets: [(target: TalendConversion.Target, dialect: any Dialect)] {
    [(.hashicorp, hashicorp), (.openbao(from: hashicorp), openbao)]
  }

  init() {
    let settings = TalendSettings()
    talend = TalendDialect(TalendDialect.Settings(settings, isExact: false))
  }

  @Test(arguments: 0..<5) func generatedManifests(_ batch: Int) throws {
    var converted = 0
    for seed in batch * 150..<(batch + 1) * 150 {
      var generator = ManifestGenerator(seed: UInt64(seed))
      converted += try check(Array(generator.document().utf8), "seed \(seed)")
    }
    #expect(converted > 60)
  }

  @Test func examples() throws {
    let folder = Fixtures.folder.deletingLastPathComponent().deletingLastPathComponent().appending(path: "examples")
    let names = try Fixtures.manifests(in: folder)
    var converted = 0
    for name in names.sorted() {
      converted += try check(Array(try Data(contentsOf: folder.appending(path: name))), name)
    }
    #expect(converted == names.count, "all of them")
  }

  @Test func recordedPods() throws {
    var converted = 0
    for verdict in try Fixtures.jsonLines("talend/cases.jsonl") where verdict["outcome"] == "injected" {
      let name = verdict["name"]?.string ?? ""
      converted += try check(JSONWriter.pretty(try #require(verdict["input"])), name)
    }
    #expect(converted > 150)
  }

  @Test func generatedManifestsOfHashiCorp() throws {
    var converted = 0
    for seed in 0..<300 {
      var generator = ManifestGenerator(seed: UInt64(seed), language: .hashicorp)
      converted += try renamed(Array(generator.document().utf8), "seed \(seed)")
    }
    #expect(converted > 60)
  }

  @Test func recordedPodsOfHashiCorp() throws {
    var converted = 0
    for verdict in try Fixtures.jsonLines("hashicorp/cases.jsonl") where verdict["outcome"] == "injected" {
      converted += try renamed(JSONWriter.pretty(try #require(verdict["input"])), verdict["name"]?.string ?? "")
    }
    #expect(converted > 300)
  }

  private func renamed(_ bytes: [UInt8], _ name: String) throws -> Int {
    try check(bytes, name, by: hashicorp, to: .openbao(from: hashicorp), openbao)
  }

  /// Converts every document of a text; the number of documents that changed.
  private func check(_ bytes: [UInt8], _ name: String) throws -> Int {
    let counts = try targets.map { try check(bytes, name, by: talend, to: $0.target, $0.dialect) }
    #expect(counts[0] == counts[1], "\(name)")
    return counts[0]
  }

  private func check(
    _ bytes: [UInt8], _ name: String, by original: any Dialect, to target: TalendConversion.Target,
    _ dialect: any Dialect
  ) throws -> Int {
    var converted = 0
    let source = SourceText(name: name, bytes: bytes)
    for piece in try DocumentStream(source) {
      let document = try Document(piece, of: source)
      let conversion = TalendConversion(from: talend, to: target)
      let plan = conversion.plan(for: document)
      for refusal in plan.refusals {
        #expect(
          refusal.rule != .internalMistake, "\(name): \(refusal.message)\n\(String(decoding: bytes, as: UTF8.self))")
      }
      guard plan.refusals.isEmpty, !plan.isEmpty else { continue }
      converted += 1
      try check(plan, of: document, name)
      #expect(conversion.plan(for: try plan.result()).isEmpty, "\(name): converted again")
      // A patch that tests what the container is called does not fit any more, which is said.
      let saysNames = plan.objects.contains { $0.findings.contains { $0.message.contains("is called otherwise") } }
      if original.name == hashicorp.name, saysNames { continue }
      try expectSameFiles(document, by: original, plan.result(), by: dialect, name)
    }
    return converted
  }

  private func check(_ plan: DocumentPlan, of document: Document, _ name: String) throws {
    let result = try plan.result()
    let before = try document.value(of: #require(document.root))
    let after = try result.value(of: #require(result.root))
    expectEqual(after.withoutAnnotations, before.withoutAnnotations, "\(name): all but annotations")
    let patched = try JSONPatchApplier.apply(plan.objects.flatMap(plan.operations), to: before)
    expectEqual(after.sorted, patched.sorted, "\(name): two roads")
  }

  private func expectSameFiles(
    _ document: Document, by original: any Dialect, _ result: Document, by dialect: any Dialect, _ name: String
  ) throws {
    let (files, refusals) = try rendered(document, by: original)
    // What Talend's injector refuses is not converted; HashiCorp's annotations are renamed whatever they say.
    if original.name == hashicorp.name, !refusals.isEmpty { return }
    #expect(refusals.isEmpty)
    let (convertedFiles, convertedRefusals) = try rendered(result, by: dialect)
    #expect(convertedRefusals.isEmpty, "\(name): \(convertedRefusals.map(\.message))")
    if String(decoding: result.source.bytes, as: UTF8.self).contains("agent-inject-env-") {
      // What were lines of files are variables now, of the same secrets.
      #expect(convertedFiles.map { $0.map(\.destination) } == files.map { _ in ["/vault/secrets/.variables"] })
      #expect(Self.paths(in: convertedFiles) == Self.paths(in: files), "\(name)")
      return
    }
    #expect(files == convertedFiles, "\(name)\n\(String(decoding: result.source.bytes, as: UTF8.self))")
  }

  /// What templates read.
  private static func paths(in files: [[RenderedFile]]) -> Set<String> {
    Set(
      files.joined().flatMap { $0.contents.components(separatedBy: "secret \"").dropFirst() }
        .compactMap { $0.components(separatedBy: "\"").first })
  }

  /// The files of each pod, in order of their places.
  private func rendered(_ document: Document, by dialect: any Dialect) throws -> ([[RenderedFile]], [Diagnostic]) {
    let plan = Injector(dialects: [dialect], policy: FindingPolicy(isExact: true)).plan(for: document)
    guard plan.refusals.isEmpty else { return ([], plan.refusals) }
    let result = plan.isEmpty ? document : try plan.result()
    var files: [[RenderedFile]] = []
    for object in try ManifestObject.objects(of: result) {
      for template in try PodTemplate.templates(of: object, in: result, kinds: WorkloadKinds()) {
        let rendered = RenderedFile.files(of: try result.value(of: template.node))
        files.append(rendered.sorted { $0.destination < $1.destination })
      }
    }
    return (files, [])
  }
}

extension Value {
  fileprivate var withoutAnnotations: Value {
    switch self {
    case .array(let elements): .array(elements.map(\.withoutAnnotations))
    case .object(let members):
      .object(
        members.filter { $0.key != "annotations" }
          .map { Member(key: $0.key, value: $0.value.withoutAnnotations) })
    default: self
    }
  }
}
