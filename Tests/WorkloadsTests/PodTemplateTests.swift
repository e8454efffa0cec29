import ManifestText
import TestSupport
import Testing
import Workloads

/// What a pod template shows of itself, wherever it stands.
@Suite struct PodTemplateTests {
  private func pod(_ text: String) throws -> PodTemplate {
    let document = try Fixtures.document(Array(text.utf8))
    let object = try #require(try ManifestObject.objects(of: document).first)
    return try #require(try PodTemplate.templates(of: object, in: document, kinds: WorkloadKinds()).first)
  }

  private static let head = "apiVersion: v1\nkind: Pod\n"

  /// Names that differ only in how an accent is composed are two.
  @Test func namesAreTheirBytes() throws {
    let (composed, decomposed) = ("\u{E9}", "e\u{301}")
    let pod = try pod(
      Self.head + "metadata: {annotations: {x/\(composed): a, x/\(decomposed): b}, labels: {\(decomposed): one}}\n"
        + "spec: {containers: [{name: \(composed)}, {name: \(decomposed)}], volumes: [{name: \(decomposed)}]}\n")
    let names = try pod.containers(.containers).map { try $0.name() }
    #expect(names.map { Array($0.utf8) } == [Array(composed.utf8), Array(decomposed.utf8)])
    #expect(try pod.annotations().value("x/\(composed)")?.text == "a")
    #expect(try pod.annotations().value("x/\(decomposed)")?.text == "b")
    #expect(try pod.annotations().all(withPrefix: "x/").count == 2)
    #expect(try pod.label(composed) == nil)
    #expect(try pod.label(decomposed) == "one")
    #expect(try pod.volume(composed) == nil)
    #expect(try pod.volume(decomposed) != nil)
  }

  @Test func annotationsAreFoundThroughMergeKeys() throws {
    let pod = try pod(
      "x-base: &base {x/b: base, x/c: base}\n" + Self.head
        + "metadata:\n  annotations: {<<: *base, x/b: own, x/a: ~, y: z}\nspec: {}\n")
    let found = try pod.annotations().all(withPrefix: "x/")
    #expect(found.map(\.key) == ["a", "b", "c"])
    #expect(found.map(\.value.text) == ["", "own", "base"])
  }

  @Test(arguments: ["true", "1", "[a]", "{a: b}"]) func annotationsAreStrings(_ value: String) throws {
    let text = Self.head + "metadata: {annotations: {x/a: \(value)}}\n"
    let annotations = try pod(text).annotations()
    for read in [{ _ = try annotations.value("x/a") }, { _ = try annotations.all(withPrefix: "x/") }] {
      let refusal = #expect(throws: Diagnostic.self) { try read() }
      #expect(refusal?.rule == .annotationType)
      let range = try #require(refusal?.range)
      #expect(String(decoding: Array(text.utf8)[range], as: UTF8.self) == value)
    }
  }

  @Test(arguments: [
    ("spec: []\n", "spec"), ("spec: {containers: {}}\n", "spec.containers"),
    ("spec: {containers: [1]}\n", "spec.containers[0]"),
  ])
  func otherShapesAreRefusedAtTheirPlace(_ rest: String, _ path: String) throws {
    let pod = try pod(Self.head + rest)
    let refusal = #expect(throws: Diagnostic.self) { _ = try pod.containers(.containers) }
    #expect(refusal?.rule == .wrongType && refusal?.range != nil)
    #expect(refusal?.message.contains("`\(path)`") == true, "\(refusal?.message ?? "")")
  }

  @Test func containersShowWhatTheyHold() throws {
    let pod = try pod(
      Self.head + """
        spec:
          initContainers: ~
          containers:
          - name: app
            command: [sh]
            env: [{name: A, value: b}, {name: B, valueFrom: {}}]
            volumeMounts:
            - {name: data, mountPath: /data}
            - {name: kube-api-access-x, mountPath: /var/run/secrets/kubernetes.io/serviceaccount}
          - command: []
          imagePullSecrets: [{name: one}, {name: two}]

        """)
    #expect(try pod.containers(.initContainers).isEmpty)
    let containers = try pod.containers(.containers)
    #expect(try containers.map { try $0.name() } == ["app", ""])
    #expect(try containers.map { try $0.hasCommand() } == [true, false])
    #expect(try containers[0].environment().map(\.name) == ["A", "B"])
    #expect(try containers[0].environment().map(\.value) == ["b", ""])
    #expect(try containers[0].volumeMounts().map(\.name) == ["data", "kube-api-access-x"])
    #expect(try pod.pullSecretNames() == ["one", "two"])
    #expect(try pod.withoutAdmittedMounts.containers(.containers)[0].volumeMounts().map(\.name) == ["data"])
  }

  @Test(arguments: [
    ("apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web, namespace: shop}\n", "deployment.apps/web", "shop"),
    ("apiVersion: v1\nkind: Pod\nmetadata: {generateName: web-, namespace: ''}\n", "pod/web-", nil),
    ("apiVersion: v1\nkind: Pod\n", "pod/", nil),
  ])
  func objectsHaveNames(_ text: String, _ name: String, _ namespace: String?) throws {
    let object = try #require(try ManifestObject.objects(of: Fixtures.document(Array(text.utf8))).first)
    #expect(object.qualifiedName == name)
    #expect(object.namespace == namespace)
  }
}
