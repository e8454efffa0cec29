import Foundation
import Injection
import ManifestText
import TestSupport
import Testing
import Workloads

/// Annotated manifests: only annotations are other ones, pods are injected with them, and nothing they asked for is lost.
@Suite struct AnnotatorTests {
  private static let path = "secret/data/annotated"

  // MARK: From nothing

  @Test(arguments: ["talend", "hashicorp"]) func strippedExamples(_ dialect: String) throws {
    var annotated = 0
    for name in try exampleNames() {
      for document in try documents(try example(name), name) {
        let stripped = try withoutRequests(document)
        let label = "\(name) for \(dialect)"
        let plan = try annotator(dialect: dialect).plan(for: stripped)
        #expect(plan.refusals.isEmpty, "\(label): \(plan.refusals.map(\.message))")
        guard !plan.isEmpty else { continue }
        annotated += 1
        try expectAnnotated(plan, stripped, label)
        // Values in the environment that refer to secrets are no annotations, and stay.
        let references = String(decoding: stripped.source.bytes, as: UTF8.self).matches(of: /vault:([^#"\s]+)#/)
        let expected = dialect == "hashicorp" ? references.map { String($0.1) } + [Self.path] : [Self.path]
        #expect(try paths(try plan.result()) == Set(expected), "\(label)")
        let bare = try withoutRequests(plan.result())
        expectEqual(try value(bare).withoutEmptyMaps, try value(stripped).withoutEmptyMaps, "\(label): taken out again")
      }
    }
    #expect(annotated >= 20)
  }

  // MARK: In addition

  @Test(arguments: ["talend/cases.jsonl", "hashicorp/cases.jsonl"]) func recordedPods(_ file: String) throws {
    var annotated = 0
    for verdict in try Fixtures.jsonLines(file) where verdict["outcome"] == "injected" {
      let name = verdict["name"]?.string ?? ""
      let document = try Fixtures.document(JSONWriter.pretty(try #require(verdict["input"])), name: name)
      annotated += try expectAddition(to: document, name)
    }
    #expect(annotated > 100)
  }

  @Test(arguments: 0..<5) func generatedManifests(_ batch: Int) throws {
    var annotated = 0
    for seed in batch * 100..<(batch + 1) * 100 {
      var generator = ManifestGenerator(seed: UInt64(seed))
      for document in try documents(Array(generator.document().utf8), "seed \(seed)") {
        annotated += try expectAddition(to: document, "seed \(seed)")
      }
    }
    #expect(annotated > 40)
  }

  /// Adds a secret; 1 where that changes the document.
  private func expectAddition(to document: Document, _ name: String) throws -> Int {
    let plan = try annotator(dialect: nil, role: nil).plan(for: document)
    for refusal in plan.refusals { #expect(refusal.rule != .internalMistake, "\(name): \(refusal.message)") }
    guard !plan.isEmpty else { return 0 }
    try expectAnnotated(plan, document, name)
    let (before, after) = try (paths(document), paths(plan.result()))
    #expect(before.subtracting(after).isEmpty, "\(name): a secret is lost")
    #expect(after.subtracting(before) == [Self.path], "\(name)")
    return 1
  }

  /// Only annotations differ, by both roads; a second time changes nothing; and an injection takes it.
  private func expectAnnotated(_ plan: DocumentPlan, _ document: Document, _ name: String) throws {
    let result = try plan.result()
    let (before, after) = try (value(document), value(result))
    expectEqual(after.withoutAnnotations, before.withoutAnnotations, "\(name): all but annotations")
    let patched = try JSONPatchApplier.apply(plan.objects.flatMap(plan.operations), to: before)
    expectEqual(after.sorted, patched.sorted, "\(name): two roads")
    #expect(try annotator(dialect: nil).plan(for: result).isEmpty, "\(name): annotated again")
    let injected = injector.plan(for: result)
    #expect(injected.refusals.isEmpty && !injected.isEmpty, "\(name): \(injected.refusals.map(\.message))")
  }

  // MARK: What is asked for

  @Test(arguments: [
    ("", "it is empty"),
    ("db", "`db` has no = between the file's name and the secret's path"),
    ("=secret/data/a", "there is no file's name before the ="),
    ("/db=secret/data/a", "`/db` cannot be the name of a file of secrets"),
    ("a/../b=secret/data/a", "`a/../b` cannot be the name of a file of secrets"),
    ("a,b=secret/data/a", "`a,b` cannot be the name of a file of secrets"),
    (" db=secret/data/a", "` db` cannot be the name of a file of secrets"),
    ("db=", "there is no path of a secret behind the ="),
    ("db= secret/data/a", "` secret/data/a` is no path in Vault"),
    ("db=secret/a,secret/b", "`secret/a,secret/b` is no path in Vault"),
    ("db=secret", "`secret` does not lead to a secret in Vault"),
    ("db=/secret/data/a", "`/secret/data/a` does not lead to a secret in Vault"),
    ("db=https://vault/v1/secret/data/a", "`https://vault/v1/secret/data/a` does not lead to a secret in Vault"),
    ("db=secret/data/a#", "there is no field behind the #"),
    ("db=secret/data/a#user,", "`#user,` has an empty field, or one with white space before or after it"),
  ])
  func faults(_ text: String, _ message: String) {
    #expect(throws: RequestedSecret.Fault.self) { try RequestedSecret(text) }
    do throws(RequestedSecret.Fault) { _ = try RequestedSecret(text) } catch { #expect(error.message == message) }
  }

  @Test func fieldsInTheirTemplates() throws {
    func template(_ text: String, dialect: String) throws -> String? {
      let pod = Array("kind: Pod\napiVersion: v1\nspec: {containers: [{name: a, command: [a]}]}\n".utf8)
      let plan = try annotator(text, dialect: dialect).plan(for: Fixtures.document(pod, name: "pod"))
      let annotations = try value(try plan.result())["metadata"]?["annotations"]?.members ?? []
      return annotations.first { $0.key.contains("template") }?.value.string
    }
    let beginning = #"{{ with secret "secret/data/a" "#
    for dialect in ["talend", "hashicorp"] {
      #expect(
        try template("f=secret/data/a#user", dialect: dialect) == beginning + "}}{{ .Data.data.user }}{{ end }}")
      #expect(
        try template("f=secret/data/a#user#db-key", dialect: dialect)
          == beginning + "-}}\nuser={{ .Data.data.user }}\ndb-key={{ index .Data.data \"db-key\" }}\n{{ end }}")
      #expect(
        try template("f=database/creds/a#password", dialect: dialect)
          == #"{{ with secret "database/creds/a" }}{{ .Data.password }}{{ end }}"#)
    }
    #expect(try template("f=secret/data/a", dialect: "talend") == nil)
    #expect(try template("f=database/creds/a", dialect: "hashicorp") == nil)
  }

  // MARK: Parts

  private let dialects: [any AnnotatableDialect] = Dialects.all.map {
    $0.init(Configuration(), DialectOptions(isExact: false))
  }

  private var injector: Injector { Injector(dialects: dialects) }

  private func annotator(
    _ secret: String = "annotated=\(AnnotatorTests.path)", dialect: String?, role: String? = "app"
  ) throws -> Annotator {
    var request = SecretRequest()
    request.secrets = [try RequestedSecret(secret)]
    request.role = dialect == nil ? nil : role
    // Documents are planned by themselves here, so that nothing tells how many pods there are beside them.
    var selection = Selection()
    selection.names = [NamePattern("*")]
    return Annotator(
      request, in: dialects, preferring: dialect, beside: nil, injector: injector,
      reader: AccessReader(dialects: dialects),
      kinds: WorkloadKinds(), namespace: nil, selection: selection)
  }

  private func exampleNames() throws -> [String] {
    let folder = Fixtures.folder.deletingLastPathComponent().deletingLastPathComponent().appending(path: "examples")
    let names = try Fixtures.manifests(in: folder)
    let others = try FileManager.default.contentsOfDirectory(atPath: folder.appending(path: "hashicorp").path)
    return names.sorted() + others.sorted().map { "hashicorp/\($0)" }
  }

  private func example(_ name: String) throws -> [UInt8] {
    let folder = Fixtures.folder.deletingLastPathComponent().deletingLastPathComponent().appending(path: "examples")
    return Array(try Data(contentsOf: folder.appending(path: name)))
  }

  private func documents(_ bytes: [UInt8], _ name: String) throws -> [Document] {
    let source = SourceText(name: name, bytes: bytes)
    var documents: [Document] = []
    for piece in try DocumentStream(source) { documents.append(try Document(piece, of: source)) }
    return documents
  }

  private func value(_ document: Document) throws -> Value { try document.value(of: #require(document.root)) }

  /// The document without any annotation of an injector.
  private func withoutRequests(_ document: Document) throws -> Document {
    var revision = Revision(of: document)
    for object in try ManifestObject.objects(of: document) {
      for template in try PodTemplate.templates(of: object, in: document, kinds: WorkloadKinds()) {
        for dialect in dialects {
          let prefix = "\(dialect.annotations.prefix)/"
          for named in try template.annotations().all(withPrefix: prefix) {
            revision.remove(at: template.annotationsPath.appending(prefix + named.key))
          }
        }
      }
    }
    return revision.isEmpty ? document : try revision.spliced()
  }

  /// The paths in Vault that agents read.
  private func paths(_ document: Document) throws -> Set<String> {
    let pods = AccessReader(dialects: dialects).read(document).flatMap(\.pods)
    return Set(pods.flatMap(\.requests).compactMap(\.path))
  }
}

extension Value {
  fileprivate var withoutAnnotations: Value { mapped { $0.key != "annotations" && !$0.isEmptyMetadata } }

  fileprivate var withoutEmptyMaps: Value { mapped { $0.value != .object([]) && !$0.isEmptyMetadata } }

  private func mapped(_ isKept: (Member) -> Bool) -> Value {
    switch self {
    case .array(let elements): .array(elements.map { $0.mapped(isKept) })
    case .object(let members):
      .object(members.filter(isKept).map { Member(key: $0.key, value: $0.value.mapped(isKept)) })
    default: self
    }
  }
}

extension Value.Member {
  /// True for a pod's metadata that hold nothing but annotations, which are there for their sake.
  fileprivate var isEmptyMetadata: Bool {
    key == "metadata" && (value.members ?? []).allSatisfy { $0.key == "annotations" }
  }
}
