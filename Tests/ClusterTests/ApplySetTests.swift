import KubernetesAPI
import ManifestText
import Testing

import Cluster
import ClusterTestSupport
import Output

@Suite struct ApplySetTests {
  private let secrets = BuiltInResources.resource(apiVersion: "v1", kind: "Secret")
  private let secret = APIResource(group: "", version: "v1", kind: "Secret", plural: "secrets", isNamespaced: true)

  private var set: ApplySet { ApplySet(resource: secret, name: "set1", namespace: "task-d") }

  private func hex(_ text: String) -> String {
    SHA256.hash(Array(text.utf8)).map { byte in
      let digits = String(byte, radix: 16)
      return digits.utf8.count == 1 ? "0\(digits)" : digits
    }.joined()
  }

  @Test("The hash is that of FIPS 180-4, for texts around the length of a block, too")
  func hash() {
    #expect(hex("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    #expect(hex("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    #expect(
      hex("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")
        == "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1")
    let lengths = [
      (55, "9f4390f8d30c2dd92ec9f095b65e2b9ae9b0a925a5258e241c9f1e910f734318"),
      (56, "b35439a4ac6f0948b6d6f9e3c6af0f5f590ce20f1bde7090ef7970686ec6738a"),
      (63, "7d3e74a05d7db15bce4ad9ec0658ea98e3f06eeecf16b4c6fff2da457ddc2f34"),
      (64, "ffe054fe7ae0cb6dc65c3af9b61d5209f439851db43d0ba5997337df154668eb"),
      (119, "31eba51c313a5c08226adf18d4a359cfdfd8d2e816b13f4af952f7ea6584dcfb"),
      (120, "2f3d335432c70b580af0e8e1b3674a7c020d683aa5f73aaaedfdc55af904c21c"),
    ]
    for (count, expected) in lengths { #expect(hex(String(repeating: "a", count: count)) == expected) }
  }

  @Test("The id is the one that kubectl gives its own set of that name")
  func identity() {
    #expect(set.id == "applyset-_Vi_GYMwIiMAbNsgRtbhfJNi1CrMsBCiIMqxyzYAbXk-v1")
    #expect(secret == secrets)
  }

  @Test func contents() {
    let contents = ApplySetContents(kinds: "ConfigMap,Deployment.apps,A.b.c", namespaces: "b,a")
    #expect(contents.kinds.contains(.init(group: "b.c", kind: "A")))
    #expect(contents.kindText == "A.b.c,ConfigMap,Deployment.apps")
    #expect(contents.namespaceText(without: "b") == "a")
    #expect(ApplySetContents(kinds: "", namespaces: "") == ApplySetContents())
  }

  @Test(
    "Names of parents, and what is none", arguments: ["", "/", "a/", "/a", "a/b/c", "a/..", "a/%41", "secret/a\u{7}"])
  func noNames(text: String) { #expect(ApplySetName(text) == nil) }

  @Test("Built-in parents are known without a cluster")
  func known() throws {
    for text in ["set1", "secret/set1", "Secrets/set1"] {
      #expect(try ApplySetName(text)?.known(inNamespace: "task-d") == set)
    }
    #expect(try ApplySetName("widgets.example.com/a")?.known(inNamespace: nil) == nil)
    #expect(throws: Fault.self) { try ApplySetName("set1")?.known(inNamespace: nil) }
    #expect(throws: Fault.self) { try ApplySetName("pods/a")?.known(inNamespace: "a") }
  }

  private func parent(_ tooling: String?, id: String? = nil, kinds: String? = "ConfigMap") -> APIResponse {
    var annotations: Value = [:]
    annotations["applyset.kubernetes.io/tooling"] = tooling.map(Value.string)
    annotations["applyset.kubernetes.io/contains-group-kinds"] = kinds.map(Value.string)
    let labels: Value = ["applyset.kubernetes.io/id": .string(id ?? set.id)]
    let object: Value = ["kind": "Secret", "metadata": ["annotations": annotations, "labels": labels]]
    return APIResponse(status: 200, body: JSONWriter.compact(object))
  }

  @Test("A set of this tool's is gone on with, whatever its version; every other one is refused")
  func tooling() throws {
    for version in ["v0.1.0", "v0.0.1", "v99"] {
      #expect(
        try ApplySetParent.contents(of: set, in: parent("kubectl-vault-inject/\(version)")).kindText == "ConfigMap")
    }
    for tooling in ["kubectl/v1.32.0", "kubectl-vault-inject-2/v1", "kubectl-vault-inject/x/v1", "kubectl", "", nil] {
      #expect(throws: Diagnostic.self) { try ApplySetParent.contents(of: set, in: parent(tooling)) }
    }
  }

  @Test func brokenParents() throws {
    let own = "kubectl-vault-inject/v1"
    #expect(throws: Diagnostic.self) { try ApplySetParent.contents(of: set, in: parent(own, id: "applyset-x-v1")) }
    #expect(throws: Diagnostic.self) { try ApplySetParent.contents(of: set, in: parent(own, kinds: nil)) }
    #expect(throws: Diagnostic.self) { try ApplySetParent.contents(of: set, in: .status(403, "Forbidden", "no")) }
    #expect(try ApplySetParent.contents(of: set, in: .status(404, "NotFound", "no")) == ApplySetContents())
    let widget = APIResource(group: "a.b", version: "v1", kind: "W", plural: "ws", isNamespaced: false)
    #expect(throws: Diagnostic.self) {
      try ApplySetParent.contents(
        of: ApplySet(resource: widget, name: "a", namespace: nil), in: .status(404, "NotFound", "no"))
    }
  }
}
