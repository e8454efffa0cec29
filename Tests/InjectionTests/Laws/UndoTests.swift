import Foundation
import Injection
import ManifestText
import TestSupport
import Testing
import Workloads

/// Undoing and refreshing what somebody worked on since it was injected.
@Suite struct UndoTests {
  let builtIn: Laws
  let webhook: Laws

  init() throws {
    let tests = try LawTests()
    (builtIn, webhook) = (tests.builtIn, tests.webhook)
  }

  private func generated(_ seed: Int) -> [UInt8] {
    var generator = ManifestGenerator(seed: UInt64(seed))
    return Array(generator.document().utf8)
  }

  private func injected(_ bytes: [UInt8], by laws: Laws, _ name: String) -> [UInt8] {
    laws.transformed(bytes, by: Injector(dialects: laws.dialects, policy: FindingPolicy(isExact: true)), name)
  }

  private func undone(_ bytes: [UInt8], by laws: Laws, _ name: String) -> [UInt8] {
    laws.transformed(bytes, by: Uninjector(dialects: laws.dialects), name)
  }

  // MARK: Edits elsewhere

  /// Each is made in the manifest as it was and as it was injected; undoing the latter must give the former.
  static let edits: [(String, String)] = [
    ("replicas: 3", "replicas: 4"), ("apiVersion: apps/v1", "# who wrote this?\napiVersion: apps/v1"),
    ("kind: Deployment", "kind: StatefulSet  # changed"), ("replicas: 3", "revisionHistoryLimit: 2"),
  ]

  @Test(arguments: 0..<60) func editsElsewhereStay(_ seed: Int) {
    let laws = seed.isMultiple(of: 2) ? webhook : builtIn
    let input = String(decoding: generated(seed), as: UTF8.self)
    let output = String(decoding: injected(Array(input.utf8), by: laws, "seed \(seed)"), as: UTF8.self)
    for (old, new) in Self.edits where input.contains(old) {
      let edited = Array(output.replacing(old, with: new, maxReplacements: 1).utf8)
      let expected = Array(input.replacing(old, with: new, maxReplacements: 1).utf8)
      expectSame(undone(edited, by: laws, "seed \(seed)"), expected, "seed \(seed): \(new)")
    }
  }

  /// A tool that prints the file again loses its layout; what it means can still be undone, and needs no refresh.
  @Test(arguments: 0..<60) func reformattingDoesNoHarm(_ seed: Int) throws {
    let laws = seed.isMultiple(of: 2) ? webhook : builtIn
    let input = generated(seed)
    let original = try Fixtures.value(input)
    let value = try Fixtures.value(injected(input, by: laws, "seed \(seed)")).orderedByKey
    for bytes in [YAMLWriter.block(value), JSONWriter.pretty(value), JSONWriter.compact(value)] {
      expectSame(injected(bytes, by: laws, "seed \(seed)"), bytes, "seed \(seed): no refresh")
      let result = try Fixtures.value(undone(bytes, by: laws, "seed \(seed)"))
      expectEqual(result.sorted, original.sorted, "seed \(seed)\n\(beginning(of: input))\n\(beginning(of: bytes))")
    }
  }

  // MARK: Refresh

  @Test(arguments: 0..<80) func refreshGivesAFreshInjection(_ seed: Int) {
    let input = generated(seed)
    let (first, second) = seed.isMultiple(of: 2) ? (webhook, builtIn) : (builtIn, webhook)
    let refreshed = injected(injected(input, by: first, "seed \(seed)"), by: second, "seed \(seed), refreshed")
    expectSame(refreshed, injected(input, by: second, "seed \(seed)"), "seed \(seed): fresh")
    expectSame(injected(refreshed, by: second, "seed \(seed)"), refreshed, "seed \(seed): idempotent")
    expectSame(undone(refreshed, by: second, "seed \(seed)"), input, "seed \(seed): undo")
  }

  private static let pod = """
    apiVersion: v1
    kind: Pod
    metadata:
      name: NAME
      annotations:
        sidecar.vault.talend.org/inject: "true"
        sidecar.vault.talend.org/role: r
        sidecar.vault.talend.org/secrets-path: a
    spec:
      containers:
      - name: app
        image: busybox
      - name: other
        image: busybox

    """

  private func plan(_ text: String, by laws: Laws) throws -> DocumentPlan {
    Injector(dialects: laws.dialects).plan(for: try Fixtures.document(Array(text.utf8)))
  }

  private func list(_ names: [String], in laws: Laws) -> String {
    let items = names.map { name in
      let lines = Self.pod.replacing("NAME", with: name).split(separator: "\n")
      return lines.enumerated().map { ($0 == 0 ? "- " : "  ") + $1 + "\n" }.joined()
    }
    return "apiVersion: v1\nkind: List\nitems:\n" + items.joined()
  }

  /// Only what is stale changes, and only that is reported.
  @Test func eachObjectIsJudgedByItself() throws {
    let laws = builtIn
    let input = list(["a", "b", "c"], in: laws)
    let output = String(decoding: injected(Array(input.utf8), by: laws, "list"), as: UTF8.self)
    let parts = output.components(separatedBy: "- apiVersion")
    let changed = [parts[0], parts[1], parts[2].replacing("/role: r", with: "/role: q"), parts[3]]
      .joined(separator: "- apiVersion")
    let plan = try plan(changed, by: laws)
    var changes = InjectionOutcome.Changes(changed: ["tvsi-vault-agent"])
    guard case .refreshed(let found) = plan.objects[1].outcome else {
      Issue.record("\(plan.objects[1].outcome)")
      return
    }
    #expect(found.differences.map(\.change.place) == ["command[2]"])
    changes.differences = found.differences
    #expect(
      plan.objects.map(\.outcome) == [
        .unchanged(.alreadyInjected), .refreshed(changes), .unchanged(.alreadyInjected),
      ])
    #expect(plan.objects.map { plan.operations(of: $0).isEmpty } == [true, false, true])
    expectSame(
      Array(injected(Array(changed.utf8), by: laws, "list")),
      injected(Array(undone(Array(changed.utf8), by: laws, "list")), by: laws, "list"), "list")
  }

  @Test func takesOutWhatIsNotAskedForAnyMore() throws {
    let input = Self.pod
    let output = String(decoding: injected(Array(input.utf8), by: builtIn, "pod"), as: UTF8.self)
    let plan = try plan(output.replacing("\"true\"", with: "\"false\""), by: builtIn)
    guard case .uninjected(let summary, _) = plan.objects.first?.outcome else {
      Issue.record("\(plan.objects)")
      return
    }
    #expect(summary.containers == ["tvsi-vault-agent"])
    expectSame(
      try plan.result().source.bytes, Array(input.replacing("\"true\"", with: "\"false\"").utf8), "not asked any more")
  }

  // MARK: Beside what was injected

  /// Changes of other things in the lists and maps that an injection made or added to.
  @Test(arguments: [
    ("volumes:\n", "volumes:\n  - name: mine\n    emptyDir: {}\n"), ("  - name: other\n", "  - name: renamed\n"),
    ("  - name: other\n", "  - image: x\n    name: more\n  - name: other\n"),
    ("  name: NAME", "  name: NAME\n  labels: {a: b}"),
  ])
  func whatIsBesideStays(_ old: String, _ new: String) throws {
    let output = String(decoding: injected(Array(Self.pod.utf8), by: builtIn, "pod"), as: UTF8.self)
    let edited = output.replacing(old, with: new, maxReplacements: 1)
    #expect(edited != output)
    let result = String(decoding: undone(Array(edited.utf8), by: builtIn, "beside"), as: UTF8.self)
    let expected =
      Self.pod.contains(old)
      ? Self.pod.replacing(old, with: new) : Self.pod + "  volumes:\n  - name: mine\n    emptyDir: {}\n"
    expectSame(Array(result.utf8), Array(expected.utf8), "beside")
  }

  /// A trailing comma stays one while there is something injected after it, so that changes next to it do no harm.
  @Test(arguments: [",\n}\n", ", # note\n}\n", ", }\n"])
  func trailingCommasSurviveChangesBesideThem(_ ending: String) {
    let head = Self.pod.components(separatedBy: "spec:")[0]
    let input = head + "spec: {\n  containers: [{name: app, image: busybox,},],\n  serviceAccountName: sa" + ending
    let output = String(decoding: injected(Array(input.utf8), by: builtIn, "comma"), as: UTF8.self)
    #expect(output.contains("/injection: 3;"), "nothing has to be put back by its surroundings")
    let edit = { (text: String) in
      text.replacing("busybox,", with: "busybox:2,").replacing("Name: sa", with: "Name: me")
    }
    expectSame(undone(Array(edit(output).utf8), by: builtIn, "comma"), Array(edit(input).utf8), "comma")
  }

  /// A container that its owner took out takes the mount with it.
  @Test func whatIsGoneWithItsOwnerIsNotMissed() throws {
    let output = String(decoding: injected(Array(Self.pod.utf8), by: builtIn, "pod"), as: UTF8.self)
    let mount = "    volumeMounts:\n    - name: secrets\n      mountPath: /opt/talend/secrets\n"
    let own = "  - name: other\n    image: busybox\n"
    let edited = output.replacing(own + mount, with: "")
    #expect(edited != output)
    expectSame(
      undone(Array(edited.utf8), by: builtIn, "gone"), Array(Self.pod.replacing(own, with: "").utf8), "gone")
  }

  /// What was injected into containers goes from each of them, though all have other names and another order now.
  @Test func whatWasRenamedIsFoundByWhatItHolds() {
    let renamed = { (text: String) in
      text.replacing("- name: app\n", with: "- name: web\n").replacing("- name: other\n", with: "- name: helper\n")
    }
    let output = String(decoding: injected(Array(Self.pod.utf8), by: builtIn, "pod"), as: UTF8.self)
    expectSame(
      undone(Array(renamed(output).utf8), by: builtIn, "renamed"), Array(renamed(Self.pod).utf8), "renamed")
  }

  /// What was merged is written out, record and all, and is merged again afterwards.
  @Test func whatWasMergedAsAWholeComesBack() {
    let input = """
      x: &pod
        metadata:
          labels: {com.talend.application: a, com.talend.service: b}
          annotations: {sidecar.vault.talend.org/inject: "true", sidecar.vault.talend.org/role: r}
        spec: {containers: [{name: app, image: busybox}]}
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web}
      spec:
        template:
          <<: *pod

      """
    let output = injected(Array(input.utf8), by: builtIn, "merged")
    #expect(output != Array(input.utf8))
    expectSame(injected(output, by: builtIn, "merged"), output, "merged: idempotent")
    expectSame(undone(output, by: builtIn, "merged"), Array(input.utf8), "merged")
  }

  /// A list is looked through once, not once for each of its elements.
  @Test func manyContainersAreFoundByNameAndByWhatTheyHold() {
    let containers = (0..<200).map { "  - name: c\($0)\n    image: busybox\n" }.joined()
    let own = "  - name: other\n    image: busybox\n"
    let input = Self.pod.replacing(own, with: containers)
    let output = String(decoding: injected(Array(input.utf8), by: builtIn, "many"), as: UTF8.self)
    let renamed = { (text: String) in text.replacing("- name: c1", with: "- name: d1") }
    expectSame(undone(Array(output.utf8), by: builtIn, "many"), Array(input.utf8), "many")
    expectSame(
      undone(Array(renamed(output).utf8), by: builtIn, "many renamed"), Array(renamed(input).utf8), "many renamed")
  }

  // MARK: Refusals

  /// What was injected and changed since is pointed at, by both commands.
  @Test(arguments: [
    ("cpu: 200m", "cpu: 300m", "`spec.containers[0]` was injected, and was changed since", "name: tvsi-vault-agent"),
    (
      "      sizeLimit: 16Mi", "      sizeLimit: 17Mi", "`spec.volumes[0]` was injected, and was changed since",
      "name: secrets\n    emptyDir"
    ),
    (
      "/status: injected", "/status: done",
      "`metadata.annotations.sidecar.vault.talend.org/status` was injected, and was changed since", "done"
    ),
    (
      "  - name: tvsi-agent\n    emptyDir:\n      medium: Memory\n      sizeLimit: 4Mi\n", "",
      "the element `tvsi-agent` of `spec.volumes` was injected, and is gone", "- name: secrets\n    emptyDir"
    ),
    (
      "busybox\n    volumeMounts:\n    - name: secrets\n      mountPath: /opt/talend/secrets\n", "busybox\n",
      "`spec.containers[1].volumeMounts` was injected, and is gone", "name: app"
    ),
    (
      "m+S:", "m+V:",
      "the annotation `sidecar.vault.talend.org/injection` was changed by hand, so it no longer tells what was injected here",
      "3;s;"
    ),
  ])
  func refusesWhatWasChanged(_ old: String, _ new: String, _ message: String, _ place: String) throws {
    let output = String(decoding: injected(Array(Self.pod.utf8), by: builtIn, "pod"), as: UTF8.self)
    let edited = output.replacing(old, with: new, maxReplacements: 1)
    #expect(edited != output)
    let document = try Fixtures.document(Array(edited.utf8))
    for plan in [
      Injector(dialects: builtIn.dialects).plan(for: document),
      Uninjector(dialects: builtIn.dialects).plan(for: document),
    ] {
      #expect(plan.isEmpty)
      #expect(plan.refusals.map(\.message) == [message])
      let range = try #require(plan.refusals.first?.range)
      let rest = String(decoding: document.source.bytes[range.lowerBound...].prefix(place.utf8.count), as: UTF8.self)
      #expect(rest == place)
    }
  }
}

extension Value {
  /// Maps by key, as tools print them that keep no order.
  fileprivate var orderedByKey: Value {
    switch self {
    case .array(let elements): .array(elements.map(\.orderedByKey))
    case .object(let members):
      .object(
        members.map { Member(key: $0.key, value: $0.value.orderedByKey) }
          .sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) })
    default: self
    }
  }
}
