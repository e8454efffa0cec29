import ArgumentParser
import Injection
import ManifestText
import TestSupport
import Testing
import Workloads

@testable import VaultInjectCLI

/// The policies that a real API server was given, and what it made of each recorded pod.
///
/// `Tests/Admission/record.py mutate` records them: for each group of pods the options, the policies, the verdicts.
@Suite struct TalendPolicyRecordingTests {
  private static let groups: [String: [String]] = {
    let settings = try? Fixtures.value(Fixtures.source("admission/mutate.json").bytes)
    let pairs = settings?.members?.map { ($0.key, $0.value.array?.compactMap(\.string) ?? []) } ?? []
    return Dictionary(pairs) { first, _ in first }
  }()

  private func loaded(_ group: String) throws -> (AdmissionPolicyCommand, LoadedConfiguration) {
    let options = try #require(Self.groups[group])
    let command = try #require(try VaultInject.parseAsRoot(["admission-policy"] + options) as? AdmissionPolicyCommand)
    var request = command.configuration.request
    request.file = "/dev/null"
    return (command, try ConfigurationLoader(request).load())
  }

  @Test func everyPolicyIsTheRecordedOne() throws {
    #expect(Self.groups.count >= 4)
    for group in Self.groups.keys.sorted() {
      let (command, configuration) = try loaded(group)
      let text = try AdmissionText.text(of: command.policy.talend(configuration).documents)
      let recorded = try String(decoding: Fixtures.source("admission/mutate-\(group).yaml").bytes, as: UTF8.self)
      #expect(text == recorded, "\(group): record again what is printed now, on a cluster")
    }
  }

  // MARK: Verdicts

  /// A line of the recording with what this program makes of its pod.
  private struct Verdict {
    let name: String
    let line: Value
    let pod: Value
    let plan: DocumentPlan
    let model: TalendPolicyModel

    var outcome: String? { line["outcome"]?.string }
    var message: String? { line["message"]?.string }
  }

  private func verdicts() throws -> [Verdict] {
    var groups: [String: (injector: Injector, model: TalendPolicyModel)] = [:]
    for group in Self.groups.keys {
      let configuration = try loaded(group).1
      let settings: TalendSettings = configuration.configuration.settings()
      groups[group] = (
        Injector(dialects: [configuration.dialect(TalendDialect.self)], policy: configuration.policy),
        TalendPolicyModel(settings)
      )
    }
    return try Fixtures.jsonLines("admission/mutate.jsonl").compactMap { line in
      guard let pod = line["pod"], line["namespace"] == nil else { return nil }
      let (injector, model) = try #require(groups[line["group"]?.string ?? ""])
      let name = line["name"]?.string ?? ""
      let plan = injector.plan(for: try Fixtures.document(JSONWriter.pretty(pod), name: name))
      return Verdict(name: name, line: line, pod: pod, plan: plan, model: model)
    }
  }

  /// Who is injected and who is refused with which sentence, by a model without CEL.
  @Test func everyPodIsJudgedAsByTheModel() throws {
    var counts: [String: Int] = [:]
    for verdict in try verdicts() {
      // What it refuses itself does not come from the policies.
      if verdict.message?.hasPrefix("Pod \"") ?? false { continue }
      let outcome = try #require(verdict.plan.objects.first?.outcome)
      let expected = verdict.model.verdict(on: verdict.pod, outcome)
      #expect(expected.outcome == verdict.outcome, "\(verdict.name): \(verdict.message ?? "")")
      if let sentence = expected.sentence {
        #expect(
          verdict.message?.hasPrefix(sentence) ?? false, "\(verdict.name): \(verdict.message ?? ""), not \(sentence)")
      }
      counts[expected.outcome, default: 0] += 1
    }
    #expect(counts["injected", default: 0] > 300, "\(counts)")
    #expect(["refused", "unserved", "untouched"].allSatisfy { counts[$0, default: 0] > 2 }, "\(counts)")
  }

  /// What this program injects is what the policy injected, when the API server has filled in its defaults.
  @Test func everyPodIsInjectedAlike() throws {
    var count = 0
    for verdict in try verdicts() where verdict.outcome == "injected" {
      guard case .injected? = verdict.plan.objects.first?.outcome else { continue }
      let result = try verdict.plan.edits.spliced()
      let injected = try result.value(of: #require(result.root))
      let patch = try #require(verdict.line["patch"]?.array).map(operation)
      let admitted = try JSONPatchApplier.apply(patch, to: verdict.pod)
      expectEqual(AdmittedPod(injected).value, AdmittedPod(admitted).value, verdict.name)
      count += 1
    }
    #expect(count > 300)
  }

  private func operation(_ value: Value) throws -> PatchOperation {
    let kind = try #require(PatchOperation.Kind(rawValue: value["op"]?.string ?? ""))
    let steps = ByteText.pieces(of: value["path"]?.string ?? "", around: "/").dropFirst().map { step in
      let key = ByteText.pieces(of: step, around: "~1").joined(separator: "/")
      return Int(key).map(Path.Step.index) ?? .key(ByteText.pieces(of: key, around: "~0").joined(separator: "~"))
    }
    return PatchOperation(kind, at: Path(Array(steps)), value: value["value"] ?? .null)
  }
}

/// What the policies make of a pod, told without CEL: this program's own verdict, and what the policies leave to it.
struct TalendPolicyModel {
  private let settings: TalendSettings

  init(_ settings: TalendSettings) { self.settings = settings }

  /// What becomes of a pod of which this program makes something, and how the sentence begins that refuses it.
  func verdict(on pod: Value, _ outcome: ObjectPlan.Outcome) -> (outcome: String, sentence: String?) {
    switch outcome {
    case .unchanged: return ("untouched", nil)
    case .refused(let finding) where finding.rule.id == "template-syntax": break
    case .refused(let finding): return ("refused", beginning(of: finding))
    default: break
    }
    return unserved(pod).map { ("unserved", "this cluster does not serve \($0)") } ?? ("injected", nil)
  }

  /// The policies have no name for the one control character that is found.
  private func beginning(of finding: Diagnostic) -> String {
    let words = ByteText.pieces(of: finding.message, around: " holds a line break")
    if words.count > 1 { return words[0] }
    // The policy stands for the webhook, and says what that says.
    return ByteText.pieces(of: finding.message, around: "; the webhook says: ").last ?? finding.message
  }

  private func unserved(_ pod: Value) -> String? {
    func annotation(_ key: String) -> String {
      let prefix = settings.annotationPrefix.isEmpty ? "" : settings.annotationPrefix + "/"
      return pod["metadata"]?["annotations"]?[prefix + key]?.string ?? ""
    }
    let ends = ["Never", "OnFailure"].contains(pod["spec"]?["restartPolicy"]?.string ?? "")
    let sidecars = annotation("sidecars").isEmpty ? settings.sidecars.rawValue : annotation("sidecars")
    let isNative = sidecars == "native" || sidecars == "auto" && ends
    let modes = ByteText.pieces(of: annotation("mode"), around: ",")
    let readsSecrets = modes == [""] || modes == ["job"] || modes.contains("secrets")
    let isJob = modes.contains("job") || annotation("workload") == "job"
    let isStatic = annotation("secrets-type").lowercased() == "static"
    if isJob, !isNative, !(readsSecrets && isStatic && !modes.contains("proxy")) { return "the mode `job`" }
    if annotation("auth").lowercased() == "approle" { return "`\(settings.annotationPrefix)/auth: approle`" }
    if !annotation("sa-token").isEmpty { return "`\(settings.annotationPrefix)/sa-token`" }
    guard readsSecrets else { return nil }
    if annotation("secrets-injection-method").lowercased() == "env" {
      return "`\(settings.annotationPrefix)/secrets-injection-method: env`"
    }
    let parts = ByteText.pieces(of: annotation("secrets-destination"), around: ",").flatMap {
      ByteText.pieces(of: $0, around: "/")
    }
    if parts != [""], parts.contains(where: { ["", ".", ".."].contains($0) }) { return "a destination that has" }
    for (key, words) in [
      ("secrets-template", "control characters or `END___` in"), ("notify", "control characters in"),
    ] {
      let isOdd = annotation(key).unicodeScalars.contains {
        ($0.value < 32 && !"\n\t\r".unicodeScalars.contains($0)) || $0.value == 127
      }
      if isOdd { return "\(words) `\(settings.annotationPrefix)/\(key)`" }
    }
    return nil
  }
}

/// A pod without what an API server fills in, and without the record of an injection.
private struct AdmittedPod {
  let value: Value

  init(_ pod: Value) {
    var pod = pod
    if let annotations = pod["metadata"]?["annotations"]?.members {
      pod["metadata"]?["annotations"] = .object(annotations.filter { !$0.key.hasSuffix("injection") })
    }
    for list in ["initContainers", "containers"] {
      guard let containers = pod["spec"]?[list]?.array else { continue }
      pod["spec"]?[list] = .array(containers.map(AdmittedPod.container))
    }
    if let volumes = pod["spec"]?["volumes"]?.array {
      pod["spec"]?["volumes"] = .array(volumes.map { AdmittedPod.less($0, ["defaultMode": 420]) })
    }
    value = pod.sorted
  }

  /// The built-in plugins give injected containers the mount of the token, too.
  private static func container(_ container: Value) -> Value {
    var container = less(container, ["successThreshold": 1])
    let name = container["name"]?.string ?? ""
    guard name.hasPrefix("tvsi-"), let mounts = container["volumeMounts"]?.array else { return container }
    container["volumeMounts"] = .array(
      mounts.filter { $0["mountPath"] != "/var/run/secrets/kubernetes.io/serviceaccount" })
    return container
  }

  /// The value without some entries, wherever they are.
  private static func less(_ value: Value, _ defaults: [String: Value]) -> Value {
    switch value {
    case .array(let elements): .array(elements.map { less($0, defaults) })
    case .object(let members):
      .object(
        members.filter { defaults[$0.key] != $0.value }.map {
          Value.Member(key: $0.key, value: less($0.value, defaults))
        })
    default: value
    }
  }
}

extension Value {
  /// With the entries of maps in the order of their keys.
  fileprivate var sorted: Value {
    switch self {
    case .array(let elements): .array(elements.map(\.sorted))
    case .object(let members):
      .object(members.map { Member(key: $0.key, value: $0.value.sorted) }.sorted { $0.key < $1.key })
    default: self
    }
  }
}
