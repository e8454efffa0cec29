import Injection
import ManifestText
import TestSupport
import Testing
import VaultInjectCLI

/// Which ConfigMaps of an input are those that pods of it name for their agents.
@Suite struct InputConfigMapTests {
  private static let missing = "`config.hcl`"

  @Test func theLastOfOneNameCounts() throws {
    #expect(try messages(pod() + map("") + map("config.hcl: ''")) == [])
    #expect(try messages(map("config.hcl: ''") + pod() + map("")).count == 1)
  }

  @Test func namespacesCount() throws {
    #expect(try messages(pod() + map("", namespace: "shop")) == [])
    #expect(try messages(pod(namespace: "shop") + map("", namespace: "shop")).count == 1)
    #expect(try messages(pod() + map("", namespace: "default")).count == 1)
    #expect(try messages(pod() + map("", namespace: "shop"), namespace: "shop").count == 1)
  }

  @Test func otherKindsDoNotCount() throws {
    #expect(try messages(pod() + map("").replacing("kind: ConfigMap", with: "kind: Secret")) == [])
    #expect(try messages(pod() + map("").replacing("apiVersion: v1", with: "apiVersion: example.com/v1")) == [])
  }

  @Test func itemsOfListsCount() throws {
    let item = #"{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "web-agent"}}"#
    let list = #"---\#n{"apiVersion": "v1", "kind": "List", "items": [\#(item)]}\#n"#
    #expect(try messages(pod() + list).count == 1)
  }

  @Test func mergedFilesCount() throws {
    let merged = map("").replacing("\ndata:", with: "\nshared: &shared {config.hcl: ''}\ndata: {<<: *shared}\nrest:")
    #expect(try messages(pod() + merged) == [])
  }

  @Test func generatedNamesAreNotKnown() throws {
    #expect(try messages(pod() + map("").replacing(" name:", with: " generateName:")) == [])
  }

  /// What cannot be read is told where it is read itself.
  @Test func whatCannotBeReadIsLeftOut() throws {
    #expect(try messages(pod() + "---\nkind: ConfigMap\n\tbroken\n", isBroken: true) == [])
    #expect(try messages(pod() + map("config.hcl: [1]")) == [])
  }

  /// An input in which no pod names a ConfigMap is not read for them.
  @Test func withoutTheInputNothingIsKnown() throws {
    let injector = Injector(dialects: dialects())
    let source = SourceText(name: "x.yaml", bytes: Array((pod() + map("")).utf8))
    let piece = try #require(DocumentStream(source).first { _ in true })
    let findings = injector.plan(for: try Document(piece, of: source)).objects.flatMap(\.findings)
    #expect(!findings.contains { $0.rule == .configMapFile })
  }

  private func pod(namespace: String = "") -> String {
    """
    ---
    apiVersion: v1
    kind: Pod
    metadata:
      name: web
      \(namespace.isEmpty ? "" : "namespace: \(namespace)")
      annotations:
        vault.hashicorp.com/agent-inject: "true"
        vault.hashicorp.com/agent-pre-populate: "false"
        vault.hashicorp.com/agent-configmap: web-agent
    spec:
      containers: [{name: web, image: registry.example.com/web:1}]

    """
  }

  private func map(_ data: String, namespace: String = "") -> String {
    """
    ---
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web-agent
      \(namespace.isEmpty ? "" : "namespace: \(namespace)")
    data:
      \(data)

    """
  }

  private func dialects() -> [any Dialect] {
    Dialects.all.map { $0.init(Configuration(), DialectOptions(isExact: false)) }
  }

  /// What is said of files that are missing.
  private func messages(_ text: String, namespace: String? = nil, isBroken: Bool = false) throws -> [String] {
    let source = SourceText(name: "x.yaml", bytes: Array(text.utf8))
    let injector = Injector(dialects: dialects(), namespace: namespace).informed(by: source)
    var messages: [String] = []
    for piece in try DocumentStream(source) {
      guard let document = try? Document(piece, of: source) else {
        #expect(isBroken)
        continue
      }
      messages += injector.plan(for: document).objects.flatMap(\.findings).filter { $0.rule == .configMapFile }
        .map(\.message)
    }
    #expect(messages.allSatisfy { $0.contains(Self.missing) })
    return messages
  }
}
