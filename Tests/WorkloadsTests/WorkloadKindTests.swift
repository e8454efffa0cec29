import ManifestText
import TestSupport
import Testing
import Workloads

/// Which objects make pods, and where their templates are.
@Suite struct WorkloadKindTests {
  /// The paths of the pod templates of every object of a text.
  private func templates(_ text: String, _ kinds: WorkloadKinds = WorkloadKinds()) throws -> [String] {
    let document = try Fixtures.document(Array(text.utf8))
    return try ManifestObject.objects(of: document).flatMap { object in
      try PodTemplate.templates(of: object, in: document, kinds: kinds).map { $0.path.description }
    }
  }

  private static func manifest(_ group: String, _ kind: String, _ body: Value) -> String {
    var object: Value = [
      "apiVersion": .string(group.isEmpty ? "v1" : "\(group)/v1"), "kind": .string(kind), "metadata": ["name": "web"],
    ]
    for member in body.members ?? [] { object[member.key] = member.value }
    return String(decoding: YAMLWriter.block(object), as: UTF8.self)
  }

  private static let pod: Value = ["metadata": ["labels": ["app": "web"]], "spec": ["containers": [["name": "app"]]]]

  /// An object with a pod at the end of each step; a list or a map of two for `*`.
  private static func body(_ steps: ArraySlice<String>, inMap: Bool) -> Value {
    guard let step = steps.first else { return pod }
    let inner = body(steps.dropFirst(), inMap: inMap)
    guard step == "*" else { return .object([.init(key: step, value: inner)]) }
    return inMap ? ["one": inner, "other": inner] : [inner, inner]
  }

  @Test func everyKnownKindHasItsTemplates() throws {
    #expect(WorkloadKinds.known.count >= 25)
    for kind in WorkloadKinds.known {
      for path in kind.templates {
        for inMap in [false, true] {
          let found = try templates(Self.manifest(kind.group, kind.kind, Self.body(path.steps[...], inMap: inMap)))
          let isEach = path.steps.contains("*")
          #expect(found.count == (isEach ? 2 : 1), "\(kind.kind) of \(kind.group)")
          if !isEach { #expect(found == [path.steps.joined(separator: ".")], "\(kind.kind) of \(kind.group)") }
        }
      }
    }
  }

  @Test func noKindIsKnownTwice() {
    let names = WorkloadKinds.known.map { "\($0.kind).\($0.group)" }
    #expect(Set(names).count == names.count)
  }

  @Test(arguments: [
    ("example.com", "Deployment"), ("", "Deployment"), ("apps", "deployment"), ("", "Service"), ("", "ConfigMap"),
  ])
  func anotherGroupOrKindHasNone(_ group: String, _ kind: String) throws {
    #expect(try templates(Self.manifest(group, kind, ["spec": ["template": Self.pod]])).isEmpty)
  }

  @Test(arguments: [
    ("spec.template", ["spec", "template"]), ("spec.tasks[*].template", ["spec", "tasks", "*", "template"]),
    ("spec.tasks.*.template", ["spec", "tasks", "*", "template"]), (".", []),
  ])
  func podPathsAreRead(_ text: String, _ steps: [String]) { #expect(PodPath(text)?.steps == steps) }

  @Test(arguments: ["", "spec..template", ".spec", "spec."]) func podPathsWithAnEmptyStepAreNone(_ text: String) {
    #expect(PodPath(text) == nil)
  }

  /// A kind of a user's own is found by its paths, and comes before one that is known.
  @Test func kindsOfUsers() throws {
    let path = try #require(PodPath("spec.workers[*].pod"))
    let widget = WorkloadKinds(adding: [WorkloadKind("example.com", "Widget", [path])])
    let body = Self.body(path.steps[...], inMap: false)
    #expect(
      try templates(Self.manifest("example.com", "Widget", body), widget) == [
        "spec.workers[0].pod", "spec.workers[1].pod",
      ])
    #expect(try templates(Self.manifest("example.com", "Widget", body)).isEmpty)
    let own = WorkloadKinds(adding: [WorkloadKind("apps", "Deployment", [path])])
    #expect(try templates(Self.manifest("apps", "Deployment", body), own).count == 2)
    #expect(try templates(Self.manifest("apps", "Deployment", ["spec": ["template": Self.pod]]), own).isEmpty)
  }

  /// The walk along a value and the one along a document find the same.
  @Test func valuesAreWalkedAlike() throws {
    for path in WorkloadKinds.known.flatMap(\.templates) {
      let object = Self.body(path.steps[...], inMap: true)
      let found = path.templates(in: object)
      #expect(!found.isEmpty && found.allSatisfy { $0.value == Self.pod }, "\(path.steps)")
    }
  }

  @Test func listsAreTheirItems() throws {
    let pod = Self.manifest("", "Pod", Self.pod).split(separator: "\n").joined(separator: "\n    ")
    for (api, kind) in [("v1", "List"), ("v1", "PodList"), ("config.kubernetes.io/v1", "ResourceList")] {
      let text = "apiVersion: \(api)\nkind: \(kind)\nitems:\n  - \(pod)\n  - kind: List\n    items: []\n  - \(pod)\n"
      #expect(try templates(text) == ["items[0]", "items[2]"], "\(kind)")
    }
    #expect(try templates("kind: List\napiVersion: v1\n").isEmpty)
  }

  /// A template in a file of its own has no kind; one of another kind is no template.
  @Test func templatesByThemselves() throws {
    #expect(try templates("spec: {containers: [{name: app}]}\n").count == 1)
    #expect(try templates("spec: {containers: {}}\n").isEmpty)
    #expect(try templates("kind: Thing\nspec: {containers: [{name: app}]}\n").isEmpty)
    for text in ["", "null\n", "- 1\n", "text\n", "{}\n"] where !text.isEmpty {
      #expect(try templates(text).isEmpty, "\(text)")
    }
  }
}
